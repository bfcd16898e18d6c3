"""examples/service under gunicorn, as its README runs it: two processes, forked from one that was in use."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import urllib3
from photo_service import COMMAND, PATIENCE, PEOPLE, ROOT, Service, Sold, eventually

from shutterstock_api import ImagesApi
from shutterstock_api.api_client import ApiClient
from shutterstock_api.sandbox import Fault, Sandbox

pytestmark = [
    pytest.mark.service,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="gunicorn needs fork"),
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(images=10_000) as running:
        yield running


@pytest.fixture(scope="module")
def service(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(sandbox, tmp_path_factory.mktemp("service"))
    yield service
    assert service.end() == 0
    assert "Traceback" not in service.log()


@pytest.fixture(autouse=True)
def sold(sandbox: Sandbox) -> Sold:
    """The images and videos that were licensed since the test began."""
    sandbox.reset()
    before = len(sandbox.licenses())
    return lambda: [licence["item_id"] for licence in sandbox.licenses()[before:]]


@pytest.fixture
def own(sandbox: Sandbox, tmp_path: Path) -> Iterator[Service]:
    """A service to be killed or stopped."""
    service = Service(sandbox, tmp_path)
    yield service
    service.end()


@pytest.fixture
def hurried(sandbox: Sandbox, tmp_path: Path) -> Iterator[Service]:
    """A service that gives up soon."""
    service = Service(sandbox, tmp_path, deadline=0.5)
    yield service
    service.end()


def test_readme_shows_this_command():
    assert f" {COMMAND}\n" in (ROOT / "examples" / "service" / "README.md").read_text("utf-8")


# Who is who.


def searches(sandbox: Sandbox) -> set[tuple[str, str]]:
    """What the sandbox was searched for, and with which credentials."""
    return {
        (request.headers["Authorization"], parse_qs(request.query)["query"][0])
        for request in sandbox.requests
    }


def test_nobody_gets_the_token_or_the_answer_of_somebody_else(service: Service, sandbox: Sandbox):
    with ApiClient(sandbox.configuration()) as client:
        api = ImagesApi(client)
        expected = {
            (word, page): [image.id for image in api.search_images(query=word, page=page).data or ()]
            for word in PEOPLE.values()
            for page in (1, 2, 3)
        }
    sandbox.requests.clear()
    processes = set()

    def ask(name: str, page: int) -> None:
        found = service(name, "GET", f"/search?q={PEOPLE[name]}&page={page}")
        processes.add(found.headers["X-Process"])
        assert [image["id"] for image in found.json()["images"]] == expected[PEOPLE[name], page]

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(ask, [*PEOPLE] * 60, [1, 2, 3] * 80))
    assert processes == {str(pid) for pid in service.workers()}
    assert searches(sandbox) == {(f"Bearer {service.tokens[name]}", word) for name, word in PEOPLE.items()}
    assert len(sandbox.requests) == 240


def test_a_thread_of_the_client_has_the_token_of_the_caller(service: Service, sandbox: Sandbox):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: service(name, "GET", "/background"), [*PEOPLE] * 8))
    assert searches(sandbox) == {(f"Bearer {token}", name) for name, token in service.tokens.items()}


def test_a_thread_without_a_request_has_no_token(service: Service, sandbox: Sandbox):
    assert service("ann", "GET", "/elsewhere").json() == {"error": "RuntimeError"}
    assert not sandbox.requests


@pytest.mark.parametrize("name", [None, "eve"])
def test_who_has_no_key_is_turned_away(service: Service, sandbox: Sandbox, name: str | None):
    assert service(name, "GET", "/search?q=cat").status == 401
    assert service.put(name, "stolen", "17").status == 401
    assert not sandbox.requests


def test_a_token_that_was_revoked_is_renewed_once_for_all(service: Service, sandbox: Sandbox):
    old = sandbox.token()
    renewal = sandbox._now.gate.refresh_token(["user.view"])
    service.give("dua", {"access_token": old, "refresh_token": renewal})
    sandbox.revoke(old)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: service("dua", "GET", "/search?q=cat").status, range(16)))
    assert answers == [200] * 16
    renewals = [request for request in sandbox.requests if request.path == "/v2/oauth/access_token"]
    assert len(renewals) == 1
    assert json.loads((service.folder / "dua.json").read_text())["access_token"] != old
    service.give("dua", {"access_token": service.tokens["dua"]})


def test_a_token_that_cannot_be_renewed_is_not_our_401(service: Service, sandbox: Sandbox):
    sandbox.revoke(service.tokens["cem"])
    refused = service("cem", "GET", "/search?q=cat")
    assert (refused.status, refused.json()) == (403, {"error": "Invalid access token"})


# Orders.


def test_an_order_buys_once_however_often_it_is_put(service: Service, sold: Sold):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: service.put("ann", "once", "17", "18", "404"), range(8)))
    assert {answer.status for answer in answers} <= {200, 202}  # 202: another one of them was under way
    last = service.put("ann", "once", "17", "18", "404")
    images = last.json()["images"]
    assert {image_id: image["state"] for image_id, image in images.items()} == {
        "17": "licensed",
        "18": "licensed",
        "404": "refused",
    }
    assert images["17"]["license_id"].startswith("i")
    assert images["404"]["error"] == "Image not found"
    assert service("ann", "GET", "/orders/once").json() == last.json()
    assert sorted(sold()) == ["17", "18"]


def test_an_order_cannot_become_another_one(service: Service, sold: Sold):
    assert service.put("ann", "mine", "17").status == 200
    assert service.put("ann", "mine", "18").status == 409
    assert service("bob", "GET", "/orders/mine").status == 404
    assert service.put("bob", "mine", "18").status == 200  # names are each person's own
    assert sold() == ["17", "18"]


def test_an_order_in_doubt_is_looked_up_and_never_bought_again(
    service: Service, sandbox: Sandbox, sold: Sold
):
    sandbox.faults.add(Fault(close="after", operation="license_images"), times=1)
    doubtful = service.put("ann", "doubtful", "17", "18")
    assert (doubtful.status, doubtful.json()["state"]) == (202, "unknown")
    assert doubtful.headers["Location"] == doubtful.json()["look_up"] == "/orders/doubtful"
    known = service("ann", "GET", "/orders/doubtful")
    assert known.status == 200
    assert [image["state"] for image in known.json()["images"].values()] == ["licensed", "licensed"]
    assert service.put("ann", "doubtful", "17", "18").json() == known.json()
    assert sold() == ["17", "18"]


def test_what_was_lost_on_the_way_stays_in_doubt(service: Service, sandbox: Sandbox, sold: Sold):
    sandbox.faults.add(Fault(close="before", operation="license_images"), times=1)
    assert service.put("ann", "lost", "17").status == 202
    assert service("ann", "GET", "/orders/lost").status == 202  # it may show in the history later
    assert service.put("ann", "lost", "17").status == 202
    assert sold() == []


def test_a_clock_of_ours_alone_proves_nothing(service: Service, sandbox: Sandbox, sold: Sold):
    sandbox.faults.add(Fault(close="before", operation="license_images"), times=1)
    assert service.put("ann", "old", "17").status == 202
    with closing(sqlite3.connect(service.folder / "orders.sqlite")) as database, database:
        database.execute("UPDATE orders SET sent_at = sent_at - 3600 WHERE name = 'old'")
    assert service("ann", "GET", "/orders/old").json()["state"] == "unknown"
    assert sold() == []


def test_an_order_that_failed_as_a_whole_can_be_put_again(service: Service, sandbox: Sandbox, sold: Sold):
    sandbox.faults.add(Fault(status=403, operation="license_images"), times=1)
    assert service.put("ann", "again", "17").status == 403
    assert service("ann", "GET", "/orders/again").status == 404
    assert service.put("ann", "again", "17").status == 200
    assert sold() == ["17"]


# Videos.


def test_videos_are_ordered_likewise(service: Service, sandbox: Sandbox, sold: Sold):
    answers = [service.put_videos("ann", "clips", "hd", "17", "18", "404") for _ in range(3)]
    assert [answer.status for answer in answers] == [200] * 3
    videos = answers[0].json()["videos"]
    assert {video_id: video["state"] for video_id, video in videos.items()} == {
        "17": "licensed",
        "18": "licensed",
        "404": "refused",
    }
    assert videos["17"]["license_id"].startswith("v")
    assert answers[1].json() == answers[2].json() == answers[0].json()
    assert sold() == ["17", "18"]
    assert {licence["size"] for licence in sandbox.licenses()[-2:]} == {"hd"}


def test_videos_in_doubt_are_looked_up_in_their_own_history(service: Service, sandbox: Sandbox, sold: Sold):
    sandbox.faults.add(Fault(close="after", operation="license_videos"), times=1)
    assert service.put_videos("ann", "unclear", "hd", "17", "18").status == 202
    known = service("ann", "GET", "/orders/unclear").json()
    assert [video["state"] for video in known["videos"].values()] == ["licensed", "licensed"]
    assert service.put_videos("ann", "unclear", "hd", "17", "18").json() == known
    assert sold() == ["17", "18"]


def test_another_size_or_medium_is_another_order(service: Service, sold: Sold):
    assert service.put_videos("ann", "clip", "hd", "17").status == 200
    assert service.put_videos("ann", "clip", "web", "17").status == 409
    assert service.put("ann", "clip", "17").status == 409
    assert sold() == ["17"]


def test_no_video_is_bought_in_a_size_that_nobody_chose(service: Service, sandbox: Sandbox):
    refused = service.put_videos("ann", "small", None, "17")
    assert (refused.status, refused.json()["error"][:13]) == (400, "Choose a size")
    assert not sandbox.requests


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"image_ids": "17"},
        {"image_ids": []},
        {"image_ids": [17]},
        {"video_ids": ["17"], "image_ids": ["18"], "size": "hd"},
        {"track_ids": ["17"]},
    ],
)
def test_what_is_no_order_is_refused(service: Service, sandbox: Sandbox, body: Any):
    assert service("ann", "PUT", "/orders/none", body).status == 400
    assert not sandbox.requests


# Trouble.


def test_the_rate_limit_is_handed_on(service: Service, sandbox: Sandbox):
    sandbox.faults.add(Fault(rate_limit=60), times=1)
    refused = service("bob", "GET", "/search?q=cat")
    assert refused.status == 503
    assert 50 < int(refused.headers["Retry-After"]) <= 60


def test_a_call_that_takes_too_long_is_given_up(hurried: Service, sandbox: Sandbox):
    sandbox.faults.add(Fault(delay=PATIENCE, operation="search_images"), times=1)
    assert hurried("bob", "GET", "/search?q=cat").status == 504


def test_an_error_of_the_service_is_a_bad_gateway(service: Service, sandbox: Sandbox):
    sandbox.faults.add(Fault(status=501, operation="search_images"), times=1)
    assert service("bob", "GET", "/search?q=cat").status == 502


def test_health_and_metrics_of_all_processes(service: Service, sandbox: Sandbox):
    def count(series: str) -> float:
        text = service(None, "GET", "/metrics").data.decode()
        return sum(float(value) for value in re.findall(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE))

    searches = 'service_requests_total{endpoint="search",status="200"}'
    licensed = 'service_licences_total{outcome="licensed"}'
    before = count(searches), count(licensed)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: service("ann", "GET", "/search?q=cat"), range(32)))
    service.put("ann", "measured", "17", "18")
    assert (count(searches), count(licensed)) == (before[0] + 32, before[1] + 2)
    assert service(None, "GET", "/health").json() == {"status": "ok"}


# The end of a process.


def under_way(service: Service, sandbox: Sandbox) -> threading.Thread:
    """Put an order whose licence request takes a while; return when it has arrived at the sandbox."""
    sandbox.faults.add(Fault(delay=0.3, operation="license_images"), times=1)
    answers: list[Any] = []

    def put() -> None:
        try:
            answers.append(service.put("ann", "late", "17"))
        except urllib3.exceptions.HTTPError as error:
            answers.append(error)

    thread = threading.Thread(target=put)
    thread.answers = answers  # type: ignore[attr-defined]
    thread.start()
    eventually(lambda: any(request.path == "/v2/images/licenses" for request in sandbox.requests))
    return thread


def test_a_process_that_is_killed_loses_no_licence(own: Service, sandbox: Sandbox, sold: Sold):
    thread = under_way(own, sandbox)
    killed = own.workers()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    thread.join(PATIENCE)
    assert isinstance(thread.answers[0], urllib3.exceptions.ProtocolError)
    eventually(lambda: len(own.workers()) == 4)
    eventually(sold)
    found = own("ann", "GET", "/orders/late")
    assert (found.status, found.json()["images"]["17"]["state"]) == (200, "licensed")
    assert own.put("ann", "late", "17").json() == found.json()
    assert sold() == ["17"]
    assert int(found.headers["X-Process"]) not in killed


def test_a_service_that_is_stopped_finishes_what_is_under_way(own: Service, sandbox: Sandbox, sold: Sold):
    thread = under_way(own, sandbox)
    assert own.end() == 0
    thread.join(PATIENCE)
    assert thread.answers[0].json()["images"]["17"]["state"] == "licensed"
    assert sold() == ["17"]
    with pytest.raises(urllib3.exceptions.HTTPError):
        own("ann", "GET", "/health")
    assert "Traceback" not in own.log()
