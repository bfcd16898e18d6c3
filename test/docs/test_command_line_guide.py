"""The guide to the command line: its commands run as printed, and its lists are complete."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from doc_blocks import SHELL
from shell import Shell

from shutterstock_api.commands.exit_codes import MEANINGS
from shutterstock_api.commands.names import SHORT_NAMES
from shutterstock_api.sandbox import Sandbox

pytestmark = pytest.mark.docs

TEXT = SHELL.read_text("utf-8")
BLOCK = re.compile(
    r"^```shell\n((?:shutterstock-api .*\n)+)```\n(?:\n```text\n((?:.+\n)+)```)?", re.MULTILINE
)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with Sandbox() as sandbox:
        yield Shell(
            tmp_path,
            {"SHUTTERSTOCK_API_HOST": sandbox.url, "SHUTTERSTOCK_API_TOKEN": sandbox.token()},
        )


def test_its_commands_run_as_printed(shell: Shell) -> None:
    found = BLOCK.findall(TEXT)
    assert len(found) > 5
    for lines, output in found:
        for line in lines.splitlines():
            status, out, err = shell(*shlex.split(line)[1:])
            assert status == 0, f"{line}\n{err}"
        assert out == output or not output


def test_each_exit_status_is_listed() -> None:
    rows = re.findall(r"^(\d+) \| (.+)$", TEXT, re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == MEANINGS


def test_its_short_names_are_there() -> None:
    media = "VideosApi AudioApi SoundEffectsApi EditorialImagesApi EditorialVideoApi".split()
    for name in media:
        assert {"search", "get", "list", "licenses"} <= SHORT_NAMES[name].keys()
    for group, command in re.findall(r"^`(images|users) ([\w-]+)", TEXT, re.MULTILINE):
        assert command in SHORT_NAMES[f"{group.title()}Api"]
