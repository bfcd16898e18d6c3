"""Reading `openapi/`: what it says, as plain data in which nothing is left to decide.

* `source`: the YAML files as nodes that know their place, and the problems found in them
* `schemas`: schemas as models and enums; `mixins`: what hand-written classes add to a model
* `operations`: paths as operations; `parameters`: what they take beside a body
* `media`: what can be licensed
* `examples`: example values as Python expressions
* `kinds`: types, and how each is written; `naming`: names, and which of them are refused
* `spec`: all of it together
"""
