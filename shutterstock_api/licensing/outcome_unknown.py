"""A licence request whose outcome nobody knows, and what the licence history says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from shutterstock_api.licensing.request import _asked
from shutterstock_api.support.errors import ApiException, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shutterstock_api.models import DownloadHistory, LicenseImageResultDataList


class Reconciler(Protocol):
    """Who can look a request up: an `ApiClient`."""

    def reconcile(self, error: LicenseOutcomeUnknown) -> Reconciliation: ...


class LicenseOutcomeUnknown(ApiException):
    """A licence request left, and no answer tells what came of it. Sending it again may pay twice.

    `reconcile()` looks it up in the licence history; it only reads.

    Attributes:
        image_ids: The images of the request, in its order.
        sent_at: When the call began, in UTC; the request left then or later.
        doubtful_since: When it turned out that nobody can tell, in UTC.
        metadata: What each image's request carried as `metadata`, in the order of `image_ids`.
        results: What the answer said, where it left out some of the images.
        marker: The key of `metadata` whose text no other request carries; `None` where there is none.
    """

    image_ids: Sequence[str] = ()
    metadata: Sequence[Mapping[str, Any] | None] = ()
    sent_at: datetime | None = None
    doubtful_since: datetime | None = None
    results: LicenseImageResultDataList | None = None
    marker: str | None = None
    api_client: Reconciler | None = None

    def reconcile(self, api_client: Reconciler | None = None) -> Reconciliation:
        """Look in the licence history which images of the request were licensed.

        Needs the scope licenses.view. How soon a licence shows there is not documented: look again
        while some are `unknown`.

        Args:
            api_client: Who asks; by default the client whose request it was. An error that was
                pickled has none.
        """
        client = api_client or self.api_client
        if client is None:
            raise ApiValueError("reconcile: this error was pickled; pass the client that shall ask")
        return client.reconcile(self)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "api_client"}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), self.__getstate__()


class Reconciliation(NamedTuple):
    """What the licence history says about a request."""

    licensed: dict[str, list[DownloadHistory]]
    """Image ids and their licences: do not license these again."""
    not_licensed: list[str]
    """No licence was bought for these images."""
    unknown: list[str]
    """Nobody can tell yet, or for certain: look again, or compare the history by hand."""


def outcome_unknown(
    cause: ApiException,
    body: bytes | None,
    sent_at: float,
    api_client: Reconciler,
    now: float,
    marker: str | None,
) -> LicenseOutcomeUnknown:
    """Return the error for a licence request that may have been served."""
    error = LicenseOutcomeUnknown(
        cause.status,
        f"the outcome is unknown ({cause.reason or type(cause).__name__})",
        body=cause.body,
        headers=cause.headers,
        method=cause.method,
        path=cause.path,
        hint="Licences may have been bought. Do not send it again: call reconcile() to look it up.",
    )
    images = _asked(body)
    error.image_ids = [str(image.get("image_id")) for image in images]
    error.metadata = [image.get("metadata") for image in images]
    error.sent_at = datetime.fromtimestamp(sent_at, UTC)
    error.attempts = cause.attempts
    error.doubtful_since = datetime.fromtimestamp(now, UTC)
    error.marker = marker
    error.api_client = api_client
    return error
