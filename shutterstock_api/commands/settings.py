"""Options of all commands, and the client."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from shutterstock_api.api_client import ApiClient
from shutterstock_api.configuration import Configuration


@dataclass
class CommandSettings:
    """The values of the options that all commands have."""

    json: bool = False
    jsonl: bool = False
    columns: str | None = None
    sandbox: bool = False
    host: str | None = None
    token_file: str | None = None
    timeout: float | None = None
    verbose: bool = False

    def configuration(self, stack: ExitStack) -> Configuration:
        """Return the settings of the client. A sandbox runs until the stack is closed."""
        if self.sandbox:
            made: Configuration = stack.enter_context(_sandbox()).configuration()
        else:
            made = Configuration(self.host)
            token_file = self.token_file or self.default_token_file()
            if token_file:
                made.token_file = token_file
        if self.timeout is not None:
            made.timeout = self.timeout
        made.debug = self.verbose
        return made

    def default_token_file(self) -> str | None:
        """Return the file in which `login` has stored a token, unless the environment has another one."""
        named = any(os.environ.get(f"SHUTTERSTOCK_{name}") for name in ("API_TOKEN", "TOKEN_FILE"))
        path = stored_token()
        return str(path) if not named and path.is_file() else None

    def host_source(self, configuration: Configuration) -> str:
        """Return the option or variable that names the host."""
        if self.sandbox or self.host:
            return "--sandbox" if self.sandbox else "--host"
        _, found, variable = configuration.host_origin.partition("from ")
        return variable if found else "default"

    def credentials_source(self) -> str:
        """Return which credentials are used, and where they come from; never a secret."""
        if self.sandbox:
            return "a token of the sandbox"
        if self.token_file:
            return f"the token in {self.token_file} (--token-file)"
        if os.environ.get("SHUTTERSTOCK_API_TOKEN"):
            return "a token (SHUTTERSTOCK_API_TOKEN)"
        if named := os.environ.get("SHUTTERSTOCK_TOKEN_FILE"):
            return f"the token in {named} (SHUTTERSTOCK_TOKEN_FILE)"
        if stored := self.default_token_file():
            return f"the token in {stored} (login)"
        if all(os.environ.get(f"SHUTTERSTOCK_{name}") for name in ("KEY", "SECRET")):
            return "key and secret (SHUTTERSTOCK_KEY, SHUTTERSTOCK_SECRET)"
        return "none"


def stored_token() -> Path:
    """Return the default file in which `login` stores a token."""
    return Path(click.get_app_dir("shutterstock-api")) / "token.json"


def settings_of_command() -> CommandSettings:
    """Return the settings of the running command.

    Raises:
        click.UsageError: They contradict each other.
    """
    found: CommandSettings = click.get_current_context().obj
    if found.columns and (found.json or found.jsonl):
        raise click.UsageError("--columns is for tables, not for --json or --jsonl.")
    return found


@contextmanager
def opened_client(settings: CommandSettings) -> Iterator[ApiClient]:
    """Yield a client, and its sandbox if there is one."""
    with ExitStack() as stack:
        yield stack.enter_context(ApiClient(settings.configuration(stack)))


def _sandbox() -> Any:
    try:
        from shutterstock_api.sandbox import Sandbox
    except ModuleNotFoundError as missing:
        raise click.UsageError(str(missing)) from None
    return Sandbox()


def common_options(taken: frozenset[str] = frozenset()) -> list[click.Parameter]:
    """Return the options that all commands have.

    Args:
        taken: Names that a command uses for something else.
    """
    options = [
        _common_option("--json", is_flag=True, help="Print JSON."),
        _common_option("--jsonl", is_flag=True, help="Print a line of JSON for each item."),
        _common_option(
            "--columns", metavar="NAMES", help="Columns or fields to show, such as id,description."
        ),
        _common_option("--sandbox", is_flag=True, help="Use a local sandbox, free of charge."),
        _common_option("--host", metavar="URL", help="Host of the service."),
        _common_option("--token-file", metavar="FILE", help="File with a token."),
        _common_option("--timeout", type=float, metavar="SECONDS", help="Seconds for each attempt."),
        _common_option("--verbose", is_flag=True, help="Report each attempt on stderr."),
    ]
    return [option for option in options if option.name not in taken]


def _common_option(name: str, **details: Any) -> click.Option:
    return click.Option([name], expose_value=False, callback=_keep, **details)


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    if value not in (None, False):
        setattr(context.obj, option.name or "", value)


class NotConfirmed(click.ClickException):
    """The answer to the question whether to spend something was no."""

    exit_code = 1


class NobodyToAsk(NotConfirmed):
    """There is nobody to ask whether to spend something."""

    exit_code = 2


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal; it is `None` if the shell has closed it."""
    return stream is not None and stream.isatty()


yes_option: click.Option = click.Option(["--yes"], is_flag=True, help="Spend without asking.")


def confirm_spending(question: str, yes: bool) -> None:
    """Ask before money or credits are spent.

    Raises:
        NotConfirmed: The answer is no.
        NobodyToAsk: The input is not a terminal.
    """
    if yes:
        return
    if not is_terminal(sys.stdin):
        raise NobodyToAsk(
            "This spends money or credits, and there is no terminal to ask for confirmation. "
            "Nothing was bought. Add --yes to spend without being asked."
        )
    if not click.confirm(question, err=True):
        raise NotConfirmed("Nothing was bought.")
