"""`mockserver record`: a proxy that writes the requests it forwards as a contract."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.command_error import CommandError
from mockserver.cli.log import log, tell
from mockserver.cli.serve import warn_if_reachable

if TYPE_CHECKING:
    from mockserver.contract.live.errors import LiveError
    from mockserver.contract.record import Recorder
    from mockserver.server.exchange import RawExchange

DEFAULT_PORT = 8070  # not 8069, where an own server may listen
MAX_RECORDS_NAMED = 10  # in a note


@click.command(short_help="Record a server's answers as a contract.")
@click.option("--upstream", required=True, metavar="URL", help="The server to record, such as https://erp.example.com.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@click.option("--db", metavar="NAME", help="Record only this database.  [default: that of the first login]")
@click.option("--profile", metavar="NAME", help="Product and version of the server.  [default: by its version]")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds to wait for each answer.",
)
@click.option("--name", metavar="NAME", help="Name of the contract.  [default: the name of the file]")
@click.option("--quiet", is_flag=True, help="No log line for each request.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Contract to write: a JSON file.",
)
def record(
    upstream: str, host: str, port: int, db: str | None, profile: str | None, timeout: float, **rest: Any
) -> None:
    """Forward requests to a server, and write them with the answers as a contract.

    Clients use the printed address in place of the server's.  Ctrl-C or SIGTERM ends the recording.
    Passwords, keys, tokens and cookies are never written.
    """
    output: Path = rest["output"]
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    _check(output, profile)
    warn_if_reachable(host)

    from mockserver.contract.record import Recorder
    from mockserver.contract.record.field_sources import LiveFields

    try:
        source = LiveFields(upstream, timeout)
    except ValueError as error:
        raise CommandError(error) from None
    recorder = Recorder(source, db)
    with contextlib.closing(source):
        with _proxy(upstream, recorder, (host, port), timeout, rest["quiet"]) as address:
            click.echo(f"mockserver recording: {address} -> {source.connection.url}, into {output}")
            while not stopping.wait(1):  # Windows delivers Ctrl-C only between two waits
                pass
        _write(recorder, output, rest["name"] or output.stem, **_server_keys(source.version(), profile))


@contextlib.contextmanager
def _proxy(upstream: str, recorder: Recorder, address: tuple[str, int], timeout: float, quiet: bool) -> Iterator[str]:
    """Run a proxy and yield its address; raises `CommandError` if it cannot listen."""
    from mockserver.contract.record.proxy import Proxy
    from mockserver.server.serving import CannotListen, KeepAliveServer

    proxy = Proxy(upstream, _listener(recorder, quiet), _log_error, timeout)
    try:
        server = KeepAliveServer(proxy, *address)
    except CannotListen as error:
        raise CommandError(error) from None
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
        proxy.close()
        for bug in server.errors[:1]:
            log(f"mockserver: an error of the recorder's own: {bug!r}")
        log.flush()


def _check(output: Path, profile: str | None) -> None:
    """Raise `CommandError` for options that would fail only after the recording."""
    from mockserver import profiles

    if not output.absolute().parent.is_dir():
        raise CommandError(f"{output}: there is no such folder")
    try:
        if profile is not None:
            profiles.get(profile)
    except profiles.UnknownProfile as error:
        raise CommandError(error) from None


def _listener(recorder: Recorder, quiet: bool) -> Any:
    def listen(passed: RawExchange) -> None:
        label = recorder.add(passed)
        if label and not quiet:
            log(f"{label} {passed.status}")

    return listen


def _log_error(error: LiveError) -> None:
    log(f"mockserver: {error}")


def _server_keys(version: Any, profile: str | None) -> dict[str, str]:
    """Return the keys of the contract that describe the server."""
    from mockserver.contract.pull.server_profile import profile_of
    from mockserver.contract.pull.source import PullError

    server_version = version.get("server_version")
    keys = {"recorded_from": server_version} if isinstance(server_version, str) else {}
    with contextlib.suppress(PullError):
        return {"profile": profile or profile_of(version, "odoo").name, **keys}
    return keys


def _write(recorder: Recorder, output: Path, name: str, **head: str) -> None:
    """Write the contract and print a summary and notes; raises `CommandError`."""
    if not recorder.requests:
        raise CommandError(f"no request came, so nothing was written to {output}")
    try:
        steps = recorder.write(output, recorder.contract(name=name, **head))
    except OSError as error:
        raise CommandError(error) from None
    except ValueError as error:
        raise CommandError(f"{output}: {error}") from None
    click.echo(f"{output}: {steps} steps, profile {head.get('profile', 'unknown')}")
    for note in recorder.notes(MAX_RECORDS_NAMED):
        tell(f"note: {note}")
