"""`mockserver contract`: make contracts from the tests of a program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from mockserver.cli.command_error import CommandError


@click.group()
def contract() -> None:
    """Make contracts from your own tests."""


@contract.command(
    short_help="Run tests, write their calls as a contract.", context_settings={"ignore_unknown_options": True}
)
@click.option("-o", "--output", required=True, metavar="FILE", help="The contract to write.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGUMENTS]...")
def export(output: str, pytest_arguments: tuple[str, ...]) -> None:
    """Run your tests and write their calls, and the fields they read, as a consumer contract.

    The same as `pytest --mockserver-contract FILE`.  Exit code: that of pytest.
    """
    if not Path(output).absolute().parent.is_dir():
        raise CommandError(f"{output}: there is no such folder")
    command = [sys.executable, "-m", "pytest", "--mockserver-contract", output, *pytest_arguments]
    sys.exit(subprocess.run(command, check=False).returncode)
