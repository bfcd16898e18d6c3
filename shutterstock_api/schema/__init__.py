"""The terms of the contract, and JSON in both directions.

* `operation`: endpoints, as data
* `medium`: media, as data
* `fields`: the fields of models, and the names of types
* `values`: converts a single value for a request
* `encoding`: turns models and dicts into JSON
* `decoding`: turns JSON into models
* `twins`: decodes unknown fields that have appeared before as fast as known ones
* `headers`: values that can be sent in a header
* `links`: links to files, in parts that may be shown
* `checks`: checks of settings and options
"""
