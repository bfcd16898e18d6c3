"""The lists in the docs are complete, and what they say in numbers is true."""

from __future__ import annotations

import re

import pytest
from doc_blocks import README, REFERENCE, ROOT, START

import shutterstock_api
from shutterstock_api import Configuration, exceptions
from shutterstock_api.calls import retry
from shutterstock_api.support import errors

pytestmark = pytest.mark.docs

GUIDE = (ROOT / "docs" / "guides" / "errors-and-retries.md").read_text("utf-8")


def test_all_classes_are_listed():
    listed = re.findall(r"^\[(\w+)\]\(\1\.md\) \| ", START.read_text("utf-8"), re.MULTILINE)
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


def test_each_status_has_its_class():
    told = dict(re.findall(r"^(\d\d\d|5xx) \| `(\w+)`", GUIDE, re.MULTILINE))
    known = {str(status): errors.class_of(status).__name__ for status in errors._BY_STATUS}
    assert told == {**known, "5xx": errors.class_of(500).__name__}


def test_each_error_is_named():
    assert [name for name in exceptions.__all__ if f"`{name}`" not in GUIDE] == []


def test_times_and_statuses_are_the_defaults():
    def seconds(pair: tuple[float, float]) -> str:
        return ", ".join(f"{part:.0f} s" for part in pair)

    defaults = Configuration()
    assert f"GET | {seconds(defaults.timeout)} |" in GUIDE
    assert f"`license_images` | {seconds(defaults.license_timeout)} |" in GUIDE
    assert ", ".join(map(str, sorted(retry.TEMPORARY))) in GUIDE
    assert defaults.retries == 2
    assert "at most twice" in GUIDE


def test_readme_leads_to_methods_models_and_all_else():
    text = README.read_text("utf-8")
    for page in ("Methods.md", "Models.md", "Enums.md", "index.md", "guides/index.md", "reference/index.md"):
        assert f"](docs/{page})" in text


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
