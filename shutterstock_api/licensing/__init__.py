"""One licence request, never sent twice.

* `request`: what a request asks, what marks it, what an answer leaves open
* `outcome_unknown`: the error for a request whose outcome nobody knows
* `reconciliation`: what became of a request without an answer, by the licence history
"""
