"""The way of one call: bind, authorise, send, wait and send again, decode.

* `client`: what makes calls: its life, its views, its copies
* `options`: what every method takes besides its arguments
* `settings`: the settings of a client as keywords, and views of it with other ones
* `binding`: arguments, to path, query and body; text such as `list[Image]`, to the type that it names
* `caller`: the steps of a call, one after the other
* `attempts`: send, decide, wait, send again
* `retry`: what may be sent again, and when
* `throttle`: what a 429 says to all threads of a client
* `failures`: from an answer to an error that says what to do
* `async_calls`: threads for `async_req`
"""
