"""The marker by which a licence request is found again."""

from __future__ import annotations

import pytest
from license_calls import LATE, LICENSED, NOT, UNKNOWN, entry, shown, unknown
from scripted_server import Clock, Server, answer

from shutterstock_api import ApiClient, ApiValueError, ImagesApi

PLAIN = {"images": [{"image_id": "1", "metadata": {"order": "A"}}, {"image_id": "2"}]}


def marking(client: ApiClient) -> ImagesApi:
    client.configuration.license_marker = "request"
    return ImagesApi(client)


def test_a_marker_is_put_beside_what_the_caller_gave(client: ApiClient, server: Server) -> None:
    api = marking(client)
    server.always(answer(200, {"data": [{"image_id": image, "license_id": "L"} for image in "12"]}))
    api.license_images(PLAIN)
    api.license_images(PLAIN)
    sent = [image["metadata"] for request in server.requests for image in request.json["images"]]
    assert [sorted(metadata) for metadata in sent] == [["order", "request"], ["request"]] * 2
    assert len({metadata["request"] for metadata in sent}) == 4
    assert PLAIN["images"][0]["metadata"] == {"order": "A"}


def test_a_marker_of_the_caller_is_kept(client: ApiClient, server: Server) -> None:
    api = marking(client)
    server.answers(answer(500))
    error = unknown(api, {"images": [{"image_id": "1", "metadata": {"request": "mine"}}]})
    assert server.request.json == {"images": [{"image_id": "1", "metadata": {"request": "mine"}}]}
    assert (error.marker, error.metadata) == ("request", [{"request": "mine"}])


def test_a_marker_needs_a_place(client: ApiClient, server: Server) -> None:
    api = marking(client)
    full = {"image_id": "2", "metadata": dict.fromkeys("abcd", "x")}
    with pytest.raises(ApiValueError, match=r"body.images\[1\].metadata: the service takes 4 keys"):
        api.license_images({"images": [{"image_id": "1"}, full]})
    assert server.requests == []
    own = {"image_id": "2", "metadata": {**dict.fromkeys("abc", "x"), "request": "m"}}
    server.answers(answer(200, {"data": [{"image_id": "2", "license_id": "L"}]}))
    api.license_images({"images": [own]})
    assert server.request.json == {"images": [own]}


def test_no_other_request_is_marked(client: ApiClient, server: Server) -> None:
    api = marking(client)
    server.always(answer(200, {"url": "https://d.example/x"}))
    api.download_image("i1", {"size": "huge"})
    client.request("POST", "/v2/images/similar", body=PLAIN)
    assert [request.json for request in server.requests] == [{"size": "huge"}, PLAIN]


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        ([("mine", 5)], LICENSED),
        ([("mine", -90)], LICENSED),  # the service's clock may be behind
        ([(" MINE ", 5)], LICENSED),
        ([("mine", 5), ("other", 6)], LICENSED),
        ([("mine", 5), ("mine", 6)], LICENSED),  # somebody on the way has sent it twice
        ([("mine", -90 * 86400)], LICENSED),  # whatever the times say
        ([(None, 5)], UNKNOWN),
        ([("other", 5)], NOT),
        ([], NOT),
    ],
)
def test_a_marker_makes_it_certain(
    client: ApiClient, server: Server, clock: Clock, entries: list[tuple[str | None, float]], outcome: str
) -> None:
    api = marking(client)
    found = [
        entry(f"L{number}", after=after, metadata=None if text is None else {"request": text})
        for number, (text, after) in enumerate(entries)
    ]
    server.answers(answer(500), *[shown(clock, *found)] * 2)
    error = unknown(api, {"images": [{"image_id": "1", "metadata": {"request": "mine"}}]})
    clock.now += LATE
    result = error.reconcile()
    assert list(getattr(result, outcome)) == ["1"]
    if outcome == LICENSED:
        expected = [f"L{n}" for n, (text, _) in enumerate(entries) if str(text).strip().lower() == "mine"]
        assert [licence.id for licence in result.licensed["1"]] == expected
