"""TLS: which certificates connections trust, and which one they present."""

from __future__ import annotations

import os
import re
import ssl
from typing import TYPE_CHECKING, Any, NamedTuple

import certifi

from shutterstock_api.support.errors import ApiValueError

if TYPE_CHECKING:
    from shutterstock_api.support.connection import ConnectionSettings

VARIABLES = (
    "SHUTTERSTOCK_CA_BUNDLE",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_DIR",
)
"""Environment variables that name certificate authorities; the first one that is set counts."""

_HASHED_NAME = r"[0-9a-f]{8}\.\d+"
"""The names of certificates that OpenSSL looks for in a folder."""


class _Source(NamedTuple):
    """A file, or a folder of files, that connections depend on."""

    name: str
    """The setting or variable that names it."""
    path: str

    def unusable(self, reason: object) -> ApiValueError:
        return ApiValueError(f"{self.name}: {self.path} cannot be used: {reason}")

    def version(self) -> tuple[int, ...]:
        """Return a value that identifies this version of the file.

        Raises:
            ApiValueError: It does not exist.
        """
        try:
            found = os.stat(self.path)
        except (OSError, ValueError, TypeError) as error:
            raise self.unusable(getattr(error, "strerror", None) or error) from None
        return found.st_mtime_ns, found.st_size, found.st_ino


_contexts: dict[Any, tuple[Any, ssl.SSLContext]] = {}
"""TLS settings, by the settings and the versions of the files that they were created from."""


def tls_context(settings: ConnectionSettings) -> ssl.SSLContext:
    """Return the TLS settings: one object for all clients with the same settings, until a file is replaced.

    Creating one takes 20 ms, so it is kept.

    Raises:
        ApiValueError: A file cannot be used.
    """
    own = [
        _Source(name, path)
        for name, path in (("cert_file", settings.cert_file), ("key_file", settings.key_file))
        if path
    ]
    authorities = _authorities(settings.ssl_ca_cert) if settings.verify_ssl else []
    versions = [source.version() for source in (*own, *authorities)]
    any_name = settings.assert_hostname is False
    wanted = settings.verify_ssl, settings.ssl_strict, any_name, *own, *authorities
    known = _contexts.get(wanted)
    if known is None or known[0] != versions:
        context = _trusting(authorities) if authorities else ssl.create_default_context()
        if settings.cert_file:
            try:
                context.load_cert_chain(settings.cert_file, settings.key_file)
            except OSError as error:
                names = " and ".join(source.name for source in own)
                raise ApiValueError(f"{names} cannot be used: {error}") from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.check_hostname = settings.verify_ssl and not any_name
        if not settings.verify_ssl:
            context.verify_mode = ssl.CERT_NONE
        if not settings.ssl_strict:
            context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        _contexts[wanted] = known = versions, context
    return known[1]


def describe_authorities(settings: ConnectionSettings) -> list[str]:
    """Return the trusted authorities, and the settings that name them."""
    if not settings.verify_ssl:
        return ["not checked (verify_ssl)"]
    return [f"{source.path} ({source.name})" for source in _authorities(settings.ssl_ca_cert)]


def _authorities(given: str | None) -> list[_Source]:
    """Return where the authorities' certificates are: from the setting, the environment, or certifi."""
    if given:
        return [_Source("ssl_ca_cert", given)]
    for name in VARIABLES:
        value = os.environ.get(name, "").strip()
        paths = value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value]
        found = [_Source(name, path) for path in paths if path]
        if found:
            # OpenSSL takes several folders, and skips those that do not exist.
            return [source for source in found if _has_certificates(source)] or found
    return [_Source("certifi", certifi.where())]


def _has_certificates(source: _Source) -> bool:
    """Tell whether a folder has certificates where OpenSSL looks for them."""
    try:
        return any(re.fullmatch(_HASHED_NAME, name) for name in os.listdir(source.path))
    except OSError:
        return False


def _trusting(authorities: list[_Source]) -> ssl.SSLContext:
    """Return TLS settings that trust these authorities, and no others."""
    context: Any = None
    for source in authorities:
        file, folder = (None, source.path) if os.path.isdir(source.path) else (source.path, None)
        if folder and not _has_certificates(source):
            raise source.unusable("it has no certificates under the names that `openssl rehash` gives them")
        try:
            if context is None:
                context = ssl.create_default_context(cafile=file, capath=folder)
            else:
                context.load_verify_locations(file, folder)
        except OSError as error:
            raise source.unusable(error) from None
    made: ssl.SSLContext = context
    return made
