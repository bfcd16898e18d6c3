"""Where a body has one required field, its value may be given alone."""

from __future__ import annotations

from typing import Any, get_type_hints, is_typeddict

import pytest
from scripted_server import Server, answer

import shutterstock_api
from shutterstock_api import (
    SFX,
    ApiClient,
    ApiTypeError,
    ApiValueError,
    Audio,
    BadRequestError,
    Image,
    ImageSearchResults,
    LicenseImage,
    LicenseImageRequest,
    Video,
    api,
    models,
    paginate,
    types,
)
from shutterstock_api.calls.binding import resolve
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.sandbox import Sandbox
from shutterstock_api.schema.fields import fields_of, sole_field


@pytest.fixture
def sent(client: ApiClient, server: Server) -> Any:
    """Call an operation by the class and the method, and return the body that arrives."""

    def call(api: str, method: str, *arguments: Any) -> Any:
        server.requests.clear()
        server.answers(answer(400))
        with pytest.raises(BadRequestError):
            getattr(getattr(client, api), method)(*arguments)
        return server.requests[-1].json

    return call


def test_ids_of_what_is_licensed(sent: Any) -> None:
    given = ["17", Image(id="18"), LicenseImage(image_id="19", size="small"), {"image_id": "20"}]
    ids = [{"image_id": "17"}, {"image_id": "18"}, {"image_id": "19", "size": "small"}, {"image_id": "20"}]
    assert sent("images", "license_images", given) == {"images": ids}
    assert sent("images", "license_images", (*given,)) == {"images": ids}
    assert sent("images", "license_images", {"images": given}) == {"images": ids}
    assert sent("images", "license_images", LicenseImageRequest(images=given)) == {"images": ids}
    assert sent("videos", "license_videos", ["1", Video(id="2")])["videos"] == [
        {"video_id": "1"},
        {"video_id": "2"},
    ]
    assert sent("audio", "license_track", [Audio(id="3")]) == {"audio": [{"audio_id": "3"}]}


def test_what_a_search_found_is_licensed(sent: Any) -> None:
    found = ImageSearchResults.from_dict({"data": [{"id": "1"}, {"id": "2"}]})
    assert sent("images", "license_images", [*found]) == {"images": [{"image_id": "1"}, {"image_id": "2"}]}


@pytest.mark.parametrize(
    "several",
    [
        ImageSearchResults.from_dict({"data": [{"id": "1"}]}),
        (Image(id=one) for one in "1"),
        {"1"},
        {"1": "a cat"}.keys(),
        map(str, [1]),
    ],
    ids=lambda several: type(several).__name__,
)
def test_whatever_yields_items_is_a_list(sent: Any, several: Any) -> None:
    expected = {"images": [{"image_id": "1"}]}
    assert sent("images", "license_images", several) == expected


def test_a_field_takes_them_too(sent: Any) -> None:
    body = LicenseImageRequest(images=(one for one in "12"))  # type: ignore[arg-type]
    expected = {"images": [{"image_id": "1"}, {"image_id": "2"}]}
    assert sent("images", "license_images", body) == expected
    assert sent("images", "license_images", {"images": map(str, (1, 2))}) == expected
    found = ImageSearchResults.from_dict({"data": [{"id": "1"}, {"id": "2"}]})
    assert sent("images", "license_images", {"images": found}) == expected


def test_all_pages_of_a_search_are_licensed() -> None:
    with Sandbox() as sandbox:
        images = sandbox.client().images
        assert len(images.license_images(paginate(images.search_images, query="cat", limit=3)).licensed) == 3


def test_names_and_items_of_collections(sent: Any) -> None:
    assert sent("images", "create_lightbox", "Cats") == {"name": "Cats"}
    assert sent("images", "rename_lightbox", "5", "Dogs") == {"name": "Dogs"}
    assert sent("images", "add_lightbox_items", "5", ["17", {"id": "18"}]) == {
        "items": [{"id": "17"}, {"id": "18"}]
    }
    assert sent("catalog", "create_collection", "Cats") == {"name": "Cats"}
    assert sent("computer_vision", "upload_image", "aGk=") == {"base64_image": "aGk="}


@pytest.mark.parametrize(
    ("api", "method", "body", "problem"),
    [
        (
            "images",
            "license_images",
            [Video(id="1")],
            r"body.images\[0\]: expected LicenseImage or .*, got Video",
        ),
        ("videos", "license_videos", [Image(id="1")], r"body.videos\[0\]: expected LicenseVideo, got Image"),
        ("images", "license_images", [Image()], r"body.images\[0\].image_id: required"),
        ("images", "license_images", Image(id="1"), "body: expected LicenseImageRequest, got Image"),
        ("images", "license_images", Image(id="1"), r"got Image; write \[\.\.\.\] around it"),
        (
            "images",
            "license_images",
            b"17",
            r"body: expected LicenseImageRequest or dict, got b'17' \(bytes\)$",
        ),
        ("images", "license_images", {"17": 1}, "body.17: LicenseImageRequest has no such field"),
        ("images", "license_images", {"images": "17"}, r"body.images: expected a list, got '17' \(str\)"),
        ("images", "license_images", {"images": {"17": 1}}, "body.images: expected a list, got {'17': 1}"),
        (
            "images",
            "license_images",
            "17",
            r"body: expected LicenseImageRequest or dict, got '17' \(str\); write \['17'\]",
        ),
        (
            "images",
            "license_images",
            [17],
            r"body.images\[0\].image_id: expected str, got 17 \(int\); write '17'",
        ),
        ("images", "license_images", ["17", None], r"body.images\[1\]: None in a list"),
        ("images", "create_lightbox", ["Cats"], "body: expected CollectionCreateRequest or dict"),
        ("images", "create_lightbox", Image(id="1"), "got Image$"),
        ("images", "create_lightbox", 5, r"body.name: expected str, got 5 \(int\); write '5'"),
        (
            "sound_effects",
            "license_sfx",
            ["17"],
            r"body.sound_effects\[0\]: expected LicenseSFX or dict.*; required are sfx_id, subscription_id",
        ),
        (
            "sound_effects",
            "license_sfx",
            [SFX(id="17")],
            "expected LicenseSFX, got SFX; required are sfx_id, subscription_id",
        ),
        (
            "editorial_images",
            "license_editorial_images",
            ["17"],
            "expected LicenseEditorialContentRequest or dict.*; required are country, editorial",
        ),
    ],
)
def test_what_stands_for_nothing(client: ApiClient, api: str, method: str, body: Any, problem: str) -> None:
    with pytest.raises(ApiTypeError, match=problem):
        getattr(getattr(client, api), method)(body)


def test_an_item_of_a_collection_is_its_id(client: ApiClient) -> None:
    with pytest.raises(
        ApiTypeError, match=r"body.items\[0\]: expected CollectionItem, got Image; give its id"
    ):
        client.images.add_lightbox_items("5", [Image(id="1")])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("api", "method", "given", "hint"),
    [
        (
            "images",
            "license_images",
            {"metadata": {"order": "A-1"}},
            "metadata: no such argument; give it in the body: [{'image_id': ..., 'metadata': ...}]",
        ),
        (
            "sound_effects",
            "license_sfx",
            {"subscription_id": "s1"},
            (
                "subscription_id: no such argument; "
                "give it in the body: [{'sfx_id': ..., 'subscription_id': ...}]"
            ),
        ),
        (
            "editorial_images",
            "license_editorial_images",
            {"country": "USA", "license": "premier_editorial_all_digital"},
            "country: no such argument; give it in the body: {'country': ..., 'editorial': ...}",
        ),
        (
            "editorial_video",
            "license_editorial_video",
            {"license": "premier_editorial_video_digital_only"},
            (
                "license: no such argument; give it in the body: "
                "{'country': ..., 'editorial': [{'editorial_id': ..., 'license': ...}]}"
            ),
        ),
        (
            "images",
            "license_images",
            {"customer_id": "c1"},
            "give it in the body: [{'image_id': ..., 'metadata': {'customer_id': ...}}]",
        ),
        ("images", "license_images", {"images": ["17"]}, "give it in the body: {'images': ...}"),
        ("catalog", "create_collection", {"items": []}, "give it in the body: {'name': ..., 'items': ...}"),
        ("images", "license_images", {"metdata": {}}, "metdata: no such argument"),
        ("images", "bulk_search_images", {"query": "cat"}, "give it in the body: [{'query': ...}]"),
        ("images", "search_images", {"metadata": {}}, "metadata: no such argument"),
    ],
)
def test_what_belongs_into_the_body(
    client: ApiClient, api: str, method: str, given: dict[str, Any], hint: str
) -> None:
    body = () if method == "search_images" else (["17"],)
    with pytest.raises(ApiTypeError) as caught:
        getattr(getattr(client, api), method)(*body, **given)
    assert any(line.endswith(hint) for line in str(caught.value).split("\n"))


def test_an_empty_list_is_refused(client: ApiClient, server: Server) -> None:
    """Whatever a request lists, it lists one of at least."""
    needed = ("items", "audio_renders", *(medium.items for medium in MEDIA.values()))
    found = set()
    for name in api.__all__:
        made = getattr(shutterstock_api, name)(client)
        for operation in made.operations.values():
            model: Any = resolve(operation.body)
            lists = [one for one in getattr(model, "required_fields", ()) if one in needed]
            if not lists:
                continue
            found.add(operation.name)
            arguments = ["1"] * len(operation.path)
            bodies = [{lists[0]: []}, model(**{lists[0]: []})]
            for body in [*bodies, []] if sole_field(model) else bodies:
                with pytest.raises(ApiTypeError) as caught:
                    getattr(made, operation.name)(*arguments, body=body)
                assert f"\n  - body.{lists[0]}: required; give at least one" in str(caught.value)
    assert {medium.license.name for medium in MEDIA.values()} <= found
    assert {"add_lightbox_items", "delete_from_collection", "create_audio_renders"} <= found
    with pytest.raises(ApiTypeError, match="body.images: required; give at least one"):
        client.images.license_images(ImageSearchResults())
    with pytest.raises(ApiValueError, match="body.images: the list is empty"):
        client.request("POST", "/v2/images/licenses", body={"images": []})
    assert not server.requests


# Dicts for type checkers.


def test_there_is_a_dict_for_each_model_of_a_request() -> None:
    for name in types.__all__:
        made, model = getattr(types, name), getattr(models, name.removesuffix("Dict"))
        fields = {field.wire: field.name in model.required_fields for field in fields_of(model).values()}
        assert is_typeddict(made)
        assert get_type_hints(made).keys() == fields.keys()
        assert made.__required_keys__ == {wire for wire, required in fields.items() if required}


def test_the_names_of_the_dicts_are_not_among_the_models() -> None:
    assert not {*types.__all__} & {*models.__all__}
    assert types.LicenseImageDict.__module__ == "shutterstock_api.types.bodies"
