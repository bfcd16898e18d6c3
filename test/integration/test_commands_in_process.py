"""Commands for whole tasks in the process of the test, on every Python; others look at whole processes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shutterstock_api import JobItem, LicenseJob, LicenseReport
from shutterstock_api.commands.program import run_program
from shutterstock_api.sandbox import Sandbox
from shutterstock_api.telemetry.notices import print_notice

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Run:
    monkeypatch.setenv("SHUTTERSTOCK_API_HOST", sandbox.url)
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", sandbox.token())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def execute(line: str, given: str | None = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", None if given is None else io.StringIO(given))
        return run_program(line.split()), *capsys.readouterr()

    return execute


def test_license_and_download(run: Run, tmp_path: Path) -> None:
    status, out, err = run("license 17 --size small --metadata customer_id=7 --yes --to pictures --json")
    assert status == 0
    [licence] = json.loads(out)
    assert licence["state"] == "licensed"
    assert (tmp_path / licence["path"]).is_file()
    assert "0 licensed, 1 new" in err
    status, out, _ = run(f"download {licence['license_id']} --columns status")
    assert (status, out.split()) == (0, ["status", "downloaded"])


def test_what_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("license 17")[0] == 2
    assert run("license --from - --dry-run", "17\n18\n")[0] == 0
    assert list(tmp_path.iterdir()) == []
    assert run("license 404 --yes")[0] == 1
    assert run("license 18 --metadata customer --yes")[0] == 2
    assert run("download nothing")[0] == 5
    assert run("download nothing none")[0] == 1
    assert run("download")[0] == 2


def test_streams_that_the_shell_has_closed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = run("license 17", None)
    assert (status, out) == (2, "")
    assert "there is no terminal to ask for confirmation" in err
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr("sys.stderr", None)
    status, out, _ = run("license 17 --yes --columns state", None)
    assert (status, out.split()) == (0, ["state", "licensed"])
    print_notice("a line")
    assert run("license 17 --json")[1].startswith("[")


def test_an_unknown_outcome(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    report = LicenseReport([JobItem("17", "unknown", error="no answer")])
    monkeypatch.setattr(LicenseJob, "run", lambda *_, **__: report)
    status, out, err = run("license 17 --yes")
    assert status == 9
    assert "unknown" in out
    assert "1 unknown" in err


def test_check(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = run("check --json")
    assert (status, err) == (0, "")
    assert json.loads(out)["subscriptions"]["s12345678"].startswith(
        "Images, standard licence, 10000 of 10000 left"
    )
    assert run("check --host http://127.0.0.1:9 --timeout 1")[0] == 3
    monkeypatch.delenv("SHUTTERSTOCK_API_TOKEN")
    assert dict(line.split(maxsplit=1) for line in run("check")[1].splitlines())["credentials"] == "none"
    assert run("login")[0] == 2
    assert "would end with the command" in run("login --sandbox")[2]


def test_subscriptions_show_what_is_left(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    table = run("users subscriptions")[1].splitlines()
    assert table[0].split() == ["id", "description", "allotment.downloads_left"]
    assert table[1].split() == ["s12345678", "Images,", "standard", "licence", "10000"]


def test_a_sandbox_of_its_own(run: Run) -> None:
    assert run("--sandbox images get 17 --columns id") == (0, "id  17\n", "")
