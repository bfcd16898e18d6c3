"""A field whose name in JSON no Python attribute can have, such as `4k`."""

from __future__ import annotations

import copy
import inspect
import pickle

import msgspec
import pytest

from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.table import Table


class Sizes(ApiModel, kw_only=True):
    """Sizes of a clip, as the generator writes them."""

    hd: str | None = None
    """In HD."""
    _4k: str | None = msgspec.field(name="4k", default=None)
    """In 4K."""


class Clips(Table, ApiModel, kw_only=True):
    """Several clips."""

    data: list[Sizes] | None = None
    """The clips."""


JSON = b'{"hd":"a","4k":"b"}'


def test_both_ways() -> None:
    sizes = Sizes.from_json(JSON)
    assert (sizes._4k, sizes.additional_properties) == ("b", {})
    assert sizes == Sizes(hd="a", _4k="b") == Sizes.from_dict({"hd": "a", "4k": "b"})
    assert sizes.to_json() == JSON
    assert sizes.to_dict() == {"hd": "a", "_4k": "b"}
    assert Sizes.from_dict(sizes.to_dict()) == sizes
    assert eval(repr(sizes)) == sizes.to_dict()


def test_the_maps_of_2019() -> None:
    assert Sizes.attribute_map == {"hd": "hd", "_4k": "4k"}
    assert Sizes.swagger_types == {"hd": "str", "_4k": "str"}


def test_it_is_like_any_other() -> None:
    sizes = Sizes()
    sizes._4k = "c"
    assert pickle.loads(pickle.dumps(sizes)) == copy.deepcopy(sizes) == Sizes(_4k="c")
    assert inspect.getdoc(Sizes._4k) == "In 4K."
    assert Clips(data=[sizes]).to_records() == [{"hd": None, "_4k": "c"}]
    with pytest.raises(TypeError):
        Sizes(_5k="d")  # type: ignore[call-arg]
