"""Moments by several clocks, any of which may be wrong."""

from __future__ import annotations

import math
from email.utils import formatdate
from typing import Any

import pytest
from scripted_server import Clock

from shutterstock_api.licensing.moments import Moment, service_time, this_moment

T = 1_800_000_000.0
DATE = "Fri, 15 Jan 2027 08:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "time"),
    [
        ({"Date": DATE}, T),
        ({"Date": DATE.replace("GMT", "-0000")}, T),
        ({"Date": DATE.replace(" GMT", "")}, T),
        ({"Date": "Fri, 15 Jan 2027 09:00:00 +0100"}, T),
        ({"Date": DATE, "Age": "0"}, T),
        ({"Date": DATE, "Age": "1"}, None),
        ({"Date": DATE, "Age": "some"}, None),
        ({"Date": DATE, "Age": "0, 0"}, None),
        ({"Date": "yesterday"}, None),
        ({"Date": "Fri, 99 Foo 2026 00:00:00 GMT"}, None),
        ({"Date": ""}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_time_that_an_answer_tells(headers: Any, time: float | None):
    assert service_time(headers) == time


def test_this_moment():
    clock = Clock()
    clock.wrong = 5
    assert this_moment(clock.timing) == (T + 5, T, None)
    assert this_moment(clock.timing).told(service_time({"Date": formatdate(T)})) == (T + 5, T, T)


HERE = Moment(1000, 50, 1000)
"""A moment of this process; clocks agree."""
ELSEWHERE = HERE._replace(running=None)


@pytest.mark.parametrize(
    ("since", "now", "left"),
    [
        # in one process, the clock that nobody sets decides
        (HERE, Moment(1601, 651, 1601), -1),
        (HERE, Moment(1599, 649, 1599), 1),
        (HERE, Moment(1600, 650, 1600), 0),
        (HERE, Moment(9999, 100, 1050), 550),  # ours was set ahead
        (HERE, Moment(9999, 100, 9999), 550),  # so were both
        (HERE, Moment(1, 651, 1601), -1),  # ours was set back
        (HERE, Moment(1601, 651, None), math.inf),  # the service does not tell
        (HERE, Moment(1601, 651, 1000), 598),  # a store has answered, or the service was set back
        (HERE, Moment(1601, 651, 1590), 8),
        (HERE, Moment(1601, 651, 1599), -1),  # `Date` tells whole seconds
        (HERE, Moment(1601, 651, 9999), -1),
        # the first answer was old
        (Moment(1000, 50, -2600), Moment(1601, 651, 1601), -1),
        (Moment(1000, 50, -2600), Moment(1601, 651, 1030), 568),  # and so is the second
        (Moment(1000, 50, -2600), Moment(1601, 651, -1999), -1),  # no: our clock is an hour ahead
        # nothing is known of the service's time at the doubt
        (Moment(1000, 50), Moment(1601, 651, 1601), -1),
        (Moment(1000, 50), Moment(1601, 651, 1030), 568),
        (Moment(1000, 50), Moment(1601, 651, 5201), math.inf),  # a store may have answered, an hour late
        (Moment(1000, 50), Moment(5000, 60, 5000), 590),
        # from process to process, both clocks must have gone on
        (ELSEWHERE, Moment(1601, 1, 1601), -1),
        (ELSEWHERE, Moment(1599, 1, 1601), 1),
        (ELSEWHERE, Moment(9999, 1, 1010), 588),
        (ELSEWHERE, Moment(1010, 1, 9999), 590),
        (ELSEWHERE, Moment(500, 1, 1601), 1100),
        (ELSEWHERE._replace(service=None), Moment(9999, 1, 9999), math.inf),
        (ELSEWHERE, Moment(9999, 1, None), math.inf),
        (ELSEWHERE._replace(service=-2600), Moment(1700, 1, -1900), -100),  # ours is ahead for good
        (ELSEWHERE._replace(service=-2600), Moment(1700, 1, 1030), 568),  # two answers out of stores
    ],
)
def test_the_wait_that_is_left(since: Moment, now: Moment, left: float):
    assert since.wait_left(600, now) == left


@pytest.mark.parametrize(
    ("sent", "now", "span"),
    [
        (HERE, Moment(1100, 150, 1100), (1000, 1000)),
        (HERE._replace(service=None), Moment(1100, 150, None), (1000, 1000)),
        (HERE._replace(service=None), Moment(4700, 150, 1100), (1000, 4600)),  # ours was behind
        (Moment(4600, 50), Moment(1100, 150, 1100), (1000, 4600)),  # ours was ahead
        (Moment(4600, 50, 1000), Moment(1100, 150, 9100), (1000, 9000)),
        (ELSEWHERE, Moment(1100, 1, 1100), (1000, 1000)),
        (Moment(4600), Moment(9999, 1, 9999), (4600, 4600)),
        (Moment(4600), Moment(9999, 1, 6399), (1000, 4600)),
        (Moment(4600), Moment(1100, 1, 1100), (-math.inf, 4600)),  # it was in the future: nothing is known
    ],
)
def test_the_span_in_which_it_may_have_been(sent: Moment, now: Moment, span: tuple[float, float]):
    assert sent.span(now) == span
