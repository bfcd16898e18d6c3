"""Reads `openapi/` into plain data, in which everything is decided.

* `source`: the YAML files as nodes with their places, and the problems found in them
* `schemas`: schemas as models and enums; `mixins`: members that hand-written classes add to a model
* `operations`: paths as operations; `parameters`: their arguments besides a body
* `media`: what can be licensed
* `examples`: example values as Python expressions
* `kinds`: types, and how each is written; `naming`: names, and which of them are refused
* `spec`: the whole contract
"""
