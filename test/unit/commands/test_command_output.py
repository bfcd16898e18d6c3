"""What commands print: tables, JSON, JSON lines, and no secrets."""

from __future__ import annotations

import json
from typing import Any

import click
import pytest

from shutterstock_api import (
    ImageSearchResults,
    LicenseImageResultDataList,
    OauthAccessTokenResponse,
    Suggestions,
)
from shutterstock_api.commands import output
from shutterstock_api.commands.output import print_answer, print_items, print_rows, say
from shutterstock_api.commands.settings import CommandSettings
from shutterstock_api.contract import images, oauth

FOUND = ImageSearchResults.from_dict(
    {
        "data": [
            {"media_type": "image", "id": "1", "description": "A cat", "contributor": {"id": "7"}},
            {"media_type": "image", "id": "22", "description": "猫", "aspect": 1.5, "categories": []},
        ],
        "total_count": 100,
    }
)
LICENSED = LicenseImageResultDataList.from_dict(
    {"data": [{"image_id": "1", "license_id": "L1", "download": {"url": "https://files.example/secret"}}]}
)
TOKEN = OauthAccessTokenResponse.from_dict({"access_token": "v2/secret", "token_type": "Bearer"})


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(FOUND, images.SEARCH_IMAGES, CommandSettings())
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "id  description  media_type  contributor.id  aspect",
        "1   A cat        image       7",
        "22  猫           image                          1.5",
    ]
    assert err == "2 of 100; --limit and --all print more.\n"


def test_columns_that_do_not_fit_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    print_answer(FOUND, images.SEARCH_IMAGES, CommandSettings())
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "id  description"
    assert "More columns: media_type, contributor.*, aspect. --columns chooses, --json prints all." in err


def test_columns_that_are_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(FOUND, images.SEARCH_IMAGES, CommandSettings(columns="aspect, id"))
    assert capsys.readouterr().out.splitlines() == ["aspect  id", "        1", "   1.5  22"]
    with pytest.raises(click.UsageError, match="no column 'aspec'; did you mean 'aspect'"):
        print_answer(FOUND, images.SEARCH_IMAGES, CommandSettings(columns="aspec"))


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(FOUND, images.SEARCH_IMAGES, CommandSettings(json=True))
    out, err = capsys.readouterr()
    assert json.loads(out)["total_count"] == 100
    assert json.loads(out)["data"][1]["description"] == "猫"
    assert err == ""


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(FOUND, images.SEARCH_IMAGES, CommandSettings(jsonl=True))
    out, err = capsys.readouterr()
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["1", "22"]
    assert err == ""


def test_items_of_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert FOUND.data
    print_items(iter(FOUND.data), images.SEARCH_IMAGES, CommandSettings(json=True))
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == ["1", "22"]


def test_plain_texts_have_no_heading(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(
        Suggestions.from_dict({"data": ["cat", "car"]}), images.GET_IMAGE_SUGGESTIONS, CommandSettings()
    )
    assert capsys.readouterr().out == "cat\ncar\n"


def test_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert FOUND.data
    print_answer(FOUND.data[1], images.GET_IMAGE, CommandSettings())
    assert capsys.readouterr().out.splitlines() == [
        "id           22",
        "media_type   image",
        "description  猫",
        "aspect       1.5",
    ]
    print_answer(FOUND.data[1], images.GET_IMAGE, CommandSettings(columns="aspect,id"))
    assert capsys.readouterr().out == "aspect  1.5\nid      22\n"


def test_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(None, images.DELETE_LIGHTBOX, CommandSettings())
    assert capsys.readouterr() == ("", "Done.\n")
    print_answer(None, images.DELETE_LIGHTBOX, CommandSettings(json=True))
    assert capsys.readouterr() == ("null\n", "")


@pytest.mark.parametrize(
    "settings", [CommandSettings(), CommandSettings(json=True), CommandSettings(jsonl=True)]
)
@pytest.mark.parametrize(
    ("answer", "operation", "shown"),
    [(LICENSED, images.LICENSE_IMAGES, "L1"), (TOKEN, oauth.CREATE_ACCESS_TOKEN, "Bearer")],
)
def test_secrets_are_not_printed(
    answer: Any, operation: Any, shown: str, settings: CommandSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    print_answer(answer, operation, settings)
    out, err = capsys.readouterr()
    assert shown in out
    assert "***" in out
    assert "secret" not in out + err


def test_what_came_instead_of_a_secret_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer("v2/secret", oauth.CREATE_ACCESS_TOKEN, CommandSettings())
    print_items(["v2/secret"], images.LICENSE_IMAGES, CommandSettings(jsonl=True))
    assert "secret" not in capsys.readouterr().out


def test_a_terminal_obeys_nothing_that_the_service_sends(capsys: pytest.CaptureFixture[str]) -> None:
    text = "red \x1b[31m \x9b31m \x7f\nline"
    for settings in (CommandSettings(), CommandSettings(json=True), CommandSettings(jsonl=True)):
        print_rows([{"id": text, "more": [{"id": text}]}], settings)
        out = capsys.readouterr().out
        assert not set("\x1b\x9b\x7f") & set(out)
        if settings.jsonl:
            assert json.loads(out)["id"] == text


def test_long_cells_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{"id": "x" * 100}, {"id": "猫" * 100}], CommandSettings())
    _, first, second = capsys.readouterr().out.splitlines()
    assert first == "x" * 37 + "..."
    assert second == "猫" * 18 + "..."


def test_numbers_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    first, last = {"id": "7", "left": 5, "rate": 0.5}, {"id": "13", "left": 3, "rate": 22}
    print_rows([first, {"id": "12", "left": 10_000}, last], CommandSettings())
    assert capsys.readouterr().out.splitlines() == [
        "id   left  rate",
        "7       5   0.5",
        "12  10000",
        "13      3    22",
    ]


def test_objects_in_a_list_are_shown_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    named = [{"id": "1", "name": "Animals"}, {"name": "Food"}]
    row = {"a": named, "b": [{"id": "5"}], "c": [{"x": 1}, {"x": 2}], "d": [["x"]]}
    print_rows([row], CommandSettings(), single=True)
    assert capsys.readouterr().out.splitlines() == ["a  Animals, Food", "b  5", "c  (2)", "d  (1)"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "is_terminal", lambda stream: True)
    monkeypatch.setenv("COLUMNS", "30")


@pytest.mark.usefixtures("terminal")
def test_long_lines_end_at_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    link = "http://files.example/" + "x" * 20
    record = {"id": "1", "keywords": ["autumn", "leaf", "season", "meadow"], "url": link}
    print_rows([record], CommandSettings(), single=True)
    assert capsys.readouterr().out.splitlines() == [
        "id        1",
        "keywords  autumn, leaf,",
        "          season, meadow",
        f"url       {link}",
    ]
    say("Error: there is no connection to anything\n  Is the sandbox running? It is a program.")
    assert capsys.readouterr().err.splitlines() == [
        "Error: there is no connection",
        "  to anything",
        "  Is the sandbox running? It",
        "  is a program.",
    ]


def test_lines_for_programs_are_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{"keywords": ["autumn"] * 50}], CommandSettings(), single=True)
    say("word " * 50)
    out, err = capsys.readouterr()
    assert (len(out.splitlines()), len(err.splitlines())) == (1, 1)


def test_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([], CommandSettings())
    assert capsys.readouterr() == ("", "No results.\n")
    print_rows([], CommandSettings(json=True))
    assert capsys.readouterr() == ("[]\n", "")
    print_rows([], CommandSettings(columns="id"))
    assert capsys.readouterr().out == "id\n"
