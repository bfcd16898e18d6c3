"""Whatever cannot be expressed in code is reported with file, line and place, and all of it at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from codegen.__main__ import main

pytestmark = pytest.mark.tools

PAGED = """\
        - name: page
          in: query
          description: Page of the list.
          schema: {type: integer}
        - name: per_page
          in: query
          description: Pets per page.
          schema: {type: integer, maximum: 50}
"""

HERE = "# HERE"  # marks the line that the report must name

Write: TypeAlias = Callable[..., None]
Captured: TypeAlias = pytest.CaptureFixture[str]

LIST = "paths./v1/pets.get"
ADD = "paths./v1/pets/{id}.post"
SCHEMAS = "components.schemas"


class Fault(NamedTuple):
    """Replace the first `old` by `new`: the marked line has the problem at `place`."""

    old: str
    new: str
    place: str
    message: str


FAULTS = {
    "unknown type": Fault(
        "type: number",
        f"type: decimal {HERE}",
        f"{SCHEMAS}.Ball.properties.diameter.type",
        "unknown type 'decimal'",
    ),
    "no type": Fault(
        "          schema: {type: string, format: date}",
        f"          schema: {{format: date}} {HERE}",
        f"{LIST}.parameters[0].schema",
        "the schema has no type",
    ),
    "unknown schema key": Fault(
        "exclusiveMinimum: 0",
        f"readOnly: true {HERE}",
        f"{SCHEMAS}.Ball.properties.diameter.readOnly",
        "the generator does not know the key 'readOnly'",
    ),
    "unknown operation key": Fault(
        "      x-empty-answer: true",
        f"      x-empty-anwser: true {HERE}",
        f"{ADD}.x-empty-anwser",
        "the generator does not know the key 'x-empty-anwser'",
    ),
    "unknown path key": Fault(
        "  /v1/pets:\n",
        f"  /v1/pets:\n    servers: [] {HERE}\n",
        "paths./v1/pets.servers",
        "the generator does not know the key 'servers'",
    ),
    "unknown media type": Fault(
        "application/json:",
        f"text/csv: {HERE}",
        f"{LIST}.responses.200.content.text/csv",
        "the generator does not know the key 'text/csv'",
    ),
    "cookie parameter": Fault(
        "in: query",
        f"in: cookie {HERE}",
        f"{LIST}.parameters[0].in",
        "'cookie' is none of path, query, header",
    ),
    "parameter called self": Fault(
        "name: owner",
        f"name: self {HERE}",
        f"{LIST}.parameters[1].name",
        "'self' is an argument of every method",
    ),
    "parameter named like a builtin": Fault(
        "name: owner",
        f"name: list {HERE}",
        f"{LIST}.parameters[1].name",
        "'list' is a keyword or builtin of Python",
    ),
    "parameter twice": Fault(
        "        - name: owner",
        f"        - name: born {HERE}",
        f"{LIST}.parameters[1]",
        "'born' is another parameter already",
    ),
    "object as parameter": Fault(
        "          schema: {type: string}\n          example: Ann",
        f"          schema: {{type: object, additionalProperties: true}} {HERE}\n          example: Ann",
        f"{LIST}.parameters[1].schema",
        "an object cannot stand in a path or query",
    ),
    "optional path parameter": Fault(
        "        - name: id\n          in: path\n          required: true",
        f"        - name: id {HERE}\n          in: path",
        f"{ADD}.parameters[0]",
        "a path parameter is required",
    ),
    "path without its parameter": Fault(
        "  /v1/pets:\n    get:",
        f"  /v1/{{shop}}/pets:\n    get: {HERE}",
        "paths./v1/{shop}/pets.get",
        "{shop} is missing in the parameters",
    ),
    "path parameter without a place": Fault(
        "  /v1/pets/{id}:\n    post:",
        f"  /v1/pets/id:\n    post: {HERE}",
        "paths./v1/pets/id.post",
        "{id} is missing in the path",
    ),
    "duplicate operation": Fault(
        "    delete:\n      operationId: delete_pet",
        f"    delete: {HERE}\n      operationId: add_pet",
        "paths./v1/pets/{id}.delete",
        "'add_pet' is another operation already",
    ),
    "operation in camel case": Fault(
        "operationId: list_pets",
        f"operationId: listPets {HERE}",
        f"{LIST}.operationId",
        "'listPets' is no method name",
    ),
    "missing summary": Fault(
        "    get:\n      operationId: list_pets\n      summary: List pets\n",
        f"    get: {HERE}\n      operationId: list_pets\n",
        LIST,
        "'summary' is missing",
    ),
    "missing description": Fault(
        "        name:\n          type: string\n          description: Name of the pet.\n",
        f"        name: {HERE}\n          type: string\n",
        f"{SCHEMAS}.Pet.properties.name",
        "'description' is missing",
    ),
    "missing example": Fault(
        "        - name: owner\n          in: query\n          required: true\n"
        "          description: Name of the owner.\n          schema: {type: string}\n"
        "          example: Ann\n",
        f"        - name: owner {HERE}\n          in: query\n          required: true\n"
        "          description: Name of the owner.\n          schema: {type: string}\n",
        f"{LIST}.parameters[1]",
        "'example' is missing",
    ),
    "example of another type": Fault(
        "example: Ann",
        f"example: 12 {HERE}",
        f"{LIST}.parameters[1].example",
        "the example is not of the type str",
    ),
    "example that is no date": Fault(
        "example: 2020-01-02", f"example: today {HERE}", f"{LIST}.parameters[0].example", "'today' is no date"
    ),
    "example without a required field": Fault(
        "example: {name: Tom, ",
        f"example: {HERE}\n              {{",
        f"{ADD}.requestBody.content.application/json.example",
        "the example lacks 'name', which 'Pet' requires",
    ),
    "example that fits no alternative": Fault(
        "toys: [{color: red}]",
        f"toys: [\n              {{colour: red}}]  {HERE}\n             ",
        f"{ADD}.requestBody.content.application/json.example.toys[0]",
        "the example fits none of the alternatives",
    ),
    "model example with an unknown field": Fault(
        "example: {vet: Bob}",
        f"example: {{cat: Bob}} {HERE}",
        f"{SCHEMAS}.Notes.example.cat",
        "'Notes' has no field 'cat'",
    ),
    "dangling reference": Fault(
        "schema: {$ref: '#/components/schemas/Pet'}",
        f"schema: {{$ref: '#/components/schemas/Cat'}} {HERE}",
        f"{ADD}.requestBody.content.application/json.schema.$ref",
        "nothing stands at '#/components/schemas/Cat'",
    ),
    "reference to an internal schema": Fault(
        "          $ref: common.yaml#/components/schemas/Species\n          description: What it is.\n"
        "          default: cat",
        "          $ref: common.yaml#/components/schemas/Internal\n          description: What it is.",
        f"{SCHEMAS}.Pet.properties.species",
        "'Internal' is internal",
    ),
    "inline enum": Fault(
        "          schema: {type: string}\n          example: Ann",
        f"          schema: {{type: string, enum: [Ann]}} {HERE}\n          example: Ann",
        f"{LIST}.parameters[1].schema",
        "an enum needs a name",
    ),
    "inline object": Fault(
        "        extra:\n          type: object\n          additionalProperties: true",
        f"        extra: {HERE}\n          type: object\n          properties: {{}}",
        f"{SCHEMAS}.Pet.properties.extra",
        "an object with properties needs a name",
    ),
    "closed object without fields": Fault(
        "        extra:\n          type: object\n          additionalProperties: true",
        f"        extra: {HERE}\n          type: object",
        f"{SCHEMAS}.Pet.properties.extra",
        "needs `additionalProperties: true`",
    ),
    "alternatives without a common type": Fault(
        "            oneOf: [{type: string, format: date}, {type: string, format: date-time}]",
        "            oneOf: [{type: string}, {type: integer}]",
        f"{LIST}.parameters[3].schema",
        "these alternatives have no common type",
    ),
    "field of a date or date-time": Fault(
        "        born-on:\n          type: string\n          format: date\n",
        f"        born-on: {HERE}\n"
        "          oneOf: [{type: string, format: date}, {type: string, format: date-time}]\n",
        f"{SCHEMAS}.Pet.properties.born-on",
        "a field is a date or a date-time",
    ),
    "field named like an attribute": Fault(
        "        name:\n",
        f"        to_dict: {HERE}\n",
        f"{SCHEMAS}.Pet.properties.to_dict",
        "'to_dict' is an attribute of every model",
    ),
    "two fields of one name": Fault(
        "        name:\n          type: string\n",
        "        born_on: {type: string, description: Twin.}\n        name:\n          type: string\n",
        f"{SCHEMAS}.Pet.properties.born-on",
        "two fields would be called 'born_on'",
    ),
    "required field that is none": Fault(
        "required: [name]",
        f"required: [name, age] {HERE}",
        f"{SCHEMAS}.Pet.required",
        "'age' is required but not a property",
    ),
    "two schemas in one file": Fault(
        "    Ball:\n",
        f"    PET: {HERE}\n      {{type: object, description: Shouts., properties: {{}}}}\n    Ball:\n",
        f"{SCHEMAS}.PET",
        "'PET' and another schema 'Pet' would share a file",
    ),
    "schema named like an import": Fault(
        "    Ball:\n",
        f"    Operation: {HERE}\n      {{type: object, description: Cuts., properties: {{}}}}\n    Ball:\n",
        f"{SCHEMAS}.Operation",
        "'Operation' clashes",
    ),
    "models in a circle": Fault(
        "        color:\n          type: string\n",
        "        color:\n          $ref: '#/components/schemas/Pet'\n",
        f"{SCHEMAS}.Toy",
        "'Toy' contains itself",
    ),
    "unknown security scheme": Fault(
        "        - basic: []",
        f"        - token: [] {HERE}",
        f"{LIST}.security[0].token",
        "'token' is no security scheme",
    ),
    "unknown scope": Fault(
        "[pets.view, pets.edit]",
        f"[pets.view, pets.eat] {HERE}",
        f"{ADD}.security[0].customer_accessCode[1]",
        "'pets.eat' is no scope",
    ),
    "two successful answers": Fault(
        "      responses:\n        '200':",
        f"      responses: {HERE}\n        '204': {{description: None.}}\n        '200':",
        f"{LIST}.responses",
        "exactly one successful (2xx) response",
    ),
    "unknown status": Fault(
        "'503': {description: Try later.}",
        f"default: {{description: Try later.}} {HERE}",
        "paths./v1/pets/{id}.delete.responses.default",
        "'default' is no status",
    ),
    "optional body": Fault(
        "      requestBody:\n        description: The pet.\n        required: true",
        f"      requestBody: {HERE}\n        description: The pet.",
        f"{ADD}.requestBody",
        "an optional body is not supported",
    ),
    "unknown way of sending": Fault(
        "x-empty-answer: true",
        f"x-sending: twice {HERE}",
        f"{ADD}.x-sending",
        "x-sending is `license` or absent",
    ),
    "pages without a largest size": Fault(
        "        - name: born\n",
        PAGED.replace(", maximum: 50}", f"}} {HERE}") + "        - name: born\n",
        f"{LIST}.parameters[1].schema",
        "'maximum' is missing",
    ),
    "pages with a largest size that is no number": Fault(
        "        - name: born\n",
        PAGED.replace("50}", f"many}} {HERE}") + "        - name: born\n",
        f"{LIST}.parameters[1].schema.maximum",
        "a whole number is expected",
    ),
    "pages beside an argument of paginate": Fault(
        "        - name: born\n",
        PAGED + f"        - name: limit {HERE}\n",
        f"{LIST}.parameters[2]",
        "'limit' is an argument of `paginate`",
    ),
    "key twice": Fault(
        "      summary: List pets\n",
        f"      summary: List pets\n      summary: List cats {HERE}\n",
        f"{LIST}.summary",
        "the key stands here twice",
    ),
    "scheme that the core does not know": Fault(
        "components:\n",
        f"components:\n  securitySchemes:\n    token: {{type: http}} {HERE}\n",
        "components.securitySchemes.token",
        "the core cannot authorise with 'token'",
    ),
    "two tags": Fault("tags:\n", f"tags: {HERE}\n  - name: more\n", "tags", "one tag per file is expected"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_fault(fault: Fault, root: Path, pets: str, write: Write, capsys: Captured) -> None:
    assert fault.old in pets
    pets = pets.replace(fault.old, fault.new, 1)
    write(root, pets)

    assert main([], root) == 2

    lines = capsys.readouterr().err.splitlines()
    found = [line for line in lines if f" {fault.place}: " in line and fault.message in line]
    assert found, lines
    if HERE in pets:
        marked = next(number for number, line in enumerate(pets.splitlines(), 1) if HERE in line)
        assert found[0].startswith(f"openapi/pets.yaml:{marked}: ")
    assert not (root / "shutterstock_api").exists()


def test_all_problems_together(root: Path, pets: str, write: Write, capsys: Captured) -> None:
    pets = pets.replace("summary: List pets", "tags: []").replace("type: number", "type: decimal")
    write(
        root,
        pets.replace("'204': {description: It is gone.}", "'204': {}").replace("in: query", "in: cookie"),
    )

    assert main([], root) == 2

    report = capsys.readouterr().err.splitlines()
    assert len(report) == 7  # a summary, four parameters, an answer, a type
    assert report == sorted(report, key=lambda line: int(line.split(":")[1]))


def test_the_other_file_is_named(root: Path, common: str, write: Write, capsys: Captured) -> None:
    write(root, common=common.replace("enum: [cat, dog]", "enum: [cat, 7]"))
    assert main([], root) == 2
    report = capsys.readouterr().err
    assert report.startswith("openapi/common.yaml:18: components.schemas.Species.enum[1]: a text is expected")


def test_reference_that_leads_back(root: Path, common: str, write: Write, capsys: Captured) -> None:
    itself = "{$ref: '#/components/responses/NotFound'}"
    write(root, common=common.replace("\n      description: No such pet.", f" {itself}"))
    assert main([], root) == 2
    assert "components.responses.NotFound: the reference leads back to itself" in capsys.readouterr().err


def test_no_yaml(root: Path, pets: str, write: Write, capsys: Captured) -> None:
    write(root, pets.replace("paths:", "paths: ["))
    assert main([], root) == 2
    assert capsys.readouterr().err.startswith("openapi/pets.yaml:")


def test_no_files(tmp_path: Path, capsys: Captured) -> None:
    assert main([], tmp_path) == 2
    assert "there is no OpenAPI file" in capsys.readouterr().err
