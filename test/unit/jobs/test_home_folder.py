"""`~` is the home folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from license_service import Make, Service, text_of


@pytest.mark.parametrize("kind", [str, Path])
def test_files_go_to_the_home_folder(
    kind: type, make: Make, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    report = make("1").run(kind("~/images"))
    assert report.images[0].path == tmp_path / "images" / "1.jpg"
    assert text_of(tmp_path / "images" / "1.jpg") == "the file of L1"
