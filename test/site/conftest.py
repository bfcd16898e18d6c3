"""What these tests need is large: `tox -e once` and `tox -e site` have it."""

from importlib.util import find_spec

collect_ignore = ["test_pages_in_browser.py"] if find_spec("playwright") is None else []
