"""Paths of the contract -> operations, with everything that methods, tables and pages need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from codegen.contract import naming
from codegen.contract.examples import Examples
from codegen.contract.kinds import Array, EnumRef, Kind, ModelRef, Plain, element
from codegen.contract.parameters import PAGE_OPTIONS, Parameter, ParameterReader, most_ids, page_sizes
from codegen.contract.schemas import type_of
from codegen.contract.source import Node, Problems, Source, SpecError

_VERBS = frozenset({"get", "post", "put", "patch", "delete"})
_OPERATION = frozenset(
    "operationId tags summary description deprecated security parameters requestBody responses "
    "x-sending x-medium x-empty-answer x-aliases x-preferred-name x-replaced-by "
    "x-cursor".split()
)
_BODY = frozenset({"description", "required", "content"})
_RESPONSE = frozenset({"description", "headers", "content"})
_MEDIA = frozenset({"schema", "example"})
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_ROLES = ("license", "history", "lookup", "redownload")  # of an operation, to a medium
TASKS = (
    "Upload",
    "Search",
    "Keywords",
    "Look up",
    "Livefeeds",
    "Collect",
    "License",
    "Render",
    "History",
    "Account",
    "Other",
)
"""The tasks of operations, which are their tags; the reference lists them in this order."""
_STATUS = re.compile(r"[1-5](\d\d|XX)\Z")


@dataclass(frozen=True)
class Body:
    type: Kind
    description: str
    example: str
    models: tuple[tuple[str, str], ...]  # models within the example, and the code that builds them
    form: bool
    sole: str | None  # the field whose value can be passed alone


@dataclass(frozen=True)
class Operation:
    id: str  # its name; if another class has that, too, with its own class before it
    name: str
    aliases: tuple[str, ...]  # further names of the method
    shown: str  # the name that the reference uses
    node: Node
    verb: str
    path: str
    summary: str
    description: str
    task: str
    deprecated: bool
    replaced_by: str | None  # class and method
    parameters: tuple[Parameter, ...]
    body: Body | None
    returns: Kind | None
    answer: str
    location: bool  # whether the answer is a redirect, whose address is returned
    has_items: bool  # whether the answer has the list `data`
    empty: bool
    statuses: tuple[tuple[str, str], ...]
    public: bool
    basic: bool
    scopes: tuple[str, ...]
    sending: str | None
    roles: Mapping[str, str]  # by the name of the medium
    least: int  # the fewest results of a page
    pages: int | None  # the most results of a page; `None` without pages
    cursor: str | None  # field of the answer with the cursor of the next page

    @property
    def stem(self) -> str:
        """The file of the contract without `.yaml`, which is the module of the operation, too."""
        return Path(self.node.file).stem

    @property
    def api(self) -> str:
        """The class whose method it is."""
        return naming.api_class(self.stem)

    @property
    def anonymous(self) -> bool:
        """Whether no credentials are sent."""
        return self.public and not self.basic

    @property
    def most_ids(self) -> int | None:
        """How many ids it looks up at once; `None` if it does not look up ids."""
        return most_ids(self.parameters) if self.task == "Look up" else None

    @property
    def lists(self) -> bool:
        """Whether `paginate` can go through its answers, and its options can be passed."""
        return (
            self.verb == "GET" and self.has_items and PAGE_OPTIONS.isdisjoint(p.name for p in self.parameters)
        )

    @property
    def medium(self) -> str | None:
        """The medium that it licenses."""
        return next((name for name, role in self.roles.items() if role == "license"), None)

    @property
    def required(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameters if parameter.required)

    @property
    def optional(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameters if not parameter.required)

    @property
    def required_query(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.required if parameter.location == "query")

    def located(self, location: str) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameters if parameter.location == location)


@dataclass(frozen=True)
class OperationReader:
    """Reads the operations of one file, with what they share at hand."""

    source: Source
    problems: Problems
    examples: Examples
    schemes: Mapping[str, frozenset[str]]  # security scheme -> its scopes

    @property
    def _parameters(self) -> ParameterReader:
        return ParameterReader(self.source, self.problems, self.examples)

    def read(self, document: Node) -> list[Operation]:
        found: dict[str, Operation] = {}
        for path, item in document.need("paths").mapping().items():
            with self.problems.collect():
                item.only(_VERBS)
            for verb, node in item.mapping().items():
                if verb in _VERBS:
                    with self.problems.collect():
                        operation = self._operation(path, verb, node)
                        for name in (operation.name, *operation.aliases):
                            if name in found:
                                raise SpecError(node, f"{name!r} is another operation already")
                            found[name] = operation
        return [operation for name, operation in sorted(found.items()) if name == operation.name]

    def _operation(self, path: str, verb: str, node: Node) -> Operation:
        """One operation. After a problem in one part, the others are read nevertheless, to find theirs."""
        full = node.need("operationId").text()
        class_, _, name = full.rpartition(".")
        if class_ not in ("", naming.api_class(Path(node.file).stem)):
            raise SpecError(node.need("operationId"), f"{class_!r} is not the class of this file")
        if fault := naming.method_fault(name):
            raise SpecError(node.need("operationId"), fault)
        collect = self.problems.collect
        aliases: tuple[str, ...] = ()
        parameters: tuple[Parameter, ...] = ()
        scopes: tuple[str, ...] = ()
        roles: Mapping[str, str] = {}
        shown, public, basic, answer, returns, location = name, False, False, "", None, False
        task, replaced_by, body, sending = "", None, None, None
        least, pages, cursor = 0, None, None
        with collect():
            node.only(_OPERATION)
        with collect():
            aliases, shown = self._names(node, name)
        with collect():
            task, replaced_by = self._task(node), self._successor(node)
        with collect():
            parameters = self._parameters.read(path, node)
        with collect():
            public, basic, scopes = self._security(node)
        with collect():
            answer, returns, location = self._answer(node)
        with collect():
            body = self._body(node.need("requestBody")) if node.get("requestBody") else None
        with collect():
            sending, roles = self._sending(node), self._roles(node)
            none = node.get("x-medium") is not None and not roles
            if (sending == "license") != ("license" in roles.values() or none):
                raise SpecError(
                    node, "`x-sending: license` needs an `x-medium` that it licenses, and vice versa"
                )
        with collect():
            cursor = self._cursor(node, returns)
            least, pages = page_sizes(parameters, "cursor" if cursor else "page")
            if cursor and not pages:
                raise SpecError(node.need("x-cursor"), "the parameters `cursor` and `per_page` are missing")
        return Operation(
            id=full,
            name=name,
            aliases=aliases,
            shown=shown,
            node=node,
            verb=verb.upper(),
            path=path,
            summary=self._text(node, "summary").rstrip("."),
            description=self._text(node, "description"),
            task=task,
            deprecated=node.is_set("deprecated"),
            replaced_by=replaced_by,
            parameters=parameters,
            body=body,
            returns=returns,
            answer=answer,
            location=location,
            has_items=self._has_items(returns),
            empty=node.is_set("x-empty-answer"),
            statuses=tuple(self._statuses(node)),
            public=public,
            basic=basic,
            scopes=scopes,
            sending=sending,
            roles=roles,
            least=least,
            pages=pages,
            cursor=cursor,
        )

    def _names(self, node: Node, name: str) -> tuple[tuple[str, ...], str]:
        """The further names of the method, and the one that the reference uses."""
        given = node.get("x-aliases")
        aliases = given.sequence() if given else []
        for alias in aliases:
            if fault := naming.method_fault(alias.text()):
                raise SpecError(alias, fault)
        names = [name, *(alias.text() for alias in aliases)]
        preferred = node.get("x-preferred-name")
        if preferred and preferred.text() not in names:
            raise SpecError(preferred, f"{preferred.text()!r} is none of the names of the method")
        return tuple(names[1:]), preferred.text() if preferred else name

    def _task(self, node: Node) -> str:
        tags = node.need("tags").sequence() if node.get("tags") else []
        if len(tags) > 1 or (tags and tags[0].text() not in TASKS):
            raise SpecError(node.need("tags"), f"one of {', '.join(TASKS)} is expected")
        return tags[0].text() if tags else TASKS[-1]

    def _successor(self, node: Node) -> str | None:
        given = node.get("x-replaced-by")
        if given and not node.is_set("deprecated"):
            raise SpecError(given, "what is replaced is deprecated: say `deprecated: true`")
        return given.text() if given else None

    def _text(self, node: Node, key: str) -> str:
        with self.problems.collect():
            return node.need(key).text()
        return ""

    def _body(self, node: Node) -> Body:
        body = self.source.resolve(node)
        body.only(_BODY)
        if not body.is_set("required"):
            raise SpecError(body, "an optional body is not supported: say `required: true`")
        content = body.need("content")
        content.only(frozenset({_JSON, _FORM}))
        form = content.get(_FORM)
        media = form or content.need(_JSON)
        media.only(_MEDIA)
        kind = type_of(media.need("schema"), self.source)
        if not isinstance(element(kind), ModelRef):
            raise SpecError(media.need("schema"), "a body is a model or a list of one model")
        if form:
            self._check_form(kind, media.need("schema"), content.get(_JSON))
        example = media.need("example")
        model = self.examples.schemas.models.get(kind.name) if isinstance(kind, ModelRef) else None
        return Body(
            type=kind,
            description=body.need("description").text(),
            example=self.examples.expression(kind, example),
            models=tuple(self.examples.inside(kind, example)),
            form=form is not None,
            sole=model.sole.name if model and model.sole else None,
        )

    def _check_form(self, kind: Kind, schema: Node, json: Node | None) -> None:
        """A form is sent if the service accepts one; JSON may be an alternative."""
        if not isinstance(kind, ModelRef):
            raise SpecError(schema, "a form is one model")
        if json and type_of(json.need("schema"), self.source) != kind:
            raise SpecError(json, "the same model is expected as in the form")
        model = self.examples.schemas.models.get(kind.name)
        for field in model.fields if model else ():
            if not isinstance(field.type, Plain | EnumRef):
                raise SpecError(schema, f"a form holds plain values, which {field.name!r} is not")

    def _answer(self, node: Node) -> tuple[str, Kind | None, bool]:
        """Description and type of the successful answer, and whether it is the `Location` of a redirect."""
        responses = node.need("responses")
        good = [code for code in responses.mapping() if code.startswith("2")] or ["302"]
        if len(good) != 1 or good[0] not in responses.mapping():
            raise SpecError(responses, "exactly one successful (2xx) response is expected, or a 302")
        response = self.source.resolve(responses.need(good[0]))
        response.only(_RESPONSE)
        text = response.need("description").text()
        if good == ["302"]:
            self._check_location(response)
            return text, Plain(("str",)), True
        if response.get("content") is None:
            return text, None, False
        schema = _json(response).need("schema")
        kind = type_of(schema, self.source)
        if not isinstance(element(kind), ModelRef):
            raise SpecError(schema, "an answer is a model or a list of one model")
        return text, kind, False

    def _has_items(self, returns: Kind | None) -> bool:
        model = self.examples.schemas.models.get(returns.name) if isinstance(returns, ModelRef) else None
        return model is not None and "data" in model.by_name and isinstance(model.by_name["data"].type, Array)

    def _check_location(self, response: Node) -> None:
        response.only(_RESPONSE - {"content"})
        location = self.source.resolve(response.need("headers").need("Location"))
        if type_of(location.need("schema"), self.source) != Plain(("str",)):
            raise SpecError(location, "the Location of a redirect is a text")

    def _statuses(self, node: Node) -> Iterator[tuple[str, str]]:
        for code, response in sorted(node.need("responses").mapping().items()):
            with self.problems.collect():
                if not _STATUS.match(code):
                    raise SpecError(response, f"{code!r} is no status such as 404 or 5XX")
                yield code, self.source.resolve(response).need("description").text()

    def _security(self, node: Node) -> tuple[bool, bool, tuple[str, ...]]:
        """Whether it needs no credentials, whether HTTP Basic is enough, and the scopes of a token."""
        requirements = node.need("security").sequence()
        public, basic, scopes = not requirements, False, list[str]()
        for requirement in requirements:
            if not requirement.mapping():
                public = True
                continue
            if len(requirement.mapping()) != 1:
                raise SpecError(requirement, "one security scheme per alternative is expected")
            ((scheme, needed),) = requirement.mapping().items()
            if scheme not in self.schemes:
                raise SpecError(needed, f"{scheme!r} is no security scheme of the contract")
            basic = basic or scheme == "basic"
            for scope in needed.sequence():
                if scope.text() not in self.schemes[scheme]:
                    raise SpecError(scope, f"{scope.text()!r} is no scope of {scheme!r}")
                scopes.append(scope.text())
        if public and requirements and not basic:
            raise SpecError(node.need("security"), "optional credentials include key and secret")
        return public, basic, tuple(scopes)

    def _sending(self, node: Node) -> str | None:
        given = node.get("x-sending")
        if given is not None and given.value != "license":
            raise SpecError(given, "x-sending is `license` or absent")
        return given.text() if given else None

    def _cursor(self, node: Node, returns: Kind | None) -> str | None:
        given = node.get("x-cursor")
        if given is None:
            return None
        model = self.examples.schemas.models.get(returns.name) if isinstance(returns, ModelRef) else None
        if model is None or given.text() not in model.by_name:
            raise SpecError(given, f"the answer has no field {given.text()!r}")
        return given.text()

    def _roles(self, node: Node) -> Mapping[str, str]:
        """The roles of the operation for media: `{image: history}`."""
        given = node.get("x-medium")
        if given is None or given.value == "none":  # it spends money, and nothing can be looked up
            return {}
        roles = {name: role.text() for name, role in given.mapping().items()}
        if unknown := {*roles.values()}.difference(_ROLES):
            raise SpecError(node.need("x-medium"), f"{min(unknown)!r} is none of {', '.join(_ROLES)}")
        return roles


def _json(node: Node) -> Node:
    content = node.need("content")
    content.only(frozenset({_JSON}))
    media = content.need(_JSON)
    media.only(_MEDIA)
    return media
