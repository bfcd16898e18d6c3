"""Faults: each kind, for one route or for all, by rule or by header."""

from __future__ import annotations

import re
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from urllib3.exceptions import IncompleteRead, ProtocolError

from shutterstock_api.sandbox import Fault, Quirks, Sandbox
from shutterstock_api.sandbox.contract.contract import load_contract
from shutterstock_api.sandbox.http.faults import FaultError, parse_fault

PATH = "/v2/images/1"


def test_a_status_as_often_as_wanted(client: Any) -> None:
    client.sandbox.faults.add(Fault(status=503), times=2)
    replies = [client("GET", PATH) for _ in range(3)]
    assert [reply.status for reply in replies] == [503, 503, 200]
    assert replies[0].json == {"message": "This 503 was asked for"}


def test_faults_of_one_operation_and_in_turn(client: Any) -> None:
    client.sandbox.faults.add(Fault(status=500, operation="search_images"))
    client.sandbox.faults.add(Fault(status=502), times=1)
    client.sandbox.faults.add(Fault(status=404, operation="download"))
    statuses = [client("GET", path).status for path in (PATH, PATH, "/v2/images/search", "/download/x")]
    assert statuses == [502, 200, 500, 404]
    client.sandbox.faults.clear()
    assert client("GET", "/v2/images/search").status == 200


@pytest.mark.parametrize("name", ["get_similar_images", "ImagesApi.get_similar_images"])
def test_an_operation_goes_by_its_method_with_or_without_the_class(client: Any, name: str) -> None:
    client.sandbox.faults.add(Fault(status=500, operation="ComputerVisionApi.get_similar_images"))
    client.sandbox.faults.add(Fault(status=502, operation=name))
    assert [client("GET", path).status for path in (f"{PATH}/similar", "/v2/images/search")] == [502, 200]


def test_a_misspelt_operation(client: Any) -> None:
    faults = client.sandbox.faults
    with pytest.raises(
        ValueError, match="'licence_images': no such operation; did you mean 'license_images'"
    ):
        faults.add(Fault(status=500, operation="licence_images"))
    with pytest.raises(ValueError, match="did you mean 'ImagesApi.get_image'"):
        faults.add(Fault(status=500, operation="ImageApi.get_image"))
    with pytest.raises(ValueError, match="no such operation; there are AudioApi.add_soundbox_items, "):
        faults.add(Fault(status=500, operation="?"))
    assert client("GET", PATH).status == 200
    for page in ("download", "preview", "login"):
        faults.add(Fault(status=500, operation=page))


@pytest.mark.parametrize(
    ("made", "name", "hint"),
    [
        (Fault, "statuss", "Fault has no argument 'statuss'; did you mean 'status'?"),
        (Sandbox, "image", "Sandbox has no argument 'image'; did you mean 'images'?"),
        (Quirks, "lag", "Quirks has no argument 'lag'; there are "),
    ],
)
def test_a_misspelt_keyword(made: Any, name: str, hint: str) -> None:
    with pytest.raises(TypeError, match=re.escape(hint)):
        made(**{name: 1})


@pytest.mark.parametrize(
    ("method", "elder", "newer"),
    [
        ("get_similar_images", "ImagesApi", "ComputerVisionApi"),
        ("get_similar_videos", "VideosApi", "ComputerVisionApi"),
        ("get_editorial_image", "EditorialImagesApi", "EditorialApi"),
    ],
)
def test_a_name_that_two_classes_share(client: Any, method: str, elder: str, newer: str) -> None:
    operations = load_contract().operations.values()
    shared = {one.full_name: one.names for one in operations if one.full_name.endswith(f".{method}")}
    assert shared == {
        f"{elder}.{method}": (method, f"{elder}.{method}"),
        f"{newer}.{method}": (f"{newer}.{method}", f"{newer}.{method}"),
    }
    [path] = [one.path.replace("{id}", "1") for one in operations if one.full_name == f"{newer}.{method}"]
    client.sandbox.faults.add(Fault(status=500, operation=method))
    client.sandbox.faults.add(Fault(status=502, operation=f"{newer}.{method}"))
    assert client("GET", path).status == 502


def test_no_other_name_is_shared() -> None:
    names = Counter(one.full_name.partition(".")[2] for one in load_contract().operations.values())
    assert sorted(name for name, times in names.items() if times > 1) == [
        "get_editorial_image",
        "get_similar_images",
        "get_similar_videos",
    ]


def test_the_work_is_not_done_where_a_status_is_asked_for(client: Any) -> None:
    client.sandbox.faults.add(Fault(status=500), times=1)
    assert client("POST", "/v2/images/licenses", {"images": [{"image_id": "1"}]}).status == 500
    assert client.sandbox.allotment() == 10_000


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(status=504, done=True), 504),
        (Fault(status=502, body="html", done=True), 502),
        (Fault(status=200, body="empty", done=True), 200),
        (Fault(status=503, done=True, close="idle"), 503),
    ],
)
def test_a_status_may_hide_that_the_work_was_done(client: Any, fault: Fault, status: int) -> None:
    client.sandbox.faults.add(fault, times=1)
    reply = client("POST", "/v2/images/licenses", {"images": [{"image_id": "1"}]})
    assert (reply.status, b"license_id" in reply.data) == (status, False)
    assert client.sandbox.allotment() == 9_999


@pytest.mark.parametrize(
    ("fault", "kind", "body"),
    [
        (Fault(status=502, body="html"), "text/html; charset=utf-8", b"<html>"),
        (Fault(status=500, body="empty"), None, b""),
        (Fault(status=204), None, b""),
    ],
)
def test_bodies(client: Any, fault: Fault, kind: str | None, body: bytes) -> None:
    client.sandbox.faults.add(fault)
    reply = client("GET", PATH)
    assert (reply.status, reply.headers.get("Content-Type")) == (fault.status, kind)
    assert reply.data[: len(body)] == body[: len(reply.data)]


@pytest.mark.parametrize(
    ("fault", "licences"),
    [
        (Fault(close="before", operation="license_images"), 0),
        (Fault(close="after", operation="license_images"), 1),
        (Fault(close="before", status=503), 0),
        (Fault(close="after", status=503), 1),
    ],
)
def test_dropped_connections(client: Any, fault: Fault, licences: int) -> None:
    client.sandbox.faults.add(fault, times=1)
    with pytest.raises(ProtocolError):
        client.license({"image_id": "1", "editorial_acknowledgement": True})
    assert client.sandbox.allotment() == 10_000 - licences
    assert client("GET", PATH).status == 200


def until_the_end(client: Any, fault: str) -> tuple[bytes, bytes]:
    """Head and body of an answer after which the server hangs up."""
    request = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nUser-Agent: tests\r\nX-Sandbox-Fault: {fault}\r\n"
    authorization = f"Authorization: Bearer {client.sandbox.token()}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(client.sandbox.url).port), 10) as connection:
        connection.sendall((request + authorization).encode())
        head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize(("extra", "status"), [("", b"200"), ("; status=503", b"503")])
def test_a_connection_that_closes_between_requests(client: Any, extra: str, status: bytes) -> None:
    head, body = until_the_end(client, f"close=idle{extra}")
    assert head.split()[1] == status
    assert b"connection:" not in head.lower()
    assert f"Content-Length: {len(body)}".encode() in head


@pytest.mark.parametrize("extra", ["", "; status=503"])
@pytest.mark.parametrize("part", [0.0, 0.5, 0.99])
def test_a_part_of_a_body(client: Any, part: float, extra: str) -> None:
    head, body = until_the_end(client, f"truncate={part}{extra}")
    assert len(body) == int(part * int(head.rpartition(b":")[2]))


def test_truncated_bodies(client: Any) -> None:
    with pytest.raises((IncompleteRead, ProtocolError)):
        client("GET", PATH, headers={"X-Sandbox-Fault": "truncate=100"})
    with pytest.raises((IncompleteRead, ProtocolError)):
        client("GET", "/previews/preview/1.jpg", headers={"X-Sandbox-Fault": "truncate=0"})
    raw = client.pool.request(
        "GET",
        f"{client.sandbox.url}/previews/preview/1.jpg",
        headers={"X-Sandbox-Fault": "truncate=100"},
        preload_content=False,
    )
    assert int(raw.headers["Content-Length"]) > 100
    with pytest.raises((IncompleteRead, ProtocolError)):
        raw.read()
    raw.close()


def test_garbage_comes_with_200_and_the_work_done(client: Any) -> None:
    client.sandbox.faults.add(Fault(garbage=True), times=1)
    reply = client("POST", "/v2/images/collections", {"name": "x"})
    assert reply.status == 200
    with pytest.raises(ValueError, match=r"."):
        reply.json  # noqa: B018
    assert client.get("/v2/images/collections")["total_count"] == 3


def test_rate_limit(client: Any, clock: Any) -> None:
    reply = client("GET", PATH, headers={"X-Sandbox-Fault": "rate_limit=30"})
    reset = round((clock.now + 30) * 1000)
    assert (reply.status, reply.json["reset"], reply.json["remaining"]) == (429, reset, 0)
    assert reply.headers["RateLimit-Reset"] == str(reset)


def test_delay(client: Any) -> None:
    begin = time.perf_counter()
    assert client("GET", PATH, headers={"X-Sandbox-Fault": "delay=0.05; status=503"}).status == 503
    assert time.perf_counter() - begin >= 0.05


def test_stopping_does_not_wait_for_a_delay(start: Any) -> None:
    client = start()
    client.sandbox.faults.add(Fault(delay=60))
    with ThreadPoolExecutor(1) as threads:
        pending = threads.submit(client, "GET", PATH)
        while not client.sandbox.requests:
            time.sleep(0.001)
        begin = time.perf_counter()
        client.sandbox.stop()
        assert time.perf_counter() - begin < 2
        assert pending.exception() is not None or pending.result().status == 200


def test_a_fault_after_the_work_keeps_a_refusal(client: Any) -> None:
    with pytest.raises(ProtocolError):
        client("GET", "/v2/images/404", headers={"X-Sandbox-Fault": "close=after"})
    with pytest.raises((IncompleteRead, ProtocolError)):
        client("GET", "/v2/nothing", headers={"X-Sandbox-Fault": "truncate=3"})


def test_probability_is_repeatable(start: Any) -> None:
    def run(seed: int) -> list[int]:
        client = start()
        client.sandbox.faults.add(Fault(status=503, probability=0.5, seed=seed))
        return [client("GET", PATH).status for _ in range(40)]

    first = run(1)
    assert first == run(1) != run(2)
    assert 5 < first.count(503) < 35


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("status=503", Fault(status=503)),
        ("status=503; body=html", Fault(status=503, body="html")),
        ("delay=0.2,status=500", Fault(delay=0.2, status=500)),
        ("close=before", Fault(close="before")),
        ("status=504; done", Fault(status=504, done=True)),
        ("done=false; status=504", Fault(status=504)),
        ("close=idle", Fault(close="idle")),
        ("truncate=100", Fault(truncate=100)),
        ("truncate=0.5", Fault(truncate=0.5)),
        ("garbage", Fault(garbage=True)),
        ("garbage=true", Fault(garbage=True)),
        ("rate_limit=30", Fault(rate_limit=30)),
    ],
)
def test_headers(header: str, fault: Fault) -> None:
    assert parse_fault(header) == fault


@pytest.mark.parametrize(
    "header",
    [
        "nonsense",
        "status",
        "status=x",
        "status=99",
        "close=never",
        "done",
        "truncate=1.5",
        "truncate=-1",
        "truncate=0.x",
        "body=text",
        "operation=x",
        "status=500 delay=1",
        "=",
    ],
)
def test_headers_that_cannot_be_understood(client: Any, header: str) -> None:
    with pytest.raises(FaultError):
        parse_fault(header)
    reply = client("GET", PATH, headers={"X-Sandbox-Fault": header})
    assert (reply.status, reply.json["errors"][0]["path"]) == (400, "$.headers.X-Sandbox-Fault")


def test_impossible_faults() -> None:
    with pytest.raises(ValueError, match="probability"):
        Fault(probability=2)


def test_a_connection_survives_faults_that_answer(client: Any) -> None:
    pool = urllib3.HTTPConnectionPool("127.0.0.1", int(client.sandbox.url.rpartition(":")[2]))
    for header in ("status=503", "garbage", "rate_limit=1"):
        pool.request("GET", PATH, headers={"X-Sandbox-Fault": header})
    assert pool.num_connections == 1
    pool.close()
