"""Arguments that do not fit a signature: the error says which, and what would fit."""

from __future__ import annotations

import inspect
import re
import traceback
from typing import Any

import pytest

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    Configuration,
    Image,
    ImagesApi,
    LicenseImage,
    LicenseJob,
    OAuth,
    api,
    exceptions,
    models,
    paginate,
)
from shutterstock_api.support.arguments import explained

SENT = "nothing was sent, because of"
images = ImagesApi(ApiClient(Configuration("http://127.0.0.1:1", access_token="t")))


def problem(mistake: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ApiTypeError) as caught:
        mistake(*args, **kwargs)
    assert isinstance(caught.value, TypeError)
    assert caught.value.__context__ is None
    return str(caught.value)


@pytest.mark.parametrize(
    "way", [images.search_images, lambda *args: list(paginate(images.search_images, *args))]
)
def test_a_search_without_the_name_of_its_argument(way: Any) -> None:
    assert problem(way, "cat") == f"search_images: {SENT}\n  - give each argument by name, such as query=..."


def test_more_by_position_than_a_method_takes() -> None:
    told = problem(images.get_image, "17", "full")
    assert told == (
        f"get_image: {SENT}\n  - only id may come without a name; "
        "give the others by name, such as language=..."
    )
    assert (
        problem(images.delete_lightbox, "1", "2")
        == f"delete_lightbox: {SENT}\n  - it takes id, but 2 were given"
    )


def test_a_missing_argument() -> None:
    assert problem(images.get_image) == f"get_image: {SENT}\n  - id: required (ID of the image: digits only)"
    told = problem(images.rename_lightbox)
    assert told.startswith(
        f"rename_lightbox: {SENT}\n  - id: required (ID of the collection)\n  - body: required ("
    )


def test_an_argument_that_comes_twice() -> None:
    told = problem(images.get_image, "17", id="18")
    assert told == f"get_image: {SENT}\n  - id: given twice, by position and by name"


def test_other_names_of_a_method() -> None:
    assert VideosOrImages.old is VideosOrImages.new
    assert problem(VideosOrImages(images.api_client).old) == f"new: {SENT}\n  - id: required"


class VideosOrImages(api.ImagesApi):
    operations = ImagesApi.operations

    def new(self, id: str) -> None: ...

    old = new


def test_a_method_that_a_program_adds_stays_its_own() -> None:
    class Own(ImagesApi):
        def mine(self, id: str) -> None: ...

    with pytest.raises(TypeError, match="missing 1 required positional argument") as caught:
        Own(images.api_client).mine()  # type: ignore[call-arg]
    assert not isinstance(caught.value, ApiException)


def test_constructors() -> None:
    made = problem(Configuration, acces_token="v2/secret")
    assert (
        made
        == "Configuration: wrong arguments\n  - acces_token: no such argument; did you mean 'access_token'?"
    )
    assert problem(OAuth, "key", "secret", "x").endswith(
        "only client_id and client_secret may come without a name; "
        "give the others by name, such as configuration=..."
    )
    assert problem(ImagesApi, client=1) == (
        "ImagesApi: wrong arguments\n  - client: no such argument; did you mean 'api_client'?"
    )


@pytest.mark.parametrize(
    ("mistake", "wrong", "meant"),
    [
        (Configuration, "token", "access_token"),
        (Configuration, "ca_cert", "ssl_ca_cert"),
        (images.search_images, "q", "query"),
        (images.search_images, "desc", None),
        (images.search_images, "perpage", "per_page"),
    ],
)
def test_a_part_of_a_name(mistake: Any, wrong: str, meant: str | None) -> None:
    hint = f"; did you mean {meant!r}?" if meant else ""
    assert problem(mistake, **{wrong: "x"}).endswith(f"\n  - {wrong}: no such argument{hint}")


KEY_AND_SECRET = (
    "a consumer key and its secret are username=... and password=...; a token is access_token=..."
)


@pytest.mark.parametrize("constructor", [Configuration, ApiClient])
@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("api_key", KEY_AND_SECRET),
        ("apikey", KEY_AND_SECRET),
        ("consumer_secret", KEY_AND_SECRET),
        ("client_id", KEY_AND_SECRET),
        ("base_url", "did you mean 'host'?"),
        ("url", "did you mean 'host'?"),
        ("headers", "pass headers to with_options(headers=...) of the client"),
    ],
)
def test_what_other_libraries_call_a_setting(constructor: Any, wrong: str, hint: str) -> None:
    told = problem(constructor, **{wrong: "v2/secret"})
    assert told.endswith(f"\n  - {wrong}: no such argument; {hint}")


def test_a_long_list_of_arguments_is_not_shown_whole() -> None:
    told = problem(Configuration, foo=1)
    assert "foo: no such argument; there are host, access_token, token_file, username, password, " in told
    assert re.search(r", and \d\d more$", told)


def test_a_job(tmp_path: Any) -> None:
    job = LicenseJob(images, tmp_path / "ledger.sqlite")
    assert problem(job.run, max_charges=5).endswith(
        "max_charges: no such argument; did you mean 'max_charge'?"
    )
    assert "no such argument; there are directory, workers, " in problem(job.run, limit=5)


GENERATED = {*api.__all__, *models.__all__, *exceptions.__all__}
PUBLIC = {
    name: item
    for name in shutterstock_api.__all__
    if name not in GENERATED and callable(item := getattr(shutterstock_api, name))
}
RECORDS = set(
    """
    ApiResponse BackgroundCall CallOptions DownloadReport DownloadResult JobImage JobItem Licence
    LicenseReport ManyImages ManyItems Paginated PayingSubscription Progress RateLimit Reconciliation
    RequestEvent ResponseEvent RetryEvent Token
    """.split()
)
"""Tuples and other data that calls return or that have one field or two; Python checks their arguments."""
FORWARDING = {"in_background", "paginate", "with_http_info", "with_raw_response"}
"""They give what they do not know to the method that they are given."""


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() - RECORDS - FORWARDING))
def test_every_public_function_and_class_explains(name: str) -> None:
    assert "no such argument" in problem(PUBLIC[name], no_such=1) or name == "get_many"
    told = problem(PUBLIC[name], *range(9))
    assert "may come without a name" in told or "were given" in told or name == "get_many"


@pytest.mark.parametrize("name", list(api.__all__))
def test_every_method_explains(name: str) -> None:
    made = getattr(shutterstock_api, name)(images.api_client)
    for operation in made.operations:
        assert f": {SENT}\n" in problem(getattr(made, operation), *range(9))


def test_an_error_from_inside_stays_as_it_is() -> None:
    @explained
    def work(value: Any) -> int:
        return len(value)

    with pytest.raises(TypeError, match="object of type 'int' has no len") as caught:
        work(3)
    assert not isinstance(caught.value, ApiException)
    assert (work("abc"), work(value="ab")) == (3, 2)
    assert inspect.signature(work).parameters.keys() == {"value"}


def test_no_frame_holds_the_arguments() -> None:
    @explained
    def work(token: str) -> None:
        del token
        raise ValueError

    for mistake in (lambda: work(token="v2/secret"), lambda: work("v2/secret", "v2/secret")):
        with pytest.raises((ValueError, TypeError)) as caught:
            mistake()
        frames = [frame for frame, _ in traceback.walk_tb(caught.tb)]
        assert len(frames) >= 3
        assert all("v2/secret" not in repr(frame.f_locals) for frame in frames)


# Models.


def test_a_misspelt_field_of_a_model() -> None:
    assert (
        problem(LicenseImage, imageid="17") == "LicenseImage has no field 'imageid'; did you mean 'image_id'?"
    )
    assert problem(LicenseImage, nothing=1, like_it=2) == (
        "LicenseImage has no field 'nothing'; LicenseImage has no field 'like_it'"
    )
    assert problem(LicenseImage, "17") == "LicenseImage takes its fields only by name"
    assert LicenseImage(image_id="17").image_id == "17"


def test_an_attribute_of_ones_own_on_a_model() -> None:
    image = Image(id="17")
    with pytest.raises(AttributeError) as caught:
        image.note = "front page"  # type: ignore[attr-defined]
    assert str(caught.value) == (
        "Image has no field 'note'. Keep values of your own in a dict, "
        "or in additional_properties if they may be sent in a request."
    )
    assert (caught.value.name, caught.value.obj) == ("note", image)
    with pytest.raises(
        AttributeError, match="^Image has no field 'descripton'; did you mean 'description'.$"
    ):
        image.descripton = "A cat"  # type: ignore[attr-defined]
    image.description = "A cat"
    image.additional_properties["note"] = "front page"
    assert (image.description, image.note) == ("A cat", "front page")  # type: ignore[attr-defined]
