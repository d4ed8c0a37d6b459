"""`mockserver profiles`: the products and versions that the server can imitate."""

from __future__ import annotations

import sys

import click

from mockserver import profiles as known_profiles
from mockserver.cli.command_error import CommandError


@click.group(invoke_without_command=True, short_help="List products and versions to imitate.")
@click.pass_context
def profiles(context: click.Context) -> None:
    """List the products and versions that the server can imitate."""
    if context.invoked_subcommand is None:
        from mockserver.report import profiles as profile_report

        click.echo(profile_report.listing())


@profiles.command(short_help="Print what changes between two profiles.")
@click.argument("one")
@click.argument("other")
def diff(one: str, other: str) -> None:
    """Print what changes for a client from profile ONE to profile OTHER."""
    from mockserver.report import profiles as profile_report

    try:
        click.echo(profile_report.difference(known_profiles.get(one), known_profiles.get(other)))
    except known_profiles.UnknownProfile as error:
        raise CommandError(error) from None


@profiles.command(short_help="Print calls that a version lacks.")
@click.argument("contracts", nargs=-1, required=True, metavar="CONTRACT...")
@click.option("--profile", "name", required=True, metavar="NAME", help="The product and version to check.")
def check(contracts: tuple[str, ...], name: str) -> None:
    """Print which calls of a contract another version no longer knows, without a server and without data.

    Exit code 0: none; 1: some; 2: the check failed.
    """
    from mockserver.contract import report
    from mockserver.contract.checks import ContractError
    from mockserver.contract.consumer import profile_check
    from mockserver.contract.format import read

    differing = 0
    try:
        target = known_profiles.get(name)
        for path in contracts:
            contract = read(path)
            findings = profile_check.check(contract, target)
            number = sum(bool(finding.differs) for finding in findings)
            differing += number
            for line in profile_check.lines(findings):
                click.echo(line)
            consumer = report.consumer_name(contract.consumer or path, len(contracts))
            click.echo(f"{consumer} against {target.name}: {report.differing_calls(number, len(findings))}")
    except (ContractError, ValueError) as error:
        raise CommandError(error) from None
    sys.exit(1 if differing else 0)
