"""OpenTelemetry with its own SDK and its instrumentation of urllib3: what reaches an exporter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from scripted_server import HANG_UP, Server, answer

import shutterstock_api
from shutterstock_api import ApiClient, ApiException, Configuration, ImagesApi, LicenseOutcomeUnknown

pytestmark = pytest.mark.telemetry

GOOD = answer(200, {"data": []})
ORDER: dict[str, Any] = {"images": [{"image_id": "1", "metadata": {"order": "planted"}}]}


class Failing(SpanProcessor):
    """A processor that fails when it is told to, as no exporter of the SDK does."""

    fails = False

    def on_end(self, span: ReadableSpan) -> None:
        if self.fails:
            raise RuntimeError("the processor is broken")


@pytest.fixture(scope="session")
def pipeline() -> tuple[InMemorySpanExporter, Failing]:
    """What a program sets up at its start, and only once."""
    exporter, failing = InMemorySpanExporter(), Failing()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.add_span_processor(failing)
    trace.set_tracer_provider(provider)
    return exporter, failing


@pytest.fixture
def spans(pipeline: tuple[InMemorySpanExporter, Failing]) -> InMemorySpanExporter:
    exporter, _ = pipeline
    exporter.clear()
    return exporter


@pytest.fixture
def breaking(pipeline: tuple[InMemorySpanExporter, Failing]) -> Iterator[None]:
    """The end of each span fails."""
    _, failing = pipeline
    failing.fails = True
    yield
    failing.fails = False


@pytest.fixture
def instrumented(spans: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    URLLib3Instrumentor().instrument()
    yield spans
    URLLib3Instrumentor().uninstrument()


def context(span: ReadableSpan) -> trace.SpanContext:
    found = span.get_span_context()
    assert found is not None
    return found


def parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


def test_a_span_for_each_attempt_below_one_for_the_call(
    api: ImagesApi, server: Server, instrumented: InMemorySpanExporter
) -> None:
    server.answers(answer(503), HANG_UP, GOOD)
    with trace.get_tracer("program").start_as_current_span("request being served"):
        api.search_images(query="cat")
    *attempts, call, program = instrumented.get_finished_spans()
    assert [span.name for span in attempts] == ["GET"] * 3
    assert [span.kind for span in attempts] == [trace.SpanKind.CLIENT] * 3
    assert call.name == "shutterstock.search_images"
    assert call.kind is trace.SpanKind.INTERNAL
    assert call.instrumentation_scope is not None
    assert call.instrumentation_scope.name == "shutterstock_api"
    assert parent(call) == context(program).span_id
    assert {parent(span) for span in attempts} == {context(call).span_id}
    assert call.attributes == {
        "http.request.method": "GET",
        "url.template": "/v2/images/search",
        "shutterstock.attempts": 3,
        "http.response.status_code": 200,
    }
    assert call.status.status_code is trace.StatusCode.UNSET


def test_each_attempt_tells_the_service_its_own_span(
    api: ImagesApi, server: Server, instrumented: InMemorySpanExporter
) -> None:
    server.answers(answer(503), GOOD)
    api.search_images()
    *attempts, _ = instrumented.get_finished_spans()
    assert [request.headers["traceparent"].split("-")[1:3] for request in server.requests] == [
        [trace.format_trace_id(context(span).trace_id), trace.format_span_id(context(span).span_id)]
        for span in attempts
    ]


def test_an_error_is_the_status_of_the_call(
    api: ImagesApi, server: Server, instrumented: InMemorySpanExporter
) -> None:
    server.answers(HANG_UP)
    with pytest.raises(LicenseOutcomeUnknown):
        api.license_images(ORDER)
    attempt, call = instrumented.get_finished_spans()
    assert (call.status.status_code, call.status.description) == (
        trace.StatusCode.ERROR,
        "LicenseOutcomeUnknown",
    )
    assert call.attributes is not None
    assert (call.attributes["error.type"], call.attributes["shutterstock.attempts"]) == (
        "LicenseOutcomeUnknown",
        1,
    )
    assert attempt.status.status_code is trace.StatusCode.ERROR


def test_background_calls_belong_to_their_trace(
    api: ImagesApi, server: Server, instrumented: InMemorySpanExporter, tmp_path: Path
) -> None:
    server.always(answer(200, b'{"data": []}'))
    with trace.get_tracer("program").start_as_current_span("request being served") as span:
        api.search_images(async_req=True).get(5)  # type: ignore[attr-defined]
        shutterstock_api.download_many([f"{server.url}/1", f"{server.url}/2"], tmp_path, api=api)
    found = instrumented.get_finished_spans()
    assert {context(one).trace_id for one in found} == {span.get_span_context().trace_id}
    assert sorted(one.name for one in found if one.name != "GET") == [
        "request being served",
        "shutterstock.download",
        "shutterstock.download",
        "shutterstock.search_images",
    ]
    api.api_client.close()


@pytest.mark.parametrize("proxied", [False, True])
def test_no_span_holds_a_secret(
    server: Server, refusing: str, instrumented: InMemorySpanExporter, tmp_path: Path, proxied: bool
) -> None:
    proxy = server.url.replace("//", "//planted:planted@") if proxied else ""
    host = "http://service.invalid" if proxied else server.url
    settings = Configuration(
        host, access_token="v2/planted", proxy=proxy, retries=0, allow_insecure_host=proxied
    )
    with ApiClient(settings) as client:
        api = ImagesApi(client)
        server.answers(
            GOOD,
            answer(403, {"message": "planted"}),
            answer(200, b"\xff\xd8\xffpicture"),
            answer(404, b"planted"),
            answer(302, Location="/planted-too?planted"),
            HANG_UP,
        )
        api.search_images(query="cat")
        with pytest.raises(ApiException):
            api.license_images(ORDER)
        link = f"{host}/planted/file.jpg?sign=planted"
        shutterstock_api.download(link, tmp_path / "x", api=client)
        for place in (link, link, f"{refusing}/planted?planted"):
            with pytest.raises(ApiException):
                shutterstock_api.download(place, tmp_path / "y", api=client)
    found = instrumented.get_finished_spans()
    assert len(server.requests) == (7 if proxied else 6)
    assert len(found) == 8  # two calls with an attempt each, and four downloads
    for span in found:
        assert "planted" not in span.to_json()


def test_without_the_instrumentation_the_span_of_the_call_is_there(
    api: ImagesApi, server: Server, spans: InMemorySpanExporter
) -> None:
    server.answers(GOOD)
    api.search_images()
    assert [span.name for span in spans.get_finished_spans()] == ["shutterstock.search_images"]
    assert "traceparent" not in server.request.headers


@pytest.mark.usefixtures("breaking")
def test_a_processor_that_fails_harms_no_call(api: ImagesApi, server: Server) -> None:
    server.answers(GOOD)
    assert api.search_images().data == []


@pytest.mark.usefixtures("instrumented", "breaking")
def test_where_the_instrumentation_fails_no_purchase_is_lost_or_repeated(
    api: ImagesApi, server: Server
) -> None:
    server.always(GOOD)
    with pytest.raises(LicenseOutcomeUnknown):  # the span of the attempt ends between the answer and us
        api.license_images(ORDER)
    assert len(server.requests) == 1
