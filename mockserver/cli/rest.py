"""The option `--rest`, whose help lists the available add-ons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class _Option(click.Option):
    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        from mockserver.dialects.rest.registry import names  # imported only for the help, because it is slow

        self.help = (self.help or "").replace("{names}", ", ".join(names()))
        return super().get_help_record(ctx)


def rest_option(text: str) -> Callable[[Command], Command]:
    """Return the option `--rest`, which may be repeated; `{names}` in its help stands for the names of the add-ons."""
    return click.option("--rest", multiple=True, metavar="FLAVOUR", help=text, cls=_Option)
