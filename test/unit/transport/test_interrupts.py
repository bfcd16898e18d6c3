"""Ctrl-C, or a signal handler that raises, at any instruction of a call: the client still works."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from interrupts import Interrupt, in_own_thread, in_time
from scripted_server import Server, answer

from shutterstock_api import ApiClient, Configuration, ImagesApi
from shutterstock_api.support.timing import time_left, within
from shutterstock_api.transport import service
from shutterstock_api.transport.interruption import Interruption, in_flight, interruptible

# What is struck while it opens a socket leaves that to the garbage collector, which says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
GOOD = answer(200, {"id": "1", "data": [{"image_id": "1", "license_id": "i1"}]})
CALLS: dict[str, Callable[[ImagesApi], Any]] = {
    "a read": lambda api: api.get_image("1"),
    "a read with a bound": lambda api: api.get_image("1", _request_timeout=5, _deadline=5),
    "a licence": lambda api: api.license_images({"images": [{"image_id": "1"}]}),
    "a raw answer": lambda api: api.get_image("1", _preload_content=False).release_conn(),  # type: ignore[attr-defined]
}


def _works(server: Server, kind: str, moments: range) -> int:
    """Strike at each moment in turn, on new connections and on used ones; return how many there were."""
    server.always(GOOD)
    struck = 0
    # urllib3 itself may give a raw answer's connection back and then close it: that is an attempt that fails.
    retries = int(kind == "a raw answer")
    settings = Configuration(server.url, access_token="t", connection_pool_maxsize=1, retries=0)
    with ApiClient(settings) as client:
        api = ImagesApi(client)
        for moment in moments:
            if moment % 2:
                client.close()
            struck += Interrupt(moment)(lambda: CALLS[kind](api))
            try:
                in_time(lambda: api.get_image("1", _request_timeout=10, _retries=retries))
            except Exception as error:
                raise AssertionError(f"no call gets through after an interrupt at moment {moment}") from error
    return struck


@pytest.mark.parametrize("kind", CALLS)
@in_own_thread
def test_the_client_works_after_an_interrupt(server: Server, kind: str) -> None:
    assert _works(server, kind, range(1, 2000, 23)) > 20


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", CALLS)
@in_own_thread
def test_the_client_works_after_an_interrupt_at_any_moment(server: Server, kind: str) -> None:
    assert _works(server, kind, range(1, 2000, 7)) > 60


def test_what_was_interrupted_is_closed_whoever_holds_it(
    api: ImagesApi, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is closed at once, even while something such as a traceback refers to it."""
    held: list[Any] = []

    def struck(response: Any, most: int) -> Any:
        held.append(response._connection)
        raise KeyboardInterrupt

    server.always(GOOD)
    api.api_client.configuration.connection_pool_maxsize = 1
    with monkeypatch.context() as patched:
        patched.setattr(service, "read_body", struck)
        with pytest.raises(KeyboardInterrupt):
            api.get_image("1")
    assert held[0].sock is None
    assert api.get_image("1", _request_timeout=10, _retries=0).id == "1"


@in_own_thread
def test_a_deadline_that_was_interrupted_does_not_count_for_the_next_call() -> None:
    moment = 1
    while Interrupt(moment)(lambda: within(0.0, time.monotonic, lambda: time_left())):
        assert time_left() is None, f"a deadline is left after an interrupt at moment {moment}"
        moment += 1
    assert moment > 3


@in_own_thread
def test_an_interruption_that_was_interrupted_is_forgotten() -> None:
    def cut() -> None:
        with interruptible(Interruption()):
            pass

    moment = 1
    while Interrupt(moment)(cut):
        assert in_flight.interruption is None, f"it is left after an interrupt at moment {moment}"
        moment += 1
    assert moment > 3


class Renewing:
    """Renews a token by a call of its own."""

    def __init__(self, client: ApiClient) -> None:
        self.client = client
        self.token = "old"

    def __call__(self) -> str:
        return self.token

    def renew(self, refused: str) -> str:
        ImagesApi(self.client).get_image("1")
        self.token = "new"
        return self.token


@pytest.mark.exhaustive
@in_own_thread
def test_a_renewal_that_was_interrupted_leaves_no_deadline(server: Server) -> None:
    old = "Bearer old"
    server.always(lambda request: answer(401) if request.headers.get("authorization") == old else GOOD)
    source = Renewing(ApiClient(Configuration(server.url)))
    with source.client, ApiClient(Configuration(server.url, access_token=source)) as client:
        struck = 0
        for moment in range(600, 1400):
            source.token = "old"
            struck += Interrupt(moment)(lambda: ImagesApi(client).get_image("1", _deadline=60))
            assert time_left() is None, f"a deadline is left after an interrupt at moment {moment}"
    assert struck > 200
