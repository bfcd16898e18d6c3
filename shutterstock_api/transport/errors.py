"""What urllib3 and the system raise -> errors of ours."""

from __future__ import annotations

import builtins
import re
from functools import partial

from urllib3.exceptions import (
    EmptyPoolError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
    TimeoutError,
)

from shutterstock_api.support.errors import ApiConnectionError, ApiException, ApiTimeoutError
from shutterstock_api.support.masking import without_traceback


def translated(error: Exception, method: str, target: str, sent: bool) -> ApiException:
    """Return the error for what broke off an exchange.

    Args:
        error: From urllib3, or from the system; one of ours stays as it is.
        method: HTTP verb.
        target: Path and query.
        sent: Whether any byte may have reached the other side.
    """
    if isinstance(error, ApiException):
        return without_traceback(error)
    kind: type[ApiConnectionError] = ApiConnectionError
    hint = None
    if isinstance(error, EmptyPoolError):
        kind, hint = (
            ApiTimeoutError,
            ("All connections are in use: raise connection_pool_maxsize, or release raw responses."),
        )
    elif isinstance(error, (TimeoutError, builtins.TimeoutError)) and not isinstance(
        error, NewConnectionError
    ):
        kind, hint = ApiTimeoutError, "Set Configuration.timeout or _request_timeout if it needs longer."
    elif isinstance(error, SSLError):
        hint = (
            "The encrypted connection failed; see verify_ssl and ssl_ca_cert. Where a company inspects TLS, "
            "SHUTTERSTOCK_CA_BUNDLE names its authority; ssl_strict=False is for one of an older form."
        )
    result = kind(reason=_words(error), method=method, path=target.partition("?")[0], hint=hint)
    result.sent = sent
    return result


def _words(error: Exception) -> str:
    """Return what urllib3 says, without the objects that it names first."""
    parts = error.args if isinstance(error, (ProtocolError, ProxyError)) else (error,)
    text = ": ".join(_object_name(str(part)).rstrip(".") for part in parts)
    return text or type(error).__name__


_object_name = partial(re.compile(r"^(None|<.*?>|\w+Connection\w*\(host=.*?, port=.*?\)): ").sub, "")
