"""What ends work on the wire: another thread, or Ctrl-C, which can be held for a while."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import weakref
    from collections.abc import Callable, Iterator


class Interruption:
    """Ends what threads are doing on the wire: another thread cuts the sockets that they talk through."""

    def __init__(self) -> None:
        self.done: bool = False
        self._sockets: dict[int, socket.socket] = {}

    def watch(self, connected: socket.socket) -> None:
        """Note the socket that the calling thread talks through now."""
        self._sockets[threading.get_ident()] = connected
        if self.done:
            self()

    def forget(self) -> None:
        """Note that the calling thread is done: another one may talk through its socket now."""
        self._sockets.pop(threading.get_ident(), None)

    def __call__(self) -> None:
        """Cut all, now and from now on."""
        self.done = True
        for connected in list(self._sockets.values()):
            plain = getattr(connected, "socket", connected)  # TLS inside of TLS is no socket
            with suppress(OSError):  # it may be closed; a TLS socket would first forget its keys
                socket.socket.shutdown(plain, socket.SHUT_RDWR)


class InFlight(threading.local):
    """What the connection and `send` tell each other about the request that this thread is sending."""

    sent = False
    """Whether any byte may have reached the service."""
    until: float | None = None
    """When the whole answer must be here, on the monotonic clock."""
    once = False
    """Whether it must not be sent twice."""
    taken: weakref.ref[Any] | None = None
    """The connection that it goes over."""
    turn: object = None
    """What that connection knows it by."""
    interruption: Interruption | None = None
    """What may end it from outside."""


in_flight: InFlight = InFlight()


@contextmanager
def interruptible(interruption: Interruption) -> Iterator[None]:
    """Let another thread cut what this one does on the wire inside."""
    in_flight.interruption = interruption
    try:
        yield
    finally:
        try:
            interruption.forget()
        finally:  # Ctrl-C may strike before
            in_flight.interruption = None


@contextmanager
def ctrl_c_held(tell: Callable[[], object]) -> Iterator[None]:
    """Let Ctrl-C wait until the block is done; a second one ends it at once.

    Where the program has a handler of its own, that one is left alone.

    Args:
        tell: Is called when it has been pressed.
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
