"""The site: `tox -e site`. Its pages are the Markdown files of the project as they are; this adds the rest.

The source is the whole checkout, so that the relative links that work on GitHub work here too.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

from docstrings import as_restructured_text, leave_other_types, unlink_builtin_types
from notebook_page import NotebookParser

import shutterstock_api

ROOT = Path(__file__).resolve().parents[2]

project = "shutterstock_api"
version = release = shutterstock_api.__version__
html_title = f"{project} {version}"
author = ""
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
]
root_doc = "docs/index"
include_patterns = ["*.md", "docs/**.md", "examples/**.md", "examples/*.ipynb"]
exclude_patterns = [".*", "build", "**/.*"]
language = "en"
nitpicky = True

myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # on the page of a model the example stands two levels below the title

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_use_type_comments = False
add_module_names = False
python_maximum_signature_line_length = 72
toc_object_entries_show_parents = "hide"
viewcode_line_numbers = True

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_extra_path = ["index.html"]
html_use_index = False
html_sourcelink_suffix = ""
html_search_scorer = "docs/site/static/scorer.js"
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "footer_icons": [],
}
pygments_style = "default"
pygments_dark_style = "github-dark"

copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"

_GUIDE = re.compile(r"^- \[.+?\]\(([\w-]+)\.md\)", re.MULTILINE)
_PAGE = re.compile(r"^\[.+?\]\(([\w-]+)\.md\) \| ", re.MULTILINE)
_METHOD = re.compile(r"^# \*\*(\w+)\*\*$", re.MULTILINE)
_SEARCH = re.compile(r"^<!-- search: (.+) -->$", re.MULTILINE)
_BACK = re.compile(r"^\[\[Back to .*$", re.MULTILINE)


def _nav() -> str:
    """Return the navigation. Guides have the order of their list; if the list lacks one, the build fails."""
    guides = [f"guides/{name}" for name in _GUIDE.findall(_text("guides/index.md"))]
    examples = [*(ROOT / "examples").glob("*.ipynb"), *(ROOT / "examples").glob("*/README.md")]
    reference = [f"reference/{name}" for name in ("index", *_PAGE.findall(_text("reference/index.md")))]
    classes = sorted(f"{page.stem} <{page.stem}>" for page in (ROOT / "docs").glob("*Api.md"))
    parts = {
        "Guides": ["guides/index", *guides],
        "Examples": [f"../{found.relative_to(ROOT).with_suffix('')}" for found in examples],
        "Reference": [*reference, "Methods", *classes, "Models", "Enums"],
        "Project": ["README <../README>", "../CONTRIBUTING", "../CHANGELOG", "releases"],
    }
    return "".join(_toctree(entries, f":caption: {caption}") for caption, entries in parts.items())


def _text(page: str) -> str:
    return (ROOT / "docs" / page).read_text("utf-8")


def _toctree(entries: list[str], *options: str) -> str:
    lines = [":hidden:", ":titlesonly:", *options, "", *entries]
    return "\n".join(["\n```{toctree}", *lines, "```\n"])


def add_what_the_site_needs(app: Sphinx, docname: str, source: list[str]) -> None:
    """Add the navigation, remove the links that it replaces, and put methods below the title.

    For the words of a comment `<!-- search: 429, rate limit -->`, the search shows the next section first.
    """
    source[0] = _SEARCH.sub(_index, source[0])
    source[0] = _METHOD.sub(r"## \1", _BACK.sub("", source[0]))
    if docname.endswith("Api"):
        source[0] = f"---\ntocdepth: 2\n---\n{source[0]}"
    elif docname == root_doc:
        source[0] += _nav()
    elif docname == "docs/Models":
        models = re.findall(r"\]\((\w+)\.md\)", source[0])
        source[0] += _toctree(models)


def _index(comment: re.Match[str]) -> str:
    words = ", ".join(
        f"! {word}" for word in comment[1].split(", ")
    )  # the search shows those with a mark first
    return f"```{{index}} {words}\n```"


def lead_to_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Let words of `search:` comments lead to a section: the search then shows the beginning of its text."""
    sections = {name: found["ids"][0] for found in doctree.findall(nodes.section) for name in found["ids"]}
    for index in doctree.findall(addnodes.index):
        index["entries"] = [
            (kind, word, sections.get(target, target), main, key)
            for kind, word, target, main, key in index["entries"]
        ]


def know_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Let links lead to `<a id="...">` too, as on GitHub."""
    slugs = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for html in doctree.findall(nodes.raw):
        for name in re.findall(r'<a id="([^"]+)"', html.astext()):
            slugs[name] = (html.line or 0, name, "")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_source_suffix(".ipynb", "notebook")
    app.add_source_parser(NotebookParser)
    app.connect("autodoc-process-docstring", as_restructured_text)
    app.connect("missing-reference", leave_other_types)
    app.connect("doctree-read", unlink_builtin_types)
    app.connect("source-read", add_what_the_site_needs)
    app.connect("doctree-read", know_anchors)
    app.connect("doctree-read", lead_to_sections)
    return {"parallel_read_safe": True}
