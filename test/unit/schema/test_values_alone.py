"""Where a body has one required field, its value may be given alone."""

from __future__ import annotations

from typing import Any, get_type_hints, is_typeddict

import pytest
from scripted_server import Server, answer

from shutterstock_api import (
    SFX,
    ApiClient,
    ApiTypeError,
    Audio,
    BadRequestError,
    Image,
    ImageSearchResults,
    LicenseImage,
    LicenseImageRequest,
    Video,
    models,
    types,
)
from shutterstock_api.schema.fields import fields_of


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
        (
            "images",
            "license_images",
            ImageSearchResults(),
            r"expected LicenseImageRequest, got ImageSearchResults; write list\(\.\.\.\) for all its items",
        ),
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
