"""Thousands of licences, each bought once.

* `license_job`: `LicenseJob`
* `wishes`: checks the items that are added
* `run`: one run of a job
* `ledger`: what is written before and after a purchase
* `ledger_file`: the file of a ledger: its name, its lock, its format
* `answers`: what an answer says about each item
* `subscriptions`: whether refusals concern items or a subscription
* `history`: what the licence history says
* `files`: the files of a job
* `report`: what has become of each item
"""
