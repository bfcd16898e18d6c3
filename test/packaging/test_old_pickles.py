"""Models, results and clients that 1.1.0 has pickled are read as they were: clusters mix releases."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import pytest
from release_1_1_0 import BODIES, CLIENTS, MODELS, REPORT, RESULTS
from responses import matchers
from scripted_server import Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    Configuration,
    DownloadHistory,
    DownloadReport,
    DownloadResult,
    Image,
    ImagesApi,
    Licence,
    LicenseJob,
    ManyImages,
    OauthApi,
    Paginated,
    Progress,
    RateLimit,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
    TokenFile,
    models,
)
from shutterstock_api.licensing.outcome_unknown import Reconciliation
from shutterstock_api.notebook import ContactSheet

# Models.

FAILED_SEARCH = {"status_code", "error", "message"}
NEW = {
    "Image": FAILED_SEARCH,
    "ImageSearchResults": FAILED_SEARCH - {"message"},
    "Contributor": {"name"},
    "DownloadHistory": {"sfx"},
}
"""Fields that later releases have added."""


@pytest.mark.parametrize("name", MODELS)
def test_models(name: str) -> None:
    model, kind = pickle.loads(MODELS[name]), getattr(models, name)
    assert type(model) is kind
    assert json.loads(model.to_json()) == BODIES[name]
    assert model == kind.from_dict(BODIES[name])
    empty = {field for field, value in model.to_dict().items() if value is None}
    assert empty == NEW.get(name, set())
    assert model.additional_properties == {"later": {"deep": [1, None]}}
    assert pickle.loads(pickle.dumps(model)) == model


def test_each_model_has_a_pickle() -> None:
    assert MODELS.keys() == BODIES.keys()
    assert len(MODELS) == 57


def test_dates_of_a_model_are_dates() -> None:
    history = pickle.loads(MODELS["DownloadHistory"])
    assert history.download_time == datetime(2026, 1, 31, 12, tzinfo=UTC)


# Results.

LIMIT = RateLimit(100, 0, datetime(2026, 1, 31, 12, tzinfo=UTC))
LICENCE = Licence("L1", "huge", "1")
DOWNLOADED = DownloadResult(LICENCE, Path("images/1.jpg"), "downloaded", 7)
HISTORY = DownloadHistory.from_dict(
    {"id": "L1", "image": {"id": "1"}, "download_time": "2026-01-31T12:00:00Z"}
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("JobImage", REPORT.images[0]),
        ("LicenseReport", REPORT),
        ("Licence", LICENCE),
        ("DownloadResult", DOWNLOADED),
        ("Progress", Progress(1, 2, 3, 4, 5)),
        ("RateLimit", LIMIT),
        ("RequestEvent", RequestEvent("get_image", "GET", "/v2/images/1", 1)),
        (
            "ResponseEvent",
            ResponseEvent("get_image", "GET", "/v2/images/1", 1, 0.25, 429, "429", 17, "r", LIMIT),
        ),
        ("RetryEvent", RetryEvent("get_image", "GET", "/v2/images/1", 1, 0.5, None, "hung up")),
        ("Reconciliation", Reconciliation({"1": [HISTORY]}, ["2"], ["3"])),
        ("ManyImages", ManyImages([Image(id="1")], ["2"])),
    ],
)
def test_results(name: str, expected: Any) -> None:
    found = pickle.loads(RESULTS[name])
    assert type(found) is type(expected)
    assert (found, repr(found)) == (expected, repr(expected))
    assert pickle.loads(pickle.dumps(found)) == expected


def test_a_report_of_downloads() -> None:
    report = pickle.loads(RESULTS["DownloadReport"])
    assert isinstance(report, DownloadReport)
    assert (report.downloaded, report.bytes) == ([DOWNLOADED], 7)
    (failed,) = report.failed
    assert (failed.source, failed.path, failed.bytes) == (Licence("L2"), None, 0)
    assert isinstance(failed.error, shutterstock_api.DownloadError)
    assert (failed.error.status, failed.error.image_id, failed.error.license_id) == (404, "2", "L2")
    assert str(failed.error) == "404 Not Found\n  Ask for a new link."


def test_an_answer_with_its_headers() -> None:
    response = pickle.loads(RESULTS["ApiResponse"])
    assert type(response) is shutterstock_api.ApiResponse
    assert (response.data, response.status) == (Image(id="1", description="A cat"), 200)
    assert response.headers["x-request-id"] == "request-200"


def test_a_contact_sheet() -> None:
    sheet = pickle.loads(RESULTS["ContactSheet"])
    assert type(sheet) is ContactSheet
    assert repr(sheet) == "<ContactSheet of 1 items>"
    assert sheet._repr_html_() == ContactSheet([Image(id="1")])._repr_html_()


# Clients.


def check_configuration(configuration: Configuration, token: str | None = None) -> None:
    assert type(configuration) is Configuration
    told = {
        "host": "https://api.example",
        "timeout": (3, 4),
        "license_timeout": (5.0, 90.0),
        "retries": 7,
        "max_retry_wait": 60.0,
        "deadline": 60,
        "license_marker": "order",
        "connection_pool_maxsize": 3,
        "max_response_size": 64 * 2**20,
        "proxy": "http://proxy.example:3128",
        "verify_ssl": True,
        "ssl_ca_cert": None,
        "on_request": None,
        "allow_insecure_host": False,
        "access_token": token,
    }
    assert {name: getattr(configuration, name) for name in told} == told


def check_client(client: ApiClient) -> None:
    assert type(client) is ApiClient
    check_configuration(client.configuration)
    assert client.default_headers["X-Team"] == "pictures"
    assert client.user_agent == "shop/1.0"


def test_a_configuration_takes_its_credentials_from_where_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    check_configuration(pickle.loads(CLIENTS["Configuration"]))
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", "of-this-machine")
    check_configuration(pickle.loads(CLIENTS["Configuration"]), "of-this-machine")


def test_a_configuration_keeps_the_path_of_its_token() -> None:
    configuration = pickle.loads(CLIENTS["Configuration with a token file"])
    assert (configuration.host, configuration.token_file) == ("https://api.example", "/nowhere/token.json")


def test_clients_and_apis() -> None:
    check_client(pickle.loads(CLIENTS["ApiClient"]))
    for kind in (ImagesApi, OauthApi):
        api = pickle.loads(CLIENTS[kind.__name__])
        assert type(api) is kind
        check_client(api.api_client)


def test_a_method(server: Server) -> None:
    method = pickle.loads(CLIENTS["a bound method"])
    assert (type(method.__self__), method.__name__) == (ImagesApi, "search_images")
    check_client(method.__self__.api_client)
    configuration = method.__self__.api_client.configuration
    configuration.host, configuration.proxy = server.url, None
    server.answers(answer(200, {"data": [{"id": "1"}]}))
    assert method(query="cat").data == [Image(id="1")]
    assert server.request.headers["x-team"] == "pictures"
    assert server.request.headers["user-agent"] == "shop/1.0"


def test_pages(exchanges: Any) -> None:
    images = pickle.loads(CLIENTS["Paginated"])
    assert type(images) is Paginated
    assert repr(images) == "<Paginated search_images>"
    for page, ids in ((1, "12"), (2, "34")):
        exchanges.get(
            "http://127.0.0.1:9/v2/images/search",
            json={"data": [{"id": one} for one in ids], "total_count": 4},
            match=[matchers.query_param_matcher({"query": "cat", "per_page": 2, "page": page})],
        )
    assert list(images) == [Image(id="1"), Image(id="2"), Image(id="3")]


def test_a_token_file() -> None:
    file = pickle.loads(CLIENTS["TokenFile"])
    assert (type(file), file.path) == (TokenFile, "/nowhere/token.json")


def test_a_job() -> None:
    job = pickle.loads(CLIENTS["LicenseJob"])
    assert type(job) is LicenseJob
    assert PurePath(repr(job)[len("<LicenseJob ") : -1]).name == "job.sqlite"


def test_functions_by_their_names() -> None:
    names = ["download", "download_many", "get_many", "paginate", "with_http_info"]
    assert pickle.loads(CLIENTS["functions"]) == [getattr(shutterstock_api, name) for name in names]


def test_classes_by_their_names() -> None:
    classes = pickle.loads(CLIENTS["classes"])
    assert len(classes) == 101
    assert [getattr(shutterstock_api, one.__name__) for one in classes] == classes
