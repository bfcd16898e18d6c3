"""`python -m shutterstock_api.sandbox`: the sandbox for a shell, until Ctrl-C."""

from __future__ import annotations

import argparse
import errno
import signal
import sqlite3
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from . import Sandbox

_WELCOME = """\
The sandbox listens on {url}

  export SHUTTERSTOCK_API_HOST={url}
  export SHUTTERSTOCK_API_TOKEN={token}

or, for HTTP Basic and OAuth:

  export SHUTTERSTOCK_KEY={key}
  export SHUTTERSTOCK_SECRET={secret}

Press Ctrl-C to stop it.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m shutterstock_api.sandbox", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=0, help="where to listen on 127.0.0.1 (default: any free port)"
    )
    parser.add_argument("--database", metavar="FILE", help="keep collections and licences in this file")
    parser.add_argument("--images", type=int, default=1_000_000, help="how many images searches find")
    options = parser.parse_args(arguments)

    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    sandbox = Sandbox(port=options.port, database=options.database, images=options.images, log=_print)
    try:
        sandbox.start()
    except (OSError, OverflowError, ValueError, sqlite3.Error) as error:
        in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        taken = f"port {options.port} is in use already, perhaps by another sandbox: choose another --port"
        parser.error(taken if in_use else str(error))
    with sandbox:
        token, key, secret = sandbox.token(), sandbox.key, sandbox.secret
        _print(_WELCOME.format(url=sandbox.url, token=token, key=key, secret=secret))
        while not ended.wait(1):  # not for ever: on Windows a signal does not end a wait
            pass
    return 0


def _print(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
