"""HTTP on 127.0.0.1, and what can go wrong with it.

`messages`  requests, responses, and refusals that become responses
`server`    the server: one thread per connection
`faults`    trouble on demand
`limits`    the rate limit
"""
