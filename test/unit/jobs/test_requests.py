"""What a licence job sends."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from license_service import Act, Make, Service, ids, lost, nothing, states, unavailable
from scripted_server import Clock

from shutterstock_api import ImagesApi, LicenseImage, LicenseJob


def test_fifty_at_a_time_each_once(make: Make, service: Service):
    job = make(*ids(120))
    report = job.run()
    assert service.asked == [ids(50), ids(50, 51), ids(20, 101)]
    assert service.sold == Counter(ids(120))
    assert (len(report.licensed), report.charge, report.stopped) == (120, 120, None)
    assert states(job.run()) == states(report)
    assert len(service.bodies) == 3


def test_each_image_has_a_text_of_its_own_that_stays(
    make: Make, service: Service, api: ImagesApi, tmp_path: Path
):
    service.acts = iter([unavailable, nothing])
    job = make("1", LicenseImage(image_id="2", metadata={"order": "7"}))
    job.run()
    first, again = service.bodies
    assert first == again
    texts = [image["metadata"].pop("license_job") for image in first]
    assert first == [{"image_id": "1", "metadata": {}}, {"image_id": "2", "metadata": {"order": "7"}}]
    other = LicenseJob(api, tmp_path / "other.sqlite", marker="campaign")
    other.add(["1", "2"])
    other.run()
    texts += [image["metadata"]["campaign"] for image in service.bodies[-1]]
    assert len(set(texts)) == 4


def test_markers_of_the_configuration(make: Make, service: Service, api: ImagesApi):
    assert states(make("1", marker=None).run()) == {"1": "licensed"}
    api.api_client.configuration.license_marker = "theirs"
    assert states(make("2", marker=None).run())["2"] == "licensed"
    assert states(make("3").run())["3"] == "licensed"
    sent = [images[0].get("metadata", {}) for images in service.bodies]
    assert [set(metadata) for metadata in sent] == [set(), {"theirs"}, {"theirs", "license_job"}]
    assert sent[1]["theirs"].endswith("-2")  # the job's own text, by which it looks up


@pytest.mark.parametrize("marker", [None, "license_job", "theirs"])
@pytest.mark.parametrize("act", [lost, nothing])
def test_a_doubt_is_cleared_with_any_marker(
    make: Make, service: Service, clock: Clock, marker: str | None, act: Act
):
    service.acts = iter([act])
    assert states(make("1", "2", marker=marker).run()) == {"1": "licensed", "2": "licensed"}
    assert service.sold == Counter("12")
    assert len(service.bodies) == (1 if act is lost else 2)
