"""Every link in our Markdown leads to a file that is there, and to a heading or anchor in it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.docs

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")})

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?^ {0,3}\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s+\"[^\"]*\")?\s*$", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
ANCHOR = re.compile(r"<[a-z]+[^>]*\s(?:id|name)=\"([^\"]+)\"")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def links(text: str) -> list[str]:
    """Return the targets of links and pictures; code has none."""
    prose = CODE.sub("", FENCE.sub("", text))
    return LINK.findall(prose) + REFERENCE.findall(prose)


def anchors(text: str) -> set[str]:
    """Return what `#...` may name in a page: its ids, and its headings in GitHub's form."""
    prose = FENCE.sub("", text)
    found = set(ANCHOR.findall(CODE.sub("", prose)))
    seen: Counter[str] = Counter()
    for heading in HEADING.findall(prose):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<[^>]+>", "", heading))
        slug = re.sub(r"[^\w\- ]", "", words.replace("`", "").lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def broken(page: Path, root: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    found = []
    for link in links(page.read_text("utf-8")):
        if ELSEWHERE.match(link):
            continue
        path, _, fragment = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_relative_to(root) or not target.exists():
            found.append(link)
            continue
        pages = target.suffix == ".md"
        if fragment and pages and fragment not in anchors(target.read_text("utf-8")):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path):
    assert broken(page, ROOT) == []


def test_every_guide_is_in_their_list():
    guides = ROOT / "docs" / "guides"
    listed = re.findall(r"^- \[.+?\]\(([\w-]+\.md)\)", (guides / "index.md").read_text("utf-8"), re.MULTILINE)
    assert sorted([*listed, "index.md"]) == sorted(path.name for path in guides.glob("*.md"))


def test_there_are_pages():
    names = {page.relative_to(ROOT).as_posix() for page in PAGES}
    assert {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/ImagesApi.md", "docs/Image.md"} <= names


PAGE = """\
# Title of `page`

[good](other.md) [part](other.md#two-words) [again](other.md#two-words-1) [id](#here) [web](https://x.example/y)
![picture](missing.png "a title") [gone](other.md#three) [out](../../etc/passwd) `[code](nowhere.md)`
<a id="here"></a>

```python
x = "[in a block](nowhere.md)"
```

[ref]: absent.md
"""


def test_what_is_broken_is_found(tmp_path: Path):
    (tmp_path / "page.md").write_text(PAGE)
    (tmp_path / "other.md").write_text("# Two words\n\n## Two, words\n")
    assert broken(tmp_path / "page.md", tmp_path) == [
        "missing.png",
        "other.md#three",
        "../../etc/passwd",
        "absent.md",
    ]
