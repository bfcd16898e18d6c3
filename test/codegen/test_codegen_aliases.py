"""Further names of methods and models."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.contract.spec import load
from codegen.output.render import render

pytestmark = pytest.mark.tools

Captured = pytest.CaptureFixture[str]


def aliased(root: Path, pets: str, more: str) -> None:
    """Give `delete_pet` further names."""
    old = "      operationId: delete_pet\n"
    (root / "openapi" / "pets.yaml").write_text(pets.replace(old, f"{old}{more}"))


def test_another_name_of_a_method(root: Path, pets: str) -> None:
    aliased(root, pets, "      x-aliases: [drop_pet]\n")
    files = render(load(root / "openapi"))
    module = files["shutterstock_api/api/pets_api.py"]
    call = "        return self.api_client.call(pets.DELETE_PET, (id,), options)\n"
    assert f"{call}\n    drop_pet = delete_pet\n\n    def list_pets(\n" in module
    assert "\n        `drop_pet` is another name of this method.\n\n        Args:\n" in module
    assert "drop_pet" not in files["shutterstock_api/contract/pets.py"]
    page = files["docs/PetsApi.md"]
    assert "# **delete_pet**\n> delete_pet(id)\n" in page
    assert "\nDeletes a pet for good.\n\n`drop_pet` is another name of this method.\n\n### Example\n" in page


def test_the_name_that_the_reference_uses(root: Path, pets: str) -> None:
    aliased(root, pets, "      x-aliases: [drop_pet, lose_pet]\n      x-preferred-name: drop_pet\n")
    files = render(load(root / "openapi"))
    module = files["shutterstock_api/api/pets_api.py"]
    assert "\n    drop_pet = delete_pet\n    lose_pet = delete_pet\n\n" in module
    assert "\n        `drop_pet` and `lose_pet` are other names of this method.\n" in module
    page = files["docs/PetsApi.md"]
    assert "[**drop_pet**](PetsApi.md#drop_pet) | **DELETE** /v1/pets/{id} |" in page
    assert "# **drop_pet**\n> drop_pet(id)\n" in page
    assert "`delete_pet` and `lose_pet` are other names of this method.\n" in page
    assert '\napi.drop_pet("7")\n' in page


def test_another_name_of_a_model(root: Path, pets: str) -> None:
    old = "      description: A ball.\n"
    (root / "openapi" / "pets.yaml").write_text(pets.replace(old, f"{old}      x-aliases: [RoundToy]\n"))
    files = render(load(root / "openapi"))
    assert files["shutterstock_api/models/round_toy.py"].partition("\n")[2] == (
        '"""`RoundToy`, another name of `Ball`."""\n\n'
        "from shutterstock_api.models.ball import Ball\n\nRoundToy = Ball\n"
    )
    package = files["shutterstock_api/models/__init__.py"]
    assert "    from shutterstock_api.models.round_toy import RoundToy as RoundToy\n" in package
    assert '        "RoundToy": "round_toy",\n' in package
    assert "A ball.\n\n`RoundToy` is another name of this class.\n" in files["docs/Ball.md"]
    assert "[Ball](Ball.md) | A ball. Also `RoundToy`.\n[Notes]" in files["docs/Models.md"]
    assert "docs/RoundToy.md" not in files


@pytest.mark.parametrize(
    ("alias", "message"),
    [
        ("Toy", "'Toy' and another schema 'Toy' would share a file"),
        ("TOY", "'TOY' and another schema 'Toy' would share a file"),
        ("round_toy", "'round_toy' is no class name"),
    ],
)
def test_a_name_that_no_model_can_have(
    alias: str, message: str, root: Path, pets: str, capsys: Captured
) -> None:
    old = "      description: Notes on a pet.\n"
    (root / "openapi" / "pets.yaml").write_text(pets.replace(old, f"{old}      x-aliases: [{alias}]\n"))
    assert main([], root) == 2
    assert f"components.schemas.Notes.x-aliases[0]: {message}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "place", "message"),
    [
        ("x-aliases: [dropPet]", "x-aliases[0]", "'dropPet' is no method name"),
        ("x-aliases: drop_pet", "x-aliases", "a list is expected"),
        ("x-aliases: [add_pet]", "", "'add_pet' is another operation already"),
        ("x-preferred-name: drop_pet", "x-preferred-name", "'drop_pet' is none of the names of the method"),
    ],
)
def test_fault(more: str, place: str, message: str, root: Path, pets: str, capsys: Captured) -> None:
    aliased(root, pets, f"      {more}\n")
    assert main([], root) == 2
    where = f"paths./v1/pets/{{id}}.delete{'.' if place else ''}{place}: "
    assert f"{where}{message}" in capsys.readouterr().err
