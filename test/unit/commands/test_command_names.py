"""Groups and commands are called by the classes and methods, and every operation has one."""

from __future__ import annotations

import click
import pytest

import shutterstock_api
from shutterstock_api import api
from shutterstock_api.commands.names import GROUPS, SHORT_NAMES, command_of, group_of
from shutterstock_api.commands.operation_commands import operation_command
from shutterstock_api.commands.program import OperationGroup
from shutterstock_api.commands.settings import CommandSettings

METHODS = [
    (name, method) for name in api.__all__ for method in sorted(getattr(shutterstock_api, name).operations)
]


@pytest.mark.parametrize(
    ("class_name", "group"),
    [("ImagesApi", "images"), ("ComputerVisionApi", "computer-vision"), ("OauthApi", "oauth")],
)
def test_a_group_is_called_by_its_class(class_name: str, group: str) -> None:
    assert group_of(class_name) == group
    assert GROUPS[group] == class_name


def test_every_class_is_a_group() -> None:
    assert list(GROUPS.values()) == list(api.__all__)


@pytest.mark.parametrize("class_name", SHORT_NAMES)
def test_a_short_name_means_a_method_and_hides_none(class_name: str) -> None:
    operations = getattr(shutterstock_api, class_name).operations
    names = SHORT_NAMES[class_name]
    assert set(names.values()) <= set(operations)
    assert not set(names) & set(map(command_of, operations))


@pytest.mark.parametrize(("class_name", "method"), METHODS)
def test_every_operation_is_a_command(class_name: str, method: str) -> None:
    kind = getattr(shutterstock_api, class_name)
    group = OperationGroup(group_of(class_name), class_name)
    context = click.Context(group, obj=CommandSettings())
    command = group.get_command(context, command_of(method))
    assert command is not None
    assert command.name in group.list_commands(context)
    text = command.get_help(click.Context(command, info_name=command.name, obj=CommandSettings()))
    operation = kind.operations[method]
    taken = {parameter.name for parameter in command.params}
    assert set(operation.names) <= taken
    assert f"{operation.method} {operation.template}" in text
    assert command.get_short_help_str()
    helps = {option.name: option.help for option in command.params if isinstance(option, click.Option)}
    assert [name for name in operation.query if not helps.get(name, "an argument")] == []
    flags = [flag for parameter in command.params for flag in parameter.opts + parameter.secondary_opts]
    assert len(set(flags)) == len(flags)
    assert ("yes" in taken) == (operation.sending == "license")
    assert {"json", "jsonl", "sandbox", "columns"} <= taken


def test_a_method_name_is_no_command() -> None:
    group = OperationGroup("images", "ImagesApi")
    assert group.get_command(click.Context(group), "get_image") is None


def test_secrets_are_no_options() -> None:
    command = operation_command(shutterstock_api.OauthApi, "create_access_token", "create-access-token")
    names = {parameter.name for parameter in command.params}
    assert {"client_id", "grant_type", "body"} <= names
    assert not {"client_secret", "refresh_token"} & names
