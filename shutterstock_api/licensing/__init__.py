"""One licence request, never sent twice.

* `request`: what a request asks for, what marks it, what an answer leaves open
* `outcome_unknown`: the error for a request without a clear answer
* `paying`: which subscriptions can pay, and what is left of them
* `item_ids`: the one spelling of an id
* `moments`: when something happened, by clocks that may be wrong
* `history`: the licence history, read to its real end
* `reconciliation`: what became of a request, according to the history
"""
