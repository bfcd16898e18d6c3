"""Credentials: keys, tokens, and the renewal of tokens.

* `known`: the token, or key and secret, from the program or the environment
* `token`: the class `Token`
* `token_file`: a token that programs share
* `file_checks`: which token files are safe to read, and which to replace
* `token_endpoint`: the request that obtains and renews tokens
* `refreshing_token`: a token that is renewed before it expires, once for all threads
"""
