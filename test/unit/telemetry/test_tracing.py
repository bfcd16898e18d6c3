"""Each call is a span where the program has OpenTelemetry: a stand-in for it, which may fail.

`test/telemetry/` has the real one.
"""

from __future__ import annotations

import contextvars
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from scripted_server import Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiException,
    Configuration,
    ImagesApi,
    LicenseOutcomeUnknown,
    download,
)
from shutterstock_api.transport import pools

PICTURE = b"\xff\xd8\xffpict"
GOOD = answer(200, {"data": []})
SOLD = answer(
    200, {"data": [{"image_id": "1", "license_id": "i1", "download": {"url": "https://d.example/x"}}]}
)
ORDER: dict[str, Any] = {"images": [{"image_id": "1", "metadata": {"order": "confidential"}}]}


class Span:
    def __init__(self, tracer: Tracer, name: str, attributes: dict[str, Any]) -> None:
        self.name, self.attributes, self.tracer = name, dict(attributes), tracer
        self.status: Any = None
        self.ends = 0

    def set_attributes(self, attributes: dict[str, Any]) -> None:
        self.tracer.step("set_attributes")
        self.attributes |= attributes

    def set_attribute(self, name: str, value: Any) -> None:
        self.attributes[name] = value

    def set_status(self, code: str, description: str) -> None:
        self.tracer.step("set_status")
        self.status = code, description

    def end(self) -> None:
        self.tracer.step("end")
        self.ends += 1


class Tracer:
    """The part of OpenTelemetry that we use; one step of it may fail."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.fails_at = ""
        self.current: contextvars.ContextVar[Any] = contextvars.ContextVar("current", default=None)
        self.parents: list[Any] = []

    def step(self, name: str) -> None:
        if name == self.fails_at:
            raise RuntimeError(f"{name} is broken")

    def start_span(self, name: str, attributes: dict[str, Any]) -> Span:
        self.step("start_span")
        self.parents.append(self.current.get())
        self.spans.append(Span(self, name, attributes))
        return self.spans[-1]

    def attach(self, context: Any) -> Any:
        self.step("attach")
        return self.current.set(context)

    def detach(self, token: Any) -> None:
        self.step("detach")
        self.current.reset(token)


@pytest.fixture
def tracer(monkeypatch: pytest.MonkeyPatch) -> Tracer:
    """A program with OpenTelemetry, as far as we can tell."""
    made = Tracer()
    trace: Any = ModuleType("opentelemetry.trace")
    trace.get_tracer = lambda name, version: made
    trace.set_span_in_context = lambda span: span
    trace.StatusCode = type("StatusCode", (), {"ERROR": "error"})
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", trace)
    monkeypatch.setitem(sys.modules, "opentelemetry.context", made)  # type: ignore[arg-type]
    return made


def test_a_call_is_a_span(api: ImagesApi, server: Server, tracer: Tracer) -> None:
    server.answers(answer(503), GOOD)
    api.search_images(query="confidential")
    (span,) = tracer.spans
    assert (span.name, span.status, span.ends) == ("shutterstock.search_images", None, 1)
    assert span.attributes == {
        "http.request.method": "GET",
        "url.template": "/v2/images/search",
        "shutterstock.attempts": 2,
        "http.response.status_code": 200,
    }
    assert tracer.current.get() is None


def test_an_error_is_the_status_of_its_span(api: ImagesApi, server: Server, tracer: Tracer) -> None:
    server.answers(answer(404, {"message": "confidential"}))
    with pytest.raises(ApiException):
        api.get_image("1")
    (span,) = tracer.spans
    assert (span.status, span.ends) == (("error", "NotFoundError"), 1)
    assert span.attributes == {
        "http.request.method": "GET",
        "url.template": "/v2/images/{id}",
        "shutterstock.attempts": 1,
        "http.response.status_code": 404,
        "error.type": "NotFoundError",
    }


def test_a_licence_in_doubt_is_an_error_of_its_span(api: ImagesApi, server: Server, tracer: Tracer) -> None:
    server.answers(answer(200, b"garbage"))
    with pytest.raises(LicenseOutcomeUnknown):
        api.license_images(ORDER)
    assert tracer.spans[0].status == ("error", "LicenseOutcomeUnknown")
    assert tracer.spans[0].attributes["http.response.status_code"] == 200


def test_what_a_program_raises_ends_the_span(api: ImagesApi, tracer: Tracer) -> None:
    def refresh(_: Configuration) -> None:
        raise ZeroDivisionError

    api.api_client.configuration.refresh_api_key_hook = refresh
    with pytest.raises(ZeroDivisionError):
        api.get_image("1")
    assert (tracer.spans[0].status, tracer.spans[0].ends) == (("error", "ZeroDivisionError"), 1)


def test_a_download_is_a_span(server: Server, client: ApiClient, tracer: Tracer, tmp_path: Path) -> None:
    server.answers(answer(503), answer(200, PICTURE), answer(404))
    download(f"{server.url}/secret", tmp_path / "x", api=client)
    with pytest.raises(ApiException):
        download(f"{server.url}/secret", tmp_path / "y", api=client)
    assert [span.name for span in tracer.spans] == ["shutterstock.download"] * 2
    assert tracer.spans[0].attributes["shutterstock.attempts"] == 2
    assert tracer.spans[1].status == ("error", "DownloadError")
    assert "secret" not in str([vars(span) for span in tracer.spans])


def test_spans_in_other_threads_have_the_parent_of_the_call(
    server: Server, client: ApiClient, tracer: Tracer, tmp_path: Path
) -> None:
    server.always(answer(200, {"data": [{"id": "1"}], "total_count": 3, "per_page": 1}))
    tracer.current.set("the request that is being served")
    api = ImagesApi(client)
    api.search_images(async_req=True).get(5)  # type: ignore[attr-defined]
    with suppress(ApiException):
        list(shutterstock_api.paginate(api.search_images, prefetch=1, limit=3))
    shutterstock_api.download_many([f"{server.url}/{n}" for n in range(3)], tmp_path, api=client, workers=2)
    assert len(tracer.parents) >= 6
    assert set(tracer.parents) == {"the request that is being served"}
    client.close()


@pytest.mark.parametrize("step", ["start_span", "attach", "set_attributes", "set_status", "end", "detach"])
def test_a_tracer_that_fails_harms_no_call(
    api: ImagesApi, server: Server, tracer: Tracer, step: str, caplog: pytest.LogCaptureFixture
) -> None:
    tracer.fails_at = step
    server.answers(SOLD, answer(404))
    assert api.license_images(ORDER).licensed
    with pytest.raises(shutterstock_api.NotFoundError):
        api.get_image("1")
    assert len(server.requests) == 2
    assert "tracing failed; the call goes on" in [record.getMessage() for record in caplog.records]
    if step not in ("start_span", "end"):
        assert [span.ends for span in tracer.spans] == [1, 1]


def test_half_an_opentelemetry_harms_no_call(
    api: ImagesApi, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", ModuleType("opentelemetry.trace"))
    monkeypatch.delitem(sys.modules, "opentelemetry.context", raising=False)
    server.answers(GOOD)
    assert api.search_images().data == []


@pytest.mark.parametrize(("operation", "requests"), [("license_images", 1), ("search_images", 3)])
def test_where_what_instruments_urllib3_fails_a_purchase_is_in_doubt(
    api: ImagesApi, server: Server, monkeypatch: pytest.MonkeyPatch, operation: str, requests: int
) -> None:
    plain = pools.POOLS["http"].urlopen

    def urlopen(*arguments: Any, **options: Any) -> Any:
        plain(*arguments, **options).drain_conn()
        raise RuntimeError("the tracer is broken")

    monkeypatch.setattr(pools.POOLS["http"], "urlopen", urlopen)
    server.always(SOLD)
    arguments = (ORDER,) if operation == "license_images" else ()
    with pytest.raises(ApiException, match="the tracer is broken") as caught:
        getattr(api, operation)(*arguments)
    assert isinstance(caught.value, LicenseOutcomeUnknown) == (operation == "license_images")
    assert len(server.requests) == requests
