"""What every model can do.

* `base`: what all models share
* `visible`: what people may see of a value
* `field_docs`: what `help()` says of a field
* `items`: answers that hold a list are iterated like it
* `table`: lists as records and data frames
* `html`: pages, cards, tables, words as HTML
* `display`: how each model looks in Jupyter
* `license_outcomes`: what the answer to a licence request says of each item
"""
