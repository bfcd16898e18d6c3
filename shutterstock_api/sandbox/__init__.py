"""A local stand-in for the service, for tests, examples and benchmarks; it never talks to Shutterstock.

    from shutterstock_api.sandbox import Sandbox

    with Sandbox() as sandbox:
        configuration = sandbox.configuration()

From a shell: `python -m shutterstock_api.sandbox`. Needs `pip install 'shutterstock_api[sandbox]'`.
"""

from __future__ import annotations

try:
    import jsonschema_rs  # noqa: F401
    import PIL  # noqa: F401
    import yaml  # noqa: F401
except ModuleNotFoundError as _error:
    raise ModuleNotFoundError(
        f"the sandbox needs {_error.name}: pip install 'shutterstock_api[sandbox]'", name=_error.name
    ) from _error

from .account.database import DEFAULT_SUBSCRIPTION, USERNAME
from .account.gate import SCOPES
from .http.faults import Fault, Faults
from .http.messages import Request
from .http.quirks import Quirks
from .sandbox import Sandbox, SandboxError

__all__ = [
    "DEFAULT_SUBSCRIPTION",
    "SCOPES",
    "USERNAME",
    "Fault",
    "Faults",
    "Quirks",
    "Request",
    "Sandbox",
    "SandboxError",
]
