"""Options that may be given by environment variables: `--control-token` by `MOCKSERVER_CONTROL_TOKEN`."""

from __future__ import annotations

import difflib
import os

import click
from click.core import ParameterSource

from mockserver.cli.log import tell

PREFIX = "MOCKSERVER"
NEAR = 0.75  # how similar a name is that was probably misspelt
# the settings of a command whose options have variables
SETTINGS = {"auto_envvar_prefix": PREFIX}


class EnvironmentCommand(click.Command):
    """A command whose options may be variables; an error in the value of a variable names it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; raises click's UsageError."""
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            if error.param is not None and _is_given(ctx, error.param):
                error.param_hint = f"{error.param.get_error_hint(ctx)} (environment variable {_variable(error.param)})"
            raise


def _variable(option: click.Parameter) -> str:
    return f"{PREFIX}_{(option.name or '').upper()}"


def _is_given(ctx: click.Context, option: click.Parameter) -> bool:
    return ctx.get_parameter_source(option.name or "") is ParameterSource.ENVIRONMENT


def told(ctx: click.Context) -> str:
    """Return ` (options from the environment: …)` with the variables of this run's options; empty for none."""
    names = [_variable(option) for option in ctx.command.params if _is_given(ctx, option)]
    return f" (options from the environment: {', '.join(names)})" if names else ""


def warn_of_misspelt(ctx: click.Context) -> None:
    """Print a warning for each variable whose name is nearly that of an option."""
    known = [_variable(option) for option in ctx.command.params]
    ends = {name.removeprefix(PREFIX): name for name in known}
    for name in sorted(os.environ):
        if name.startswith(f"{PREFIX}_") and name not in known:
            near = difflib.get_close_matches(name.removeprefix(PREFIX), ends, n=1, cutoff=NEAR)
            if near:
                text = f"the variable {name} is no option of {ctx.command.name}; did you mean {ends[near[0]]}?"
                tell(f"mockserver: warning: {text}")
