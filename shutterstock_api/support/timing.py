"""Where time and chance come from."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import NamedTuple

GLANCE = 0.5
"""Seconds after which whoever waits looks whether there is still something to wait for."""


class Timing(NamedTuple):
    """Where time and chance come from; tests pass their own."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    time: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    """A number from 0 to 1."""
