"""The progress bar of a notebook: tqdm's widget, and its text where ipywidgets are missing."""

from __future__ import annotations

import os
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest
from download_server import DATA, Files
from scripted_server import Server

pytest.importorskip("tqdm")

KERNEL = """
import sys, types

class Kernel:
    config = {"IPKernelApp": 1}

def module(name, **names):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(names)

module("IPython", get_ipython=Kernel, version_info=(9, 0), __path__=[])
module("IPython.display", display=lambda *_: None)
module("ipykernel")
module("ipykernel.zmqshell")
"""
"""Plays a kernel, as far as tqdm looks."""

WIDGETS = """
seen = []

class Widget:
    def __init__(self, children=(), min=None, max=None):
        self.children, self.bar_style = children, ""
        self.layout, self.style = types.SimpleNamespace(), types.SimpleNamespace()
        if max is not None:
            self.max = max

    def __setattr__(self, name, value):
        vars(self)[name] = value
        if hasattr(self, "max") and name in ("value", "max", "bar_style"):
            seen.append((getattr(self, "value", 0), self.max, self.bar_style))

module("ipywidgets", __version__="8.1.0", HBox=Widget, HTML=type("HTML", (Widget,), {}), FloatProgress=Widget)
"""
"""Plays ipywidgets, and notes how full the bar is."""

PROGRAM = """
import warnings
warnings.simplefilter("error")
import shutterstock_api
shutterstock_api.download_many(sys.argv[1:3], sys.argv[3], progress=True)
"""


def run(server: Server, folder: Path, *parts: str) -> str:
    server.always(Files())
    links = [f"{server.url}/{number}.jpg" for number in range(2)]
    done = subprocess.run(
        [sys.executable, "-c", "".join(parts), *links, folder],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_widget_starts_empty_and_fills(server: Server, tmp_path: Path) -> None:
    shown = run(server, tmp_path, KERNEL, WIDGETS, PROGRAM, 'print("seen", *seen, sep=chr(10))')
    steps = [literal_eval(line) for line in shown.partition("seen")[2].splitlines() if line]
    first = steps.index((0, 1, ""), 1)  # tqdm makes a full one; this is how it is when the program goes on
    assert {(value, style) for value, most, style in steps[first:] if most == 1} == {(0, "")}
    fill = [value / most for value, most, _ in steps if most > 1]
    assert max(most for _, most, _ in steps) == 2 * len(DATA)
    assert (fill[0], fill[-1]) == (0, 1)
    assert steps[-1] == (2 * len(DATA), 2 * len(DATA), "success")


def test_without_ipywidgets_it_is_text_and_no_warning(server: Server, tmp_path: Path) -> None:
    told = PROGRAM.replace("error", "always")  # tqdm itself would catch an error
    shown = run(server, tmp_path, KERNEL, 'sys.modules["ipywidgets"] = None\n', told)
    assert "2/2 files: 100%" in shown
    assert "arning" not in shown
