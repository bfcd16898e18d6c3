"""What `tox -e once` has built in build/site, and what it refuses to build."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import shutterstock_api
from shutterstock_api import __version__, pytest_plugin

pytestmark = pytest.mark.site

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "site"
SOURCES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
SOURCES += (ROOT / "examples").glob("*.ipynb")
PAGES = sorted(SITE.rglob("*.html"))
LOADED = re.compile(
    r"""<(?:script|img|iframe)\b[^>]*\bsrc=["'](?!data:)([^"']+)"""
    r"""|<link\b[^>]*\brel="(?:stylesheet|icon|preload|preconnect)"[^>]*\bhref="([^"]+)"""
)
IMPORTED = re.compile(r"""(?:url\(|@import)\s*["']?([^"')]+)""")


@pytest.mark.parametrize("source", sorted(SOURCES), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_page_is_on_the_site(source: Path):
    assert (SITE / source.relative_to(ROOT)).with_suffix(".html") in PAGES


def test_nothing_is_loaded_from_elsewhere():
    loaded = [
        address
        for page in PAGES
        for found in LOADED.findall(page.read_text("utf-8"))
        for address in found
        if address
    ]
    loaded += [
        address
        for style in SITE.rglob("*.css")
        for address in IMPORTED.findall(style.read_text("utf-8"))
        if not address.startswith("data:")
    ]
    assert len(loaded) > len(PAGES)
    assert [address for address in loaded if "//" in address] == []


def test_the_first_page_leads_to_the_others():
    assert 'url=docs/index.html"' in (SITE / "index.html").read_text("utf-8")
    first = (SITE / "docs" / "index.html").read_text("utf-8")
    guides = {f"guides/{path.stem}.html" for path in (ROOT / "docs" / "guides").glob("*.md")}
    for page in (
        *guides,
        "ImagesApi.html",
        "Methods.html",
        "../README.html",
        "../examples/service/README.html",
    ):
        assert f'class="reference internal" href="{page}"' in first


def test_the_search_knows_guides_reference_and_fields():
    text = (SITE / "searchindex.js").read_text("utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))

    def pages(word: str) -> set[str]:
        found = index["terms"][word]
        return {index["docnames"][number] for number in (found if isinstance(found, list) else [found])}

    assert "docs/guides/errors-and-retries" in pages("reconcil")  # words are cut to their stems
    assert "docs/SearchImage" in pages("keyword_safe_search")
    assert "examples/service/README" in pages("gunicorn")


def test_every_page_names_the_version_and_leads_to_its_source():
    named = [page for page in PAGES if f"shutterstock_api {__version__}" in page.read_text("utf-8")]
    assert [page for page in PAGES if page not in named] == [SITE / "index.html"]
    for source in SOURCES:
        path = source.relative_to(ROOT)
        link = re.search(
            r'href="([^"]*_sources/[^"]*)"', (SITE / path).with_suffix(".html").read_text("utf-8")
        )
        assert link, path
        assert (SITE / path.parent / link[1]).read_bytes() == source.read_bytes()


def test_the_reference_has_all_that_is_public_and_written_by_hand():
    """Also what later joins `shutterstock_api.__all__`: give it a place in docs/reference/."""
    pages = "".join(page.read_text("utf-8") for page in (SITE / "docs" / "reference").glob("*.html"))
    described = set(re.findall(r'<dt class="sig sig-object py" id="shutterstock_api\.([\w.]+)"', pages))
    made = {*shutterstock_api.api.__all__, *shutterstock_api.models.__all__}
    assert set(shutterstock_api.__all__) - made - described == {"__version__"}
    for home in ("auth", "notebook", "sandbox"):
        names = importlib.import_module(f"shutterstock_api.{home}").__all__
        assert [name for name in names if not ({name, f"{home}.{name}"} & described or name.isupper())] == []
    fixtures = [name for name in vars(pytest_plugin) if name.startswith("shutterstock_")]
    assert len(fixtures) >= 2
    assert [name for name in fixtures if f"pytest_plugin.{name}" not in described] == []
    assert {"ApiClient.request", "LicenseJob.run", "sandbox.Sandbox.reset"} <= described
    assert "_modules/shutterstock_api/jobs/license_job.html" in pages


def test_guides_lead_to_the_reference():
    linked = {
        page
        for guide in (ROOT / "docs" / "guides").glob("*.md")
        for page in re.findall(r"\]\(\.\./reference/([\w-]+\.md)", guide.read_text("utf-8"))
    }
    assert linked == {page.name for page in (ROOT / "docs" / "reference").glob("*.md")}


ONE = """\
# One

[no page](two.md) [no heading](../../README.md#nowhere) [an anchor](../../README.md#there)
"""


def test_a_broken_link_or_a_forgotten_guide_fails_the_build(tmp_path: Path):
    shutil.copytree(ROOT / "docs" / "site", tmp_path / "docs" / "site")
    (tmp_path / "docs" / "guides").mkdir()
    (tmp_path / "docs" / "reference").mkdir()
    (tmp_path / "docs" / "reference" / "index.md").write_text("# Reference\n")
    for name in (
        "docs/index",
        "docs/Methods",
        "docs/ImagesApi",
        "docs/Enums",
        "docs/releases",
        "CONTRIBUTING",
        "CHANGELOG",
    ):
        (tmp_path / f"{name}.md").write_text("# Page\n")
    (tmp_path / "docs/Models.md").write_text("# Models\n\n[Enums](Enums.md)\n")
    (tmp_path / "README.md").write_text('# Read me\n\n<a id="there"></a>\nText.\n')
    (tmp_path / "docs/guides/index.md").write_text("# Guides\n\n- [One](one.md)\n")
    (tmp_path / "docs/guides/one.md").write_text(ONE)
    (tmp_path / "docs/guides/forgotten.md").write_text("# Forgotten\n")
    options = ["--quiet", "--fail-on-warning", "--keep-going", "-c", "docs/site"]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, ".", "site"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    complaints = re.findall(r"(\w+)\.md(?::\d+)?: WARNING: ", done.stderr)
    assert sorted(complaints) == ["forgotten", "one", "one"], done.stderr
