"""The order of the reference: methods by what they are for, models by class; and what replaces a method."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.contract.spec import load
from codegen.output.render import render

pytestmark = pytest.mark.tools

Captured = pytest.CaptureFixture[str]


def edited(root: Path, pets: str, **additions: str) -> None:
    """Add lines to operations."""
    for name, line in additions.items():
        old = f"      operationId: {name}\n"
        assert old in pets
        pets = pets.replace(old, f"{old}      {line}\n")
    (root / "openapi" / "pets.yaml").write_text(pets)


def test_methods_are_grouped_by_what_they_are_for(root: Path, pets: str) -> None:
    edited(root, pets, add_pet="tags: [Collect]", list_pets="tags: [Search]", delete_pet="tags: [Collect]")
    files = render(load(root / "openapi"))
    titles = re.findall(
        r"^(?:### (Search|Collect|Deprecated)|# \*\*(\w+)\*\*|\[\*\*(\w+))",
        files["docs/PetsApi.md"],
        re.MULTILINE,
    )
    assert ["".join(found) for found in titles] == [
        *("Search", "list_pets"),
        *("Collect", "add_pet"),
        *("Deprecated", "delete_pet"),
        *("list_pets", "add_pet", "delete_pet"),
    ]
    rows = re.findall(r"^\[(\w+)\]\(PetsApi.md#\1\) \| .* \| (.*)$", files["docs/Methods.md"], re.MULTILINE)
    assert rows == [
        ("list_pets", "List pets"),
        ("add_pet", "Add a pet"),
        ("delete_pet", "Delete a pet (deprecated)"),
    ]
    assert (
        "\n## PetsApi\n\nLook after pets.\n\nMethod | HTTP request | Description\n"
        in files["docs/Methods.md"]
    )


def test_models_are_grouped_by_class(root: Path, common: str) -> None:
    shared = common.replace("      x-internal: true\n", "").replace("whatever}", "string, description: It.}")
    (root / "openapi" / "common.yaml").write_text(shared)
    page = render(load(root / "openapi"))["docs/Models.md"]
    assert re.findall(r"^(?:## (\w+)|\[(\w+)\]\(\2\.md\) \|)", page, re.MULTILINE) == [
        ("PetsApi", ""),
        *[("", name) for name in ("Ball", "Notes", "Pet", "Toy")],
        ("Shared", ""),
        ("", "Internal"),
    ]


def test_what_replaces_a_method(root: Path, pets: str) -> None:
    edited(root, pets, delete_pet="x-replaced-by: PetsApi.add_pet")
    files = render(load(root / "openapi"))
    text = "Deprecated. Delete a pet.\n\n        Use `PetsApi.add_pet` instead.\n\n        `DELETE "
    assert text in files["shutterstock_api/api/pets_api.py"]
    text = "**Deprecated.** Delete a pet. Use [`PetsApi.add_pet`](PetsApi.md#add_pet) instead.\n"
    assert text in files["docs/PetsApi.md"]


@pytest.mark.parametrize(
    ("additions", "place", "message"),
    [
        ({"list_pets": "tags: [Play]"}, "pets.get.tags", "one of Upload, Search, "),
        ({"list_pets": "tags: [Search, Collect]"}, "pets.get.tags", "one of Upload, Search, "),
        (
            {"list_pets": "x-replaced-by: PetsApi.add_pet"},
            "pets.get.x-replaced-by",
            "what is replaced is deprecated: say `deprecated: true`",
        ),
        (
            {"delete_pet": "x-replaced-by: add_pet"},
            "pets/{id}.delete.x-replaced-by",
            "'add_pet' is no method such as `ImagesApi.get_image`, or deprecated",
        ),
        (
            {"delete_pet": "x-replaced-by: PetsApi.delete_pet"},
            "pets/{id}.delete.x-replaced-by",
            "'PetsApi.delete_pet' is no method such as `ImagesApi.get_image`, or deprecated",
        ),
    ],
)
def test_fault(
    additions: dict[str, str], place: str, message: str, root: Path, pets: str, capsys: Captured
) -> None:
    edited(root, pets, **additions)
    assert main([], root) == 2
    assert f"paths./v1/{place}: {message}" in capsys.readouterr().err
