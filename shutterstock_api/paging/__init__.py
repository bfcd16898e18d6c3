"""Lists that come in pages, and any number of ids.

* `pages`: `paginate`
* `lookup`: `get_many`
* `partial`: what `fields=` keeps of an answer
"""
