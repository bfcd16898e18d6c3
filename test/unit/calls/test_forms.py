"""Bodies that go out as forms: how they are written, and that they show nothing of what they carry."""

from __future__ import annotations

import pickle
from urllib.parse import parse_qsl

import pytest
from bound_arguments import bind

from shutterstock_api import AccessTokenRequest, ApiTypeError, ApiValueError, OauthApi
from shutterstock_api.schema.operation import Operation

TOKEN = OauthApi.operations["create_access_token"]
SECRET = "s3cret & more/=+%ä"
FIELDS = {"client_id": "my id", "client_secret": SECRET, "grant_type": "client_credentials", "expires": True}


@pytest.mark.parametrize("body", [AccessTokenRequest(**FIELDS, code=None), {**FIELDS, "code": None}])
def test_a_form(body):
    target, sent = bind(TOKEN, {"body": body})
    assert target == "/v2/oauth/access_token"
    assert sent == (
        b"client_id=my%20id&client_secret=s3cret%20%26%20more%2F%3D%2B%25%C3%A4"
        b"&grant_type=client_credentials&expires=true"
    )
    assert dict(parse_qsl(sent.decode())) == {**FIELDS, "expires": "true"}


def test_false_is_sent():
    _, sent = bind(TOKEN, {"body": {"client_id": "1", "grant_type": "x", "expires": False}})
    assert sent == b"client_id=1&grant_type=x&expires=false"


def test_a_field_that_this_version_does_not_know_is_sent():
    body = AccessTokenRequest(client_id="1", grant_type="x")
    body.additional_properties.update({"a b": 1.5, "none": None})
    assert bind(TOKEN, {"body": body})[1] == b"client_id=1&grant_type=x&a%20b=1.5"


def test_a_form_shows_nothing():
    _, sent = bind(TOKEN, {"body": FIELDS})
    assert {repr(sent), str(sent), f"{sent}", repr([sent])[1:-1]} == {f"<{len(sent)} bytes>"}
    assert pickle.loads(pickle.dumps(sent)) == sent == bytes(sent)


@pytest.mark.parametrize("body", [AccessTokenRequest(), {}])
def test_what_is_missing(body):
    with pytest.raises(ApiTypeError) as caught:
        bind(TOKEN, {"body": body})
    assert "  - body.client_id: required\n  - body.grant_type: required" in str(caught.value)


def test_all_that_is_wrong_at_once():
    with pytest.raises(ApiTypeError) as caught:
        bind(TOKEN, {"body": {"clientid": "1", "expires": "yes"}})
    for line in (
        "body.clientid: AccessTokenRequest has no such field; did you mean 'client_id'?",
        "body.expires: expected True or False, got 'yes' (str)",
        "body.client_id: required",
        "body.grant_type: required",
    ):
        assert f"  - {line}" in str(caught.value)


@pytest.mark.parametrize("value", [["1"], {"a": "1"}, ("1",)])
def test_a_form_holds_plain_values(value):
    body = AccessTokenRequest(client_id="1", grant_type="x")
    body.additional_properties["more"] = value
    with pytest.raises(ApiTypeError, match=r"body\.more: a form cannot contain lists or objects"):
        bind(TOKEN, {"body": body})


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ({"client_secret": 73555}, ApiTypeError, "body.client_secret: not usable as str (int; secret,"),
        ({"code": "73555\ud800"}, ApiValueError, "body.code: not usable as str (str; secret,"),
        ({"refresh_token": ["73555"]}, ApiTypeError, "body.refresh_token: not usable as str (list; secret,"),
        ("client_secret=73555", ApiTypeError, "body: expected AccessTokenRequest or dict, got str"),
    ],
)
def test_what_is_wrong_with_a_secret_is_said_without_it(body, error, message):
    bodies = [{"client_id": "1", "grant_type": "x", **body}] if isinstance(body, dict) else [body]
    bodies += [AccessTokenRequest(**bodies[0])] if isinstance(body, dict) else []
    for given in bodies:
        with pytest.raises(error) as caught:
            bind(TOKEN, {"body": given})
        assert message in str(caught.value)
        assert "73555" not in str(caught.value)


def test_facts_of_an_operation():
    plain = Operation("ask", "GET", "/ask")
    assert (plain.form, plain.location, plain.public) == (False, False, False)
    assert (TOKEN.form, TOKEN.location, TOKEN.public, TOKEN.sending) == (True, False, True, "write")
    authorize = OauthApi.operations["authorize"]
    assert (authorize.form, authorize.location, authorize.public) == (False, True, True)
    assert (authorize.returns, authorize.sending) == ("str", "read")
