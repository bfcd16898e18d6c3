"""Metrics for Prometheus: attempts and how they ended, their duration, retries, bytes, the rate limit.

    python -m pip install '.[sandbox]' prometheus-client && python examples/metrics.py

makes a few calls to a sandbox on this machine and prints what Prometheus would collect. A service passes
`count` and `count_retry` to its own client, and serves the metrics with `prometheus_client`, for example
with `start_http_server(8000)`.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, generate_latest

from shutterstock_api import ResponseEvent, RetryEvent
from shutterstock_api.sandbox import Fault, Sandbox

ATTEMPTS = Counter("shutterstock_attempts", "Attempts by outcome", ["operation", "outcome"])
SECONDS = Histogram("shutterstock_attempt_seconds", "Duration of an attempt", ["operation"])
RETRIES = Counter("shutterstock_retries", "Attempts that were followed by another", ["operation", "error"])
BYTES = Counter("shutterstock_received_bytes", "Bytes of successful answers, decompressed", ["operation"])
REMAINING = Gauge("shutterstock_rate_limit_remaining", "Requests left, as the service last reported")


def count(event: ResponseEvent) -> None:
    """Count an attempt that has ended."""
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
        sandbox.faults.add(Fault(status=503, operation="search_images"), times=1)
        with sandbox.client(on_response=count, on_retry=count_retry) as client:
            client.images.search_images(query="cat")
            client.images.get_image("17")
    print(generate_latest().decode())


if __name__ == "__main__":
    main()
