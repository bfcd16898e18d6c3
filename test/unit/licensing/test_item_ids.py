"""Ids have one spelling, and are recognised in any other."""

from __future__ import annotations

from typing import Any

import pytest

from shutterstock_api.licensing.item_ids import checked_id, same_item, spelled


@pytest.mark.parametrize(
    ("value", "id"),
    [
        ("17", "17"),
        (17, "17"),
        (17.0, "17"),
        ("017", "17"),
        ("0", "0"),
        ("000", "0"),
        ("17.0", "17"),
        ("17.", "17"),
        ("+17", "17"),
        (" 17\n", "17"),
        ("17\r", "17"),
        ("17\0", "17"),
        ("\ufeff17", "17"),  # a byte-order mark, as at the begin of a file
        ("17\u200b", "17"),  # zero width
        ("1\u00ad7", "17"),  # a soft hyphen
        ("\u202a17\u202c", "17"),  # direction marks, as from a web page
        ("17\ufe0f", "17"),
        ("\u3164 17", "17"),  # a letter that shows nothing
        ("\uff11\uff17", "17"),  # wide digits
        ("9926131a", "9926131a"),
        ("../../1", "../../1"),
        (10**30, None),
        (17.5, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        (None, None),
        ([], None),
        ("", None),
        (" ", None),
        ("\u200b", None),
        ("1 7", None),
        ("17\n18", None),
        ("-17", None),
        ("4.65E+08", None),  # a spreadsheet has lost its last digits
        ("1_7", None),
        ("nan", None),
        ("é", None),
        ("\ud800", None),
        ("\u0661", None),  # a digit of another script
    ],
)
def test_spelled(value: Any, id: str | None):
    assert spelled(value) == id
    assert id is None or spelled(id) == id


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("17", 17, True),
        ("017", "17 ", True),
        ("17", "18", False),
        ("a", "b", False),
        ("17", "i17", None),
        ("17", None, None),
        ({}, "17", None),
    ],
)
def test_same_item(one: Any, other: Any, same: bool | None):
    assert same_item(one, other) is same
    assert same_item(other, one) is same


def test_a_checked_id():
    assert checked_id("17") == "17"
    with pytest.raises(ValueError, match=r"expected an id, got '017' \(str\); write '17'$"):
        checked_id("017")
    with pytest.raises(ValueError, match=r"expected an id, got 'nan' \(str\)$"):
        checked_id("nan")
