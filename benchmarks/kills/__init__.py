"""A licence job that is killed again and again; then the accounts.

* `run`: kills one job, and holds its ledger and its files against the books of the sandbox
* `goods`: what the job of each medium licenses, and what its files must be
"""
