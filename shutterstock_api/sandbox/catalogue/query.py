"""The language of the search box: words, `AND`, `OR`, `NOT`, parentheses and quotes.

expression = sequence ("OR" sequence)*
sequence   = factor (["AND"] factor)*
factor     = "NOT" factor | "(" expression ")" | '"' words '"' | word
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from .vocabulary import STOP_WORDS, WORD

DEEPEST = 50
"""How deeply parentheses and `NOT` may be nested."""

_TOKEN = re.compile(r'\s+|(?P<quoted>"[^"]*")|(?P<mark>[()"])|(?P<text>[^\s()"]+)')


class QueryError(ValueError):
    """The query does not follow the grammar."""


class Everything(NamedTuple):
    """Matches every image, as an empty query does."""


class Word(NamedTuple):
    """Matches images that have this word."""

    word: str


class Not(NamedTuple):
    """Matches images that `inner` does not match."""

    inner: Node


class And(NamedTuple):
    """Matches images that all of `parts` match."""

    parts: tuple[Node, ...]


class Or(NamedTuple):
    """Matches images that any of `parts` matches."""

    parts: tuple[Node, ...]


Node = Everything | Word | Not | And | Or


def parse_query(text: str) -> Node:
    """Parse a query; raises `QueryError` if it is malformed."""
    tokens = _Tokens(text)
    if tokens.peek() is None:
        return Everything()
    node = _expression(tokens)
    if tokens.peek() is not None:
        raise QueryError(f"{tokens.peek()!r} has no counterpart")
    return node


def words(node: Node) -> Iterator[str]:
    """Yield the words of a query, from left to right."""
    match node:
        case Word(word):
            yield word
        case Not(inner):
            yield from words(inner)
        case And(parts) | Or(parts):
            for part in parts:
                yield from words(part)


def matches(node: Node, words: Collection[str]) -> bool:
    """Whether a query matches these words; a plural also matches its singular."""
    match node:
        case Word(word):
            return word in words or (word.endswith("s") and word[:-1] in words)
        case Not(inner):
            return not matches(inner, words)
        case And(parts):
            return all(matches(part, words) for part in parts)
        case Or(parts):
            return any(matches(part, words) for part in parts)
    return True


class _Tokens:
    def __init__(self, text: str) -> None:
        self._tokens = [match[0] for match in _TOKEN.finditer(text) if not match[0].isspace()]
        self._next = 0
        self.depth = 0

    def peek(self) -> str | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def take(self) -> str | None:
        token = self.peek()
        self._next += 1
        return token


def _expression(tokens: _Tokens) -> Node:
    parts = [_sequence(tokens)]
    while tokens.peek() == "OR":
        tokens.take()
        parts.append(_sequence(tokens))
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _sequence(tokens: _Tokens) -> Node:
    parts = [_factor(tokens)]
    while (token := tokens.peek()) not in (None, "OR", ")"):
        if token == "AND":
            tokens.take()
        parts.append(_factor(tokens))
    return _all_of(parts)


def _factor(tokens: _Tokens) -> Node:
    tokens.depth += 1
    if tokens.depth > DEEPEST:
        raise QueryError("it is nested too deep")
    node = _term(tokens)
    tokens.depth -= 1
    return node


def _term(tokens: _Tokens) -> Node:
    token = tokens.take()
    if token is None:
        raise QueryError("the query ends where a term is expected")
    if token == "NOT":
        return Not(_factor(tokens))
    if token == "(":
        node = _expression(tokens)
        if tokens.take() != ")":
            raise QueryError("a parenthesis is not closed")
        return node
    if token == '"':
        raise QueryError("a quote is not closed")
    if token in (")", "AND", "OR"):
        raise QueryError(f"a term is expected before {token!r}")
    return _all_of([Word(word) for word in WORD.findall(token.lower()) if word not in STOP_WORDS])


def _all_of(parts: list[Node]) -> Node:
    told = [part for part in parts if not isinstance(part, Everything)]
    if not told:
        return Everything()
    return told[0] if len(told) == 1 else And(tuple(told))
