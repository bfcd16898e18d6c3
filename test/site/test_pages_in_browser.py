"""The built site in a real browser: what its search finds, how its pages look on any screen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from chromium import running_browser
from playwright.sync_api import Page

pytestmark = pytest.mark.site

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "site"

TOO_WIDE = """() => [...document.querySelectorAll("article table.docutils")]
    .filter((table) => table.scrollWidth > table.parentElement.clientWidth + 1).length"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    assert SITE.is_dir(), "`tox -e site` builds it"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    with running_browser() as browser:
        yield browser.new_page()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("429", "docs/guides/errors-and-retries.html#"),
        ("503", "docs/guides/errors-and-retries.html#"),
        ("overnight", "docs/guides/licensing-at-scale.html#"),
        ("asyncio", "docs/guides/"),
        ("LicenseJob", "docs/guides/licensing-at-scale.html"),
        ("proxy", "docs/guides/authentication.html#"),
        ("subscription", "docs/guides/"),
        ("timeout", "docs/guides/errors-and-retries.html#"),
        ("RefreshingToken", "docs/reference/authentication.html#shutterstock_api.RefreshingToken"),
        ("get_many", "docs/reference/pagination.html#shutterstock_api.get_many"),
        ("SearchImage", "docs/SearchImage.html"),
    ],
)
def test_the_search_finds_what_people_type(address: str, page: Page, words: str, first: str):
    page.goto(f"{address}/search.html?q={words}")
    page.wait_for_selector("#search-results .search-summary:has-text('finished')")
    link = page.get_attribute("#search-results ul.search > li > a", "href")
    assert link
    assert link.startswith(first)


@pytest.mark.parametrize("width", [320, 400, 760, 1000, 1300, 1800])
def test_tables_fit(address: str, page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    widest = [
        "README",
        "CONTRIBUTING",
        "docs/Methods",
        "docs/ImagesApi",
        "docs/EditorialUpdatedContent",
        "docs/guides/errors-and-retries",
        "docs/guides/sandbox",
        "docs/guides/migrating",
    ]
    for name in widest:
        page.goto(f"{address}/{name}.html")
        assert page.locator("article table.docutils").count(), name
        assert page.evaluate(TOO_WIDE) == 0, name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_on_a_narrow_screen_cells_have_the_titles_of_their_columns(address: str, page: Page):
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{address}/docs/SearchImage.html")
    shown = "getComputedStyle(document.querySelector('table.docutils td:nth-child(2)'), '::before').content"
    assert page.evaluate(shown) == '"Type: "'


def test_output_looks_different_from_code(address: str, page: Page):
    page.goto(f"{address}/docs/index.html")
    assert (
        page.evaluate(
            "(kinds => new Set(kinds.map(kind => "
            "getComputedStyle(document.querySelector(`${kind} > .highlight`)).backgroundColor)).size)"
            "(['.highlight-python', '.highlight-text'])"
        )
        == 2
    )
    label = (
        "getComputedStyle(document.querySelector('.highlight-python + .highlight-text'), '::before').content"
    )
    assert page.evaluate(label) == '"Output"'
