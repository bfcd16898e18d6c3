"""Requests made up from `openapi/`, good ones and bad ones: the sandbox answers as the contract says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from schemathesis.checks import CHECKS

from shutterstock_api.sandbox import Sandbox

pytestmark = pytest.mark.exhaustive

EXAMPLES = os.environ.get("EXAMPLES")
"""How many requests to make up per operation and kind; where it is set, every boundary is tried as well."""

CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {
            "mode": "all",  # such as the contract allows, and such as it does not
            "deterministic": True,
            "max-examples": int(EXAMPLES or 10),
            "database": "none",
        },
        "phases": {
            "coverage": {
                "enabled": EXAMPLES is not None,
                "unexpected-methods": ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"],
            }
        },
    }
)
OPENAPI = Path(__file__).parents[2] / "openapi"
images, editorial_images, editorial_video, editorial, users, oauth = (
    schemathesis.openapi.from_path(OPENAPI / f"{name}.yaml", config=CONFIG)
    for name in ("images", "editorial_images", "editorial_video", "editorial", "users", "oauth")
)

NOT_SAID = CHECKS.get_by_names(["positive_data_acceptance"])
"""The service has rules that no schema can state, such as two arguments that exclude each other."""
WHOLE = CHECKS.get_by_names(["response_schema_conformance"])
"""What `fields` leaves of an answer lacks required fields; the sandbox checks the rest itself."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(images=1_000) as running:
        yield running


@images.parametrize()
def test_images(case: schemathesis.Case, sandbox: Sandbox) -> None:
    _validate(case, sandbox)


def _validate(case: schemathesis.Case, sandbox: Sandbox) -> None:
    case.call_and_validate(
        base_url=sandbox.url,
        headers={"Authorization": f"Bearer {sandbox.token()}"},
        excluded_checks=[*NOT_SAID, *(WHOLE if "fields" in (case.query or {}) else [])],
    )


@editorial_images.parametrize()
def test_editorial_images(case: schemathesis.Case, sandbox: Sandbox) -> None:
    _validate(case, sandbox)


@editorial_video.parametrize()
def test_editorial_video(case: schemathesis.Case, sandbox: Sandbox) -> None:
    _validate(case, sandbox)


@editorial.parametrize()
def test_editorial(case: schemathesis.Case, sandbox: Sandbox) -> None:
    _validate(case, sandbox)


@users.parametrize()
def test_users(case: schemathesis.Case, sandbox: Sandbox) -> None:
    _validate(case, sandbox)


@oauth.parametrize()
def test_oauth(case: schemathesis.Case, sandbox: Sandbox) -> None:
    case.call_and_validate(base_url=sandbox.url, excluded_checks=NOT_SAID, allow_redirects=False)
