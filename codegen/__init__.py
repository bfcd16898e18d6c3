"""Generates the API classes, the models and the reference pages from `openapi/`.

`__main__` is the command. `contract/` reads the files and decides everything; `output/` writes it with the
templates in `templates/`.
"""
