"""JSON stays no deeper than Python can bear, and keeps all that it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from shutterstock_api.support import nesting
from shutterstock_api.support.nesting import DEEPEST, flattened, is_deep

texts = st.sampled_from(["a", "[", "}]{", '"', "\\", '\\"[', "é{", "\U0001f408", "", "\ud800"])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
nested = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=40,
)


def expected(value: Any, depth: int, ascii_only: bool) -> Any:
    """The value with its deep parts as texts."""
    if isinstance(value, (list, dict)) and depth == 0:
        return json.dumps(value, ensure_ascii=ascii_only)
    if isinstance(value, list):
        return [expected(item, depth - 1, ascii_only) for item in value]
    if isinstance(value, dict):
        return {key: expected(item, depth - 1, ascii_only) for key, item in value.items()}
    return value


@given(nested, st.booleans(), st.sampled_from([0, 2, 4]))
@example([[["["]], [[{"a": [[]]}]], {}], True, 4)
def test_what_lies_too_deep_becomes_text(value: Any, ascii_only: bool, deepest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nesting, "DEEPEST", deepest)
        data = json.dumps(value, ensure_ascii=ascii_only)
        found = json.loads(flattened(data).decode("utf-8", "surrogatepass"))
        assert found == expected(value, deepest, ascii_only)
        assert is_deep(value) is (found != value)


@pytest.mark.parametrize("depth", [1, DEEPEST - 1, DEEPEST, DEEPEST + 1, 1000, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}"), ('{"[": "}]", "a":', "}")])
def test_any_depth(depth: int, opened: str, closed: str) -> None:
    value = json.loads(flattened(f"{opened * depth}7{closed * depth}"))
    levels = 0
    while isinstance(value, (list, dict)):
        value, levels = (value[0] if isinstance(value, list) else value["a"]), levels + 1
    below = depth - levels
    assert levels == min(depth, DEEPEST)
    assert value == (f"{opened * below}7{closed * below}" if below else 7)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
def test_other_encodings(encoding: str) -> None:
    data = f'{{"孛孛": "{"孛" * 100}", "deep": {"[" * 100}"é"{"]" * 100}}}'
    found = json.loads(flattened(data.encode(encoding)))
    assert (found["孛孛"], is_deep(found)) == ("孛" * 100, False)


@pytest.mark.parametrize("data", ["", "[", "]" * 100, "[" * 100, "{" * 99 + "]" * 99, '"' + "[" * 100, '"\\'])
def test_what_is_no_json_stays_none(data: str) -> None:
    with pytest.raises(ValueError, match="Expecting|Extra|Invalid|Unterminated"):
        json.loads(flattened(data))


def test_mixed_brackets_below_are_text() -> None:
    deep = "[" * DEEPEST + "[{]}" + "]" * DEEPEST
    assert "[{]}" in flattened(deep).decode()


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(ValueError, match="decode"):
        flattened(b"[" * 100 + b"\xff" + b"]" * 100)


def test_wide_lists_are_not_taken_for_deep_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = json.dumps([[{"a": []}] * 1000] * 10)
    monkeypatch.setattr(nesting, "_with_deep_parts_as_text", None)
    assert flattened(wide) == wide.encode()
