"""Users: their keys for this service, and their tokens for Shutterstock."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from shutterstock_api import OAuth, RefreshingToken


class User(NamedTuple):
    name: str
    token: RefreshingToken


class Users:
    """The people in `users.json`, which maps the SHA-256 of each key to a name.

    The token of `ann` is in `ann.json`, a `shutterstock_api.TokenFile` that one process renews for all. You
    can replace both files by your own login and your own store.
    """

    def __init__(self, folder: Path, oauth: OAuth) -> None:
        names = json.loads((folder / "users.json").read_text("utf-8"))
        self._users = {
            digest: User(name, RefreshingToken(oauth, folder / f"{name}.json"))
            for digest, name in names.items()
        }

    def with_key(self, key: str) -> User | None:
        return self._users.get(hashlib.sha256(key.encode()).hexdigest())
