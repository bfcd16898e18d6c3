"""Arguments of other kinds: headers, cursors, bodies of any verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.contract.spec import load
from codegen.output.render import render

pytestmark = pytest.mark.tools

CURSOR = """\
      x-cursor: next
      parameters:
        - name: per_page
          in: query
          description: Pets per page.
          schema: {type: integer, minimum: 5, maximum: 50}
        - name: cursor
          in: query
          description: Where the page begins.
          schema: {type: string}
"""
PETS = """\
    Pets:
      type: object
      description: Some pets.
      properties:
        data:
          type: array
          description: The pets.
          items: {$ref: '#/components/schemas/Pet'}
        next:
          type: string
          description: Cursor of the next page.
    Ball:
"""


def contract(root: Path, text: str) -> dict[str, str]:
    (root / "openapi" / "pets.yaml").write_text(text)
    return render(load(root / "openapi"))


def test_a_header(root: Path, pets: str) -> None:
    old = "          schema: {type: string}\n          example: Ann\n"
    header = (
        "        - name: user-agent\n          in: header\n          description: Who asks.\n"
        "          schema: {type: string}\n          example: me/1.0\n"
    )
    files = contract(root, pets.replace(old, f"{old}{header}"))
    operation = files["shutterstock_api/contract/pets.py"].partition("LIST_PETS: ")[2].partition("\n)")[0]
    assert '\n    required=("owner",),\n    header={"user_agent": "user-agent"},\n' in operation
    method = files["shutterstock_api/api/pets_api.py"].partition("def list_pets")[2]
    assert "\n        user_agent: str | None = None,\n" in method
    assert "(pets.LIST_PETS, (born, owner, species, changed, user_agent), options" in method
    page = files["docs/PetsApi.md"]
    notes = 'optional; the header `user-agent`; such as `"me/1.0"`'
    assert f"**user_agent** | `str` | Who asks. | {notes}\n" in page


def test_a_cursor(root: Path, pets: str) -> None:
    text = pets.replace("      parameters:\n", CURSOR, 1).replace("    Ball:\n", PETS, 1)
    answer = "                type: array\n                items: {$ref: '#/components/schemas/Pet'}\n"
    files = contract(root, text.replace(answer, "                $ref: '#/components/schemas/Pets'\n"))
    operation = files["shutterstock_api/contract/pets.py"].partition("LIST_PETS: ")[2].partition("\n)")[0]
    assert operation.endswith('\n    least=5,\n    pages=50,\n    cursor="next",')
    assert "Unpack[PageOptions],\n    ) -> models.Pets:" in files["shutterstock_api/api/pets_api.py"]
    assert "A page holds at most 50; [`paginate`](guides/pagination.md)" in files["docs/PetsApi.md"]


def listing(pets: str, more: str) -> str:
    """The contract where `list_pets` answers with a model that holds a list, and takes one more argument."""
    answer = "                type: array\n                items: {$ref: '#/components/schemas/Pet'}\n"
    text = pets.replace(answer, "                $ref: '#/components/schemas/Pets'\n")
    text = text.replace("    Ball:\n", PETS, 1)
    return text.replace("      parameters:\n", f"      tags: [Look up]\n      parameters:\n{more}", 1)


def test_a_list_that_comes_at_once(root: Path, pets: str) -> None:
    files = contract(root, listing(pets, ""))
    assert "Unpack[PageOptions],\n    ) -> models.Pets:" in files["shutterstock_api/api/pets_api.py"]
    assert "pages=" not in files["shutterstock_api/contract/pets.py"]
    limit = "        - {name: limit, in: query, description: How many., schema: {type: integer}}\n"
    files = contract(root, listing(pets, limit))
    assert "Unpack[CallOptions],\n    ) -> models.Pets:" in files["shutterstock_api/api/pets_api.py"]


@pytest.mark.parametrize(("limit", "most"), [("maxItems: 7, ", "7"), ("", "50")])
def test_a_look_up_by_ids(root: Path, pets: str, limit: str, most: str) -> None:
    ids = f"{{type: array, {limit}items: {{type: string}}}}"
    parameter = f"        - {{name: id, in: query, description: Their IDs., schema: {ids}}}\n"
    text = listing(pets, parameter)
    contract_of_it = contract(root, text)["shutterstock_api/contract/pets.py"]
    assert contract_of_it.count(f"\n    most_ids={most},\n") == contract_of_it.count("most_ids") == 1
    elsewhere = contract(root, text.replace("tags: [Look up]", "tags: [Search]"))
    assert "most_ids" not in elsewhere["shutterstock_api/contract/pets.py"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("in: query", "in: header", "get.parameters[0].schema: a header holds a text"),
        (
            "      operationId: list_pets\n",
            "      operationId: list_pets\n      x-cursor: next\n",
            "get.x-cursor: the answer has no field 'next'",
        ),
        (
            "      operationId: add_pet\n",
            "      operationId: add_pet\n      x-cursor: name\n",
            "post.x-cursor: the parameters `cursor` and `per_page` are missing",
        ),
    ],
)
def test_fault(
    old: str, new: str, message: str, root: Path, pets: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "openapi" / "pets.yaml").write_text(pets.replace(old, new, 1))
    assert main([], root) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["delete", "patch", "put"])
def test_a_body_goes_with_any_verb(root: Path, pets: str, verb: str) -> None:
    without_delete = pets[: pets.index("    delete:\n")] + pets[pets.index("components:\n") :]
    files = contract(root, without_delete.replace("    post:\n", f"    {verb}:\n"))
    operation = files["shutterstock_api/contract/pets.py"].partition("ADD_PET: ")[2].partition("\n)")[0]
    assert f'\n    "{verb.upper()}",\n' in operation
    assert '\n    body="Pet",\n' in operation
    assert f"**{verb.upper()}** /v1/pets/{{id}} | Add a pet\n" in files["docs/PetsApi.md"]
