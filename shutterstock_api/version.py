"""The version of this library; `CHANGELOG.md` says what each one changed."""

__version__ = "2.0.0"
