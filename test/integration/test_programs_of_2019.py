"""Programs written for the client of 2019 go on working: their lines, as they were. Warnings are errors."""

from __future__ import annotations

from datetime import date
from pprint import pformat

import pytest

import shutterstock_api
from shutterstock_api.models.collection_create_request import CollectionCreateRequest
from shutterstock_api.models.image import Image
from shutterstock_api.rest import ApiException


@pytest.fixture
def configuration(sandbox):
    configuration = shutterstock_api.Configuration()
    configuration.host = sandbox.url
    configuration.access_token = sandbox.token()
    return configuration


@pytest.fixture
def api_instance(configuration):
    with shutterstock_api.ApiClient(configuration) as api_client:
        yield shutterstock_api.ImagesApi(api_client)


def test_the_example_of_every_method(api_instance, capsys):
    query = "cat"  # str | One or more search terms (optional)
    page = 1
    per_page = 2

    try:
        api_response = api_instance.search_images(query=query, page=page, per_page=per_page)
        print(pformat(api_response))
    except ApiException as e:
        print("Exception when calling ImagesApi->search_images: %s\n" % e)  # noqa: UP031
    printed = capsys.readouterr().out
    assert "'per_page': 2" in printed
    assert "Exception" not in printed


def test_key_and_secret(sandbox):
    configuration = shutterstock_api.Configuration()
    configuration.host = sandbox.url
    configuration.username = sandbox.key
    configuration.password = sandbox.secret
    with shutterstock_api.ApiClient(configuration, "X-Trace", "1", cookie="a=b") as api_client:
        api_client.user_agent = "gallery/1.0"
        api_client.set_default_header("Accept-Language", "de")
        assert shutterstock_api.ImagesApi(api_client).get_image("17").id == "17"
    sent = sandbox.requests[-1].headers
    assert (sent["X-Trace"], sent["Cookie"], sent["User-Agent"]) == ("1", "a=b", "gallery/1.0")
    assert sent["Authorization"].startswith("Basic ")


def test_settings_of_the_configuration():
    configuration = shutterstock_api.Configuration()
    configuration.verify_ssl = True
    configuration.ssl_ca_cert = configuration.cert_file = configuration.key_file = None
    configuration.assert_hostname = None
    configuration.connection_pool_maxsize = 4
    configuration.proxy = None
    configuration.safe_chars_for_path_param = ""
    configuration.debug = False
    configuration.logger_file = None
    configuration.refresh_api_key_hook = None
    assert configuration.host == "https://api.shutterstock.com"


def test_a_token_that_a_hook_renews(configuration, sandbox, api_instance):
    def refresh(config):
        config.access_token = sandbox.token()

    configuration.access_token = "old"
    configuration.refresh_api_key_hook = refresh
    assert api_instance.get_image("17").id == "17"


def test_an_error_is_an_api_exception(api_instance):
    with pytest.raises(ApiException) as caught:
        api_instance.get_image("404")
    e = caught.value
    assert (e.status, e.reason) == (404, "Not Found")
    assert "Not Found" in e.body
    assert e.headers["Content-Type"].startswith("application/json")
    assert "404" in str(e)


def test_a_misspelt_argument_is_a_type_error(api_instance, sandbox):
    with pytest.raises(TypeError):
        api_instance.search_images(quey="cat")
    with pytest.raises(TypeError):
        api_instance.get_image(None)
    assert not sandbox.requests


def test_status_and_headers(api_instance):
    data, status, headers = api_instance.get_image_with_http_info("17")
    assert (data.id, status, headers.get("Content-Type", "")[:16]) == ("17", 200, "application/json")
    assert api_instance.get_image("17", _return_http_data_only=False)[1] == 200


def test_a_thread_of_the_pool(api_instance):
    threads = [api_instance.get_image(id, async_req=True) for id in ("17", "18")]
    assert [thread.get().id for thread in threads] == ["17", "18"]
    with pytest.raises(ApiException):
        api_instance.get_image_with_http_info("404", async_req=True).get()


def test_options_of_a_call(api_instance):
    assert api_instance.get_image("17", _request_timeout=5).id == "17"
    assert api_instance.get_image("17", _request_timeout=(1, 5)).id == "17"
    response = api_instance.get_image("17", _preload_content=False)
    assert (response.status, b'"17"' in response.data) == (200, True)


def test_a_model_is_printed_compared_and_turned_into_a_dict(api_instance):
    image = api_instance.get_image("17")
    assert isinstance(image, Image)
    assert shutterstock_api.Image is Image is shutterstock_api.models.image.Image
    assert str(image) == repr(image) == image.to_str()
    assert image == api_instance.get_image("17")
    assert image != api_instance.get_image("18")
    assert isinstance(image.added_date, date)
    as_dict = image.to_dict()
    assert as_dict["contributor"] == {"id": image.contributor.id, "name": None}
    assert as_dict.keys() >= image.swagger_types.keys() == image.attribute_map.keys()
    assert (image.swagger_types["categories"], image.attribute_map["id"]) == ("list[Category]", "id")


def test_a_collection_from_its_making_to_its_end(api_instance):
    body = CollectionCreateRequest()
    body.name = "Cats"
    api_instance.create_lightbox(body)
    lightbox = [one for one in api_instance.get_lightbox_list().data if one.name == "Cats"][0]  # noqa: RUF015
    items = [shutterstock_api.CollectionItem(id="17"), shutterstock_api.CollectionItem(id="18")]
    api_instance.add_lightbox_items(lightbox.id, shutterstock_api.CollectionItemRequest(items=items))
    api_instance.delete_lightbox_items(lightbox.id, item_id=["18"])
    assert [item.id for item in api_instance.get_lightbox_items(lightbox.id).data] == ["17"]
    api_instance.rename_lightbox(lightbox.id, shutterstock_api.CollectionUpdateRequest(name="Dogs"))
    assert api_instance.get_lightbox(lightbox.id).name == "Dogs"
    assert api_instance.delete_lightbox(lightbox.id) is None


def test_a_licence_is_bought_and_its_file_asked_for_again(api_instance, sold):
    image = shutterstock_api.LicenseImage(image_id="17", size="small", metadata={"job": "job1"})
    result = api_instance.license_images(shutterstock_api.LicenseImageRequest(images=[image])).data[0]
    assert (result.image_id, result.error) == ("17", None)
    assert len(sold()) == 1
    (licence,) = [one for one in api_instance.get_image_license_list(image_id="17").data if one.metadata]
    body = shutterstock_api.RedownloadImage(size="small")
    assert "http" in api_instance.download_image(licence.id, body).url


def test_the_client_by_hand(api_instance):
    api_client = api_instance.api_client
    data, status, _ = api_client.call_api(
        "/v2/images/{id}",
        "GET",
        {"id": "17"},
        [("view", "full")],
        {"Accept": "application/json"},
        body=None,
        post_params=[],
        files={},
        response_type="Image",
        auth_settings=["basic", "customer_accessCode"],
        async_req=None,
        _return_http_data_only=None,
        _preload_content=True,
        _request_timeout=None,
        collection_formats={},
    )
    assert (data.id, status) == ("17", 200)
    response = api_instance.get_image_list(["17", "18"], _preload_content=False)
    images = api_client.deserialize(response, "ImageDataList").data
    assert [image.id for image in images] == ["17", "18"]
    assert api_client.sanitize_for_serialization({"on": date(2019, 7, 1)}) == {"on": "2019-07-01"}


def test_pages_by_hand(api_instance):
    ids, page = [], 1
    while len(ids) < 6:
        answer = api_instance.search_images(query="cat", page=page, per_page=2)
        ids += [image.id for image in answer.data]
        page += 1
    assert len(set(ids)) == 6
