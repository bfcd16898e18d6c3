"""Requests made up from `openapi/`, good ones and bad ones: the sandbox answers as the contract says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
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
SCHEMAS = {
    path.stem: schemathesis.openapi.from_path(path, config=CONFIG)
    for path in sorted(OPENAPI.glob("*.yaml"))
    if "\npaths:" in path.read_text("utf-8")
}

NOT_SAID = CHECKS.get_by_names(["positive_data_acceptance"])
"""The service has rules that no schema can state, such as two arguments that exclude each other."""
WHOLE = CHECKS.get_by_names(["response_schema_conformance"])
"""What `fields` leaves of an answer lacks required fields; the sandbox checks the rest itself."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(images=1_000) as running:
        yield running


def _tested(name: str) -> Callable[..., None]:
    """The test of all operations in a file."""

    @SCHEMAS[name].parametrize()
    def test(case: schemathesis.Case, sandbox: Sandbox) -> None:
        case.call_and_validate(
            base_url=sandbox.url,
            headers={} if name == "oauth" else {"Authorization": f"Bearer {sandbox.token()}"},
            excluded_checks=[*NOT_SAID, *(WHOLE if "fields" in (case.query or {}) else [])],
            allow_redirects=False,
        )

    return test


for _name in SCHEMAS:
    globals()[f"test_{_name}"] = _tested(_name)


def test_every_file_is_tried() -> None:
    assert len(SCHEMAS) == 14
    assert {f"test_{name}" for name in SCHEMAS} <= globals().keys()
