"""Lists that come in pages, and any number of ids.

* `pages`: `paginate`; `positions`: where in a list a walk is
* `repeats`: which items have come before
* `lookup`: `get_many`
* `contact_sheet`: `ContactSheet`
* `partial`: what `fields=` keeps of an answer
"""
