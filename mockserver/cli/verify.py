"""`mockserver verify`: replay contracts against the mock or a live server."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.command_error import CommandError
from mockserver.cli.live import client as live_client, live_options
from mockserver.cli.refusals import given
from mockserver.cli.rest import rest_option

if TYPE_CHECKING:
    from mockserver.contract.live.client import Client
    from mockserver.contract.steps import Contract, Step
    from mockserver.contract.verify import Mock, Report

STDOUT = "-"
STYLES: dict[str, dict[str, Any]] = {
    "good": {"fg": "green"},
    "bad": {"fg": "red", "bold": True},
    "head": {"bold": True},
    "dim": {"dim": True},
    "old": {"fg": "green", "underline": True},
    "new": {"fg": "red", "underline": True},
}


@click.command(short_help="Replay contracts, print what differs.")
@click.argument("contracts", nargs=-1, required=True, metavar="CONTRACT...")
@click.option("--url", metavar="URL", help="A live server, https://…  [default: a fresh mock for each contract]")
@live_options
@click.option("--profile", metavar="NAME", help="Product and version of the mock.  [default: that of the contract]")
@click.option("--fixtures", multiple=True, metavar="PATH-OR-PACK", help="Data for the mock; may be repeated.")
@rest_option("REST add-on of the mock: {names}; may be repeated.")
@click.option("--ignore", multiple=True, metavar="FIELD-OR-PATH", help="What may differ; may be repeated.")
@click.option("--show", type=click.IntRange(0), default=10, show_default=True, help="Steps shown of each contract.")
@click.option("--json", "json_file", is_flag=False, flag_value=STDOUT, metavar="[FILE]", help="The report as JSON.")
@click.option("--junit", metavar="FILE", help="The report as JUnit XML.")
def verify(
    contracts: tuple[str, ...],
    url: str | None,
    profile: str | None,
    fixtures: tuple[str, ...],
    rest: tuple[str, ...],
    ignore: tuple[str, ...],
    show: int,
    json_file: str | None,
    junit: str | None,
    **live: Any,
) -> None:
    """Replay contracts and print where the answers differ.

    Each contract runs on a fresh mock, or on the live server of --url, where its changes are permanent:
    name a database that may be written to.  Exit code 0: nothing differs; 1: something does; 2: the run failed.
    """
    from mockserver.contract.verify import Mock
    from mockserver.seed.files import listed

    mock = Mock(profile, tuple(listed(fixtures)), rest)
    _check_options(url, mock, (json_file, junit))
    given = _read(contracts)
    done: list[Report] = []
    with contextlib.nullcontext() if url is None else _client(url, live, given) as client:
        for contract in given:
            done.append(_replay(contract, client, live["protocol"], mock, ignore))
            if json_file != STDOUT:
                _print_report(done[-1], show)
    _write(done, json_file, junit)
    sys.exit(1 if any(report.failed for report in done) else 0)


def _check_options(url: str | None, mock: Mock, targets: Iterable[str | None]) -> None:
    """Raise `CommandError` for options that contradict each other, and for files that cannot be written."""
    if url is not None and any(mock):
        raise CommandError("--profile, --fixtures and --rest are for the mock, not for a live server")
    context = click.get_current_context()
    for name in ("db", "login", "password_env", "api_key_env", "timeout"):
        if url is None and given(context, name):
            raise CommandError(f"--{name.replace('_', '-')} is for a live server: --url is missing")
    for target in targets:
        if target is None or target == STDOUT:
            continue
        if not Path(target).absolute().parent.is_dir():
            raise CommandError(f"{target}: there is no such folder")
        if _is_contract(target):  # `--json contract.json`, meant as an option without a value
            raise CommandError(f"{target} is a contract: a report is not written over it")


def _is_contract(path: str) -> bool:
    from mockserver.contract.checks import ContractError
    from mockserver.contract.format import read

    try:
        read(path)
    except ContractError:
        return False
    return True


def _read(paths: Iterable[str]) -> list[Contract]:
    from mockserver.contract.checks import ContractError
    from mockserver.contract.format import read

    try:
        return [read(path) for path in paths]
    except ContractError as error:
        raise CommandError(error) from None


def _client(url: str, live: dict[str, Any], contracts: Iterable[Contract]) -> Client:
    """Return a client for the protocols of the contracts; raises `CommandError`."""
    protocols = {step.protocol for contract in contracts for step in contract.steps}
    if "json2" in protocols and not live["api_key_env"]:
        raise CommandError("--api-key-env is missing: there are JSON-2 calls, which need an API key")
    return live_client(url, **{**live, "protocol": live["protocol"] or ("json2" if protocols == {"json2"} else None)})


def _replay(
    contract: Contract,
    client: Client | None,
    via: str | None,
    mock: Mock,
    ignore: tuple[str, ...],
) -> Report:
    """Replay a contract on the server of the client, or on a new mock; raises `CommandError`."""
    from mockserver.contract.live.errors import LiveError
    from mockserver.contract.verify import fresh, verify as replay

    try:
        if client is not None:
            with _progress(contract) as on_step:
                return replay(client, contract, client.url, ignore, via, on_step)
        with fresh(contract, mock) as (own, name):
            return replay(own, contract, name, ignore, via)
    except (LiveError, ValueError) as error:
        raise CommandError(error) from None


@contextlib.contextmanager
def _progress(contract: Contract) -> Iterator[Callable[[Step], None]]:
    """Show the current step on a terminal, in a line that is erased at the end."""
    shown = sys.stderr.isatty()

    def on_step(step: Step) -> None:
        if shown:
            text = f"{Path(contract.source).name}: step {step.number} of {len(contract.steps)}"
            click.echo(f"\r{text}\x1b[K", nl=False, err=True)

    try:
        yield on_step
    finally:
        if shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def _print_report(report: Report, show: int) -> None:
    """Print the report on a contract; characters that the terminal cannot display are escaped."""
    from mockserver.contract import report as reports

    width = shutil.get_terminal_size((reports.WIDTH, 1)).columns
    encoding = sys.stdout.encoding or "utf-8"
    for line in reports.lines(report, show, width, _paint):
        click.echo(line.encode(encoding, "backslashreplace").decode(encoding))


def _write(done: list[Report], json_file: str | None, junit: str | None) -> None:
    """Write the report files and print the last line; raises `CommandError` if a file cannot be written."""
    from mockserver.contract import report as reports
    from mockserver.saving import save

    text = json.dumps(reports.as_json(done), indent=1)
    try:
        if json_file not in (None, STDOUT):
            save(json_file, f"{text}\n")
        if junit is not None:
            save(junit, reports.as_junit(done))
    except OSError as error:
        raise CommandError(error) from None
    if json_file == STDOUT:
        click.echo(text)
        return
    for line in (*reports.consumers(done, _paint), reports.summary(done, _paint)):
        click.echo(line)


def _paint(text: str, style: str) -> str:
    return text if os.environ.get("NO_COLOR") else click.style(text, **STYLES[style])
