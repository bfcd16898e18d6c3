"""Ctrl-C at a chosen instruction: where Python looks for signals, after calls and at the end of loops."""

from __future__ import annotations

import dis
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial, wraps
from types import CodeType, FrameType
from typing import Any

ROOMS = ("shutterstock_api", "urllib3", "http/client", "queue", "threading", "contextlib")
"""Parts of the paths of files where it may strike."""
TOOL = 4
"""The number of ours among the tools that watch instructions."""


@cache
def _moments(code: CodeType) -> dict[int, bool]:
    """Tell for each instruction whether a signal may strike after it."""
    looks = ("CALL", "RESUME", "JUMP_BACKWARD", "JUMP_ABSOLUTE")
    return {step.offset: step.opname.startswith(looks) for step in dis.get_instructions(code)}


@cache
def _is_in_rooms(code: CodeType) -> bool:
    return any(room in code.co_filename for room in ROOMS)


class Interrupt:
    """Runs something, and strikes once; only in a test that runs `in_own_thread`.

    Args:
        moment: At which of the possible moments; from 1 on. Where there are not so many, it does not.
    """

    def __init__(self, moment: int) -> None:
        self.moment = moment
        self.passed = 0
        self._after: dict[int, bool] = {}

    def __call__(self, work: Callable[[], Any]) -> bool:
        """Tell whether the work was interrupted."""
        assert threading.current_thread() is not threading.main_thread(), "use in_own_thread"
        try:
            if sys.version_info < (3, 12):
                self._do_traced(work)
            else:
                self._do_monitored(work)
        except KeyboardInterrupt:
            return True
        return False

    def _do_traced(self, work: Callable[[], Any]) -> None:
        before = sys.gettrace()
        sys.settrace(self._trace)
        try:
            work()
        finally:
            sys.settrace(before)

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "call":
            if not _is_in_rooms(frame.f_code):
                return None
            frame.f_trace_opcodes = True
        elif event == "opcode":
            self._pass(frame)
        return self._trace

    if sys.version_info >= (3, 12):  # whose tracing forgets the instructions of what runs untraced in between

        def _do_monitored(self, work: Callable[[], Any]) -> None:
            monitoring, thread = sys.monitoring, threading.get_ident()
            event = monitoring.events.INSTRUCTION

            def see(code: CodeType, _: int) -> Any:
                if not _is_in_rooms(code):
                    return monitoring.DISABLE
                if threading.get_ident() == thread:
                    self._pass(sys._getframe(1))
                return None

            monitoring.use_tool_id(TOOL, "interrupts")
            monitoring.register_callback(TOOL, event, see)
            monitoring.set_events(TOOL, event)
            try:
                work()
            finally:
                monitoring.set_events(TOOL, 0)
                monitoring.register_callback(TOOL, event, None)
                monitoring.free_tool_id(TOOL)

    def _pass(self, frame: FrameType) -> None:
        """Strike before an instruction if the last one of the same frame is the moment."""
        may_strike = self._after.get(id(frame), False)
        self._after[id(frame)] = _moments(frame.f_code)[frame.f_lasti]
        self.passed += may_strike
        if may_strike and self.passed == self.moment:
            raise KeyboardInterrupt


def in_own_thread(test: Callable[..., Any]) -> Callable[..., Any]:
    """Run a test in a thread of its own.

    An exception that strikes at some instructions makes Python 3.11 take an earlier error of that thread for
    one that is still being handled: it would be the context of every error in later tests.
    """

    @wraps(test)
    def run(**fixtures: Any) -> Any:
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(partial(test, **fixtures)).result()

    return run


def in_time(work: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Return what the work returns, or raise what it raises; it runs in a thread of its own."""
    with ThreadPoolExecutor(1) as threads:
        try:
            return threads.submit(work).result(seconds)
        except TimeoutError:
            threads._threads.clear()  # the one that hangs is not waited for
            raise
