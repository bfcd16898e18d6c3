"""A method with two names."""

from __future__ import annotations

import pytest
from scripted_server import Server, answer

from shutterstock_api import ApiClient, ImagesApi, paginate


class AliasedApi(ImagesApi):
    """As the generator writes a second name."""

    show_image = ImagesApi.get_image
    find_images = ImagesApi.search_images


@pytest.fixture
def aliased(client: ApiClient) -> AliasedApi:
    return AliasedApi(client)


def test_all_forms_of_a_call_have_the_second_name(server: Server, aliased: AliasedApi) -> None:
    server.always(answer(200, {"id": "1"}))
    assert aliased.show_image("1") == aliased.get_image("1")
    data, status, _ = aliased.show_image_with_http_info("1")  # type: ignore[attr-defined]
    assert (data, status) == (aliased.get_image("1"), 200)


def test_pages_of_the_second_name(server: Server, aliased: AliasedApi) -> None:
    server.always(answer(200, {"data": [{"id": "1"}], "total_count": 1, "per_page": 500}))
    assert [image.id for image in paginate(aliased.find_images, query="cat")] == ["1"]


@pytest.mark.parametrize("name", ["client_of_with_http_info", "api_client_with_http_info", "_with_http_info"])
def test_nothing_else_has_that_form(aliased: AliasedApi, name: str) -> None:
    with pytest.raises(AttributeError, match=f"'AliasedApi' object has no attribute '{name}'"):
        getattr(aliased, name)
