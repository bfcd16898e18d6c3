"""Metrics for Prometheus: attempts and how they ended, their duration, retries, bytes, the rate limit.

    python -m pip install '.[sandbox]' prometheus_client && python examples/metrics.py

It makes a few calls to a sandbox on this machine and prints what Prometheus would collect. A service gives
`count` and `count_retry` to its own configuration, and shows the metrics as `prometheus_client` does it,
by `start_http_server(8000)` for instance.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, generate_latest

from shutterstock_api import ApiClient, ImagesApi, ResponseEvent, RetryEvent
from shutterstock_api.sandbox import Fault, Sandbox

ATTEMPTS = Counter("shutterstock_attempts", "Attempts by outcome", ["operation", "outcome"])
SECONDS = Histogram("shutterstock_attempt_seconds", "Duration of an attempt", ["operation"])
RETRIES = Counter("shutterstock_retries", "Attempts that were followed by another", ["operation", "error"])
BYTES = Counter("shutterstock_received_bytes", "Bodies of good answers, unpacked", ["operation"])
REMAINING = Gauge("shutterstock_rate_limit_remaining", "Requests that are left, as the service said last")


def count(event: ResponseEvent) -> None:
    """Count an attempt that is over."""
    ATTEMPTS.labels(event.operation, event.error or "ok").inc()
    SECONDS.labels(event.operation).observe(event.duration)
    BYTES.labels(event.operation).inc(event.bytes or 0)
    if event.rate_limit and event.rate_limit.remaining is not None:
        REMAINING.set(event.rate_limit.remaining)


def count_retry(event: RetryEvent) -> None:
    """Count an attempt that failed and is followed by another."""
    RETRIES.labels(event.operation, event.error).inc()


def main() -> None:
    with Sandbox() as sandbox:
        settings = sandbox.configuration(on_response=count, on_retry=count_retry)
        sandbox.faults.add(Fault(status=503, operation="search_images"), times=1)
        with ApiClient(settings) as client:
            api = ImagesApi(client)
            api.search_images(query="cat")
            api.get_image("17")
    print(generate_latest().decode())


if __name__ == "__main__":
    main()
