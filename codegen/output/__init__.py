"""Writing the files: modules and reference pages.

* `render`: every file, from its template
* `bodies`: what may be given for the body of a request
* `docstrings`: texts of the contract as docstrings
* `pages`: what the tables, links and examples of a page say
* `formatting`: code as ruff writes it
"""
