"""Forms, redirects, operations for everybody, secrets and hand-written members: what they become."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from codegen.__main__ import main
from codegen.contract.spec import load
from codegen.output.render import render

pytestmark = pytest.mark.tools

Write: TypeAlias = Callable[..., None]
Captured: TypeAlias = pytest.CaptureFixture[str]

CONTRACT = """\
openapi: 3.1.0
info: {title: Doors, version: '1'}
servers:
  - url: https://doors.example
tags:
  - name: doors
    description: Open doors.
paths:
  /v1/door:
    get:
      operationId: knock
      summary: Knock
      description: Asks to be let in.
      security: []
      parameters:
        - name: name
          in: query
          required: true
          description: Who knocks.
          schema: {type: string}
          example: $DOOR_NAME
      responses:
        '302':
          description: Where to go in.
          headers:
            Location:
              description: The way.
              schema: {type: string}
        '404': {description: No such door.}
    post:
      operationId: open_door
      summary: Open the door
      description: Opens the door.
      security: []
      requestBody:
        description: The key.
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Key'}
            example: {teeth: $DOOR_KEY}
          application/json:
            schema: {$ref: '#/components/schemas/Key'}
      responses:
        '200':
          description: What is behind it.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Room'}
components:
  schemas:
    Key:
      type: object
      description: A key.
      required: [teeth]
      properties:
        teeth:
          type: string
          description: Its shape.
          x-secret: true
        old:
          type: boolean
          description: Whether it is rusty.
    Room:
      type: object
      description: A room.
      x-mixin: cleaning.Cleaning
      properties:
        safe:
          anyOf: [{$ref: '#/components/schemas/Key'}, {type: string}]
          description: What is in the safe.
          x-secret: true
        area:
          type: [integer, 'null']
          description: Area in square metres.
"""

CLEANING = '''\
class Other:
    """Not meant."""


class Cleaning:
    """Keeps a room clean."""

    __slots__ = ()
    tool: str

    @property
    def clean(self) -> bool:
        """Whether it is clean | tidy.

        More that no page needs.
        """

    def sweep(self) -> None:
        """Sweep it."""

    def _dust(self) -> None: ...
'''

MODEL = '''\
from __future__ import annotations

from typing import ClassVar

from shutterstock_api.cleaning import Cleaning
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.models.key import Key


class Room(Cleaning, ApiModel, kw_only=True):
    """A room."""

    secret_fields: ClassVar[tuple[str, ...]] = ("safe",)

    safe: Key | str | None = None
    """What is in the safe. `repr` does not show it."""
    area: int | None = None
    """Area in square metres."""
'''

TABLE = """\
KNOCK: Operation[str] = Operation(
    "knock",
    "GET",
    "/v1/door",
    api="DoorsApi",
    query={"name": str},
    required=("name",),
    returns="str",
    location=True,
    public=True,
)

OPEN_DOOR: Operation[models.Room] = Operation(
    "open_door",
    "POST",
    "/v1/door",
    api="DoorsApi",
    body="Key",
    returns="Room",
    form=True,
    public=True,
)
"""

PAGE = """\
### Return type

`str`: Where to go in.

### Authorization

None. The credentials of the configuration are not sent.

### HTTP request headers

 - **Content-Type**: none
 - **Accept**: none

### Answers

Status | Error | Meaning
------------- | ------------- | -------------
302 | | Where to go in.
404 | `NotFoundError` | No such door.
"""


@pytest.fixture
def doors(root: Path) -> Path:
    """A project with a hand-written class and a contract that refers to it."""
    (root / "openapi" / "doors.yaml").write_text(CONTRACT)
    (root / "shutterstock_api").mkdir()
    (root / "shutterstock_api" / "cleaning.py").write_text(CLEANING)
    return root


def test_what_comes_of_it(doors: Path) -> None:
    files = render(load(doors / "openapi"))
    assert files["shutterstock_api/models/room.py"].endswith(MODEL)
    assert TABLE in files["shutterstock_api/contract/doors.py"]
    assert (
        files["shutterstock_api/api/doors_api.py"].count("credentials of the configuration are not sent") == 2
    )
    page = files["docs/DoorsApi.md"]
    assert PAGE in page
    assert "**Content-Type**: application/x-www-form-urlencoded\n - **Accept**: application/json" in page
    assert "`ApiException`. The credentials of the configuration are not sent.\n\n### Other\n" in page
    assert (
        "import os\n\nimport shutterstock_api\n\nclient = shutterstock_api.ApiClient()\n"
        'result = client.doors.knock(os.environ["DOOR_NAME"])'
    ) in page
    assert 'body = shutterstock_api.Key(teeth=os.environ["DOOR_KEY"])' in page


def test_a_model_with_two_mixins(doors: Path) -> None:
    contract = CONTRACT.replace("cleaning.Cleaning", "[repairs.Repairs, cleaning.Cleaning]")
    (doors / "openapi" / "doors.yaml").write_text(contract)
    repairs = (
        '"""About repairs."""\n\n\nclass Repairs:\n    def mend(self) -> None:\n        """Mend it."""\n'
    )
    (doors / "shutterstock_api" / "repairs.py").write_text(repairs)
    files = render(load(doors / "openapi"))
    model = files["shutterstock_api/models/room.py"]
    assert "class Room(Repairs, Cleaning, ApiModel, kw_only=True):" in model
    imports = [
        line.rpartition(" ")[2] for line in model.splitlines() if line.startswith("from shutterstock_api")
    ]
    assert imports == ["Cleaning", "ApiModel", "Key", "Repairs"]
    assert "**mend()** | Mend it.\n**clean** | " in files["docs/Room.md"]


def test_pages_of_the_models(doors: Path) -> None:
    files = render(load(doors / "openapi"))
    assert "**teeth** | `str` | Its shape. | required; not shown by `repr`\n" in files["docs/Key.md"]
    assert "**safe** | [Key](Key.md) or `str` | " in files["docs/Room.md"]
    assert (
        "In addition to its fields it has:\n\nName | Description\n------------- | -------------\n"
        "**clean** | Whether it is clean \\| tidy.\n**sweep()** | Sweep it.\n\n"
    ) in files["docs/Room.md"]
    assert (
        'required_fields: ClassVar[tuple[str, ...]] = ("teeth",)\n    secret_fields: '
        in (files["shutterstock_api/models/key.py"])
    )


FAULTS = {
    "no form": (
        "            schema: {$ref: '#/components/schemas/Key'}\n            example",
        "            schema: {type: array, items: {$ref: '#/components/schemas/Key'}}\n            example",
        "form-urlencoded.schema: a form is one model",
    ),
    "a form with a list": (
        "          type: boolean\n",
        "          type: array\n          items: {type: string}\n",
        "form-urlencoded.schema: a form holds plain values, which 'old' is not",
    ),
    "a form and other JSON": (
        "          application/json:\n            schema: {$ref: '#/components/schemas/Key'}",
        "          application/json:\n            schema: {$ref: '#/components/schemas/Room'}",
        "application/json: the same model is expected as in the form",
    ),
    "a redirect that leads nowhere": (
        "            Location:",
        "            Place:",
        "302.headers: 'Location' is missing",
    ),
    "a redirect with a body": (
        "          headers:\n",
        "          content: {}\n          headers:\n",
        "302.content: the generator does not know the key 'content'",
    ),
    "a Location that is no text": (
        "              schema: {type: string}\n        '404'",
        "              schema: {type: integer}\n        '404'",
        "302.headers.Location: the Location of a redirect is a text",
    ),
    "another redirect": (
        "'302'",
        "'303'",
        "responses: exactly one successful (2xx) response is expected, or a 302",
    ),
    "a secret parameter": (
        "          schema: {type: string}\n          example",
        "          schema: {type: string, x-secret: true}\n          example",
        "schema.x-secret: the generator does not know the key 'x-secret'",
    ),
    "two types": (
        "[integer, 'null']",
        "[integer, string]",
        "type: one type is expected, and beside it at most null",
    ),
    "a mixin in no module": (
        "cleaning.Cleaning",
        "clean.Cleaning",
        "x-mixin: shutterstock_api/clean.py cannot be read",
    ),
    "no mixin": (
        "cleaning.Cleaning",
        "cleaning.Clean",
        "x-mixin: shutterstock_api/cleaning.py has no class 'Clean'",
    ),
    "a member without a docstring": ('"""Sweep it."""', "...", "x-mixin: Cleaning.sweep has no docstring"),
    "a member and a field": (
        "        area:\n",
        "        clean:\n",
        "x-mixin: 'clean' is a field and a member of 'Cleaning'",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_fault(old: str, new: str, message: str, doors: Path, capsys: Captured) -> None:
    assert (CONTRACT + CLEANING).count(old) >= 1
    (doors / "openapi" / "doors.yaml").write_text(CONTRACT.replace(old, new, 1))
    (doors / "shutterstock_api" / "cleaning.py").write_text(CLEANING.replace(old, new, 1))

    assert main([], doors) == 2

    assert message in capsys.readouterr().err
