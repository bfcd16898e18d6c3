"""What an editor offers and shows, asked of a real language server. `tox -e types` has one."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from pyright_server import LanguageServer

import shutterstock_api

ROOT = Path(__file__).parents[3]
BEFORE = """\
import shutterstock_api
from shutterstock_api import paginate, with_http_info

api = shutterstock_api.ImagesApi()
image = api.get_image("1")
"""

SIZES = {'"small"', '"medium"', '"huge"', '"vector"', '"custom"'}
SORTS = {'"newest"', '"oldest"', '"popular"', '"random"', '"relevance"'}
GRANTS = {'"authorization_code"', '"refresh_token"', '"client_credentials"'}
TYPES = {'"photo"', '"illustration"', '"vector"'}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if importlib.util.find_spec("pyright") is None:
        pytest.skip("pyright is not installed")
    try:
        running = LanguageServer(tmp_path_factory.mktemp("programs"), ROOT)
    except EOFError:
        pytest.skip("the language server does not run here")
    yield running
    running.close()


# Completion.


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ('api.license_images({}, size="|")', SIZES),
        ('shutterstock_api.LicenseImage(image_id="1", size="|")', SIZES),
        ('api.search_images(query="cat", sort="|")', SORTS),
        ('api.search_images(image_type="|")', TYPES),
        ('api.search_images(image_type=["photo", "|"])', TYPES),
        ('paginate(api.search_images, query="cat", sort="|")', SORTS),
        ('with_http_info(api.get_image)("1", view="|")', {'"minimal"', '"full"'}),
        ('shutterstock_api.AccessTokenRequest(grant_type="|")', GRANTS),
    ],
)
def test_values_of_an_enum_are_offered(server, code, values):
    assert server.completions(BEFORE + code) == values


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("shutterstock_api.|", set(shutterstock_api.__all__) - {"__version__"}),
        ("from shutterstock_api import Im|", {"Image", "ImagesApi", "ImageSize"}),
        ("from shutterstock_api.models import Li|", {"LicenseImage", "LicenseImageRequest"}),
        ("api.|", set(shutterstock_api.ImagesApi.operations)),
        ("image.|", {*shutterstock_api.Image.attribute_map, "to_dict", "additional_properties"}),
        ("image.assets.preview.|", {"url", "width", "height"}),
        ("api.search_images(|)", {"query=", "sort=", "per_page=", "async_req="}),
        ("for item in paginate(api.search_images):\n    item.|", {"description", "contributor"}),
        ("for page in paginate(api.search_images).pages():\n    page.|", {"total_count", "search_id"}),
    ],
)
def test_names_are_offered(server, code, names):
    assert names <= server.completions(BEFORE + code)


# What is shown of a name.


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("image.desc|ription", ["description: str | None", "What the image shows."]),
        ("image.contrib|utor", ["contributor: Contributor | None", "Who made the image."]),
        ("api.search_im|ages()", ["sort: str | None = None", "-> ImageSearchResults", "Search for images."]),
        ('api.get_im|age("1")', ["id: str,", "-> Image", "Show an image.", "`GET /v2/images/{id}`"]),
        ('api.search_images(que|ry="cat")', ["query: str | None", "Search terms, separated by spaces."]),
        ('api.get_image("1", _ret|ries=1)', ["_retries: int", "How many times the request may be sent"]),
        ("shutterstock_api.Image|Size", ["Literal['small', 'medium'", "Size in which to license an image."]),
        ("shutterstock_api.LicenseIm|age()", ["image_id: str | None = None", "An image to license"]),
        ("for it|em in paginate(api.search_images): ...", ["item: Image"]),
        ('with_http_info(api.get_image)("1").stat|us', ["status: int", "HTTP status."]),
    ],
)  # fmt: skip
def test_a_name_shows_its_type_and_its_text(server, code, shown):
    hover = server.hover(BEFORE + code)
    for part in shown:
        assert part in hover
