"""The types of request bodies: models, dicts, and single values that stand for a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codegen.contract import kinds
from codegen.contract.kinds import Array, EnumRef, FreeForm, Kind, Map, ModelRef, OneOf, Plain
from codegen.contract.schemas import Field, Model
from codegen.contract.spec import Spec


@dataclass(frozen=True)
class Bodies:
    """The annotations of bodies and of their parts."""

    models: Mapping[str, Model]
    things: Mapping[str, str]  # entries of licence requests; the models whose `id` may stand for one

    @property
    def dicts(self) -> list[Model]:
        """The models that have a `TypedDict`."""
        return [model for model in self.models.values() if not model.open]

    def key(self, field: Field) -> str:
        """As the annotation of a key of a dict: text, as the classes are defined in any order.

        It may be `None`, as in models: so may be the field of an answer that it comes from.
        """
        kind = f'"{self.annotation(field.type, "")} | None"'
        return f"Required[{kind}]" if field.required else kind

    def annotation(self, kind: Kind, dicts: str = "types.") -> str:
        """As the annotation of a body, or of a key of its dict: `models.Cookie | types.CookieDict`.

        Args:
            kind: What the contract wants.
            dicts: What stands before the name of a dict.
        """
        return " | ".join(dict.fromkeys(self._members(kind, dicts)))

    def _members(self, kind: Kind, dicts: str) -> Iterator[str]:
        match kind:
            case Plain(names):
                yield from (("date", "str") if kind.is_date else names)  # a datetime is a date
            case EnumRef(name):
                yield f"models.{name}"
            case ModelRef(name, open=True):
                yield from (f"models.{name}", "Mapping[str, Any]")
            case ModelRef(name):
                yield from (f"models.{name}", f"{dicts}{name}Dict")
                if name in self.things:
                    yield f"models.{self.things[name]}"
                match self.models[name].sole:
                    case Field(type=Array(item)):
                        yield f"Several[{self.annotation(item, dicts)}]"
                    case Field(type=alone):
                        yield from self._members(alone, dicts)
            case Array(item):
                yield f"Sequence[{self.annotation(item, dicts)}]"
            case Map(item):
                yield f"Mapping[str, {self.annotation(item, dicts)}]"
            case FreeForm():
                yield "Mapping[str, Any]"
            case OneOf(members):
                for member in members:
                    yield from self._members(member, dicts)


def read_bodies(spec: Spec) -> Bodies:
    """The bodies of all operations."""
    models = {name: model for name, model in spec.models.items() if spec.uses[name].is_request}
    return Bodies(models, dict(_things(spec)))


def _things(spec: Spec) -> Iterator[tuple[str, str]]:
    for medium in filter(None, (api.medium for api in spec.apis)):
        body, answer = medium.license.body, medium.lookup.returns
        if body is None or not isinstance(body.type, ModelRef) or not isinstance(answer, ModelRef):
            continue
        entries = spec.models[body.type.name].by_name[medium.items].type
        listed = spec.list_field(spec.models[answer.name])
        for thing in kinds.models(listed.type) if listed else ():
            for name in kinds.models(entries):
                if spec.models[name].sole:
                    yield name, thing
