"""Docstrings as Sphinx reads them. Ours are Markdown, with sections such as `Args:`."""

from __future__ import annotations

import builtins
import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config, GoogleDocstring

_SECTIONS = Config(napoleon_use_rtype=False)
_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def as_restructured_text(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Turn code into literals, and sections into fields. Attributes have no sections."""
    text = "\n".join(lines)
    prose, drawing, tail = text.partition("\n\n    ") if what == "module" else (text, "", "")
    prose = _CODE.sub(r"``\1``", prose)
    drawn, _, rest = tail.partition("\n\n")
    lines[:] = f"{prose}\n\n::{drawing}{drawn}\n\n{rest}".split("\n") if drawing else prose.split("\n")
    if what not in ("attribute", "property"):
        lines[:] = GoogleDocstring(lines, _SECTIONS, app, what, name, obj, options).lines()


def unlink_builtin_types(app: Sphinx, doctree: nodes.document) -> None:
    """Keep a type such as `bytes` from leading to an attribute of that name."""
    for reference in list(doctree.findall(addnodes.pending_xref)):
        if reference.get("refdomain") == "py" and hasattr(builtins, reference["reftarget"]):
            reference.replace_self(reference.children)


def leave_other_types(app: Sphinx, env: Any, node: nodes.Element, content: nodes.Element) -> Any:
    """Show the name of a type that has no page here, such as `PathLike`, as it is."""
    return content if node.get("refdomain") == "py" else None
