"""`mockserver compact`: merge the files of each database in a folder of `serve --data` into one."""

from __future__ import annotations

from pathlib import Path

import click

from mockserver.cli.command_error import CommandError
from mockserver.cli.log import tell


@click.command(short_help="Merge the files of a `serve --data` folder.")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def compact(folder: Path) -> None:
    """Write each database in a folder of `serve --data` into one file, which TinyDB reads: one table for each model.

    Stop the server that uses the folder first; it can use the folder again afterwards.
    """
    from mockserver.durable import DataFolderError
    from mockserver.durable.compaction import compact as compacted

    try:
        for database in compacted(folder):
            tables = [rows for table, rows in database.found.tables.items() if rows and not table.startswith("_")]
            number = sum(len(rows) for rows in tables)
            replayed = f", writes from its journal: {database.found.changes}"
            click.echo(f"{database.path}: {database.name}, {number} rows in {len(tables)} tables{replayed}")
            for damage in database.found.damage:
                tell(f"mockserver: {database.name}: {damage}")
    except DataFolderError as error:
        raise CommandError(error) from None
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror or error}") from None
