"""HTTP on 127.0.0.1, and what can go wrong with it.

`messages`  requests, responses, and refusals that become responses
`server`    the server: one thread per connection
`files`     whole files, or the requested range
`times`     times in requests and answers
`limits`    the rate limit
`faults`    faults of single requests
`quirks`    quirks of the service that a program has to live with
`names`     suggestions for misspelt names
`cache`     a cache between the service and its clients
"""
