"""The command line: `mockserver serve` and its siblings, a module for each group of commands.

The modules import click and little else; what a command needs it imports when it runs.
"""

from __future__ import annotations

import click

from mockserver import __version__
from mockserver.cli.contract import contract
from mockserver.cli.profiles import profiles
from mockserver.cli.pull import pull
from mockserver.cli.record import record
from mockserver.cli.serve import serve
from mockserver.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """A stateful mock of Odoo's external API."""


for command in (serve, profiles, pull, record, verify, contract):
    main.add_command(command)
