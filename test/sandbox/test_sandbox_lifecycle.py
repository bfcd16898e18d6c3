"""Starting, stopping, starting again with the same database, and the command line."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import urllib3

import shutterstock_api.sandbox
from shutterstock_api.sandbox import Sandbox, SandboxError, pytest_plugin
from shutterstock_api.sandbox.__main__ import main

ROOT = Path(shutterstock_api.sandbox.__file__).parents[2]


def test_nothing_runs_before_start_and_after_stop() -> None:
    before = set(threading.enumerate())
    sandbox = Sandbox(images=10)
    with pytest.raises(SandboxError, match="not running"):
        sandbox.url  # noqa: B018
    sandbox.start()
    url = sandbox.url
    assert sandbox.start().url == url
    pool = urllib3.PoolManager(retries=False)
    pool.request("GET", f"{url}/v2/images/1")
    begin = time.perf_counter()
    sandbox.stop()
    sandbox.stop()
    assert time.perf_counter() - begin < 2
    assert set(threading.enumerate()) == before
    with pytest.raises(urllib3.exceptions.HTTPError):
        pool.request("GET", f"{url}/v2/images/1")
    pool.clear()
    sandbox.stop()


def test_a_block_may_stop_early() -> None:
    with Sandbox(images=10) as sandbox:
        sandbox.stop()


def test_a_port_that_is_taken(client: Any) -> None:
    port = int(client.sandbox.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        Sandbox(port=port).start()


def test_a_database_outlives_the_sandbox(start: Any, tmp_path: Path) -> None:
    database = tmp_path / "sandbox.sqlite"
    first = start(database=database, allotment=5)
    token, [result] = (
        first.sandbox.token(),
        first.license({"image_id": "1", "editorial_acknowledgement": True}),
    )
    made = first("POST", "/v2/images/collections", {"name": "Kept"}).json["id"]
    key = first.sandbox.key
    first.sandbox.stop()
    second = start(database=database)
    assert second.sandbox.allotment() == 4
    assert second.sandbox.licenses()[-1]["id"] == result["license_id"]
    assert second.get(f"/v2/images/collections/{made}")["name"] == "Kept"
    assert second("GET", "/v2/images/1", headers={"Authorization": f"Bearer {token}"}).status == 200
    assert second.sandbox.key == key
    link = result["download"]["url"].replace(first_url(result), second.sandbox.url)
    assert second("GET", link).status == 200


OF_RELEASE_1_1 = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO meta VALUES ('signing_key', 'k');
CREATE TABLE subscription (id TEXT PRIMARY KEY, license TEXT, kind TEXT, allotment INTEGER);
INSERT INTO subscription VALUES ('s12345678', 'standard', 'credits', 7);
CREATE TABLE license (
    number INTEGER PRIMARY KEY AUTOINCREMENT, image_id TEXT NOT NULL, subscription_id TEXT NOT NULL,
    license TEXT NOT NULL, username TEXT NOT NULL, time REAL NOT NULL, is_downloadable INTEGER NOT NULL,
    format TEXT NOT NULL, size TEXT NOT NULL, charge INTEGER NOT NULL,
    metadata TEXT, price REAL, search_id TEXT
);
CREATE INDEX license_image ON license (image_id);
INSERT INTO license VALUES
    (41, '17', 's12345678', 'standard', 'photo.editor', 1.5e9, 1, 'jpg', 'huge', 1, '{"a": 1}', NULL, NULL);
CREATE TABLE collection (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,
    created REAL NOT NULL, updated REAL NOT NULL, items_updated REAL NOT NULL
);
INSERT INTO collection VALUES (51, 'own', 'photo.editor', 'Kept', 1.5e9, 1.5e9, 1.5e9);
CREATE TABLE item (
    number INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, image_id TEXT NOT NULL,
    added REAL NOT NULL, UNIQUE (collection, image_id)
);
INSERT INTO item VALUES (1, 51, '18', 1.5e9);
CREATE TABLE upload (id TEXT PRIMARY KEY, subject TEXT NOT NULL, colour TEXT NOT NULL);
"""


def test_a_database_of_release_1_1_opens(start: Any, tmp_path: Path) -> None:
    database = tmp_path / "sandbox.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(OF_RELEASE_1_1)
    for new in ("i42", "i43"):  # the second one opens what the first one has changed
        client = start(database=database)
        assert [entry["id"] for entry in client.get("/v2/images/licenses", image_id="17")["data"]] == ["i41"]
        assert [item["id"] for item in client.get("/v2/images/collections/51/items")["data"]] == ["18"]
        [result] = client.license({"image_id": "1", "editorial_acknowledgement": True})
        assert result["license_id"] == new
        client.sandbox.stop()


def first_url(result: dict[str, Any]) -> str:
    return str(result["download"]["url"]).partition("/download")[0]


def test_reset(client: Any) -> None:
    client.license({"image_id": "1", "editorial_acknowledgement": True})
    client("DELETE", "/v2/images/collections/126351027")
    token = client.sandbox.token()
    client.sandbox.revoke(token)
    client.sandbox.faults.add(shutterstock_api.sandbox.Fault(status=500))
    client.sandbox.reset()
    assert client.sandbox.allotment() == 10_000
    assert [licence["id"] for licence in client.sandbox.licenses()] == [
        "i1188641340",
        "v1188641341",
        "a1188641342",
        "x1188641343",
        "i1188641347",
    ]
    named = [(licence["image_id"], licence["video_id"]) for licence in client.sandbox.licenses()]
    assert named[:3] == [("1110335168", None), (None, "1048213390"), (None, None)]
    assert client.get("/v2/images/collections")["data"][0]["id"] == "126351027"
    assert client("GET", "/v2/images/1", headers={"Authorization": f"Bearer {token}"}).status == 200


def test_a_transaction_that_fails_leaves_nothing_behind(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = client.sandbox._now.store
    with pytest.raises(AttributeError):
        store.license([store, None], 0.0)
    assert client.sandbox.allotment() == 10_000


def test_many_connections_at_once(client: Any) -> None:
    with ThreadPoolExecutor(12) as threads:
        replies = list(threads.map(lambda n: client("GET", f"/v2/images/{n + 1}"), range(240)))
    assert [reply.json["id"] for reply in replies] == [str(n + 1) for n in range(240)]


def test_configuration(monkeypatch: pytest.MonkeyPatch, client: Any) -> None:
    class Configuration:
        host = access_token = ""

    monkeypatch.setattr("shutterstock_api.Configuration", Configuration, raising=False)
    configuration = client.sandbox.configuration()
    assert configuration.host == client.sandbox.url
    everything = client.sandbox.token()
    assert configuration.access_token.count("/") == everything.count("/") == 2
    assert configuration.access_token != everything  # no two tokens are alike
    fewer = client.sandbox.configuration(scopes=["licenses.view"])
    assert len(fewer.access_token) < len(everything)


def test_the_fixture() -> None:
    running = pytest_plugin.sandbox.__wrapped__()
    with pytest.warns(DeprecationWarning, match="use `shutterstock_sandbox`"):
        sandbox = next(running)
    assert sandbox.allotment() == 10_000
    assert next(running, None) is None


def test_a_missing_extra_is_named() -> None:
    script = "import sys; sys.modules.update(PIL=None, yaml=None); import shutterstock_api.sandbox"
    outcome = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 1
    assert "the sandbox needs Pillow, PyYAML: pip install Pillow PyYAML\n" in outcome.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command(tmp_path: Path, number: signal.Signals) -> None:
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "shutterstock_api.sandbox",
        "--database",
        str(tmp_path / "db"),
        "--images",
        "100",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = {}
        for line in process.stdout:
            name, _, value = line.strip().removeprefix("export ").partition("=")
            told[name] = value
            if line.startswith("Press Ctrl-C"):
                break
        url, headers = (
            told["SHUTTERSTOCK_API_HOST"],
            {"Authorization": f"Bearer {told['SHUTTERSTOCK_API_TOKEN']}"},
        )
        assert (
            urllib3.request("GET", f"{url}/v2/images/search?per_page=0", headers=headers).json()[
                "total_count"
            ]
            > 50
        )
        process.send_signal(number)
        assert process.wait(10) == 0
        assert "GET /v2/images/search 200" in process.stdout.read()
        assert process.stderr.read() == ""
    assert told["SHUTTERSTOCK_SECRET"]


def test_the_command_in_this_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        signal, "signal", lambda number, handler: handler(number, None)
    )  # told to end at once
    assert main(["--images", "5"]) == 0
    assert "listens on http://127.0.0.1:" in capsys.readouterr().out


def test_a_command_that_cannot_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    broken = tmp_path / "notes.txt"
    broken.write_text("This is no database. " * 100)
    for arguments in (
        ["--images", "0"],
        ["--database", str(broken)],
        ["--database", str(tmp_path / "no" / "db")],
    ):
        with pytest.raises(SystemExit):
            main(arguments)
        assert "error: " in capsys.readouterr().err


def test_a_command_whose_port_is_taken(
    client: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    port = client.sandbox.url.rpartition(":")[2]
    with pytest.raises(SystemExit):
        main(["--port", port])
    assert f"port {port} is in use already" in capsys.readouterr().err


def test_a_client_of_the_sandbox():
    with Sandbox() as sandbox, sandbox.client(["collections.view"], retries=0) as client:
        assert client.images.get_image("17").id == "17"
        assert client.configuration.retries == 0
        with pytest.raises(shutterstock_api.ForbiddenError):
            client.users.get_user()
