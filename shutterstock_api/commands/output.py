"""The output of commands: tables, JSON and JSON lines, without secrets such as download links."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TextIO

import click
import msgspec

from shutterstock_api.calls.binding import resolve
from shutterstock_api.commands.settings import CommandSettings, is_terminal
from shutterstock_api.contract.media import MEDIA
from shutterstock_api.modelkit.table import list_of_items
from shutterstock_api.modelkit.visible import holds_secret, visible
from shutterstock_api.schema.fields import JsonObject
from shutterstock_api.schema.operation import Operation
from shutterstock_api.support.text import did_you_mean

WIDEST = 40
"""The widest cell, in columns of the terminal."""
_VALUE = "value"
"""The column of values that are not objects; it has no heading."""
_FIRST = (
    "id",
    *dict.fromkeys(medium.item_id for medium in MEDIA.values()),
    "license_id",
    "name",
    "title",
    "description",
    "allotment.downloads_left",
)
"""Fields that come first in a table."""


def print_answer(answer: Any, operation: Operation[Any], settings: CommandSettings) -> None:
    """Print the answer of a method.

    Args:
        answer: The answer.
        operation: The operation.
        settings: How to print it.
    """
    kind = resolve(operation.returns)
    found = list_of_items(kind)
    shown = visible(answer, not isinstance(answer, JsonObject) and holds_secret(kind))
    if answer is None and not settings.json:
        say("Done.")
    elif settings.json or not (found and isinstance(shown, dict)):
        print_rows([shown], settings, single=True)
    else:
        items = shown.get(found[0])
        rows = items if isinstance(items, list) else []
        print_rows(rows, settings)
        total = shown.get("total_count")
        if isinstance(total, int) and total > len(rows) and not settings.jsonl:
            say(f"{len(rows)} of {total}; --limit and --all print more.")


def print_items(items: Iterable[Any], operation: Operation[Any], settings: CommandSettings) -> None:
    """Print the items of a list; JSON lines as soon as they arrive."""
    found = list_of_items(resolve(operation.returns))
    guarded = found is not None and holds_secret(found[1])
    print_rows((visible(item, guarded) for item in items), settings)


def print_rows(rows: Iterable[Any], settings: CommandSettings, *, single: bool = False) -> None:
    """Print values without secrets.

    Args:
        rows: The values.
        settings: How to print them.
        single: Whether it is a single value instead of a list.
    """
    if settings.jsonl:
        for row in rows:
            click.echo(_printable(msgspec.json.encode(row).decode()))
    elif settings.json:
        values = list(rows)
        text = msgspec.json.encode(values[0] if single else values)
        click.echo(_printable(msgspec.json.format(text).decode()))
    else:
        records = [_flat(row) for row in rows]
        if single and settings.columns:
            records = [{name: records[0][name] for name in _chosen_columns(settings.columns, records)}]
        lines = _lines_of_fields(records[0]) if single else _table(records, settings.columns)
        for line in lines:
            click.echo(line)
        if not records:
            say("No results.")


def say(text: str) -> None:
    """Print something to stderr: what is no result. In a terminal its lines end at words."""
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()) or 2)
        for part in _wrapped(line, sys.stderr, indent):
            click.echo(part, err=True)


# JSON.


def _printable(text: str) -> str:
    """Return JSON without control characters of a terminal."""
    return _control(lambda found: f"\\u{ord(found[0]):04x}", text)


_control = re.compile(r"[\x7f-\x9f]").sub


# Tables.


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """Return a flattened object: `{"assets.preview.width": 450}`."""
    if not isinstance(value, dict):
        return {prefix or _VALUE: value}
    flat: dict[str, Any] = {}
    for name, inner in value.items():
        place = f"{prefix}.{name}" if prefix else str(name)
        flat |= _flat(inner, place) if isinstance(inner, dict) else {place: inner}
    return flat


def _cell(value: Any) -> str:
    if isinstance(value, list):
        names = [_name_of(item) if isinstance(item, dict) else item for item in value]
        if any(isinstance(name, list) or name is None for name in names):
            return f"({len(value)})"
        value = ", ".join(map(_cell, names))
    if isinstance(value, datetime):
        value = value.isoformat(" ", "seconds").replace("+00:00", "Z")
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: ""}[value]
    text = " ".join(str(value).split())
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _name_of(item: Mapping[str, Any]) -> Any:
    """Return what tells an object of a list from the others; `None` if it has nothing of that kind."""
    return next((item[key] for key in ("name", "id") if isinstance(item.get(key), str)), None)


def _lines_of_fields(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each field of an object, or several in a terminal that is too narrow."""
    width = max(map(len, record), default=0)
    for name, value in record.items():
        if value != []:
            yield from _wrapped(f"{name:<{width}}  {_cell(value)}".rstrip(), sys.stdout, " " * (width + 2))


def _wrapped(line: str, stream: TextIO | None, indent: str) -> list[str]:
    """Return a line, or several that end at words, if it is too long for the terminal."""
    room = _terminal_width()
    if len(line) <= room or not is_terminal(stream):
        return [line]
    lines = textwrap.wrap(
        line[len(indent) :],
        max(room - len(indent), 1),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line[: len(indent)] + lines[0], *(indent + more for more in lines[1:])] if lines else [line]


def _terminal_width() -> int:
    return shutil.get_terminal_size((120, 24)).columns


def _chosen_columns(wanted: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the chosen columns.

    Raises:
        click.UsageError: There is no such column.
    """
    names = [name.strip() for name in wanted.split(",")]
    known = dict.fromkeys(name for record in records for name in record)
    for name in names:
        if records and name not in known:
            raise click.UsageError(f"--columns: no column {name!r}{did_you_mean(name, known)}")
    return names


def _table(records: Sequence[Mapping[str, Any]], wanted: str | None) -> Iterator[str]:
    """Yield the lines of a table, with as many columns as fit."""
    filled = (name for record in records for name, value in record.items() if value not in (None, "", []))
    names = list(dict.fromkeys(filled))
    if wanted is not None:
        names = _chosen_columns(wanted, records)
    else:
        names.sort(key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    columns: dict[str, list[str]] = {}
    room = _terminal_width()
    left_out: list[str] = []
    for name in names:
        cells = [name, *(_narrow(_cell(record.get(name))) for record in records)]
        room -= max(map(_width, cells)) + 2
        if wanted is None and columns and (room < 0 or left_out):
            left_out.append(name)
        else:
            columns[name] = cells
    widths = [max(map(_width, cells)) for cells in columns.values()]
    right = [_is_numeric(record.get(name) for record in records) for name in columns]
    for line in zip(*columns.values(), strict=True):
        padded = list(map(_padded, line, widths, right))
        if padded[:1] != [_VALUE.ljust(widths[0])] or len(padded) > 1:
            yield "  ".join(padded).rstrip()
    if left_out:
        more = dict.fromkeys(re.sub(r"\..*", ".*", name) for name in left_out)
        say(f"More columns: {', '.join(more)}. --columns chooses, --json prints all.")


def _is_numeric(values: Iterable[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(type(value) in (int, float) for value in known)


def _padded(cell: str, width: int, right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if right else cell + space


def _narrow(text: str) -> str:
    if _width(text) <= WIDEST:
        return text
    text = text[:WIDEST]
    while _width(text) > WIDEST - 3:
        text = text[:-1]
    return text.rstrip() + "..."


def _width(text: str) -> int:
    """Return the width of a text, in columns of the terminal."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))
