"""Numbers of any kind: a limit holds or is refused before anything is bought; amounts in answers count."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy
import pytest
from license_service import Make, Service, ids, telling

from shutterstock_api import ApiException

KINDS = [
    3,
    3.0,
    3.9,
    Decimal(3),
    Decimal("3.9"),
    Fraction(3),
    Fraction(39, 10),
    numpy.int8(3),
    numpy.int64(3),
    numpy.uint16(3),
    numpy.float16(3),
    numpy.float32(3),
    numpy.float64(3),
    numpy.longdouble(3),
]


@pytest.mark.parametrize("limit", KINDS, ids=lambda limit: type(limit).__name__)
def test_a_limit_of_any_kind_holds(make: Make, service: Service, limit: Any):
    report = make(*ids(9)).run(max_charge=limit)
    assert (len(service.books), report.charge) == (3, 3)
    assert str(report.stopped).startswith("max_charge: 3")


@pytest.mark.parametrize("each", KINDS, ids=lambda limit: type(limit).__name__)
def test_what_an_image_takes_may_be_of_any_kind(make: Make, service: Service, each: Any):
    make(*ids(9)).run(max_charge=7.8, charge_each=each)
    assert len(service.books) in (5, 4)  # 4 + 3.9 > 7.8


@pytest.mark.parametrize(
    "limit",
    [
        float("nan"),
        float("inf"),
        float("-inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1e999"),
        Fraction(10**999),
        10**999,
        numpy.float64("nan"),
        numpy.float32("inf"),
        numpy.bool_(True),
        numpy.array([3]),
        numpy.complex64(3),
        3 + 0j,
        True,
        "3",
        -1,
        Decimal(-1),
        Fraction(-1, 9),
        numpy.int8(-1),
    ],
    ids=repr,
)
def test_what_is_no_amount_is_refused_before_anything_is_bought(make: Make, service: Service, limit: Any):
    job = make("1")
    for name in ("max_charge", "charge_each", "settled_after"):
        with pytest.raises(ApiException, match=name):
            job.run(**{name: limit})
    assert service.bodies == []


@pytest.mark.parametrize(("limit", "charge", "bought"), [(0.3, 0.1, 3), (1, 0.1, 10), (0.7, 0.07, 10)])
def test_sums_of_fractions(make: Make, service: Service, limit: float, charge: float, bought: int):
    service.charge = lambda image: charge
    make(*ids(20)).run(max_charge=limit, charge_each=charge)
    assert len(service.books) == bought


@pytest.mark.parametrize(
    ("told", "bought"),
    [
        ("5", 2),
        ("5.0", 2),
        (" 5 ", 2),
        ("+5", 2),
        (5, 2),
        (5.0, 2),
        ("0", 20),
        ("five", 10),
        ("", 10),
        ("-5", 10),
    ],
)
def test_charges_as_text_are_charges(make: Make, service: Service, told: Any, bought: int):
    """What cannot be read counts as one credit, as is documented."""

    def act(service: Service, images: Any) -> bytes:
        return telling(lambda data: [{**entry, "allotment_charge": told} for entry in data])(service, images)

    service.acts = iter([act] * 20)
    make(*ids(20)).run(max_charge=10)
    assert len(service.books) == bought


def test_prices_as_text_are_summed(make: Make, service: Service):
    price = {"local_amount": "1.25", "local_currency": "EUR"}
    service.acts = iter([telling(lambda data: [{**entry, "price": price} for entry in data])])
    assert make("1", "2").run().prices == {"EUR": 2.5}


def test_workers_of_another_kind(make: Make, service: Service, tmp_path: Any):
    assert make("1").run(tmp_path / "images", workers=numpy.int16(2)).bytes > 0
