"""What release 1.1.0 has left: pickles, a ledger, and what stands in both."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

from shutterstock_api import JobImage, LicenseReport

DATA = Path(__file__).parents[1] / "data" / "pickles-1.1.0"


def pickles(group: str) -> dict[str, bytes]:
    """Return the pickles of a group by their names."""
    found: dict[str, bytes] = pickle.loads((DATA / f"{group}.pickle").read_bytes())
    return found


CLIENTS, ERRORS, MODELS, RESULTS = map(pickles, ("clients", "errors", "models", "results"))
BODIES = json.loads((DATA / "models.json").read_text("utf-8"))

REPORT = LicenseReport(
    [
        JobImage(
            "1", "licensed", license_id="L1", charge=2, price=1.1, currency="USD", path=Path("1.jpg"), bytes=7
        ),
        JobImage("2", "licensed", license_id="L2", reused=True, file_error="404 Not Found"),
        JobImage("3", "failed", "Image not found"),
        JobImage("4", "unknown", "no answer"),
        JobImage("5", "planned"),
    ],
    "403 Forbidden",
)
