"""Helpers for all rooms. This room imports none of the others.

* `errors`: the errors that any call can raise
* `masking`: holds secrets, and removes them from texts
* `cleaning`: text from a server, made safe to show
* `nesting`: limits how deeply JSON may be nested
* `text`: text for messages
* `arguments`: explains which arguments of a call do not fit
* `connection`: the settings that connections depend on
* `timing`: clocks and randomness; the deadline of the surrounding call
* `async_result`: the outcome of work that another thread does
* `lazy`: names that are imported when first used
"""
