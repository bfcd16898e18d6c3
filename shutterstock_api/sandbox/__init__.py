"""A local stand-in for the service, for tests, examples and benchmarks; it never talks to Shutterstock.

    from shutterstock_api.sandbox import Sandbox

    with Sandbox() as sandbox:
        client = sandbox.client()

From a shell: `python -m shutterstock_api.sandbox`. Needs the extra `sandbox`.

`sandbox`        `Sandbox`, and its parts while it runs
`application`    the steps of a request: faults, cache, limits, credentials, contract, handler, contract again
`operations/`    the handlers of the operations
`account/`       credentials, and what the account owns
`catalogue/`     the media that can be searched and licensed
`contract/`      checks requests and answers
`http/`          HTTP, and what can go wrong with it
`pytest_plugin`  the fixture of release 1.1

Imports only go down: `sandbox`, `application`, `operations`, the three in the middle, which do not import
each other, and `http`. The sandbox uses only the public names of the client.
"""

from __future__ import annotations

from importlib.util import find_spec

try:
    import jsonschema_rs  # noqa: F401
    import PIL  # noqa: F401
    import yaml  # noqa: F401
except ModuleNotFoundError as _error:
    _libraries = {"jsonschema_rs": "jsonschema-rs", "PIL": "Pillow", "yaml": "PyYAML"}
    _missing = [library for module, library in _libraries.items() if find_spec(module) is None]
    raise ModuleNotFoundError(
        f"the sandbox needs {', '.join(_missing)}: pip install {' '.join(_missing)}", name=_error.name
    ) from _error

from .account.database import USERNAME
from .account.gate import SCOPES
from .account.subscriptions import DEFAULT_SUBSCRIPTION
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
