"""What a licence job plans."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from license_service import REFUSED, Entries, Make, Service, entries, errors, lost, states
from scripted_server import Server, answer

from shutterstock_api import (
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    Image,
    ImagesApi,
    LedgerError,
    LicenseImage,
    LicenseImageVector,
    LicenseJob,
    LicenseRequestMetadata,
    Progress,
)


@pytest.mark.parametrize(
    ("given", "planned"),
    [
        ("123", [{"image_id": "123"}]),
        (["1", "2"], [{"image_id": "1"}, {"image_id": "2"}]),
        ((one for one in ("1", "2")), [{"image_id": "1"}, {"image_id": "2"}]),
        ({"1": 0, "2": 0}.keys(), [{"image_id": "1"}, {"image_id": "2"}]),
        (Image(id="1", description="a cat"), [{"image_id": "1"}]),
        (LicenseImage(image_id="1", size="small"), [{"image_id": "1", "size": "small"}]),
        (LicenseImageVector(image_id="1"), [{"image_id": "1", "size": "vector"}]),
        (LicenseImageVector(image_id="1", size="vector"), [{"image_id": "1", "size": "vector"}]),
        ({"image_id": "1", "price": 1.5}, [{"image_id": "1", "price": 1.5}]),
        (
            ["1", Image(id="2"), {"image_id": "3", "metadata": LicenseRequestMetadata(customer_id="c")}],
            [
                {"image_id": "1"},
                {"image_id": "2"},
                {"image_id": "3", "metadata": {"customer_id": "c"}},
            ],
        ),
        ([], []),
    ],
)
def test_what_can_be_added(make: Make, server: Server, given: Any, planned: Entries):
    job = make()
    assert job.add(given) == len(planned)
    assert entries(job) == planned
    assert [(image.image_id, image.state) for image in job.status().images] == [
        (entry["image_id"], "planned") for entry in planned
    ]
    assert server.requests == []


def test_what_an_image_does_not_say_is_taken_from_the_job(make: Make):
    job = make(
        "1",
        LicenseImage(image_id="2", size="small", subscription_id="own", editorial_acknowledgement=False),
        LicenseImage(image_id="3", metadata={"order": "7", "team": "b"}),
        LicenseImage(image_id="4").to_dict(),
        LicenseImageVector(image_id="5"),
        size="huge",
        subscription_id="s",
        metadata={"customer_id": "c", "team": "a"},
        editorial_acknowledgement=True,
    )
    usual = {"size": "huge", "subscription_id": "s", "editorial_acknowledgement": True}
    metadata = {"customer_id": "c", "team": "a"}
    assert entries(job) == [
        {**usual, "image_id": "1", "metadata": metadata},
        {
            "image_id": "2",
            "size": "small",
            "subscription_id": "own",
            "editorial_acknowledgement": False,
            "metadata": metadata,
        },
        {**usual, "image_id": "3", "metadata": {"customer_id": "c", "order": "7", "team": "b"}},
        {**usual, "image_id": "4", "metadata": metadata},
        {**usual, "image_id": "5", "metadata": metadata, "size": "vector"},
    ]


def test_an_image_is_planned_once(make: Make):
    job = make()
    assert job.add(["1", "2", "1", LicenseImage(image_id="2")]) == 2
    with pytest.raises(LedgerError, match="image 9 is planned already, with another size"):
        job.add(["9", LicenseImage(image_id="9", size="small")])
    assert job.add(["2", "3"]) == 1
    assert job.add("3") == 0
    assert list(states(job.status())) == ["1", "2", "3"]


def test_other_settings_count_as_long_as_nothing_is_bought(make: Make, service: Service):
    service.refusals["2"] = REFUSED
    job = make("1", LicenseImage(image_id="2", size="small"))
    with pytest.raises(
        LedgerError, match=r"image 1 is planned already, with another size; nothing was added"
    ):
        job.add(["7", {"image_id": "1", "size": "small"}])
    assert job.add({"image_id": "1", "size": "small"}, replace=True) == 0
    job.run()
    with pytest.raises(LedgerError, match=r"image 2 is failed already, with another size"):
        job.add({"image_id": "2", "size": "huge"})
    assert job.add({"image_id": "2", "size": "huge"}, replace=True) == 0
    assert (states(job.status())["2"], errors(job.status())["2"]) == ("planned", None)
    for replace in (True, False):
        with pytest.raises(
            LedgerError, match=r"image 1 is licensed already, with another price, size; noth"
        ) as caught:
            job.add(["7", {"image_id": "1", "price": 1}], replace=replace)
    assert "For a second licence use another ledger" in str(caught.value)
    assert list(states(job.status())) == ["1", "2"]
    assert job.add({"size": "small", "image_id": "1"}) == 0  # the order of keys says nothing
    assert service.bodies[0][0]["size"] == "small"
    job.run()
    assert service.bodies[1][0]["size"] == "huge"


def test_other_settings_of_what_may_be_bought_are_refused(make: Make, service: Service):
    service.history = lambda request: answer(403)
    service.acts = iter([lost])
    job = make("1", "2")
    job.run()
    changed = [{"image_id": one, "size": "small"} for one in "21"]
    with pytest.raises(
        LedgerError, match="image 2 is unknown already, with another size, and 1 more; nothing"
    ):
        job.add(changed, replace=True)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (None, r"images\[1\]"),
        (b"7", r"images\[1\]"),
        (Image(), r"images\[1\]\.image_id: required"),
        ({"image_id": 7}, r"images\[1\]\.image_id: expected str, got 7"),
        (7, r"images\[1\]\.image_id: expected str, got 7 \(int\); write '7'"),
        ("7\n", r"images\[1\]\.image_id: expected an id, got '7\\n' \(str\); write '7'"),
        ({"image_id": " 7"}, r"images\[1\]\.image_id: expected an id, .*; write '7'"),
        (" ", r"images\[1\]\.image_id: expected an id, got ' ' \(str\)$"),
        ("", r"images\[1\]\.image_id: expected an id, got '' \(str\)$"),
        ({"image": "7"}, r"images\[1\]\.image: .*no such field"),
        ({"image_id": "7", "size": 3}, r"images\[1\]\.size: expected str"),
        ({"image_id": "7", "metadata": "text"}, r"images\[1\]\.metadata"),
        (
            {"image_id": "7", "metadata": {"license_job": "x"}},
            r"images\[1\]\.metadata: 'license_job' is the key",
        ),
        (
            {"image_id": "7", "metadata": dict.fromkeys("abcd", "x")},
            r"images\[1\]\.metadata: .* takes 4 keys",
        ),
        ({"image_id": "7", "price": float("nan")}, r"images\[1\]\.price"),
        (LicenseImage(image_id="\ud800"), r"images\[1\]\.image_id: broken text"),
    ],
)
def test_with_a_bad_entry_nothing_is_added(make: Make, bad: Any, message: str):
    job = make()
    with pytest.raises(ApiException, match=message):
        job.add(["1", bad])
    assert job.status().images == []


@pytest.mark.parametrize("images", [7, None, 1.5])
def test_what_is_no_image(make: Make, images: Any):
    with pytest.raises(ApiTypeError, match="images: expected ids or images to license"):
        make().add(images)


def test_keys_of_metadata(make: Make, api: ImagesApi):
    three, four = dict.fromkeys("abc", "x"), dict.fromkeys("abcd", "x")
    assert make().add({"image_id": "1", "metadata": three}) == 1
    with pytest.raises(ApiValueError, match="4 keys, the job's marker among them"):
        make(metadata={"d": "x"}).add({"image_id": "2", "metadata": three})
    with pytest.raises(ApiValueError, match=r"images\[0\]\.metadata"):
        make(metadata=four)
    with pytest.raises(ApiValueError, match="is the key of the job's marker"):
        make(metadata={"mine": "x"}, marker="mine")
    assert make(marker=None).add({"image_id": "2", "metadata": four}) == 1
    assert make(marker=None).add({"image_id": "3", "metadata": {"license_job": "x"}}) == 1
    api.api_client.configuration.license_marker = "theirs"
    with pytest.raises(ApiValueError, match="4 keys"):
        make(marker=None).add({"image_id": "4", "metadata": four})
    with pytest.raises(ApiValueError, match="4 keys"):  # each request carries both markers
        make().add({"image_id": "4", "metadata": three})
    assert make(marker="theirs").add({"image_id": "4", "metadata": three}) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"api": 7}, "api: expected an ImagesApi or ApiClient, got int"),
        ({"ledger": 7}, "ledger: expected a path, got 7"),
        ({"ledger": b"job.sqlite"}, "ledger: expected a path"),
        ({"ledger": "a\0b"}, "ledger: expected a path of this machine"),
        ({"ledger": "s3://bucket/job.sqlite"}, "ledger: expected a path of this machine"),
        ({"marker": ""}, "marker: expected a key for metadata, or None, got ''"),
        ({"marker": 7}, "marker: expected a key"),
        ({"size": 7}, r"size: expected str, got 7"),
        ({"subscription_id": 7}, "subscription_id: expected str"),
        ({"metadata": "text"}, "metadata"),
        ({"metadata": {7: "x"}}, "expected text as key"),
        ({"editorial_acknowledgement": "yes"}, "editorial_acknowledgement: expected True or False"),
    ],
)
def test_arguments_of_a_job(api: ImagesApi, tmp_path: Path, options: dict[str, Any], message: str):
    with pytest.raises(ApiException, match=message):
        LicenseJob(**{"api": api, "ledger": tmp_path / "job.sqlite", **options})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_charge": -1}, "max_charge: expected a number from 0, got -1"),
        ({"max_charge": "5"}, "max_charge: expected a number"),
        ({"max_charge": float("nan")}, "max_charge"),
        ({"charge_each": 0}, "charge_each: expected a number above 0, got 0"),
        ({"settled_after": -1}, "settled_after: expected a number from 0"),
        ({"settled_after": True}, "settled_after: expected a number"),
        ({"workers": 0}, "workers: expected a number from 1, got 0"),
        ({"workers": 1.5}, "workers: expected int"),
        ({"workers": 0, "max_charge": -1}, r"max_charge: (.|\n)*workers: "),
        ({"name": "cat.jpg"}, "give {image_id} or {license_id} in it"),
        ({"name": "{size}.{extension}"}, "give {image_id} or {license_id} in it"),
        ({"name": "{image_id}{name}"}, "unknown field 'name'"),
        ({"name": "{image_id"}, "is not a template"),
        ({"name": 7}, "name: expected a template"),
        ({"progress": "yes"}, "progress: expected True, False or a function"),
        ({"directory": 7}, "directory: expected a path, got 7"),
        ({"directory": b"images"}, "directory: expected a path"),
        ({"directory": "s3://bucket/images"}, "directory: expected a path of this machine"),
        ({"directory": os.fsdecode(b"im\xffges")}, "directory: broken text"),
    ],
)
def test_arguments_of_a_run(
    make: Make, server: Server, tmp_path: Path, arguments: dict[str, Any], message: str
):
    with pytest.raises(ApiException, match=message):
        make("1").run(**arguments)
    assert server.requests == []
    assert {path.name for path in tmp_path.iterdir()} <= {"job.sqlite", "job.sqlite.lock"}


def test_a_client_will_do_and_the_repr_names_the_ledger(client: ApiClient, service: Service, tmp_path: Path):
    job = LicenseJob(client, str(tmp_path / "x" / ".." / "job.sqlite"))
    job.add("1")
    assert states(job.run()) == {"1": "licensed"}
    assert repr(job) == f"<LicenseJob {tmp_path.resolve() / 'job.sqlite'}>"


def test_two_runs_at_once_are_refused(make: Make, folder: Path):
    job = make("1")
    found: list[Exception] = []

    def progress(_: Progress) -> None:
        with pytest.raises(LedgerError, match="another run of this ledger is going on") as caught:
            job.run()
        found.append(caught.value)

    job.run(progress=progress)
    assert len(found) == 1
    assert states(job.run()) == {"1": "licensed"}
