"""`login` and `check`: credentials, connection, and what is left of subscriptions."""

from __future__ import annotations

import os
import platform
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import click

import shutterstock_api
from shutterstock_api.api_client import ApiClient
from shutterstock_api.auth.oauth import OAuth
from shutterstock_api.commands.exit_codes import exit_code
from shutterstock_api.commands.output import print_rows, say
from shutterstock_api.commands.settings import (
    common_options,
    opened_client,
    settings_of_command,
    stored_token,
)
from shutterstock_api.models.allotment import Allotment
from shutterstock_api.models.subscription import Subscription
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.errors import ApiException, first_line
from shutterstock_api.transport.route import describe_route
from shutterstock_api.version import __version__

SCOPES = (
    "user.view",
    "purchases.view",
    "licenses.create",
    "licenses.view",
    "collections.view",
    "collections.edit",
)
"""The default scopes of a token from `login`."""


def _login(scopes: tuple[str, ...], port: int, seconds: float, browser: bool) -> None:
    settings = settings_of_command()
    if settings.sandbox:
        raise click.UsageError("The sandbox and its token would end with the command.")
    path = settings.token_file or os.environ.get("SHUTTERSTOCK_TOKEN_FILE") or str(stored_token())
    if path == str(stored_token()):
        _make_folder(stored_token().parent)
    with ExitStack() as stack:
        configuration = settings.configuration(stack)
        OAuth(configuration=configuration).login(
            scopes or SCOPES,
            token_file=path,
            port=port,
            timeout=seconds,
            open_browser=None if browser else lambda _: None,
        )
    say(f"Logged in. The token is in {path}.")
    if os.environ.get("SHUTTERSTOCK_API_TOKEN"):
        say("SHUTTERSTOCK_API_TOKEN is set, and is used instead.")
    elif path != str(stored_token()):
        say(f"For programs, set SHUTTERSTOCK_TOKEN_FILE={path}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be created: {error.strerror}") from None


login_command: click.Command = click.Command(
    "login",
    callback=_login,
    params=[
        click.Option(["--scope", "scopes"], multiple=True, help="Scope of the token; can be repeated."),
        click.Option(["--port"], type=int, default=0, help="Port to which the browser returns."),
        click.Option(["--seconds"], type=float, default=300.0, show_default=True, help="Seconds to log in."),
        click.Option(["--browser/--no-browser"], default=True, help="Whether to open a browser."),
        *common_options(),
    ],
    help="Log in with a browser, and store the token.\n\n"
    "It needs the key and secret of your application, SHUTTERSTOCK_KEY and SHUTTERSTOCK_SECRET. All commands "
    "use the stored token, unless the environment has another one.",
)


def _check() -> int:
    settings = settings_of_command()
    status = 0
    with opened_client(settings) as client:
        row: dict[str, Any] = {
            "version": __version__,
            "python": platform.python_version(),
            "host": f"{client.configuration.host} ({settings.host_source(client.configuration)})",
            **describe_route(client.configuration.connection_settings()),
            "credentials": settings.credentials_source(),
        }
        try:
            _add_account(client, row)
        except ApiException as error:
            status = exit_code(error)
            row["problem"] = first_line(error)
            say(f"Error: {error}")
    print_rows([row], settings, single=True)
    return status


def left_of(one: Subscription) -> str:
    """Return the purpose of a subscription, and what is left of it."""
    parts = [cleaned(str(one.description or one.license or "?"))]
    if isinstance(one.allotment, Allotment):
        parts.append(f"{one.allotment.downloads_left} of {one.allotment.downloads_limit} left")
    if isinstance(one.expiration_time, datetime):
        parts.append(f"until {one.expiration_time:%Y-%m-%d}")
    return ", ".join(parts)


def _add_account(client: ApiClient, row: dict[str, Any]) -> None:
    """Add what the service says about the credentials, and what is left of subscriptions.

    Raises:
        ApiException: The service refuses to say more than has been added.
    """
    if not client.configuration.can_authorize(basic=False):  # key and secret, or nothing, have no scopes
        shutterstock_api.TestApi(client).echo()
        row["service"] = "answers"
        return
    users = shutterstock_api.UsersApi(client)
    token = users.get_access_token()
    row |= {"service": "answers", "user": token.username, "scopes": token.scopes}
    if isinstance(token.expires_in, int):
        row["expires"] = f"in {token.expires_in} seconds"
    listed = users.get_user_subsciption_list().data or ()
    row["subscriptions"] = {str(one.id): left_of(one) for one in listed}


check_command: click.Command = click.Command(
    "check",
    callback=_check,
    params=common_options(),
    help="Show version, host, proxy, CA bundle and credentials, and where each comes from; then ask the "
    "service for the scopes of the token and what is left of subscriptions. It spends nothing.",
)
