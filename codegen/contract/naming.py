"""Names in the code, and names that are refused."""

from __future__ import annotations

import builtins
import keyword
import re

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SNAKE = re.compile(r"[a-z][a-z0-9_]*\Z")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*\Z")

# Attributes that every model has, and names in the annotations of its class body.
_MODEL_ATTRIBUTES = frozenset(
    "to_dict to_str to_json from_dict from_json additional_properties swagger_types attribute_map "
    "required_fields secret_fields list_field item_model".split()
)
_ANNOTATION_NAMES = frozenset("str int float bool list dict date datetime".split())
# Names that generated modules import.
_IMPORTED = frozenset(
    "Any Api ApiModel CallOptions ClassVar Literal Mapping Operation PageOptions Sequence Several TypeAlias "
    "Unpack".split()
)
_API_ATTRIBUTES = frozenset({"api_client", "medium", "operations"})
_CALL_OPTIONS = frozenset({"async_req"})  # the others start with an underscore
_ACCEPTED_BUILTINS = frozenset({"id", "type", "format", "license"})


def snake(name: str) -> str:
    """`LicenseImageRequest` -> `license_image_request`; other separators become underscores too."""
    return re.sub(r"\W+", "_", _WORD_START.sub("_", name)).strip("_").lower()


def pascal(name: str) -> str:
    """`computer_vision` -> `ComputerVision`."""
    return "".join(part.capitalize() for part in name.split("_"))


def api_class(stem: str) -> str:
    """`computer_vision`, the name of a file -> `ComputerVisionApi`."""
    return f"{pascal(stem)}Api"


def constant(name: str) -> str:
    """`get_image` -> `GET_IMAGE`."""
    return name.upper()


def plural_constant(medium: str) -> str:
    """`sound effect` -> `SOUND_EFFECTS`."""
    return f"{medium.replace(' ', '_')}s".upper()


def field_name(wire: str) -> str:
    """The Python name of a JSON field: the same if it is valid in Python; `4k` becomes `_4k`."""
    name = wire if wire.isidentifier() else snake(wire)
    return f"_{name}" if name[:1].isdigit() else name


def module_fault(name: str) -> str | None:
    if not _SNAKE.match(name) or keyword.iskeyword(name):
        return f"{name!r} is no module name such as `computer_vision`"
    if name == "media":
        return f"{name!r} is the module of the media"
    return None


def model_fault(name: str) -> str | None:
    if not _PASCAL.match(name):
        return f"{name!r} is no class name such as `LicenseImage`"
    taken = name in _IMPORTED or snake(name) in ("enums", "bodies") or name.endswith(("Api", "Dict"))
    if taken or keyword.iskeyword(snake(name)):
        return f"{name!r} clashes with a name of the generated code"
    return None


def field_fault(name: str) -> str | None:
    if not name.isidentifier() or keyword.iskeyword(name) or re.match(r"_\D", name):
        return f"{name!r} cannot be the name of a field"
    if name in _MODEL_ATTRIBUTES:
        return f"{name!r} is an attribute of every model"
    if name in _ANNOTATION_NAMES:
        return f"{name!r} would hide the type of that name in its class"
    return None


def method_fault(name: str) -> str | None:
    if not _SNAKE.match(name) or keyword.iskeyword(name):
        return f"{name!r} is no method name such as `get_image`"
    if name in _API_ATTRIBUTES or name.endswith("_with_http_info"):
        return f"{name!r} is an attribute of every API class"
    return None


def parameter_fault(name: str) -> str | None:
    if not _SNAKE.match(name):
        return f"{name!r} is no argument name such as `image_id`"
    if keyword.iskeyword(name) or (hasattr(builtins, name) and name not in _ACCEPTED_BUILTINS):
        return f"{name!r} is a keyword or builtin of Python"
    if name in {"self", "options", "body"} | _CALL_OPTIONS:
        return f"{name!r} is an argument of every method"
    return None
