"""Thousands of licences, each bought once.

* `license_job`: `LicenseJob`
* `run`: one run of a job
* `ledger`: what is written before a purchase and after it
* `answers`: what an answer tells of each item
* `history`: what the licence history tells
* `files`: the files of a job
* `report`: what has become of each item
"""
