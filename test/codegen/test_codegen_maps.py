"""Objects with any keys and values of one type; an enum that has the empty text."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.contract.spec import load
from codegen.output.render import render

pytestmark = pytest.mark.tools

EXTRA = """\
        extra:
          type: object
          additionalProperties: true
"""
MAPS = """\
        boxes:
          type: object
          description: Its toys by where they lie.
          additionalProperties: {$ref: '#/components/schemas/Toy'}
        weights:
          type: object
          description: Its weight by day.
          additionalProperties: {type: number}
"""
EXAMPLE = "{name: Tom, boxes: {under the bed: {color: red}}, weights: {monday: 4.5}, "


def test_a_map(root: Path, pets: str) -> None:
    contract = pets.replace(EXTRA, MAPS + EXTRA).replace("{name: Tom, ", EXAMPLE)
    (root / "openapi" / "pets.yaml").write_text(contract)
    files = render(load(root / "openapi"))
    model = files["shutterstock_api/models/pet.py"]
    assert '    boxes: dict[str, Toy] | None = None\n    """Its toys by where they lie."""\n' in model
    assert "    weights: dict[str, float] | None = None\n" in model
    assert "from shutterstock_api.models.toy import Toy\n" in model
    page = files["docs/Pet.md"]
    assert "**boxes** | `dict` of [Toy](Toy.md) | Its toys by where they lie. |\n" in page
    assert "**weights** | `dict` of `float` | " in page
    assert 'boxes={"under the bed": shutterstock_api.Toy(color="red")}' in page
    assert 'weights={"monday": 4.5}' in page
    assert "Part of [Pet](Pet.md)." in files["docs/Toy.md"]


def test_a_map_that_leads_back(root: Path, pets: str, capsys: pytest.CaptureFixture[str]) -> None:
    maps = MAPS.replace("schemas/Toy", "schemas/Pet")
    (root / "openapi" / "pets.yaml").write_text(pets.replace(EXTRA, maps + EXTRA))
    assert main([], root) == 2
    assert "components.schemas.Pet: 'Pet' contains itself" in capsys.readouterr().err


def test_the_empty_text(root: Path, common: str) -> None:
    (root / "openapi" / "common.yaml").write_text(common.replace("[cat, dog]", "['', cat, dog]"))
    files = render(load(root / "openapi"))
    enums = files["shutterstock_api/models/enums.py"]
    assert 'Species: TypeAlias = Literal["", "cat", "dog"] | str\n' in enums
    assert "\n- the empty text\n- `cat`\n- `dog`\n" in files["docs/Enums.md"]


@pytest.mark.parametrize("read_only", [False, True])
def test_what_only_answers_hold_is_no_dict(root: Path, pets: str, read_only: bool) -> None:
    old = "      description: Notes on a pet.\n"
    contract = pets.replace(old, f"{old}      readOnly: {str(read_only).lower()}\n")
    (root / "openapi" / "pets.yaml").write_text(contract)
    model = render(load(root / "openapi"))["shutterstock_api/models/pet.py"]
    assert ("    notes: Notes | None = None\n" in model) == read_only
    assert ("    notes: Notes | dict[str, JsonValue] | None = None\n" in model) != read_only
