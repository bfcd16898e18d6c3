"""One licence request, never sent twice.

* `request`: the items of a request, its marker, and the items that an answer leaves out
* `outcome_unknown`: the error for a request without a clear answer
* `paying`: which subscriptions can pay, and what is left of them
* `item_ids`: the standard spelling of ids
* `moments`: points in time, measured by clocks that may be wrong
* `history`: reads the licence history to its real end
* `reconciliation`: what became of a request, according to the history
"""
