"""What calls are made with in many tests."""

from __future__ import annotations

import base64

IMAGE = {"id": "1", "description": "A cat"}
PAIR = "Basic " + base64.b64encode(b"key:secret").decode()
