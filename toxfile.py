"""tox looks for Pythons along PATH; those that stand behind pyenv's shims are put there."""

import os
from pathlib import Path

_PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
_FOLDERS = [str(found.parent) for found in sorted(_PYENV.glob("versions/3.*/bin/python"))]
os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), *_FOLDERS])
