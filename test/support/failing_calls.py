"""A call that fails."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from shutterstock_api import ApiException, ImagesApi

PAIR = base64.b64encode(b"key:secret").decode()


def error_of(api: ImagesApi, **options: Any) -> ApiException:
    """Return what `get_image` raises."""
    with pytest.raises(ApiException) as caught:
        api.get_image("1", _retries=0, **options)
    return caught.value
