"""Coverage-guided fuzzing, by hand.

    PYTHONPATH=test/support python test/fuzz/atheris_harness.py decoder -max_total_time=600

The first argument is a target: `decoder`, `requests` or `errors`; the others are libFuzzer's. What it finds
becomes a test in `test_fuzz.py`.
"""

from __future__ import annotations

import sys
import tempfile
import typing
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["shutterstock_api"]):
    import fuzz_promises
    from fuzz_samples import ANSWERS

DEPTH = 3


def decoder(data: bytes) -> None:
    """A byte for the kind, then the answer."""
    if data:
        fuzz_promises.decodes(data[1:], fuzz_promises.KINDS[data[0] % len(fuzz_promises.KINDS)])


def requests(data: bytes) -> None:
    source = atheris.FuzzedDataProvider(data)
    operation = source.PickValueInList(list(fuzz_promises.OPERATIONS))
    arguments: dict[str, Any] = {name: source.ConsumeUnicode(12) for name in operation.path}
    free = list(operation.query)
    more = range(source.ConsumeIntInRange(0, 3) if free else 0)
    chosen = [*operation.required, *(source.PickValueInList(free) for _ in more)]
    for name in chosen:
        arguments[name] = _fitting(source, operation.query[name])
    if operation.body:
        arguments["body"] = _value(source, DEPTH)
    fuzz_promises.binds(operation, arguments)


def _fitting(source: Any, kind: Any) -> Any:
    """What suits the kind, or now and then something else."""
    if source.ConsumeIntInRange(0, 9) == 0:
        return _value(source, DEPTH)
    if typing.get_origin(kind) is list:
        (item,) = typing.get_args(kind)
        return [_fitting(source, item) for _ in range(source.ConsumeIntInRange(0, 3))]
    numbers = {int: lambda: source.ConsumeInt(9), float: source.ConsumeFloat, bool: source.ConsumeBool}
    return numbers.get(kind, lambda: source.ConsumeUnicode(20))()


def _value(source: Any, depth: int) -> Any:
    def inner() -> Any:
        return _value(source, depth - 1)

    makers: list[Any] = [
        lambda: source.ConsumeUnicode(12),
        lambda: source.ConsumeUnicodeNoSurrogates(40),
        lambda: source.PickValueInList([".", "..", "%2e%2e", "a/..", "\\..", "\0", "2026-01-31", "", " "]),
        lambda: source.ConsumeInt(9),
        source.ConsumeFloat,
        source.ConsumeBool,
        lambda: None,
        lambda: source.ConsumeBytes(4),
    ]
    if depth:
        keys = ["images", "image_id", "query", "items", "id", "name", "metadata", "price", "size", "new"]
        makers += [
            lambda: [inner() for _ in range(source.ConsumeIntInRange(0, 3))],
            lambda: {source.PickValueInList(keys): inner() for _ in range(source.ConsumeIntInRange(0, 3))},
            lambda: {source.ConsumeUnicode(4): inner()},
        ]
    return source.PickValueInList(makers)()


def errors(data: bytes) -> None:
    source = atheris.FuzzedDataProvider(data)
    status = source.ConsumeIntInRange(100, 999)
    names = ["Retry-After", "RateLimit-Reset", "RateLimit-Limit", "Location", "X-Request-Id", "Set-Cookie"]
    headers = [
        (source.PickValueInList(names), source.ConsumeUnicodeNoSurrogates(40))
        for _ in range(source.ConsumeIntInRange(0, 4))
    ]
    reason = source.ConsumeUnicodeNoSurrogates(8)
    echo = fuzz_promises.SECRET.encode() if source.ConsumeBool() else b""
    body = source.ConsumeBytes(source.remaining_bytes())
    half = len(body) // 2
    fuzz_promises.explains(status, reason, headers, body[:half] + echo + body[half:])


TARGETS = {"decoder": decoder, "requests": requests, "errors": errors}


def main() -> None:
    target = TARGETS[sys.argv.pop(1)]
    with tempfile.TemporaryDirectory() as corpus:
        for number, (kind, sample) in enumerate(ANSWERS):
            index = fuzz_promises.KINDS.index(
                kind if kind == "object" else getattr(fuzz_promises.models, kind)
            )
            Path(corpus, str(number)).write_bytes(bytes([index]) + sample)
        atheris.Setup([*sys.argv, corpus], target)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
