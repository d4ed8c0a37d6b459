"""How a command says that it cannot do what was asked."""

from __future__ import annotations

from typing import Any

import click


class CommandError(click.ClickException):
    """What was asked for cannot be done: one line on stderr, exit code 2."""

    exit_code = 2

    def __init__(self, cause: Exception | str) -> None:
        super().__init__(" ".join(str(cause).split()))

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"mockserver: {self.message}", err=True)
