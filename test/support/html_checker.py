"""What may stand in the HTML that notebooks show."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TAGS = set(
    "a audio b br code dd div dl dt figcaption figure img meter p source span style table tbody td th thead "
    "tr video wbr".split()
)
ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "audio": {"controls", "preload", "aria-label"},
    "b": {"class"},
    "div": {"class", "dir", "title"},
    "dl": {"class"},
    "img": {"src", "width", "height", "alt", "loading", "decoding", "referrerpolicy"},
    "meter": {"min", "max", "value"},
    "p": {"dir"},
    "source": {"src", "type"},
    "th": {"scope"},
    "video": {"controls", "preload", "aria-label"},
}
VOID = {"br", "img", "source", "wbr"}


class Checked(HTMLParser):
    """HTML of which each tag and attribute is one of ours, and each element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pictures: list[dict[str, str | None]] = []
        self.links: list[str | None] = []
        self.players: list[tuple[str, str | None]] = []
        """Tags and addresses of what can be played."""
        self.styles: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES.get(tag, set()), (tag, attrs)
        assert len(dict(attrs)) == len(attrs)
        found = dict(attrs)
        for name in {"src", "href"} & found.keys():
            assert re.fullmatch(r"https?://[^\s\"'<>]+", found[name] or "", re.IGNORECASE)
        if tag == "img":
            self.pictures.append(found)
        if tag in ("audio", "video"):
            assert found["preload"] == "none"
        if tag == "source":
            self.players.append((self._open[-1], found["src"]))
        if tag == "a":
            self.links.append(found["href"])
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.styles.append(data)
        else:
            self.words += data + " "

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment
