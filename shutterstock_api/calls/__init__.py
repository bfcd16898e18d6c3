"""The way of one call: bind, authorise, send, wait and send again, decode.

* `options`: what every method takes besides its arguments
* `binding`: arguments, to path, query and body
* `names`: text such as `list[Image]`, to the type that it names
"""
