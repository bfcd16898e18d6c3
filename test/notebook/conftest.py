"""What these tests need is large: of tox's environments, `notebook` and `pandas2` have it."""

from importlib.util import find_spec

_NEEDS = {"test_example_notebook.py": "nbclient", "test_frames.py": "pandas"}
collect_ignore = [file for file, needed in _NEEDS.items() if find_spec(needed) is None]
