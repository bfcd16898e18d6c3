"""Whatever depth a server nests its values to, models hold them, and all that models can do works."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from itertools import product
from typing import Any

import pytest

from shutterstock_api import (
    DecodeError,
    DownloadHistoryDataList,
    Error,
    Image,
    ImageSearchResults,
    LicenseImageResultDataList,
    OauthAccessTokenResponse,
)
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.modelkit.display import to_html, to_short_text
from shutterstock_api.modelkit.table import Table
from shutterstock_api.schema.decoding import decode
from shutterstock_api.support.nesting import DEEPEST, is_deep

DEPTHS = [3, 10, DEEPEST, 300, 600, 990, 5000]


def nested(depth: int, kind: str = "lists") -> str:
    opened, closed = {"lists": ("[", "]"), "objects": ('{"a":', "}"), "both": ('[{"a": ', "}]")}[kind]
    return f"{opened * depth}1{closed * depth}"


PLACES: list[tuple[type[ApiModel], str]] = [
    (Image, '{"id": "1", "new": %s}'),
    (Image, '{"id": "1", "contributor": {"id": "2", "new": %s}}'),
    (Image, '{"id": %s}'),
    (Image, '{"id": "1", "contributor": %s}'),
    (Image, '{"id": "1", "models": [%s]}'),
    (ImageSearchResults, '{"data": [{"id": "1", "new": %s}, {"id": "2"}], "total_count": 2}'),
    (ImageSearchResults, '{"data": [%s], "spellcheck_info": {}}'),
    (ImageSearchResults, '{"data": [], "spellcheck_info": {"new": %s}}'),
    (Error, '{"message": "No", "items": [{"new": %s}]}'),
    (DownloadHistoryDataList, '{"data": [{"id": "1", "metadata": {"new": %s}}]}'),
    (LicenseImageResultDataList, '{"data": [{"image_id": "1", "license_id": "2", "new": %s}]}'),
    (OauthAccessTokenResponse, '{"access_token": %s, "new": 1}'),
]


@pytest.mark.parametrize(
    ("kind", "depth"), [*product(["lists", "objects", "both"], DEPTHS), ("lists", 100_000)]
)
@pytest.mark.parametrize(("model", "text"), PLACES)
def test_all_that_models_can_do(model: type[ApiModel], text: str, depth: int, kind: str) -> None:
    thing = model.from_json(text % nested(depth, kind))
    assert thing == model.from_json(text.encode() % nested(depth, kind).encode())
    assert thing != model()
    for way in (repr, str, to_html, to_short_text):
        way(thing)
    plain = thing.to_dict()
    assert not is_deep(plain)
    assert model.from_dict(plain) == model.from_json(thing.to_json()) == thing
    assert pickle.loads(pickle.dumps(thing)) == copy.deepcopy(thing) == copy.copy(thing) == thing
    if isinstance(thing, Table):
        json.dumps(thing.to_records(), default=str)


@pytest.mark.parametrize("depth", [*DEPTHS, 100_000])
def test_nothing_is_lost(depth: int) -> None:
    image = Image.from_json(f'{{"id": "1", "new": {nested(depth)}, "mood": "calm"}}')
    value: Any = image.new  # type: ignore[attr-defined]
    levels = 1  # the image itself
    while isinstance(value, list):
        (value,), levels = value, levels + 1
    assert levels == min(depth + 1, DEEPEST)
    assert value == (1 if depth + 1 <= DEEPEST else nested(depth + 1 - DEEPEST))
    assert (image.id, image.mood) == ("1", "calm")  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [Any, dict[str, Any], list[Any], list[Image], dict[str, list[Any]]])
@pytest.mark.parametrize("depth", [*DEPTHS, 100_000])
def test_plain_values_too(depth: int, kind: Any) -> None:
    wrapped = {"dict": '{"a": %s}', "list": "%s"}.get(getattr(kind, "__name__", ""), "%s")
    assert not is_deep(decode(wrapped % nested(depth), kind))


def deep_dict(depth: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return {"id": "1", "new": value}


@pytest.mark.parametrize("depth", [3, DEEPEST, 300, 600])
def test_from_dict_is_as_from_json(depth: int) -> None:
    assert Image.from_dict(deep_dict(depth)) == Image.from_json(
        json.dumps(deep_dict(depth), separators=(",", ":"))
    )


@pytest.mark.parametrize("more", [{}, {"odd": object()}])
def test_what_python_cannot_hold_is_refused(more: Any) -> None:
    with pytest.raises(DecodeError, match="cannot be read as Image: nested too deeply"):
        Image.from_dict({**deep_dict(100_000), **more})


SMALL_STACK = """
import sys, threading
from typing import Any
from shutterstock_api import ApiException, Image, ImageSearchResults, DownloadHistoryDataList
from shutterstock_api.schema.decoding import decode
done = []
def work():
    for depth in (60, 900, 20_000):
        deep = ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth)
        for text in deep:
            for place in ('{"id": %s}', '{"contributor": {"new": %s}}'):
                thing = Image.from_json(place % text)
                repr(thing), thing.to_json(), thing.to_dict(), thing == Image.from_json(place % text)
            ImageSearchResults.from_json('{"spellcheck_info": {"a": %s}}' % text).to_json()
            DownloadHistoryDataList.from_json('{"data": [{"metadata": {"a": %s}}]}' % text).to_json()
            decode(text, Any)
            assert ApiException(body='{"errors": [{"data": %s, "message": "No"}]}' % text).errors
            for broken in (text[:-1], '{"spellcheck_info": %s' % text[:-2]):
                try:
                    ImageSearchResults.from_json(broken)
                except ApiException as error:
                    done.append(error)
work()  # what is worked out once is worked out
threading.stack_size(int(sys.argv[1]))
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(len(done))
"""


def test_a_thread_with_a_small_stack() -> None:
    """A thread may have so little room that msgspec and json end the process at a depth of some hundred."""
    code = [sys.executable, "-c", SMALL_STACK, str(256 * 1024)]
    done = subprocess.run(code, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "24\n", "")
