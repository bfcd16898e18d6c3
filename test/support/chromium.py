"""A real browser. Where the machine has no Chromium, tests are skipped: it is too large to come along."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        found = own if Path(own).exists() else next(filter(None, map(shutil.which, NAMES)), None)
        if found is None:
            pytest.skip(
                "this machine has no Chromium: a real browser is needed to see what a page looks like"
            )
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()
