"""Who may call: what `security` says, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.contract.spec import load
from codegen.output.render import render

pytestmark = pytest.mark.tools

Captured = pytest.CaptureFixture[str]

LISTED = """\
      security:
        - basic: []
        - customer_accessCode: []
"""


def generated(root: Path, pets: str, security: str) -> tuple[str, str, str]:
    """The operation, the method and its section of the page where `list_pets` has that `security`."""
    (root / "openapi" / "pets.yaml").write_text(pets.replace(LISTED, f"      security: {security}\n"))
    files = render(load(root / "openapi"))
    return (
        files["shutterstock_api/contract/pets.py"].partition("LIST_PETS: ")[2].partition("\n)")[0],
        files["shutterstock_api/api/pets_api.py"].partition("def list_pets")[2],
        files["docs/PetsApi.md"].partition("# **list_pets**")[2].partition("### Authorization\n\n")[2],
    )


def test_anybody_and_credentials_are_sent_where_there_are_any(root: Path, pets: str) -> None:
    operation, method, page = generated(root, pets, "[{}, {basic: []}, {customer_accessCode: []}]")
    assert operation.endswith("    public=True,\n    basic=True,")
    text = "Needs no credentials; those of the configuration are sent if there are any."
    assert f"\n        {text}\n\n        Args:\n" in method
    assert page.startswith(f"{text}\n\n### HTTP request headers\n")


def test_a_token_without_any_scope(root: Path, pets: str) -> None:
    operation, method, page = generated(root, pets, "[{customer_accessCode: []}]")
    assert "public" not in operation
    assert "basic" not in operation
    assert "scopes" not in operation
    assert "\n        Needs a token; key and secret are not enough.\n\n        Args:\n" in method
    assert page.startswith("[customer_accessCode](../README.md#customer_accessCode)\n\n### HTTP")


def test_a_token_that_anybody_may_leave_out(root: Path, pets: str, capsys: Captured) -> None:
    security = "[{}, {customer_accessCode: []}]"
    (root / "openapi" / "pets.yaml").write_text(pets.replace(LISTED, f"      security: {security}\n"))
    assert main([], root) == 2
    place = "paths./v1/pets.get.security"
    assert f"{place}: optional credentials include key and secret\n" in capsys.readouterr().err
