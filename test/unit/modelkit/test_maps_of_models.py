"""A field that holds models by names of any kind, such as the credits of a subscription by tier."""

from __future__ import annotations

import pytest

from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.table import Table


class Tier(ApiModel, kw_only=True):
    """Credits of a tier."""

    left: int | None = None
    """Credits that are left."""


class Allotment(ApiModel, kw_only=True):
    """What is left."""

    tiers: dict[str, Tier] | None = None
    """Credits by tier."""


class Allotments(Table, ApiModel, kw_only=True):
    """Several of them."""

    data: list[Allotment] | None = None
    """The allotments."""


JSON = b'{"tiers":{"standard_images":{"left":5},"to_dict":{"left":7}}}'


def test_both_ways() -> None:
    allotment = Allotment.from_json(JSON)
    assert allotment.tiers == {"standard_images": Tier(left=5), "to_dict": Tier(left=7)}
    assert allotment.to_json() == JSON
    assert allotment.to_dict()["tiers"]["standard_images"] == {"left": 5}
    assert Allotment.from_dict(allotment.to_dict()) == allotment
    assert Allotment.swagger_types == {"tiers": "dict(str, Tier)"}


@pytest.mark.parametrize(
    ("tiers", "found"),
    [
        ({"a": {"left": 1, "right": 2}}, {"a": Tier.from_dict({"left": 1, "right": 2})}),
        ({"a": {"left": "many"}, "b": {"left": 1}}, {"a": Tier(left="many"), "b": Tier(left=1)}),  # type: ignore[arg-type]
        ({"a": 5, "b": None}, {"a": 5, "b": None}),
        ([{"left": 1}], [{"left": 1}]),
    ],
)
def test_what_the_contract_does_not_say_is_kept(tiers: object, found: object) -> None:
    allotment = Allotment.from_dict({"tiers": tiers})
    assert allotment.tiers == found
    assert Allotment.from_json(allotment.to_json()) == allotment


def test_what_is_shown() -> None:
    allotment = Allotment(tiers={"a": Tier(left=1)})
    assert repr(allotment) == "{'tiers': {'a': {'left': 1}}}"
    assert Allotments(data=[allotment]).to_records() == [{"tiers": {"a": {"left": 1}}}]
