"""Where programs for the 2019 client find `ApiException`; `shutterstock_api.exceptions` has all errors."""

from shutterstock_api.support.errors import ApiException as ApiException

__all__ = ["ApiException"]
