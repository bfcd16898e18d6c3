"""Settings: where they come from, what beats what, and what never shows."""

from __future__ import annotations

import base64
import copy
import logging
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shutterstock_api import ApiClient, ApiException, ApiTypeError, ApiValueError, Configuration
from shutterstock_api.support import masking

LIVE = "https://api.shutterstock.com"
TEST = "https://api-sandbox.shutterstock.com"
PAIR = "Basic " + base64.b64encode(b"key:secret").decode()


def environment(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"SHUTTERSTOCK_{name}", value)


@pytest.mark.parametrize(
    ("variables", "host"),
    [
        ({}, LIVE),
        ({"API_HOST": "https://one.example"}, "https://one.example"),
        ({"CUSTOM_URL": "https://two.example"}, "https://two.example"),
        ({"API_HOST": "https://one.example", "CUSTOM_URL": "https://two.example"}, "https://one.example"),
        ({"API_HOST": "", "CUSTOM_URL": "https://two.example"}, "https://two.example"),
        ({"API_HOST": "", "CUSTOM_URL": "", "SANDBOX": ""}, LIVE),
        ({"SANDBOX": "true"}, TEST),
        ({"SANDBOX": "True "}, TEST),
        ({"SANDBOX": "1"}, TEST),
        ({"SANDBOX": "false"}, LIVE),
        ({"SANDBOX": "true", "API_HOST": "https://one.example"}, TEST),
        ({"SANDBOX": "true", "CUSTOM_URL": "https://two.example"}, TEST),
    ],
)
def test_host_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], host: str
) -> None:
    environment(monkeypatch, **variables)
    assert Configuration().host == host
    assert Configuration("https://mine.example").host == "https://mine.example"


@pytest.mark.parametrize(
    ("variables", "bearer", "basic"),
    [
        ({}, None, None),
        ({"API_TOKEN": "v2/t"}, "Bearer v2/t", "Bearer v2/t"),
        ({"KEY": "key", "SECRET": "secret"}, None, PAIR),
        ({"KEY": "key"}, None, None),
        ({"SECRET": "secret"}, None, None),
        ({"API_TOKEN": "v2/t", "KEY": "key", "SECRET": "secret"}, "Bearer v2/t", "Bearer v2/t"),
        ({"API_TOKEN": "", "KEY": "key", "SECRET": "secret"}, None, PAIR),
        ({"API_TOKEN": " v2/t\n"}, "Bearer v2/t", "Bearer v2/t"),
    ],
)
def test_credentials_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], bearer: str | None, basic: str | None
) -> None:
    environment(monkeypatch, **variables)
    assert Configuration().authorization(basic=False) == bearer
    assert Configuration().authorization(basic=True) == basic


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ({"access_token": "mine"}, "Bearer mine"),
        ({"username": "key", "password": "secret"}, PAIR),
        ({"access_token": ""}, None),
        ({"username": "only"}, None),
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_credentials_of_the_program_beat_all_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], header: str | None, later: bool
) -> None:
    environment(monkeypatch, API_TOKEN="env-token", KEY="env-key", SECRET="env-secret")
    settings = Configuration() if later else Configuration(**given)  # type: ignore[arg-type]
    if later:
        for name, value in given.items():
            setattr(settings, name, value)
    assert settings.authorization(basic=True) == header
    assert not any("env" in text for text in settings.secret_texts())


def test_both_kinds_of_the_program_stay() -> None:
    settings = Configuration(username="key", password="secret", access_token="token")
    assert settings.authorization(basic=True) == "Bearer token"
    assert settings.get_basic_auth_token() == PAIR
    assert repr(settings.get_basic_auth_token()) == repr(PAIR)  # who asks for it sees it
    settings.access_token = None
    assert settings.authorization(basic=True) == PAIR
    assert settings.authorization(basic=False) is None
    settings.password = "other"
    assert settings.get_basic_auth_token() != PAIR


@pytest.mark.parametrize("value", ["v2/t", b"v2/t", " v2/t\n", b"\tv2/t \r\n"])
def test_bytes_and_text_are_alike(value: str | bytes) -> None:
    settings = Configuration(access_token=value)
    assert settings.access_token == "v2/t"
    settings = Configuration()
    settings.username = value
    settings.password = value
    assert (settings.username, settings.password) == ("v2/t", "v2/t")


@pytest.mark.parametrize("name", ["access_token", "username", "password"])
@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("two\nlines", ApiValueError),
        ("tab\tinside", ApiValueError),
        (b"nul\x00byte", ApiValueError),
        ("del\x7f", ApiValueError),
        (b"\xff\xfe", ApiValueError),
        ("half a pair \udc00", ApiValueError),
        (12345, ApiTypeError),
    ],
)
def test_what_no_header_can_carry_is_refused(name: str, value: Any, error: type[ApiException]) -> None:
    with pytest.raises(error, match=name) as caught:
        Configuration(**{name: value})
    assert str(value) not in str(caught.value)
    settings = Configuration()
    with pytest.raises(error, match=name):
        setattr(settings, name, value)


def test_a_token_stays_within_latin_1() -> None:
    with pytest.raises(
        ApiValueError, match="access_token: it contains characters that a header cannot contain"
    ):
        Configuration(access_token="schlüssel ☃")


@pytest.mark.parametrize("password", ["grüße ☃", "gr\u0075\u0308ße ☃", "grüße ☃".encode()])
def test_key_and_secret_go_out_in_utf_8(password: str | bytes) -> None:
    """As RFC 7617 has it, composed characters included."""
    settings = Configuration(username="schlüssel", password=password)
    pair = base64.b64encode("schlüssel:grüße ☃".encode()).decode()
    assert settings.get_basic_auth_token() == f"Basic {pair}"
    assert {"schlüssel", pair} <= set(settings.secret_texts())


def test_a_misspelt_setting_raises() -> None:
    with pytest.raises(AttributeError, match="no setting 'acess_token'; did you mean 'access_token'"):
        Configuration().acess_token = "x"  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="no setting 'xyzzy'$"):
        Configuration().xyzzy = 1  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="acess_token"):
        Configuration(acess_token="x")  # type: ignore[call-arg]


def full() -> Configuration:
    return Configuration(
        "https://h.example", access_token="TOKEN", username="KEY", password="SECRET", retries=7
    )


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        (full(), "<Configuration https://h.example, token>"),
        (Configuration(LIVE, username="KEY", password="SECRET"), f"<Configuration {LIVE}, key and secret>"),
        (Configuration(LIVE, access_token=""), f"<Configuration {LIVE}, no credentials>"),
    ],
)
def test_repr(settings: Configuration, shown: str) -> None:
    assert repr(settings) == shown
    assert shown in repr(ApiClient(settings))


def test_no_secret_shows() -> None:
    settings = full()
    everything = repr(settings) + repr(vars(settings)) + repr(pickle.dumps(settings))
    assert not any(secret in everything for secret in settings.secret_texts())
    with pytest.raises(TypeError):
        pickle.dumps(masking.Secret("x"))


def test_secret_texts_are_all_forms_longest_first() -> None:
    texts = full().secret_texts()
    pair = base64.b64encode(b"KEY:SECRET").decode()
    assert {"TOKEN", "Bearer TOKEN", "KEY", "SECRET", f"Basic {pair}", pair} <= set(texts)
    assert texts == sorted(texts, key=len, reverse=True)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_keeps_credentials_and_is_its_own(copied: Any) -> None:
    first = full()
    second = copied(first)
    assert (second.access_token, second.host, second.retries) == ("TOKEN", "https://h.example", 7)
    second.access_token = "OTHER"
    second.retries = 1
    assert (first.access_token, first.retries) == ("TOKEN", 7)


def test_a_pickle_takes_the_credentials_of_where_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pickle.dumps(full())
    assert pickle.loads(data).authorization(basic=True) is None
    environment(monkeypatch, API_TOKEN="local", API_HOST="https://ignored.example")
    arrived = pickle.loads(data)
    assert (arrived.host, arrived.retries, arrived.access_token) == ("https://h.example", 7, "local")


@pytest.fixture
def reports() -> Iterator[logging.Logger]:
    """The logger of the library, as it was before afterwards."""
    logger = logging.getLogger("shutterstock_api")
    handlers, level = list(logger.handlers), logger.level
    yield logger
    for handler in set(logger.handlers) - set(handlers):
        handler.close()
    logger.handlers[:] = handlers
    logger.setLevel(level)


def test_nothing_is_logged_unless_asked_for(reports: logging.Logger) -> None:
    before = list(reports.handlers)
    Configuration()
    assert reports.handlers == before


def test_debug_reports_to_stderr_once(reports: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    Configuration(debug=True)
    settings = Configuration()
    settings.debug = True
    reports.debug("seen")
    assert capsys.readouterr().err == "seen\n"


def test_logger_file(reports: logging.Logger, tmp_path: Path) -> None:
    file = tmp_path / "calls.log"
    settings = Configuration(logger_file=str(file))
    assert settings.logger_file == str(file)
    assert not file.exists()
    reports.debug("seen")
    assert file.read_text() == "seen\n"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("verify_ssl", None),
        ("verify_ssl", "no"),
        ("allow_insecure_host", "false"),
        ("debug", 1),
        ("connection_pool_maxsize", "5"),
        ("connection_pool_maxsize", True),
        ("safe_chars_for_path_param", None),
    ],
)
def test_a_setting_of_the_wrong_type_is_refused(setting, value):
    configuration = Configuration()
    before = getattr(configuration, setting)
    with pytest.raises(ApiTypeError, match=f"{setting}: expected"):
        setattr(configuration, setting, value)
    assert getattr(configuration, setting) == before


def test_a_refused_credential_leaves_the_others_alone(monkeypatch):
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", "of-the-environment")
    configuration = Configuration()
    with pytest.raises(ApiValueError):
        configuration.access_token = "bad\ntoken"
    assert configuration.access_token == "of-the-environment"


def test_methods_are_no_settings():
    with pytest.raises(AttributeError, match="no setting 'authorization'"):
        Configuration().authorization = "x"


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        ("api.shutterstock.com", "; write 'https://api.shutterstock.com'"),
        ("127.0.0.1:8080", "; write 'http://127.0.0.1:8080'"),
        ("localhost:8080", "; write 'http://localhost:8080'"),
        ("ftp://api.example", ""),
        ("", ""),
    ],
)
def test_a_host_without_a_scheme(host: str, hint: str):
    with pytest.raises(ApiValueError) as caught, ApiClient(host=host) as client:
        client.images.get_image("17")
    assert str(caught.value).endswith(f"got {host!r}{hint}")


def test_white_space_around_a_host_of_the_environment(monkeypatch):
    monkeypatch.setenv("SHUTTERSTOCK_API_HOST", " https://api.example \n")
    assert Configuration().host == "https://api.example"


def test_debug_can_be_switched_off_again():
    configuration = Configuration(debug=True)
    Configuration()  # another one has no say in it
    assert logging.getLogger("shutterstock_api").isEnabledFor(logging.DEBUG)
    configuration.debug = False
    assert [handler.name for handler in logging.getLogger("shutterstock_api").handlers] == [None]


# Paths.

PATHS = ("ssl_ca_cert", "cert_file", "key_file", "logger_file")


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("reports")
@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("kind", [str, Path])
def test_a_tilde_is_the_home_folder(home, name, kind):
    configuration = Configuration(**{name: kind("~/folder/file")})
    assert getattr(configuration, name) == str(home / "folder" / "file")
    setattr(configuration, name, "~/other")
    assert getattr(configuration, name) == str(home / "other")
    setattr(configuration, name, None)
    assert getattr(configuration, name) is None


def test_a_report_goes_to_the_home_folder(home, reports):
    Configuration(logger_file="~/calls.log")
    reports.debug("seen")
    assert (home / "calls.log").read_text() == "seen\n"


def test_a_token_file_lies_in_the_home_folder_of_whoever_reads_it(home, monkeypatch):
    configuration = pickle.loads(pickle.dumps(Configuration(token_file="~/token.json")))
    assert configuration.token_file == "~/token.json"
    (home / "of-a-worker").mkdir()
    monkeypatch.setenv("HOME", str(home / "of-a-worker"))
    monkeypatch.setenv("USERPROFILE", str(home / "of-a-worker"))
    (home / "of-a-worker" / "token.json").write_text('{"access_token": "v2/mine"}')
    (home / "of-a-worker" / "token.json").chmod(0o600)
    assert configuration.access_token == "v2/mine"


@pytest.mark.parametrize("name", [*PATHS, "token_file"])
@pytest.mark.parametrize(
    ("value", "error"),
    [(5, ApiTypeError), (b"path", ApiTypeError), (True, ApiTypeError), ("a\0b", ApiValueError)],
)
def test_what_is_no_path_is_refused(name, value, error):
    with pytest.raises(error, match=f"{name}: "):
        Configuration(**{name: value})
