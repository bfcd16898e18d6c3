"""The fixtures for tests of others, in a pytest of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import shutterstock_api

ROOT = Path(shutterstock_api.__file__).parents[1]

TESTS = """
import time
import pytest
import shutterstock_api
from shutterstock_api.sandbox import Fault

@pytest.fixture
def api(shutterstock_client):
    return shutterstock_client.images

@pytest.mark.parametrize("number", range(8))
def test_each_begins_anew(number, api, shutterstock_sandbox):
    assert shutterstock_sandbox.allotment() == 10_000
    assert not shutterstock_sandbox.requests
    api.license_images({"images": [{"image_id": "17"}]})
    assert shutterstock_sandbox.allotment() == 9_999
    shutterstock_sandbox.faults.add(Fault(status=503))

def test_pauses_take_no_time(api, shutterstock_sandbox):
    begin = time.monotonic()
    shutterstock_sandbox.faults.add(Fault(rate_limit=50), times=2)
    api.get_image("17")
    assert 2 <= len(shutterstock_sandbox.requests) <= 3
    assert time.monotonic() - begin < 20

def test_the_client_and_the_sandbox_have_one_clock(api, shutterstock_sandbox, tmp_path):
    [result] = api.license_images({"images": [{"image_id": "17"}]}).data
    api.api_client.timing.sleep(9 * 60 * 60)
    with pytest.raises(shutterstock_api.DownloadError) as caught:
        shutterstock_api.download(result.download, tmp_path / "17.jpg", api=api)
    assert caught.value.status == 403

def test_a_sandbox_that_breaks_the_contract(shutterstock_sandbox):
    shutterstock_sandbox.violations.append("an answer that nobody promised")
"""


@pytest.fixture
def run(tmp_path: Path):
    """Run pytest on a file of tests, with our plugin and no other but what is named."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**ours, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def start(tests: str, *arguments: str) -> str:
        (tmp_path / "test_shop.py").write_text(tests)
        command = [sys.executable, "-m", "pytest", "-W", "error", "-p", "shutterstock_api.pytest_plugin"]
        done = subprocess.run(
            [*command, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        return done.stdout

    return start


def test_the_fixtures_among_several_processes(run) -> None:
    output = run(TESTS, "-p", "xdist.plugin", "--numprocesses=2")
    assert "the sandbox broke the contract:\nan answer that nobody promised" in output
    assert re.search(r"=== 11 passed, 1 error in ", output), output


def test_without_the_extra_the_error_says_what_is_missing(run, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("import sys; sys.modules['PIL'] = None")
    output = run("def test_it(shutterstock_client, shutterstock_api_client): pass")
    assert "shutterstock_sandbox: the sandbox needs Pillow: pip install Pillow\n" in output
    assert "def " not in output  # no traceback
    assert re.search(r"=== 1 error in ", output), output


def test_the_plugin_itself_imports_little() -> None:
    code = """
import pytest, sys
before = {*sys.modules}
import shutterstock_api.pytest_plugin
print(sorted(name for name in {*sys.modules} - before))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    at_once = ("api", "exceptions", "pytest_plugin", "support", "support.lazy", "version")
    assert set(eval(done.stdout)) == {
        "shutterstock_api",
        *(f"shutterstock_api.{name}" for name in (*at_once, *shutterstock_api._MOVED)),
    }
