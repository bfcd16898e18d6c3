"""The lists in README are complete, and what it says in numbers is true."""

from __future__ import annotations

import re

import pytest
from doc_blocks import README, REFERENCE, ROOT

import shutterstock_api
from shutterstock_api import Configuration, exceptions
from shutterstock_api.calls import retry
from shutterstock_api.support import errors

pytestmark = pytest.mark.docs

TEXT = README.read_text("utf-8")
GUIDE = (ROOT / "docs" / "guides" / "errors-and-retries.md").read_text("utf-8")


def test_all_classes_are_listed():
    listed = re.findall(r"^\[(\w+)\]\(docs/\1\.md\) \| ", TEXT, re.MULTILINE)
    assert sorted(listed) == sorted(shutterstock_api.api.__all__)


def test_all_methods_are_listed():
    page = (ROOT / "docs" / "Methods.md").read_text("utf-8")
    classes = re.split(r"^## (\w+)$", page, flags=re.MULTILINE)[1:]
    assert classes[::2] == shutterstock_api.api.__all__
    for api, part in zip(classes[::2], classes[1::2], strict=True):
        row = rf"^\[(\w+)\]\({api}\.md#\1\) \| \*\*(\w+)\*\* (\S+) \| (.+?)(?: \(deprecated\))?$"
        rows = re.findall(row, part, re.MULTILINE)
        made = getattr(shutterstock_api, api)
        named = {getattr(made, name).__name__: (verb, path) for name, verb, path, _ in rows}
        assert named == {name: (item.method, item.template) for name, item in made.operations.items()}
        reference = (ROOT / "docs" / f"{api}.md").read_text("utf-8")
        for name, verb, path, summary in rows:
            assert f"({api}.md#{name}) | **{verb}** {path} | {summary}\n" in reference


def test_all_models_are_listed():
    text = (ROOT / "docs" / "Models.md").read_text("utf-8")
    listed = re.findall(r"^\[(\w+)\]\(\1\.md\) \| ", text, re.MULTILINE)
    others = {"Enums", "Methods", "Models", *shutterstock_api.api.__all__}
    assert sorted(listed) == [page.stem for page in REFERENCE if page.stem not in others]
    assert all(hasattr(shutterstock_api, name) for name in listed)


@pytest.mark.parametrize("text", [TEXT, GUIDE], ids=["README", "guide"])
def test_each_status_has_its_class(text: str):
    told = dict(re.findall(r"^(\d\d\d|5xx) \| `(\w+)`", text, re.MULTILINE))
    known = {str(status): errors.class_of(status).__name__ for status in errors._BY_STATUS}
    assert told == {**known, "5xx": errors.class_of(500).__name__}


@pytest.mark.parametrize("text", [TEXT, GUIDE], ids=["README", "guide"])
def test_each_error_is_named(text: str):
    assert [name for name in exceptions.__all__ if f"`{name}`" not in text] == []


def test_times_and_statuses_are_the_defaults():
    def seconds(pair: tuple[float, float]) -> str:
        return ", ".join(f"{part:.0f} s" for part in pair)

    defaults = Configuration()
    assert f"GET | {seconds(defaults.timeout)} |" in TEXT
    assert f"`license_images` | {seconds(defaults.license_timeout)} |" in TEXT
    assert ", ".join(map(str, sorted(retry.TEMPORARY))) in TEXT
    assert defaults.retries == 2
    assert "twice at most" in TEXT


def test_the_index_of_the_guides_is_complete():
    folder = ROOT / "docs" / "guides"
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", (folder / "index.md").read_text("utf-8")))
    assert linked == {page.name for page in folder.glob("*.md")} - {"index.md"}


def test_the_guide_names_all_options_and_variables():
    options = shutterstock_api.CallOptions.__annotations__
    calls = (ROOT / "docs" / "guides" / "calls.md").read_text("utf-8")
    assert [name for name in options if f"`{name}" not in calls] == []
    source = (ROOT / "shutterstock_api" / "configuration.py").read_text("utf-8")
    authentication = (ROOT / "docs" / "guides" / "authentication.md").read_text("utf-8")
    variables = set(re.findall(r"`(SHUTTERSTOCK_\w+)", source))
    assert [name for name in sorted(variables) if f"`{name}" not in authentication] == []
