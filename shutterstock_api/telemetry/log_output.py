"""Sends the log to stderr or a file, if a configuration has `debug` or `logger_file`."""

from __future__ import annotations

import logging

from shutterstock_api.telemetry.reporter import logger


def log_to_stderr(wanted: bool) -> None:
    """Start or end the log on stderr."""
    if wanted:
        _add(logging.StreamHandler(), "stderr")
        return
    for handler in [known for known in logger.handlers if known.name == "shutterstock_api: stderr"]:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def log_to_file(path: str) -> None:
    """Start the log in a file, which is created with its first line."""
    _add(logging.FileHandler(path, delay=True), path)


def _add(handler: logging.Handler, name: str) -> None:
    """Send the log to `handler`, unless there is already a handler with its name."""
    handler.name = f"shutterstock_api: {name}"
    if all(known.name != handler.name for known in logger.handlers):
        logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
