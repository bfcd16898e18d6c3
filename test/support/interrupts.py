"""Ctrl-C at a chosen instruction: where Python looks for signals, after calls and at the end of loops."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import CodeType, FrameType
from typing import Any

ROOMS = ("shutterstock_api", "urllib3", "http/client", "queue", "threading", "contextlib")
"""Parts of the paths of files where it may strike."""


@cache
def _moments(code: CodeType) -> dict[int, bool]:
    """Tell for each instruction whether a signal may strike after it."""
    looks = ("CALL", "RESUME", "JUMP_BACKWARD", "JUMP_ABSOLUTE")
    return {step.offset: step.opname.startswith(looks) for step in dis.get_instructions(code)}


class Interrupt:
    """Runs something, and strikes once.

    Args:
        moment: At which of the possible moments; from 1 on. Where there are not so many, it does not.
    """

    def __init__(self, moment: int) -> None:
        self.moment = moment
        self.passed = 0
        self._after: dict[int, bool] = {}

    def __call__(self, work: Callable[[], Any]) -> bool:
        """Tell whether the work was interrupted."""
        before = sys.gettrace()
        sys.settrace(self._trace)
        try:
            work()
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(before)
        return False

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        key = id(frame)
        if event == "call":
            if not any(room in frame.f_code.co_filename for room in ROOMS):
                return None
            frame.f_trace_opcodes = True
        elif event == "return":
            self._after.pop(key, None)
        elif event == "opcode":
            may_strike = self._after.get(key, False)
            self._after[key] = _moments(frame.f_code).get(frame.f_lasti, False)
            self.passed += may_strike
            if may_strike and self.passed == self.moment:
                raise KeyboardInterrupt
        return self._trace


def in_time(work: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Return what the work returns, or raise what it raises; it runs in a thread of its own."""
    with ThreadPoolExecutor(1) as threads:
        try:
            return threads.submit(work).result(seconds)
        except TimeoutError:
            threads._threads.clear()  # the one that hangs is not waited for
            raise
