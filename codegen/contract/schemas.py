"""Component schemas -> models, enums and types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codegen.contract import kinds, mixins, naming
from codegen.contract.kinds import Array, EnumRef, FreeForm, Kind, Map, ModelRef, OneOf, Plain
from codegen.contract.mixins import Mixin
from codegen.contract.source import Node, Problems, Source, SpecError

_PREFIX = "components.schemas."
_TEXTS = frozenset({"description", "title", "default", "example", "deprecated"})
_BOUNDS = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " character"),
    ("minItems", "maxItems", " item"),
    ("minProperties", "maxProperties", " key"),
)
_LIMITS = frozenset(key for low, high, _ in _BOUNDS for key in (low, high)) | {
    "exclusiveMinimum",
    "exclusiveMaximum",
    "pattern",
    "uniqueItems",
}
_CHOICE = frozenset({"anyOf", "oneOf"})
_REFERENCE = _TEXTS | _LIMITS | {"$ref"}
_INLINE = _TEXTS | _LIMITS | _CHOICE | {"type", "format", "items", "additionalProperties"}
_CONSTRAINT = _LIMITS | {"format", "items", "required", "description"}
_MODEL = (
    _TEXTS
    | _LIMITS
    | _CHOICE
    | {
        "type",
        "properties",
        "required",
        "additionalProperties",
        "x-internal",
        "x-mixin",
        "x-aliases",
        "x-extends",
        "readOnly",
    }
)
_ENUM = _TEXTS | {"type", "enum", "x-internal"}

_PLAIN = {"integer": Plain(("int",)), "number": Plain(("float",)), "boolean": Plain(("bool",))}
_TEXT = Plain(("str",))
_DATES = {"date": Plain(("date",)), "date-time": Plain(("datetime",))}


@dataclass(frozen=True)
class Facts:
    """The description of a field or parameter, besides its name and type."""

    description: str
    limits: str | None = None
    default: str | None = None
    deprecated: bool = False
    secret: bool = False  # whether `repr` hides the value


@dataclass(frozen=True)
class Field:
    """A field of a model; `wire` is its name in JSON."""

    name: str
    wire: str
    type: Kind
    schema: Node
    facts: Facts
    required: bool


@dataclass(frozen=True)
class Model:
    name: str
    node: Node
    description: str
    limits: str | None
    fields: tuple[Field, ...]
    open: bool
    base: str | None  # the model whose class it extends
    mixins: tuple[Mixin, ...]
    aliases: tuple[str, ...]  # further names of the class

    @property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def secret(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.facts.secret)

    @property
    def sole(self) -> Field | None:
        """The only required field, if its value can be passed alone: a text or a list."""
        required = [field for field in self.fields if field.required]
        kind = required[0].type if len(required) == 1 else None
        return required[0] if kind == Plain(("str",)) or isinstance(kind, Array) else None


@dataclass(frozen=True)
class Enum:
    name: str
    description: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Schemas:
    """Every model and enum, by name."""

    models: Mapping[str, Model]
    enums: Mapping[str, Enum]


def read_schemas(source: Source, problems: Problems) -> Schemas:
    models: dict[str, Model] = {}
    enums: dict[str, Enum] = {}
    files: dict[str, str] = {}
    for node in _public(source, problems):
        name = _name(node)
        with problems.collect():
            _take_file(node, name, files)
            if node.get("enum"):
                enums[name] = _enum(node)
            else:
                models[name] = _model(node, source, problems)
                for alias in _aliases(node):
                    _take_file(alias, alias.text(), files)
    _check_bases(models, problems)
    _refuse_circles(models, problems)
    return Schemas(dict(sorted(models.items())), dict(sorted(enums.items())))


def _take_file(node: Node, name: str, files: dict[str, str]) -> None:
    """Reserve the file with this name."""
    if fault := naming.model_fault(name):
        raise SpecError(node, fault)
    if other := files.get(naming.snake(name)):
        raise SpecError(node, f"{name!r} and another schema {other!r} would share a file")
    files[naming.snake(name)] = name


def _aliases(node: Node) -> list[Node]:
    given = node.get("x-aliases")
    return given.sequence() if given else []


def type_of(schema: Node, source: Source) -> Kind:
    """The type that a schema stands for; `SpecError` if the code cannot express it."""
    if schema.get("$ref"):
        schema.only(_REFERENCE)
        return _referenced(schema, source)
    if schema.get("enum"):
        raise SpecError(schema, "an enum needs a name: put it under components.schemas")
    if schema.get("properties"):
        raise SpecError(schema, "an object with properties needs a name: put it under components.schemas")
    schema.only(_INLINE)
    if schema.get("type") is None:
        return _choice(schema, source)
    for member in _alternatives(schema):
        member.only(_CONSTRAINT)  # it narrows the values, not the type
    return _inline(schema, source)


def facts_of(node: Node, schema: Node) -> Facts:
    """The facts in `node` (a parameter or field) and its schema."""
    description = node.need("description").text()
    default = schema.get("default")
    return Facts(
        description,
        limits=_unless_said(limits_of(schema), description),
        default=None if default is None else _plain_text(default),
        deprecated=node.is_set("deprecated"),
        secret=node.is_set("x-secret"),
    )


def limits_of(schema: Node) -> str | None:
    """The limits of a schema in words: `1 to 500`, `at most 50 items`."""
    given = schema.mapping()
    found = []
    for low, high, unit in _BOUNDS:
        bounds = [given[key].value for key in (low, high) if key in given]
        if bounds:
            words = "" if len(bounds) == 2 else "at least " if low in given else "at most "
            plural = "s" if unit and bounds[-1] != 1 else ""
            found.append(f"{words}{' to '.join(map(str, bounds))}{unit}{plural}")
    if "exclusiveMinimum" in given:
        found.append(f"more than {given['exclusiveMinimum'].value}")
    if "exclusiveMaximum" in given:
        found.append(f"less than {given['exclusiveMaximum'].value}")
    return ", ".join(found) or None


def _unless_said(limits: str | None, description: str) -> str | None:
    """Drop limits whose numbers are in the description already, so that nobody reads them twice."""
    numbers = re.findall(r"\d+", limits or "")
    said = re.findall(r"\d+", description)
    return None if set(numbers) <= set(said) else limits


def _plain_text(node: Node) -> str:
    if isinstance(node.value, list):
        return ", ".join(_plain_text(item) for item in node.value)
    if isinstance(node.value, bool):
        return str(node.value)
    if not isinstance(node.value, str | int | float):
        raise SpecError(node, "a plain value or a list of them is expected")
    return str(node.value)


def _public(source: Source, problems: Problems) -> list[Node]:
    found = []
    for document in source.documents.values():
        with problems.collect():
            schemas = (document.get("components") or Node({}, document.file, 1, "")).get("schemas")
            for node in schemas.mapping().values() if schemas else ():
                with problems.collect():
                    if not node.is_set("x-internal"):
                        found.append(node)
    return found


def _name(node: Node) -> str:
    return node.place.removeprefix(_PREFIX)


def _enum(node: Node) -> Enum:
    node.only(_ENUM)
    if node.need("type").value != "string":
        raise SpecError(node, "an enum has the type string")
    values = tuple("" if value.value == "" else value.text() for value in node.need("enum").sequence())
    return Enum(_name(node), node.need("description").text(), values)


def _model(node: Node, source: Source, problems: Problems) -> Model:
    node.only(_MODEL)
    if node.need("type").value != "object":
        raise SpecError(node, "a named schema is an object with properties or an enum")
    properties = node.need("properties").mapping()
    required = [item.text() for item in node.need("required").sequence()] if node.get("required") else []
    for name in required:
        if name not in properties:
            problems.add(node.need("required"), f"{name!r} is required but not a property")
    fields: dict[str, Field] = {}
    for wire, child in properties.items():
        with problems.collect():
            field = _field(wire, child, source, required=wire in required)
            if field.name in fields:
                raise SpecError(child, f"two fields would be called {field.name!r}")
            fields[field.name] = field
    return Model(
        name=_name(node),
        node=node,
        description=(text := node.need("description").text()),
        limits=_unless_said(limits_of(node), text),
        fields=tuple(fields.values()),
        open=_is_open(node),
        base=base.text() if (base := node.get("x-extends")) else None,
        mixins=tuple(_mixins(node, fields, source, problems)),
        aliases=tuple(alias.text() for alias in _aliases(node)),
    )


def _mixins(node: Node, fields: Mapping[str, Field], source: Source, problems: Problems) -> Iterator[Mixin]:
    given = node.get("x-mixin")
    if given is None:
        return
    for name in given.value if isinstance(given.value, list) else [given]:
        with problems.collect():
            mixin = mixins.read(name, source.package)
            for member in mixin.members:
                if member.name in fields:
                    raise SpecError(name, f"{member.name!r} is a field and a member of {mixin.name!r}")
            yield mixin


def _field(wire: str, node: Node, source: Source, *, required: bool) -> Field:
    name = naming.field_name(wire)
    if fault := naming.field_fault(name):
        raise SpecError(node, fault)
    kind = type_of(node.without("x-secret"), source)
    if isinstance(kind, Plain) and len(kind.names) > 1:
        raise SpecError(node, "a field is a date or a date-time: the decoder cannot tell them apart")
    return Field(name, wire, kind, node, facts_of(node, node), required)


def _is_open(node: Node) -> bool:
    more = node.get("additionalProperties")
    if more is None:
        return False
    if more.value is not True:
        raise SpecError(more, "additionalProperties is true or absent")
    return True


def _referenced(schema: Node, source: Source) -> Kind:
    target = source.resolve(schema)
    if not target.place.startswith(_PREFIX):
        raise SpecError(schema, "the reference does not lead to a schema")
    name = _name(target)
    if target.is_set("x-internal"):
        raise SpecError(schema, f"{name!r} is internal: the SDK has no model of it")
    if target.get("enum"):
        return EnumRef(name)
    return ModelRef(name, open=_is_open(target) and not target.is_set("readOnly"))


def _inline(schema: Node, source: Source) -> Kind:
    kind = _type_name(schema)
    if kind == "string":
        shape = schema.get("format")
        if shape and shape.value == "binary":
            raise SpecError(shape, "binary content is not JSON")
        return _DATES.get(shape.text(), _TEXT) if shape else _TEXT
    if kind == "array":
        item = type_of(schema.need("items"), source)
        if isinstance(item, Array):
            raise SpecError(schema, "lists of lists are not supported")
        return Array(item)
    if kind == "object":
        values = schema.get("additionalProperties")
        if values and isinstance(values.value, dict):
            return Map(type_of(values, source))
        if not _is_open(schema):
            raise SpecError(schema, "an object without properties needs `additionalProperties: true`")
        return FreeForm()
    if kind in _PLAIN:
        return _PLAIN[kind]
    raise SpecError(schema.need("type"), f"unknown type {kind!r}")


def _type_name(schema: Node) -> str:
    """The type without a `null` beside it, which adds nothing: any field may be `None`."""
    given = schema.need("type")
    names = given.value if isinstance(given.value, list) else [given]
    types = [name.text() for name in names if name.value != "null"]
    if len(types) != 1:
        raise SpecError(given, "one type is expected, and beside it at most null")
    return types[0]


def _alternatives(schema: Node) -> list[Node]:
    """The members of `anyOf` or `oneOf`; for types the two are the same."""
    lists = [child for key, child in schema.mapping().items() if key in _CHOICE]
    return [member for child in lists for member in child.sequence()]


def _choice(schema: Node, source: Source) -> Kind:
    members = [type_of(member, source) for member in _alternatives(schema)]
    if not members:
        raise SpecError(schema, "the schema has no type")
    if all(member == members[0] for member in members):
        return members[0]
    if set(members) == set(_DATES.values()):
        return Plain(("date", "datetime"))
    choices = tuple(m for m in members if isinstance(m, ModelRef) or (isinstance(m, Plain) and m == _TEXT))
    if len(choices) == len(members):
        return OneOf(choices)
    raise SpecError(schema, "these alternatives have no common type")


def _check_bases(models: Mapping[str, Model], problems: Problems) -> None:
    """A model that extends another has all of its fields."""
    for model in models.values():
        base = models.get(model.base or "")
        wanted = {field.name: field.type for field in base.fields} if base else {}
        given = {field.name: field.type for field in model.fields}
        if model.base and (base is None or not wanted.items() <= given.items()):
            problems.add(model.node.need("x-extends"), f"{model.base!r} is no model whose fields it has")


def _refuse_circles(models: Mapping[str, Model], problems: Problems) -> None:
    """Models import each other, so none may refer back to itself."""
    inner = {
        name: {m for f in model.fields for m in kinds.models(f.type)} | {model.base or ""} & models.keys()
        for name, model in models.items()
    }
    for name, model in models.items():
        reached: set[str] = set()
        ahead = set(inner[name])
        while ahead:
            step = ahead.pop()
            reached.add(step)
            ahead |= inner.get(step, set()) - reached
        if name in reached:
            problems.add(model.node, f"{name!r} contains itself")
