"""From openapi/ to code: the API classes, the models and the reference pages."""
