"""Lists of the service as tables: flat records, and data frames of pandas."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from shutterstock_api.schema.fields import JsonObject, as_list, fields_of, type_name
from shutterstock_api.support.errors import needed_for

if TYPE_CHECKING:
    from pandas import DataFrame
else:  # it may not be installed
    DataFrame = Any

DTYPES: Mapping[str, tuple[type, str]] = {
    "str": (str, "string"),
    "int": (int, "Int64"),
    "float": (float, "Float64"),
    "bool": (bool, "boolean"),
    "date": (date, "datetime64[ns]"),
    "datetime": (datetime, "datetime64[ns, UTC]"),
}
"""Types of fields: the type of their values, and of the pandas column that can also hold missing values."""
VALUE = "value"
"""The column of an item that is not a model, or not the one in the contract."""


class Table:
    """Turns the items of an answer into the rows of a table."""

    __slots__ = ()

    def to_records(self) -> list[dict[str, Any]]:
        """Return a flat `dict` for each item, such as `{"id": "1", "assets.preview.width": 450}`.

        All have the same keys: each declared field (`None` if absent), then any others that the service sent.
        Dates stay dates, lists stay lists. Secrets are left out: download links are in the answer itself.
        """
        columns, rows = self._columns_and_rows()
        return [{name: row.get(name) for name in columns} for row in rows]

    def to_pandas(self) -> DataFrame:
        """Return a data frame with the columns of `to_records()`, each with the type of its field.

        The types are `string`, `Int64`, `Float64`, `boolean`, `datetime64[ns, UTC]`, `datetime64[ns]` for
        dates, and `object` for lists and for values that do not fit. It needs the extra `pandas`.

        Raises:
            ApiException: pandas is not installed.
        """
        library = _pandas()
        columns, rows = self._columns_and_rows()
        frame: DataFrame = library.DataFrame(
            {name: _series(library, [row.get(name) for row in rows], kind) for name, kind in columns.items()}
        )
        return frame

    def _items(self) -> tuple[Any, Iterable[Any]]:
        """Return the type of the items in the contract, and the items."""
        answer: Any = type(self)
        name, kind = list_of_items(answer) or ("data", JsonObject)
        return kind, as_list(getattr(self, name, None))

    def _columns_and_rows(self) -> tuple[dict[str, str], list[dict[str, Any]]]:
        kind, items = self._items()
        rows = [_row(item, kind) for item in items]
        columns = dict(_columns(kind))
        for name in chain.from_iterable(rows):
            columns.setdefault(name, "object")
        return columns, rows


@cache
def list_of_items(answer: Any) -> tuple[str, Any] | None:
    """Return the name of the list in an answer, and the type of its items; `None` without a single list."""
    if not _is_model(answer):
        return None
    lists = {
        name: typing.get_args(_members(field.type)[0])[0]
        for name, field in fields_of(answer).items()
        if name != "errors" and field.type_name.startswith("list[")
    }
    for name in ("data", "results"):
        if name in lists:
            return name, lists[name]
    others = [(name, kind) for name, kind in lists.items() if _is_model(kind)]
    is_item = "id" in fields_of(answer)
    return others[0] if len(others) == 1 and not is_item else None


def _members(kind: Any) -> list[Any]:
    """Return the types that a field may have, except `None`."""
    return [member for member in typing.get_args(kind) if member is not type(None)]


def model_in(kind: Any) -> type[JsonObject] | None:
    """Return the model that a field holds, if it holds one."""
    first = _members(kind)[0]
    return first if _is_model(first) else None


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, JsonObject)


@cache
def _columns(model: type[JsonObject]) -> Mapping[str, str]:
    """Return the columns of a model and the names of their types."""
    if not issubclass(model, JsonObject):
        return {VALUE: type_name(model)}
    found: dict[str, str] = {}
    for name, field in fields_of(model).items():
        inner = model_in(field.type)
        if inner:
            found.update({f"{name}.{deeper}": kind for deeper, kind in _columns(inner).items()})
        elif name not in model.secret_fields:
            found[name] = field.type_name
    return found


def _row(item: Any, kind: type[JsonObject]) -> dict[str, Any]:
    from shutterstock_api.modelkit.visible import holds_secret, visible

    shown = visible(item, holds_secret(kind))
    return (
        dict(_cells(shown, kind))
        if isinstance(item, kind) and isinstance(item, JsonObject)
        else {VALUE: shown}
    )


def _cells(shown: dict[str, Any], model: type[JsonObject], prefix: str = "") -> Iterator[tuple[str, Any]]:
    fields = fields_of(model)
    for name, value in shown.items():
        inner = model_in(fields[name].type) if name in fields else None
        if inner and isinstance(value, dict):
            yield from _cells(value, inner, f"{prefix}{name}.")
        elif name not in model.secret_fields:
            yield prefix + name, value


def _series(pandas: Any, values: list[Any], kind: str) -> Any:
    series = pandas.Series(values, dtype="object")
    expected, dtype = DTYPES.get(kind, (object, "object"))
    if any(value is not None and type(value) is not expected for value in values):
        return series  # with a value of an unexpected type, the whole column stays unchanged
    try:
        moments = expected is datetime  # with any time zone, or without one, which means UTC
        return (pandas.to_datetime(series, utc=True) if moments else series).astype(dtype)
    except (ValueError, OverflowError):  # too large for the type
        return series


def _pandas() -> Any:
    with needed_for("to_pandas()"):
        import pandas
    return pandas
