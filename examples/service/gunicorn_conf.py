"""How gunicorn runs the service: `gunicorn --config examples/service/gunicorn_conf.py`."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

pythonpath = str(Path(__file__).resolve().parents[1])
wsgi_app = "service.app:app"
bind = os.environ.get("SERVICE_BIND", "127.0.0.1:8000")
workers = 2
worker_class = "gthread"
threads = 16  # one for each connection of the client: app.THREADS
preload_app = True  # loaded once; at that time the client has nothing open that a fork could share
graceful_timeout = 40  # longer than a licence request: after SIGTERM, running requests can end

_metrics = tempfile.mkdtemp(prefix="metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _metrics  # before the application is loaded


def child_exit(server: Any, worker: Any) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    shutil.rmtree(_metrics, ignore_errors=True)
