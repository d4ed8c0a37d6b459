"""`mockserver pull`: write a fixture from a live server."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.command_error import CommandError
from mockserver.cli.live import client, live_options
from mockserver.cli.log import tell
from mockserver.cli.refusals import given

if TYPE_CHECKING:
    from mockserver.contract.pull import Pulled
    from mockserver.contract.pull.scrub import Scrub
    from mockserver.contract.pull.source import Progress


@click.command(short_help="Write a fixture from a live server.")
@click.option("--url", required=True, help="Address of the live server, such as https://erp.example.com.")
@live_options
@click.option("--models", required=True, metavar="NAME,…", help="Models to read: names or patterns, sale.order,x_*.")
@click.option(
    "--domain",
    "domains",
    multiple=True,
    metavar="[MODEL=]DOMAIN",
    help="Which records: \"[('state', '=', 'sale')]\", of every model or of the one named; may be repeated.",
)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N records of each model, the oldest.")
@click.option(
    "--related", type=click.IntRange(0), default=1, show_default=True, help="Depth to which references are followed."
)
@click.option("--schema-only", is_flag=True, help="No records: only models, fields, defaults and access rights.")
@click.option("--scrub", is_flag=True, help="Replace personal values by look-alikes; list what was kept.")
@click.option("--scrub-key-env", metavar="VAR", help="Environment variable with the key that look-alikes depend on.")
@click.option(
    "--keep",
    multiple=True,
    metavar="MODEL.FIELD",
    help="With --scrub: do not replace this field; takes patterns; may be repeated.",
)
@click.option(
    "--scrub-field",
    multiple=True,
    metavar="MODEL.FIELD",
    help="With --scrub: replace this field too, which would be kept; takes patterns; may be repeated.",
)
@click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="N", help="At most N calls a second.")
@click.option("--resume", is_flag=True, help="Continue an interrupted pull with the same options.")
@click.option("--profile", help="Product and version of the server.  [default: by its version]")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Fixture to write: a JSON file.",
)
def pull(
    url: str,
    models: str,
    domains: tuple[str, ...],
    limit: int | None,
    related: int,
    schema_only: bool,
    rate: float | None,
    resume: bool,
    profile: str | None,
    output: Path,
    scrub: bool,
    scrub_key_env: str | None,
    keep: tuple[str, ...],
    scrub_field: tuple[str, ...],
    **live: Any,
) -> None:
    """Write a fixture with models and records of a live server.

    Passwords, keys, tokens and sessions are never read.
    """
    from mockserver.contract.live.errors import LiveError
    from mockserver.contract.pull import Wanted, pull as run
    from mockserver.contract.pull.source import PullError
    from mockserver.profiles import UnknownProfile

    context = click.get_current_context()
    for name in ("domains", "limit", "related") if schema_only else ():
        if given(context, name):
            raise CommandError(f"--{name.removesuffix('s')} has no effect with --schema-only, which reads no records")
    names = [name for part in models.split(",") if (name := part.strip())]
    wanted = Wanted(names, dict(map(_domain, domains)), limit, related, schema_only)
    chosen_scrub = _scrub(scrub, scrub_key_env, keep, scrub_field)
    with client(url, **live) as erp, _progress_bar() as progress:
        try:
            pulled = run(
                erp, wanted, output, scrub=chosen_scrub, profile=profile, rate=rate, resume=resume, progress=progress
            )
        except (PullError, UnknownProfile, ValueError, OSError) as error:
            raise CommandError(error) from None
        except LiveError as error:
            raise CommandError(f"{error} (--resume continues from here)") from None
    _print_result(output, pulled, scrub)


def _domain(text: str) -> tuple[str, list[Any]]:
    """Return (model, domain) of an option; the model is "" if none is named."""
    model, named, rest = text.partition("=")
    if text.lstrip().startswith("[") or not named:
        model, rest = "", text
    try:
        domain = ast.literal_eval(rest.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        domain = None
    if not isinstance(domain, list):
        raise CommandError(f"--domain {text}: a domain is a list such as [('state', '=', 'sale')]")
    return model.strip(), domain


def _scrub(wanted: bool, variable: str | None, keep: tuple[str, ...], also: tuple[str, ...]) -> Scrub | None:
    from mockserver.contract.pull.scrub import DEFAULT_KEY, Scrub

    if not wanted:
        if keep or also or variable:
            raise CommandError("--keep, --scrub-field and --scrub-key-env need --scrub")
        return None
    key = os.environ.get(variable) if variable else DEFAULT_KEY
    if not key:
        raise CommandError(f"--scrub-key-env: the environment variable {variable} is not set")
    return Scrub(key, keep, also)


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """Yield a callback that shows a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label="records", show_pos=True, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield show


def _print_result(output: Path, pulled: Pulled, scrubbed: bool) -> None:
    fixture = pulled.fixture
    click.echo(f"{output}: {len(fixture['models'])} models, {pulled.records} records, profile {fixture['profile']}")
    for note in pulled.notes:
        tell(f"note: {note}")
    if scrubbed:
        click.echo("replaced, by kind of look-alike, with the number of values:")
        click.echo("".join(f"  {line}\n" for line in pulled.replaced), nl=False)
        click.echo("kept as they were (choices, numbers, dates, technical texts):")
        click.echo("".join(f"  {line}\n" for line in pulled.kept), nl=False)
