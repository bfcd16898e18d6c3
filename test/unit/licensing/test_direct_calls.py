"""Licence requests of every medium: what an answer says, and what is done about one that never came."""

from __future__ import annotations

from typing import Any

import pytest
from media_service import APIS, MARKED, UNMARKED, MediaService, settings
from scripted_server import Clock, Server, answer

from shutterstock_api import ApiClient, ForbiddenError, ImagesApi, LicenseOutcomeUnknown, LicenseRefusedError
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.schema.medium import Medium

UNUSABLE = "Subscription is unusable or cannot be found. License failed"


@pytest.fixture(params=MEDIA)
def medium(request: pytest.FixtureRequest) -> Medium:
    return MEDIA[request.param]


@pytest.fixture
def service(server: Server, clock: Clock, medium: Medium) -> MediaService:
    return MediaService(server, clock, medium)


def call(client: ApiClient, medium: Medium, *ids: str, **more: Any) -> Any:
    """License items by the method of the medium's class."""
    told = {**settings(medium), **more}
    beside = {name: told.pop(name) for name in medium.beside if name in told}
    entries = [{medium.item_id: one, **told} for one in ids]
    method = getattr(APIS[medium.name](client), medium.license.name.rpartition(".")[2])
    return method({medium.items: entries, **beside})


def names_of(medium: Medium) -> str:
    several = [one for one in MEDIA.values() if one.license.returns == medium.license.returns]
    return f"{medium.name}s" if len(several) == 1 else "items"


# Answers.


def test_licensed_failed_and_unclear(client: ApiClient, service: MediaService, medium: Medium):
    service.refusals["2"] = "Not for sale"
    answered = call(client, medium, "1", "2", "3")
    answered.data[2] = type(answered.data[2])(**{medium.item_id: "3"})
    ids = [[getattr(one, medium.item_id) for one in found] for found in (answered.licensed, answered.failed)]
    assert ids == [["1"], ["2"]]
    assert answered.unclear == answered.data[2:]
    with pytest.raises(LicenseRefusedError) as caught:
        answered.raise_for_failures()
    assert f"1 {names_of(medium)} licensed, 1 refused, 1 unclear" in str(caught.value)
    assert "2: Not for sale" in str(caught.value)
    assert "3: the answer does not say" in str(caught.value)


def test_all_is_licensed(client: ApiClient, service: MediaService, medium: Medium):
    answered = call(client, medium, "1", "2")
    answered.raise_for_failures()
    assert (len(answered.licensed), answered.failed, answered.unclear) == (2, [], [])
    assert answered.licensed[0].download.url == service.link("L1")


# Hints.


def test_the_first_subscription_is_not_always_the_right_one(
    client: ApiClient, service: MediaService, medium: Medium
):
    service.refusals["1"] = UNUSABLE
    with pytest.raises(LicenseRefusedError, match="GET /v2/user/subscriptions") as caught:
        call(client, medium, "1").raise_for_failures()
    named = "Name a size: without one, the service licenses web." in str(caught.value)
    assert named == (medium.name == "video")
    service.refusals["1"] = "Not for sale"
    with pytest.raises(LicenseRefusedError) as caught:
        call(client, medium, "1").raise_for_failures()
    assert "Name a size" not in str(caught.value)
    assert "subscriptions" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_subscription_that_the_request_as_a_whole_is_refused_for(
    client: ApiClient, server: Server, status: int
):
    server.always(answer(status, {"message": UNUSABLE}))
    for medium in MEDIA.values():
        with pytest.raises(Exception, match="GET /v2/user/subscriptions"):
            call(client, medium, "1")
    with pytest.raises(Exception, match="Subscription is unusable") as caught:
        ImagesApi(client).get_image("1")
    assert "/v2/user/subscriptions" not in str(caught.value)


def test_an_application_on_the_free_plan(client: ApiClient, server: Server, medium: Medium):
    server.always(answer(403, {"message": "You do not have access to this route"}))
    with pytest.raises(ForbiddenError, match="a free plan cannot license"):
        call(client, medium, "1")
    server.always(answer(403, {"message": "No"}))
    with pytest.raises(ForbiddenError, match=r"It needs a valid token|403 Reason: No$"):
        call(client, medium, "1")


# No answer.


def doubt(client: ApiClient, medium: Medium, *ids: str) -> LicenseOutcomeUnknown:
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        call(client, medium, *ids)
    return caught.value


@pytest.mark.parametrize("act", ["lost", "nothing"])
def test_an_answer_that_never_came(
    client: ApiClient, service: MediaService, medium: Medium, clock: Clock, act: str
):
    client.configuration.license_marker = "request"
    service.acts = iter([act])
    error = doubt(client, medium, "1", "2")
    assert (error.medium, error.item_ids, error.image_ids) == (medium.name, ["1", "2"], ["1", "2"])
    assert (error.marker is not None) == bool(medium.metadata)
    soon = error.reconcile()
    clock.now += 700
    late = error.reconcile()
    assert len(service.bodies) == 1
    if act == "nothing":
        assert (soon.unknown, late.not_licensed) == (["1", "2"], ["1", "2"])
    elif medium.marker:
        assert {item: [one.id for one in found] for item, found in soon.licensed.items()} == {
            "1": ["L1"],
            "2": ["L2"],
        }
    else:  # somebody else may have bought what the history shows
        assert (soon.unknown, late.unknown) == (["1", "2"], ["1", "2"])


@pytest.mark.parametrize("name", MARKED)
def test_a_marker_tells_the_licence_from_all_others(
    client: ApiClient, server: Server, clock: Clock, name: str
):
    medium = MEDIA[name]
    service = MediaService(server, clock, medium)
    client.configuration.license_marker = "request"
    service.acts = iter(["lost"])
    service.sell("1")
    error = doubt(client, medium, "1")
    service.sell("1")
    assert [one.id for one in error.reconcile().licensed["1"]] == ["L2"]


@pytest.mark.parametrize("name", UNMARKED)
def test_without_a_marker_an_older_licence_is_no_proof(
    client: ApiClient, server: Server, clock: Clock, name: str
):
    medium = MEDIA[name]
    service = MediaService(server, clock, medium)
    service.acts = iter(["nothing"])
    service.sell("1")
    clock.now += 3 * 86400
    error = doubt(client, medium, "1")
    clock.now += 700
    assert error.reconcile().not_licensed == ["1"]
    service.acts = iter(["nothing"])
    service.sell("1")
    error = doubt(client, medium, "1")
    clock.now += 700
    assert error.reconcile().unknown == ["1"]


def test_an_answer_that_leaves_items_out(client: ApiClient, service: MediaService, medium: Medium):
    real = service._result
    service._result = lambda entry: {} if entry[medium.item_id] == "2" else real(entry)  # type: ignore[method-assign]
    error = doubt(client, medium, "1", "2", "3")
    assert error.results is not None
    told = [getattr(one, medium.item_id) for one in error.results.licensed]
    assert told == ["1", "3"]
