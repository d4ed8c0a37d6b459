"""Options that are refused in every command: empty ones; and those of `serve` that have no effect beside the others."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from mockserver.cli import environment
from mockserver.cli.command_error import CommandError


def refuse_empty(command: click.Command) -> None:
    """Let a command, or each one of a group, refuse empty texts: often a variable of the shell that is not set."""
    for param in command.params:
        if isinstance(param.type, (click.Path, type(click.STRING))) and param.callback is None:
            param.callback = _not_empty
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        refuse_empty(inner)


def _not_empty(context: click.Context, param: click.Parameter, value: Any) -> Any:
    if value == "" or (isinstance(value, tuple) and "" in value):
        raise CommandError(
            f"{param.opts[0] if isinstance(param, click.Option) else param.human_readable_name} is empty"
        )
    return value


def given(context: click.Context, name: str) -> bool:
    """Return whether an option of a command was given, by a variable too."""
    return context.get_parameter_source(name) is not ParameterSource.DEFAULT


def refuse_without_effect(context: click.Context) -> None:
    """Raise `CommandError` for options of `serve` that have no effect beside the others."""
    chosen, text = context.params, ""
    if not chosen["control"]:
        others = [name for name in ("control_token", "allow_host") if given(context, name)]
        text = f"--{others[0].replace('_', '-')} has no effect with --no-control" if others else ""
    elif chosen["control_token"] and given(context, "allow_host"):
        text = "--allow-host has no effect with --control-token, which is answered under any host name"
    if given(context, "sync") and chosen["data"] is None:
        text = "--sync is for --data, which is not given"
    if text:
        raise CommandError(f"{text}{environment.told(context)}")
