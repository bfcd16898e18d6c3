"""A token: it authorises calls, expires, and can be renewed."""

# No `from __future__ import annotations`: `OAuthError` claims to be from `exceptions`, where the names in its
# annotations could not be found.

import math
from datetime import datetime
from typing import Annotated, Any, Self

import msgspec

from shutterstock_api.support.errors import ApiException, ApiValueError


class Token(msgspec.Struct, frozen=True, omit_defaults=True):
    """A token. It is immutable, is compared by its content, and never shows a secret."""

    access_token: Annotated[str, msgspec.Meta(min_length=1)]
    """The text that authorises calls."""
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """When it expires, with a time zone; `None` if it does not expire."""
    refresh_token: str | None = None
    """The text with which the token is renewed; only tokens that expire have one."""

    def __post_init__(self) -> None:
        if self.expires_at is not None and self.expires_at.tzinfo is None:
            raise ApiValueError("expires_at: expected a time with a time zone")

    def seconds_left(self, now: float) -> float:
        """Return the seconds until it expires.

        Args:
            now: Seconds since 1970.
        """
        return math.inf if self.expires_at is None else self.expires_at.timestamp() - now

    def __repr__(self) -> str:
        renewable = ", can be renewed" if self.refresh_token else ""
        end = f"ends {self.expires_at:%Y-%m-%d %H:%M:%S %Z}" if self.expires_at else "never ends"
        return f"<Token, {end}{renewable}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("expires_at", self.expires_at)]

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("a token is not pickled; TokenFile stores it")


class OAuthError(ApiException):
    """A token could not be obtained, stored or renewed.

    Attributes:
        token: The token of a `login()` that could not be stored. Pickles do not have it.
    """

    token: Token | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "token"}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), self.__getstate__()
