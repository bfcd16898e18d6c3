"""Texts of the contract -> docstrings."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from codegen.contract.operations import Body, Operation
from codegen.contract.schemas import Facts, Model

COLUMNS = 100
UNSENT = "The credentials of the configuration are not sent."
UNASKED = "Needs no credentials; those of the configuration are sent if there are any."
_CODE = re.compile(r"`[^`]*`")
_CLOSING = re.compile(r'"(?="")|"\Z')  # quotes that would end the docstring
_GLUE = "\0"  # stands for a space that must not become a line break


def api(description: str) -> str:
    """Of an API class. Its last paragraph applies to every method."""
    common = (
        "Required arguments are positional, all others are named. A list argument takes a list, a tuple or "
        "a single value; a date takes `date`, `datetime` or ISO text; a body takes the model or a dict. "
        "Every method also takes the options of `CallOptions`. Every error of a call is an `ApiException`."
    )
    return literal(_wrap(description, indent=4) + "\n\n" + _wrap(common, indent=4))


def api_object(name: str, description: str) -> str:
    """Of the attribute of a client that is an object of an API class."""
    return _block(f"`{name}`: {description}", indent=8)


def method(operation: Operation) -> str:
    """Of an endpoint method: summary, verb and path, what it does, arguments, answer."""
    parts = [
        f"{'Deprecated. ' if operation.deprecated else ''}{operation.summary}.",
        f"`{operation.verb} {operation.path}`",
        _wrap(operation.description, indent=8),
    ]
    if operation.replaced_by:
        parts.insert(1, f"Use `{operation.replaced_by}` instead.")
    if operation.scopes:
        parts.append(f"Needs a token with the {scopes(operation)}.")
    elif not operation.basic and not operation.public:
        parts.append("Needs a token; key and secret are not enough.")
    if operation.public:
        parts.append(UNASKED if operation.basic else UNSENT)
    if operation.aliases:
        parts.append(other_names(operation, operation.name))
    arguments = [_argument(p.name, sentence(p.facts)) for p in operation.required]
    if operation.body:
        arguments.append(_argument("body", body_sentence(operation.body)))
    arguments += [_argument(p.name, sentence(p.facts)) for p in operation.optional]
    if arguments:
        parts.append("\n".join(["Args:", *arguments]))
    if operation.returns:
        parts.append("Returns:\n" + textwrap.indent(_wrap(answer(operation), indent=12), " " * 4))
    return literal("\n\n".join(parts))


def model(item: Model) -> str:
    """Of a model class; the first sentence is its summary."""
    text = model_text(item)
    if "\n" not in _block(text, indent=4):
        return _block(text, indent=4)
    summary, _, rest = text.partition(". ")
    return _block(f"{summary}.\n\n{rest}" if rest else text, indent=4)


def model_text(item: Model) -> str:
    """Description and limits of a model."""
    return item.description + (f" {_capital(item.limits)}." if item.limits else "")


def field(facts: Facts) -> str:
    """Below a field of a model."""
    return _block(sentence(facts), indent=4)


def enum(description: str) -> str:
    """Below the alias of an enum."""
    return _block(description, indent=0)


def sentence(facts: Facts) -> str:
    """Description, limits and default as sentences; a deprecation comes first."""
    parts = ["Deprecated."] if facts.deprecated else []
    parts.append(facts.description)
    if facts.limits:
        parts.append(f"{_capital(facts.limits)}.")
    if facts.default is not None:
        parts.append(f"Default: `{facts.default}`.")
    if facts.secret:
        parts.append("`repr` does not show it.")
    return " ".join(parts)


def body_sentence(body: Body) -> str:
    """What a body is, and which of its fields can be passed alone."""
    return body.description + (f" You can pass its `{body.sole}` alone." if body.sole else "")


def answer(operation: Operation) -> str:
    """The answer."""
    none = " `None` if the service sends no body." if operation.empty else ""
    return operation.answer + none


def other_names(operation: Operation, name: str) -> str:
    """The names of the method other than `name`."""
    others = [other for other in (operation.name, *operation.aliases) if other != name]
    preferred = f"; prefer `{operation.shown}`" if operation.shown != name else ""
    kind = "are other names" if others[1:] else "is another name"
    return f"{listed(others)} {kind} of this method{preferred}."


def scopes(operation: Operation) -> str:
    """`scope `a``, or `scopes `a` and `b``."""
    return f"scope{'s' if len(operation.scopes) > 1 else ''} {listed(operation.scopes)}"


def listed(names: Iterable[str]) -> str:
    """`` `a` and `b` ``."""
    return " and ".join(f"`{name}`" for name in names)


def literal(text: str) -> str:
    """A text as it is written between the quotes of a docstring."""
    return _CLOSING.sub(r"\"", text.replace("\\", "\\\\"))


def _block(text: str, *, indent: int) -> str:
    """A text for between the quotes: one line with both, or lines with the closing quotes below."""
    one_line = _wrap(text, indent=indent + len('""""""'))
    if "\n" not in one_line:
        return literal(one_line)
    margin = " " * indent
    return literal(textwrap.indent(_wrap(text, indent=indent), margin).lstrip() + f"\n{margin}")


def _argument(name: str, text: str) -> str:
    return textwrap.indent(_wrap(f"{name}: {text}", indent=12, hanging=4), " " * 4)


def _wrap(text: str, *, indent: int, hanging: int = 0) -> str:
    """Break a text so that, with its indentation, it ends at `COLUMNS`."""
    glued = _CODE.sub(lambda code: code[0].replace(" ", _GLUE), text)
    paragraphs = [
        textwrap.fill(
            paragraph,
            COLUMNS - indent,
            subsequent_indent=" " * hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for paragraph in re.split(r"\n\s*\n", glued)
    ]
    return "\n\n".join(paragraphs).replace(_GLUE, " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
