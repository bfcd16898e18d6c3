"""The base of all models. The models themselves are generated: `shutterstock_api/models/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

import msgspec

from shutterstock_api.modelkit.field_docs import Slots
from shutterstock_api.schema import decoding
from shutterstock_api.schema.fields import JsonObject, fields_of, unknown_fields
from shutterstock_api.support.errors import ApiTypeError
from shutterstock_api.support.text import did_you_mean

Self = TypeVar("Self", bound="ApiModel")


class _PerClass:
    """A mapping that is created from the fields of a class when it is needed."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __get__(self, instance: object, owner: type[ApiModel]) -> dict[str, str]:
        return {field.name: getattr(field, self._value) for field in fields_of(owner).values()}


class _Constructor(msgspec.StructMeta):
    """Explains which argument of a constructor is wrong. Decoding does not use this."""

    if not TYPE_CHECKING:  # type checkers know the fields

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().__call__(*args, **kwargs)
            except TypeError:
                problems = [_no_field(self, name) for name in kwargs if name not in self.__struct_fields__]
                if args:
                    problems.append(f"{self.__name__} takes its fields only by name")
                if not problems:
                    raise
            finally:
                del args, kwargs  # no traceback shows them
            raise ApiTypeError("; ".join(problems))


class ApiModel(JsonObject, kw_only=True, metaclass=_Constructor):
    """A JSON object of the service. Every field is optional: `None` if it is absent.

    A field that this version does not know is kept in `additional_properties` and can be read as an
    attribute; a value of an unexpected type is kept unchanged. A misspelt name raises an error.
    """

    __test__: ClassVar[bool] = False  # pytest would take TestEcho for a test

    swagger_types: ClassVar[Mapping[str, str]] = _PerClass("type_name")  # type: ignore[assignment]
    """Field names and their types, as text."""
    attribute_map: ClassVar[Mapping[str, str]] = _PerClass("wire")  # type: ignore[assignment]
    """Field names and their names in JSON."""

    def __init_subclass__(cls) -> None:
        cls.__slots__ = Slots.fromkeys(cls.__slots__)  # type: ignore[attr-defined]

    def to_dict(self) -> dict[str, Any]:
        """Return every declared field (`None` if absent) and any other field that the service sent.

        Nested models become dicts; dates stay dates.
        """
        result = {name: _without_models(getattr(self, name)) for name in fields_of(type(self))}
        result.update((key, _without_models(value)) for key, value in (unknown_fields(self) or {}).items())
        return result

    def to_json(self) -> bytes:
        """Return JSON as the service sends it: without absent fields, and with dates in ISO 8601."""
        from shutterstock_api.schema.encoding import to_wire

        return msgspec.json.encode(to_wire(self))

    def to_str(self) -> str:
        """Return the fields that are present, as readable lines. Secrets are not shown."""
        from pprint import pformat

        return pformat(_visible_fields(self), sort_dicts=False)

    @classmethod
    def from_dict(cls: type[Self], data: Mapping[str, Any]) -> Self:
        """Return a model from a dict with JSON names; the reverse of `to_dict()`."""
        return cast("Self", decoding.convert(data, cls))

    @classmethod
    def from_json(cls: type[Self], data: bytes | str) -> Self:
        """Return a model from JSON.

        Raises:
            DecodeError: It is not JSON, or not an object.
        """
        return cast("Self", decoding.decode(data, cls))

    def __repr__(self) -> str:
        return self.to_str()

    def _repr_html_(self) -> str | None:
        """Return the HTML that Jupyter shows; `None` if it shows the `repr`."""
        from shutterstock_api.modelkit.display import to_html

        return to_html(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the `repr` in IPython, with long lists shortened: notebooks store it beside the HTML."""
        from shutterstock_api.modelkit.display import to_short_text

        printer.text(to_short_text(self))

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return list(_visible_fields(self).items())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ApiModel) or type(self) is not type(other):
            return NotImplemented
        names = fields_of(type(self))
        return (unknown_fields(self) or {}) == (unknown_fields(other) or {}) and all(
            getattr(self, name) == getattr(other, name) for name in names
        )

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    if not TYPE_CHECKING:  # so that type checkers find misspelt names

        def __getattr__(self, name: str) -> Any:
            more = unknown_fields(self)
            if more and name in more:
                return more[name]
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self
            )

        def __setattr__(self, name: str, value: Any) -> None:
            try:
                super().__setattr__(name, value)
            except AttributeError:
                text = _no_field(type(self), name)
                raise AttributeError(f"{text}{'' if '?' in text else _OWN}", name=name, obj=self) from None


_OWN = ". Keep values of your own in a dict, or in additional_properties if they may be sent in a request."


def _no_field(model: type[ApiModel], name: str) -> str:
    return f"{model.__name__} has no field {name!r}{did_you_mean(name, fields_of(model))}"


def _visible_fields(model: ApiModel) -> dict[str, Any]:
    from shutterstock_api.modelkit.visible import visible

    shown: dict[str, Any] = visible(model)
    return shown


def _without_models(value: Any) -> Any:
    if isinstance(value, ApiModel):
        return value.to_dict()
    if isinstance(value, (list, tuple)):
        return [_without_models(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_models(item) for key, item in value.items()}
    return value
