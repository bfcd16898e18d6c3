"""Thousands of licences, each bought once.

* `license_job`: `LicenseJob`
* `wishes`: checks the items that are added
* `run`: one run of a job
* `ledger`: what is recorded before and after a purchase
* `ledger_file`: the file of a ledger: its name, its lock, its format
* `answers`: the outcome for each item in an answer
* `subscriptions`: whether refusals concern items or a subscription
* `history`: the outcome for each item in the licence history
* `files`: the files of a job
* `report`: the state of each item
"""
