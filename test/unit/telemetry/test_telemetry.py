"""What the log and the hooks are told about calls, and what they cannot do to them."""

from __future__ import annotations

import copy
import dataclasses
import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from scripted_server import HANG_UP, Clock, Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    Configuration,
    ImagesApi,
    LicenseOutcomeUnknown,
    RateLimit,
    RateLimitError,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
    download,
)

HOOKS = ("on_request", "on_response", "on_retry")
SEARCH = ("search_images", "GET", "/v2/images/search")
PICTURE = b"\xff\xd8\xffpict"
GOOD = answer(200, {"data": []})
SOLD = answer(
    200, {"data": [{"image_id": "1", "license_id": "i1", "download": {"url": "https://d.example/x"}}]}
)
ORDER: dict[str, Any] = {"images": [{"image_id": "1", "metadata": {"order": "confidential"}}]}


@pytest.fixture
def seen(client: ApiClient) -> list[Any]:
    """All that the hooks are called with."""
    events: list[Any] = []
    for name in HOOKS:
        setattr(client.configuration, name, events.append)
    return events


@pytest.fixture
def records(caplog: pytest.LogCaptureFixture) -> Callable[[], list[logging.LogRecord]]:
    """Return what our logger said so far."""
    caplog.set_level(logging.DEBUG, "shutterstock_api")
    return lambda: [record for record in caplog.records if record.name == "shutterstock_api"]


# Hooks.


def test_hooks_see_each_attempt(api: ImagesApi, server: Server, clock: Clock, seen: list[Any]) -> None:
    def slow(_: Any) -> bytes:
        clock.now += 0.25
        return answer(200, {"data": []}, X_Request_Id="r2", RateLimit_Limit="9", RateLimit_Remaining="8")

    server.answers(answer(503, X_Request_Id="r1"), slow)
    api.search_images(query="confidential")
    assert seen == [
        RequestEvent(*SEARCH, attempt=1),
        ResponseEvent(*SEARCH, 1, 0.0, 503, "ServerError", None, "r1", None),
        RetryEvent(*SEARCH, 1, wait=0.5, status=503, error="ServerError"),
        RequestEvent(*SEARCH, attempt=2),
        ResponseEvent(*SEARCH, 2, 0.25, 200, None, 12, "r2", RateLimit(9, 8, None)),
    ]


@pytest.mark.parametrize("name", HOOKS)
def test_each_hook_works_alone(api: ImagesApi, server: Server, name: str) -> None:
    seen: list[Any] = []
    setattr(api.api_client.configuration, name, seen.append)
    server.answers(answer(503), GOOD)
    api.search_images()
    assert [event.attempt for event in seen] == ([1] if name == "on_retry" else [1, 2])


def test_an_attempt_without_an_answer(api: ImagesApi, server: Server, seen: list[Any]) -> None:
    server.answers(HANG_UP, HANG_UP)
    with pytest.raises(ApiException):
        api.search_images(_retries=0)
    assert seen[1] == ResponseEvent(*SEARCH, 1, 0.0, None, "ApiConnectionError", None, None, None)
    assert len(seen) == 2


def test_other_credentials_are_a_retry_too(api: ImagesApi, server: Server, seen: list[Any], records) -> None:
    tokens = iter(["old", "new"])
    api.api_client.configuration.access_token = lambda: next(tokens)
    server.answers(answer(401), GOOD)
    api.search_images()
    assert seen[2] == RetryEvent(*SEARCH, 1, 0.0, 401, "UnauthorizedError")
    assert "GET /v2/images/search: sent again with other credentials: 401" in [
        record.getMessage() for record in records()
    ]


def test_paths_of_the_program_are_one_operation(client: ApiClient, server: Server, seen: list[Any]) -> None:
    server.always(answer(200, {}))
    client.request("GET", "/v2/videos/17", query={"view": "confidential"})
    client.call_api("/v2/videos/{id}", "GET", {"id": "18"})
    assert [(event.operation, event.path) for event in seen[::2]] == [
        ("request", "/v2/videos/17"),
        ("request", "/v2/videos/18"),
    ]


def test_a_body_left_to_the_caller_has_no_size(api: ImagesApi, server: Server, seen: list[Any]) -> None:
    server.answers(GOOD)
    api.search_images(_preload_content=False).release_conn()  # type: ignore[attr-defined]
    assert (seen[-1].status, seen[-1].bytes) == (200, None)


def test_hooks_run_in_the_thread_of_the_call(api: ImagesApi, server: Server) -> None:
    threads: list[str] = []
    api.api_client.configuration.on_response = lambda _: threads.append(threading.current_thread().name)
    server.always(GOOD)
    api.search_images()
    api.search_images(async_req=True).get(5)  # type: ignore[attr-defined]
    assert threads[0] == threading.current_thread().name != threads[1]
    api.api_client.close()


def test_events_do_not_change(seen: list[Any], api: ImagesApi, server: Server) -> None:
    server.answers(GOOD)
    api.search_images()
    with pytest.raises(dataclasses.FrozenInstanceError):
        seen[0].path = "/elsewhere"
    assert pickle.loads(pickle.dumps(seen)) == seen


def test_a_download(server: Server, client: ApiClient, seen: list[Any], tmp_path: Path) -> None:
    server.answers(answer(503), answer(200, PICTURE + b"x" * 43))
    link = f"{server.url}/secret-file?sign=secret"
    assert download(link, tmp_path / "x", api=client).bytes == 50
    about = ("download", "GET", server.url)
    assert seen == [
        RequestEvent(*about, 1),
        ResponseEvent(*about, 1, 0.0, 503, "DownloadError", None, None, None),
        RetryEvent(*about, 1, 0.5, 503, "DownloadError"),
        RequestEvent(*about, 2),
        ResponseEvent(*about, 2, 0.0, 200, None, 50, None, None),
    ]


def test_a_download_names_its_image(server: Server, api: ImagesApi, seen: list[Any], tmp_path: Path) -> None:
    fresh = answer(200, {"url": f"{server.url}/new"})
    server.answers(answer(403), fresh, answer(200, PICTURE))
    result = shutterstock_api.LicenseImageResult(
        image_id="17", license_id="i1", download=shutterstock_api.Url(url=f"{server.url}/old")
    )
    download(result, tmp_path / "x", api=api)
    assert [(event.operation, event.path) for event in seen if type(event) is RequestEvent] == [
        ("download", "image 17"),
        ("download_image", "/v2/images/licenses/i1/downloads"),
        ("download", "image 17"),
    ]
    assert RetryEvent("download", "GET", "image 17", 1, 0.0, 403, "DownloadError") in seen


# What a hook cannot do.


def broken(_: Any) -> None:
    raise ApiException(reason="a mistake in a hook")


def keep(event: Any) -> None:
    """A hook that pickles: a function of a module."""


def test_a_hook_that_raises_neither_loses_nor_repeats_a_purchase(
    api: ImagesApi, server: Server, records: Callable[[], list[logging.LogRecord]]
) -> None:
    for name in HOOKS:
        setattr(api.api_client.configuration, name, broken)
    server.answers(answer(429), SOLD)
    assert [result.license_id for result in api.license_images(ORDER).licensed] == ["i1"]
    assert len(server.requests) == 2
    errors = [record for record in records() if record.levelno == logging.ERROR]
    assert [record.getMessage() for record in errors] == [
        f"a hook for {kind} failed; the call goes on"
        for kind in ("RequestEvent", "ResponseEvent", "RetryEvent", "RequestEvent", "ResponseEvent")
    ]
    assert all(record.exc_info for record in errors)


def test_a_hook_that_raises_leaves_doubt_as_it_is(api: ImagesApi, server: Server) -> None:
    api.api_client.configuration.on_response = broken
    server.answers(HANG_UP)
    with pytest.raises(LicenseOutcomeUnknown):
        api.license_images(ORDER)
    assert len(server.requests) == 1


@pytest.fixture
def crowded() -> Iterator[None]:
    """The program gives each record a field of its own, by a name that is one of ours too."""
    make = logging.getLogRecordFactory()

    def factory(*args: Any, **options: Any) -> logging.LogRecord:
        record = make(*args, **options)
        record.attempt = "of the program"
        return record

    logging.setLogRecordFactory(factory)
    yield
    logging.setLogRecordFactory(make)


@pytest.mark.usefixtures("crowded")
def test_a_record_that_is_taken_neither_loses_nor_repeats_a_purchase(
    api: ImagesApi, server: Server, records: Callable[[], list[logging.LogRecord]]
) -> None:
    api.api_client.configuration.on_request = broken
    server.answers(answer(429), SOLD, HANG_UP)
    assert [result.license_id for result in api.license_images(ORDER).licensed] == ["i1"]
    with pytest.raises(LicenseOutcomeUnknown):
        api.license_images(ORDER)
    assert len(server.requests) == 3
    assert {vars(record)["attempt"] for record in records()} == {"of the program"}
    assert "POST /v2/images/licenses: 200" in [record.getMessage() for record in records()]


@pytest.mark.parametrize("hook", [None, broken])
def test_a_filter_that_raises_loses_no_purchase(
    api: ImagesApi, server: Server, caplog: pytest.LogCaptureFixture, hook: Any
) -> None:
    def refuse(record: logging.LogRecord) -> bool:
        raise LookupError(record.levelname)

    caplog.set_level(logging.DEBUG, "shutterstock_api")
    api.api_client.configuration.on_request = hook
    server.answers(SOLD)
    logger = logging.getLogger("shutterstock_api")
    logger.addFilter(refuse)
    try:
        assert [result.license_id for result in api.license_images(ORDER).licensed] == ["i1"]
    finally:
        logger.removeFilter(refuse)


@pytest.mark.parametrize("name", HOOKS)
def test_hooks_are_functions(name: str) -> None:
    assert getattr(Configuration(), name) is None
    with pytest.raises(ApiTypeError, match=f"{name}: expected a function, got 'print'"):
        Configuration(**{name: "print"})  # type: ignore[arg-type]


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_hooks_go_with_copies_and_pickles(duplicate: Callable[[Any], Any]) -> None:
    client = ApiClient(Configuration(on_request=keep, on_response=keep, on_retry=keep))
    settings = duplicate(client).configuration
    assert [getattr(settings, name) for name in HOOKS] == [keep] * 3


# The log.


def test_fields_of_the_log(api: ImagesApi, server: Server, records) -> None:
    server.answers(answer(503), answer(200, {"data": []}, X_Request_Id="r"))
    api.search_images(query="confidential")
    about = dict(zip(("operation", "method", "path"), SEARCH, strict=True))
    wanted: list[dict[str, Any]] = [
        {"attempt": 1, "status": 503, "error": "ServerError", "duration": 0.0, "bytes": None},
        {"attempt": 1, "status": 503, "error": "ServerError", "wait": 0.5},
        {"attempt": 2, "status": 200, "error": None, "bytes": 12, "request_id": "r", "rate_limit": None},
    ]
    found = [vars(record) for record in records()]
    assert [record["levelname"] for record in found] == ["DEBUG", "WARNING", "DEBUG"]
    for record, fields in zip(found, wanted, strict=True):
        assert {name: record[name] for name in (*about, *fields)} == about | fields


def test_no_field_is_one_of_logging_itself() -> None:
    own = {*vars(logging.makeLogRecord({})), "message", "asctime"}
    for event in (RequestEvent, ResponseEvent, RetryEvent):
        assert not own & {field.name for field in dataclasses.fields(event)}


def warnings_in(records: list[logging.LogRecord]) -> list[tuple[str, float]]:
    return [
        (record.getMessage(), vars(record)["wait"]) for record in records if record.levelno == logging.WARNING
    ]


def test_a_rate_limit_is_a_warning(api: ImagesApi, server: Server, records) -> None:
    server.answers(answer(429, Retry_After="30"))
    with pytest.raises(RateLimitError):
        api.search_images(_retries=0)
    with pytest.raises(RateLimitError):
        api.get_image("1", _deadline=1)  # held back: nothing is sent
    assert warnings_in(records()) == [
        ("GET /v2/images/search: rate limit: 30.0 s to wait", 30.0),
        ("GET /v2/images/1: rate limit: 31.0 s to wait", 31.0),
    ]


def test_a_rate_limit_that_is_waited_for_is_one_warning(api: ImagesApi, server: Server, records) -> None:
    server.answers(answer(429, Retry_After="30"), GOOD)
    api.search_images()
    assert warnings_in(records()) == [("GET /v2/images/search: sent again in 30.0 s: 429", 30.0)]


def test_nothing_secret_is_told(
    server: Server, clock: Clock, seen: list[Any], client: ApiClient, records, tmp_path: Path
) -> None:
    client.configuration.access_token = "v2/planted"
    server.answers(
        answer(200, {"data": []}, X_Request_Id="echo of v2/planted"),
        answer(503, X_Request_Id="echo of v2/planted"),
        SOLD,
        answer(503, X_Request_Id="echo of /planted-link?sign=planted"),
        answer(200, PICTURE, X_Request_Id="echo of /planted-link?sign=planted"),
    )
    api = ImagesApi(client)
    api.search_images(query="confidential planted")
    with suppress(LicenseOutcomeUnknown):
        api.license_images({"images": [{"image_id": "1", "metadata": {"a": "planted"}}]})
    api.license_images({"images": [{"image_id": "1", "metadata": {"a": "planted"}}]})
    download(f"{server.url}/planted-link?sign=planted", tmp_path / "x", api=client)
    assert len(server.requests) == 5
    told = [*seen, *map(vars, records())]
    assert len(told) > 15
    assert not [one for one in told if "planted" in repr(one)]
    assert [event.request_id for event in seen if isinstance(event, ResponseEvent)].count("echo of ***") == 4
