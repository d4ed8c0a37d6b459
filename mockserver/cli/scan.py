"""`mockserver scan`: write a fixture from the source of a module."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mockserver.cli.command_error import CommandError
from mockserver.cli.log import tell


@click.command(short_help="Write a fixture from a module's source.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--profile", help="Product and version to fit it to.  [default: by the version in the manifest]")
@click.option(
    "-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Fixture to write: a JSON file."
)
def scan(folder: Path, profile: str | None, out: Path) -> None:
    """Write a fixture with the models and data of a module's FOLDER, the one with its __manifest__.py.

    Its Python is read as text and never run.  What could not be read is listed, with file and line.
    """
    from mockserver import profiles, saving
    from mockserver.clock import Clock
    from mockserver.seed import build, scan as scanning

    try:
        modules = scanning.read_with_siblings(folder)
        chosen = profiles.get(profile or scanning.profile_of(modules))
        packs = list(dict.fromkeys(pack for module in modules for pack in module.packs))
        database = build.build("scan", profile=chosen, fixtures=packs, clock=Clock())
        fixture, notes = scanning.fixture(modules, database, build.load)
        build.load(database.clone("check"), fixture, source=str(out))
        saving.save(out, json.dumps(fixture, indent=1, ensure_ascii=False) + "\n")
    except (build.FixtureError, profiles.UnknownProfile, OSError) as error:
        raise CommandError(error) from None
    for note in notes:
        tell(f"note: {note}")
    records = len(fixture["records"])
    click.echo(f"{out}: {len(fixture['models'])} models, {records} records, profile {chosen.name}, {len(notes)} notes")
