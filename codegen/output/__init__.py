"""Writing the files: modules and reference pages.

* `render`: every file, from its template
* `bodies`: the types of request bodies
* `docstrings`: texts of the contract as docstrings
* `pages`: the contents of tables, links and examples of a page
* `formatting`: formats code with ruff
"""
