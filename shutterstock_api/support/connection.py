"""The settings that connections depend on."""

from __future__ import annotations

from typing import NamedTuple

GIVEN = "from the setting host"
"""The origin of a host that the program has set."""


class ConnectionSettings(NamedTuple):
    """The settings that the connections to a host depend on; `Configuration` documents each of them."""

    host: str
    host_origin: str
    """Where it comes from, such as `from SHUTTERSTOCK_API_HOST`."""
    verify_ssl: bool
    ssl_ca_cert: str | None
    ssl_strict: bool
    cert_file: str | None
    key_file: str | None
    assert_hostname: str | bool | None
    proxy: str | None
    connection_pool_maxsize: int

    @property
    def host_subject(self) -> str:
        """What an error about the host begins with: a variable is named, an argument is in sight."""
        return "host" if self.host_origin == GIVEN else f"host ({self.host_origin})"

    def of_other_host(self, origin: str) -> ConnectionSettings:
        """Return the settings for another host than the service's.

        It gets no client certificate, and the name in its own certificate is not the one expected from the
        service.
        """
        any_name = False if self.assert_hostname is False else None
        return self._replace(
            host=origin, host_origin=GIVEN, cert_file=None, key_file=None, assert_hostname=any_name
        )


def host_problem(host: str) -> str | None:
    """Return what is wrong with a host that ends in the version, with which each path begins already."""
    url = host.rstrip("/")
    if not url.endswith("/v2"):
        return None
    return f"host ends in /v2, but every path already begins with it: set host to {url.removesuffix('/v2')}."
