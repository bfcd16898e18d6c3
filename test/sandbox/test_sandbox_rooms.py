"""How the sandbox is built: SQL, names, and what each medium is called."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from urllib3 import HTTPHeaderDict

import shutterstock_api.sandbox
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.sandbox.contract.contract import Contract, load_contract
from shutterstock_api.sandbox.contract.documents import Documents
from shutterstock_api.sandbox.contract.media import Medium
from shutterstock_api.sandbox.http.messages import Refusal

ROOT = Path(shutterstock_api.sandbox.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_short_and_sql_is_at_one_place(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) < 400
    sql = re.search(
        r"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|ORDER BY)\b", re.sub(r'"delete"|"DELETE"', "", text)
    )
    assert not sql or path.parent.name == "account", sql


def test_no_two_modules_define_the_same_name() -> None:
    def defined() -> Iterator[str]:
        for path in MODULES:
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    yield node.name.strip("_")

    assert [name for name, times in Counter(defined()).items() if times > 1 and name != "Server"] == []


@pytest.mark.parametrize("name", ["operations/licences", "operations/collections", "account/links"])
def test_what_serves_every_medium_names_none(name: str) -> None:
    assert not re.search(r"image|video|audio", (ROOT / f"{name}.py").read_text("utf-8"), re.IGNORECASE)


def test_the_media_of_the_contract() -> None:
    media = {medium.name: medium for medium in load_contract().media}
    assert media.keys() == {"images", "videos", "audio", "sfx", "editorial_images", "editorial_videos"}
    told = frozenset(("image_id", "license_id", "allotment_charge", "download", "price", "error"))
    assert media["images"] == Medium("/v2/images", "images", "image_id", 50, "image_id", told, True)
    told = frozenset(("editorial_id", "allotment_charge", "download", "error"))
    assert media["editorial_videos"] == Medium(
        "/v2/editorial/videos", "editorial", "editorial_id", None, "video_id", told, False
    )


def test_the_client_reads_the_same_from_the_contract() -> None:
    def core(of: Any) -> tuple[object, ...]:
        return of.items, of.item_id, of.most, of.history_filter

    contract = load_contract()
    buying = {one.path: one for one in contract.operations.values() if one.path.endswith("/licenses")}
    for theirs in MEDIA.values():
        ours = contract.medium_of(buying[theirs.license.template])
        assert (core(ours), ours.kind) == (core(theirs), theirs.history_item)
    assert {contract.medium_of(operation) for operation in buying.values()} == {*contract.media}


CONTRACT = """
paths:
  /v2/sfx/licenses:
    get:
      operationId: get_sfx_license_list
      parameters:
        - {name: sfx_id, in: query, schema: {type: string}}
        - {name: license_id, in: query, schema: {type: string}}
        - {name: license, in: query, schema: {type: string}}
      responses: {}
    post:
      operationId: license_sfx
      requestBody: {content: {json: {schema: {$ref: '#/components/schemas/SoundRequest'}}}}
      responses: {'200': {content: {json: {schema: {$ref: '#/components/schemas/Results'}}}}}
  /v2/editorial/licenses:
    get: &history
      operationId: get_editorial_license_list
      parameters: [{name: video_id, in: query, schema: {type: string}}]
      responses: {}
    post: &license
      operationId: license_editorial
      requestBody: {content: {json: {schema: {$ref: '#/components/schemas/ClipRequest'}}}}
      responses: {'200': {content: {json: {schema: {$ref: '#/components/schemas/Results'}}}}}
  /v2/editorial/videos/licenses:
    get: {<<: *history, operationId: get_editorial_video_license_list}
    post: {<<: *license, operationId: license_editorial_video}
  /v2/editorial/videos/{id}: {get: {operationId: get_editorial_video, responses: {}}}
  /v2/editorial/{id}: {get: {operationId: get_editorial_image, responses: {}}}
components:
  schemas:
    SoundRequest:
      properties: {sound_effects: {type: array, maxItems: 50, items: {required: [sfx_id, subscription_id]}}}
    ClipRequest:
      properties:
        country: {type: string}
        editorial: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Clip'}, {}]}}
    Clip: {required: [license, editorial_id]}
    Results: {properties: {data: {type: array, items: {$ref: '#/components/schemas/Result'}}}}
    Result: {properties: {sfx_id: {}, editorial_id: {}, license_id: {}, download: {}}}
"""


def test_other_media_are_read_from_the_contract_too() -> None:
    contract = Contract(Documents({"all": yaml.safe_load(CONTRACT)}))
    sound, image, clip = contract.media
    told = frozenset(("sfx_id", "editorial_id", "license_id", "download"))
    assert sound == Medium("/v2/sfx", "sound_effects", "sfx_id", 50, "sfx_id", told, False)
    assert clip == Medium("/v2/editorial/videos", "editorial", "editorial_id", None, "video_id", told, False)
    assert [(medium.name, medium.kind) for medium in (sound, clip)] == [
        ("sfx", "sfx"),
        ("editorial_videos", "video"),
    ]
    dealt_with = {name: contract.medium_of(operation) for name, operation in contract.operations.items()}
    assert [name for name, medium in dealt_with.items() if medium == image] == [
        "get_editorial_license_list",
        "license_editorial",
        "get_editorial_image",
    ]
    assert dealt_with["get_editorial_video"] == clip


def test_a_licence_without_a_history_is_of_no_medium_of_its_own() -> None:
    paths = yaml.safe_load(CONTRACT)
    del paths["paths"]["/v2/editorial/licenses"]["get"]
    contract = Contract(Documents({"all": paths}))
    assert [medium.name for medium in contract.media] == ["sfx", "editorial_videos"]


HEADERS = """
paths:
  /doors/{id}:
    get:
      operationId: knock
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: user-agent, in: header, schema: {type: string, minLength: 3}}
        - {name: x-mood, in: header, schema: {type: string}}
      responses: {}
"""


def test_parameters_in_headers() -> None:
    contract = Contract(Documents({"doors": yaml.safe_load(HEADERS)}))
    knock = contract.operations["knock"]
    headers = HTTPHeaderDict({"User-Agent": "me/1.0", "X-Other": "1"})
    assert contract.parameters(knock, {"id": "7"}, "", headers) == {"id": "7", "user-agent": "me/1.0"}
    with pytest.raises(Refusal) as caught:
        contract.parameters(knock, {"id": "7"}, "", HTTPHeaderDict({"User-Agent": "x"}))
    assert [error["path"] for error in caught.value.body["errors"]] == ["$.header.user-agent"]


def test_who_may_call_without_credentials() -> None:
    choices: dict[str, list[dict[str, list[str]]]] = {
        "nobody": [{"basic": []}],
        "anybody": [],
        "either": [{}, {"basic": []}],
    }
    paths = {
        f"/{name}": {"get": {"operationId": name, "security": security, "responses": {}}}
        for name, security in choices.items()
    }
    operations = Contract(Documents({"doors": {"paths": paths}})).operations
    assert {name for name, operation in operations.items() if operation.public} == {"anybody", "either"}
    assert operations["either"].allows_basic
    assert operations["either"].names == ("either", "DoorsApi.either")
