"""The command line as a whole: its groups, which are loaded when needed, and its exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

import shutterstock_api
from shutterstock_api.commands.exit_codes import INTERRUPTED, MEANINGS, exit_code
from shutterstock_api.commands.names import GROUPS, SHORT_NAMES, command_of
from shutterstock_api.commands.settings import CommandSettings, common_options
from shutterstock_api.support.errors import ApiException
from shutterstock_api.support.text import did_you_mean

if TYPE_CHECKING:
    from shutterstock_api.base_api import Api

_TASKS = {
    "license": ("transfers", "License images or other media, each exactly once, and download them"),
    "download": ("transfers", "Download files that are licensed"),
    "login": ("accounts", "Log in with a browser, and store the token"),
    "check": ("accounts", "Show version, host, credentials and what is left of subscriptions"),
}
"""Commands for larger tasks: their modules and descriptions."""


class GuessingGroup(click.Group):
    """A group that suggests a command for a misspelt one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that comes first."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            ctx.fail(f"No such command {name!r}{self.guess(ctx, name)}")
        return super().resolve_command(ctx, args)

    def guess(self, ctx: click.Context, name: str) -> str:
        """Return which command a wrong name probably means."""
        return did_you_mean(name, self.list_commands(ctx))


def purpose_of(class_name: str) -> str:
    """Return what the operations of an API class are for."""
    text: str = getattr(shutterstock_api, class_name).__doc__
    return " ".join(text.partition("\n\n")[0].split())


class OperationGroup(GuessingGroup):
    """The operations of an API class.

    Args:
        name: The name of the group.
        class_name: The name of the class.
    """

    def __init__(self, name: str, class_name: str) -> None:
        super().__init__(name, help=purpose_of(class_name))
        self._class_name = class_name
        self._short = SHORT_NAMES.get(class_name, {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the short names, then the names of all operations."""
        return [*self._short, *map(command_of, self._api().operations)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command for a method."""
        from shutterstock_api.commands.operation_commands import operation_command

        method = self._short.get(cmd_name) or cmd_name.replace("-", "_")
        known = method in self._api().operations and "_" not in cmd_name
        return operation_command(self._api(), method, cmd_name) if known else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lists of commands."""
        names = self.list_commands(ctx)
        for title, part in (("Commands", names[: len(self._short)]), ("All operations", names)):
            rows = [(name, self._summary(ctx, name)) for name in part[len(self._short) * (part is names) :]]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def _summary(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.get_short_help_str(80) if command else ""

    def _api(self) -> type[Api]:
        found: type[Api] = getattr(shutterstock_api, self._class_name)
        return found


class Program(GuessingGroup):
    """All commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of tasks, then those of groups."""
        return [*_TASKS, *GROUPS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a task or a group."""
        if cmd_name in GROUPS:
            return OperationGroup(cmd_name, GROUPS[cmd_name])
        if cmd_name not in _TASKS:
            return None
        module = import_module(f"shutterstock_api.commands.{_TASKS[cmd_name][0]}")
        found: click.Command = getattr(module, f"{cmd_name}_command")
        return found

    def guess(self, ctx: click.Context, name: str) -> str:
        """Return which command a wrong name probably means; most groups have `search`."""
        group = next(
            (group for group in ("images", *GROUPS) if name in SHORT_NAMES.get(GROUPS[group], {})), None
        )
        return f"; did you mean '{group} {name}'?" if group else super().guess(ctx, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lists of commands."""
        with formatter.section("Tasks"):
            formatter.write_dl([(name, text) for name, (_, text) in _TASKS.items()])
        with formatter.section("Operations"):
            rows = [(name, purpose_of(of).partition(". ")[0].rstrip(".")) for name, of in GROUPS.items()]
            formatter.write_dl(rows)
        with formatter.section("Exit status"):
            formatter.write_dl([(str(code), meaning) for code, meaning in MEANINGS.items()])


program: Program = Program(
    "shutterstock-api",
    help="The Shutterstock API on the command line.\n\n"
    "shutterstock-api images search --query cat\n\n"
    "Add --sandbox to try it without an account.",
    params=common_options(),
)
click.version_option(shutterstock_api.__version__, message="%(prog)s %(version)s")(program)


def run_program(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return its exit status.

    Args:
        arguments: The words of the command line; by default those of the process.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")  # some terminals cannot show all characters
    try:
        status = program.main(
            None if arguments is None else list(arguments),
            prog_name="shutterstock-api",
            standalone_mode=False,
            obj=CommandSettings(),
        )
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except (click.ClickException, ApiException) as error:
        from shutterstock_api.commands.output import say

        say(f"Error: {error}")
        return error.exit_code if isinstance(error, click.ClickException) else exit_code(error)
    return status if isinstance(status, int) else 0
