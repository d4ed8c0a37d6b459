"""The command line: `mockserver serve` and the other commands, a module for each group of commands.

To start quickly, the modules import little but click; commands import what they need when they run.
"""

from __future__ import annotations

import click

from mockserver import __version__
from mockserver.cli.check import check, schema
from mockserver.cli.contract import contract
from mockserver.cli.profiles import profiles
from mockserver.cli.pull import pull
from mockserver.cli.record import record
from mockserver.cli.scan import scan
from mockserver.cli.serve import serve
from mockserver.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """A stateful mock of Odoo's external API."""


for command in (serve, profiles, pull, scan, record, verify, contract, check, schema):
    main.add_command(command)
