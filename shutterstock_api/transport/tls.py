"""TLS: whom connections trust, and by what certificate they show themselves."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import certifi

from shutterstock_api.support.errors import ApiValueError

if TYPE_CHECKING:
    from shutterstock_api.support.connection import ConnectionSettings


_contexts: dict[tuple[Any, ...], ssl.SSLContext] = {}


def tls_context(settings: ConnectionSettings) -> ssl.SSLContext:
    """Return the TLS settings: one object for all clients alike, since making one takes 20 ms.

    Raises:
        ApiValueError: A file cannot be used.
    """
    any_name = settings.assert_hostname is False
    wanted = settings.verify_ssl, settings.ssl_ca_cert, settings.cert_file, settings.key_file, any_name
    if wanted not in _contexts:
        try:
            context = ssl.create_default_context(cafile=settings.ssl_ca_cert or certifi.where())
            if settings.cert_file:
                context.load_cert_chain(settings.cert_file, settings.key_file)
        except OSError as error:
            raise ApiValueError(f"ssl_ca_cert, cert_file or key_file cannot be used: {error}") from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.check_hostname = settings.verify_ssl and not any_name
        if not settings.verify_ssl:
            context.verify_mode = ssl.CERT_NONE
        _contexts.setdefault(wanted, context)
    return _contexts[wanted]
