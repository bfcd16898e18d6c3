"""Lists that come in pages, and any number of ids.

* `pages`: `paginate`
* `positions`: the current position in a list
* `repeats`: finds items that have appeared before
* `lookup`: `get_many`
* `contact_sheet`: `ContactSheet`
* `partial`: which fields of an answer `fields=` keeps
"""
