"""Who is asking: keys, tokens, and how tokens are renewed.

* `known`: token, or key and secret, from the program or the environment
* `token`: what a token is
* `token_file`: a token that programs share
* `file_checks`: which token files are safe to read, and which to replace
* `token_endpoint`: the one request by which tokens are had
* `refreshing_token`: a token that is renewed before its end, once for all threads
"""
