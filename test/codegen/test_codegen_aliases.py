"""Further names of methods and models; models that extend others."""

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
    names = "`drop_pet` and `lose_pet` are other names of this method; prefer `drop_pet`."
    assert f"\n        {names}\n" in module
    page = files["docs/PetsApi.md"]
    assert "[**drop_pet**](PetsApi.md#drop_pet) | **DELETE** /v1/pets/{id} |" in page
    assert "# **drop_pet**\n> drop_pet(id)\n" in page
    assert "`delete_pet` and `lose_pet` are other names of this method.\n" in page
    assert '\nclient.pets.drop_pet("7")\n' in page


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


ROBOT = """\
    Robot:
      type: object
      description: A toy that walks.
      x-extends: Toy
      properties:
        color: {type: string, description: Colour.}
        legs: {type: integer, description: How many legs it has.}
"""


def test_a_model_that_extends_another(root: Path, pets: str) -> None:
    (root / "openapi" / "pets.yaml").write_text(pets.replace("    Ball:\n", f"{ROBOT}    Ball:\n", 1))
    files = render(load(root / "openapi"))
    model = files["shutterstock_api/models/robot.py"]
    assert model.partition("\n\n")[2].startswith(
        "from shutterstock_api.models.toy import Toy\n\n\n"
        'class Robot(Toy, kw_only=True):\n    """A toy that walks."""\n\n    color: str | None = None\n'
    )
    assert "A toy that walks.\n\nIt is a [Toy](Toy.md) as well.\n\nName |" in files["docs/Robot.md"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x-extends: Toy", "x-extends: Species"),
        ("color: {type: string", "color: {type: integer"),
        ("color: ", "hue: "),
    ],
)
def test_a_model_that_cannot_extend(old: str, new: str, root: Path, pets: str, capsys: Captured) -> None:
    robot = ROBOT.replace(old, new)
    (root / "openapi" / "pets.yaml").write_text(pets.replace("    Ball:\n", f"{robot}    Ball:\n", 1))
    assert main([], root) == 2
    assert "components.schemas.Robot.x-extends: " in (report := capsys.readouterr().err)
    assert "is no model whose fields it has" in report


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
