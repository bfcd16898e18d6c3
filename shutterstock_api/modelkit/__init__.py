"""The abilities of models.

* `base`: the base of all models
* `visible`: the part of a value that may be shown
* `field_docs`: the texts of fields, for `help()`
* `items`: makes answers that contain a list iterable
* `table`: lists as records and data frames
* `html`: pages, cards, players, tables and texts as HTML, with their colours and sizes
* `cells`: the values of fields
* `cards`: items with previews
* `display`: models in Jupyter
* `license_outcomes`: the outcome of a licence request for each item
"""
