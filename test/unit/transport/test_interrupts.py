"""Ctrl-C, or a signal handler that raises, at any instruction of a call: the client still works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from interrupts import Interrupt, in_time
from scripted_server import Server, answer

from shutterstock_api import ApiClient, Configuration, ImagesApi

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
def test_the_client_works_after_an_interrupt(server: Server, kind: str) -> None:
    assert _works(server, kind, range(1, 2000, 23)) > 20


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", CALLS)
def test_the_client_works_after_an_interrupt_at_any_moment(server: Server, kind: str) -> None:
    assert _works(server, kind, range(1, 2000, 3)) > 150
