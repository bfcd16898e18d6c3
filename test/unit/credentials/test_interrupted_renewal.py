"""Ctrl-C at any instruction of a renewal: the next thread that wants a token begins anew."""

from __future__ import annotations

from interrupts import Interrupt, in_own_thread, in_time

from shutterstock_api.credentials.refreshing_token import _SingleFlight


@in_own_thread
def test_a_renewal_that_is_interrupted_is_begun_anew() -> None:
    moment, struck = 0, True
    while struck:
        moment += 1
        flight = _SingleFlight()
        struck = Interrupt(moment)(lambda flight=flight: flight.share(lambda: "first"))
        assert in_time(lambda flight=flight: flight.share(lambda: "next"), 5) == "next"
    assert moment > 10
