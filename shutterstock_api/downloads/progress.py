"""The progress of a download: a tqdm bar, or a function of the caller."""

from __future__ import annotations

import sys
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, Self, TypeAlias

from shutterstock_api.support.errors import ApiTypeError, needed_for
from shutterstock_api.telemetry.notices import print_notice


class Progress(NamedTuple):
    """The progress of a download or a licence job."""

    bytes: int
    """Bytes that have arrived, of all files."""
    total_bytes: int
    """Total bytes of the files whose length is known so far."""
    files: int
    """Files that are finished: downloaded, skipped or failed."""
    total_files: int
    licensed: int = 0
    """Items that are licensed; only `LicenseJob` counts them."""


ProgressArgument: TypeAlias = bool | Callable[[Progress], object]
"""`True` for a bar, a function that is called with each `Progress`, or `False` for neither."""
BETWEEN = 10.0
"""Seconds from one line to the next where there is no terminal for a bar."""


class ProgressMeter:
    """Adds up the progress of several threads, and shows it.

    Args:
        wanted: How to show it.
        total_files: The number of files.
        total_items: The number of items to license.
        item: The name of an item.

    Raises:
        ApiException: A bar is wanted, and tqdm is not installed.
    """

    def __init__(
        self, wanted: ProgressArgument, total_files: int, total_items: int = 0, item: str = "item"
    ) -> None:
        if not isinstance(wanted, bool) and not callable(wanted):
            raise ApiTypeError(f"progress: expected True, False or a function, got {type(wanted).__name__}")
        self._now = Progress(0, 0, 0, total_files)
        self._call = None if isinstance(wanted, bool) else wanted
        self._items = total_items
        unit = "B" if total_files > 0 or not total_items else item
        self._bar: Any = _bar(unit) if wanted is True else None
        self.has_bar: bool = self._bar is not None and not self._bar.disable
        """Whether a bar is shown."""
        self._line_at = time.monotonic() + BETWEEN
        self._text = ""
        self.steps: int = 0
        """How often bytes have arrived."""
        self.failure: BaseException | None = None
        """The exception that the function raised."""
        self._lock = threading.Lock()

    def add(self, count: int = 0, total: int = 0, files: int = 0, licensed: int = 0) -> None:
        """Count bytes that arrived (below zero: were lost), expected bytes, finished files, and licences."""
        self.steps += 1
        if (self._bar is None and self._call is None) or not (count or total or files or licensed):
            return
        with self._lock:
            now = self._now
            self._now = now = Progress(
                now.bytes + count,
                now.total_bytes + total,
                now.files + files,
                now.total_files,
                now.licensed + licensed,
            )
            try:
                if self._call is not None:
                    self._call(now)
                if self._bar is not None:
                    self._show(now, count, licensed)
            except BaseException as error:
                self.failure = error
                raise

    def _show(self, now: Progress, count: int, licensed: int) -> None:
        """Move the bar by bytes, or by items if no files are downloaded."""
        parts = [f"{now.licensed}/{self._items} licensed"] if self._items else []
        of_bytes = now.total_files > 0 or not self._items
        if of_bytes:
            parts.append(f"{now.files}/{now.total_files} files")
        _set_total(self._bar, now.total_bytes if of_bytes else self._items)
        self._text = ", ".join(parts)
        self._bar.set_description(self._text, refresh=False)
        self._bar.update(count if of_bytes else licensed)
        if time.monotonic() >= self._line_at:
            self._print_line()

    def _print_line(self) -> None:
        """Print the progress of a job if there is no terminal."""
        self._line_at = time.monotonic() + BETWEEN
        if self._items and not self.has_bar and self._text:
            print_notice(f"{time.strftime('%H:%M:%S')} {self._text}, {self._now.bytes} bytes")

    def say(self, text: str) -> None:
        """Show a line above the bar, if there is a bar."""
        if self.has_bar:
            self._bar.write(text, file=self._bar.fp)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
            self._print_line()


def _bar(unit: str) -> Any:
    with needed_for("progress=True"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without ipywidgets tqdm asks for them; its bar of text does
        from tqdm.auto import tqdm
    # No bar where there is no terminal; the kernel of a notebook has none, and shows bars all the same.
    disable = False if "ipykernel" in sys.modules else None
    bar = tqdm(total=0, unit=unit, unit_scale=unit == "B", disable=disable)
    if hasattr(bar, "container"):  # the widget of a notebook: without a total it would look full
        bar.reset(total=1)
        bar.total = 0
    return bar


def _set_total(bar: Any, total: int) -> None:
    """Set the total of a bar, and of the widget that shows it in a notebook: that keeps one of its own."""
    bar.total = total
    for part in bar.container.children if hasattr(bar, "container") else ():
        if hasattr(part, "max"):
            part.max = total or 1
