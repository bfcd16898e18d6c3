"""Bodies off the beaten track."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from sample_models import NOON

from shutterstock_api import ApiException, DecodeError
from shutterstock_api.calls.binding import resolve
from shutterstock_api.models import (
    Cookie,
    Image,
    ImageAssets,
    ImageSearchResults,
    ImageSizeDetails,
    LicenseImageVector,
    Price,
    Url,
)
from shutterstock_api.schema.decoding import decode


@pytest.mark.parametrize("wire", ['{"id":"1","id":"2"}', '{"id":1,"id":"2"}', '{"id":"2","mood":1,"mood":2}'])
def test_of_duplicate_keys_the_last_counts(wire):
    assert Image.from_json(wire).id == "2"


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 2**64, 10**40, -(10**40)])
def test_big_integers_stay_exact(number):
    page = ImageSearchResults.from_json(json.dumps({"total_count": number, "more": number}))
    assert page.total_count == page.more == number
    assert json.loads(page.to_json()) == {"total_count": number, "more": number}


def test_a_float_beyond_all_floats():
    image = Image.from_json(b'{"id":"1","aspect":1e400}')
    assert (image.id, image.aspect) == ("1", float("inf"))
    assert Image.from_json(b'{"aspect":%d}' % 10**400).aspect == 10**400


def test_lone_surrogates():
    assert Image.from_json(b'{"id":"\\ud800"}').id == "\ud800"
    assert Image.from_json('{"id":"\ud800"}').id == "\ud800"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings(encoding):
    text = '{"description":"Käse 🧀"}'
    assert Image.from_json(text.encode(encoding)).description == "Käse 🧀"
    assert Image.from_json(f"\ufeff{text}").description == "Käse 🧀"


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"contributor":' * 100_000,
        b'{"more":' + b"[" * 100_000 + b"]" * 99_999 + b"}",
        b'{"id":%s}' % (b"9" * 5000),  # more digits than Python reads
        b"{",
        b'{"id":}',
        b'{"id":"1"} {}',
        b"<html>",
        b"\xff\xfe\x00",
        b'{"id":"\xff"}',
    ],
    ids=lambda data: f"{data[:15]!r}",
)
def test_what_is_no_json_is_a_decode_error(data):
    with pytest.raises(DecodeError, match="cannot be read as Image") as caught:
        Image.from_json(data)
    assert caught.value.body == data.decode("utf-8", "replace")
    assert len(str(caught.value)) < 2000


def test_an_empty_body_is_named():
    with pytest.raises(DecodeError, match=r"empty, expected list\[Image\]"):
        decode(b"", resolve("list[Image]"))


def test_a_decode_error_is_an_api_exception():
    assert issubclass(DecodeError, ApiException)


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (b"5", "int", 5),
        (b"5", "float", 5.0),
        (b'"x"', "str", "x"),
        (b"true", "bool", True),
        (b'"2026-01-31"', "date", date(2026, 1, 31)),
        (b'"31 January 2026"', "date", date(2026, 1, 31)),
        (b'"2026-01-31T12:00:00"', "datetime", NOON),
        (b'{"a":[1]}', "object", {"a": [1]}),
        (b'{"a":1e400}', "object", {"a": float("inf")}),
        (b'{"a":[1,"x"]}', "dict(str, list[int])", {"a": [1, "x"]}),
        (b'[{"url":"u"}]', "list(Url)", [Url(url="u")]),
        (b'{"local_amount":1}', Price, Price(local_amount=1.0)),
    ],
)
def test_types_as_text(data, kind, expected):
    assert decode(data, resolve(kind)) == expected


def test_nested_models_are_models_whatever_is_around_them():
    assets = ImageAssets.from_json(b'{"huge_jpg":{"width":9,"mood":1},"preview":5,"gif":{"width":1}}')
    assert type(assets.huge_jpg) is ImageSizeDetails
    assert (assets.huge_jpg.width, assets.preview, assets.gif) == (9, 5, {"width": 1})


def test_what_models_never_show():
    assert Cookie(name="n", value="v").to_dict() == {"name": "n", "value": "v"}
    assert LicenseImageVector().to_dict().keys() == LicenseImageVector.attribute_map.keys()


@pytest.mark.parametrize(
    "body", [b'{"data": [{"id": "1", "assets": {}}]}', b'{"data": [{"id": "1", "assets": {"new": 1}}]}']
)
def test_many_threads_decode_for_the_first_time_at_once(body):
    """msgspec works types out without regard to other threads; left alone, most of these runs crash."""
    code = f"""
import sys, threading
sys.setswitchinterval(1e-5)
from shutterstock_api.calls.binding import resolve
from shutterstock_api.schema import decoding
start, done = threading.Barrier(8), []
def run():
    start.wait()
    done.append(decoding.decode({body!r}, resolve("ImageSearchResults")).data[0].id)
threads = [threading.Thread(target=run) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert done == ["1"] * 8, done
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    for _ in range(4):
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env=environment)
