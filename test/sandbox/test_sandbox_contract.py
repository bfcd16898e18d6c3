"""Who may ask, what may be asked, and that the sandbox keeps the contract itself."""

from __future__ import annotations

import dataclasses
import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import urllib3

from shutterstock_api.sandbox import SCOPES, Fault, Sandbox, SandboxError
from shutterstock_api.sandbox.contract.contract import load_contract
from shutterstock_api.sandbox.http.messages import Refusal
from shutterstock_api.sandbox.operations.call import Answer
from shutterstock_api.sandbox.operations.table import HANDLERS, check_complete

CONTRACT = load_contract()


def test_every_operation_has_a_handler_and_the_other_way_round() -> None:
    assert set(HANDLERS) == set(CONTRACT.operations)
    with pytest.raises(LookupError, match="search_images"):
        check_complete(CONTRACT, set(HANDLERS) - {"search_images"})


def example_request(operation: Any) -> tuple[str, str]:
    ids = {"collections/featured": "136351027", "collections": "126351027", "licenses": "i1188641347"}
    value = next((value for key, value in ids.items() if key in operation.path), "17")
    return operation.method, operation.path.replace("{id}", value)


@pytest.mark.parametrize(
    "operation_id", sorted(name for name, operation in CONTRACT.operations.items() if not operation.public)
)
def test_credentials_and_scopes(client: Any, operation_id: str) -> None:
    operation = CONTRACT.operations[operation_id]
    method, path = example_request(operation)
    for authorization in (None, "Bearer v2/wrong/token", "Bearer nonsense", "Basic !", "Digest x"):
        reply = client(method, path, headers={"Authorization": authorization})
        assert (reply.status, reply.json) == (401, {"message": "Invalid access token"})
    basic = urllib3.make_headers(basic_auth=f"{client.sandbox.key}:{client.sandbox.secret}")["authorization"]
    assert (
        client(method, path, headers={"Authorization": basic}).status == 401
    ) is not operation.allows_basic
    wrong = urllib3.make_headers(basic_auth=f"{client.sandbox.key}:wrong")["authorization"]
    assert client(method, path, headers={"Authorization": wrong}).status == 401
    for scope in operation.scopes:
        reply = client(method, path, scopes=tuple(set(SCOPES) - {scope}))
        assert reply.status == 403
        assert scope in reply.json["message"]
    assert client(method, path, scopes=operation.scopes).status not in (401, 403)


def test_tokens_end_and_can_be_revoked(client: Any, clock: Any) -> None:
    token = client.sandbox.token(lifetime=60)
    headers = {"Authorization": f"Bearer {token}"}
    assert client("GET", "/v2/images/1", headers=headers).status == 200
    clock.now += 60
    assert client("GET", "/v2/images/1", headers=headers).status == 401
    lasting = client.sandbox.token(["user.view"])
    client.sandbox.revoke(lasting)
    assert client("GET", "/v2/images/1", headers={"Authorization": f"Bearer {lasting}"}).status == 401


@pytest.mark.parametrize(
    ("query", "code", "path"),
    [
        ("page=x", "VALIDATION_INVALID_TYPE", "$.query.page"),
        ("page=1.5", "VALIDATION_INVALID_TYPE", "$.query.page"),
        ("page=0", "VALIDATION_OUT_OF_RANGE", "$.query.page"),
        ("page=1&page=2", "VALIDATION_INVALID_TYPE", "$.query.page"),
        ("per_page=501", "VALIDATION_OUT_OF_RANGE", "$.query.per_page"),
        ("safe=yes", "VALIDATION_INVALID_TYPE", "$.query.safe"),
        ("aspect_ratio=wide", "VALIDATION_INVALID_TYPE", "$.query.aspect_ratio"),
        ("sort=best", "VALIDATION_INVALID_ENUM_VALUE", "$.query.sort"),
        ("image_type=photo&image_type=film", "VALIDATION_INVALID_ENUM_VALUE", "$.query.image_type[1]"),
        ("added_date=2020-13-01", "VALIDATION_INVALID_FORMAT", "$.query.added_date"),
        ("added_date=0000-01-01", "VALIDATION_INVALID_VALUE", "$.query.added_date"),
        ("qeury=cat", "VALIDATION_UNKNOWN", "$.query.qeury"),
    ],
)
def test_wrong_parameters(client: Any, query: str, code: str, path: str) -> None:
    reply = client("GET", f"/v2/images/search?{query}")
    assert reply.status == 400
    [error] = reply.json["errors"]
    assert path == error["path"]
    assert (
        code in (error["code"], "VALIDATION_INVALID_VALUE" if "0000" not in query else error["code"])
        or code == error["code"]
    )
    assert error["message"]


def test_everything_that_is_wrong_is_told_at_once(client: Any) -> None:
    reply = client("GET", "/v2/images?page=1&view=huge")
    assert {error["path"] for error in reply.json["errors"]} == {"$.query.page", "$.query.view", "$.query.id"}


@pytest.mark.parametrize("path", ["/v2/images/abc", "/v2/images/0123", "/v2/images/%20"])
def test_wrong_ids_in_paths(client: Any, path: str) -> None:
    assert client("GET", path).json["errors"][0]["path"] == "$.path.id"


def test_wrong_bodies(client: Any) -> None:
    path = "/v2/images/collections"

    def post(body: bytes | None, kind: str | None = "application/json") -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {client.sandbox.token()}", "User-Agent": "t"}
        if kind:
            headers["Content-Type"] = kind
        response = client.pool.request("POST", client.sandbox.url + path, body=body, headers=headers)
        return response.status, response.json().get("errors", [{}])[0].get("path", "")

    assert post(None) == (400, "$.body")
    assert post(b"{") == (400, "$.body")
    assert post(b"\xff") == (400, "$.body")
    assert post(b"[]") == (400, "$.body")
    assert post(b"{}") == (400, "$.body.name")
    assert post(b'{"name": 5}') == (400, "$.body.name")
    assert post(b'{"name": "x"}', "text/plain") == (415, "")
    assert post(b'{"name": "x"}', None) == (415, "")
    assert post(b'{"name": "x"}', "application/json; charset=utf-8")[0] == 201


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("/v2/images/licenses", {"images": []}, "$.body.images"),
        ("/v2/editorial/images/licenses", {"editorial": [], "country": "USA"}, "$.body.editorial"),
        ("/v2/ai/audio/renders", {"audio_renders": []}, "$.body.audio_renders"),
    ],
)
def test_a_list_of_nothing(client: Any, path: str, body: Any, place: str) -> None:
    reply = client("POST", path, body)
    assert (reply.status, reply.json["errors"][0]["path"]) == (400, place)


def test_paths_and_verbs(client: Any) -> None:
    assert client("GET", "/v2/nothing").json == {"message": "Not Found"}
    assert client("GET", "/").status == 404
    reply = client("DELETE", "/v2/images/search")
    assert (reply.status, reply.headers["Allow"]) == (405, "GET")
    assert client("PUT", "/v2/images/collections/1").headers["Allow"] == "DELETE, GET, POST"
    assert client("HEAD", "/v2/images/1").status == 405
    assert "data" in client.get("/v2/images/search")


def test_a_user_agent_is_required(client: Any) -> None:
    reply = client("GET", "/v2/images/1", headers={"User-Agent": urllib3.util.SKIP_HEADER})
    assert (reply.status, reply.json["errors"][0]["path"]) == (400, "$.headers.User-Agent")


def test_gzip_when_asked_for_and_worth_it(client: Any) -> None:
    def raw(path: str, encoding: str) -> Any:
        headers = {"Authorization": f"Bearer {client.sandbox.token()}", "Accept-Encoding": encoding}
        return client.pool.request("GET", client.sandbox.url + path, headers=headers, decode_content=False)

    plain, packed = raw("/v2/images/search", "identity"), raw("/v2/images/search", "br, gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in raw("/v2/images/search?per_page=0", "gzip").headers


def test_rate_limit(start: Any, clock: Any) -> None:
    client = start(rate_limit=(2, 30))
    first, missing = client("GET", "/v2/images/1"), client("GET", "/v2/images/404")
    assert [reply.headers["RateLimit-Remaining"] for reply in (first, missing)] == ["1", "0"]
    refused = client("GET", "/v2/images/1")
    reset = round((clock.now + 30) * 1000)
    assert refused.status == 429
    assert refused.json == {"message": "Rate limit exceeded", "limit": 2, "remaining": 0, "reset": reset}
    assert refused.headers["RateLimit-Limit"] == "2"
    assert refused.headers["RateLimit-Reset"] == str(reset)
    clock.now += 30
    assert client("GET", "/v2/images/1").status == 200
    client("GET", "/v2/images/1")
    client.sandbox.reset()
    assert client("GET", "/v2/images/1").status == 200


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(200, {"id": "1"}), "is required"),
        (Answer(200, {"id": 1, "media_type": "image", "contributor": {"id": "1"}}), "$.id"),
        (
            Answer(200, {"id": "1", "media_type": "image", "contributor": {"id": "1"}, "idd": 1}),
            "idd is not known",
        ),
        (Answer(201, {}), "status 201"),
    ],
)
def test_an_answer_that_breaks_the_contract_fails_the_test(
    monkeypatch: Any, answer: Answer, told: str
) -> None:
    monkeypatch.setitem(HANDLERS, "get_image", lambda call: answer)
    seen: list[Any] = []
    with pytest.raises(SandboxError, match="get_image"):
        get_one_image(seen)
    [response] = seen
    assert response.status == 500
    assert told in response.json()["message"]


def get_one_image(seen: list[Any]) -> None:
    with Sandbox(images=10) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.token()}"}
        seen.append(urllib3.request("GET", f"{sandbox.url}/v2/images/1", headers=headers))


def test_a_refusal_is_checked_too(monkeypatch: Any) -> None:
    def refuse(call: Any) -> Answer:
        raise Refusal(404, "Not Found", [{"code": "X"}])

    monkeypatch.setitem(HANDLERS, "get_image", refuse)
    with pytest.raises(SandboxError, match="message is required"):
        get_one_image([])


def test_answers_without_a_body_and_documented_failures() -> None:
    operation = CONTRACT.operations["delete_lightbox"]
    assert CONTRACT.violations(operation, 204, None) == []
    assert CONTRACT.violations(operation, 204, {}) == [
        "delete_lightbox: status 204 has no body in the contract"
    ]
    assert CONTRACT.violations(operation, 418, {}) == []


def test_an_exception_in_the_sandbox_fails_the_test(monkeypatch: Any) -> None:
    def broken(call: Any) -> Answer:
        raise RuntimeError("oh no")

    monkeypatch.setitem(HANDLERS, "get_image", broken)
    with pytest.raises(SandboxError, match="oh no"):
        get_one_image([])


def test_an_error_of_the_test_itself_wins(monkeypatch: Any) -> None:
    def refuse(call: Any) -> Answer:
        raise Refusal(404, "Not Found", [{"code": "X"}])

    class OfTheTest(list[Any]):
        def append(self, response: Any) -> None:
            raise ZeroDivisionError

    monkeypatch.setitem(HANDLERS, "get_image", refuse)
    with pytest.raises(ZeroDivisionError):
        get_one_image(OfTheTest())


def test_requests_are_recorded(client: Any) -> None:
    client(
        "POST",
        "/v2/images/licenses",
        {"images": [{"image_id": "1"}]},
        size="small",
        headers={"X-Mine": "yes"},
    )
    request = client.sandbox.requests[-1]
    assert (request.method, request.path, request.query) == ("POST", "/v2/images/licenses", "size=small")
    assert request.headers["x-mine"] == "yes"
    assert "X-MINE" in request.headers
    assert "x-mine" in repr(request.headers)
    assert len(request.headers) == len(list(request.headers))
    assert request.json() == {"images": [{"image_id": "1"}]}


def speak(url: str, text: bytes) -> bytes:
    port = int(url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(text)
        answer = b""
        while part := connection.recv(65536):
            answer += part
            if text.startswith(b"GET") or b"Connection: close" in answer or b'"}' in answer:
                break
    return answer


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: x", b"400"),
        (b"Content-Length: 99999999", b"413"),
        (b"Transfer-Encoding: chunked", b"411"),
    ],
)
def test_bodies_that_are_not_read(client: Any, head: bytes, status: bytes) -> None:
    answer = speak(client.sandbox.url, b"POST /v2/images HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 " + status)


def test_a_client_that_waits_for_100_continue(client: Any) -> None:
    head = b"POST /v2/images HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}"
    answer = speak(client.sandbox.url, head)
    assert answer.startswith(b"HTTP/1.1 100 Continue")


def test_connections_are_kept_alive(client: Any) -> None:
    pool = urllib3.HTTPConnectionPool("127.0.0.1", int(client.sandbox.url.rpartition(":")[2]))
    for _ in range(5):
        pool.request("GET", "/v2/images/1")
    assert pool.num_connections == 1
    pool.close()


def test_faults_know_the_name_of_every_route(client: Any) -> None:
    client.sandbox.faults.add(Fault(status=503, operation="authorize"))
    assert client("GET", "/v2/oauth/authorize").status == 503
    assert json.loads(client("GET", "/v2/images/1").data)["id"] == "1"


def examples() -> Iterator[tuple[str, str, Any]]:
    """Every example of a parameter in the contract: operation, name, value."""
    for document in CONTRACT._documents.values():
        for item in document.get("paths", {}).values():
            for node in item.values():
                for parameter in map(CONTRACT._documents.resolve, node.get("parameters", [])):
                    if "example" in parameter:
                        yield node["operationId"], parameter["name"], parameter["example"]


#: Examples that need company, and what keeps them company.
COMPANY = {
    "ai_search": {"ai_industry": "retail", "ai_objective": "awareness"},
    "start_date": {"end_date": "2020-05-31"},
    "end_date": {"start_date": "2020-05-29"},
}
#: The operations that want it.
NOT_ALONE = frozenset(("search_images", "get_updated_images", "get_updated_videos"))


def test_the_examples_of_the_contract_are_understood(client: Any) -> None:
    tried = 0
    known = {(operation_id, name): value for operation_id, name, value in examples()}
    for (operation_id, name), value in known.items():
        operation = CONTRACT.operations[operation_id]
        places = {parameter.name: parameter.place for parameter in operation.parameters}
        if operation.method != "GET" or operation.public or places[name] != "query":
            continue
        needed = {p.name: known[operation_id, p.name] for p in operation.parameters if p.required}
        required = {name: value for name, value in needed.items() if places[name] == "query"}
        company = COMPANY.get(name, {}) if operation_id in NOT_ALONE else {}
        path = operation.path.format(**{name: quote(str(value), safe="") for name, value in needed.items()})
        text = str(value).lower() if isinstance(value, bool) else value
        reply = client("GET", path, **{**required, **company, name: text})
        wrong_collection = name == "share_code" and reply.status == 404
        assert reply.status == 200 or wrong_collection, (operation_id, name, value, reply.data)
        tried += 1
    assert tried > 50


def test_a_body_that_the_contract_does_not_require(client: Any) -> None:
    operation = dataclasses.replace(CONTRACT.operations["download_image"], body_required=False)
    application = client.sandbox._now.application
    client("GET", "/v2/images/1")
    assert application._body(client.sandbox.requests[-1], operation) == {}
