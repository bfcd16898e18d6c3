"""`ApiException`, for programs of the 2019 client; `shutterstock_api.exceptions` has all errors."""

from shutterstock_api.support.errors import ApiException as ApiException

__all__ = ["ApiException"]
