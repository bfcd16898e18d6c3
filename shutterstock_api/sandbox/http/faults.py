"""Faults on demand: what a network and a service do on a bad day."""

from __future__ import annotations

import random
import re
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

from .limits import limit_body, limit_headers
from .messages import JSON, Response, json_response
from .names import keywords_explained, meant

#: The header that asks for a fault in one request: `X-Sandbox-Fault: status=503; delay=0.2`.
HEADER = "X-Sandbox-Fault"

_HTML = (
    b"<html><head><title>Service unavailable</title></head><body><h1>Service unavailable</h1></body></html>\n"
)
_GARBAGE = b'{"data": [{"id": "1", \xff\xfe<html>'
_PAIR = re.compile(r"\s*([a-z_]+)\s*(?:=\s*([^;,\s]+)\s*)?(?:[;,]|$)")


@keywords_explained
@dataclass(frozen=True)
class Fault:
    """A fault. You can combine several settings if that makes sense, such as a delay before a status.

    Args:
        status: Answer with this status instead of doing the work.
        body: Body of that answer: `service` (JSON with `message`), `html` or `empty`.
        done: Do the work anyway, and replace its answer with `status`, as a gateway may.
        delay: Wait for this many seconds first.
        close: Drop the connection without an answer: `before` the work is done, or `after` it. `idle` sends
            the answer, then closes without notice, as servers do between requests.
        truncate: Announce the whole body, but send only this many bytes of it (100), or this part (0.5).
        garbage: Do the work, and answer 200 with a body that is not JSON.
        rate_limit: Answer 429 as the service does; the limit is reset after this many seconds.
        operation: Affect only this method, with or without its class (`ImagesApi.get_image`), or else
            `download`, `preview` or `login`. `None` means every request. The guide lists the names that two
            classes share.
        probability: How likely the fault is to affect a matching request.
        seed: Makes `probability` choose the same requests in every run.
    """

    status: int | None = None
    body: Literal["service", "html", "empty"] = "service"
    done: bool = False
    delay: float = 0.0
    close: Literal["before", "after", "idle"] | None = None
    truncate: float | None = None
    garbage: bool = False
    rate_limit: float | None = None
    operation: str | None = None
    probability: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError(f"{self.status} is not the status of an answer")
        if self.close not in (None, "before", "after", "idle"):
            raise ValueError(f"close={self.close!r}: expected before, after or idle")
        if self.body not in ("service", "html", "empty"):
            raise ValueError(f"body={self.body!r}: expected service, html or empty")
        if self.done and self.status is None:
            raise ValueError("done: expected the status that hides what was done")
        if self.truncate is not None and not _is_a_cut(self.truncate):
            raise ValueError(f"truncate={self.truncate!r}: expected bytes, or a part from 0.0 to 1.0")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability={self.probability!r}: expected 0 to 1")

    @property
    def works(self) -> bool:
        """Whether the work of an affected request is done nevertheless."""
        if self.close in ("before", "after"):
            return self.close == "after"
        return self.done or (self.status is None and self.rate_limit is None)

    def instead(self, now: float) -> Response | None:
        """The answer that replaces the real one; None if the real one is sent."""
        if self.rate_limit is not None:
            told = limit_headers(100, 0, now + self.rate_limit)
            return json_response(429, limit_body(told), told)
        if self.status is None:
            return Response(200, {"Content-Type": JSON}, _GARBAGE) if self.garbage else None
        if self.status in (204, 304) or self.body == "empty":
            return Response(self.status)
        if self.body == "html":
            return Response(self.status, {"Content-Type": "text/html; charset=utf-8"}, _HTML)
        return json_response(self.status, {"message": f"This {self.status} was asked for"})

    def spoil(self, response: Response) -> Response:
        """The response as it is sent: complete, cut off, or not at all."""
        if self.close == "after":
            return Response(0, drop=True)
        part = self.truncate
        response.truncate = int(part * len(response.body)) if isinstance(part, float) else part
        response.hang_up = self.close == "idle"
        return response


def _is_a_cut(truncate: float) -> bool:
    return truncate >= 0 and (isinstance(truncate, int) or truncate <= 1)


class FaultError(ValueError):
    """The header that asks for a fault cannot be understood."""


class Faults:
    """The faults that are waiting for requests. The one that was added first happens first."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known  # what `operation` may say
        self._waiting: list[_Waiting] = []
        self._lock = Lock()

    def add(self, fault: Fault, times: int | None = None) -> None:
        """Add a fault for the next `times` matching requests; None means until `clear()`.

        Raises `ValueError` if there is no such operation.
        """
        named = fault.operation
        if named is not None and named not in self._known:
            raise ValueError(f"operation={named!r}: no such operation; {meant(named, self._known)}")
        with self._lock:
            self._waiting.append(_Waiting(fault, times))

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._waiting.clear()

    def next(self, names: Collection[str], header: str | None) -> Fault | None:
        """The fault for a request with these names: the one in its header, or else a waiting one."""
        if header is not None:
            return parse_fault(header)
        with self._lock:
            for waiting in self._waiting:
                if waiting.strikes(names):
                    self._waiting = [other for other in self._waiting if other.times != 0]
                    return waiting.fault
        return None


class _Waiting:
    def __init__(self, fault: Fault, times: int | None) -> None:
        self.fault = fault
        self.times = times
        self._chance = random.Random(fault.seed)  # nosec B311 # repeatable, not secret

    def strikes(self, names: Collection[str]) -> bool:
        if self.times == 0 or self.fault.operation not in (None, *names):
            return False
        if self.fault.probability < 1 and self._chance.random() >= self.fault.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


def parse_fault(header: str) -> Fault:
    """Read a fault from the header's text; raises `FaultError`."""
    readers: dict[str, Any] = {
        "status": int,
        "body": str,
        "done": _flag,
        "delay": float,
        "close": str,
        "truncate": lambda text: float(text) if "." in text else int(text),
        "garbage": _flag,
        "rate_limit": float,
    }
    arguments = {}
    at = 0
    while at < len(header):
        match = _PAIR.match(header, at)
        if match is None or match[1] not in readers or (match[2] is None and readers[match[1]] != _flag):
            raise FaultError(f"{header[at:]!r} is not a fault")
        try:
            arguments[match[1]] = readers[match[1]](match[2])
        except ValueError as error:
            raise FaultError(f"{match[0]!r} is not a fault") from error
        at = match.end()
    try:
        return Fault(**arguments)
    except ValueError as error:
        raise FaultError(str(error)) from error


def _flag(text: str | None) -> bool:
    return text != "false"
