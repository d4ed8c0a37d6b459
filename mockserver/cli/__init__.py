"""The command line: `mockserver serve` and the other commands, a module for each group of commands.

To start quickly, the modules import little but click; commands import what they need when they run.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import click

from mockserver import __version__
from mockserver.cli.check import check, schema
from mockserver.cli.command_error import CommandError
from mockserver.cli.compact import compact
from mockserver.cli.contract import contract
from mockserver.cli.profiles import profiles
from mockserver.cli.pull import pull
from mockserver.cli.record import record
from mockserver.cli.refusals import refuse_empty
from mockserver.cli.scan import scan
from mockserver.cli.serve import serve
from mockserver.cli.verify import verify
from mockserver.saving import CannotWrite


class Commands(click.Group):
    """Commands, which end in one line where the operating system refuses something."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; print a refusal, and exit with 2."""
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            # a write to a stream names no file
            told = error.strerror if isinstance(error, CannotWrite) else f"standard output: {error.strerror}"
            CommandError(str(error) if error.filename else str(told)).show()
            with contextlib.suppress(OSError):  # else Python would try once more, and print a traceback
                sys.stdout.close()
            sys.exit(CommandError.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """A stateful mock of Odoo's external API."""


for command in (serve, compact, profiles, pull, scan, record, verify, contract, check, schema):
    refuse_empty(command)
    main.add_command(command)
