"""What the guide on asyncio says of threads that a task no longer waits for."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from scripted_server import Request, Server, answer

from shutterstock_api import ApiClient, ApiTimeoutError, Configuration, ImagesApi

pytestmark = pytest.mark.docs

ANSWER = {"data": [{"image_id": "17", "license_id": "i1", "download": {"url": "https://files.example/17"}}]}


@pytest.fixture
def images(server: Server) -> ImagesApi:
    return ImagesApi(ApiClient(Configuration(server.url, access_token="t")))


def test_a_call_goes_on_when_its_task_is_cancelled(images: ImagesApi, server: Server) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    stored: list[str | None] = []

    def slow(_: Request) -> bytes:
        arrived.set()
        assert go_on.wait(10)
        return answer(200, ANSWER)

    def license_and_store() -> None:
        answered = images.license_images({"images": [{"image_id": "17"}]})
        stored.extend(result.license_id for result in answered.licensed)

    async def order() -> None:
        task = asyncio.create_task(asyncio.to_thread(license_and_store))
        await asyncio.to_thread(arrived.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert stored == []
        go_on.set()

    server.answers(slow)
    asyncio.run(order())  # it waits for the thread
    assert stored == ["i1"]
    assert len(server.requests) == 1


def test_a_call_that_waits_for_a_thread_is_not_made_once_it_is_cancelled(
    images: ImagesApi, server: Server
) -> None:
    free = threading.Event()

    async def crowd() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        busy = asyncio.create_task(asyncio.to_thread(free.wait, 10))
        waiting = asyncio.create_task(asyncio.to_thread(images.get_image, "17"))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        free.set()
        await busy

    asyncio.run(crowd())
    assert server.requests == []


def test_a_deadline_ends_the_call_itself(images: ImagesApi, server: Server) -> None:
    server.always(server.hang)

    async def in_time() -> None:
        with pytest.raises(ApiTimeoutError):
            await asyncio.to_thread(images.get_image, "17", _deadline=0.02)

    asyncio.run(in_time())
