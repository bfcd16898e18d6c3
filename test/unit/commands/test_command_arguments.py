"""From the words of a command line to a request."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from scripted_server import TOKEN, Server, answer

from shutterstock_api.commands.program import run_program
from shutterstock_api.telemetry.log_output import log_to_stderr


@pytest.fixture(autouse=True)
def environment(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHUTTERSTOCK_API_HOST", server.url)
    monkeypatch.setenv("SHUTTERSTOCK_API_TOKEN", TOKEN)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    server.always(answer(200, {"data": []}))


def sent(server: Server, line: str, *more: str) -> tuple[str, Any]:
    """Run a command, and return what it sent: verb and target, and the body."""
    assert run_program([*line.split(), *more]) == 0
    request = server.requests.pop()
    return f"{request.verb} {request.target}", request.json if request.body else None


def refused(capsys: pytest.CaptureFixture[str], server: Server, line: str, *more: str) -> str:
    """Run a command that is wrong, and return what it says."""
    assert run_program([*line.split(), *more]) == 2
    assert server.requests == []
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("images get-similar-images 17 --per-page 5", "/v2/images/17/similar?per_page=5"),
        ("images similar 17", "/v2/images/17/similar"),
        ("images search --query cat --no-safe", "/v2/images/search?query=cat&safe=false"),
        ("images search --safe --aspect-ratio 1.5", "/v2/images/search?safe=true&aspect_ratio=1.5"),
        ("images search --contributor 1 --contributor 2", "/v2/images/search?contributor=1&contributor=2"),
        ("images search --added-date 2026-01-31", "/v2/images/search?added_date=2026-01-31"),
        ("images list 17 18", "/v2/images?id=17&id=18"),
        ("images suggestions --query ca --limit 3", "/v2/images/search/suggestions?query=ca&limit=3"),
        ("editorial-images get 17 --country DEU", "/v2/editorial/images/17?country=DEU"),
        ("editorial get 17 --country DEU", "/v2/editorial/17?country=DEU"),
        ("sound-effects get 17", "/v2/sfx/17"),
    ],
)
def test_a_query(server: Server, line: str, target: str) -> None:
    assert sent(server, line) == (f"GET {target}", None)


@pytest.mark.parametrize(
    ("line", "more", "body"),
    [
        ("images create-lightbox --name", ["Big cats"], {"name": "Big cats"}),
        ("images add-lightbox-items 5 --items 17 --items", ["18"], {"items": [{"id": "17"}, {"id": "18"}]}),
        (
            "images add-lightbox-items 5 --items",
            ['{"id": "17", "media_type": "image"}'],
            {"items": [{"id": "17", "media_type": "image"}]},
        ),
        ("images create-lightbox --body", ['{"name": "Cats"}'], {"name": "Cats"}),
        ("images bulk-search-images --body", ['[{"query": "cat"}]'], [{"query": "cat"}]),
        ("images create-lightbox --body @body.json", [], {"name": "of a file"}),
        ("images create-lightbox --body -", [], {"name": "of the input"}),
        ("images create-lightbox --body @body.json --name Mine", [], {"name": "Mine"}),
        ("images download-image 7 --size small", [], {"size": "small"}),
        ("images license-images --yes --images 17", [], {"images": [{"image_id": "17"}]}),
    ],
)
def test_a_body(
    server: Server, monkeypatch: pytest.MonkeyPatch, line: str, more: list[str], body: Any
) -> None:
    Path("body.json").write_text('{"name": "of a file"}')
    monkeypatch.setattr("sys.stdin", io.StringIO('{"name": "of the input"}'))
    results = [{"id": "1", "image_id": "17", "license_id": "L"}]
    server.always(answer(200, {"id": "1", "url": "https://files.example/1", "data": results}))
    assert sent(server, line, *more)[1] == body


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("images create-lightbox", "This command needs a body: give --name, or --body."),
        ("sound-effects license-sfx --yes", "This command needs a body: give --body."),
        ("images create-lightbox --body {", "--body is not JSON"),
        ("images create-lightbox --body @nowhere.json", "nowhere.json cannot be read"),
        ("images bulk-search-images --body 17", "expected"),
        ("images get", "Missing argument 'ID'"),
        ("images list", "Missing argument 'ID...'"),
        ("images suggestions", "Missing option '--query'"),
        ("images search --page one", "'one' is not a valid int"),
        ("images search --colour red", "--color"),
        ("images serch", "No such command 'serch'; did you mean 'search'?"),
        ("image search", "No such command 'image'; did you mean 'images'?"),
        ("search cat", "No such command 'search'; did you mean 'images search'?"),
        ("moods", "No such command 'moods'; did you mean 'audio moods'?"),
        ("images search cat", "Unexpected argument 'cat'; write --query cat"),
        ("images search black cat", "Unexpected argument 'black'; write --query 'black cat'"),
        ("images get 17 18", "Unexpected argument '18'\n"),
        ("images search --added-date yesterday", "expected ISO text"),
        ("images get ..", "not usable in a path"),
        ("images get 17 --json --columns id", "--columns is for tables, not for --json or --jsonl"),
        ("license 17 --yes --jsonl --columns id", "--columns is for tables, not for --json or --jsonl"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(
    server: Server, capsys: pytest.CaptureFixture[str], line: str, says: str
) -> None:
    assert says in refused(capsys, server, line)


def test_all_pages(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [
        answer(200, {"data": [{"id": str(page)}], "page": page, "per_page": 1, "total_count": 3})
        for page in (1, 2, 3)
    ]
    server.answers(*pages)
    assert run_program("images search --per-page 1 --all --jsonl".split()) == 0
    assert capsys.readouterr().out == '{"id":"1"}\n{"id":"2"}\n{"id":"3"}\n'
    server.answers(*pages)
    assert run_program("images search --per-page 1 --limit 2 --columns id".split()) == 0
    assert capsys.readouterr().out.split() == ["id", "1", "2"]
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    "line",
    ["images license-images --images 17", "custom-music create-audio-renders --body {}", "license 17"],
)
def test_nothing_is_spent_where_nobody_can_be_asked(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert "Nothing was bought. Add --yes" in refused(capsys, server, line)


def test_refused_licences_are_shown_and_are_no_success(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [{"image_id": "17", "license_id": "L"}, {"image_id": "18", "error": "Not for sale"}]
    server.always(answer(200, {"data": results}))
    assert run_program("images license-images --images 17 --images 18 --yes".split()) == 1
    out, err = capsys.readouterr()
    assert "Not for sale" in out
    assert "1 images licensed, 1 refused" in err


@pytest.mark.parametrize(("status", "code"), [(400, 6), (401, 4), (403, 4), (404, 5), (409, 6), (418, 1)])
def test_the_status_of_a_refusal(
    server: Server, capsys: pytest.CaptureFixture[str], status: int, code: int
) -> None:
    server.always(answer(status, {"message": "No"}))
    assert run_program(["images", "get", "17"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"Error: GET /v2/images/17: {status} ")
    assert TOKEN not in err


def test_no_connection(refusing: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(["images", "get", "17", "--host", refusing]) == 3
    assert "Error: GET /v2/images/17" in capsys.readouterr().err


def test_options_before_and_after_the_command(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(["--json", "images", "search"]) == 0
    first = capsys.readouterr().out
    assert run_program(["images", "search", "--json"]) == 0
    assert capsys.readouterr().out == first == '{\n  "data": []\n}\n'


def test_each_attempt_is_reported(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(["images", "search", "--verbose"]) == 0
    log_to_stderr(False)
    assert capsys.readouterr().err == "GET /v2/images/search: 200\nNo results.\n"


def test_the_token_of_a_file(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, folder in (("of-login", tmp_path / "shutterstock-api"), ("named", tmp_path)):
        folder.mkdir(exist_ok=True)
        (folder / "token.json").write_text(f'{{"access_token": "v2/{name}"}}')
        (folder / "token.json").chmod(0o600)

    def used(*options: str) -> str:
        assert run_program(["images", "get", "17", *options]) == 0
        return server.requests[-1].headers["authorization"]

    assert used() == f"Bearer {TOKEN}"
    assert used("--token-file", "token.json") == "Bearer v2/named"
    monkeypatch.delenv("SHUTTERSTOCK_API_TOKEN")
    assert used() == "Bearer v2/of-login"
    monkeypatch.setenv("SHUTTERSTOCK_TOKEN_FILE", str(tmp_path / "token.json"))
    assert used() == "Bearer v2/named"
