"""`examples/service` under gunicorn."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3

from shutterstock_api.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = {"ann": "cat", "bob": "coffee", "cem": "mountain", "dua": "sunset"}
"""People, and what each looks for."""
COMMAND = "gunicorn --config examples/service/gunicorn_conf.py"
Sold = Callable[[], list[str]]
PATIENCE = 30.0
"""Seconds that anything may take on a busy machine."""
# What gunicorn loads: the service, after a request of its own in the parent, so that there is something to
# share by mistake. Its answers tell which process they are of.
PARENT = """
import os
from concurrent.futures import ThreadPoolExecutor

from flask import g
from service import app as service

app, client = service.app, service.client


@app.get("/background")
def background():
    return service.client.images.search_images(query=g.user.name, async_req=True).get().to_dict()


@app.get("/elsewhere")
def elsewhere():
    with ThreadPoolExecutor(1) as threads:
        error = threads.submit(service.client.images.search_images, query="cat").exception()
    return {"error": type(error).__name__}


@app.after_request
def mark(response):
    response.headers["X-Process"] = str(os.getpid())
    return response


found = app.test_client().get("/search?q=cat", headers={"Authorization": "Bearer key of ann"})
assert found.status_code == 200 and client.rest._route is not None
client.configuration.deadline = float(os.environ["DEADLINE"])
"""


class Service:
    """The service in processes of its own, with `sandbox` as Shutterstock."""

    def __init__(self, sandbox: Sandbox, folder: Path, deadline: float = PATIENCE) -> None:
        self.folder = folder
        (folder / "parent.py").write_text(PARENT)
        keys = {hashlib.sha256(f"key of {name}".encode()).hexdigest(): name for name in PEOPLE}
        (folder / "users.json").write_text(json.dumps(keys))
        self.tokens = {name: sandbox.token() for name in PEOPLE}
        for name, token in self.tokens.items():
            self.give(name, {"access_token": token})
        self._log = folder / "log"
        ours = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *COMMAND.split(), "parent:app"],
                cwd=ROOT,
                stderr=log,
                env={
                    **ours,
                    "DEADLINE": str(deadline),
                    "HOME": str(folder),  # gunicorn keeps a socket there
                    "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]),
                    "PYTHONWARNINGS": "error",
                    "SERVICE_BIND": "127.0.0.1:0",
                    "SERVICE_DATA": str(folder),
                    "SHUTTERSTOCK_API_HOST": sandbox.url,
                    "SHUTTERSTOCK_KEY": sandbox.key,
                    "SHUTTERSTOCK_SECRET": sandbox.secret,
                },
            )
        eventually(lambda: len(self.workers()) == 2 or self.process.poll() is not None)
        (port,) = re.findall(r"Listening at: http://127.0.0.1:(\d+)", self.log()) or pytest.fail(self.log())
        self.url = f"http://127.0.0.1:{port}"
        self._pool = urllib3.HTTPConnectionPool(
            "127.0.0.1", int(port), maxsize=16, retries=False, timeout=PATIENCE
        )

    def log(self) -> str:
        return self._log.read_text()

    def workers(self) -> list[int]:
        """Return the processes that serve, also those that have ended since."""
        return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", self.log())]

    def give(self, name: str, token: dict[str, Any]) -> None:
        path = self.folder / f"{name}.json"
        path.touch(0o600)
        path.write_text(json.dumps(token))

    def __call__(self, name: str | None, method: str, path: str, body: Any = None) -> Any:
        """Send a request of a person; nobody's without a name."""
        headers = {} if name is None else {"Authorization": f"Bearer key of {name}"}
        return self._pool.request(method, path, json=body, headers=headers)

    def put(self, name: str, order: str, *image_ids: str) -> Any:
        return self(name, "PUT", f"/orders/{order}", {"image_ids": image_ids})

    def put_videos(self, name: str, order: str, size: str | None, *video_ids: str) -> Any:
        return self(name, "PUT", f"/orders/{order}", {"video_ids": video_ids, "size": size})

    def end(self) -> int:
        """Tell it to stop, and wait until it has."""
        self.process.terminate()
        self._pool.close()
        return self.process.wait(PATIENCE)


def eventually(holds: Callable[[], Any]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)
