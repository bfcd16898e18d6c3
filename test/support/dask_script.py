"""`examples/dask_mirror.py` as a module."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "dask_mirror.py"
IDS = [str(number) for number in range(85, 109)]
"""Images that the sandbox has."""


def load() -> ModuleType:
    specification = importlib.util.spec_from_file_location("dask_mirror", SCRIPT)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
