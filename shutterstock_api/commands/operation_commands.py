"""An operation of the contract as a command."""

from __future__ import annotations

import shlex
from typing import Any

import click

from shutterstock_api.base_api import Api
from shutterstock_api.commands.arguments import call_values, parameters_of, texts_of
from shutterstock_api.commands.output import print_answer, print_items
from shutterstock_api.commands.settings import (
    common_options,
    confirm_spending,
    opened_client,
    settings_of_command,
    yes_option,
)
from shutterstock_api.paging.pages import paginate
from shutterstock_api.schema.operation import Operation


def operation_command(api: type[Api], method: str, name: str) -> click.Command:
    """Return the command for a method of an API class.

    Args:
        api: The class.
        method: The name of the method.
        name: The name of the command.
    """
    operation = api.operations[method]
    texts = texts_of(getattr(api, method))
    own = parameters_of(operation, texts.arguments)
    if _has_pages(operation):
        own += [
            click.Option(["--limit"], type=click.IntRange(1), help="Most results to print, from all pages."),
            click.Option(["--all", "every"], is_flag=True, help="All results, page by page."),
        ]
    if operation.sending == "license":
        own.append(yes_option)
    taken = frozenset(parameter.name or "" for parameter in own)

    def call(**given: Any) -> None:
        if words := click.get_current_context().args:
            query = f"; write --query {shlex.quote(' '.join(words))}" if "query" in operation.query else ""
            raise click.UsageError(f"Unexpected argument {words[0]!r}{query}")
        _run_operation(api, method, given)

    return click.Command(
        name,
        callback=call,
        context_settings={"allow_extra_args": True},  # `call` refuses them
        params=[*own, *common_options(taken)],
        help=f"{texts.summary}\n\n{texts.description}".replace("`", ""),
        short_help=texts.summary.removesuffix("."),
    )


def _has_pages(operation: Operation[Any]) -> bool:
    return bool(operation.pages) and "limit" not in operation.names


def _run_operation(api: type[Api], method: str, given: dict[str, Any]) -> None:
    settings = settings_of_command()
    operation: Operation[Any] = api.operations[method]
    values = call_values(operation, given)
    if operation.sending == "license":
        confirm_spending(f"{operation.full_name} spends money or credits. Continue?", given["yes"])
    with opened_client(settings) as client:
        call = getattr(api(client), method)
        if _has_pages(operation) and (given["limit"] or given["every"]):
            print_items(paginate(call, **values, limit=given["limit"]), operation, settings)
            return
        answer = call(**values)
        print_answer(answer, operation, settings)
        if operation.medium:
            answer.raise_for_failures()
