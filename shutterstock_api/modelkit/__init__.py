"""What every model can do.

* `base`: what all models share
* `visible`: the part of a value that may be shown
* `field_docs`: what `help()` says about a field
* `items`: makes answers that contain a list iterable
* `table`: lists as records and data frames
* `html`: pages, cards, players, tables, words as HTML, with their colours and sizes
* `cells`: what a field looks like; `cards`: items with previews
* `display`: how models look in Jupyter
* `license_outcomes`: what the answer to a licence request says about each item
"""
