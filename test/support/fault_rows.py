"""Faults, each with the rule for it: how often a kind of operation is sent, and what comes of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from fault_server import EARLY, ENDS, HALF_A_HELLO, SUITS_ALL, Fault
from media_service import APIS, settings
from scripted_server import answer

from shutterstock_api import (
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    BadRequestError,
    ConflictError,
    CustomMusicApi,
    DecodeError,
    ForbiddenError,
    ImagesApi,
    LicenseOutcomeUnknown,
    NotFoundError,
    RateLimitError,
    ServerError,
    UnauthorizedError,
)
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.schema.medium import Medium

# Operations: what they are to the rules, and how they are called.


Call = Callable[..., Any]
REGION = {"region": "music", "id": 1, "beat": 0, "descriptor": "d"}
SPAN = {"time": 0, "span_type": "metered", "regions": [REGION]}
RENDERS = {"audio_renders": [{"filename": "a", "preset": "MASTER_MP3", "timeline": {"spans": [SPAN]}}]}


def buy(medium: Medium) -> Call:
    """Return what licenses an item of a medium by the method of its class."""
    told = settings(medium)
    beside = {name: told.pop(name) for name in medium.beside if name in told}
    body = {medium.items: [{medium.item_id: "1", **told}], **beside}

    def call(api: ImagesApi, **options: Any) -> Any:
        method = getattr(APIS[medium.name](api.api_client), medium.license.name.rpartition(".")[2])
        return method(body, **options)

    return call


def render(api: ImagesApi, **options: Any) -> Any:
    """Order music, which uses up a quota and cannot be looked up."""
    return CustomMusicApi(api.api_client).create_audio_renders(RENDERS, **options)


OPERATIONS: dict[str, tuple[str, Call]] = {
    "get": ("read", lambda api, **options: api.get_image("1", **options)),
    "bulk_search": ("query", lambda api, **options: api.bulk_search_images([{"query": "cat"}], **options)),
    "create": ("write", lambda api, **options: api.create_lightbox({"name": "n"}, **options)),
    "delete": ("void", lambda api, **options: api.delete_lightbox("1", **options)),
    **{f"license {name}": ("license", buy(medium)) for name, medium in MEDIA.items()},
    "render": ("license", render),
}


# Rules: how often each kind is sent (with two retries), the error, and its status.


class Outcome(NamedTuple):
    sent: int
    error: type[ApiException] | None = None
    status: int | None = None


class Rule(NamedTuple):
    read: Outcome
    write: Outcome
    query: Outcome
    """A POST that only reads: nothing in the contract says that it may be sent twice."""
    void: Outcome
    """A write that promises no answer."""
    license: Outcome


def alike(outcome: Outcome) -> Rule:
    return Rule(outcome, outcome, outcome, outcome, outcome)


def doubtful(
    sent: int, error: type[ApiException], status: int | None = None, void: Outcome | None = None
) -> Rule:
    """A read is sent so often, a write once, and a licence, once too, leaves its outcome open."""
    write = Outcome(1, error, status)
    unknown = Outcome(1, LicenseOutcomeUnknown, status)
    return Rule(Outcome(sent, error, status), write, write, void or write, unknown)


FINE = alike(Outcome(1))
UNSENT = alike(Outcome(3, ApiConnectionError))
UNSENT_IN_TIME = alike(Outcome(3, ApiTimeoutError))
LOST = doubtful(3, ApiConnectionError)
LATE = doubtful(3, ApiTimeoutError)
UNREADABLE = doubtful(1, DecodeError, 200, void=Outcome(1))
SILENT = FINE._replace(license=UNREADABLE.license)
"""It can be read, but says nothing about the images."""
EMPTY = UNREADABLE._replace(write=Outcome(1))
"""`create_lightbox` may answer with nothing."""


def at(status: int, rule: Rule) -> Rule:
    """Return the rule for errors of another status."""
    return Rule(*(outcome._replace(status=status if outcome.error else None) for outcome in rule))


def refused(status: int, error: type[ApiException] = ApiException) -> Rule:
    return alike(Outcome(1, error, status))


# Faults.


BODY = json.dumps({"id": "1", **SUITS_ALL}).encode()
SIZE = len(BODY)
GOOD = answer(200, BODY)
STATUS = b"HTTP/1.1 200 OK\r\n"
CHUNKED = STATUS + b"Transfer-Encoding: chunked\r\n\r\n"
IN_CHUNKS = CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (SIZE, BODY)
GZIP = gzip.compress(BODY)
INTERIM = b"HTTP/1.1 %d Reason\r\n\r\n"
CHARSET = "Content-Type: application/json; charset=%s\r\n"
ENCODED = STATUS + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s"


def sized(body: bytes, length: object = None, more: str = "") -> bytes:
    """Return an answer that claims a length, whatever it is."""
    claimed = len(body) if length is None else length
    return STATUS + f"Content-Length: {claimed}\r\n{more}\r\n".encode() + body


class Row(NamedTuple):
    name: str
    fault: Fault
    rule: Rule | None
    """`None`: a result or an error, nobody can say which."""
    scheme: str = "http"
    reused: bool = False
    """Whether the connection has served a call before."""

    @property
    def patience(self) -> tuple[float, float]:
        """Seconds to connect and to read: enough for what comes, little for what never does."""
        if self.fault.end != "stall":
            return 5, 5
        if b"Reason" in self.fault.give:  # the status must have come by then, on a busy machine too
            return 5, 0.4
        return (0.05, 5) if self.fault.take in EARLY and self.scheme == "https" else (5, 0.05)


HANDSHAKES = [
    # how far it comes; what the server has read and given by then
    ("before the hello is read", "nothing", b""),
    ("after the client's hello", "hello", b""),
    ("in the server's hello", "hello", HALF_A_HELLO),
    ("with garbage for a hello", "hello", b"garbage" * 9),
    ("with an alert", "hello", b"\x15\x03\x03\x00\x02\x02\x28"),
    ("with http for a hello", "hello", GOOD),
]
REQUESTS = [
    ("before the request is read", "nothing"),
    ("in the headers of the request", "headers"),
    ("in the body of the request", "body"),
    ("after the request", "request"),
]
ANSWERS = [
    ("in the status line", b"HTTP/1."),
    ("in the status", b"HTTP/1.1 20"),
    ("in the reason", b"HTTP/1.1 200 O"),
    ("after the status line", STATUS),
    ("in a header's name", STATUS + b"Content-Le"),
    ("in a header's value", STATUS + b"Content-Length: 1"),
    ("between headers", STATUS + b"Content-Length: 9\r\n"),
    ("before the blank line", STATUS + b"Content-Length: 0\r\n"),
    ("before the body", sized(b"", SIZE)),
    ("at byte 1 of the body", sized(BODY[:1], SIZE)),
    ("before the last byte of the body", sized(BODY[:-1], SIZE)),
    ("before the first chunk", CHUNKED),
    ("in the size of a chunk", CHUNKED + b"4"),
    ("after the size of a chunk", CHUNKED + b"%x\r\n" % SIZE),
    ("in a chunk", CHUNKED + b"%x\r\n" % SIZE + BODY[:9]),
    ("after a chunk", CHUNKED + b"%x\r\n" % SIZE + BODY),
    ("before the last chunk", CHUNKED + b"%x\r\n" % SIZE + BODY + b"\r\n"),
    ("in a gzip stream", ENCODED % (b"gzip", len(GZIP), GZIP[:-12])),
    ("in gzip chunks", STATUS + b"Content-Encoding: gzip\r\n" + CHUNKED[len(STATUS) :] + b"9\r\n" + GZIP[:9]),
]
WHOLE = [("after the answer", GOOD), ("after the last chunk", IN_CHUNKS)]
STATUSES = {
    300: refused(300),
    301: refused(301),
    302: refused(302),
    303: doubtful(1, ApiException, 303),
    304: refused(304),
    305: refused(305),
    306: refused(306),
    307: refused(307),
    308: refused(308),
    400: refused(400, BadRequestError),
    401: refused(401, UnauthorizedError),
    403: refused(403, ForbiddenError),
    404: refused(404, NotFoundError),
    408: doubtful(3, ApiException, 408),
    409: refused(409, ConflictError),
    425: refused(425)._replace(read=Outcome(3, ApiException, 425)),
    429: alike(Outcome(3, RateLimitError, 429)),
    500: doubtful(3, ServerError, 500),
    501: doubtful(1, ServerError, 501),
    502: doubtful(3, ServerError, 502),
    503: doubtful(3, ServerError, 503),
    504: doubtful(3, ServerError, 504),
    520: doubtful(3, ServerError, 520),
    524: doubtful(3, ServerError, 524),
    529: doubtful(3, ServerError, 529),
    599: doubtful(1, ServerError, 599),
}
STALLED = (404, 408, 503)
"""Statuses whose body is also stalled: each takes its time."""
LARGEST = 200_000
"""`Configuration.max_response_size` of these tests, in bytes."""
BOMB = gzip.compress(b"[" + b" " * 2_000_000 + b"]")
NOTHING = gzip.compress(b"") * 20_000
MESSAGE = b'{"message": "What the service says"}'
FORMS = [
    # an error with such a body is still that error; head and body, and how it ends
    ("without a body", b"Content-Length: 0", b"", "stay"),
    ("with a body", b"Content-Length: %d" % len(MESSAGE), MESSAGE, "stay"),
    ("cut", b"Content-Length: 99", MESSAGE, "close"),
    ("reset", b"Content-Length: 99", MESSAGE, "reset"),
    ("stalled", b"Content-Length: 99", MESSAGE, "stall"),
    ("cut in a chunk", b"Transfer-Encoding: chunked", b"99\r\n" + MESSAGE, "close"),
    ("with garbage for a chunk", b"Transfer-Encoding: chunked", b"garbage", "close"),
    ("with garbage for gzip", b"Content-Encoding: gzip\r\nContent-Length: 7", b"garbage", "stay"),
    ("oversized", b"Content-Length: %d" % (2 * LARGEST), b"x" * 2 * LARGEST, "stay"),
    ("a gzip bomb", b"Content-Encoding: gzip\r\nContent-Length: %d" % len(BOMB), BOMB, "stay"),
]
WRONG = [
    # no answer in HTTP
    ("garbage for a status line", b"garbage\r\n\r\n", "close", LOST),
    ("HTTP/0.9", b"<html>hello</html>", "close", LOST),
    ("HTTP/2", b"HTTP/2 200\r\n\r\n", "close", LOST),
    ("status abc", b"HTTP/1.1 abc OK\r\n\r\n", "close", LOST),
    ("status 99", b"HTTP/1.1 99 OK\r\n\r\n", "close", LOST),
    ("status 1000", b"HTTP/1.1 1000 OK\r\n\r\n", "close", LOST),
    ("status -200", b"HTTP/1.1 -200 OK\r\n\r\n", "close", LOST),
    ("an endless status line", b"HTTP/1.1 200 " + b"O" * 70_000, "stay", LOST),
    ("an endless header", STATUS + b"X: " + b"x" * 70_000, "stay", LOST),
    ("thousands of headers", STATUS + b"X: x\r\n" * 5000 + b"\r\n" + BODY, "close", LOST),
    ("a header without a name", STATUS + b": x\r\n" + sized(BODY)[len(STATUS) :], "close", None),
    ("a line that is no header", STATUS + b"oops\r\n" + sized(BODY)[len(STATUS) :], "close", None),
    ("bytes beyond ASCII in headers", sized(BODY, more="X-\u00e9: \u20ac\r\n"), "close", None),
    ("only a 100", b"HTTP/1.1 100 Continue\r\n\r\n", "close", LOST),
    ("only a 103", b"HTTP/1.1 103 Early Hints\r\n\r\n", "close", LOST),
    # 1xx, and what nobody asked for
    ("100 first", b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD, "stay", FINE),
    ("102 first", b"HTTP/1.1 102 Processing\r\n\r\n" + GOOD, "stay", FINE),
    ("103 first", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + GOOD, "stay", FINE),
    ("100, 102, 103 first", b"".join(map(INTERIM.__mod__, (100, 102, 103))) + GOOD, "stay", FINE),
    ("1xx without end", INTERIM % 103 * 1000, "stay", LOST),
    ("a second answer", GOOD + answer(200, {"id": "stale"}), "stay", FINE),
    ("a large second answer", GOOD + answer(200, {"id": "x" * 90_000}), "stay", FINE),
    ("a second answer after chunks", IN_CHUNKS + answer(200, {"id": "stale"}), "stay", FINE),
    ("a 204 with a body", b"HTTP/1.1 204 None\r\nContent-Length: 9\r\n\r\nHTTP/1.1 ", "stay", None),
    # lengths
    ("a length too long", sized(BODY, SIZE + 9), "close", LOST),
    ("a length too short", sized(BODY, SIZE - 9), "stay", UNREADABLE),
    ("a length of 0", sized(BODY, 0), "stay", None),
    ("a length of -1", sized(BODY, -1), "close", None),
    ("a length of abc", sized(BODY, "abc"), "close", None),
    ("a length beyond all", sized(BODY, "9" * 5000), "close", None),
    ("two lengths", sized(BODY, more=f"Content-Length: {SIZE - 9}\r\n"), "close", None),
    ("the length twice", sized(BODY, more=f"Content-Length: {SIZE}\r\n"), "close", FINE),
    ("no length", STATUS + b"\r\n" + BODY, "close", FINE),
    ("no length, and cut", STATUS + b"\r\n" + BODY[:-9], "close", UNREADABLE),
    ("no length, and reset", STATUS + b"\r\n" + BODY[:-9], "reset", LOST),
    ("chunks and a length", STATUS + b"Content-Length: 9\r\n" + IN_CHUNKS[len(STATUS) :], "stay", FINE),
    ("garbage for a chunk", CHUNKED + b"garbage\r\n" + BODY, "close", LOST),
    ("a negative chunk", CHUNKED + b"-%x\r\n" % SIZE + BODY, "close", None),
    ("a chunk beyond all", CHUNKED + b"f" * 40 + b"\r\n" + BODY, "close", LOST),
    ("an endless size of a chunk", CHUNKED + b"1" * 300_000, "close", LOST),
    ("many trailers", IN_CHUNKS[:-2] + b"X: x\r\n" * 5000 + b"\r\n", "stay", FINE),
    ("an unknown transfer encoding", STATUS + b"Transfer-Encoding: odd\r\n\r\n" + BODY, "close", None),
    # encodings
    ("gzip", ENCODED % (b"gzip", len(GZIP), GZIP), "stay", FINE),
    ("an unknown encoding", ENCODED % (b"odd", SIZE, BODY), "stay", None),
    ("garbage for gzip", ENCODED % (b"gzip", SIZE, BODY), "stay", LOST),
    ("half of gzip, as if whole", ENCODED % (b"gzip", 40, GZIP[:40]), "stay", LOST),
    ("garbage after gzip", ENCODED % (b"gzip", len(GZIP) + 7, GZIP + b"garbage"), "stay", None),
    ("many layers of gzip", ENCODED % (b"gzip, " * 50 + b"gzip", SIZE, BODY), "stay", None),
    ("a gzip bomb", ENCODED % (b"gzip", len(BOMB), BOMB), "stay", UNREADABLE),
    ("much gzip of nothing", ENCODED % (b"gzip", len(NOTHING), NOTHING), "stay", UNREADABLE),
    ("an oversized body", sized(b'{"id": "1"}' + b" " * LARGEST), "stay", UNREADABLE),
    ("large chunks", CHUNKED + (b"ff\r\n" + b" " * 255 + b"\r\n") * 999 + b"0\r\n\r\n", "stay", UNREADABLE),
    ("UTF-16", sized(BODY.decode().encode("utf-16"), more=CHARSET % "utf-16"), "stay", FINE),
    ("a byte order mark", sized(b"\xef\xbb\xbf" + BODY), "stay", FINE),
    ("Latin-1", sized(BODY.replace(b"i1", b"i\xe9"), more=CHARSET % "latin-1"), "stay", None),
    ("an odd charset", sized(BODY, more=CHARSET % "odd"), "stay", FINE),
    # bodies
    ("nothing", sized(b""), "stay", EMPTY),
    ("204", b"HTTP/1.1 204 None\r\n\r\n", "stay", at(204, EMPTY)),
    ("HTML", sized(b"<html>hello</html>"), "stay", UNREADABLE),
    ("half of it, as if whole", sized(BODY[:-9]), "stay", UNREADABLE),
    ("twice", sized(BODY + BODY), "stay", UNREADABLE),
    ("null", sized(b"null"), "stay", UNREADABLE),
    ("a list", sized(b"[1]"), "stay", UNREADABLE),
    ("a text", sized(b'"text"'), "stay", UNREADABLE),
    ("nested brackets", sized(b"[" * 100_000), "stay", UNREADABLE),
    ("nested braces", sized(b'{"id":' * 20_000 + b"1" + b"}" * 20_000), "stay", SILENT),
    ("a long number", sized(b'{"id": ' + b"9" * 5000 + BODY[10:]), "stay", None),
    ("duplicate keys", sized(b'{"id": "2", ' + BODY[1:]), "stay", FINE),
    ("NaN", sized(b'{"width": NaN, ' + BODY[1:]), "stay", FINE),
    ("a huge number", sized(b'{"width": 1%s, ' % (b"0" * 400) + BODY[1:]), "stay", FINE),
    ("half a character", sized(b'{"x": "\\ud800", ' + BODY[1:]), "stay", FINE),
    ("unknown fields", sized(b'{"x": {"y": [1]}, ' + BODY[1:]), "stay", FINE),
    ("an empty object", sized(b"{}"), "stay", SILENT),
    ("nulls", sized(b'{"id": null, "data": null, "errors": null, "message": null}'), "stay", SILENT),
    ("an empty list of images", sized(b'{"data": []}'), "stay", SILENT),
    ("images of null", sized(b'{"data": [null]}'), "stay", SILENT),
    ("images without names", sized(b'{"data": [{}]}'), "stay", SILENT),
    ("wrong types", sized(b'{"id": [1], "data": "x", "results": 7}'), "stay", SILENT),
]  # fmt: skip


def _cuts(
    where: str, fault: Fault, scheme: str, ends: tuple[str, ...] = ENDS, reused: bool = False
) -> list[Row]:
    """Return a row for each way of ending at the same place."""
    rule = {"close": LOST, "reset": LOST, "stall": LATE}
    return [
        Row(f"{end} {where}, {scheme}", fault._replace(end=end), rule[end], scheme, reused) for end in ends
    ]


def _rows() -> Iterator[Row]:
    for where, take, give in HANDSHAKES:
        for end in ENDS:
            rule = UNSENT_IN_TIME if end == "stall" and give in (b"", HALF_A_HELLO) else UNSENT
            yield Row(f"{end} {where}", Fault(take, give, end), rule, "https")
    for scheme in ("http", "https"):
        for where, take in REQUESTS[scheme == "https" :]:
            yield from _cuts(where, Fault(take), scheme)
        for where, give in ANSWERS:
            yield from _cuts(where, Fault("request", give), scheme, ENDS if scheme == "http" else ENDS[:2])
        for where, give in WHOLE:
            for row in _cuts(where, Fault("request", give), scheme, ENDS[:2]):
                yield row._replace(rule=FINE)
        yield from _cuts("at once when reused", Fault("request"), scheme, reused=True)
    for status, rule in STATUSES.items():
        for form, head, body, end in FORMS:
            if end == "stall" and status not in STALLED:
                continue
            given = b"HTTP/1.1 %d Reason\r\n%s\r\n\r\n%s" % (status, head, body)
            yield Row(f"{status} {form}", Fault("request", given, end), rule)
    for name, given, end, rule in WRONG:
        yield Row(name, Fault("request", given, end), rule)


TABLE = list(_rows())
BODILESS = ("get", "delete")
CASES = [
    pytest.param(row, name, id=f"{row.name}-{name}")
    for row in TABLE
    for name in OPERATIONS
    if not (row.fault.take == "body" and name in BODILESS)
]
