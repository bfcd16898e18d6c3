"""Errors that 1.1.0 has pickled are read as they were: clusters mix releases."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from email.utils import formatdate
from errno import ENOENT
from typing import Any

import pytest
from release_1_1_0 import ERRORS, REPORT
from scripted_server import Clock, Server, answer

import shutterstock_api
from shutterstock_api import ApiClient, ApiException, LicenseImageResult, LicenseImageResultDataList
from shutterstock_api.licensing.outcome_unknown import Reconciliation

ENTRY = {"code": "VALIDATION", "message": "must be <= 1000", "path": "$.query.page", "data": 2000}
NOT_BOUGHT = "Licences may have been bought. Do not send it again: call reconcile() to look it up."
ASKED = {
    "image_ids": ["1", "2"],
    "metadata": [{"customer_id": "7"}, None],
    "marker": None,
    "sent_at": datetime(2027, 1, 15, 8, 0, 1, 500000, UTC),
    "doubtful_since": datetime(2027, 1, 15, 8, 0, 1, 500000, UTC),
    "hint": NOT_BOUGHT,
    "method": "POST",
    "path": "/v2/images/licenses",
    "api_client": None,
}
GET = {"method": "GET", "path": "/v2/images/1", "attempts": 1}
EARLY = {"status": None, "body": None, "headers": {}, "method": None, "path": None, "attempts": 1}


def refused(status: int, **attributes: Any) -> dict[str, Any]:
    """What an error says that a body explains."""
    body = {"message": f"Refused with {status}", "errors": [ENTRY]}
    return {
        **GET,
        "status": status,
        "reason": "Reason",
        "body": json.dumps(body),
        "message": body["message"],
        "errors": [ENTRY],
        "request_id": f"request-{status}",
        "hint": None,
        **attributes,
    }


ATTRIBUTES: dict[str, dict[str, Any]] = {
    "ApiException": refused(418),
    "BadRequestError": refused(400),
    "UnauthorizedError": refused(401, hint="The service does not accept these credentials, or not any more."),
    "ForbiddenError": refused(
        403,
        method="POST",
        path="/v2/images/licenses",
        hint="It needs a valid token with the scopes licenses.create and purchases.view.",
    ),
    "NotFoundError": refused(404),
    "ConflictError": refused(409, method="POST", path="/v2/images/collections"),
    "RateLimitError": refused(
        429,
        retry_after=3600.0,
        reset_at=datetime(2027, 1, 15, 9, tzinfo=UTC),
        limit=100,
        remaining=0,
        hint="Wait before the next call, or raise max_retry_wait and retries to let the client wait.",
    ),
    "ServerError": refused(503, attempts=3),
    "DecodeError": {
        **GET,
        "status": 200,
        "reason": "cannot be read as Image: Expecting value: line 1 column 1 (char 0)",
        "body": "<html>Good morning</html>",
    },
    "ApiTimeoutError": {
        **EARLY,
        **GET,
        "sent": True,
        "reason": "Read timed out. (read timeout=0.05)",
        "hint": "Set Configuration.timeout or _request_timeout if it needs longer.",
    },
    "ApiConnectionError": {
        **EARLY,
        **GET,
        "sent": False,
        "reason": "Failed to establish a new connection: [Errno 111] Connection refused",
    },
    "LicenseOutcomeUnknown": {
        **ASKED,
        "status": None,
        "reason": "the outcome is unknown (Connection aborted: there was no answer)",
        "results": None,
    },
    "LicenseOutcomeUnknown with results": {
        **ASKED,
        "status": 200,
        "reason": "the outcome is unknown (the answer leaves out 2)",
        "body": '{"data": [{"image_id": "1", "license_id": "L1", "allotment_charge": 1}]}',
        "results": LicenseImageResultDataList(
            data=[LicenseImageResult(image_id="1", license_id="L1", allotment_charge=1)]
        ),
    },
    "LicenseRefusedError": {
        "status": 200,
        "reason": "1 images licensed, 1 refused, 1 unclear",
        "hint": "2: Not for sale\n  None: the answer does not say",
        "licensed": [LicenseImageResult(image_id="1", license_id="L1")],
        "failed": [LicenseImageResult(image_id="2", error="Not for sale")],
        "unclear": [LicenseImageResult()],
    },
    "PaginationError": {
        "status": 400,
        "reason": "page 2 was refused, after 1 items",
        "message": "page too deep",
        "hint": "To get further, ask for less at once: by dates, for instance.",
        "path": "/v2/images/search",
        "page": 2,
        "items": 1,
    },
    "LicenseJobError": {**EARLY, "reason": str(REPORT), "report": REPORT},
    "LedgerError": {
        **EARLY,
        "reason": "/nowhere/job.sqlite: [Errno 2] No such file or directory: '/nowhere/job.sqlite'",
        "hint": "Its folder is not there: make it, or name another.",
    },
    "DownloadError": {
        "status": 404,
        "reason": "Not Found",
        "hint": "The link may be too old: it is good for 8 hours. "
        "Give a licence, or a licence result, and api=, and it is renewed.",
        "method": "GET",
        "path": "http://127.0.0.1:35591/*** (image 1)",
        "image_id": "1",
        "license_id": "L1",
    },
    "DestinationError": {
        **EARLY,
        "reason": "[Errno 2] No such file or directory: '/nowhere/1.jpg.part'",
        "errno": ENOENT,
        "strerror": "No such file or directory",
        "filename": "/nowhere/1.jpg.part",
        "image_id": None,
    },
    "OAuthError": {
        **EARLY,
        "reason": "cannot read /nowhere/token.json: No such file or directory",
        "hint": "OAuth().login(token_file=...) makes a token file.",
        "token": None,
    },
    "ApiTypeError": {
        **EARLY,
        "reason": "search_images: nothing was sent, because of\n"
        "  - pgae: no such argument; did you mean 'page'?",
    },
    "ApiValueError": {
        **EARLY,
        "reason": "get_image: nothing was sent, because of\n  - id: not usable in a path: '..' (str)",
    },
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str) -> None:
    error = pickle.loads(ERRORS[name])
    assert type(error) is getattr(shutterstock_api, name.partition(" ")[0])
    assert isinstance(error, ApiException)
    assert {attribute: getattr(error, attribute) for attribute in ATTRIBUTES[name]} == ATTRIBUTES[name]
    assert error.reason in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert {attribute: getattr(again, attribute) for attribute in ATTRIBUTES[name]} == ATTRIBUTES[name]


def test_each_class_of_error_has_a_pickle() -> None:
    public = {getattr(shutterstock_api, name) for name in shutterstock_api.__all__}
    errors = {one for one in public if isinstance(one, type) and issubclass(one, ApiException)}
    assert {type(pickle.loads(pickled)) for pickled in ERRORS.values()} == errors
    assert ERRORS.keys() == ATTRIBUTES.keys()


def test_headers_of_an_error() -> None:
    headers = pickle.loads(ERRORS["RateLimitError"]).headers
    assert (headers["retry-after"], headers["RATELIMIT-LIMIT"]) == ("3600", "100")
    assert pickle.loads(ERRORS["UnauthorizedError"]).headers["Set-Cookie"] == "***"


def test_an_error_asks_the_history_by_a_client_that_it_is_given(
    server: Server, client: ApiClient, clock: Clock
) -> None:
    page = {"data": [], "total_count": 0}
    server.always(lambda request: answer(200, page, Date=formatdate(clock.now, usegmt=True)))
    clock.now += 3600
    error = pickle.loads(ERRORS["LicenseOutcomeUnknown"])
    assert error.reconcile(client) == Reconciliation({}, [], ["1", "2"])  # our clock may have been wrong then
    clock.now += 601
    assert error.reconcile(client) == Reconciliation({}, ["1", "2"], [])
