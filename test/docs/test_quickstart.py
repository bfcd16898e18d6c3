"""`python examples/quickstart.py`, as a newcomer runs it. For `--live` a sandbox is the service."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doc_blocks import README, ROOT
from PIL import Image

from shutterstock_api.sandbox import Fault, Sandbox

pytestmark = pytest.mark.docs

SCRIPT = ROOT / "examples" / "quickstart.py"
SECONDS = 60
QUESTION = 'Type "yes" to buy: '

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def environment() -> dict[str, str]:
    """What the script finds: the checkout as installed, and no credentials."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "PYTHONUTF8": "1"}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run the script in an empty folder; `answer` is typed in a terminal, without one there is none."""

    def start(*arguments: str, answer: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(SCRIPT), *arguments]
        end = subprocess.DEVNULL if answer is None else _terminal(answer)
        try:
            return subprocess.run(
                command,
                stdin=end,
                capture_output=True,
                text=True,
                encoding="utf-8",
                cwd=tmp_path,
                env={**environment, **more},
                timeout=SECONDS,
                check=False,
            )
        finally:
            if answer is not None:
                os.close(end)

    return start


def _terminal(answer: str) -> int:
    """Return the end of a terminal in which `answer` has been typed."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo terminals")
    ours, theirs = pty.openpty()
    os.write(ours, answer.encode())
    return theirs


def live(sandbox: Sandbox) -> dict[str, str]:
    """Put a sandbox in the place of the service."""
    return {"SHUTTERSTOCK_API_HOST": sandbox.url, "SHUTTERSTOCK_API_TOKEN": sandbox.token()}


def marked(output: str) -> dict[str, tuple[int, int]]:
    """Return the images that the table marks, and their sizes."""
    rows = re.findall(r"^> (\d+) .* (\d+) x (\d+) ", output, re.MULTILINE)
    return {image_id: (int(width), int(height)) for image_id, width, height in rows}


def pictures(folder: Path) -> dict[str, tuple[int, int]]:
    """Decode every JPEG file of a folder; return sizes by name."""
    found = {}
    for path in folder.iterdir():
        with Image.open(path) as picture:
            picture.load()
            assert picture.format == "JPEG"
            found[path.stem] = picture.size
    return found


def test_readme_shows_this_command():
    assert "python -m pip install '.[sandbox]' && python examples/quickstart.py\n" in README.read_text(
        "utf-8"
    )
    assert "python -m pip install '.[sandbox]' && python examples/quickstart.py\n" in SCRIPT.read_text(
        "utf-8"
    )


def test_it_searches_licenses_downloads_and_lays_out(run: Run, tmp_path: Path):
    done = run(HTTP_PROXY="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9")
    assert (done.returncode, done.stderr) == (0, "")
    expected = marked(done.stdout)
    assert len(expected) == 3
    found = pictures(tmp_path / "quickstart-output")
    width, height = found.pop("contact-sheet")
    assert found == expected
    assert width > 1000
    assert height > 400
    assert "Licensed 3 of 3 images, downloaded 3." in done.stdout
    assert "Charged to the allotment of the subscription: 3." in done.stdout
    for name in (*(f"{image_id}.jpg" for image_id in expected), "contact-sheet.jpg"):
        assert f"  {Path('quickstart-output', name)}\n" in done.stdout
    assert "--live" in done.stdout


def test_query_count_and_folder_can_be_chosen(run: Run, tmp_path: Path):
    done = run("--query", "coffee", "--count", "1", "--output", "a/b")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(pictures(tmp_path / "a" / "b")) == 2


def test_nothing_found_is_said(run: Run, tmp_path: Path):
    done = run("--query", "cat AND NOT cat")
    assert done.returncode == 1
    assert "No image was found for" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", ["0", "51", "many"])
def test_a_count_that_cannot_be_is_refused(run: Run, count: str):
    assert run("--count", count).returncode == 2


def test_a_folder_that_cannot_be_made_costs_nothing(run: Run, sandbox: Sandbox, tmp_path: Path):
    before = sandbox.licenses()
    (tmp_path / "taken").write_text("a file")
    done = run("--live", "--output", "taken", answer="yes\n", **live(sandbox))
    assert done.returncode == 1
    assert "taken" in done.stderr
    assert "Traceback" not in done.stderr
    assert sandbox.licenses() == before


def test_an_error_of_the_service_is_readable(run: Run, sandbox: Sandbox):
    done = run("--live", answer="yes\n", **{**live(sandbox), "SHUTTERSTOCK_API_TOKEN": "v2/wrong"})
    assert done.returncode == 1
    assert "GET /v2/images/search: 401" in done.stderr
    assert "Traceback" not in done.stderr


def test_live_needs_a_token(run: Run, sandbox: Sandbox):
    done = run("--live", answer="yes\n", SHUTTERSTOCK_API_HOST=sandbox.url)
    assert done.returncode == 2
    assert "SHUTTERSTOCK_API_TOKEN" in done.stderr
    assert not sandbox.requests


@pytest.mark.parametrize("answer", ["no\n", "\n", "y\n", "yes please\n", "YES\n", "\x04", None])
def test_live_buys_nothing_without_a_yes(run: Run, sandbox: Sandbox, tmp_path: Path, answer: str | None):
    before = sandbox.licenses()
    done = run("--live", answer=answer, **live(sandbox))
    assert "Nothing was licensed." in done.stdout
    assert sandbox.licenses() == before
    asked = ["/v2/images/search", *["/v2/user/subscriptions"] * (answer is not None)]
    assert [(request.method, request.path) for request in sandbox.requests] == [
        ("GET", path) for path in asked
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_yes_from_a_pipe_is_none(sandbox: Sandbox, environment: dict[str, str], tmp_path: Path):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--live"],
        input="yes\n",
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**environment, **live(sandbox)},
        timeout=SECONDS,
        check=False,
    )
    assert "not a terminal" in done.stdout
    assert [request.method for request in sandbox.requests] == ["GET"]


def test_live_asks_and_buys_after_a_yes(run: Run, sandbox: Sandbox, tmp_path: Path):
    before = len(sandbox.licenses())
    arguments = ("--live", "--subscription-id", "s12163856")
    done = run(*arguments, answer="yes\n", **live(sandbox))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"licenses the 3 marked images, size huge, at {sandbox.url}" in done.stdout
    assert "subscription s12163856" in done.stdout
    assert "  s12163856: 10000 left, Images, standard licence, second team\n" in done.stdout
    assert "s45678901" not in done.stdout  # it has ended
    assert QUESTION in done.stdout
    bought = sandbox.licenses()[before:]
    assert sorted(licence["image_id"] for licence in bought) == sorted(marked(done.stdout))
    assert {licence["subscription_id"] for licence in bought} == {"s12163856"}
    assert len(pictures(tmp_path / "quickstart-output")) == 4
    assert "This was the sandbox" not in done.stdout


def test_no_credentials_go_to_the_host_of_the_files(run: Run, sandbox: Sandbox):
    run("--live", answer="yes\n", **live(sandbox))
    downloads = [request for request in sandbox.requests if request.path.startswith("/download/")]
    assert len(downloads) == 3
    for request in downloads:
        assert request.headers.get("Authorization") is None
        assert request.headers.get("Cookie") is None


def test_what_could_not_be_licensed_is_shown_and_the_rest_goes_on(run: Run, tmp_path: Path):
    with Sandbox(allotment=2) as sandbox:
        done = run("--live", answer="yes\n", **live(sandbox))
        assert sandbox.allotment() == 0
    assert done.returncode == 1
    refused = re.findall(r"Image (\d+) was not licensed: \w+", done.stdout)
    assert refused == list(marked(done.stdout))[2:]
    assert "Licensed 2 of 3 images, downloaded 2." in done.stdout
    assert len(pictures(tmp_path / "quickstart-output")) == 3


def test_what_could_not_be_downloaded_is_shown_and_the_rest_goes_on(
    run: Run, sandbox: Sandbox, tmp_path: Path
):
    sandbox.faults.add(Fault(status=404, operation="download"), times=5)  # each file asks twice
    done = run("--live", answer="yes\n", **live(sandbox))
    assert done.returncode == 1
    assert done.stdout.count("was not downloaded: GET http://127.0.0.1:") == 2
    assert "download_image('i" in done.stdout
    assert "Licensed 3 of 3 images, downloaded 1." in done.stdout
    assert len(pictures(tmp_path / "quickstart-output")) == 2  # and nothing that ends in .part


def test_a_lost_answer_is_looked_up_and_nothing_is_bought_twice(run: Run, sandbox: Sandbox, tmp_path: Path):
    before = len(sandbox.licenses())
    sandbox.faults.add(Fault(close="after", operation="license_images"), times=1)
    done = run("--live", answer="yes\n", **live(sandbox))
    assert (done.returncode, done.stderr) == (0, "")
    assert "outcome is unknown" in done.stdout
    assert len(sandbox.licenses()) == before + 3
    assert "Licensed 3 of 3 images, downloaded 3." in done.stdout
    assert len(pictures(tmp_path / "quickstart-output")) == 4


def test_a_lost_request_is_not_sent_again(run: Run, sandbox: Sandbox):
    before = len(sandbox.licenses())
    sandbox.faults.add(Fault(close="before", operation="license_images"), times=1)
    done = run("--live", answer="yes\n", **live(sandbox))
    assert done.returncode == 1
    assert done.stdout.count("was not licensed: not certain yet") == 3
    assert len(sandbox.licenses()) == before
