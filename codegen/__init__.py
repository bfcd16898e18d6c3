"""From openapi/ to code: the API classes, the models and the reference pages.

`__main__` is the command. `contract/` reads the files and decides everything; `output/` lays it out by the
templates in `templates/`.
"""
