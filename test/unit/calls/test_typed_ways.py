"""The typed ways to call in the background, for status and headers, and for any type of answer."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from functools import partial
from typing import Any

import pytest
from call_samples import IMAGE
from interrupts import Interrupt, in_own_thread
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    BackgroundCall,
    Image,
    NotFoundError,
    in_background,
    with_http_info,
    with_raw_response,
)
from shutterstock_api.calls.async_calls import CallThreads

GOOD = answer(200, IMAGE)


def test_a_call_in_the_background_is_a_future(client: ApiClient, server: Server) -> None:
    server.always(GOOD)
    pending = in_background(client.images.get_image)("1", view="full")
    assert isinstance(pending, concurrent.futures.Future)
    assert (pending.result(5).id, pending.get(5).id, pending.exception(5)) == ("1", "1", None)
    assert pending.done()
    assert pending.ready()
    assert pending.successful()
    assert not pending.cancelled()
    assert server.requests[0].query == [("view", "full")]


def test_async_req_returns_such_an_object_too(client: ApiClient, server: Server) -> None:
    server.always(GOOD)
    pending: Any = client.images.get_image("1", async_req=True)
    assert type(pending) is BackgroundCall
    assert pending.result(5).id == "1"


def test_asyncio_waits_for_it(client: ApiClient, server: Server) -> None:
    server.answers(*[GOOD] * 3, answer(404))
    get = in_background(client.images.get_image)

    async def several() -> list[Image]:
        return await asyncio.gather(*(asyncio.wrap_future(get(id)) for id in ("1", "2", "3")))

    async def missing() -> None:
        await asyncio.wrap_future(get("4"))

    assert [image.id for image in asyncio.run(several())] == ["1"] * 3
    with pytest.raises(NotFoundError):
        asyncio.run(missing())


def test_what_concurrent_futures_offers(client: ApiClient, server: Server) -> None:
    server.always(GOOD)
    pending = [in_background(client.images.get_image)(id) for id in ("1", "2")]
    assert {future.result().id for future in concurrent.futures.as_completed(pending, 5)} == {"1"}
    seen: list[Any] = []
    pending[0].add_done_callback(seen.append)
    assert seen == [pending[0]]


def test_an_error(client: ApiClient, server: Server) -> None:
    server.always(answer(404))
    pending = in_background(client.images.get_image)("1")
    assert isinstance(pending.exception(5), NotFoundError)
    with pytest.raises(NotFoundError):
        pending.result(5)


def test_not_in_time() -> None:
    go = threading.Event()
    pending = CallThreads(1).start(lambda: go.wait(5))
    assert not pending.done()
    for wait in (pending.result, pending.exception):
        with pytest.raises(TimeoutError):
            wait(0.01)
    assert not pending.cancel()  # it has begun
    go.set()
    assert pending.result(5) is True


def test_what_has_not_begun_can_be_cancelled() -> None:
    go, done, threads = threading.Event(), [], CallThreads(1)
    first = threads.start(lambda: go.wait(5))
    second = threads.start(lambda: done.append(1))
    assert second.cancel()
    assert second.cancel()
    assert second.cancelled()
    assert second.done()
    assert second.ready()
    assert not second.successful()
    for wait in (second.get, second.result, second.exception):
        with pytest.raises(concurrent.futures.CancelledError):
            wait(5)
    go.set()
    assert first.result(5) is True
    assert threads.start(lambda: 2).result(5) == 2
    assert done == []


@in_own_thread
def test_ctrl_c_while_the_result_is_waited_for() -> None:
    """Wherever it strikes, the call goes on to its end, and so do those after it."""
    moment, struck = 0, True
    while struck:
        moment += 1
        threads, go = CallThreads(1), threading.Event()
        pending = threads.start(partial(go.wait, 5))
        struck = Interrupt(moment)(partial(_given_up, pending))
        go.set()
        assert pending.result(5) is True
        assert threads.start(lambda: "next").result(5) == "next"
    assert moment > 5


def _given_up(pending: BackgroundCall[Any]) -> None:
    with pytest.raises(TimeoutError):
        pending.result(0.001)


def test_status_headers_and_data(client: ApiClient, server: Server) -> None:
    server.always(answer(200, IMAGE, **{"X-Request-Id": "7"}))
    response = with_raw_response(client.images.get_image)("1")
    assert (response.status, response.headers["x-request-id"], response.data.id) == (200, "7", "1")
    both = in_background(with_http_info(client.images.get_image))("1").result(5)
    assert (both.status, both.data.id) == (200, "1")


def test_any_type_of_answer(client: ApiClient, server: Server) -> None:
    server.answers(GOOD, answer(200, [IMAGE]), GOOD)
    assert client.request("GET", "/v2/images/1", returns=Image).id == "1"
    assert client.request("GET", "/v2/images", returns=list[Image])[0].id == "1"
    assert client.request("GET", "/v2/images/1")["id"] == "1"
