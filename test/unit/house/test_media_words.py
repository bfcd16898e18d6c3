"""What licenses any medium names none: "image" stands in docstrings, and in names that programs know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import shutterstock_api

PACKAGE = Path(shutterstock_api.__file__).parent
ROOMS = ("downloads", "jobs", "licensing")
KNOWN = {
    "IMAGES",  # the medium where none is named
    "Image",
    "EditorialImageSize",
    "ImageSize",
    "ImagesApi",
    "JobImage",
    "LicenseImage",
    "LicenseImageResultDataList",
    "LicenseImageVector",
    "image_id",
    "image_ids",
    "images",
    "images_api",
}
"""Names that programs know, and models in the types of what they give and get."""


def words(tree: ast.AST) -> Iterator[str]:
    """Yield the names and texts of a module, but for its docstrings."""
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        for field in ("id", "attr", "arg", "name", "asname", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value


@pytest.mark.parametrize("room", ROOMS)
def test_no_medium_is_named(room: str):
    found = {
        f"{path.name}: {word}"
        for path in (PACKAGE / room).glob("*.py")
        for text in words(ast.parse(path.read_text("utf-8")))
        for word in re.findall(r"\w*image\w*", text, re.IGNORECASE)
        if word not in KNOWN
    }
    assert found == set()


def test_the_words_of_a_module():
    code = '''"""An image."""\nimport image_1
def image_2(image_3=image_4):
    """An image."""
    x.image_5 = "image_6"'''
    assert {word for word in words(ast.parse(code)) if "image" in word} == {f"image_{n}" for n in range(1, 7)}
