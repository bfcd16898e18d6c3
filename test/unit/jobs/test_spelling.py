"""An image is licensed once, however its id is written: by a program, in an answer, in the history."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from license_service import Entries, Make, Service, lost, states, telling
from scripted_server import Clock

from shutterstock_api import ApiException, Image, LicenseImage

SPELLINGS = [17, 17.0, "017", " 17", "17\n", "\ufeff17", "17\u200b", "1\u00ad7", "\uff11\uff17"]


@pytest.mark.parametrize("other", [*SPELLINGS, "17.0", "+17"])
def test_a_program_writes_an_id_in_one_way(make: Make, service: Service, other: Any):
    job = make("17")
    for wish in (other, {"image_id": other}, LicenseImage(image_id=other)):
        with pytest.raises(
            ApiException, match=r"images\[0\]\.image_id: expected .*; write '17'|expected str"
        ):
            job.add([wish])
    assert states(job.run()) == {"17": "licensed"}
    assert service.sold == {"17": 1}


@pytest.mark.parametrize(
    "other",
    ["", " ", "\u200b", "\ufeff", "17 18", "17\n18", "1e9", "nan", "-17", "é17", "\u0661", "1_7", "\0"],
)
def test_what_cannot_be_an_id(make: Make, other: str):
    job = make()
    with pytest.raises(ApiException, match=r"images\[0\]\.image_id: (expected an id|broken text)[^;]*$"):
        job.add([other])
    assert job.status().images == []


@pytest.mark.parametrize("id", SPELLINGS)
def test_an_image_of_the_service_has_its_id_in_one_way(make: Make, id: Any):
    job = make("17")
    assert job.add([Image.from_dict({"id": id})]) == 0
    assert job.add(Image.from_dict({"id": 18})) == 1
    assert list(states(job.status())) == ["17", "18"]


@pytest.mark.parametrize("id", [17.5, True, [], {}])
def test_an_image_whose_id_is_none(make: Make, id: Any):
    with pytest.raises(ApiException, match=r"images\[0\]\.image_id"):
        make(Image.from_dict({"id": id}))


@pytest.mark.parametrize("id", SPELLINGS)
def test_an_answer_may_write_it_in_another_way(make: Make, service: Service, id: Any):
    def changed(data: Entries) -> Entries:
        return [
            {**entry, "image_id": id if entry["image_id"] == "17" else entry["image_id"]} for entry in data
        ]

    service.acts = iter([telling(changed)])
    report = make("16", "17").run()
    assert [image.license_id for image in report.licensed] == ["L1", "L2"]
    assert service.requests("GET") == []


@pytest.mark.parametrize("id", [*SPELLINGS, "i17", None])
@pytest.mark.parametrize("marker", ["license_job", None])
def test_the_history_may_write_it_in_another_way(
    make: Make, service: Service, clock: Clock, id: Any, marker: str | None
):
    real = service.shown
    service.shown = lambda query: [{**entry, "image": {"id": id}} for entry in real(query)]
    service.acts = iter([lost])
    job = make("17", marker=marker)
    for _ in range(2):
        report = job.run()
        clock.now += 7000
    assert service.sold == Counter(["17"])
    assert states(report) == {"17": "licensed"}


def test_the_history_may_be_a_list_of_ids(make: Make, service: Service):
    real = service.shown
    service.shown = lambda query: [{**entry, "image": entry["image"]["id"]} for entry in real(query)]
    service.acts = iter([lost])
    assert states(make("17").run()) == {"17": "licensed"}
    assert len(service.bodies) == 1
