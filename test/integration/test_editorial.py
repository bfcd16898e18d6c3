"""The older operations for editorial images answer as the newer ones do."""

from __future__ import annotations

import pytest

from shutterstock_api import ApiException, NotFoundError

ID = "10687730b"
FEED = "2018%2F07%2F17%2FFilm%20Festival%2C%20Day%201"


def test_editorialapi_get_editorial_image(editorial, editorial_images):
    assert editorial.get_editorial_image(ID, "USA") == editorial_images.get_editorial_image(ID, "USA")


def test_get_editorial_categories(editorial, editorial_images):
    assert editorial.get_editorial_categories() == editorial_images.list_editorial_image_categories()


def test_search_editorial(editorial, editorial_images):
    old = editorial.search_editorial("USA", query="tennis", per_page=5)
    assert old.data == editorial_images.search_editorial_images("USA", query="tennis", per_page=5).data
    second = editorial.search_editorial("USA", query="tennis", per_page=5, cursor=old.next)
    assert len({image.id for image in (*old.data, *second.data)}) == 10


def test_get_updated_editorial_image(editorial, editorial_images):
    asked = ("edit", "2021-01-01T00:00:00Z", "2021-02-01T00:00:00Z", "USA")
    old = editorial.get_updated_editorial_image(*asked, per_page=100)
    assert old == editorial_images.get_updated_editorial_images(*asked, per_page=100)


def test_get_editorial_livefeed_list(editorial, editorial_images):
    old = editorial.get_editorial_livefeed_list("USA", page=2)
    assert old == editorial_images.get_editorial_image_livefeed_list("USA", page=2)


def test_get_editorial_livefeed(editorial, editorial_images):
    assert editorial.get_editorial_livefeed(FEED, "USA") == (
        editorial_images.get_editorial_image_livefeed(FEED, "USA")
    )


def test_get_editorial_livefeed_items(editorial, editorial_images):
    old = editorial.get_editorial_livefeed_items(FEED, "USA")
    assert old == editorial_images.get_editorial_image_livefeed_items(FEED, "USA")


@pytest.mark.parametrize("method", ["get_editorial_livefeed", "get_editorial_livefeed_items"])
def test_a_country_beyond_the_rights_is_not_acceptable(editorial, method):
    with pytest.raises(ApiException) as caught:
        getattr(editorial, method)(FEED, "FRA")
    assert caught.value.status == 406
    with pytest.raises(NotFoundError):
        getattr(editorial, method)("2018%2F07%2F17%2FNothing", "FRA")


def test_license_editorial_image(editorial, editorial_images, sandbox, sold, connect, web):
    body = {"country": "US", "editorial": [{"editorial_id": ID, "license": "premier_editorial_all_digital"}]}
    token = sandbox.token(["licenses.create"])  # which is not enough for the newer one
    client = connect(access_token=token).api_client
    [result] = type(editorial)(client).license_editorial_image(body).data
    [licence] = sold()
    assert (result.editorial_id, licence["editorial_id"]) == (ID, ID)
    assert web(result.download.url).startswith(b"\xff\xd8\xff")
    [entry] = editorial_images.get_editorial_image_license_list(image_id=ID).data
    assert entry.id == licence["id"]
