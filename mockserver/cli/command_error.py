"""The error of a command: one line on stderr and exit code 2."""

from __future__ import annotations

from typing import Any

import click

from mockserver.cli.log import tell


class CommandError(click.ClickException):
    """A command failed: one line on stderr, exit code 2."""

    exit_code = 2

    def __init__(self, cause: Exception | str) -> None:
        super().__init__(" ".join(str(cause).split()))

    def show(self, file: Any = None) -> None:
        """Print the message."""
        tell(f"mockserver: {self.message}")
