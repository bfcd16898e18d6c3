"""The command line as a process, against the sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scripted_server import Server
from shell import ROOT, Shell

import shutterstock_api
from shutterstock_api.sandbox import Fault, Sandbox

pytestmark = pytest.mark.tools

GROUPS = "images videos audio sound-effects editorial users contributors".split()
posix = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")


def bought(sandbox: Sandbox) -> int:
    """Return how many licences were bought since the beginning."""
    return sum(
        request.path.endswith("/licenses") and request.method == "POST" for request in sandbox.requests
    )


# Operations.


def test_a_search(shell: Shell) -> None:
    status, out, err = shell("images", "search", "--query", "cat", "--per-page", "2")
    assert status == 0
    heading, *lines = out.splitlines()
    assert heading.split()[:2] == ["id", "description"]
    assert len(lines) == 2
    assert "2 of " in err


def test_a_search_as_json(shell: Shell) -> None:
    status, out, err = shell("images", "search", "--query", "cat", "--per-page", "2", "--json")
    assert (status, err) == (0, "")
    assert len(json.loads(out)["data"]) == 2


def test_many_pages_as_json_lines(shell: Shell) -> None:
    status, out, err = shell("images", "search", "--query", "cat", "--limit", "30", "--jsonl")
    assert (status, err) == (0, "")
    assert len({json.loads(line)["id"] for line in out.splitlines()}) == 30


def test_a_pipe_that_is_closed_is_no_traceback(shell: Shell) -> None:
    command = [*shell.command("images", "search", "--limit", "900", "--jsonl"), "--view", "full"]
    with subprocess.Popen(
        command, cwd=shell.folder, env=shell.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_collection(shell: Shell) -> None:
    made = json.loads(shell("images", "create-lightbox", "--name", "Cats", "--json").out)
    items = ["--items", "17", "--items", "18"]
    assert shell("images", "add-lightbox-items", made["id"], *items).status == 0
    out = shell("images", "collection-items", made["id"], "--columns", "id").out
    assert out.split() == ["id", "17", "18"]


def test_nothing_is_there(shell: Shell) -> None:
    status, out, err = shell("images", "get", "404")
    assert (status, out) == (5, "")
    assert err.startswith("Error: GET /v2/images/404: 404 Not Found")


def test_no_credentials(shell: Shell) -> None:
    status, _, err = shell("images", "collections", SHUTTERSTOCK_API_TOKEN="")
    assert status == 4
    assert "401" in err


def test_a_service_that_fails(shell: Shell, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(operation="get_image", status=500))
    assert shell("images", "get", "17").status == 8


def test_letters_that_the_terminal_lacks(shell: Shell) -> None:
    made = json.loads(shell("images", "create-lightbox", "--name", "\N{CAT FACE}", "--json").out)
    words = ["images", "collection", made["id"], "--fields", "name"]
    assert shell(*words, PYTHONIOENCODING="latin-1") == (0, "name  \\U0001f431\n", "")


@pytest.mark.parametrize("group", GROUPS)
def test_help(shell: Shell, group: str) -> None:
    status, out, err = shell(group, "--help")
    assert (status, err) == (0, "")
    assert "All operations:" in out
    assert not {line for line in out.splitlines() if len(line) > 80}


def test_help_says_what_each_group_is_for(shell: Shell) -> None:
    out = shell("--help").out
    assert "  images            Search for images, look them up, collect, license" in out
    assert "  test              Try the connection, and how arguments reach the service\n" in out
    assert (
        "Search for images, look them up, collect, license and download them."
        in shell("images", "--help").out
    )


@pytest.mark.parametrize("task", ["license", "download", "login", "check"])
def test_help_fits_in_a_terminal(shell: Shell, task: str) -> None:
    out = shell(task, "--help").out
    assert not {line for line in out.splitlines() if len(line) > 80}
    assert ("sound-effect" in out) == (task in ("license", "download"))


def test_version(shell: Shell) -> None:
    assert shell("--version").out == f"shutterstock-api {shutterstock_api.__version__}\n"


def test_a_sandbox_of_its_own(tmp_path: Path) -> None:
    alone = Shell(tmp_path, {})
    status, out, err = alone("--sandbox", "images", "get", "17", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["id"] == "17"
    status, out, _ = alone("license", "17", "--yes", "--to", "pictures", "--sandbox")
    assert status == 0
    assert (tmp_path / "pictures" / "17.jpg").read_bytes()[:2] == b"\xff\xd8"
    assert {path.name for path in tmp_path.iterdir()} == {"pictures"}  # its ledger is gone, as the sandbox is


@posix
def test_completion(shell: Shell) -> None:
    status, out, _ = shell(_SHUTTERSTOCK_API_COMPLETE="bash_source")
    assert status == 0
    assert "complete -o nosort -F" in out
    words = {"COMP_WORDS": "shutterstock-api images sim", "COMP_CWORD": "2"}
    _, out, _ = shell(_SHUTTERSTOCK_API_COMPLETE="bash_complete", **words)
    assert out == "plain,similar\n"


@posix
def test_an_interrupt(shell: Shell, server: Server) -> None:
    server.answers(server.hang)
    command = shell.command("images", "get", "17", "--host", server.url)
    with subprocess.Popen(
        command, cwd=shell.folder, env=shell.environment, stderr=subprocess.PIPE, text=True
    ) as process:
        while not server.requests:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert "Interrupted.\n" in process.stderr.read()
    assert process.returncode == 130


def test_the_script_and_what_is_missing(tmp_path: Path) -> None:
    code = """
import sys
sys.modules["click"] = None
from shutterstock_api.__main__ import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "The command line needs click, which is not installed: pip install click\n"


# check and login.


def test_check(shell: Shell, sandbox: Sandbox) -> None:
    status, out, err = shell("check")
    assert (status, err) == (0, "")
    rows = dict(line.split(maxsplit=1) for line in out.splitlines() if not line.startswith("subscriptions"))
    assert rows["version"] == shutterstock_api.__version__
    assert rows["host"] == f"{sandbox.url} (SHUTTERSTOCK_API_HOST)"
    assert rows["credentials"] == "a token (SHUTTERSTOCK_API_TOKEN)"
    assert rows["service"] == "answers"
    assert "licenses.create" in rows["scopes"]
    assert "10000 of 10000 left" in out
    assert sandbox.token() not in out
    assert bought(sandbox) == 0


def test_check_as_json(shell: Shell) -> None:
    assert json.loads(shell("check", "--json").out)["proxy"] == "none"


def test_check_says_where_proxy_and_authorities_come_from(shell: Shell, tmp_path: Path) -> None:
    proxy = "http://user:password@127.0.0.1:9"
    status, out, err = shell(
        "check",
        "--host",
        "https://api.example",
        "--timeout",
        "1",
        HTTPS_PROXY=proxy,
        NO_PROXY="",
        no_proxy="",
    )
    assert status == 3
    assert "proxy        http://127.0.0.1:9 (HTTPS_PROXY)" in out
    assert "host         https://api.example (--host)" in out
    assert "ca_bundle    " in out
    assert "password" not in out + err


def test_check_with_key_and_secret_or_nothing(shell: Shell, sandbox: Sandbox) -> None:
    both = {"SHUTTERSTOCK_KEY": sandbox.key, "SHUTTERSTOCK_SECRET": sandbox.secret}
    status, out, err = shell("check", SHUTTERSTOCK_API_TOKEN="", **both)
    assert (status, err) == (0, "")
    assert "key and secret (SHUTTERSTOCK_KEY, SHUTTERSTOCK_SECRET)" in out
    assert sandbox.secret not in out
    assert "none" in shell("check", SHUTTERSTOCK_API_TOKEN="").out


def test_check_of_a_token_that_is_refused(shell: Shell) -> None:
    status, out, err = shell("check", SHUTTERSTOCK_API_TOKEN="v2/of-somebody-else")
    assert status == 4
    assert "problem      GET /v2/user/access_token: 401" in out
    assert "of-somebody-else" not in out + err


BROWSER = """
import re, sys
from html import unescape
from urllib.parse import urlencode, urljoin
import urllib3
pool = urllib3.PoolManager(retries=False, timeout=10)
page = urljoin(sys.argv[1], pool.request("GET", sys.argv[1], redirect=False).headers["Location"])
html = pool.request("GET", page).data.decode()
action = unescape(re.search(r'<form method="post" action="(.*?)">', html)[1])
fields = dict(re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', html))
form = {name: unescape(text) for name, text in fields.items()} | {"decision": "allow"}
sent = pool.request("POST", urljoin(page, action), body=urlencode(form), redirect=False)
pool.request("GET", sent.headers["Location"])
"""


@posix
def test_login(shell: Shell, sandbox: Sandbox) -> None:
    (shell.folder / "browser.py").write_text(BROWSER)
    shell.variables |= {"SHUTTERSTOCK_KEY": sandbox.key, "SHUTTERSTOCK_SECRET": sandbox.secret}
    shell.variables["SHUTTERSTOCK_API_TOKEN"] = ""
    browser = f"{sys.executable} {shell.folder}/browser.py %s"
    status, out, err = shell("login", BROWSER=browser)
    assert (status, out) == (0, "")
    stored = shell.folder / "shutterstock-api" / "token.json"
    assert f"Logged in. The token is in {stored}." in err
    assert stored.stat().st_mode & 0o777 == 0o600
    status, out, _ = shell("check")
    assert status == 0
    assert f"the token in {stored} (login)" in out
    assert "user.view" in out
    token = json.loads(stored.read_text())["access_token"]
    assert token not in out + err
    words = ["login", "--token-file", "token.json", "--scope", "user.view"]
    status, _, err = shell(*words, BROWSER=browser)
    assert status == 0
    assert "SHUTTERSTOCK_TOKEN_FILE=token.json" in err
    status, out, err = shell("check", "--token-file", "token.json", "--json")
    assert status == 4
    assert json.loads(out)["scopes"] == ["user.view"]
    assert json.loads(out)["problem"].startswith("GET /v2/user/subscriptions: 403 ")
    assert "purchases.view" in err


def test_login_without_an_application(shell: Shell) -> None:
    status, _, err = shell("login")
    assert status == 2
    assert "SHUTTERSTOCK_KEY" in err
