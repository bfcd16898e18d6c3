"""Writes what the installed release pickles, and a ledger of it: `python test/data/make_pickles.py FOLDER`.

It uses public names only, so that it runs with any release; `test/support` must be on the path.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import msgspec
from scripted_server import HANG_UP, Clock, Request, Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiClient,
    ApiException,
    Configuration,
    DownloadError,
    DownloadReport,
    DownloadResult,
    Image,
    ImagesApi,
    JobImage,
    Licence,
    LicenseImageResultDataList,
    LicenseJob,
    LicenseReport,
    ManyImages,
    OauthApi,
    Progress,
    RateLimit,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
    TokenFile,
    models,
    paginate,
    with_http_info,
)
from shutterstock_api.licensing.outcome_unknown import Reconciliation
from shutterstock_api.notebook import ContactSheet

NOBODY = "http://127.0.0.1:9"
"""Where nobody listens."""
NOWHERE = "/nowhere"
"""A folder that is not there."""
WHEN = datetime(2026, 1, 31, 12, tzinfo=UTC)

# Errors.

ENTRY = {"code": "VALIDATION", "message": "must be <= 1000", "path": "$.query.page", "data": 2000}
CREATED = {"name": "Cats"}
ORDER = {
    "images": [
        {"image_id": "1", "size": "huge", "metadata": {"customer_id": "7"}},
        {"image_id": "2", "size": "huge"},
    ]
}


def caught(call: Callable[..., Any], *args: Any, **options: Any) -> ApiException:
    try:
        call(*args, **options)
    except ApiException as error:
        return error
    raise AssertionError(f"{call} raised nothing")


def errors(server: Server, api: ImagesApi) -> dict[str, ApiException]:
    def refused(status: int, call: Callable[..., Any], *args: Any, **headers: Any) -> ApiException:
        body = {"message": f"Refused with {status}", "errors": [ENTRY]}
        server.always(answer(status, body, X_Request_Id=f"request-{status}", **headers))
        return caught(call, *args)

    found = {
        "ApiException": refused(418, api.get_image, "1"),
        "BadRequestError": refused(400, api.get_image, "1"),
        "UnauthorizedError": refused(401, api.get_image, "1", Set_Cookie="session=1"),
        "ForbiddenError": refused(403, api.license_images, ORDER),
        "NotFoundError": refused(404, api.get_image, "1"),
        "ConflictError": refused(409, api.create_lightbox, CREATED),
        "RateLimitError": refused(
            429,
            partial(api.get_image, "1"),
            Retry_After=3600,
            RateLimit_Limit=100,
            RateLimit_Remaining=0,
            RateLimit_Reset=3600,
        ),
        "ServerError": refused(503, api.get_image, "1"),
    }
    server.always(answer(200, "<html>Good morning</html>"))
    found["DecodeError"] = caught(api.get_image, "1")
    server.always(server.hang)
    found["ApiTimeoutError"] = caught(api.get_image, "1", _request_timeout=(1, 0.05), _retries=0)
    with ApiClient(Configuration(NOBODY, access_token="x", retries=0)) as client:
        found["ApiConnectionError"] = caught(ImagesApi(client).get_image, "1")
    server.always(HANG_UP)
    found["LicenseOutcomeUnknown"] = caught(api.license_images, ORDER)
    server.always(answer(200, {"data": [{"image_id": "1", "license_id": "L1", "allotment_charge": 1}]}))
    found["LicenseOutcomeUnknown with results"] = caught(api.license_images, ORDER)
    told = [{"image_id": "1", "license_id": "L1"}, {"image_id": "2", "error": "Not for sale"}, {}]
    found["LicenseRefusedError"] = caught(
        LicenseImageResultDataList.from_dict({"data": told}).raise_for_failures
    )
    server.answers(answer(200, {"data": [{"id": "1"}]}), answer(400, {"message": "page too deep"}))
    found["PaginationError"] = caught(list, paginate(api.search_images, query="cat", per_page=1))
    found["LicenseJobError"] = caught(REPORT.raise_for_failures)
    found["LedgerError"] = caught(LicenseJob, api, f"{NOWHERE}/job.sqlite")
    server.always(answer(404, "gone"))
    source = {"image_id": "1", "license_id": "L1", "download": {"url": f"{server.url}/1.jpg?sign=1"}}
    licensed = LicenseImageResultDataList.from_dict({"data": [source]}).data[0]
    found["DownloadError"] = caught(shutterstock_api.download, licensed, "1.jpg")
    found["DestinationError"] = caught(shutterstock_api.download, licensed, f"{NOWHERE}/1.jpg")
    found["OAuthError"] = caught(TokenFile(f"{NOWHERE}/token.json").read)
    found["ApiTypeError"] = caught(api.search_images, query="cat", pgae=2)
    found["ApiValueError"] = caught(api.get_image, "..")
    return found


# Models.


def sample(kind: Any, name: str, depth: int = 0) -> Any:
    """Return a JSON value of a type."""
    inner = typing.get_args(kind)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return sample(next(one for one in inner if one is not type(None)), name, depth)
    if typing.get_origin(kind) is typing.Literal:
        return inner[0]
    if typing.get_origin(kind) in (list, Sequence):
        return [sample(inner[0], name, depth)]
    if typing.get_origin(kind) in (dict, Mapping):
        return {name: sample(inner[1], name, depth)}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return filled(kind, depth + 1)
    plain = {
        str: f"the {name}",
        int: 7,
        float: 1.5,
        bool: True,
        date: "2026-01-31",
        datetime: "2026-01-31T12:00:00Z",
    }
    return plain.get(kind, {"any": ["thing", 1, None]})


def filled(kind: type[msgspec.Struct], depth: int = 0) -> dict[str, Any]:
    """Return JSON for a model with all its fields, and one that this release does not know."""
    if depth > 3:
        return {}
    hints = typing.get_type_hints(kind)
    fields = msgspec.structs.fields(kind)
    known = {
        field.encode_name: sample(hints[field.name], field.name, depth)
        for field in fields
        if field.name != "additional_properties"
    }
    return {**known, "later": {"deep": [1, None]}} if depth == 0 else known


# Results and reports.

IMAGES = [
    JobImage(
        "1", "licensed", license_id="L1", charge=2, price=1.1, currency="USD", path=Path("1.jpg"), bytes=7
    ),
    JobImage("2", "licensed", license_id="L2", reused=True, file_error="404 Not Found"),
    JobImage("3", "failed", "Image not found"),
    JobImage("4", "unknown", "no answer"),
    JobImage("5", "planned"),
]
REPORT = LicenseReport(IMAGES, "403 Forbidden")
LIMIT = RateLimit(100, 0, WHEN)
HISTORY = {"id": "L1", "image": {"id": "1"}, "download_time": "2026-01-31T12:00:00Z"}


def results(server: Server, api: ImagesApi) -> dict[str, Any]:
    licence = Licence("L1", "huge", "1")
    failure = DownloadError(404, "Not Found", hint="Ask for a new link.")
    failure.image_id, failure.license_id = "2", "L2"
    server.always(answer(200, {"id": "1", "description": "A cat"}, X_Request_Id="request-200"))
    return {
        "JobImage": IMAGES[0],
        "LicenseReport": REPORT,
        "Licence": licence,
        "DownloadResult": DownloadResult(licence, Path("images/1.jpg"), "downloaded", 7),
        "DownloadReport": DownloadReport(
            [
                DownloadResult(licence, Path("images/1.jpg"), "downloaded", 7),
                DownloadResult(Licence("L2"), None, "failed", error=failure),
            ]
        ),
        "Progress": Progress(1, 2, 3, 4, 5),
        "RateLimit": LIMIT,
        "RequestEvent": RequestEvent("get_image", "GET", "/v2/images/1", 1),
        "ResponseEvent": ResponseEvent(
            "get_image", "GET", "/v2/images/1", 1, 0.25, 429, "429", 17, "r", LIMIT
        ),
        "RetryEvent": RetryEvent("get_image", "GET", "/v2/images/1", 1, 0.5, None, "hung up"),
        "ApiResponse": with_http_info(api.get_image)("1"),
        "Reconciliation": Reconciliation({"1": [models.DownloadHistory.from_dict(HISTORY)]}, ["2"], ["3"]),
        "ManyImages": ManyImages([Image(id="1")], ["2"]),
        "ContactSheet": ContactSheet([Image(id="1")]),
    }


# Clients, and functions by their names.


def clients() -> dict[str, Any]:
    configuration = Configuration(
        "https://api.example",
        access_token="never-pickled",
        timeout=(3, 4),
        retries=7,
        deadline=60,
        license_marker="order",
        connection_pool_maxsize=3,
        proxy="http://proxy.example:3128",
    )
    client = ApiClient(configuration)
    client.set_default_header("X-Team", "pictures")
    client.user_agent = "shop/1.0"
    api = ImagesApi(client)
    plain = ApiClient(Configuration(NOBODY, access_token="never-pickled"))
    here = Configuration("https://api.example", token_file=f"{NOWHERE}/token.json")
    ledger = Path(gettempdir(), "job.sqlite")
    job = LicenseJob(api, ledger, size="huge", metadata={"customer_id": "7"}, marker="order")
    ledger.unlink()
    return {
        "Configuration": configuration,
        "Configuration with a token file": here,
        "ApiClient": client,
        "ImagesApi": api,
        "OauthApi": OauthApi(client),
        "TokenFile": TokenFile(f"{NOWHERE}/token.json"),
        "LicenseJob": job,
        "Paginated": paginate(ImagesApi(plain).search_images, query="cat", per_page=2, limit=3),
        "a bound method": api.search_images,
        "functions": [getattr(shutterstock_api, name) for name in FUNCTIONS],
        "classes": [
            getattr(shutterstock_api, name)
            for name in sorted(shutterstock_api.__all__)
            if isinstance(getattr(shutterstock_api, name), type)
        ],
    }


FUNCTIONS = ["download", "download_many", "get_many", "paginate", "with_http_info"]


# A ledger.

LINK = f"{NOBODY}/2.jpg?sign=1"
"""A link under which there is no file."""


class Service:
    """Licenses 1 and 2, refuses 3, hangs up where 4 is asked for; of the files it has 1 only."""

    def __init__(self, server: Server) -> None:
        self._server = server
        server.always(self)

    def __call__(self, request: Request) -> bytes:
        if request.path.endswith("/1.jpg"):
            return answer(200, b"picture")
        if request.path.endswith("/downloads"):
            return answer(410, {"message": "no longer"})
        if request.verb == "GET":
            return answer(200, {"data": [], "total_count": 0})
        wanted = [image["image_id"] for image in request.json["images"]]
        return HANG_UP if "4" in wanted else answer(200, {"data": [self._result(one) for one in wanted]})

    def _result(self, image_id: str) -> dict[str, Any]:
        if image_id == "3":
            return {"image_id": image_id, "error": "Image not found"}
        link = f"{self._server.url}/1.jpg" if image_id == "1" else LINK
        told = {"allotment_charge": 1, "price": {"local_amount": 1.5, "local_currency": "USD"}}
        return {"image_id": image_id, "license_id": f"L{image_id}", "download": {"url": link}, **told}


def ledger(server: Server, api: ImagesApi, path: Path) -> None:
    """Make a ledger with an image in each state."""
    Service(server)
    path.unlink(missing_ok=True)
    job = LicenseJob(api, path, size="huge", metadata={"customer_id": "7"})
    job.add("4")
    job.run()
    job.add(["1", "2", "3"])
    job.run("images", name="{image_id}.jpg")
    job.add("5")
    path.with_name(f"{path.name}.lock").unlink()


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    server, clock = Server(), Clock()
    with ApiClient(Configuration(server.url, access_token="never-pickled")) as client:
        client.timing = clock.timing
        api = ImagesApi(client)
        bodies = {name: filled(getattr(models, name)) for name in models.__all__ if is_model(name)}
        groups = {
            "clients": dumped(clients()),  # before any call: from then on an operation has its plan
            "errors": dumped(errors(server, api)),
            "results": dumped(results(server, api)),
            "models": dumped({name: getattr(models, name).from_dict(body) for name, body in bodies.items()}),
        }
        ledger(server, api, folder / "ledger.sqlite")
    server.close()
    for group, pickles in groups.items():
        (folder / f"{group}.pickle").write_bytes(pickle.dumps(pickles))
    lines = (f"{json.dumps(name)}: {json.dumps(body)}" for name, body in bodies.items())
    (folder / "models.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def dumped(things: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a pickle of each, so that each can be read alone."""
    return {name: pickle.dumps(thing) for name, thing in things.items()}


def is_model(name: str) -> bool:
    return isinstance(getattr(models, name), type)


if __name__ == "__main__":
    target = Path(sys.argv[1]).resolve()
    with TemporaryDirectory() as here:
        os.chdir(here)
        main(target)
