"""Which subscriptions can pay for licences, and what is left of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from shutterstock_api.contract.users import GET_USER_SUBSCIPTION_LIST
from shutterstock_api.schema.fields import as_list
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.errors import ApiTypeError
from shutterstock_api.support.text import shorten

if TYPE_CHECKING:
    from shutterstock_api.models import Subscription
    from shutterstock_api.schema.medium import Medium
else:
    Subscription = Medium = Any  # type hints are read with it, too

ASSET_TYPES = {"sfx": "audio"}
"""The values of `asset_type` that are not the first part of a path."""


class LicensingApi(Protocol):
    """An API object, such as `client.videos`."""

    medium: ClassVar[Medium | None]

    @property
    def api_client(self) -> Any: ...


class PayingSubscription(NamedTuple):
    """A subscription that can pay, and what is left of it."""

    id: str
    """Its id, which licence requests take as `subscription_id`."""
    left: int | None
    """Credits that are left; `None` if it has no allotment, as when each licence has a price."""
    subscription: Subscription
    """Everything that the service says about it."""

    def __repr__(self) -> str:
        """Return one line: everything that the service says would fill a page."""
        about = shorten(repr(self.subscription.description))
        return f"<PayingSubscription {self.id}, left={self.left}, {about}>"


@explained
def subscriptions_for(
    api: LicensingApi, *, size: str | None = None, license: str | None = None
) -> list[PayingSubscription]:
    """Return the subscriptions that can pay for a medium, those with the most credits first.

    `subscriptions_for(client.videos, size="hd")` leaves out subscriptions that are for another medium, do not
    cover the size, have ended or are used up. To the service, music and sound effects are one kind, and so
    are all editorial media: `license` tells them apart. The token needs the scope `purchases.view`.

    Args:
        api: The API object that licenses, such as `client.images`.
        size: Size to license. By default, it is enough that a subscription covers some size.
        license: Kind of licence, such as `standard`, `enhanced` or `premier_music_basic`; by default any.

    Raises:
        ApiTypeError: The API object cannot license anything.
        ApiException: Any other error, as with any call.
    """
    medium = getattr(api, "medium", None)
    if medium is None:
        raise ApiTypeError(
            f"api: expected an API object that licenses, such as client.images, got {_name(api)}"
        )
    client = api.api_client
    now = datetime.fromtimestamp(client.timing.time(), UTC)
    answer = client.call(GET_USER_SUBSCIPTION_LIST, [None] * len(GET_USER_SUBSCIPTION_LIST.names))
    paying = [
        PayingSubscription(str(one.id), _credits_left(one), one)
        for one in answer
        if getattr(one, "id", None)
        and _pays(one, medium, size, license)
        and not _has_ended(one.expiration_time, now)
    ]
    usable = (one for one in paying if one.left is None or one.left > 0)
    return sorted(usable, key=lambda one: -(one.left or 0))


def _pays(subscription: Any, medium: Medium, size: str | None, license: str | None) -> bool:
    part = medium.license.template.split("/")[2]
    sizes = [one.size for one in as_list(subscription.formats) if getattr(one, "size", None)]
    return (
        subscription.asset_type == ASSET_TYPES.get(part, part)
        and license in (None, subscription.license)
        and (size is None or not sizes or size in sizes)
    )


def _credits_left(subscription: Any) -> int | None:
    left: Any = getattr(subscription.allotment, "downloads_left", None)
    with suppress(TypeError, ValueError, OverflowError):
        return int(float(left))
    return None


def _has_ended(end: Any, now: datetime) -> bool:
    if not isinstance(end, datetime):
        return False
    return (end if end.tzinfo else end.replace(tzinfo=UTC)) <= now


def _name(api: object) -> str:
    return type(api).__name__
