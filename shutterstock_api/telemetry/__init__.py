"""What a program may see of each attempt.

* `events`: what hooks are told
* `reporter`: tells the log and the hooks
* `log_output`: where the log goes
* `notices`: what a run that waits tells on stderr
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
