"""HTTP on 127.0.0.1, and what can go wrong with it.

`messages`  requests, responses, and refusals that become responses
`server`    the server: one thread per connection
`files`     files, whole or the range that was asked for
`times`     times as requests and answers write them
`limits`    the rate limit
`faults`    trouble that strikes single requests
`quirks`    habits of the service that a program has to live with
`names`     what a misspelt name was meant to be
`cache`     a cache between the service and its clients
"""
