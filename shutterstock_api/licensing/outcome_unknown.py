"""A licence request whose outcome is unknown, and what the licence history says about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from shutterstock_api import models
from shutterstock_api.licensing.moments import Moment, service_time, this_moment
from shutterstock_api.licensing.request import LicenseRequest
from shutterstock_api.support.errors import ApiException, ApiValueError
from shutterstock_api.support.timing import Timing


class Reconciler(Protocol):
    """Something that can look a request up: an `ApiClient`."""

    timing: Timing

    def reconcile(self, error: LicenseOutcomeUnknown) -> Reconciliation: ...


_OF_THIS_PROCESS = frozenset({"api_client", "moments", "looked_up"})


class LicenseOutcomeUnknown(ApiException):
    """A licence request was sent, but no answer shows its outcome. Sending it again could mean paying twice.

    `reconcile()` looks it up in the licence history; it only reads.

    Attributes:
        medium: The medium of the items, such as `image`; `None` if this release does not know it.
        item_ids: The ids of its items, in the order of the request.
        image_ids: The same; the name comes from programs for images.
        sent_at: When the call began, in UTC; the request left then or later.
        doubtful_since: When the outcome turned out to be unknown, in UTC.
        metadata: The `metadata` of each item of the request, in the same order.
        results: The results in the answer, if it left out some of the items.
        marker: The key of `metadata` whose text is unique to this request; `None` if there is none.
    """

    medium: str | None = None
    image_ids: Sequence[str] = ()
    metadata: Sequence[Mapping[str, Any] | None] = ()
    sent_at: datetime | None = None
    doubtful_since: datetime | None = None
    results: Any = None
    marker: str | None = None
    api_client: Reconciler | None = None
    moments: tuple[Moment, Moment] | None = None
    """When the request was sent, and since when its outcome is in doubt, by the clocks of this process."""
    looked_up: tuple[Callable[[], float], Moment] | None = None
    """When the history was first read, and by which clock."""

    @property
    def item_ids(self) -> Sequence[str]:
        return self.image_ids

    def reconcile(self, api_client: Reconciler | None = None) -> Reconciliation:
        """Find out from the licence history which items of the request were licensed.

        This needs the scope licenses.view. How soon a new licence appears there is not documented: look again
        while some items are `unknown`. With a marker, the result is certain. For media without one, such as
        tracks, the history can only prove that nothing was bought: a licence in it may be another request's.

        Args:
            api_client: The client that reads the history; by default the client that sent the request. An
                error that was pickled has none.
        """
        client = api_client or self.api_client
        if client is None:
            raise ApiValueError("reconcile: this error was pickled; pass a client to use")
        return client.reconcile(self)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in _OF_THIS_PROCESS}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), self.__getstate__()


class Reconciliation(NamedTuple):
    """What the licence history says about a request."""

    licensed: dict[str, list[models.DownloadHistory]]
    """Ids of items and their licences: do not license these again."""
    not_licensed: list[str]
    """No licence was bought for these items."""
    unknown: list[str]
    """The history cannot settle these items, or not yet: look again, or compare the history by hand."""


class LicenseCall:
    """A call that buys licences, until its outcome is known.

    Args:
        client: The client that sends the request.
        request: The licence request.
    """

    def __init__(self, client: Reconciler, request: LicenseRequest) -> None:
        self.request: LicenseRequest = request
        self._client = client
        self._sent = this_moment(client.timing)

    def outcome_unknown(self, cause: ApiException, results: Any = None) -> LicenseOutcomeUnknown:
        """Return the error for a request that may have been carried out.

        Args:
            cause: What arrived instead of a clear answer.
            results: The results of some items, from the answer.
        """
        error = LicenseOutcomeUnknown(
            cause.status,
            f"the outcome is unknown ({cause.reason or type(cause).__name__})",
            body=cause.body,
            headers=cause.headers,
            method=cause.method,
            path=cause.path,
            hint="Licences may have been bought. Do not send it again: call reconcile() to look it up.",
        )
        error.medium = self.request.medium.name if self.request.medium else None
        error.image_ids = [item for item, _ in self.request.asked]
        error.metadata = [metadata for _, metadata in self.request.asked]
        error.results = results
        error.marker = self.request.marker
        error.attempts = cause.attempts
        error.api_client = self._client
        doubt = this_moment(self._client.timing).told(service_time(cause.headers))
        error.moments = self._sent, doubt
        error.sent_at, error.doubtful_since = (
            datetime.fromtimestamp(moment.ours, UTC) for moment in error.moments
        )
        return error
