"""Thousands of licences, each bought once.

* `license_job`: `LicenseJob`
* `wishes`: what is added, checked
* `run`: one run of a job
* `ledger`: what is written before a purchase and after it
* `ledger_file`: the file of a ledger: its name, its lock, its format
* `answers`: what an answer tells of each item
* `subscriptions`: whether refusals concern items or a subscription
* `history`: what the licence history tells
* `files`: the files of a job
* `report`: what has become of each item
"""
