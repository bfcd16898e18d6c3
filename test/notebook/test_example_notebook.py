"""`examples/notebook.ipynb` runs on its sandbox, and looks right: in Jupyter's colours, in a real browser.

Where the machine has no Chromium, the tests with a browser are skipped: it is too large to come along.
Debian's package `chromium` will do, or `playwright install chromium`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import PIL.Image
import pytest
from chromium import running_browser
from IPython.core.formatters import DisplayFormatter
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page

from shutterstock_api import Image, ImageSearchResults

pytestmark = pytest.mark.notebook

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "examples" / "notebook.ipynb"
SECONDS = 60
PICTURES = 10 + 1 + 6 + 4 + 1
"""Images and the one alone, posters of videos, waveforms and the one alone."""
OURS = ".shutterstock, .shutterstock *"
HOSTILE = "\"><script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"


class Run(NamedTuple):
    """The notebook after its cells were run, but for the last, which stops the sandbox."""

    cells: list[Any]
    folder: Path
    pages: dict[str, Path]
    """The notebook as Jupyter shows it, by theme."""

    def output(self, source: str) -> Any:
        """Return what the cell that contains this shows."""
        (cell,) = (cell for cell in self.cells if cell.cell_type == "code" and source in cell.source)
        return cell.outputs[-1].data


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder)}})
    *cells, last = enumerate(notebook.cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("PYTHONWARNINGS", "error::UserWarning,error::RuntimeWarning")
        with client.setup_kernel():
            for index, cell in cells:
                client.execute_cell(cell, index)
            pages = {}
            for theme in ("light", "dark"):
                text, _ = HTMLExporter(theme=theme).from_notebook_node(notebook)
                pages[theme] = folder / f"{theme}.html"
                pages[theme].write_text(text, "utf-8")
            yield Run(notebook.cells, folder, pages)
            client.execute_cell(last[1], last[0])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


class Look(NamedTuple):
    page: Page
    trouble: list[str]
    """What the console says."""
    clips: set[str]
    """Addresses of films and sounds that were asked for."""


@pytest.fixture
def look(run: Run, browser: Browser) -> Iterator[Any]:
    """Open the notebook; no request leaves this machine."""
    opened = []

    def open_page(theme: str = "light", width: int = 1000, pictures: str = "there") -> Look:
        page = browser.new_page(viewport={"width": width, "height": 12_000}, reduced_motion="reduce")
        opened.append(page)
        trouble: list[str] = []
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        clips: set[str] = set()
        page.on("request", lambda asked: re.search("[.](mp.|webm|ogg)$", asked.url) and clips.add(asked.url))
        page.route(
            re.compile("^https:"), lambda route: route.fulfill(body="", content_type="text/javascript")
        )
        if pictures != "there":
            page.route("**/previews/**", lambda route: route.abort() if pictures == "broken" else None)
        page.goto(run.pages[theme].as_uri(), wait_until="domcontentloaded")
        if pictures != "on their way":
            page.wait_for_function("[...document.images].every(picture => picture.complete)")
        return Look(page, trouble, clips)

    yield open_page
    for page in opened:
        page.close()


def test_the_notebook_in_the_repository_has_no_outputs():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
    assert notebook.cells[-1].source == "sandbox.stop()"


def test_it_runs_and_everything_shows_itself(run: Run):
    found = run.output("search_images(query=")
    assert found["text/html"].count("<img ") == 10
    assert len(found["text/plain"]) < 30_000
    assert 'class="facts"' in run.output("image = found.data[0]")["text/html"]
    assert "dataframe" in run.output("to_pandas()")["text/html"]
    licences = run.output("license_images(")["text/html"]
    assert "2 licensed, 1 refused" in licences
    assert len(list((run.folder / "pictures").glob("*.jpg"))) == 2
    assert "image/png" in run.output("from PIL") or "image/jpeg" in run.output("from PIL")


def test_what_a_notebook_stores_has_no_link_to_a_file(run: Run):
    stored = nbformat.writes(nbformat.v4.new_notebook(cells=run.cells))
    assert "/previews/" in stored
    assert not re.search(r"/download/|signature|expires", stored)


def test_ipython_takes_the_html_and_a_short_text():
    answer = ImageSearchResults.from_dict({"data": [{"id": str(number)} for number in range(500)]})
    formats, _ = DisplayFormatter().format(answer)
    assert formats.keys() == {"text/html", "text/plain"}
    assert len(formats["text/plain"]) < 1000
    sly = Image.from_dict({"id": "1", "_repr_javascript_": "alert(1)", "_ipython_display_": "x"})
    assert DisplayFormatter().format(sly)[0].keys() == {"text/html", "text/plain"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_loads_without_trouble_and_pictures_have_their_size(look: Any, theme: str):
    page, trouble, clips = look(theme)
    sizes = page.eval_on_selector_all(
        ".shutterstock img", "all => all.map(one => [one.naturalWidth, one.width, one.height])"
    )
    assert len(sizes) == PICTURES
    for size in sizes:
        assert min(size) > 50
    assert clips == set()
    assert trouble == []


HEIGHTS = "all => all.map(one => one.getBoundingClientRect().height)"
PLAYED = """async one => {
    one.muted = true;
    await one.play();
    await new Promise(done => one.addEventListener('timeupdate', done, {once: true}));
    return [one.currentSrc.split('.').pop(), one.duration, one.videoWidth || 0, one.error];
}"""


@pytest.mark.parametrize(("tag", "forms"), [("video", {"webm", "mp4"}), ("audio", {"mp3", "ogg"})])
def test_a_browser_plays_what_is_started_and_nothing_else(look: Any, tag: str, forms: set[str]):
    page, trouble, clips = look()
    form, seconds, width, error = page.locator(f".shutterstock {tag}").first.evaluate(PLAYED)
    assert form in forms
    assert seconds > 1
    assert (width > 0) == (tag == "video")
    assert error is None
    assert len(clips) == 1
    assert trouble == []


def test_nothing_jumps_when_an_upright_video_is_started(look: Any):
    page = look().page
    before = page.eval_on_selector_all(".film", HEIGHTS)
    shapes = []
    for video in page.locator(".shutterstock video").all():
        video.evaluate(PLAYED)
        shapes.append(video.evaluate("one => one.videoWidth < one.videoHeight"))
    assert True in shapes
    assert page.eval_on_selector_all(".film", HEIGHTS) == before


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1000])
def test_the_poster_of_a_video_and_the_waveform_of_a_track_are_seen(look: Any, theme: str, width: int):
    page = look(theme, width).page
    for place, least in ((".film", 200), (".sound img", 20)):
        picture = PIL.Image.open(BytesIO(page.locator(f".shutterstock {place}").first.screenshot()))
        top = picture.convert("RGB").crop((0, 0, picture.width, picture.height // 2))  # controls are below
        assert len(top.getcolors(1 << 20) or ()) > least


def test_nothing_jumps_when_pictures_arrive(look: Any):
    heights = [
        look(pictures=pictures).page.eval_on_selector_all(".shutterstock figure", HEIGHTS)
        for pictures in ("there", "on their way")
    ]
    assert len(heights[0]) == PICTURES
    assert heights[0] == heights[1]


def test_without_pictures_there_are_words(look: Any):
    page = look(pictures="broken").page
    words = page.eval_on_selector_all(".sheet img", "all => all.map(one => one.alt)")
    assert len(words) == 20
    assert all(len(alt) > 10 for alt in words)


@pytest.mark.parametrize("width", [400, 700, 1600])
def test_nothing_is_wider_than_the_page(look: Any, width: int):
    page = look(width=width).page
    wide = page.eval_on_selector_all(
        OURS,
        "all => all.filter(one => !one.closest('.wide table'))"
        ".filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.outerHTML)",
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


CONTRAST = """all => {
    const parts = color => color.match(/[\\d.]+/g).map(Number);
    const over = ([r, g, b, a = 1], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
    const ground = one => one
        ? over(parts(getComputedStyle(one).backgroundColor), ground(one.parentElement)) : [255, 255, 255];
    const light = color => color
        .map(part => part / 255)
        .map(part => part <= 0.04 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    return all.filter(one => [...one.childNodes].some(node => node.nodeType == 3 && node.data.trim()))
        .filter(one => one.tagName != 'STYLE')
        .map(one => {
            const below = ground(one);
            const [a, b] = [light(over(parts(getComputedStyle(one).color), below)), light(below)];
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), one.outerHTML];
        });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_words_can_be_read(look: Any, theme: str):
    found = look(theme).page.eval_on_selector_all(OURS, CONTRAST)
    assert len(found) > 60
    for ratio, html in found:
        mark = re.match(r"<b class=\"(good|bad|open)\"", html)  # a sign beside its word
        assert ratio >= (3 if mark else 4.5), html


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_without_a_theme_gives_its_own_colours(browser: Browser, scheme: Any):
    page = browser.new_page(color_scheme=scheme)
    bare = "<style>:root {color-scheme: light dark; background: Canvas; color: CanvasText}</style>"
    page.set_content(bare + Image(id="1", description="A cat")._repr_html_())  # type: ignore[operator]
    found = page.eval_on_selector_all(OURS, CONTRAST)
    page.close()
    assert len(found) >= 3
    assert min(ratio for ratio, _ in found) >= 4.5


def test_no_words_of_the_service_become_code(browser: Browser):
    page = browser.new_page()
    preview = {"url": f"javascript:{HOSTILE}", "width": HOSTILE}
    image = {
        "id": HOSTILE,
        "description": HOSTILE,
        "contributor": {"id": HOSTILE},
        "assets": {"preview": preview},
    }
    page.set_content(
        "<title>mine</title>" + (ImageSearchResults.from_dict({"data": [image]})._repr_html_() or "")
    )
    assert page.title() == "mine"
    assert HOSTILE in page.inner_text(".title")
    page.close()
