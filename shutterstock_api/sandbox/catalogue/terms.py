"""What people type into the search box: corrected, completed, taken out of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from . import query
from .vocabulary import STOP_WORDS, SUBJECTS, WORD, known_words


def correct_spelling(
    node: query.Node, text: str, known: Sequence[str]
) -> tuple[query.Node, dict[str, Any] | None]:
    """Replace misspelt words of a query by similar known words, and say so."""
    corrections = {}
    for word in query.words(node):
        if word not in known and word.rstrip("s") not in known:
            alike = [other for other in known if other[0] == word[0]]
            near = get_close_matches(word, alike, n=1, cutoff=0.82)
            if near:
                corrections[word] = near[0]
    if not corrections:
        return node, None
    suggestion = WORD.sub(lambda match: corrections.get(match[0].lower(), match[0]), text)
    return _replace(node, corrections), {"original": text, "suggestion": suggestion, "applied": True}


def _replace(node: query.Node, corrections: Mapping[str, str]) -> query.Node:
    match node:
        case query.Word(word):
            return query.Word(corrections.get(word, word))
        case query.Not(inner):
            return query.Not(_replace(inner, corrections))
        case query.And(parts):
            return query.And(tuple(_replace(part, corrections) for part in parts))
        case query.Or(parts):
            return query.Or(tuple(_replace(part, corrections) for part in parts))
    return node


def suggestions(start: str, limit: int) -> list[str]:
    """Search terms that begin with `start`: words first, then subjects of several words."""
    start = " ".join(start.lower().split())
    subjects = [phrase.text for phrase in SUBJECTS]
    pairs = [f"{phrase.text} {keyword}" for phrase in SUBJECTS for keyword in phrase.keywords[-2:]]
    return list(
        dict.fromkeys(term for term in (*known_words(), *subjects, *pairs) if term.startswith(start))
    )[:limit]


def keywords_of(text: str, limit: int = 10) -> list[str]:
    """The most important words of a text: first known words, then frequent ones, then the others in order."""
    counts: dict[str, int] = {}
    for word in WORD.findall(text.lower()):
        if word not in STOP_WORDS and len(word) > 2:
            counts[word] = counts.get(word, 0) + 1
    known = frozenset(known_words())
    rated = sorted(
        counts, key=lambda word: (word not in known and word.rstrip("s") not in known, -counts[word])
    )
    return rated[:limit]
