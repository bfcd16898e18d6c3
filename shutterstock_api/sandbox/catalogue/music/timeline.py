"""Timelines: which ones can be rendered, and what is rendered from them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from .ensemble import BY_ID, INSTRUMENT_IDS

#: The longest piece that the sandbox renders, in seconds.
LONGEST = 3600
_END_TYPES = {"ending": "ringout", "transition": "cut"}


class TimelineError(ValueError):
    """A timeline breaks a rule; `place` says where."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


def check_timeline(timeline: dict[str, Any]) -> None:
    """Refuse a timeline that cannot be rendered."""
    spans = timeline.get("spans", [])
    kinds = [span["span_type"] for span in spans]
    if len(spans) < 2 or kinds[-1] != "unmetered" or "metered" not in kinds:
        raise TimelineError(".spans", "expected one or more metered spans, and an unmetered one at the end")
    times = [span["time"] for span in spans]
    for number, (before, after) in enumerate(pairwise(times), 1):
        if after <= before:
            raise TimelineError(
                f".spans[{number}].time", "expected a later time than that of the span before"
            )
    if times[0] < 0:
        raise TimelineError(".spans[0].time", "expected 0 or more")
    if times[-1] > LONGEST:
        raise TimelineError(
            f".spans[{len(spans) - 1}].time", f"the sandbox renders {LONGEST} seconds at most"
        )
    _unique(spans, ".spans")
    for number, span in enumerate(spans):
        _check_span(span, f".spans[{number}]")


def _check_span(span: dict[str, Any], place: str) -> None:
    regions = span.get("regions", [])
    if span["span_type"] == "metered" and not regions:
        raise TimelineError(f"{place}.regions", "a metered span needs a region")
    if len(span.get("tempo_changes", [1, 2])) < 2:
        raise TimelineError(f"{place}.tempo_changes", "expected two or more")
    if span.get("tempo", 1) < 1:
        raise TimelineError(f"{place}.tempo", "expected 1 or more")
    _unique(regions, f"{place}.regions")
    for number, region in enumerate(regions):
        _check_region(region, f"{place}.regions[{number}]")
    for number, group in enumerate(span.get("instrument_groups", [])):
        if group["instrument_group"] not in INSTRUMENT_IDS:
            raise TimelineError(f"{place}.instrument_groups[{number}].instrument_group", "it is not known")


def _check_region(region: dict[str, Any], place: str) -> None:
    if region["descriptor"] not in BY_ID:
        raise TimelineError(f"{place}.descriptor", "there is no descriptor with this id")
    key = region.get("key", {})
    if ("tonic_note" in key) != ("tonic_accidental" in key):
        raise TimelineError(f"{place}.key", "expected both tonic_note and tonic_accidental, or neither")
    end = region.get("end_type")
    if end is not None and _END_TYPES[end["event"]] != end["type"]:
        raise TimelineError(f"{place}.end_type.type", f"expected {_END_TYPES[end['event']]} here")


def _unique(entries: list[dict[str, Any]], place: str) -> None:
    seen = set()
    for number, entry in enumerate(entries):
        if entry.get("id", number - len(entries)) in seen:
            raise TimelineError(f"{place}[{number}].id", "expected an id that no other one has")
        seen.add(entry.get("id"))


def seconds(timeline: dict[str, Any]) -> int:
    """How long the piece is."""
    return int(timeline["spans"][-1]["time"] - timeline["spans"][0]["time"])


def groups(timeline: dict[str, Any]) -> list[str]:
    """The instruments; if the request names none, those of the first band of its first descriptor."""
    named = dict.fromkeys(
        group["instrument_group"] for span in timeline["spans"] for group in span.get("instrument_groups", [])
    )
    first = next(region for _, region in _regions(timeline))
    return list(named) or [one.id for one in BY_ID[first["descriptor"]].bands[0].instruments]


def can_be_played(timeline: dict[str, Any]) -> bool:
    """Whether its descriptors can be played in each requested tempo."""
    return all(
        BY_ID[region["descriptor"]].min_tempo <= span["tempo"] <= BY_ID[region["descriptor"]].max_tempo
        for span, region in _regions(timeline)
        if "tempo" in span
    )


def _regions(timeline: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    return ((span, region) for span in timeline["spans"] for region in span.get("regions", []))
