"""The result for each item of a licence request that was answered."""

from __future__ import annotations

import re
import typing
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from shutterstock_api.schema.fields import as_list, fields_of, value_of
from shutterstock_api.support.cleaning import cleaned
from shutterstock_api.support.errors import ApiException
from shutterstock_api.support.text import first_lines, shorten, subscription_advice

R = TypeVar("R")


class LicenseRefusedError(ApiException):
    """Items of a licence request were refused; the others are licensed. Raised by `raise_for_failures()`.

    `status` is `None`: the answer was a 200, which a web handler must not pass on as the status of a failure.

    Attributes:
        licensed: Results of the items that were licensed nevertheless.
        failed: Results of the refused items; the `error` of each says why.
        unclear: Entries with neither a licence nor an error.
    """

    licensed: Sequence[Any] = ()
    failed: Sequence[Any] = ()
    unclear: Sequence[Any] = ()


class _Answer(Protocol[R]):
    @property
    def data(self) -> list[R] | None: ...


class LicenseOutcomes:
    """Separates the licensed items of an answer from the refused ones: a refusal comes inside a 200."""

    __slots__ = ()

    item_names: ClassVar[str] = "items"
    """The name of the items."""
    size_by_default: ClassVar[str | None] = None
    """The size that the service licenses if the request names none, if hardly anybody wants it."""

    if TYPE_CHECKING:
        data: Any  # a field of the answer

    @property
    def licensed(self: _Answer[R]) -> list[R]:
        """Items that were licensed."""
        return [result for result in _results(self) if _is_licensed(result)]

    @property
    def failed(self: _Answer[R]) -> list[R]:
        """Items that the service refused; the `error` of each says why, in its words. They cost nothing."""
        return [result for result in _results(self) if not _is_licensed(result) and _refusal(result)]

    @property
    def unclear(self) -> list[Any]:
        """Entries with neither, because `fields=` can leave out both: look in the licence history."""
        return [result for result in _results(self) if not _is_licensed(result) and not _refusal(result)]

    def raise_for_failures(self) -> None:
        """Raise `LicenseRefusedError` unless every item was licensed.

        Raises:
            LicenseRefusedError: Some were not, or the answer does not say. It has all three lists.
        """
        licensed, failed, unclear = self.licensed, self.failed, self.unclear
        whole = _whole(self, self.item_names)
        if not (failed or unclear or whole):
            return
        id_field = _id_field(type(self))
        lines = [f"{value_of(result, id_field)}: {_refusal(result)}" for result in failed]
        lines += [f"{value_of(result, id_field)}: the answer does not say" for result in unclear]
        lines += [
            cleaned(str(value_of(error, "message") or value_of(error, "code") or error)) for error in whole
        ]
        counts = f"{len(licensed)} {self.item_names} licensed, {len(failed)} refused, {len(unclear)} unclear"
        advice = _refusal_advice(lines, self.size_by_default)
        hint = "\n  ".join([*(shorten(line, 200) for line in first_lines(lines)), *advice])
        error = LicenseRefusedError(reason=counts, hint=hint)
        error.licensed, error.failed, error.unclear = licensed, failed, unclear
        raise error


def _refusal_advice(lines: Sequence[str], size_by_default: str | None) -> list[str]:
    """Return what to do about refusals, without repetitions."""
    text = " ".join(lines)
    found = [subscription_advice(text)]
    if size_by_default and re.search(r"\b(size|format|subscription)", text, re.IGNORECASE):
        found.append(f"Name a size: without one, the service licenses {size_by_default}.")
    return [advice for advice in found if advice]


def _results(answer: Any) -> list[Any]:
    return as_list(getattr(answer, "data", None))


def _whole(answer: Any, names: str) -> list[Any]:
    """Return the answer's error for the request as a whole."""
    errors = getattr(answer, "errors", None)
    told = [error for error in (errors if isinstance(errors, list) else [errors]) if error]
    if told or _results(answer):
        return told
    return [getattr(answer, "message", None) or f"the answer says nothing about the {names}"]


def _id_field(answer: type) -> str:
    """Return the field of a result that identifies its item, such as `image_id`."""
    listed = typing.get_args(fields_of(answer)["data"].type)[0]
    names = fields_of(typing.get_args(listed)[0])
    return next(name for name in names if name.endswith("_id") and name != "license_id")


def _is_licensed(result: Any) -> bool:
    """A licence id or a link to the file counts, whatever else the entry says: it has been paid for."""
    return bool(value_of(result, "license_id") or value_of(value_of(result, "download"), "url"))


def _refusal(result: Any) -> str | None:
    error = value_of(result, "error")
    return None if not error else cleaned(error if isinstance(error, str) else repr(error))
