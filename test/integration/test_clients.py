"""Clients side by side, many threads on one client, compression, the connection kept."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from shutterstock_api import ApiClient, ForbiddenError, ImagesApi, UnauthorizedError
from shutterstock_api.sandbox import SCOPES


def test_two_clients_with_different_tokens_side_by_side(connect, sandbox):
    reader = connect(access_token=sandbox.token(["collections.view"]))
    writer = connect(access_token=sandbox.token(["collections.edit"]))

    def read():
        for _ in range(10):
            assert reader.get_lightbox("126351027").name
            with pytest.raises(ForbiddenError, match="collections.edit"):
                reader.create_lightbox({"name": "Never"})

    def write():
        for _ in range(10):
            created = writer.create_lightbox({"name": "Written"})
            with pytest.raises(ForbiddenError, match="collections.view"):
                writer.get_lightbox(created.id)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(read), threads.submit(write)]:
            done.result()
    assert [item.name for item in reader.get_lightbox_list().data].count("Written") == 10
    tokens = Counter(request.headers["Authorization"] for request in list(sandbox.requests)[:40])
    assert tokens == {f"Bearer {api.api_client.configuration.access_token}": 20 for api in (reader, writer)}


def test_a_token_may_change_at_any_time(connect, sandbox):
    api = connect(access_token=sandbox.token([]))
    with pytest.raises(ForbiddenError):
        api.get_lightbox_list()
    api.api_client.configuration.access_token = sandbox.token()
    assert api.get_lightbox_list().data


def test_a_hook_renews_a_token_before_each_call(connect, sandbox, clock):
    def renew(configuration):
        configuration.access_token = sandbox.token(lifetime=60)

    stale = connect(access_token=sandbox.token(lifetime=60))
    renewed = connect(access_token="none yet", refresh_api_key_hook=renew)
    for api in (stale, renewed):
        assert api.get_lightbox_list().data
    clock.now += 61
    with pytest.raises(UnauthorizedError):
        stale.get_lightbox_list()
    assert renewed.get_lightbox_list().data


def test_the_configuration_that_the_sandbox_hands_out(sandbox):
    with ApiClient(sandbox.configuration()) as client:
        assert ImagesApi(client).get_lightbox_list().data
    others = sandbox.configuration(scopes=set(SCOPES) - {"collections.view"})
    with ApiClient(others) as client, pytest.raises(ForbiddenError):
        ImagesApi(client).get_lightbox_list()


def test_the_environment_leads_to_the_sandbox(monkeypatch, sandbox):
    monkeypatch.setenv("SHUTTERSTOCK_API_HOST", sandbox.url)
    monkeypatch.setenv("SHUTTERSTOCK_KEY", sandbox.key)
    monkeypatch.setenv("SHUTTERSTOCK_SECRET", sandbox.secret)
    api = ImagesApi()
    assert api.get_image("1").id == "1"
    api.api_client.close()


def test_eight_threads_on_one_client(api, sandbox, sold):
    """Each reads, collects and licenses; every answer is its own, every licence is bought once."""

    def work(number):
        wanted = [str(1_000 * number + step) for step in range(1, 13)]
        collection = api.create_lightbox({"name": f"Thread {number}"}).id
        for id in wanted:
            assert api.get_image(id, view="minimal").id == id
            api.add_lightbox_items(collection, {"items": [{"id": id}]})
            (entry,) = api.license_images(
                {
                    "images": [
                        {
                            "image_id": id,
                            "editorial_acknowledgement": True,
                            "metadata": {"thread": str(number)},
                        }
                    ]
                }
            ).data
            assert (entry.image_id, entry.error) == (id, None)
        assert [item.id for item in api.get_lightbox_items(collection).data] == wanted
        assert api.get_lightbox(collection).name == f"Thread {number}"
        assert [image.id for image in api.get_image_list(wanted).data] == wanted
        return wanted

    with ThreadPoolExecutor(8) as threads:
        wanted = [id for ids in threads.map(work, range(1, 9)) for id in ids]
    assert Counter(row["image_id"] for row in sold()) == Counter(wanted)
    assert all(row["metadata"] == {"thread": row["image_id"][0]} for row in sold())
    assert sandbox.allotment() == 10_000 - 96
    assert api.get_lightbox_list().total_count == 2 + 8


def test_background_calls_run_side_by_side(api, sandbox, sold):
    pending = [api.get_image(str(number), async_req=True) for number in range(1, 41)]
    licences = [api.license_images({"images": [{"image_id": "1"}]}, async_req=True) for _ in range(10)]
    assert [one.get(timeout=10).id for one in pending] == [str(number) for number in range(1, 41)]
    assert len({one.get(timeout=10).data[0].license_id for one in licences}) == len(sold()) == 10


def test_big_answers_come_compressed(api, sandbox):
    data, _, headers = api.search_images_with_http_info(per_page=200, view="full")
    assert headers["Content-Encoding"] == "gzip"
    assert len(data.data) == 200
    assert int(headers["Content-Length"]) < len(data.to_json()) / 4
    assert sandbox.requests[0].headers["Accept-Encoding"] == "gzip"


def test_small_answers_come_as_they_are(api):
    _, _, headers = api.get_image_with_http_info("1", fields="id")
    assert "Content-Encoding" not in headers
    assert headers["Content-Length"] == "10"


def test_a_raw_response_is_unpacked_too(api):
    response = api.search_images(per_page=200, _preload_content=False)
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.json()["per_page"] == 200
    response.release_conn()


def test_one_connection_serves_all_calls_in_turn(api, sandbox):
    api.get_image("1")
    pool = api.api_client.rest.route().pool
    for _ in range(5):
        api.get_lightbox_list()
        api.create_lightbox({"name": "x"})
        api.delete_lightbox_items("126351028", item_id="1")
    assert (pool.num_connections, pool.num_requests) == (1, 16)


def test_a_closed_client_opens_again(api):
    api.get_image("1")
    api.api_client.close()
    assert api.get_image("1").id == "1"


def test_any_endpoint_by_the_escape_hatch(client):
    image = client.request("GET", "/v2/images/1", query={"view": "minimal"}, returns="Image")
    assert image.id == "1"
    assert client.request("GET", "/v2/images", query={"id": ["1", "2"], "fields": "data(id)"}) == {
        "data": [{"id": "1"}, {"id": "2"}]
    }
    assert client.request("DELETE", "/v2/images/collections/126351028", returns=None) is None


def test_calls_in_the_way_of_the_2019_client(client):
    data, status, headers = client.call_api(
        "/v2/images/{id}",
        "GET",
        {"id": "1"},
        [("view", "minimal")],
        {"Accept": "application/json"},
        response_type="Image",
    )
    assert (data.id, status, headers["Content-Type"].partition(";")[0]) == ("1", 200, "application/json")
