"""Habits of the service that a program has to live with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quirks:
    """How the service behaves all the time, where a `Fault` strikes single requests. They go together.

    `history_lag`  seconds until a licence shows in the licence history
    """

    history_lag: float = 0.0
