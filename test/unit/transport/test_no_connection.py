"""Where there is no connection, the error says to what, who named it, and what to check."""

from __future__ import annotations

import pickle
import traceback
from typing import Any

import pytest
from failing_calls import error_of
from urllib3.exceptions import ConnectTimeoutError

from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiTimeoutError,
    ApiValueError,
    Configuration,
    ImagesApi,
    OAuth,
)
from shutterstock_api.configuration import LIVE, TEST
from shutterstock_api.sandbox import Sandbox
from shutterstock_api.transport import pools


def refused(**settings: Any) -> str:
    error = error_of(ImagesApi(ApiClient(Configuration(retries=0, **settings))))
    assert isinstance(error, ApiConnectionError)
    return str(error)


@pytest.mark.parametrize("variable", ["SHUTTERSTOCK_API_HOST", "SHUTTERSTOCK_CUSTOM_URL"])
def test_the_variable_that_names_the_host(
    refusing: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, refusing)
    place = refusing.removeprefix("http://")
    assert f"cannot connect to {place} (from {variable}): Connection refused\n" in refused()


@pytest.mark.parametrize("variable", ["SHUTTERSTOCK_API_HOST", "SHUTTERSTOCK_CUSTOM_URL"])
def test_a_bad_host_of_the_environment(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is wrong with it, the error says which variable to look at."""
    monkeypatch.delenv("SHUTTERSTOCK_API_HOST", raising=False)

    def told(host: str) -> tuple[str, str]:
        monkeypatch.setenv(variable, host)
        here = ApiClient(access_token="t")
        of_environment = str(error_of(here.images))
        with pytest.raises(ApiValueError) as caught:
            OAuth("key", "secret", configuration=here.configuration).client_credentials()
        assert str(caught.value).startswith(f"host (from {variable}): ")
        here.configuration.host = host
        return of_environment, str(error_of(here.images))

    example = "expected a URL such as https://api.shutterstock.com, got"
    named, given = told("api.shutterstock.com")
    assert given == f"host: {example} 'api.shutterstock.com'; write 'https://api.shutterstock.com'"
    assert named == given.replace("host:", f"host (from {variable}):")
    named, given = told("http://gateway.invalid")
    assert given.startswith("host: credentials would travel unencrypted to gateway.invalid")
    assert named == given.replace("host:", f"host (from {variable}):")

    monkeypatch.setenv(variable, "https://me:hunter2@gateway.invalid")
    with pytest.raises(ApiValueError, match=rf"^host \(from {variable}\): give it without user") as caught:
        ApiClient()
    frames = [frame.f_locals for frame, _ in traceback.walk_tb(caught.tb)][1:]  # without this one
    assert "hunter2" not in repr((caught.value, frames))


def test_where_each_host_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(configuration: Configuration) -> tuple[str, str]:
        return configuration.host, configuration.host_origin

    monkeypatch.delenv("SHUTTERSTOCK_API_HOST", raising=False)
    assert told(Configuration()) == (LIVE, "the default host")
    assert told(Configuration(LIVE)) == (LIVE, "from the setting host")
    monkeypatch.setenv("SHUTTERSTOCK_SANDBOX", "true")
    named = Configuration()
    assert told(named) == (TEST, "from SHUTTERSTOCK_SANDBOX")
    named.retries = 1
    assert named.host_origin == "from SHUTTERSTOCK_SANDBOX"
    assert told(pickle.loads(pickle.dumps(named))) == (TEST, "from the setting host")
    named.host = LIVE
    assert named.host_origin == "from the setting host"


def test_a_sandbox_that_has_stopped() -> None:
    with Sandbox() as sandbox:
        configuration = sandbox.configuration(retries=0)
    text = str(error_of(ImagesApi(ApiClient(configuration))))
    assert f"cannot connect to {configuration.host.removeprefix('http://')} " in text
    assert "Is the sandbox running? `python -m shutterstock_api.sandbox` starts one" in text


def test_a_host_elsewhere() -> None:
    text = refused(host="https://no-such-name.invalid")
    assert "cannot connect to no-such-name.invalid:443 (from the setting host): " in text
    assert "Check the host and the network. If your network needs a proxy, set proxy or HTTPS_PROXY." in text
    assert "sandbox" not in text


def test_a_proxy_of_the_environment(refusing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", refusing.replace("//", "//user:pa55word@"))
    text = refused(host="https://api.invalid")
    place = refusing.removeprefix("http://")
    assert f"cannot connect to the proxy {place} (from HTTPS_PROXY): Connection refused\n" in text
    assert 'proxy="" uses none, and NO_PROXY names hosts that need none.' in text
    assert "pa55word" not in text


def test_no_connection_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_slow(connection: Any, *_: Any, **__: Any) -> None:
        raise ConnectTimeoutError(connection, "Connection to it timed out")

    monkeypatch.setattr(pools.POOLS["http"], "urlopen", too_slow)
    error = error_of(ImagesApi(ApiClient(Configuration("http://service.invalid", retries=0))))
    assert type(error) is ApiTimeoutError
    assert "cannot connect to service.invalid:80 (from the setting host): Connection to it timed" in str(
        error
    )
    assert "If your network needs a proxy" in str(error)
    assert "Set Configuration.timeout or _request_timeout if it needs longer." in str(error)


def test_an_address_with_colons(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot connect to [::1]:9 (" in refused(host="http://[::1]:9")


def test_a_host_that_ends_in_the_version(refusing: str) -> None:
    """Each path begins with it, so that the service finds nothing; the error says so, whatever came."""
    advice = "host ends in /v2, but every path already begins with it: set host to {}."
    assert advice.format(refusing) in refused(host=f"{refusing}/v2/")
    with Sandbox() as sandbox:
        configuration = sandbox.configuration()
        configuration.host += "/v2"
        error = error_of(ImagesApi(ApiClient(configuration)))
        assert error.status == 404
        assert error.hint == advice.format(sandbox.url)
        configuration.host = sandbox.url
        assert ImagesApi(ApiClient(configuration)).get_image("1").id == "1"
