"""The words of the contract, and JSON in both directions.

* `operation`: what an endpoint is
* `medium`: what can be licensed
* `fields`: fields of a model, names of types
* `values`: one value, to its form on the wire
* `encoding`: models and dicts, to JSON
* `decoding`: JSON, to models
* `twins`: unknown fields that came before, decoded as fast as the others
* `headers`: text that may stand in a header
* `links`: links to files, in parts that may be shown
* `checks`: checks of settings and options
"""
