"""Handlers that try the connection."""

from __future__ import annotations

from shutterstock_api.sandbox.operations.call import Answer, Call


def echo(call: Call) -> Answer:
    """Return the text."""
    return Answer(200, {"text": call.parameters["text"]})


def validate(call: Call) -> Answer:
    """Return the arguments unchanged."""
    query = {name: call.parameters[name] for name in ("id", "tag") if name in call.parameters}
    return Answer(200, {"header": {"user-agent": call.parameters["user-agent"]}, "query": query})
