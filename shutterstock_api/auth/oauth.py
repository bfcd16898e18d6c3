"""OAuth: an application with a key and a secret gets a token when a person has given consent, and renews it.

`credentials/` keeps a token fresh for a client, and stores it in a file for other programs.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from shutterstock_api.calls.client import Client, new_client
from shutterstock_api.configuration import Configuration
from shutterstock_api.contract.oauth import AUTHORIZE
from shutterstock_api.credentials.token import OAuthError, Token
from shutterstock_api.credentials.token_endpoint import TokenEndpoint, application_settings
from shutterstock_api.support.arguments import explained
from shutterstock_api.support.errors import ApiValueError, needed_for
from shutterstock_api.support.masking import Secret, as_secret
from shutterstock_api.support.text import shorten


class AuthorizeUrl(NamedTuple):
    """The address where a person gives consent, and the state that identifies the answer."""

    url: str
    """The address to open in a browser."""
    state: str
    """The answer must contain the same text. Keep it in the session of this person."""


class OAuth:
    """An application that is registered with the service. It sends people to the login page and gets tokens.

    Host, proxy, TLS and timeouts are those of the configuration, as for any client.

    Args:
        client_id: Consumer key; by default `username` of the configuration.
        client_secret: Consumer secret; by default `password` of the configuration.
        configuration: Settings; by default those of the environment.

    Raises:
        ApiValueError: There is no key or no secret.
    """

    @explained
    def __init__(
        self,
        client_id: str | None = None,
        client_secret: str | None = None,
        *,
        configuration: Configuration | None = None,
    ) -> None:
        client_id, client_secret = as_secret(client_id), as_secret(client_secret)
        settings = application_settings(configuration or Configuration(), client_id, client_secret)
        if not settings.username or not settings.password:
            raise ApiValueError(
                "client_id, client_secret: give the application's consumer key and secret, "
                "or set SHUTTERSTOCK_KEY and SHUTTERSTOCK_SECRET"
            )
        self.api_client: Client = new_client(settings)
        self._endpoint = TokenEndpoint(lambda: self.api_client)

    def authorize_url(
        self, redirect_uri: str, scopes: str | Iterable[str] = (), *, realm: str | None = None
    ) -> AuthorizeUrl:
        """Return the address where a person logs in and gives consent. Nothing is sent.

        Args:
            redirect_uri: Address to which the browser is sent with the answer. Its host name must be
                registered with the application; `localhost` is registered from the start.
            scopes: What the token allows; `user.view` by default.
            realm: `customer`, which is the default, or `contributor`.
        """
        redirect = urlsplit(redirect_uri)
        if redirect.scheme not in ("http", "https") or not redirect.hostname:
            raise ApiValueError("redirect_uri: expected a URL such as https://app.example/answer")
        with needed_for("logging in", OAuthError):
            from oauthlib.oauth2.rfc6749.parameters import prepare_grant_uri

        state = secrets.token_urlsafe(32)
        scope = scopes if isinstance(scopes, str) else " ".join(scopes)
        # oauthlib insists on https, which a sandbox does not have, so it creates only the query.
        made = prepare_grant_uri(
            "https://", self._client_id, "code", redirect_uri, scope or None, state, realm=realm
        )
        page = f"{self._checked_host()}{AUTHORIZE.template}"
        return AuthorizeUrl(f"{page}?{urlsplit(made).query}", state)

    def exchange(self, answer: str, state: str | None = None, *, expires: bool = True) -> Token:
        """Return the token for an answer of the login page. A code works once, and for five minutes.

        Args:
            answer: The URL to which the browser was sent, or only its `code` if your program has compared the
                state itself.
            state: What `authorize_url` returned with the address.
            expires: Whether to ask for a token that expires after about an hour and can be renewed. Otherwise
                the token is valid until the person's password changes.

        Raises:
            OAuthError: The person refused, or the answer does not belong to this state.
        """
        answer = Secret(answer)  # no traceback shows it
        if "://" in answer:
            answer = code_of(answer, state)
        elif state is not None:
            raise ApiValueError("state: it stands in the whole URL; give that instead of the code")
        return self._endpoint.request("authorization_code", expires=expires, code=Secret(answer))

    def client_credentials(self, *, expires: bool = True) -> Token:
        """Return a token for the application itself. Nobody has to log in."""
        return self._endpoint.request("client_credentials", expires=expires)

    def refresh(self, token: Token) -> Token:
        """Return a new token. It keeps the refresh token unless the service sends another one.

        Raises:
            OAuthError: This token cannot be renewed.
        """
        return self._endpoint.refresh(token)

    def login(
        self,
        scopes: str | Iterable[str] = (),
        *,
        token_file: str | os.PathLike[str] | None = None,
        port: int = 0,
        timeout: float = 300.0,
        expires: bool = True,
        open_browser: Callable[[str], object] | None = None,
    ) -> Token:
        """Let a person log in with the browser of this machine, and return the token.

        It listens only on this machine's own addresses, under the host name `localhost`, until the answer
        arrives. It also prints the address to stderr, in case no browser opens.

        Args:
            scopes: What the token allows; `user.view` by default.
            token_file: File in which to store the token.
            port: Port to listen on; by default any free one.
            timeout: Seconds to wait for the person.
            expires: As for `exchange`.
            open_browser: Function that is called with the address; `webbrowser.open` by default.

        Raises:
            OAuthError: The person refused, or did not answer in time, or the token cannot be stored.
        """
        import webbrowser

        from shutterstock_api.auth.login_listener import LoginListener
        from shutterstock_api.credentials.token_file import TokenFile

        if not isinstance(timeout, (int, float)) or not timeout > 0:
            raise ApiValueError(f"timeout: expected seconds above 0, got {timeout!r}")
        file = None if token_file is None else TokenFile(token_file)
        if file:
            with needed_for("a token file", OAuthError):  # now, not when the person has agreed
                import filelock  # noqa: F401
            file.prepare()
        clock = self.api_client.timing.monotonic
        until = clock() + timeout
        with LoginListener(port) as listener:
            url, listener.state = self.authorize_url(listener.redirect_uri, scopes)
            # Always printed: a launcher may report success although no window opens.
            print(f"To log in, open this address in a browser on this machine:\n{url}", file=sys.stderr)
            (open_browser or webbrowser.open)(url)
            answer = listener.wait(until, clock)
        token = self.exchange(answer, listener.state, expires=expires)
        if file:
            try:
                with file.lock():
                    file.write(token)
            except OAuthError as error:
                error.token = token  # so that the token is not lost, since the person has given consent
                raise
        return token

    @property
    def _client_id(self) -> str:
        return self.api_client.configuration.username or ""

    def _checked_host(self) -> str:
        """Return the host without a last slash, unless secrets would travel unencrypted to it."""
        settings = self.api_client.configuration
        route = self.api_client.rest.route()
        if route.plain_to and not settings.allow_insecure_host:
            raise ApiValueError(
                f"{route.settings.host_subject}: secrets would travel unencrypted to {route.plain_to}; "
                "use https, or set allow_insecure_host=True"
            )
        return settings.host.rstrip("/")


def code_of(answer: str, state: str | None) -> Secret:
    """Return the code in an answer of the login page.

    Args:
        answer: The URL that the browser was sent to.
        state: What `authorize_url` returned with the address.

    Raises:
        OAuthError: The person refused, or the answer does not belong to this state.
    """
    if not state:
        raise ApiValueError("state: give what authorize_url() returned together with the address")
    with needed_for("logging in", OAuthError):
        from oauthlib.oauth2 import MismatchingStateError, OAuth2Error
        from oauthlib.oauth2.rfc6749.parameters import parse_authorization_code_response

    query = Secret(answer.partition("?")[2].partition("#")[0])
    try:
        # oauthlib insists on https, but answers to this machine use http, so it reads only the query.
        return Secret(parse_authorization_code_response(f"https://?{query}", state)["code"])
    except MismatchingStateError:
        raise OAuthError(
            reason="this answer belongs to another login",
            hint="Its state is missing or not the expected one. Do not use it; log in again.",
        ) from None
    except OAuth2Error as error:
        words = shorten(f"{error.error}: {error.description}".rstrip(": "), 200)
        raise OAuthError(reason=f"no access was given ({words})") from None
