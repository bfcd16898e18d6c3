"""What every model can do.

* `base`: what all models share
* `field_docs`: what `help()` says of a field
* `table`: lists as records and data frames
* `license_outcomes`: what the answer to a licence request says of each item
"""
