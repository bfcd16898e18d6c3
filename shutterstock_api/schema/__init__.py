"""The terms of the contract, and JSON in both directions.

* `operation`: what an endpoint is
* `medium`: what can be licensed
* `fields`: fields of a model, names of types
* `values`: turns one value into its wire form
* `encoding`: turns models and dicts into JSON
* `decoding`: turns JSON into models
* `twins`: decodes unknown fields that came before as fast as the others
* `headers`: text that may stand in a header
* `links`: links to files, in parts that may be shown
* `checks`: checks of settings and options
"""
