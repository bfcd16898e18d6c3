"""What a server says may hold a link or a token: no output shows it, whatever its form and place."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Clock, Request, Server, answer

import shutterstock_api
from shutterstock_api import ApiClient, ApiException, Configuration, ImagesApi, LicenseJob

pytestmark = pytest.mark.exhaustive

KEY = "W3siZCI6InNlY3JldCJ9XQ"
LINK = f"https://download.shutterstock.example/gatekeeper/{KEY}/shutterstock_1.jpg"
FORMS = {
    "a link": f"see {LINK} for it",
    "no host": f"see /gatekeeper/{KEY}/a.jpg for it",
    "a quoted link": f"to={LINK.replace(':', '%3A').replace('/', '%2F')}",
    "JSON in a text": json.dumps({"url": LINK}).replace("/", r"\/"),
    "a form": f"access_token={KEY}&expires_in=1",
    "XML": f"<access_token>{KEY}</access_token>",
    "a token in JSON": json.dumps({"accessToken": KEY}),
    "a header": f"Bearer {KEY} has ended",
}
PLACES = {
    "message": lambda text: {"message": text},
    "error": lambda text: {"error": text},
    "error_description": lambda text: {"error_description": text},
    "message of an error": lambda text: {"errors": [{"message": text}]},
    "code of an error": lambda text: {"errors": [{"code": text}]},
    "path of an error": lambda text: {"errors": [{"message": "m", "path": text}]},
    "data of an error": lambda text: {"errors": [{"message": "m", "data": {"more": [text]}}]},
    "another key": lambda text: {"more": {"deeper": [text]}},
    "a name": lambda text: {"message": "m", text: 1},
    "a plain text": lambda text: text,
}
MODELS = ("results", "licensed", "failed", "unclear")
"""Attributes of errors that hold models."""
STATUSES = (302, 400, 401, 403, 404, 409, 429, 500)


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """All lines of all logs; they are searched when the test is over."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)
    assert KEY not in lines.getvalue()


@pytest.fixture
def api(server: Server, clock: Clock) -> Iterator[ImagesApi]:
    told: list[Any] = []
    hooks = dict.fromkeys(("on_request", "on_response", "on_retry"), told.append)
    with ApiClient(Configuration(server.url, access_token="t", retries=1, **hooks)) as client:
        client.timing = clock.timing
        yield ImagesApi(client)
    assert KEY not in repr(told)


def shown(thing: Any) -> dict[str, str]:
    """Return all that may be seen of an error or a result."""
    outputs = {"str": str(thing), "repr": repr(thing)}
    for name in dir(thing):
        if not name.startswith("_") and not callable(getattr(thing, name)):
            outputs[name] = repr(getattr(thing, name))
    if isinstance(thing, ApiException):
        thing = copy.copy(thing)
        for name in MODELS:  # these are data: exact, in pickles too
            vars(thing).pop(name, None)
        outputs["headers"] = repr(dict(thing.headers.items()))
        outputs["pickle"] = repr(pickle.dumps(thing))
        outputs["copy"] = repr(vars(copy.copy(thing)))
    for name in ("_repr_html_", "to_str", "to_records", "to_pandas", "__rich_repr__"):
        if hasattr(thing, name):
            outputs[name] = str(getattr(thing, name)())
    return outputs


def places_of_the_key(thing: Any) -> list[str]:
    return [name for name, text in shown(thing).items() if KEY in text]


def failure(api: ImagesApi, call: Any) -> ApiException:
    with pytest.raises(ApiException) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", PLACES)
def test_an_error(api: ImagesApi, server: Server, form: str, place: str) -> None:
    body = PLACES[place](FORMS[form])
    for status in STATUSES:
        server.always(answer(status, body))
        error = failure(api, lambda: api.get_image("17"))
        assert places_of_the_key(error) == [], status
        assert KEY in str.__str__(error.body or "")  # its text is exact


@pytest.mark.parametrize("form", FORMS)
def test_an_odd_answer_to_a_licence_request(api: ImagesApi, server: Server, form: str) -> None:
    for place in PLACES.values():
        server.always(answer(200, place(FORMS[form])))
        try:
            told: Any = api.license_images({"images": [{"image_id": "17"}]})
        except shutterstock_api.LicenseOutcomeUnknown as error:
            told = error
        assert [place for place in places_of_the_key(told) if place != "additional_properties"] == []


@pytest.mark.parametrize("form", ["a link", "no host", "a quoted link", "a header"])
def test_headers_and_the_reason(api: ImagesApi, server: Server, form: str) -> None:
    text = FORMS[form]
    told = f"X-Request-Id: {text}\r\nContent-Location: {text}"
    head = f"HTTP/1.1 400 {text}\r\n{told}\r\nContent-Length: 2\r\n\r\n"
    server.always(head.encode() + b"{}")
    error = failure(api, lambda: api.get_image("17"))
    assert places_of_the_key(error) == []
    head = head.replace("400", "200", 1)
    server.always(head.encode() + b"{}")
    api.get_image("17")  # its request id is told to hooks and log


@pytest.mark.parametrize("form", FORMS)
def test_the_refusal_of_an_image(api: ImagesApi, server: Server, tmp_path: Path, form: str) -> None:
    server.always(answer(200, {"data": [{"image_id": "17", "error": FORMS[form]}]}))
    results = api.license_images({"images": [{"image_id": "17"}]})
    assert places_of_the_key(results) == []
    assert places_of_the_key(failure(api, results.raise_for_failures)) == []
    report = shutterstock_api.download_many(results.data or [], tmp_path, api=api)
    assert KEY not in str(report)
    for file in report.files:
        assert places_of_the_key(file.error) == []


@pytest.mark.parametrize(
    "more",
    [
        {"download": {"url": LINK, "alt_url": LINK}},
        {"download_url": LINK},
        {"links": {"self": [LINK]}},
        {"token": KEY},
        {"note": FORMS["a quoted link"], LINK: 1},
    ],
    ids=lambda more: next(iter(more)),
)
def test_fields_that_this_release_does_not_know(api: ImagesApi, server: Server, more: Any) -> None:
    entry = {"image_id": "17", "license_id": "i1", **more}
    server.always(answer(200, {"data": [entry], "next_link": LINK}))
    results = api.license_images({"images": [{"image_id": "17"}]})
    entries = results.data or []
    assert places_of_the_key(results) == ["additional_properties"]  # that is exact, as documented
    assert KEY in json.dumps(results.to_dict())
    assert [place for place in places_of_the_key(entries[0]) if place != "additional_properties"] == []


@pytest.mark.parametrize("status", [200, 400, 403, 500])
@pytest.mark.parametrize("form", FORMS)
def test_a_job(api: ImagesApi, server: Server, tmp_path: Path, status: int, form: str) -> None:
    def respond(request: Request) -> bytes:
        if request.verb == "GET":
            return answer(200, {"data": [], "page": 1, "per_page": 200, "total_count": 0})
        ids = [image["image_id"] for image in request.json["images"]]
        refusals = {"data": [{"image_id": one, "error": FORMS[form]} for one in ids]}
        return answer(200, refusals) if status == 200 else answer(status, {"message": FORMS[form]})

    server.always(respond)
    job = LicenseJob(api, tmp_path / "job.sqlite")
    job.add(["17", "18"])
    report = job.run(tmp_path / "files")
    job.export(tmp_path / "report.csv")
    assert places_of_the_key(report) == []
    assert KEY not in repr(report.images)
    assert KEY not in (tmp_path / "report.csv").read_text("utf-8")
    with sqlite3.connect(tmp_path / "job.sqlite") as ledger:
        assert KEY not in "\n".join(ledger.iterdump())
    ledger.close()
    assert KEY.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("job.sqlite*"))
