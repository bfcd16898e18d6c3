"""Licensing costs money: what is in doubt is said so, and looking it up only reads."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import formatdate
from typing import Any

import pytest
from scripted_server import HANG_UP, Clock, Request, Server, answer

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    DecodeError,
    ForbiddenError,
    ImagesApi,
    LicenseImage,
    LicenseImageRequest,
    LicenseImageResultDataList,
    LicenseOutcomeUnknown,
    LicenseRefusedError,
    LicenseRequestMetadata,
)
from shutterstock_api.licensing import reconciliation

SENT_AT = datetime.fromtimestamp(Clock().now, timezone.utc)
TWO = {"images": [{"image_id": "1", "metadata": {"customer_id": "m1"}}, {"image_id": "2"}]}


def unknown(api: ImagesApi, body: Any = TWO, **options: Any) -> LicenseOutcomeUnknown:
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        api.license_images(body, **options)
    return caught.value


# The request.


def test_a_good_answer_holds_refusals_too(api: ImagesApi, server: Server) -> None:
    entries = [
        {"image_id": "1", "download": {"url": "https://d.example/x"}},
        {"image_id": "2", "error": "No."},
    ]
    server.answers(answer(200, {"data": entries}))
    result = api.license_images(TWO, size="huge")
    assert isinstance(result, LicenseImageResultDataList)
    assert [(entry.image_id, entry.error) for entry in result.data or ()] == [("1", None), ("2", "No.")]
    assert (server.request.verb, server.request.target) == ("POST", "/v2/images/licenses?size=huge")


@pytest.mark.parametrize(
    "body",
    [
        TWO,
        LicenseImageRequest(
            images=[
                LicenseImage(image_id="1", metadata=LicenseRequestMetadata(customer_id="m1")),
                LicenseImage(image_id="2"),
            ]
        ),
        LicenseImageRequest(
            images=[LicenseImage(image_id="1", metadata={"customer_id": "m1"}), LicenseImage(image_id="2")]
        ),
    ],
)
def test_the_body_is_sent_exactly_as_given(api: ImagesApi, server: Server, body: Any) -> None:
    server.answers(answer(500))
    error = unknown(api, body)
    assert server.request.json == TWO
    assert (error.image_ids, error.metadata) == (["1", "2"], [{"customer_id": "m1"}, None])


# Doubt.


@pytest.mark.parametrize(
    ("fault", "status", "cause"),
    [
        (HANG_UP, None, ApiConnectionError),
        (answer(200, b'{"data": [', 99), None, ApiConnectionError),
        (answer(200, b"not gzip", Content_Encoding="gzip"), None, ApiConnectionError),
        (b"garbage\r\n\r\nConnection: close\r\n", None, ApiConnectionError),
        (answer(500, {"message": "m"}), 500, ApiException),
        (answer(502, "<html>"), 502, ApiException),
        (answer(503, Retry_After="1"), 503, ApiException),
        (answer(200), 200, DecodeError),
        (answer(204), 204, DecodeError),
        (answer(200, "garbage"), 200, DecodeError),
        (answer(200, b"[]"), 200, DecodeError),
        (answer(200, b'{"data": ['), 200, DecodeError),
        (answer(200, b"{}"), 200, DecodeError),
        (answer(200, b'{"data": [], "page": 1}'), 200, DecodeError),
        (answer(200, b'{"data": null}'), 200, DecodeError),
        (answer(200, b'{"data": [{}, {}]}'), 200, DecodeError),
        (answer(200, b'{"data": ["text", null]}'), 200, DecodeError),
    ],
)
def test_doubt(api: ImagesApi, server: Server, fault: bytes, status: int | None, cause: type) -> None:
    server.always(fault)
    error = unknown(api)
    assert len(server.requests) == 1
    assert (error.status, error.method, error.path) == (status, "POST", "/v2/images/licenses")
    assert isinstance(error.__cause__, cause)
    assert (error.body, error.message) == (error.__cause__.body, error.__cause__.message)  # type: ignore[attr-defined]
    assert (error.image_ids, error.sent_at, error.api_client) == (["1", "2"], SENT_AT, api.api_client)
    assert "the outcome is unknown" in str(error)
    assert "Do not send it again: call reconcile()" in str(error)


def test_doubt_after_a_timeout(api: ImagesApi, server: Server) -> None:
    server.always(server.hang)
    assert isinstance(unknown(api, _request_timeout=0.1).__cause__, ApiTimeoutError)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 409, 422, 429])
def test_a_refusal_is_no_doubt(api: ImagesApi, server: Server, status: int) -> None:
    server.always(answer(status, {"message": "m"}, Location="/v2/elsewhere"))
    with pytest.raises(ApiException) as caught:
        api.license_images(TWO)
    assert caught.value.status == status
    assert not isinstance(caught.value, LicenseOutcomeUnknown)


def test_nothing_sent_is_no_doubt(refusing: str, clock: Clock) -> None:
    client = ApiClient(Configuration(refusing))
    client.timing = clock.timing
    with pytest.raises(ApiConnectionError):
        ImagesApi(client).license_images(TWO)


def test_what_was_refused_before_sending_is_no_doubt(api: ImagesApi, server: Server) -> None:
    with pytest.raises(ApiTypeError, match=r"body.images\[0\].image_id"):
        api.license_images({"images": [{"image_id": 1}]})
    assert server.requests == []


def test_other_ways_to_license_know_doubt_too(client: ApiClient, server: Server) -> None:
    server.always(answer(500))
    for path in ("/v2/images/licenses", "/v2/images/license%73", "/v2/videos/licenses"):
        with pytest.raises(LicenseOutcomeUnknown):
            client.request("post", path, body=TWO)
    with pytest.raises(LicenseOutcomeUnknown):
        client.call_api("/v2/images/licenses", "POST", body=TWO)
    with pytest.raises(LicenseOutcomeUnknown):
        ImagesApi(client).license_images(TWO, _preload_content=False)
    with pytest.raises(LicenseOutcomeUnknown):
        ImagesApi(client).license_images(TWO, async_req=True).get(5)  # type: ignore[attr-defined]
    assert len(server.requests) == 6


@pytest.mark.parametrize("nothing", [b"", b" ", b"{}", b'{"data": [{"image_id": null}, {}]}'])
def test_an_answer_of_nothing_is_doubt_in_any_way(client: ApiClient, server: Server, nothing: bytes) -> None:
    server.always(answer(200, nothing))
    for returns in ("object", "LicenseImageResultDataList", None):
        with pytest.raises(LicenseOutcomeUnknown):
            client.request("POST", "/v2/images/Licenses", body=TWO, returns=returns)
    with pytest.raises(LicenseOutcomeUnknown):
        client.call_api("/v2/images/licenses", "POST", body=TWO)


def test_who_wants_no_answer_gets_none(client: ApiClient, server: Server) -> None:
    server.answers(answer(200, {"data": [{"image_id": image, "license_id": "L"} for image in "12"]}))
    assert client.request("POST", "/v2/images/licenses", body=TWO, returns=None) is None


@pytest.mark.parametrize("status", [303, 408])
def test_a_status_that_leaves_it_open(api: ImagesApi, server: Server, status: int) -> None:
    server.always(answer(status, Location="/v2/elsewhere"))
    assert unknown(api).status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("returns", ["LicenceImageResultDataList", "file", "list[Nothing]"])
def test_an_unknown_type_is_found_before_anything_is_bought(
    client: ApiClient, server: Server, returns: str
) -> None:
    with pytest.raises(ApiTypeError, match="is no type of answer"):
        client.request("POST", "/v2/images/licenses", body=TWO, returns=returns)
    with pytest.raises(ApiTypeError, match="is no type of answer"):
        client.call_api("/v2/images/licenses", "POST", body=TWO, response_type=returns)
    assert server.requests == []


def test_a_refusal_as_a_whole_is_an_answer(api: ImagesApi, server: Server) -> None:
    server.always(answer(200, b'{"message": "No", "errors": [{"message": "No subscription"}]}'))
    assert api.license_images(TWO).message == "No"


def test_pickle(api: ImagesApi, server: Server) -> None:
    server.answers(answer(500), answer(200, {"data": []}), answer(200, {"data": []}))
    error = unknown(api)
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.image_ids, twin.metadata, twin.sent_at) == (error.image_ids, error.metadata, SENT_AT)
    assert (twin.status, twin.attempts, twin.api_client, str(twin)) == (500, 1, None, str(error))
    with pytest.raises(ApiValueError, match="pass the client"):
        twin.reconcile()
    assert twin.reconcile(api.api_client).unknown == ["1", "2"]


# Looking it up.


def shown(clock: Clock, *entries: Any, ahead: float = 0, **more: Any) -> Callable[[Request], bytes]:
    """Return a page of the licence history, from a service whose clock is `ahead` of ours."""

    def page(_: Request) -> bytes:
        return answer(200, {"data": list(entries), **more}, Date=formatdate(clock.now + ahead, usegmt=True))

    return page


def entry(id: str = "L1", after: float | None = 1, image: str = "1", **more: Any) -> dict[str, Any]:
    """Return an entry of the licence history, made `after` seconds after the request."""
    result = {"id": id, "image": {"id": image}, **more}
    if after is not None:
        result["download_time"] = (SENT_AT + timedelta(seconds=after)).isoformat()
    return result


MARK = {"customer_id": "m1"}
SOON, LATE = 60.0, 601.0

LICENSED, NOT, UNKNOWN = "licensed", "not_licensed", "unknown"


@pytest.mark.parametrize(
    ("given", "history", "soon", "late"),
    [
        # the history is empty, or has nothing that could be meant
        (None, [], UNKNOWN, NOT),
        (MARK, [], UNKNOWN, NOT),
        (None, [entry(after=-121)], UNKNOWN, NOT),
        (MARK, [entry(after=-121, metadata=MARK)], UNKNOWN, NOT),
        (None, [entry(image="2")], UNKNOWN, NOT),
        (MARK, [entry(metadata={"customer_id": "other"})], UNKNOWN, NOT),
        # exactly one that must be meant
        (None, [entry()], LICENSED, LICENSED),
        (None, [entry(after=0)], LICENSED, LICENSED),
        (None, [entry(metadata={})], LICENSED, LICENSED),
        (MARK, [entry(metadata=MARK)], LICENSED, LICENSED),
        (MARK, [entry("L0", metadata={"customer_id": "x"}), entry(metadata=MARK)], LICENSED, LICENSED),
        # one that may be meant or not: an older licence is not mistaken for ours
        (None, [entry(after=-60)], UNKNOWN, UNKNOWN),
        (MARK, [entry(after=-60, metadata=MARK)], UNKNOWN, UNKNOWN),  # metadata may be that of every request
        ({"job": "a long text"}, [entry(metadata={"job": "a long"})], UNKNOWN, UNKNOWN),
        (None, [entry(after=None)], UNKNOWN, UNKNOWN),
        (None, [entry(metadata=MARK)], UNKNOWN, UNKNOWN),
        (None, [entry("L1"), entry("L2")], UNKNOWN, UNKNOWN),
        (None, [entry("L0", -60), entry("L1")], UNKNOWN, UNKNOWN),
        (MARK, [entry()], UNKNOWN, UNKNOWN),
        (MARK, [entry(metadata={})], UNKNOWN, UNKNOWN),
        (MARK, [entry(metadata={**MARK, "added": "by the service"})], UNKNOWN, UNKNOWN),
        ({"count": 3}, [entry(metadata={"count": "3"})], UNKNOWN, UNKNOWN),
        ({"rush": True}, [entry(metadata={"rush": "true"})], UNKNOWN, UNKNOWN),
        ({"job": "A "}, [entry(metadata={"job": "a"})], UNKNOWN, UNKNOWN),
        ({"job": {"id": 1}}, [entry(metadata={"job": '{"id": 1}'})], UNKNOWN, UNKNOWN),
        (None, [{**entry(), "image": {"id": 1}}], LICENSED, LICENSED),
        # what cannot be read is not taken for an answer
        (None, [{"id": "L1", "image": {"id": "1"}, "download_time": "yesterday"}], UNKNOWN, UNKNOWN),
        (None, [entry(metadata="text")], UNKNOWN, UNKNOWN),
    ],
)
@pytest.mark.parametrize("waited", [SOON, LATE])
def test_reconcile(
    api: ImagesApi,
    server: Server,
    clock: Clock,
    waited: float,
    given: Any,
    history: Any,
    soon: str,
    late: str,
) -> None:
    server.answers(HANG_UP, shown(clock, *history))
    error = unknown(api, {"images": [{"image_id": "1", **({"metadata": given} if given else {})}]})
    clock.now += waited
    result = error.reconcile()
    assert {name: list(value) for name, value in result._asdict().items() if value} == {
        (soon if waited == SOON else late): ["1"]
    }
    assert [request.verb for request in server.requests] == ["POST", "GET"]


def test_the_same_image_for_two_orders(api: ImagesApi, server: Server, clock: Clock) -> None:
    orders = [{"image_id": "1", "metadata": {"job": job}} for job in ("A", "B")]
    server.answers(HANG_UP, answer(200, {"data": [entry(metadata={"job": "A"})]}))
    error = unknown(api, {"images": orders})
    clock.now += LATE
    assert error.reconcile().unknown == ["1"]


def test_the_history_settles_from_the_doubt_on(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.answers(answer(429, Retry_After="700"), answer(500), answer(200, {"data": []}))
    error = unknown(api, {"images": [{"image_id": "1"}]}, _max_retry_wait=1000)
    assert (error.doubtful_since - error.sent_at).total_seconds() == 701  # type: ignore[operator]
    assert error.reconcile().unknown == ["1"]


@pytest.mark.parametrize(("waited", "outcome"), [(600, UNKNOWN), (600.001, NOT)])
def test_when_the_history_has_settled(
    api: ImagesApi, server: Server, clock: Clock, waited: float, outcome: str
) -> None:
    server.answers(answer(500), shown(clock))
    error = unknown(api, {"images": [{"image_id": "1"}]})
    clock.now += waited
    assert getattr(error.reconcile(), outcome) == ["1"]


def test_what_was_licensed_is_told(api: ImagesApi, server: Server) -> None:
    server.answers(
        answer(500), answer(200, {"data": [entry("L7", metadata=MARK)]}), answer(200, {"data": []})
    )
    result = unknown(api).reconcile()
    assert [licence.id for licence in result.licensed["1"]] == ["L7"]
    assert (result.not_licensed, result.unknown) == ([], ["2"])


@pytest.mark.parametrize(("hours", "outcome"), [(0, UNKNOWN), (-5, UNKNOWN), (13, UNKNOWN), (-15, NOT)])
def test_a_time_without_zone_may_be_of_any(
    api: ImagesApi, server: Server, clock: Clock, hours: float, outcome: str
) -> None:
    made = entry(after=hours * 3600)
    made["download_time"] = made["download_time"].replace("+00:00", "")
    server.answers(answer(500), shown(clock, made))
    error = unknown(api, {"images": [{"image_id": "1"}]})
    clock.now += LATE
    assert list(getattr(error.reconcile(), outcome)) == ["1"]


ONE = {"images": [{"image_id": "1"}]}


@pytest.mark.parametrize("ahead", [-86400, -180, -3, 0, 3, 180, 86400])
@pytest.mark.parametrize("served", [True, False])
def test_clocks_that_differ(api: ImagesApi, server: Server, clock: Clock, ahead: float, served: bool) -> None:
    """The history is read by the service's clock: else a licence of just now could be too old to be ours."""

    def history(request: Request) -> bytes:
        since = datetime.fromisoformat(dict(request.query)["start_date"].replace("Z", "+00:00"))
        made = [entry(after=ahead + 1)] if served else []
        return shown(
            clock, *(e for e in made if datetime.fromisoformat(e["download_time"]) >= since), ahead=ahead
        )(request)

    server.answers(answer(500), *[history] * 4)
    error = unknown(api, ONE)
    clock.now += LATE
    assert list(getattr(error.reconcile(), LICENSED if served else NOT)) == ["1"]


@pytest.mark.parametrize("date", [None, "yesterday", "Fri, 99 Foo 2026 00:00:00 GMT"])
def test_a_service_that_tells_no_time_rules_nothing_out(
    api: ImagesApi, server: Server, clock: Clock, date: str | None
) -> None:
    more = {} if date is None else {"Date": date}
    server.answers(answer(500), answer(200, {"data": []}, **more), answer(200, {"data": [entry()]}, **more))
    error = unknown(api, ONE)
    clock.now += LATE
    assert error.reconcile().unknown == ["1"]
    assert list(error.reconcile().licensed) == ["1"]


def test_short_pages_are_not_the_end(api: ImagesApi, server: Server, clock: Clock) -> None:
    others = [entry(f"L{number}", image="9") for number in range(60)]
    pages = [shown(clock, *others[:50], total_count=61), shown(clock, *others[50:], entry(), total_count=61)]
    server.answers(answer(500), *pages)
    assert list(unknown(api, ONE).reconcile().licensed) == ["1"]


def test_a_history_without_end(api: ImagesApi, server: Server, clock: Clock) -> None:
    pages = [[entry(f"{letter}{number}", image="9") for number in range(200)] for letter in "AB"]
    replies = itertools.chain([answer(500)], itertools.cycle(shown(clock, *page) for page in pages))

    def reply(request: Request) -> bytes:
        given = next(replies)
        return given(request) if callable(given) else given

    server.always(reply)
    with pytest.raises(DecodeError, match="has no end"):
        unknown(api, ONE).reconcile()


def test_a_request_without_images_cannot_be_looked_up(client: ApiClient, server: Server) -> None:
    server.answers(answer(503))
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        client.request("POST", "/v2/videos/licenses", body={"videos": [{"video_id": "9"}]})
    with pytest.raises(ApiValueError, match="named no images"):
        caught.value.reconcile()


def test_metadata_of_any_kind(client: ApiClient, server: Server, clock: Clock) -> None:
    server.answers(answer(503), shown(clock, entry()))
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        client.request("POST", "/v2/images/licenses", body={"images": [{"image_id": "1", "metadata": "x"}]})
    assert list(caught.value.reconcile().licensed) == ["1"]


def test_a_history_in_whole_seconds(api: ImagesApi, server: Server, clock: Clock) -> None:
    clock.now += 0.75
    server.answers(answer(500), answer(200, {"data": [entry(after=0)]}))
    assert list(unknown(api, {"images": [{"image_id": "1"}]}).reconcile().licensed) == ["1"]


@pytest.mark.parametrize(("found", "outcome"), [(0, NOT), (1, UNKNOWN), (2, LICENSED), (3, UNKNOWN)])
def test_an_image_asked_for_twice(
    api: ImagesApi, server: Server, clock: Clock, found: int, outcome: str
) -> None:
    server.answers(answer(500), shown(clock, *(entry(f"L{number}") for number in range(found))))
    error = unknown(api, {"images": [{"image_id": "1"}, {"image_id": "1"}]})
    clock.now += LATE
    assert list(getattr(error.reconcile(), outcome)) == ["1"]
    assert len(server.requests) == 2


def test_what_the_history_is_asked(api: ImagesApi, server: Server) -> None:
    server.answers(answer(500), answer(200, {"data": []}), answer(200, {"data": []}))
    unknown(api).reconcile()
    asked = [dict(request.query) for request in server.requests[1:]]
    since = (SENT_AT - timedelta(minutes=2)).isoformat().replace("+00:00", "Z")
    assert asked == [
        {"image_id": image_id, "start_date": since, "page": "1", "per_page": "200"} for image_id in ("1", "2")
    ]


def test_pages(api: ImagesApi, server: Server) -> None:
    pages = [[entry(f"L{number}", image="9") for number in range(200)], [entry("L200")]]
    server.answers(answer(500), *(answer(200, {"data": page}) for page in pages))
    result = unknown(api, {"images": [{"image_id": "1"}]}).reconcile()
    assert [licence.id for licence in result.licensed["1"]] == ["L200"]
    assert [dict(request.query)["page"] for request in server.requests[1:]] == ["1", "2"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "try later"},
        {"data": None},
        {"data": [], "errors": [{"message": "half of it is missing"}]},
        {"data": ["text"]},
        {"data": "text"},
        {"data": {"id": "L1"}},
        {"data": [entry(f"L{number}") for number in range(200)]},
    ],
)
def test_an_unreadable_history_says_nothing_about_licences(
    api: ImagesApi, server: Server, clock: Clock, body: Any
) -> None:
    replies = iter([answer(500)])
    server.always(lambda request: next(replies, answer(200, body)))
    error = unknown(api, {"images": [{"image_id": "1"}]})
    clock.now += LATE
    with pytest.raises(DecodeError):
        error.reconcile()


def test_no_right_to_look(api: ImagesApi, server: Server) -> None:
    def by_verb(request: Request) -> bytes:
        return answer(500) if request.verb == "POST" else answer(403, {"message": "m"})

    server.always(by_verb)
    with pytest.raises(ForbiddenError, match="scope licenses.view"):
        unknown(api).reconcile()


def test_another_time_and_client(api: ImagesApi, server: Server, clock: Clock) -> None:
    server.answers(answer(500), shown(clock))
    error = unknown(api, {"images": [{"image_id": "1"}]})
    assert reconciliation.reconcile(error, api.api_client, now=clock.now + LATE).not_licensed == ["1"]


# The marker.

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
        ([("mine", 5), ("mine", 6)], UNKNOWN),
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
    server.answers(answer(500), shown(clock, *found))
    error = unknown(api, {"images": [{"image_id": "1", "metadata": {"request": "mine"}}]})
    clock.now += LATE
    result = error.reconcile()
    assert list(getattr(result, outcome)) == ["1"]
    if outcome == LICENSED:
        assert [licence.id for licence in result.licensed["1"]] == ["L0"]


# What became of each image.


def results(*entries: Any, **more: Any) -> LicenseImageResultDataList:
    return LicenseImageResultDataList.from_dict({"data": list(entries), **more})


def test_licensed_failed_and_unclear() -> None:
    answered = results(
        {"image_id": "1", "license_id": "L1", "download": {"url": "https://d.example/x"}},
        {"image_id": "2", "error": "Subscription is not active"},
        {"image_id": "3"},
        {"image_id": "4", "download": {"url": "https://d.example/y"}},
        {"image_id": "5", "license_id": "L5", "error": "a warning: it has been paid for all the same"},
        {"image_id": "6", "error": {"code": 7}},
        "an entry that is none",
    )
    assert [result.image_id for result in answered.licensed] == ["1", "4", "5"]
    assert [result.image_id for result in answered.failed] == ["2", "6"]
    assert [getattr(result, "image_id", result) for result in answered.unclear] == ["3", answered.data[-1]]  # type: ignore[index]
    with pytest.raises(LicenseRefusedError, match="3 images licensed, 2 refused, 2 unclear") as caught:
        answered.raise_for_failures()
    error = caught.value
    assert "2: Subscription is not active" in str(error)
    assert "6: {'code': 7}" in str(error)
    assert "3: the answer does not say" in str(error)
    assert (error.licensed, error.failed) == (answered.licensed, answered.failed)
    assert error.unclear == answered.unclear
    assert "d.example" not in str(error) + repr(answered)
    assert pickle.loads(pickle.dumps(error)).failed == answered.failed


def test_an_answer_that_a_test_of_the_program_makes_of_dicts() -> None:
    entries: Any = [{"image_id": "1", "license_id": "L1"}, {"image_id": "2", "error": "No"}]
    answered = LicenseImageResultDataList(data=entries)
    assert (answered.licensed, answered.failed) == (entries[:1], entries[1:])
    with pytest.raises(LicenseRefusedError, match="2: No"):
        answered.raise_for_failures()


def test_nothing_to_complain_about() -> None:
    results({"image_id": "1", "license_id": "L1"}).raise_for_failures()
    results({"image_id": "1", "license_id": "L1"}, message="thanks").raise_for_failures()
    results({"image_id": "1", "license_id": "L1"}, errors=[None]).raise_for_failures()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "says nothing about the images"),
        ({"data": None, "message": "Endpoint request timed out"}, "Endpoint request timed out"),
        ({"data": [], "errors": "oops"}, "oops"),
        ({"data": [], "errors": {"code": "x"}}, "x"),
    ],
)
def test_an_answer_without_images_is_no_success(content: Any, words: str) -> None:
    with pytest.raises(LicenseRefusedError, match=words):
        LicenseImageResultDataList.from_dict(content).raise_for_failures()


@pytest.mark.parametrize(
    "whole", [{"message": "Subscription not found", "code": "X"}, {"code": "Subscription not found"}]
)
def test_a_refusal_as_a_whole(whole: dict[str, str]) -> None:
    with pytest.raises(LicenseRefusedError, match=r"\n  Subscription not found"):
        results(errors=[whole]).raise_for_failures()


def test_a_long_list_of_refusals_is_bounded() -> None:
    answered = results(*({"image_id": str(number), "error": "No" * 999} for number in range(50)))
    with pytest.raises(LicenseRefusedError, match="and 40 more") as caught:
        answered.raise_for_failures()
    assert len(str(caught.value)) < 3000
    assert len(caught.value.failed) == 50


@pytest.mark.parametrize(
    ("images", "content"),
    [
        (["1"], {"message": "Endpoint request timed out"}),
        (["1"], {"data": [], "message": "Internal server error"}),
        (["1"], {"data": [], "errors": "oops"}),
        (["1"], {"data": None, "errors": {"code": "x"}}),
        (["1", "2"], {"data": [{"image_id": "1", "license_id": "L"}], "message": "partial"}),
        (["1", "1"], {"data": [{"image_id": "1", "license_id": "L"}]}),
        (["1", "2"], {"data": [{"image_id": "1", "license_id": "L"}, {"image_id": "1", "license_id": "M"}]}),
        (["1"], {"data": [{"image_id": "7", "license_id": "L"}]}),
    ],
)
def test_a_gap_in_the_answer_is_doubt(
    api: ImagesApi, server: Server, images: list[str], content: Any
) -> None:
    server.answers(answer(200, content))
    assert unknown(api, {"images": [{"image_id": image} for image in images]}).image_ids == images


def test_a_list_that_is_told_in_full_has_no_more() -> None:
    answered = results(*({"image_id": str(number), "error": "No"} for number in range(10)))
    with pytest.raises(LicenseRefusedError, match="9: No$"):
        answered.raise_for_failures()


def test_an_answer_that_leaves_out_an_image_is_doubt(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, {"data": [{"image_id": "1", "license_id": "L1"}]}))
    error = unknown(api)
    assert "the answer leaves out 2" in str(error)
    assert error.results is not None
    assert [result.license_id for result in error.results.licensed] == ["L1"]
    assert error.image_ids == ["1", "2"]


def test_what_an_answer_leaves_out_is_told_in_order(api: ImagesApi, server: Server) -> None:
    server.answers(answer(200, {"data": [{"image_id": "9", "license_id": "L9"}]}))
    error = unknown(api, {"images": [{"image_id": image} for image in "972861354"]})
    assert "the answer leaves out 1, 2, 3, 4, 5, 6, 7, 8" in str(error)


@pytest.mark.parametrize(
    ("images", "content"),
    [
        (["1", "2"], {"data": [{"license_id": "L1"}, {"license_id": "L2"}]}),  # fields=data(license_id)
        (["1", "2"], {"data": [], "errors": [{"message": "No subscription"}]}),
        (["1", "2"], {"data": [{"image_id": "1", "error": "No"}], "errors": [{"message": "Not 2 either"}]}),
        (["1", "2"], {"data": [{"image_id": "2", "license_id": "L2"}, {"license_id": "L1"}]}),
    ],
)
def test_no_doubt_where_all_is_told(api: ImagesApi, server: Server, images: list[str], content: Any) -> None:
    server.answers(answer(200, content))
    answered = api.license_images({"images": [{"image_id": image} for image in images]})
    assert len(answered.data or ()) == len(content["data"])
