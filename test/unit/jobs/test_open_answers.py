"""Answers that leave open what was bought."""

from __future__ import annotations

import json
from collections import Counter
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from license_service import (
    REFUSED,
    USED_UP,
    Make,
    Service,
    errors,
    hidden,
    ids,
    instead,
    lost,
    nothing,
    serve,
    states,
    telling,
)
from scripted_server import HANG_UP, Clock, Request, answer

from shutterstock_api.jobs.ledger import Ledger

DOUBTS = {
    "hung up": HANG_UP,
    "cut": answer(200, b'{"data": [', 99),
    "garbage": answer(200, "garbage"),
    "empty": answer(200),
    "no data": answer(200, {"data": []}),
    "a list": answer(200, b"[]"),
    "500": answer(500, {"message": "m"}),
    "502": answer(502, "<html>"),
    "303": answer(303, Location="/v2/elsewhere"),
    "408": answer(408),
    "nothing said": answer(200, {"data": [{"image_id": "1"}, {"image_id": "2"}]}),
    "errors": answer(200, {"errors": [{"message": "No"}]}),
}


@pytest.mark.parametrize("served", [True, False])
@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubt_is_looked_up_at_once(
    make: Make, service: Service, clock: Clock, folder: Path, doubt: str, served: bool
):
    service.acts = iter([(hidden if served else instead)(DOUBTS[doubt])])
    before = clock.now
    report = make("1", "2").run(folder)
    assert states(report) == {"1": "licensed", "2": "licensed"}
    assert service.sold == Counter("12")
    assert [image.error for image in report.images] == [None, None]
    assert sorted(path.name for path in folder.iterdir()) == ["1.jpg", "2.jpg"]
    if served:
        assert (clock.now, len(service.bodies)) == (before, 1)
        assert len(service.requests("/downloads$")) == 2  # the history has no links
        assert report.charge == 0  # and no charges
    else:
        assert len(service.bodies) == 2
        assert clock.now - before >= 600


def test_where_nobody_can_tell_the_others_go_on(
    make: Make, service: Service, clock: Clock, chunks_of_two: None
):
    service.delay = 300
    service.acts = iter([lost, serve, nothing])
    report = make(*ids(6)).run()
    assert service.asked == [ids(2), ids(2, 3), ids(2, 5), ids(2, 5)]
    assert service.sold == Counter(ids(6))
    assert len(report.licensed) == 6


def test_what_the_answer_does_tell_counts(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.refusals = {"2": REFUSED}
    service.acts = iter([telling(lambda data: data[:2])])
    report = make("1", "2", "3").run()
    assert states(report) == {"1": "licensed", "2": "failed", "3": "unknown"}
    assert "leaves out 3" in str(errors(report)["3"])
    assert (report.charge, report.images[0].license_id) == (1, "L1")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:1],
        lambda data: [data[1], {"image_id": "3"}],
        lambda data: [{**entry, "image_id": None} for entry in data],
        lambda data: [{**entry, "image_id": "9"} for entry in data],
        lambda data: {"data": data[:1], "errors": [{"message": "Half of it"}]},
        lambda data: [*data[:2], "text", None, 7],
        lambda data: [{"image_id": entry["image_id"], "price": None} for entry in data],
    ],
)
def test_what_the_answer_leaves_out_is_looked_up(make: Make, service: Service, change: Any):
    service.acts = iter([telling(change)])
    report = make("1", "2", "3").run()
    assert set(states(report).values()) == {"licensed"}
    assert [image.license_id for image in report.images] == ["L1", "L2", "L3"]
    assert (len(service.bodies), service.sold) == (1, Counter("123"))
    assert len(service.requests("GET .*image_id=")) in (1, 2, 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[::-1],
        lambda data: [{**entry, "image_id": int(entry["image_id"])} for entry in data],
        lambda data: [*data, {"image_id": "9", "error": USED_UP}, {"image_id": "8", "license_id": "L8"}],
        lambda data: [*data, *({"image_id": entry["image_id"], "error": "Twice"} for entry in data)],
        lambda data: [{**entry, "error": "Sold all the same"} for entry in data],
        lambda data: [{**entry, "new": {"field": 1}} for entry in data],
    ],
)
def test_answers_in_other_ways(make: Make, service: Service, change: Any):
    service.acts = iter([telling(change)])
    report = make("1", "2", "3").run()
    assert [(image.state, image.license_id, image.charge) for image in report.images] == [
        ("licensed", f"L{one}", 1) for one in "123"
    ]
    assert (report.stopped, service.requests("GET")) == (None, [])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"allotment_charge": "2"}, {"charge": 2}),
        ({"allotment_charge": " 2.5 "}, {"charge": 2.5}),
        ({"allotment_charge": "two"}, {"charge": None}),
        ({"allotment_charge": "nan"}, {"charge": None}),
        ({"allotment_charge": -1}, {"charge": None}),
        ({"allotment_charge": None}, {"charge": None}),
        ({"allotment_charge": True}, {"charge": None}),
        ({"allotment_charge": 2.5}, {"charge": 2.5}),
        ({"allotment_charge": 0}, {"charge": 0}),
        ({"allotment_charge": 10**30}, {"charge": 1e30}),
        ({"allotment_charge": float("inf")}, {"charge": None}),
        ({"price": None}, {"price": None, "currency": None}),
        ({"price": 5}, {"price": None, "currency": None}),
        ({"price": {"local_amount": 1.5, "local_currency": "USD"}}, {"price": 1.5, "currency": "USD"}),
        ({"price": {"local_amount": "1.5", "local_currency": ["USD"]}}, {"price": 1.5, "currency": None}),
        ({"license_id": 7}, {"license_id": "7"}),
        ({"license_id": None}, {"license_id": None}),
        ({"license_id": {"id": "L1"}}, {"license_id": None}),
        ({"license_id": "L\ud8001"}, {"license_id": "L?1"}),
        ({"download": None}, {"license_id": "L1"}),
        ({"download": "https://files.example/1"}, {"license_id": "L1"}),
        ({"download": {"url": {"a": 1}}}, {"license_id": "L1"}),
        ({"download": {"url": "no link"}}, {"license_id": "L1"}),
    ],
)
@pytest.mark.parametrize("directory", [False, True])
def test_values_of_other_kinds(
    make: Make,
    service: Service,
    folder: Path,
    told: dict[str, Any],
    expected: dict[str, Any],
    directory: bool,
):
    body = json.dumps({"data": [{"image_id": "1", "license_id": "L1", "download": {"url": None}, **told}]})
    service.acts = iter([hidden(answer(200, body.replace("null", "null").replace("Infinity", "1e999")))])
    if told.get("license_id", "L1") != "L1":
        body = body.replace('{"url": null}', json.dumps({"url": service.link("L1")}))
        service.acts = iter([hidden(answer(200, body))])
    report = make("1").run(folder if directory else None)
    (image,) = report.images
    assert (image.state, image.error) == ("licensed", None)
    assert {name: getattr(image, name) for name in expected} == expected
    assert len(service.books) == len(service.bodies) == 1
    if directory:
        assert image.path == folder / "1.jpg"


@pytest.mark.parametrize("image_id", ["0001", "i1", [], None])
def test_the_history_may_write_an_image_id_in_its_own_way(make: Make, service: Service, image_id: Any):
    def history(request: Request) -> bytes:
        (sold,) = service.books
        entry = {"id": "L1", "image": {"id": image_id}, "metadata": sold["metadata"]}
        return answer(200, {"data": [entry]}, Date=formatdate(service.clock.now, usegmt=True))

    service.history = history
    service.acts = iter([lost])
    (image,) = make("1").run().images
    assert (image.state, image.license_id, len(service.bodies)) == ("licensed", "L1", 1)


@pytest.mark.parametrize("image_id", [[], {}, None])
def test_an_image_id_that_nobody_can_read_leaves_doubt(make: Make, service: Service, image_id: Any):
    entry = {"id": "L1", "image": {"id": image_id}}
    date = formatdate(service.clock.now, usegmt=True)
    service.history = lambda request: answer(200, {"data": [entry]}, Date=date)
    service.acts = iter([lost])
    assert (states(make("1").run()), len(service.bodies)) == ({"1": "unknown"}, 1)


def test_an_entry_of_the_history_without_id(make: Make, service: Service, folder: Path):
    def history(request: Request) -> bytes:
        return answer(200, {"data": [{"image": {"id": "1"}, "metadata": service.bodies[0][0]["metadata"]}]})

    service.history = history
    service.acts = iter([lost])
    job = make("1", "2")
    with Ledger(job._path) as ledger:
        assert ledger.count() == 2
    report = make("1").run(folder, name="{license_id}.jpg", settled_after=0)
    assert states(report)["1"] == "licensed"
    assert "license_id" in str(report.images[0].file_error)
