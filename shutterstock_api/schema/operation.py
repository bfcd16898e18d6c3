"""What an endpoint is, as data: `contract/` holds one for each method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, ParamSpec, TypeVar

P = ParamSpec("P")


T = TypeVar("T")

Sending = Literal["read", "write", "license"]
"""May it be sent again? A read always; a write while nothing left; a licence never in doubt."""


class Operation(Generic[T]):
    """One endpoint: verb, path, the types of its arguments, what it returns, who may call it.

    Args:
        name: Name of the method.
        method: HTTP verb.
        template: Path with `{names}` for path arguments.
        api: Name of the class whose method it is.
        label: What the log, events and spans call it, where that is not its name.
        path: Path arguments and their types.
        query: Query arguments and their types: `str`, `int`, `float`, `bool`, `date`, `datetime`, or a
            list of these.
        required: Query arguments that must be given.
        header: Header arguments, which are texts, and the names of their headers.
        body: Type of the body, such as `"LicenseImageRequest"` or `"list[SearchImage]"`.
        returns: Type of the answer; `None` if there is none.
        form: Whether the body goes out as a form instead of JSON.
        location: Whether the answer is a redirect, and where it leads is returned.
        public: Whether anybody may call it. Credentials are sent all the same if it is `basic` too.
        basic: Whether key and secret (HTTP Basic) are enough.
        scopes: What a token must be allowed to do.
        sending: `license` for what costs money; by default the verb decides.
        medium: What it licenses, as a key of `contract.media.MEDIA`; `None` if it licenses nothing.
        empty: Whether an empty answer is accepted and becomes `None`.
        most_ids: Ids that it looks up at most at once; `None` if it looks nothing up by ids.
        least: Results that one page holds at least.
        pages: Results that one page holds at most; `None` if the answer does not come in pages.
        cursor: Field of an answer that holds the cursor of the next page, for the argument `cursor`;
            `None` if pages have numbers.
    """

    __slots__ = (
        "api",
        "basic",
        "body",
        "cursor",
        "empty",
        "form",
        "header",
        "label",
        "least",
        "location",
        "medium",
        "method",
        "most_ids",
        "name",
        "names",
        "pages",
        "path",
        "plan",
        "public",
        "query",
        "required",
        "returns",
        "scopes",
        "sending",
        "template",
    )

    def __init__(
        self,
        name: str,
        method: str,
        template: str,
        *,
        api: str = "",
        label: str | None = None,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        required: tuple[str, ...] = (),
        header: Mapping[str, str] | None = None,
        body: str | None = None,
        returns: str | None = None,
        form: bool = False,
        location: bool = False,
        public: bool = False,
        basic: bool = False,
        scopes: tuple[str, ...] = (),
        sending: Sending | None = None,
        medium: str | None = None,
        empty: bool = False,
        most_ids: int | None = None,
        least: int = 0,
        pages: int | None = None,
        cursor: str | None = None,
    ) -> None:
        self.name: str = name
        self.method: str = method
        self.template: str = template
        self.api: str = api
        self.label: str = label or ("request" if " " in name else name)
        """What tells it from all others. `ApiClient.request` has one for whatever path it is given."""
        self.path: Mapping[str, Any] = path or {}
        self.query: Mapping[str, Any] = query or {}
        self.required: tuple[str, ...] = required
        self.header: Mapping[str, str] = header or {}
        self.body: str | None = body
        self.returns: str | None = returns
        self.form: bool = form
        self.location: bool = location
        self.public: bool = public
        self.basic: bool = basic
        self.scopes: tuple[str, ...] = scopes
        self.sending: Sending = sending or ("read" if method in ("GET", "HEAD") else "write")
        self.medium: str | None = medium
        self.empty: bool = empty
        self.most_ids: int | None = most_ids
        self.least: int = least
        self.pages: int | None = pages
        self.cursor: str | None = cursor
        self.names: tuple[str, ...] = (
            *self.path,
            *self.query,
            *self.header,
            *(("body",) if body else ()),
        )
        """Names of the arguments: a call gives their values in this order."""
        self.plan: Any = None
        """How to serialize the arguments; `encoding` fills it in at the first call."""

    @property
    def anonymous(self) -> bool:
        """Whether no credentials are sent."""
        return self.public and not self.basic

    @property
    def full_name(self) -> str:
        """Class and method, such as `ImagesApi.get_image`."""
        return f"{self.api}.{self.name}" if self.api else self.name

    def __repr__(self) -> str:
        return f"<Operation {self.full_name}: {self.method} {self.template}>"
