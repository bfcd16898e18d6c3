"""Endpoints, as data: `contract/` has an `Operation` for each method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, ParamSpec, TypeVar

P = ParamSpec("P")


T = TypeVar("T")

Sending = Literal["read", "write", "license"]
"""May it be sent again? A read always; a write if nothing has been sent; a licence never if in doubt."""


class Operation(Generic[T]):
    """An endpoint: verb, path, the types of its arguments and of its answer, and the required credentials.

    Args:
        name: Name of the method.
        method: HTTP verb.
        template: Path with `{names}` for path arguments.
        api: Name of the class whose method it is.
        label: Its name in the log, events and spans, if that is different.
        path: Path arguments and their types.
        query: Query arguments and their types: `str`, `int`, `float`, `bool`, `date`, `datetime`, or a
            list of these.
        required: Query arguments that are required.
        header: Header arguments, which are texts, and the names of their headers.
        body: Type of the body, such as `"LicenseImageRequest"` or `"list[SearchImage]"`.
        returns: Type of the answer; `None` if there is none.
        form: Whether the body is sent as a form instead of JSON.
        location: Whether the answer is a redirect, whose address is returned.
        public: Whether it needs no credentials. They are sent nevertheless if it is `basic`, too.
        basic: Whether key and secret (HTTP Basic) are enough.
        scopes: The scopes that a token needs.
        sending: `license` for operations that cost money; by default the verb decides.
        medium: What it licenses, as a key of `contract.media.MEDIA`; `None` if it licenses nothing.
        empty: Whether an empty answer is accepted and becomes `None`.
        most_ids: The most ids that it looks up at once; `None` if it does not look up ids.
        least: The fewest results of a page.
        pages: The most results of a page; `None` if the answer does not come in pages.
        cursor: The field of an answer with the cursor of the next page, for the argument `cursor`;
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
        """A value that identifies it. `ApiClient.request` creates an operation for any path."""
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
        """The names of the arguments: a call passes their values in this order."""
        self.plan: Any = None
        """How to serialize the arguments; set at the first call."""

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
