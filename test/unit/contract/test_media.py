"""House rules of what can be licensed: all that buys has its `Medium`, which says what `openapi/` says."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from typing import Any

import contract_facts
import pytest
from contract_facts import CLASSES, CONTRACT, CONTRACTS, OPERATIONS, resolved

from shutterstock_api import ImagesApi, OauthApi
from shutterstock_api.contract import images, media
from shutterstock_api.schema import medium as schema
from shutterstock_api.schema.medium import Medium

NODES: dict[str, dict[str, Any]] = {name: node for name, (_, _, node) in CONTRACT.items()}
every_medium = pytest.mark.parametrize("medium", media.MEDIA.values(), ids=media.MEDIA.keys())


def parameters(name: str) -> dict[str, Any]:
    return {node["name"]: node for node in contract_facts.parameters(name)}


def body(name: str) -> Any:
    return resolved(NODES[name]["requestBody"]["content"]["application/json"]["schema"])


def test_everything_that_buys_belongs_to_a_medium() -> None:
    spending = {name for name, node in NODES.items() if node.get("x-sending") == "license"}
    assert spending == {name for name, operation in OPERATIONS.items() if operation.sending == "license"}
    buying = {name for name in spending if NODES[name]["x-medium"] != "none"}
    assert buying == {medium.license.label for medium in media.MEDIA.values()}
    assert len(buying) == len(media.MEDIA)
    for name, operation in OPERATIONS.items():
        expected = media.MEDIA[operation.medium].license if operation.medium else None
        assert (operation if name in buying else None) is expected


def test_a_medium_is_found_by_its_name_and_at_its_class() -> None:
    assert media.MEDIA["image"] is media.IMAGES
    assert all(medium.name == name for name, medium in media.MEDIA.items())
    assert ImagesApi.medium is media.IMAGES
    assert OauthApi.medium is None
    found = {made.medium.name: made.medium for made in CLASSES if made.medium}
    assert found == media.MEDIA
    for made in CLASSES:
        buys = [operation for operation in made.operations.values() if operation.medium]
        assert buys == ([made.medium.license] if made.medium else [])


@every_medium
def test_its_operations_are_those_that_say_so(medium: Medium) -> None:
    roles = {
        node["x-medium"][medium.name]: OPERATIONS[name]
        for name, node in NODES.items()
        if isinstance(node.get("x-medium"), dict) and medium.name in node["x-medium"]
    }
    found = {role: getattr(medium, role) for role in ("license", "history", "lookup", "redownload")}
    assert {role: operation for role, operation in found.items() if operation} == roles
    assert medium.history.pages


@every_medium
def test_its_facts_are_those_of_the_contract(medium: Medium) -> None:
    request = body(medium.license.label)
    assert {medium.items, *medium.beside} == set(request["properties"])
    items = request["properties"][medium.items]
    assert medium.most == items.get("maxItems")
    entries = [resolved(entry) for entry in items["items"].get("anyOf", [items["items"]])]
    for entry in entries:
        assert {medium.item_id, *medium.required} <= set(entry["required"])
        metadata = entry["properties"].get("metadata")
        assert medium.metadata == (resolved(metadata)["maxProperties"] if metadata else 0)
        assert not medium.marker or metadata
        assert set(resolved(entry["properties"].get("size", {})).get("enum", ())) <= set(medium.sizes)
    answer = resolved(NODES[medium.license.label]["responses"]["200"])["content"]["application/json"][
        "schema"
    ]
    result = resolved(resolved(answer)["properties"]["data"]["items"])["properties"]
    assert medium.item_id in result
    assert medium.has_license_id == ("license_id" in result)
    assert medium.size in (None, *medium.sizes)
    assert medium.history_filter in medium.history.query
    listed = resolved(NODES[medium.history.label]["responses"]["200"])["content"]["application/json"][
        "schema"
    ]
    entry = resolved(resolved(listed)["properties"]["data"]["items"])["properties"]
    assert medium.history_item in entry
    assert medium.lookup.query["id"] == list[str]
    assert medium.lookup.most_ids == parameters(medium.lookup.label)["id"]["schema"].get("maxItems", 50)
    if medium.redownload and medium.redownload.body:
        size = resolved(body(medium.redownload.label)["properties"]["size"])
        assert medium.redownload_sizes == tuple(size["enum"])
    declared = next(
        content["x-media"][medium.name]
        for content in CONTRACTS.values()
        if medium.name in content.get("x-media", {})
    )
    assert (medium.extension, medium.extensions, medium.marker) == (
        declared["extension"],
        declared.get("extensions", {}),
        declared.get("marker", False),
    )
    beside = {*request["required"]} - {medium.items}
    assert {*medium.job_settings} == {*medium.required, *beside, *declared.get("job_settings", ())}


def test_what_images_are() -> None:
    assert media.IMAGES._asdict() == {
        "name": "image",
        "license": images.LICENSE_IMAGES,
        "items": "images",
        "item_id": "image_id",
        "most": 50,
        "required": (),
        "job_settings": (),
        "beside": (),
        "metadata": 4,
        "marker": True,
        "has_license_id": True,
        "sizes": ("small", "medium", "huge", "vector", "custom"),
        "size": "huge",
        "extension": "jpg",
        "extensions": {"vector": "eps"},
        "history": images.GET_IMAGE_LICENSE_LIST,
        "history_filter": "image_id",
        "history_item": "image",
        "lookup": images.GET_IMAGE_LIST,
        "redownload": images.DOWNLOAD_IMAGE,
        "redownload_sizes": ("small", "medium", "huge", "supersize", "vector"),
    }


def test_every_field_of_a_medium_is_explained() -> None:
    (record,) = ast.parse(inspect.getsource(schema.Medium)).body
    assert isinstance(record, ast.ClassDef)
    _, *body_of_it = record.body
    names = [node.target.id for node in body_of_it[::2] if isinstance(node, ast.AnnAssign)]
    assert names == list(Medium._fields)
    for node in body_of_it[1::2]:
        assert isinstance(node, ast.Expr)
        assert isinstance(node.value, ast.Constant)


def test_a_medium_is_loaded_when_it_is_asked_for() -> None:
    code = """
import sys
from shutterstock_api.contract.media import MEDIA
print(*MEDIA, *(name for name in sys.modules if name.startswith("shutterstock_api.contract.")))
MEDIA["image"]
print(*(name for name in sys.modules if name.startswith("shutterstock_api.contract.")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    names, module = " ".join(media.MEDIA), "shutterstock_api.contract.media"
    assert done.stdout == f"{names} {module}\n{module} shutterstock_api.contract.images\n", done.stderr
    with pytest.raises(KeyError):
        media.MEDIA["scent"]
