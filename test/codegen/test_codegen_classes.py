"""Two API classes with a method of the same name."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.contract.spec import load
from codegen.output.render import render

pytestmark = pytest.mark.tools

Captured = pytest.CaptureFixture[str]

ZOO = """\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers:
  - url: https://zoo.example
tags:
  - name: zoo
    description: Look after animals.
paths:
  /v1/zoo/{id}:
    delete:
      operationId: ZooApi.delete_pet
      summary: Let a pet go
      description: Lets a pet go.
      security:
        - basic: []
      parameters:
        - name: id
          in: path
          required: true
          description: ID of the pet.
          schema: {type: string}
          example: '7'
      responses:
        '204': {description: It is gone.}
"""


@pytest.fixture
def zoo(root: Path) -> Path:
    """A project with two classes."""
    (root / "openapi" / "zoo.yaml").write_text(ZOO)
    return root


def test_one_of_them_has_its_class_in_its_label(zoo: Path) -> None:
    files = render(load(zoo / "openapi"))
    head = 'DELETE_PET: Operation[None] = Operation(\n    "delete_pet",\n    "DELETE",\n    "/v1/{}",\n'
    assert (
        head.format("pets/{id}") + '    api="PetsApi",\n    path'
        in files["shutterstock_api/contract/pets.py"]
    )
    contract = files["shutterstock_api/contract/zoo.py"]
    label = '    api="ZooApi",\n    label="ZooApi.delete_pet",\n    path'
    assert head.format("zoo/{id}") + label in contract
    assert 'OPERATIONS: Mapping[str, Operation[Any]] = {\n    "delete_pet": DELETE_PET,\n}' in contract
    assert "    def delete_pet(\n" in files["shutterstock_api/api/zoo_api.py"]
    assert "[**delete_pet**](ZooApi.md#delete_pet) |" in files["docs/ZooApi.md"]


def test_an_operation_id_is_there_once(zoo: Path, capsys: Captured) -> None:
    (zoo / "openapi" / "zoo.yaml").write_text(ZOO.replace("ZooApi.delete", "delete"))
    assert main([], zoo) == 2
    assert capsys.readouterr().err == (
        "openapi/zoo.yaml:11: paths./v1/zoo/{id}.delete.operationId: 'delete_pet' is an operation of PetsApi "
        "already: say `ZooApi.delete_pet` here or `PetsApi.delete_pet` there\n"
    )


@pytest.mark.parametrize(
    ("full", "message"),
    [
        ("PetsApi.delete_pet", "'PetsApi' is not the class of this file"),
        ("zoo.delete_pet", "'zoo' is not the class of this file"),
        ("ZooApi.DeletePet", "'DeletePet' is no method name"),
    ],
)
def test_a_class_that_it_does_not_have(full: str, message: str, zoo: Path, capsys: Captured) -> None:
    (zoo / "openapi" / "zoo.yaml").write_text(ZOO.replace("ZooApi.delete_pet", full))
    assert main([], zoo) == 2
    assert f"delete.operationId: {message}" in capsys.readouterr().err
