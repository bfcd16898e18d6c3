"""`modelkit.display` knows models by the names of their classes and fields: all of these exist."""

from __future__ import annotations

import inspect
import typing

import msgspec
import pytest

from shutterstock_api import models
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.display import LOOKS
from shutterstock_api.schema.fields import fields_of


def model_in(kind: object) -> type[ApiModel] | None:
    """Return the model that a field holds."""
    inner = [kind, *typing.get_args(kind)]
    return next((one for one in inner if isinstance(one, type) and issubclass(one, msgspec.Struct)), None)


@pytest.mark.parametrize("name", LOOKS)
def test_names_are_those_of_models_and_fields(name: str) -> None:
    look = LOOKS[name]
    assert name in models.__all__
    assert look.columns or look.card
    for cell in look.columns.values():
        model: type[ApiModel] | None = getattr(models, name)
        for step in inspect.getclosurevars(cell).nonlocals.get("path", "").split("."):
            if step:
                assert model is not None, (name, step)
                model = model_in(fields_of(model)[step].type)
