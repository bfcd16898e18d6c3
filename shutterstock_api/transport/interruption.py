"""Interrupting network operations: from another thread, or by Ctrl-C, which can be held back for a while."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import weakref
    from collections.abc import Callable, Iterator


class Interruption:
    """Interrupts the network operations of threads: another thread shuts down the sockets that they use."""

    def __init__(self) -> None:
        self.done: bool = False
        self._sockets: dict[int, socket.socket] = {}

    def watch(self, connected: socket.socket) -> None:
        """Note the socket that the calling thread uses now."""
        self._sockets[threading.get_ident()] = connected
        if self.done:
            self()

    def forget(self) -> None:
        """Note that the calling thread is done: another one may use its socket now."""
        self._sockets.pop(threading.get_ident(), None)

    def __call__(self) -> None:
        """Shut down all sockets, now and from now on."""
        self.done = True
        for connected in list(self._sockets.values()):
            plain = getattr(connected, "socket", connected)  # TLS inside TLS is not a socket
            with suppress(OSError):  # it may be closed; a TLS socket would first forget its keys
                socket.socket.shutdown(plain, socket.SHUT_RDWR)


class InFlight(threading.local):
    """What the connection and `send` share about the request that this thread is sending."""

    sent = False
    """Whether any byte may have reached the service."""
    until: float | None = None
    """When the whole answer must have arrived, on the monotonic clock."""
    once = False
    """Whether it must not be sent twice."""
    taken: weakref.ref[Any] | None = None
    """The connection that it uses."""
    turn: object = None
    """The object by which the connection identifies it."""
    interruption: Interruption | None = None
    """The interruption that may end it from outside."""


in_flight: InFlight = InFlight()


@contextmanager
def interruptible(interruption: Interruption) -> Iterator[None]:
    """Allow another thread to interrupt the network operations of this one inside the block."""
    in_flight.interruption = interruption
    try:
        yield
    finally:
        try:
            interruption.forget()
        finally:  # Ctrl-C may come before this
            in_flight.interruption = None


@contextmanager
def ctrl_c_held(tell: Callable[[], object]) -> Iterator[None]:
    """Make Ctrl-C wait for the end of the block; a second Ctrl-C ends it at once.

    If the program has its own handler, that one is left alone.

    Args:
        tell: Called when Ctrl-C has been pressed.
    """
    import signal

    usual, held = signal.default_int_handler, False
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not usual:
        yield
        return

    def hold(*signalled: Any) -> None:
        nonlocal held
        if held:
            usual(*signalled)
        held = True
        tell()

    signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if held:
        raise KeyboardInterrupt
