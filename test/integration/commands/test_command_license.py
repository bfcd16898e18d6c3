"""`license` and `download` as processes: nothing is spent without a yes, and nothing is bought twice."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable

import pytest
from shell import Outcome, Shell

from shutterstock_api.sandbox import Fault, Sandbox

pytestmark = pytest.mark.tools

Sold = Callable[[], list[str]]
LEDGER = "shutterstock-licenses.sqlite"


@pytest.fixture
def sold(sandbox: Sandbox) -> Sold:
    """The images that were licensed since the test began."""
    before = len(sandbox.licenses())
    return lambda: [one["image_id"] for one in sandbox.licenses()[before:]]


def typed(shell: Shell, words: list[str], keys: str) -> Outcome:
    """Run a command whose input is a terminal, at which somebody types."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    os.write(ours, keys.encode())
    done = subprocess.run(
        shell.command(*words),
        cwd=shell.folder,
        env=shell.environment,
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    os.close(ours)
    os.close(theirs)
    return Outcome(done.returncode, done.stdout, done.stderr)


def test_yes(shell: Shell, sold: Sold) -> None:
    status, out, err = shell("license", "17", "18", "--size", "small", "--yes", "--to", "pictures", "--json")
    assert status == 0
    assert [(one["image_id"], one["state"], one["path"]) for one in json.loads(out)] == [
        ("17", "licensed", os.path.join("pictures", "17.jpg")),
        ("18", "licensed", os.path.join("pictures", "18.jpg")),
    ]
    assert f"Ledger {LEDGER}: 0 licensed, 2 new." in err
    assert "2 licensed, 0 failed" in err
    assert sold() == ["17", "18"]
    assert {path.name for path in (shell.folder / "pictures").iterdir()} == {"17.jpg", "18.jpg"}


def test_again_buys_nothing(shell: Shell, sold: Sold) -> None:
    for _ in range(2):
        assert shell("license", "17", "--yes").status == 0
    status, _, err = shell("license", "17")  # there is nothing to ask
    assert status == 0
    assert "1 licensed, 0 new" in err
    assert sold() == ["17"]


@pytest.mark.parametrize(("keys", "status", "images"), [("y\n", 0, ["17"]), ("n\n", 1, []), ("\n", 1, [])])
def test_it_asks(shell: Shell, sold: Sold, keys: str, status: int, images: list[str]) -> None:
    outcome = typed(shell, ["license", "17", "--size", "small"], keys)
    assert "License 1 image, size small? [y/N]" in outcome.err
    assert outcome.status == status
    assert sold() == images
    assert (shell.folder / LEDGER).exists() == bool(images)
    if not images:
        assert "Nothing was bought." in outcome.err


def test_it_says_what_is_left(shell: Shell, sold: Sold) -> None:
    outcome = typed(shell, ["license", "17", "--subscription-id", "s12345678"], "n\n")
    assert "Subscription s12345678: Images, standard licence, 10000 of 10000 left, until " in outcome.err
    assert "License 1 image, subscription id s12345678? [y/N]" in outcome.err
    assert sold() == []


def test_an_operation_asks_too(shell: Shell, sold: Sold) -> None:
    outcome = typed(shell, ["images", "license-images", "--images", "17"], "n\n")
    assert "ImagesApi.license_images spends money or credits. Continue? [y/N]" in outcome.err
    assert outcome.status == 1
    assert sold() == []
    assert typed(shell, ["images", "license-images", "--images", "17"], "y\n").status == 0
    assert sold() == ["17"]


def test_nobody_can_be_asked(shell: Shell, sold: Sold) -> None:
    for words in (
        ["license", "17"],
        ["license", "--from", "-"],
        ["images", "license-images", "--images", "17"],
    ):
        status, out, err = shell(*words, given="17\n")
        assert (status, out) == (2, "")
        assert "Nothing was bought. Add --yes" in err
    assert sold() == []
    assert list(shell.folder.iterdir()) == []


def test_a_dry_run(shell: Shell, sold: Sold) -> None:
    status, out, err = shell("license", "17", "18", "--dry-run", "--yes")
    assert (status, out) == (0, "")
    assert "2 new" in err
    assert "Nothing was bought: --dry-run." in err
    assert sold() == []


def test_ids_from_a_file_and_what_earlier_runs_left(shell: Shell, sold: Sold, sandbox: Sandbox) -> None:
    (shell.folder / "ids.txt").write_text("17\n\n# a comment\n18\n17\n")
    status, _, _ = shell("license", "--from", "ids.txt", "--yes", "--max-charge", "1")
    assert status == 1
    assert sold() == ["17"]
    status, _, err = shell("license", "19")
    assert status == 2
    assert "1 licensed, 1 new" in err
    assert "To be licensed as well, from earlier runs:\n    18\n" in err
    assert sold() == ["17"]
    assert shell("license", "--from", "-", "--yes", given="19\n").status == 0
    assert sold() == ["17", "18", "19"]


def test_an_image_that_is_refused(shell: Shell, sold: Sold) -> None:
    status, out, err = shell("license", "404", "17", "--yes")
    assert status == 1
    assert sold() == ["17"]
    assert "1 licensed, 1 failed" in err
    assert "failed" in out


def test_metadata(shell: Shell, sandbox: Sandbox) -> None:
    assert shell("license", "17", "--yes", "--metadata", "customer_id=7").status == 0
    [licence] = json.loads(shell("images", "licenses", "--image-id", "17", "--json").out)["data"]
    assert licence["metadata"]["customer_id"] == "7"
    assert shell("license", "18", "--yes", "--metadata", "customer_id").status == 2


@pytest.mark.parametrize(
    "words", [["license"], ["license", "017", "--yes"], ["license", "17", "--medium", "x"]]
)
def test_what_is_wrong(shell: Shell, sold: Sold, words: list[str]) -> None:
    assert shell(*words).status == 2
    assert sold() == []


def test_a_ledger_that_is_none(shell: Shell, sold: Sold) -> None:
    (shell.folder / "job.sqlite").write_text("no ledger" * 100)
    assert shell("license", "17", "--yes", "--ledger", "job.sqlite").status == 10
    assert sold() == []


def test_a_doubt_is_settled_by_the_history(shell: Shell, sold: Sold, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(operation="license_images", close="after"), times=1)
    status, out, _ = shell("license", "17", "--yes", "--json")
    assert status == 0
    assert json.loads(out)[0]["state"] == "licensed"
    assert sold() == ["17"]


def test_a_video(shell: Shell) -> None:
    status, out, _ = shell("license", "17", "--medium", "video", "--size", "web", "--yes", "--json")
    assert status == 0
    [row] = json.loads(out)
    assert row["video_id"] == "17"
    assert row["license_id"].startswith("v")
    assert "image_id" not in row
    assert "--ledger" in shell("license", "18", "--yes").err


@pytest.mark.parametrize(
    ("medium", "says"),
    [("video", "videos need --size."), ("editorial-image", "editorial images need --license and --country.")],
)
def test_what_a_medium_needs(shell: Shell, medium: str, says: str) -> None:
    status, _, err = shell("license", "17", "--medium", medium, "--yes", "--ledger", "l.sqlite")
    assert (status, err.splitlines()[-1]) == (2, f"Error: {says.capitalize()}")
    assert not (shell.folder / "l.sqlite").exists()


# Downloads.


def test_a_download_by_licence(shell: Shell) -> None:
    licence = json.loads(shell("license", "17", "--yes", "--json").out)[0]["license_id"]
    status, out, err = shell("download", licence, "--to", "pictures")
    assert (status, err) == (0, "")
    assert out.splitlines()[1].split()[:2] == [os.path.join("pictures", f"{licence}.jpg"), "downloaded"]
    assert (shell.folder / "pictures" / f"{licence}.jpg").read_bytes()[:2] == b"\xff\xd8"
    assert "skipped" in shell("download", licence, "--to", "pictures").out
    assert "downloaded" in shell("download", licence, "--to", "pictures", "--overwrite").out


def test_a_download_goes_on_where_it_was_cut_off(shell: Shell, sandbox: Sandbox) -> None:
    licence = json.loads(shell("license", "17", "--yes", "--json").out)[0]["license_id"]
    sandbox.faults.add(Fault(operation="download", truncate=0.5), times=1)
    assert shell("download", licence).status == 0
    ranges = [range for request in sandbox.requests if (range := request.headers.get("Range"))]
    assert len(ranges) == 1


def test_a_licence_that_is_none(shell: Shell) -> None:
    status, out, err = shell("download", "nothing")
    assert status == 5
    assert "failed" in out
    assert "404 Not Found" in err
    assert shell("download", "nothing", "none").status == 1


def test_nothing_is_named(shell: Shell) -> None:
    status, _, err = shell("download")
    assert status == 2
    assert "Nothing to do: give ids" in err
