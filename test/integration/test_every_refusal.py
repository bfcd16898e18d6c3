"""Each operation of the contract, refused: credentials, and values that cannot be."""

from __future__ import annotations

import pytest
from every_call import FIRST_CALLS, calls_where, every_operation, method

from shutterstock_api import BadRequestError, ForbiddenError, NotFoundError, UnauthorizedError
from shutterstock_api.calls.binding import resolve
from shutterstock_api.sandbox import SCOPES

# Credentials.


@calls_where(lambda operation: not operation.public)
def test_nobody_is_refused(connect, sandbox, call):
    with pytest.raises(UnauthorizedError) as caught:
        method(connect(), call)(**call.required)
    error = caught.value
    (request,) = sandbox.requests
    assert "Authorization" not in request.headers
    assert (error.status, error.message, error.errors) == (401, "Invalid access token", [])
    assert (error.method, error.path, error.attempts) == (call.operation.method, call.path, 1)
    assert "No credentials were configured: set access_token" in error.hint
    assert error.hint in str(error)


@every_operation
def test_a_token_that_is_not_valid_any_more(connect, sandbox, call):
    token = sandbox.token()
    sandbox.revoke(token)
    with pytest.raises(UnauthorizedError) as caught:
        method(connect(access_token=token), call)(**call.required)
    if call.operation.scopes:
        assert caught.value.hint.endswith(f"{' and '.join(call.operation.scopes)}.")
    else:
        assert (
            caught.value.hint == "The service does not accept these credentials, or no longer accepts them."
        )
    assert token not in str(caught.value)


@calls_where(lambda operation: operation.public)
def test_nobody_is_let_in_where_anybody_may_ask(connect, sandbox, call):
    assert type(method(connect(), call)(**call.required)) is call.returns
    assert "Authorization" not in sandbox.requests[0].headers


@calls_where(lambda operation: operation.basic)
def test_key_and_secret_are_enough(connect, sandbox, call):
    answer = method(connect(username=sandbox.key, password=sandbox.secret), call)(**call.required)
    assert type(answer) is call.returns
    assert sandbox.requests[0].headers["Authorization"].startswith("Basic ")


@calls_where(lambda operation: operation.basic)
def test_a_wrong_secret_is_not(connect, sandbox, call):
    with pytest.raises(UnauthorizedError, match="does not accept these credentials"):
        method(connect(username=sandbox.key, password="guess"), call)(**call.required)


@calls_where(lambda operation: not operation.basic)
def test_key_and_secret_are_not_enough(connect, sandbox, call):
    with pytest.raises(UnauthorizedError) as caught:
        method(connect(username=sandbox.key, password=sandbox.secret), call)(**call.required)
    scopes = call.operation.scopes
    what = f" with the scope{'s' if len(scopes) > 1 else ''} {' and '.join(scopes)}" if scopes else ""
    assert caught.value.hint == f"Key and secret are not enough here: set access_token to a token{what}."
    assert "Authorization" not in sandbox.requests[0].headers  # the secret stays at home


@calls_where(lambda operation: not operation.scopes)
def test_any_token_is_enough(connect, sandbox, call):
    answer = method(connect(access_token=sandbox.token([])), call)(**call.required)
    assert type(answer) is call.returns


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        pytest.param(call, scope, id=f"{name}-{scope}")
        for name, call in FIRST_CALLS.items()
        for scope in call.operation.scopes
    ],
)
def test_a_token_without_the_scope(connect, sandbox, call, missing):
    before = sandbox.licenses()
    with pytest.raises(ForbiddenError) as caught:
        method(connect(access_token=sandbox.token(set(SCOPES) - {missing})), call)(**call.required)
    error = caught.value
    assert (error.status, error.attempts, len(sandbox.requests)) == (403, 1, 1)
    assert error.message == f"The access token lacks the scope {missing}"
    assert missing in error.hint
    assert error.hint.startswith("It needs a valid token with the scope")
    assert sandbox.licenses() == before


@calls_where(lambda operation: operation.scopes)
def test_a_token_with_just_these_scopes(connect, sandbox, call):
    answer = method(connect(access_token=sandbox.token(call.operation.scopes)), call)(**call.required)
    assert type(answer) is call.returns


# Refusals.


@calls_where(lambda operation: operation.path)
def test_there_is_no_such_thing(api, sandbox, call):
    nowhere = dict.fromkeys(call.operation.path, "404")
    with pytest.raises(NotFoundError) as caught:
        method(api, call)(**{**call.required, **nowhere})
    error = caught.value
    assert (error.status, error.message, error.errors, error.hint) == (404, "Not Found", [], None)
    assert error.path == call.operation.template.format(**nowhere)
    assert str(error).startswith(f"{call.operation.method} {error.path}: 404 Not Found: Not Found\n")
    assert (error.attempts, len(sandbox.requests)) == (1, 1)


@every_operation
def test_an_argument_that_the_service_does_not_know(client, call):
    with pytest.raises(BadRequestError) as caught:
        client.request(call.operation.method, call.path, query={"colour": "red"}, body=call.body)
    assert {
        "code": "VALIDATION_UNKNOWN",
        "message": "colour is not known here",
        "path": "$.query.colour",
    } in (caught.value.errors)


def needed_fields(operation):
    return getattr(resolve(operation.body), "required_fields", ()) if operation.body else ()


@calls_where(needed_fields)
def test_a_body_that_lacks_a_field(client, call):
    needed = needed_fields(call.operation)
    with pytest.raises(BadRequestError) as caught:
        client.request(call.operation.method, call.path, body={})
    assert [error["path"] for error in caught.value.errors] == [f"$.body.{name}" for name in needed]
    assert {error["code"] for error in caught.value.errors} == {"VALIDATION_REQUIRED"}


ONE = {"images": [{"image_id": "1"}]}
VALUE, ENUM, FORMAT, RANGE = (
    f"VALIDATION_{name}" for name in ("INVALID_VALUE", "INVALID_ENUM_VALUE", "INVALID_FORMAT", "OUT_OF_RANGE")
)
REFUSED = [
    ("add_lightbox_items", {"body": {"items": [{"id": "1"}, {"id": "404"}]}}, VALUE, "$.body.items[1].id"),
    ("bulk_search_images", {"body": [{}] * 6}, RANGE, "$.body"),
    ("bulk_search_images", {"per_page": 21}, RANGE, "$.query.per_page"),
    ("bulk_search_images", {"body": [{}, {"sort": "best"}]}, ENUM, "$.body[1].sort"),
    ("bulk_search_images", {"body": [{}, {"query": "cat ("}]}, VALUE, "$.body[1].query"),
    ("bulk_search_images", {"body": [{"fields": "data("}]}, VALUE, "$.body[0].fields"),
    ("download_image", {"body": {"size": "giant"}}, ENUM, "$.body.size"),
    ("get_featured_lightbox", {"asset_hint": "3x"}, ENUM, "$.query.asset_hint"),
    ("get_featured_lightbox_items", {"per_page": 151}, RANGE, "$.query.per_page"),
    ("get_featured_lightbox_list", {"type": ["photo", "video"]}, ENUM, "$.query.type[1]"),
    ("get_image", {"id": "kitten"}, FORMAT, "$.path.id"),
    ("get_image", {"view": "huge"}, ENUM, "$.query.view"),
    ("get_image_categories", {"language": "tlh"}, ENUM, "$.query.language"),
    ("get_image_keyword_suggestions", {"body": {"text": ""}}, RANGE, "$.body.text"),
    ("get_image_license_list", {"per_page": 201}, RANGE, "$.query.per_page"),
    (
        "get_image_license_list",
        {"start_date": "2030-01-01T00:00:00Z", "end_date": "2020-01-01T00:00:00Z"},
        VALUE,
        "$.query.end_date",
    ),
    ("get_image_list", {"id": ["1", "x"]}, FORMAT, "$.query.id[1]"),
    ("get_image_recommendations", {"max_items": 501}, RANGE, "$.query.max_items"),
    ("get_image_suggestions", {"limit": 26}, RANGE, "$.query.limit"),
    ("get_lightbox", {"embed": "secret"}, ENUM, "$.query.embed[0]"),
    ("get_lightbox_items", {"sort": "popular"}, ENUM, "$.query.sort"),
    ("get_lightbox_list", {"page": 0}, RANGE, "$.query.page"),
    ("get_similar_images", {"per_page": 0}, RANGE, "$.query.per_page"),
    ("get_updated_images", {"interval": "a while"}, VALUE, "$.query.interval"),
    ("get_updated_images", {"interval": "1 DAY", "start_date": "2020-05-29"}, VALUE, "$.query.interval"),
    (
        "get_updated_images",
        {"start_date": "2020-05-01", "end_date": "2020-05-09"},
        VALUE,
        "$.query.start_date",
    ),
    ("license_images", {"body": {"images": ONE["images"] * 51}}, RANGE, "$.body.images"),
    ("license_images", {"size": "giant"}, ENUM, "$.query.size"),
    ("search_images", {"page": 0}, RANGE, "$.query.page"),
    ("search_images", {"per_page": 501}, RANGE, "$.query.per_page"),
    ("search_images", {"aspect_ratio": 0}, RANGE, "$.query.aspect_ratio"),
    ("search_images", {"color": "blueish"}, VALUE, "$.query.color"),
    ("search_images", {"query": "cat AND"}, VALUE, "$.query.query"),
    ("search_images", {"fields": "data("}, VALUE, "$.query.fields"),
    ("search_images", {"region": "Europe"}, VALUE, "$.query.region"),
    ("search_images", {"contributor_country": ["US", "NOT CA"]}, VALUE, "$.query.contributor_country"),
    ("search_images", {"ai_search": True}, VALUE, "$.query.ai_search"),
    ("upload_ephemeral_image", {"body": {"base64_image": "***"}}, VALUE, "$.body.base64_image"),
    (
        "upload_ephemeral_image",
        {"body": {"base64_image": "R0lGODlhAQABAAAAACw="}},
        VALUE,
        "$.body.base64_image",
    ),
]


@pytest.mark.parametrize(
    ("name", "given", "code", "path"), REFUSED, ids=[f"{name}-{given}"[:70] for name, given, *_ in REFUSED]
)
def test_a_value_that_the_service_refuses(api, sandbox, name, given, code, path):
    before = sandbox.licenses()
    with pytest.raises(BadRequestError) as caught:
        getattr(api, name)(**{**FIRST_CALLS[name].required, **given})
    error = caught.value
    assert (error.status, error.message, error.hint) == (400, "Validation failed", None)
    assert [(entry["code"], entry["path"]) for entry in error.errors] == [(code, path)]
    assert f"  - {error.errors[0]['message']} at {path}" in str(error)
    assert (error.attempts, len(sandbox.requests)) == (1, 1)
    assert sandbox.licenses() == before


def test_everything_that_is_wrong_is_told_at_once(api):
    with pytest.raises(BadRequestError) as caught:
        api.search_images(page=0, per_page=501, view="huge")
    assert {error["path"] for error in caught.value.errors} == {
        "$.query.page",
        "$.query.per_page",
        "$.query.view",
    }
    assert all(error["path"] in str(caught.value) for error in caught.value.errors)


def test_refused_before_it_is_sent(api, sandbox):
    with pytest.raises(TypeError, match="quary.*did you mean 'query'"):
        api.search_images(quary="cat")
    with pytest.raises(TypeError, match="per_page: expected int"):
        api.search_images(per_page="10")
    with pytest.raises(ValueError, match="id"):
        api.get_image("..")
    assert not sandbox.requests
