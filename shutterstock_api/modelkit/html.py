"""HTML for Jupyter: no scripts, the colours of the page, all texts escaped. Python downloads nothing.

Only http(s) addresses become links, pictures and players. Download links are secrets and never do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from html import escape as escape
from typing import Any, TypeAlias

from shutterstock_api.modelkit.visible import visible
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.masking import without_links
from shutterstock_api.support.text import shorten

MOST = 48
"""The most pictures or rows in one output."""
LONGEST_LINE = 45
"""The approximate length of a line in a table, in characters."""
LONGEST_WORDS = 300
"""The longest text, in characters."""

Cell: TypeAlias = Callable[[Any], str]
"""Returns the HTML of a cell for an item."""


# Parts of a page.


def page(*parts: str) -> str:
    """Return the whole output."""
    whole = f'<div class="shutterstock"><style>{STYLE}</style>{"".join(parts)}</div>'
    return whole.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be stored


def card(picture: str, title: Any, *facts: str) -> str:
    """Return a picture with a title and facts below it."""
    shown = words(title)
    line = f'<div class="title" dir="auto" title="{shown}">{shown}</div>' if shown else ""
    told = " ".join(f"<span>{fact}</span>" for fact in facts)
    return f"<figure>{picture}<figcaption>{line}{told}</figcaption></figure>"


def sheet(cards: Iterable[str], way: str) -> str:
    """Return cards of pictures, films or sounds side by side, as many in a row as fit."""
    return f'<div class="sheet {way}">{"".join(cards)}</div>'


def facts_beside(picture: str, title: Any, facts: Mapping[str, str]) -> str:
    """Return a picture with a title and facts beside it."""
    about = f'<p dir="auto"><b>{words(title)}</b></p>{facts_list(facts)}'
    return f'<div class="single"><figure>{picture}</figure><div>{about}</div></div>'


def facts_list(facts: Mapping[str, str]) -> str:
    """Return facts by their names; those without HTML are left out."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{fact}</dd>" for name, fact in facts.items() if fact)
    return f'<dl class="facts">{rows}</dl>'


def table(columns: Mapping[str, Cell], rows: Iterable[Any]) -> str:
    """Return a table with a row for each item."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{cell(row)}</td>' for cell in columns.values())}</tr>" for row in rows
    )
    if not (head and body):
        return ""
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def long(content: str) -> str:
    """Return the contents of a cell, which has several lines if they are long; all other cells have one."""
    text = re.sub("<[^>]*>", "", content)
    return f'<div class="long">{content}</div>' if len(text) > LONGEST_LINE else content


def paragraphs(texts: Iterable[Any]) -> str:
    """Return a paragraph for each text that is not empty."""
    return "".join(f"<p>{words(text)}</p>" for text in texts if text)


def and_more(count: int | None) -> str:
    """Return a line with the number of items that are not shown; `None` if it is unknown."""
    if count is None:
        return "<p>and perhaps more</p>"
    return f"<p>and {count:,} more</p>" if count > 0 else ""


def mark(state: str, *, good: bool | None) -> str:
    """Return a state with a sign and a colour: good, bad, or neither."""
    name, sign = {True: ("good", "✓"), False: ("bad", "✕"), None: ("open", "?")}[good]
    return f'<b class="{name}">{sign}</b> {escape(state)}'


# Pictures and links.


def picture(url: Any, width: Any, height: Any, description: Any) -> str:
    """Return a picture. Its size is known before it is loaded; until then its description is shown."""
    source = address(url)
    if source is None:
        return '<div class="none">no preview</div>'
    good = all(type(side) is int and 0 < side < 10_000 for side in (width, height))
    width, height = (width, height) if good else (400, 300)
    return (
        f'<img src="{source}" width="{width}" height="{height}" alt="{words(description)}" loading="lazy" '
        'decoding="async" referrerpolicy="no-referrer">'
    )


def film(poster: str, clips: Mapping[Any, str], description: Any) -> str:
    """Return a poster frame with a player over it, which loads nothing until it is started."""
    player = _player("video", clips, description)
    return f'<div class="film">{poster}{player}</div>' if player else poster


def sound(waveform: str, clips: Mapping[Any, str], description: Any) -> str:
    """Return a waveform with a player below it, which loads nothing until it is started."""
    return f'<div class="sound">{waveform}{_player("audio", clips, description)}</div>'


def _player(tag: str, clips: Mapping[Any, str], description: Any) -> str:
    """Return a player of the first clip that the browser can play.

    Args:
        tag: `video` or `audio`.
        clips: Addresses of the clip in several formats, and their types.
        description: A description of the clip, for people who cannot see it.
    """
    sources = "".join(
        f'<source src="{source}" type="{escape(kind)}">'
        for url, kind in clips.items()
        if (source := address(url))
    )
    if not sources:
        return ""
    return f'<{tag} controls preload="none" aria-label="{words(description)}">{sources}</{tag}>'


def meter(value: Any, most: Any) -> str:
    """Return an amount as a bar; nothing if it cannot be drawn."""
    if not all(type(number) in (int, float) for number in (value, most)) or most <= 0:
        return ""
    return f'<meter min="0" max="{most}" value="{min(max(value, 0), most)}"></meter>'


def link(target: str | None, content: str) -> str:
    """Return a link with this content; only the content if there is no address."""
    return (
        f'<a href="{target}" target="_blank" rel="noopener noreferrer">{content}</a>' if target else content
    )


def address(url: Any) -> str | None:
    """Return an http(s) address, escaped for an attribute."""
    return escape(url) if isinstance(url, str) and _ADDRESS.fullmatch(url) else None


_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f\"'<>\\^`{|}]+", re.IGNORECASE)


# Words.


def at(thing: Any, path: str) -> Any:
    """Return the value of a model at a path such as `contributor.id`; `None` if a part of it is missing."""
    for name in path.split("."):
        thing = getattr(thing, name, None)
    return thing


def words(value: Any) -> str:
    """Return a value as text, shortened, without links, and escaped for content and attributes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return escape(f"{value:%Y-%m-%d %H:%M} {value.tzname() or ''}")
    text = value if isinstance(value, str) else str(visible(value)).removesuffix(".0")
    return escape(shorten(cleaned(without_links(text)), LONGEST_WORDS))


def length(seconds: Any) -> str:
    """Return a duration as 3:05 or 1:02:03."""
    if type(seconds) not in (int, float) or not 0 <= seconds < 1e9:
        return words(seconds)
    minutes, rest = divmod(max(round(seconds), int(seconds > 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def cell(path: str) -> Cell:
    """Return a cell with the value of an item at a path."""
    return lambda item: words(at(item, path))


def code(path: str) -> Cell:
    """Return a cell with an id."""
    return lambda item: f"<code>{text}</code>" if (text := words(at(item, path))) else ""


STYLE = """
.shutterstock {max-width: 100%; line-height: 1.4}
.shutterstock p {margin: .5em 0}
.shutterstock .sheet {display: grid; gap: 1.2em 1em;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 150px), 1fr))}
.shutterstock .films {grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr))}
.shutterstock .sounds {grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr))}
.shutterstock .films :is(img, .none) {aspect-ratio: 16 / 9}
.shutterstock .film {position: relative}
.shutterstock .film video {position: absolute; inset: 0; width: 100%; height: 100%; margin: 0;
  object-fit: contain; border-radius: 4px}
.shutterstock .film video::-webkit-media-controls {background: none}
:is([data-jp-theme-light="false"], .vscode-dark) .shutterstock :is(audio, meter) {color-scheme: dark}
.shutterstock .sound img {height: 60px; aspect-ratio: auto; object-fit: fill}
.shutterstock audio {display: block; width: 100%; height: 40px; margin-top: .3em}
.shutterstock td audio {width: 220px}
.shutterstock meter {width: 5em; vertical-align: middle}
.shutterstock figure {margin: 0; min-width: 0}
.shutterstock figure img, .shutterstock .none {display: block; width: 100%; height: auto; margin: 0;
  object-fit: contain; background: rgba(128, 128, 128, .14); border-radius: 4px}
.shutterstock .sheet img, .shutterstock .none {aspect-ratio: 4 / 3}
.shutterstock .none {display: grid; place-items: center}
.shutterstock figcaption, .shutterstock .none {font-size: .85em; overflow-wrap: anywhere;
  color: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, inherit))}
.shutterstock .title {margin-top: .4em; overflow: hidden; display: -webkit-box; -webkit-line-clamp: 2;
  -webkit-box-orient: vertical; color: var(--jp-content-font-color1, var(--vscode-foreground, inherit))}
.shutterstock figcaption span {display: inline-block; margin-right: .5em}
.shutterstock .single {display: flex; flex-wrap: wrap; gap: 1em}
.shutterstock .single figure {flex: 1 1 280px; max-width: 450px}
.shutterstock .single > div {flex: 2 1 280px; min-width: 0; overflow-wrap: anywhere}
.shutterstock dl.facts {display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; margin: 0}
.shutterstock dl.facts > * {float: none; width: auto; margin: 0; padding: 0}
.shutterstock dl.facts > dt {font-weight: normal;
  color: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, inherit))}
.shutterstock .wide {overflow-x: auto}
.shutterstock .wide table {margin: 0}
.shutterstock .wide :is(th, td) {text-align: left; white-space: nowrap; padding: .3em .9em .3em .3em}
.shutterstock .wide .long {white-space: normal; width: max-content; max-width: 22em}
.shutterstock .wide td:last-child {white-space: normal; min-width: 10em}
.shutterstock .good {color: var(--jp-success-color1, var(--vscode-testing-iconPassed, #2e9e4f))}
.shutterstock .bad {color: var(--jp-error-color1, var(--vscode-testing-iconFailed, #d9534f))}
.shutterstock .open {color: var(--jp-warn-color1, var(--vscode-testing-iconQueued, #c77c11))}
"""
"""The page brings its colours and fonts; ours suit light and dark."""
