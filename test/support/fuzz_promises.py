"""What must hold whatever comes: each promise once, for hypothesis in the suite and for atheris by hand."""

from __future__ import annotations

import json
import math
import pickle
import typing
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import msgspec
from urllib3 import HTTPHeaderDict

import shutterstock_api
from shutterstock_api import (
    ApiException,
    ApiTypeError,
    ApiValueError,
    Configuration,
    DecodeError,
    ImagesApi,
    models,
)
from shutterstock_api.calls import binding, failures, retry
from shutterstock_api.schema import decoding
from shutterstock_api.schema.operation import Operation
from shutterstock_api.transport.service import HttpAnswer

CLASSES = [item for item in (getattr(models, name) for name in models.__all__) if isinstance(item, type)]
KINDS: tuple[Any, ...] = (
    *CLASSES,
    *(f"list[{item.__name__}]" for item in CLASSES),
    *(f"dict(str, {item.__name__})" for item in CLASSES),
    *("object", "str", "int", "float", "bool", "date", "datetime", "list[str]", "list[datetime]"),
)
OPERATIONS: tuple[Operation[Any], ...] = tuple(
    operation
    for name in shutterstock_api.api.__all__
    for operation in getattr(shutterstock_api, name).operations.values()
)

LONGEST_MESSAGE = 20_000
"""Characters: a headline, ten parts of `errors`, the begin of a body and hints, each of them cut."""
SECRET = "v2/secret/of+the=test"
NOW = 1_800_000_000.0


def decodes(data: bytes, kind: Any) -> Any:
    """Any bytes are of the kind, by either road, or a `DecodeError`."""
    kind = binding.resolve(kind)
    try:
        result = decoding.decode(data, kind)
    except DecodeError as error:
        result = error
    if isinstance(result, DecodeError):
        assert result.body == data.decode("utf-8", "replace")
        assert len(str(result)) < LONGEST_MESSAGE
        return result
    assert kind is Any or isinstance(result, typing.get_origin(kind) or kind)
    assert repr(result) == repr(decoding.convert(decoding._plain_values(data), kind))
    if hasattr(result, "to_dict"):
        _goes_on(result)
    return result


def _goes_on(model: Any) -> None:
    """What came can be shown, kept and written; but JSON has no NaN, and texts may be broken."""
    assert isinstance(model.to_dict(), dict)
    assert repr(pickle.loads(pickle.dumps(model))) == repr(model)
    try:
        written = model.to_json()
    except (ApiTypeError, ApiValueError):
        return
    assert json.loads(type(model).from_json(written).to_json()) == json.loads(written)


def binds(operation: Operation[Any], arguments: Mapping[str, Any]) -> str | None:
    """Any arguments make one request with exactly these, or are refused; nothing in between."""
    values = [arguments.get(name) for name in operation.names]
    try:
        target, wire = binding.bind(operation, values)
        body = binding.encoded(wire)
    except (ApiTypeError, ApiValueError):
        return None
    assert target.isascii()
    assert target.isprintable()
    assert not set(target) & set(' "#<>\\^`{|}')
    path, _, query = target.partition("?")
    _fills(operation.template, path, arguments)
    _asks(operation, query, arguments)
    assert (body is None) == (operation.body is None)
    if body is not None and not operation.form:
        msgspec.json.decode(binding.encoded(body) or b"")
    return target


def _fills(template: str, path: str, arguments: Mapping[str, Any]) -> None:
    """Each path argument is one segment, and arrives as it is."""
    wanted, got = template.split("/"), path.split("/")
    assert len(wanted) == len(got)
    for pattern, segment in zip(wanted, got, strict=True):
        if not pattern.startswith("{"):
            assert segment == pattern
            continue
        given = str.__str__(arguments[pattern[1:-1]])
        assert unquote(segment, errors="strict") == given
        assert segment not in ("", ".", "..")
        assert not any(ord(character) < 32 or ord(character) == 127 for character in given)


def _asks(operation: Operation[Any], query: str, arguments: Mapping[str, Any]) -> None:
    """The query says what was given, in its order, and nothing else."""
    got = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    expected = [
        (name, item)
        for name in operation.query
        for given in (arguments.get(name),)
        for item in (given if isinstance(given, (list, tuple)) else () if given is None else (given,))
    ]
    assert [name for name, _ in got] == [name for name, _ in expected]
    for (_, text), (name, item) in zip(got, expected, strict=True):
        if isinstance(item, bool):
            assert text == str(item).lower()
        elif isinstance(item, str) and operation.query[name] in (str, list[str]):
            assert text == str.__str__(item)
        elif isinstance(item, (int, float)):
            assert float(text) == float(item)


def explains(status: int, reason: str, headers: Sequence[tuple[str, str]], body: bytes) -> ApiException:
    """Any answer makes an error that is bounded, pickles and tells no secret; any wait is usable."""
    configuration = Configuration("https://service.test", access_token=SECRET)
    answer = HttpAnswer(status, reason, HTTPHeaderDict(headers), body, True, None)  # type: ignore[arg-type]
    operation = ImagesApi.operations["license_images"]
    error = failures.error_of(answer, operation, configuration, [SECRET], NOW)
    assert error.status == status
    again = pickle.loads(pickle.dumps(error))
    shown = (str(error), repr(error), repr(vars(error)), str(again), repr(dict(error.headers)))
    for form in (SECRET, quote(SECRET, safe=""), SECRET.replace("/", r"\/")):
        assert not any(form in text for text in shown)
    assert str(again) == str(error)
    assert len(str(error)) < LONGEST_MESSAGE
    assert isinstance(error.errors, list)
    waits(error.headers, error.content)
    return error


def waits(headers: Mapping[str, str], content: Any) -> None:
    """The service may name any wait: it is a number of seconds, or nothing."""
    wait = retry.named_wait(headers, content, NOW)
    assert wait is None or (math.isfinite(wait) and wait >= 0)


def stays(target: str | None, origin: str) -> None:
    """A redirect leads to our own host, or nowhere."""
    if target is not None:
        assert target.startswith("/")
        there = urlsplit(origin + target)
        assert f"{there.scheme}://{there.netloc}" == origin
