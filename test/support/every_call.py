"""Calls of each operation, for tests of what all have in common."""

from __future__ import annotations

import pytest
from contract_calls import CALLS, OPERATIONS

from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.schema.fields import fields_of

FIRST_CALLS = {name: call for name, call in CALLS.items() if name in OPERATIONS}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
every_operation = pytest.mark.parametrize("call", FIRST_CALLS.values(), ids=FIRST_CALLS)


def calls_where(condition):
    chosen = {name: call for name, call in FIRST_CALLS.items() if condition(call.operation)}
    return pytest.mark.parametrize("call", chosen.values(), ids=chosen)


def method(api, call, suffix=""):
    """The method that makes a call, of whatever class it is, with the client of `api`."""
    return getattr(call.api(api.api_client), call.operation.name + suffix)


def models_in(value):
    """Yield all models in an answer."""
    if isinstance(value, ApiModel):
        yield value
        value = [getattr(value, name) for name in fields_of(type(value))]
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from models_in(item)
