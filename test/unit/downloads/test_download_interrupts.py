"""Ctrl-C, or a signal handler that raises, at any instruction of a download: the next one works."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from download_server import DATA, JPEG, Files
from interrupts import Interrupt, in_time
from scripted_server import Server

from shutterstock_api import ApiClient, Configuration, download

# What is struck while it opens a file or a socket leaves that to the garbage collector, which says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SMALL = JPEG + DATA[:2000]


def _works(server: Server, folder: Path, moments: range, overwrite: bool) -> int:
    """Strike at each moment in turn, on new connections and on used ones; return how many there were."""
    server.always(Files(SMALL))
    struck = 0
    link, path = f"{server.url}/cat.jpg", folder / "cat.jpg"
    settings = Configuration(server.url, access_token="t", connection_pool_maxsize=1, retries=0)
    with ApiClient(settings) as client:
        run = partial(download, link, path, api=client, overwrite=overwrite)
        for moment in moments:
            if moment % 2:
                client.close()
            # In a thread of its own: where it strikes, this one might take an error for one that it handles.
            struck += in_time(partial(Interrupt(moment), run))
            if path.exists():
                assert path.read_bytes() == SMALL
            try:
                in_time(lambda: download(link, path, api=client))
            except Exception as error:
                raise AssertionError(f"no download works after an interrupt at moment {moment}") from error
            assert path.read_bytes() == SMALL
            assert [one.name for one in folder.iterdir()] == ["cat.jpg"]
            path.unlink()
    return struck


@pytest.mark.parametrize("overwrite", [True, False])
def test_a_download_works_after_an_interrupt(server: Server, tmp_path: Path, overwrite: bool):
    assert _works(server, tmp_path, range(1, 600, 13), overwrite) > 25


@pytest.mark.exhaustive
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_download_works_after_an_interrupt_at_any_moment(server: Server, tmp_path: Path, overwrite: bool):
    assert _works(server, tmp_path, range(1, 600), overwrite) > 300
