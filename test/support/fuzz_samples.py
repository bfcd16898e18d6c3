"""Answers as the service gives them, to be broken in all ways."""

from __future__ import annotations

import json
from typing import Any

_IMAGE = {
    "id": "465011609",
    "added_date": "2016-08-09",
    "aspect": 1.5,
    "assets": {"preview": {"height": 300, "width": 450, "url": "https://image.shutterstock.com/p.jpg"}},
    "categories": [{"id": "3", "name": "Food"}, {"id": "8", "name": "Nature"}],
    "contributor": {"id": "1531121"},
    "description": "Caf\u00e9 \U0001f30d",
    "image_type": "photo",
    "is_adult": False,
    "keywords": ["cat", "\u732b"],
    "media_type": "image",
    "models": [{"id": "m1"}],
}
_LICENCES = [
    {"image_id": "1", "license_id": "i1", "allotment_charge": 1, "download": {"url": "https://d/1"}},
    {"image_id": "2", "error": "Media unavailable"},
]
_ENTRY = {
    "id": "i1",
    "download_time": "2026-01-31T12:00:00+00:00",
    "image": {"id": "1", "format": {"size": "huge"}},
    "is_downloadable": True,
    "metadata": {"customer_id": "c", "n": 1},
}
_ERRORS = [{"code": "VALIDATION_INVALID_TYPE", "message": "m", "path": "$.query.page", "items": [{"a": 1}]}]

_CONTENTS: list[tuple[str, Any]] = [
    ("Image", _IMAGE),
    ("ImageSearchResults", {"data": [_IMAGE], "page": 1, "per_page": 20, "total_count": 2, "search_id": "s"}),
    ("LicenseImageResultDataList", {"data": _LICENCES, "errors": _ERRORS, "message": "Some failed"}),
    ("DownloadHistoryDataList", {"data": [_ENTRY], "page": 1, "total_count": 1}),
    ("BulkImageSearchResults", {"results": [{"data": [_IMAGE], "page": 1}], "bulk_search_id": "b"}),
    ("object", {"message": "Too Many Requests", "limit": 100, "remaining": 0, "reset": 1800000030000}),
    ("object", {"errors": _ERRORS}),
]

ANSWERS: list[tuple[str, bytes]] = [(kind, json.dumps(content).encode()) for kind, content in _CONTENTS]
"""Kinds, and documents of them."""
