"""`mockserver check` and `mockserver schema`: mistakes in files, and what editors check them by."""

from __future__ import annotations

import sys

import click

from mockserver import profiles
from mockserver.cli.command_error import CommandError
from mockserver.cli.refusals import given

SCHEMAS = {"fixture": "schema.json", "contract": "contract-schema.json"}


@click.command(short_help="Find mistakes in fixtures and contracts.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--profile", "name", default=profiles.DEFAULT, show_default=True, help="Product and version to check for."
)
@click.option("--fixtures", multiple=True, metavar="PATH-OR-PACK", help="Data that fixtures need; may be repeated.")
def check(files: tuple[str, ...], name: str, fixtures: tuple[str, ...]) -> None:
    """Check fixtures, folders of add-ons and contracts, without a server.

    Prints a line for each mistake.  Exit code 0: there is none; 1: there are some; 2: the check failed.
    """
    try:
        profile = profiles.get(name)
    except profiles.UnknownProfile as error:
        raise CommandError(error) from None
    from mockserver.contract.format import is_contract

    only_contracts = all(map(is_contract, files))
    for option in ("name", "fixtures") if only_contracts else ():
        if given(click.get_current_context(), option):
            text = "has no effect on contracts; `mockserver profiles check` compares one with another version"
            raise CommandError(f"--{'profile' if option == 'name' else option} {text}")
    found = [line for file in files for line in _mistakes(file, profile, fixtures)]
    for line in found:
        click.echo(line)
    if not found:
        click.echo(f"{len(files)} checked{'' if only_contracts else f' for {profile.name}'}: no mistakes")
    sys.exit(1 if found else 0)


@click.command(short_help="Print where the JSON Schemas are.")
@click.argument("kind", required=False, type=click.Choice(sorted(SCHEMAS)))
def schema(kind: str | None) -> None:
    """Print where the JSON Schemas of fixtures and contracts are, for editors."""
    from mockserver.shipped import folder

    if kind is not None:
        click.echo(folder() / SCHEMAS[kind])
    else:
        for name, file in SCHEMAS.items():
            click.echo(f"{name:9} {folder() / file}")


def _mistakes(file: str, profile: profiles.Profile, fixtures: tuple[str, ...]) -> list[str]:
    from mockserver.contract import format as contracts
    from mockserver.contract.checks import ContractError
    from mockserver.seed.files import listed
    from mockserver.seed.mistakes import mistakes

    if not contracts.is_contract(file):
        return mistakes(file, profile=profile, fixtures=listed(fixtures))
    try:
        contracts.read(file)
    except ContractError as error:
        return [" ".join(str(error).split())]
    return []
