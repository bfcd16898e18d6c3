"""Anything at all, as an answer, as arguments, as headers. `test_properties.py` starts from what is right."""

from __future__ import annotations

import json
import typing
from contextlib import suppress
from typing import Any

import pytest
from fuzz_promises import KINDS, OPERATIONS, binds, decodes, explains, stays, waits
from fuzz_samples import ANSWERS
from hypothesis import HealthCheck, example, given, settings, strategies as st
from scripted_server import HANG_UP, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    DecodeError,
    ImagesApi,
    LicenseOutcomeUnknown,
)
from shutterstock_api.schema.headers import checked_headers
from shutterstock_api.transport.service import redirected

pytestmark = pytest.mark.exhaustive

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def bounded(examples: int) -> settings:
    """The same examples each time, few enough for the suite."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW
    )


texts = st.text(st.characters(), max_size=12)
latin = st.text(st.characters(max_codepoint=255), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
documents = json_values.map(json.dumps).map(lambda text: text.encode("utf-8", "surrogatepass"))


@st.composite
def broken(draw: Any, whole: bytes) -> bytes:
    """A document with a few of its bytes lost, changed, doubled or put in."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        until = draw(st.integers(at, min(len(data), at + 8)))
        data[at:until] = draw(
            st.sampled_from([b"", b"null", b"[]", b"{}", b'""', b"1e999", b"-", b"\\ud800", b",", b'"', b"]"])
            | st.binary(max_size=3)
            | st.just(bytes(data[at:until]) * 2)
        )
    return bytes(data)


# Answers.


@bounded(120)
@given(st.binary(max_size=60) | documents, st.sampled_from(KINDS))
@example(b"", "object")
@example(b"[" * 100_000, "object")
@example(b'{"a":' * 100_000, KINDS[0])
@example(b"\xff\xfe", "list[str]")
def test_any_bytes_are_of_the_kind_or_a_decode_error(data: bytes, kind: Any) -> None:
    decodes(data, kind)


@bounded(120)
@given(st.sampled_from(ANSWERS).flatmap(lambda pair: st.tuples(st.just(pair[0]), broken(pair[1]))))
def test_a_broken_answer_is_read_as_far_as_it_goes(case: tuple[str, bytes]) -> None:
    kind, data = case
    decodes(data, kind)


@pytest.mark.parametrize(("kind", "data"), ANSWERS)
def test_a_whole_answer_is_read(kind: str, data: bytes) -> None:
    result = decodes(data, kind)
    assert not isinstance(result, DecodeError)
    assert not getattr(result, "additional_properties", None)


# Arguments.

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | texts
    | st.sampled_from([".", "..", "%2e%2e", "a/../b", "..\\", "\0", "\u2028", "2026-01-31", "a" * 5000])
    | st.datetimes()
    | st.dates()
    | st.binary(max_size=4)
    | st.just(object()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(texts | st.sampled_from(["images", "image_id", "query", "id"]), inner, max_size=3)
    ),
    max_leaves=5,
)


nasty = texts | st.sampled_from(
    [".", "..", "%2e%2e", "a/../b", "..\\", "a&b=c#d", "?", "\0", "\u2028", " ", "+"]
)
FITTING: dict[Any, Any] = {str: nasty, int: st.integers(), float: st.floats(), bool: st.booleans()}


def fitting(kind: Any) -> Any:
    """What an argument of a kind may be, and often something else."""
    (item,) = typing.get_args(kind) if typing.get_origin(kind) is list else (kind,)
    single = FITTING.get(item, st.dates() | nasty)
    return single | st.lists(single, max_size=3) if item is not kind else single | single | anything


@bounded(300)
@given(st.sampled_from(OPERATIONS), st.data())
def test_any_arguments_make_one_request_or_are_refused(operation: Any, data: Any) -> None:
    arguments = {name: data.draw(nasty) for name in operation.path}
    if operation.query:
        for name in data.draw(st.lists(st.sampled_from(list(operation.query)), max_size=2)):
            arguments[name] = data.draw(fitting(operation.query[name]))
    for name in operation.required:
        arguments[name] = data.draw(fitting(operation.query[name]))
    if operation.body:
        arguments["body"] = data.draw(st.sampled_from([[], {"name": "n"}, {"items": []}]) | anything)
    binds(operation, arguments)


names = texts | st.text(st.sampled_from("aB-_:\r\n \u00e9"), min_size=1, max_size=4)
lines = st.text(st.sampled_from("a: \r\n\0\x7f\x85"), max_size=6)


@bounded(120)
@given(st.dictionaries(names | st.none() | st.binary(max_size=3), latin | lines | anything, max_size=2))
def test_any_header_can_be_sent_or_is_refused(headers: Any) -> None:
    try:
        checked = checked_headers(headers)
    except (ApiTypeError, ApiValueError):
        return
    for name, value in checked.items():
        assert name.isascii()
        assert name.isprintable()
        assert not set(name) & set(' ":;,()<>@[]{}/\\?=')
        value.encode("latin-1")
        assert not any(ord(character) < 32 or ord(character) == 127 for character in value)


# Errors, waits, redirects.

header_texts = (
    latin
    | st.integers().map(str)
    | st.floats().map(str)
    | st.sampled_from(
        ["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 -0000", "1e400", "\u00b2", "-0"]
    )
    | st.lists(
        st.sampled_from(
            ["Mon", ",", " ", "1", "Jan", "2026", "0000", ":", "00", "99", "-", "+", "GMT", "(", "\n"]
        ),
        max_size=9,
    ).map("".join)
)
error_headers = st.lists(
    st.tuples(
        st.sampled_from(["Retry-After", "RateLimit-Reset", "RateLimit-Limit", "Location", "X-Request-Id"]),
        header_texts,
    ),
    max_size=3,
)


@bounded(120)
@given(st.integers(100, 999), latin, error_headers, st.binary(max_size=60) | documents, st.booleans())
@example(500, "", [], b"[" * 100_000, False)
@example(429, "", [], b'{"reset": 1%s}' % (b"0" * 5000), False)
@example(
    400, "", [], json.dumps({"errors": [{"message": "m" * 9999, "path": "p" * 9999}] * 99}).encode(), False
)
def test_any_error_can_be_told(
    status: int, reason: str, headers: list[tuple[str, str]], body: bytes, echo: bool
) -> None:
    secret = b"v2/secret/of+the=test v2%2Fsecret%2Fof%2Bthe%3Dtest v2\\/secret\\/of+the=test"
    explains(status, reason, headers, body + secret * echo)


@bounded(120)
@given(header_texts, header_texts, json_values)
def test_any_wait_is_a_number_of_seconds_or_nothing(after: str, reset: str, value: Any) -> None:
    waits({"Retry-After": after, "RateLimit-Reset": reset}, {"reset": value})


schemes = st.sampled_from(["//", "http://", "https:", "HTTP://", "///", "/\\", "ftp://", "javascript:"])
hosts = st.sampled_from(
    ["service.test", "evil.test", "service.test@evil.test", "service.test:99999", "[::1]"]
)
locations = st.text(st.sampled_from("/\\.:@?#%[]a \t\u00e9;") | st.characters(max_codepoint=255), max_size=12)
locations |= st.tuples(schemes, hosts, latin).map("".join)


@bounded(120)
@given(locations)
@example("http://[")
@example("//service.test//evil.test/")
def test_any_redirect_stays_or_leads_nowhere(location: str) -> None:
    stays(redirected("http://service.test", "/v2/images/1", location), "http://service.test")


# The wire.


@pytest.fixture
def api(client: ApiClient) -> ImagesApi:
    """Sends each request once."""
    client.configuration.retries = 0
    return ImagesApi(client)


WHOLE = answer(200, ANSWERS[0][1], None, Connection="close")
wire = st.binary(max_size=80) | broken(WHOLE) | broken(WHOLE[:80]) | st.just(b"HTTP/1.1 200 OK\r\n").flatmap(
    lambda head: st.binary(max_size=60).map(lambda rest: head + rest)
)  # fmt: skip


@bounded(100)
@given(wire)
@example(b"")
@example(b"HTTP/1.1 200 OK\r\n\r\n")
def test_any_bytes_on_the_wire_are_a_result_or_an_error(server: Server, api: ImagesApi, data: bytes) -> None:
    server.always(lambda request: (data, HANG_UP))
    with suppress(ApiException):
        api.get_image("1")
    before = len(server.requests)
    try:
        api.license_images({"images": [{"image_id": "1"}]})
    except ApiException as error:
        status = error.status
        unknown = isinstance(error, LicenseOutcomeUnknown)
    else:
        status, unknown = 200, False
    refused = status is not None and 300 <= status < 500
    assert unknown or refused or b"data" in data or b"errors" in data or b"message" in data
    assert len(server.requests) <= before + 1  # none, where the connection was just being closed


@bounded(50)
@given(locations)
def test_any_redirect_on_the_wire_ends(server: Server, api: ImagesApi, location: str) -> None:
    line = location.encode("latin-1", "replace").replace(b"\r", b"").replace(b"\n", b"")
    server.always(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + line + b"\r\n\r\n")
    with pytest.raises(ApiException):
        api.get_image("1")
