"""What Prometheus reads at `/metrics`, for all processes together."""

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
SECONDS = Histogram("service_request_seconds", "Duration of requests", ["endpoint"])
LICENCES = Counter("service_licences", "Items of licence requests, by outcome", ["outcome"])


def measure(app: Flask) -> None:
    """Measure each request to an application, and add the page with the metrics."""
    app.before_request(_begin)
    app.after_request(_end)
    app.add_url_rule("/metrics", "metrics", _shown)


def _begin() -> None:
    g.began = time.monotonic()


def _end(response: Response) -> Response:
    endpoint = request.endpoint or "none"  # not the path: each value would become a time series
    REQUESTS.labels(endpoint, response.status_code).inc()
    SECONDS.labels(endpoint).observe(time.monotonic() - g.began)
    return response


def _shown() -> Response:
    collected = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        collected = CollectorRegistry()
        MultiProcessCollector(collected)  # type: ignore[no-untyped-call]
    return Response(generate_latest(collected), content_type=CONTENT_TYPE_LATEST)
