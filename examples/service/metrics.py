"""What Prometheus reads at `/metrics`, of all processes together."""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("service_requests", "Answers of this service", ["endpoint", "status"])
SECONDS = Histogram("service_request_seconds", "How long they took", ["endpoint"])
LICENCES = Counter("service_licences", "Items of licence requests, by what became of them", ["outcome"])


def measure(app: Flask) -> None:
    """Measure each request of an application, and show the metrics."""
    app.before_request(_begin)
    app.after_request(_end)
    app.add_url_rule("/metrics", "metrics", _shown)


def _begin() -> None:
    g.began = time.monotonic()


def _end(response: Response) -> Response:
    endpoint = request.endpoint or "none"  # not the path: each value is a series of its own
    REQUESTS.labels(endpoint, response.status_code).inc()
    SECONDS.labels(endpoint).observe(time.monotonic() - g.began)
    return response


def _shown() -> Response:
    collected = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        collected = CollectorRegistry()
        MultiProcessCollector(collected)  # type: ignore[no-untyped-call]
    return Response(generate_latest(collected), content_type=CONTENT_TYPE_LATEST)
