"""A notebook as a page: run from top to bottom, with what its cells show."""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Iterator
from html import unescape
from typing import Any

import nbformat
import urllib3
from docutils import nodes
from myst_parser.parsers.sphinx_ import MystParser
from nbclient import NotebookClient

_FENCE = "`" * 12
_PICTURE = re.compile(r'(?<=src=")http://127\.0\.0\.1[^"]+')
_LINK = re.compile(r'\shref="http://127\.0\.0\.1[^"]+"')


class NotebookParser(MystParser):
    """Reads a notebook as the Markdown that it amounts to."""

    supported = ("notebook",)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        notebook = nbformat.reads(inputstring, as_version=4)
        with tempfile.TemporaryDirectory() as folder:  # for the files that it downloads
            resources = {"metadata": {"path": folder}}
            NotebookClient(notebook, resources=resources, on_cell_executed=keep_pictures).execute()
        super().parse("\n\n".join(markdown(notebook)), document)


def keep_pictures(cell: Any, cell_index: int, execute_reply: Any) -> None:
    """Put the sandbox's pictures into the page while the sandbox still runs, and take out links to it."""
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if "text/html" in data:
            data["text/html"] = _LINK.sub("", _PICTURE.sub(_inline, data["text/html"]))


def _inline(address: re.Match[str]) -> str:
    answer = urllib3.request("GET", unescape(address[0]))
    return f"data:{answer.headers['Content-Type']};base64,{base64.b64encode(answer.data).decode()}"


def markdown(notebook: Any) -> Iterator[str]:
    """Yield the parts of a notebook: its texts, its code, what came of that."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        elif cell.cell_type == "code":
            yield f"{_FENCE}python\n{cell.source}\n{_FENCE}"
            yield from map(_shown, cell.outputs)


def _shown(output: Any) -> str:
    """Return an output in its richest form."""
    if output.output_type == "stream":
        return f"{_FENCE}text\n{output.text}\n{_FENCE}"
    if "image/png" in output.data:
        html = f'<img alt="" src="data:image/png;base64,{output.data["image/png"]}">'
    elif "text/html" in output.data:
        html = output.data["text/html"]
    else:
        return f"{_FENCE}text\n{output.data['text/plain']}\n{_FENCE}"
    return f'{_FENCE}{{raw}} html\n<div class="shown">{html}</div>\n{_FENCE}'
