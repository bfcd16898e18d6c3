"""The ground floor: it imports nothing of ours.

* `errors`: the errors that any call can raise
* `masking`: secrets, how they are held and taken out of what is shown
* `cleaning`: text from a server, as it may be shown
* `nesting`: JSON that is nested no deeper than Python can bear
* `text`: text for messages
* `arguments`: says what is wrong where the arguments of a call do not fit
* `connection`: what connections depend on
* `timing`: where time and chance come from; the deadline of the call around
* `async_result`: the outcome of work that another thread does
* `lazy`: names that are imported when first used
"""
