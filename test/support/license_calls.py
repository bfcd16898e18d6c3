"""Licence requests in doubt, and the history that tells of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from typing import Any

import pytest
from scripted_server import Clock, Request, answer

from shutterstock_api import ImagesApi, LicenseOutcomeUnknown

SENT_AT = datetime.fromtimestamp(Clock().now, UTC)
TWO = {"images": [{"image_id": "1", "metadata": {"customer_id": "m1"}}, {"image_id": "2"}]}


def unknown(api: ImagesApi, body: Any = TWO, **options: Any) -> LicenseOutcomeUnknown:
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        api.license_images(body, **options)
    return caught.value


def shown(clock: Clock, *entries: Any, ahead: float = 0, **more: Any) -> Callable[[Request], bytes]:
    """Return a licence history of one page, from a service whose clock is `ahead` of ours."""
    return paged(clock, list(entries), ahead=ahead, **more)


def paged(clock: Clock, *pages: list[Any], ahead: float = 0, **more: Any) -> Callable[[Request], bytes]:
    """Return a licence history in pages; what follows them is empty."""

    def page(request: Request) -> bytes:
        number = int(dict(request.query)["page"])
        data = pages[number - 1] if number <= len(pages) else []
        return answer(200, {"data": data, **more}, Date=formatdate(clock.now + ahead, usegmt=True))

    return page


def entry(id: str = "L1", after: float | None = 1, image: str = "1", **more: Any) -> dict[str, Any]:
    """Return an entry of the licence history, made `after` seconds after the request."""
    result = {"id": id, "image": {"id": image}, **more}
    if after is not None:
        result["download_time"] = (SENT_AT + timedelta(seconds=after)).isoformat()
    return result


MARK = {"customer_id": "m1"}
SOON, LATE = 60.0, 601.0
LICENSED, NOT, UNKNOWN = "licensed", "not_licensed", "unknown"
ONE = {"images": [{"image_id": "1"}]}
