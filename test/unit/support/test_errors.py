"""Errors as objects: they are caught, copied, pickled, and 2019's are made."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

import pytest
from failing_calls import error_of
from scripted_server import Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    DecodeError,
    ImagesApi,
    ServerError,
    exceptions,
)
from shutterstock_api.support import errors


def test_the_form_of_2019() -> None:
    error = ApiException(status=404, reason="Not Found")
    assert (error.status, error.reason, error.body) == (404, "Not Found", None)
    assert str(error) == "404 Not Found"
    response = SimpleNamespace(status=400, reason="Bad", data=b'{"message": "m"}', headers={"A": "b"})
    error = ApiException(http_resp=response)
    assert (error.status, error.reason, error.body) == (400, "Bad", '{"message": "m"}')
    assert (error.message, error.headers) == ("m", {"A": "b"})
    assert str(ApiException()) == "failed"


ALL = [getattr(exceptions, name) for name in exceptions.__all__]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_all_pickle(kind: type[ApiException]) -> None:
    error = kind("reason") if issubclass(kind, errors._Refused) else kind(500, "reason")  # type: ignore[arg-type]
    error.body, error.hint, error.attempts, error.headers = '{"message": "m"}', "hint", 3, {"A": "b"}
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is kind
    assert vars(twin) == vars(error)
    assert str(twin) == str(error)


def test_pickle_of_a_real_one(api: ImagesApi, server: Server) -> None:
    server.answers(answer(429, {"message": "m"}, Retry_After="900"))
    error = error_of(api)
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.retry_after, twin.headers["retry-after"], twin.message) == (900.0, "900", "m")


def test_the_tree() -> None:
    assert issubclass(ApiTimeoutError, ApiConnectionError)
    assert issubclass(ApiTypeError, TypeError)
    assert issubclass(ApiValueError, ValueError)
    for kind in ALL:
        assert kind.__name__ in exceptions.__doc__ or kind.__name__.startswith("_")
        assert kind.__name__.startswith("_") or getattr(shutterstock_api, kind.__name__) is kind


def test_attempts_are_told(api: ImagesApi, server: Server) -> None:
    server.always(answer(503))
    with pytest.raises(ServerError, match="Tried 3 times") as caught:
        api.get_image("1")
    assert caught.value.attempts == 3


def test_rest_has_the_exception_of_2019() -> None:
    from shutterstock_api.rest import ApiException as Imported

    assert Imported is ApiException


def test_a_reason_that_echoes_a_secret_is_masked(server: Server) -> None:
    api = ImagesApi(ApiClient(Configuration(server.url, access_token="planted-secret", retries=0)))
    server.always(b"HTTP/1.1 400 bad token planted-secret\r\nContent-Length: 0\r\n\r\n")
    assert str(error_of(api)).count("***") == 1
    server.always(b"garbage planted-secret\r\n\r\n")
    with pytest.raises(ApiConnectionError) as caught:
        api.get_image("1")
    assert "planted-secret" not in str(caught.value)


def test_an_api_wants_a_client() -> None:
    with pytest.raises(ApiTypeError, match="expected an ApiClient or a Configuration, got dict"):
        ImagesApi({})  # type: ignore[arg-type]


def test_an_answer_that_cannot_be_read_tells_its_attempts(api: ImagesApi, server: Server) -> None:
    server.answers(answer(503), answer(200, b"{"))
    with pytest.raises(DecodeError, match="Tried 2 times") as caught:
        api.get_image("1")
    assert caught.value.attempts == 2
