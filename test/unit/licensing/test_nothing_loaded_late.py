"""Once a licence request has been sent, nothing has to be loaded to tell what became of it.

A module may no longer be there then: the process may have too many files open, which is also why a
connection fails, or the package may have been upgraded under it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shutterstock_api.contract.media import MEDIA

SUPPORT = Path(__file__).parents[2] / "support"
PROGRAM = """
import json, sys
from scripted_server import HANG_UP, Server, answer
from shutterstock_api import ApiClient, LicenseOutcomeUnknown
from shutterstock_api.contract.media import MEDIA

medium, ending = MEDIA[sys.argv[1]], sys.argv[2]

class NothingMore:
    def find_spec(self, name, path=None, target=None):
        raise OSError(24, "Too many open files")

def act(request):
    sys.meta_path.insert(0, NothingMore())
    items = request.json[medium.items]
    whole = [{medium.item_id: item[medium.item_id], "license_id": "L1"} for item in items]
    return {"hang up": HANG_UP, "500": answer(500), "page": answer(200, "<html>"),
            "refusal": answer(401, {"message": "m"}), "limit": answer(429, {"message": "m"}),
            "whole": answer(200, {"data": whole}, **{"RateLimit-Limit": "9"})}[ending]

server = Server()
server.always(act)
hooks = dict.fromkeys(sys.argv[3:], lambda event: None)
client = ApiClient(host=server.url, access_token="v2/token-of-the-test", proxy="", retries=0, **hooks)
entry = {name: "1" for name in (medium.item_id, *medium.job_settings) if name not in medium.beside}
body = {medium.items: [entry], **dict.fromkeys(medium.beside, "USA")}
try:
    client.call(medium.license, [body if name == "body" else None for name in medium.license.names])
    print("result")
except Exception as error:
    sys.meta_path.pop(0)
    print(type(error).__name__)
"""


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        ("hang up", "LicenseOutcomeUnknown"),
        ("500", "LicenseOutcomeUnknown"),
        ("page", "LicenseOutcomeUnknown"),
        ("refusal", "UnauthorizedError"),
        ("limit", "RateLimitError"),
        ("whole", "result"),
    ],
)
@pytest.mark.parametrize(
    ("medium", "hooks"),
    [("image", []), ("sound effect", ["on_response"]), ("editorial item", ["on_response", "on_retry"])],
)
def test_nothing_is_loaded_after_a_licence_request_has_been_sent(
    medium: str, hooks: list[str], ending: str, told: str
) -> None:
    assert medium in MEDIA
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, medium, ending, *hooks],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SUPPORT), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip() == told, run.stderr
