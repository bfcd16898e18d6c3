"""A span of OpenTelemetry around each call. Imported only if the program itself uses OpenTelemetry."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from shutterstock_api.telemetry.reporter import OPENTELEMETRY, log
from shutterstock_api.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")


class Span:
    """The span of a call, which is current while it is open. If a tracer fails, the call continues.

    Args:
        name: Name of the operation.
        attributes: What is known of it.
    """

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self._span: Any = None
        self._token: Any = None
        with _harmless():
            self._trace: Any = sys.modules[OPENTELEMETRY]
            self._context: Any = sys.modules["opentelemetry.context"]
            tracer = self._trace.get_tracer("shutterstock_api", __version__)
            self._span = tracer.start_span(f"shutterstock.{name}", attributes=attributes)
            self._token = self._context.attach(self._trace.set_span_in_context(self._span))

    def ended(self, attempts: int | None, status: int | None) -> None:
        """Record how the call ended.

        Args:
            attempts: How often the request was sent; `None` if that is not known.
            status: The HTTP status of the last answer; `None` if there was none.
        """
        found = {"shutterstock.attempts": attempts, "http.response.status_code": status}
        with _harmless():
            if self._span:
                self._span.set_attributes(
                    {name: number for name, number in found.items() if number is not None}
                )

    def failed(self, error: BaseException) -> None:
        """Record only the class of an error, since its text may quote the request."""
        self.ended(getattr(error, "attempts", None), getattr(error, "status", None))
        kind = type(error).__name__
        with _harmless():
            if self._span:
                self._span.set_attribute("error.type", kind)
                self._span.set_status(self._trace.StatusCode.ERROR, kind)

    def close(self) -> None:
        """End the span."""
        with _harmless():
            if self._token is not None:
                self._context.detach(self._token)
        with _harmless():
            if self._span:
                self._span.end()


def traced(name: str, attributes: Mapping[str, str], work: Callable[..., T], *arguments: Any) -> T:
    """Return what `work(*arguments, span)` returns, or raise what it raises, and trace it in a span.

    Args:
        name: Name of the operation.
        attributes: What is known of it.
        work: The function; it records its success in the span.
        *arguments: Its arguments.
    """
    span = Span(name, attributes)
    try:
        return work(*arguments, span)
    except BaseException as error:
        span.failed(error)
        raise
    finally:
        span.close()


@contextmanager
def _harmless() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001
        log(logging.ERROR, "tracing failed; the call goes on", exc_info=error)
