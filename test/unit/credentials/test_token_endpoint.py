"""Who renews the token of a file, where the program has made no client."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from scripted_server import answer

from shutterstock_api.credentials.token import Token
from shutterstock_api.credentials.token_file import TokenFile

ENDED = Token("v2/ended", datetime(2020, 1, 1, tzinfo=UTC), "refresh-token")
READS = """
import sys
{line}
host, path = sys.argv[1:]
settings = Configuration(host, token_file=path, username="the-key", password="the-secret")
print(settings.access_token)
"""


def reads(line, server, path):
    """What a program prints that imports the class so and only reads the token."""
    command = [sys.executable, "-c", READS.format(line=line), server.url, str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "token.json"


def test_a_configuration_renews_its_token_without_a_client(server, path):
    TokenFile(path).write(ENDED)
    server.answers(answer(200, {"access_token": "v2/fresh", "expires_in": 3600}))
    done = reads("from shutterstock_api import Configuration", server, path)
    assert (done.stdout, done.stderr) == ("v2/fresh\n", "")
    assert dict(parse_qsl(server.request.body.decode()))["client_id"] == "the-key"


def test_the_module_alone_says_what_it_lacks(server, path):
    line = "from shutterstock_api.configuration import Configuration"
    TokenFile(path).write(Token("v2/good", datetime(2100, 1, 1, tzinfo=UTC), "refresh-token"))
    assert reads(line, server, path).stdout == "v2/good\n"
    TokenFile(path).write(ENDED)
    done = reads(line, server, path)
    assert "OAuthError: the token has to be renewed, and no client is loaded\n" in done.stderr
    assert "\n  import shutterstock_api.api_client\n" in done.stderr
    assert server.requests == []
