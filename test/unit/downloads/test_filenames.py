"""Names of files: safe on every system, whatever they are made of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from shutterstock_api import ApiTypeError, ApiValueError
from shutterstock_api.downloads.filenames import LONGEST, Template, safe_name, same_place

RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cat.jpg", "cat.jpg"),
        ("Katze mit Hut.jpg", "Katze mit Hut.jpg"),
        ("猫.jpg", "猫.jpg"),
        ("../../etc/passwd", "__.._etc_passwd"),
        ("..", "_"),
        (".", "_"),
        ("", "_"),
        ("   ", "_"),
        (".ssh", "_ssh"),
        ("-rf", "_rf"),
        ("~root", "_root"),
        ("/etc/passwd", "_etc_passwd"),
        ("C:\\Windows\\x.dll", "C__Windows_x.dll"),
        ("a/b", "a_b"),
        ("a\x00b\nc", "a_b_c"),
        ("a\u202egpj.exe", "a_gpj.exe"),
        ("a\ud800b", "a_b"),
        ("cafe\u0301.jpg", "café.jpg"),
        ("name. . .", "name"),
        ("NUL", "_NUL"),
        ("nul.jpg", "_nul.jpg"),
        ("com1 .jpg", "_com1 .jpg"),
        ("LPT².txt", "_LPT².txt"),
        ("conference.jpg", "conference.jpg"),
        ("x.jpg.part", "_x.jpg.part_"),
        ("x.jpg.PART.json", "_x.jpg.PART.json_"),
        ('<>:"|?*', "_______"),
    ],
)
def test_a_name_like_the_text(text: str, name: str):
    assert safe_name(text) == name


@settings(max_examples=400)
@given(
    st.text(st.characters(), max_size=300)
    | st.text("./\\-~ \x00:conulaxCONpart1²e\u0301json", max_size=12)
    | st.builds(lambda text, suffix: text * 100 + suffix, st.text(min_size=1), st.text(max_size=30))
)
def test_any_text_gives_a_safe_name(text: str):
    name = safe_name(text)
    assert 0 < len(name.encode()) <= LONGEST
    assert not set(name) & set('/\\:*?"<>|')
    assert name.isprintable() or not any(ord(one) < 32 or ord(one) == 127 for one in name)
    assert name[0] not in ".-~ "
    assert name[-1] not in ". "
    assert name.partition(".")[0].strip().lower() not in RESERVED
    assert not name.lower().endswith((".part", ".part.json"))
    assert safe_name(name) == name
    folder = Path("/some/folder")
    assert Path(os.path.normpath(folder / name)).parent == folder


def test_long_names_keep_their_suffix_and_stay_different():
    one, two = (safe_name("ü" * 300 + end + ".jpg") for end in "ab")
    assert one != two
    assert one.endswith(".jpg")
    assert len(one.encode()) <= LONGEST
    assert len(safe_name("a." + "b" * 300).encode()) <= LONGEST


def test_names_that_some_systems_take_for_one():
    assert same_place("Straße.JPG") == same_place("STRASSE.jpg")
    assert same_place("café.jpg") == same_place("cafe\u0301.jpg")
    assert same_place("a.jpg") != same_place("b.jpg")


def test_a_template():
    template = Template("{image_id}-{size}{{x}}.jpg", ("image_id", "size"))
    assert template.filled({"image_id": "1/../2", "size": "huge"}) == "1_.._2-huge{x}.jpg"
    with pytest.raises(ApiValueError, match="the source does not say its size"):
        template.filled({"image_id": "1", "size": None})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{image}.jpg", r"unknown field 'image'; did you mean 'image_id'\?"),
        ("{zzz}.jpg", "unknown field 'zzz'; there are image_id, size"),
        ("{}.jpg", "unknown field ''"),
        ("{0}.jpg", "unknown field '0'"),
        ("{image_id.__class__}", "unknown field"),
        ("{size!r}", "a field is only its name in braces"),
        ("{size:>200}", "a field is only its name in braces"),
        ("{size", "is not a template"),
    ],
)
def test_what_is_no_template(text: str, message: str):
    with pytest.raises(ApiValueError, match=message):
        Template(text, ("image_id", "size"))


def test_a_template_is_text():
    with pytest.raises(ApiTypeError, match="name: expected a template"):
        Template(b"x", ())  # type: ignore[arg-type]
