"""Who may call: people, their keys of this service, and their tokens of Shutterstock's."""

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
    """The people in `users.json`, which has a name for the SHA-256 of each key.

    The token of `ann` is in `ann.json`, as `shutterstock_api.TokenFile` keeps it: fresh, renewed by one
    process for all. Your own login, and your own store, may take the place of both.
    """

    def __init__(self, folder: Path, oauth: OAuth) -> None:
        names = json.loads((folder / "users.json").read_text("utf-8"))
        self._users = {
            digest: User(name, RefreshingToken(oauth, folder / f"{name}.json"))
            for digest, name in names.items()
        }

    def with_key(self, key: str) -> User | None:
        return self._users.get(hashlib.sha256(key.encode()).hexdigest())
