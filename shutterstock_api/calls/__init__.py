"""Making calls: bind, authorise, send, wait and send again, decode.

* `client`: the client: its calls, its views, its copies, its end
* `options`: the options that every method takes besides its arguments
* `settings`: the settings of a client as keywords, and views of a client with other settings
* `binding`: turns arguments into path, query and body, and text such as `list[Image]` into a type
* `caller`: the steps of a call, in order
* `attempts`: send, decide, wait, send again
* `retry`: what may be sent again, and when
* `throttle`: makes all threads of a client wait after a 429
* `failures`: turns an answer into an error that says what to do
* `async_calls`: threads for `async_req`
"""
