"""A small contract for the tests of the generator."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

if find_spec("jinja2") is None:  # which only `tox -e once` installs
    collect_ignore_glob = ["test_*.py"]

_COMMON = """\
openapi: 3.1.0
info: {title: Shared, version: '1'}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    customer_accessCode:
      type: oauth2
      flows:
        authorizationCode:
          scopes: {pets.view: See them., pets.edit: Change them.}
  responses:
    NotFound:
      description: No such pet.
  schemas:
    Species:
      type: string
      description: Kind of animal.
      enum: [cat, dog]
    Internal:
      type: object
      description: Not for the SDK.
      x-internal: true
      properties:
        anything: {type: whatever}
"""

_PETS = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers:
  - url: https://pets.example
tags:
  - name: pets
    description: Look after pets.
paths:
  /v1/pets:
    get:
      operationId: list_pets
      summary: List pets
      description: Lists all pets of an owner.
      security:
        - basic: []
        - customer_accessCode: []
      parameters:
        - name: born
          in: query
          description: Only pets born on this day.
          schema: {type: string, format: date}
          example: 2020-01-02
          x-example-shown: true
        - name: owner
          in: query
          required: true
          description: Name of the owner.
          schema: {type: string}
          example: Ann
        - name: species
          in: query
          deprecated: true
          description: Only these.
          schema:
            type: array
            maxItems: 2
            items: {$ref: 'common.yaml#/components/schemas/Species'}
            default: [cat]
        - name: changed
          in: query
          description: Only pets changed at this time.
          schema:
            oneOf: [{type: string, format: date}, {type: string, format: date-time}]
      responses:
        '200':
          description: The pets.
          content:
            application/json:
              schema:
                type: array
                items: {$ref: '#/components/schemas/Pet'}
  /v1/pets/{id}:
    post:
      operationId: add_pet
      summary: Add a pet
      description: Adds a pet with the given ID.
      security:
        - customer_accessCode: [pets.view, pets.edit]
      x-empty-answer: true
      parameters:
        - name: id
          in: path
          required: true
          description: ID of the pet.
          schema: {type: string}
          example: '7'
      requestBody:
        description: The pet.
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Pet'}
            example: {name: Tom, born-on: 2020-01-02, toys: [{color: red}]}
      responses:
        '201':
          description: The pet as stored.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
        '404': {$ref: 'common.yaml#/components/responses/NotFound'}
    delete:
      operationId: delete_pet
      summary: Delete a pet
      description: Deletes a pet for good.
      deprecated: true
      security:
        - customer_accessCode: [pets.edit]
      parameters:
        - name: id
          in: path
          required: true
          description: ID of the pet.
          schema: {type: string}
          example: '7'
      responses:
        '204': {description: It is gone.}
        '503': {description: Try later.}
components:
  schemas:
    Pet:
      type: object
      description: A pet.
      required: [name]
      properties:
        name:
          type: string
          description: Name of the pet.
          minLength: 1
        born-on:
          type: string
          format: date
          description: Birthday.
        species:
          $ref: common.yaml#/components/schemas/Species
          description: What it is.
          default: cat
        toys:
          type: array
          description: Its toys.
          items:
            anyOf:
              - $ref: '#/components/schemas/Ball'
              - $ref: '#/components/schemas/Toy'
        notes:
          $ref: '#/components/schemas/Notes'
          description: Whatever else there is to say.
        extra:
          type: object
          additionalProperties: true
          deprecated: true
          description: Free form.
    Ball:
      type: object
      description: A ball.
      required: [diameter]
      properties:
        diameter:
          type: number
          description: Diameter in centimetres.
          exclusiveMinimum: 0
    Toy:
      type: object
      description: A toy.
      properties:
        color:
          type: string
          description: Colour.
    Notes:
      type: object
      description: Notes on a pet.
      additionalProperties: true
      maxProperties: 4
      properties:
        vet:
          type: string
          description: Who treats it.
      example: {vet: Bob}
"""


@pytest.fixture(scope="session")
def pets() -> str:
    """The contract of one API class."""
    return _PETS


@pytest.fixture(scope="session")
def common() -> str:
    """What the contract shares."""
    return _COMMON


@pytest.fixture(scope="session")
def write() -> Callable[..., None]:
    """`write(root, pets, common)` puts a contract below `root`."""

    def write(root: Path, pets: str = _PETS, common: str = _COMMON) -> None:
        folder = root / "openapi"
        folder.mkdir(exist_ok=True)
        (folder / "pets.yaml").write_text(pets)
        (folder / "common.yaml").write_text(common)

    return write


@pytest.fixture
def root(tmp_path: Path, write: Callable[..., None]) -> Path:
    """A project with a small contract and nothing generated yet."""
    write(tmp_path)
    return tmp_path
