"""`mockserver profiles`: the products and versions that the server can be."""

from __future__ import annotations

import click

from mockserver import profiles as known_profiles
from mockserver.cli.refusal import Refusal


@click.group(invoke_without_command=True)
@click.pass_context
def profiles(context: click.Context) -> None:
    """List the products and versions that the server can be."""
    if context.invoked_subcommand is None:
        from mockserver import profile_report

        click.echo(profile_report.listing())


@profiles.command()
@click.argument("one")
@click.argument("other")
def diff(one: str, other: str) -> None:
    """Print what changes for a client from profile ONE to profile OTHER."""
    from mockserver import profile_report

    try:
        click.echo(profile_report.difference(known_profiles.get(one), known_profiles.get(other)))
    except known_profiles.UnknownProfile as error:
        raise Refusal(error) from None
