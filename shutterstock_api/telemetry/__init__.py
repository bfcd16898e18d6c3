"""Reports about each attempt: logs, hooks and spans.

* `events`: the arguments of hooks
* `reporter`: tells the log and the hooks
* `log_output`: the destinations of the log
* `notices`: lines on stderr about a run that waits
* `tracing`: spans of OpenTelemetry
"""

from shutterstock_api.support.lazy import lazy_names

TYPE_CHECKING = False  # type checkers know the name
if TYPE_CHECKING:
    from shutterstock_api.telemetry.events import (
        RateLimit as RateLimit,
        RequestEvent as RequestEvent,
        ResponseEvent as ResponseEvent,
        RetryEvent as RetryEvent,
    )
else:
    _HOMES = dict.fromkeys(("RateLimit", "RequestEvent", "ResponseEvent", "RetryEvent"), "events")
    __getattr__, __dir__ = lazy_names(__name__, _HOMES)
    __all__ = list(_HOMES)
