"""`mockserver serve`: run a server."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver import profiles
from mockserver.cli import environment
from mockserver.cli.command_error import CommandError
from mockserver.cli.log import log, tell
from mockserver.cli.refusals import given, refuse_without_effect
from mockserver.cli.rest import rest_option

if TYPE_CHECKING:
    from mockserver.addons.base.webhooks import Webhook
    from mockserver.report.deprecated_calls import Finding
    from mockserver.server.app import App
    from mockserver.server.exchange import Exchange
    from mockserver.server.server import MockServer

DEFAULT_PORT = 8069
STOP_SECONDS = 7.0  # for calls that are running; docker kills a container 10 s after it asked it to stop
MAX_TOLD = 1000  # notes of gaps, since a client may send anything
RPC_NAMES = {"xmlrpc": "XML-RPC", "jsonrpc": "JSON-RPC"}


@click.command(
    cls=environment.EnvironmentCommand, context_settings=environment.SETTINGS, short_help="Run a mock server."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@click.option("--profile", default=profiles.DEFAULT, show_default=True, help="Product and version to imitate.")
@click.option(
    "--db",
    multiple=True,
    default=("mock",),
    show_default=True,
    help="Name of a database; may be repeated.",
)
@click.option("--login", default="admin", show_default=True, help="Login of the administrator.")
@click.option("--password", default="admin", show_default=True, help="Password of the administrator.")
@click.option("--api-key", metavar="KEY", help="API key of the administrator, where the profile has such keys.")
@click.option("--master-password", default="admin", show_default=True, help="Password of the database service.")
@click.option(
    "--fixtures",
    multiple=True,
    metavar="PATH-OR-PACK",
    help="Data to load after the base data: JSON files or names of bundled packs, such as sale,crm; may be repeated.",
)
@click.option(
    "--save",
    metavar="FILE",
    help="Write the state of the database to this file when the server is stopped. The same file in --fixtures "
    "brings it back; it may be missing there at first.",
)
@click.option(
    "--data",
    metavar="DIR",
    help="Keep the state of all databases in this folder: what was answered is there again at the next start, even if "
    "the server was killed.",
)
@click.option(
    "--sync",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="With --data: each write is on the disk before it is answered; off is faster, and loses the last writes if "
    "the machine stops.",
)
@rest_option("REST add-on: {names}, all or none; may be repeated.  [default: the profile's]")
@click.option("--demo/--without-demo", default=True, show_default=True, help="Demonstration data in the databases.")
@click.option("--control/--no-control", default=True, show_default=True, help="The control API and page, at /_mock/.")
@click.option(
    "--control-token",
    metavar="TOKEN",
    help="Token that requests to /_mock/ must send, as Authorization: Bearer TOKEN. With it, other machines are "
    "answered too, under any host name.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="Host name under which /_mock/ answers this machine, beside localhost; may be repeated.",
)
@click.option("--allow-webhooks", is_flag=True, help="Send webhooks of automations to other machines, too.")
@click.option(
    "--strict",
    is_flag=True,
    help="Print what to add when a call uses something that the mock lacks, and exit with 1 in the end if any did.",
)
@click.option("--quiet", is_flag=True, help="No log line for each request.")
@click.option("--deprecated", is_flag=True, help="Report each call that a later version removes or changes.")
@click.pass_context
def serve(
    context: click.Context,
    /,
    db: tuple[str, ...],
    fixtures: tuple[str, ...],
    save: str | None,
    sync: str,
    rest: tuple[str, ...],
    quiet: bool,
    deprecated: bool,
    **options: Any,
) -> None:
    """Run a mock server until Ctrl-C or SIGTERM.

    Prints one line on stdout when it is ready, then one line for each request on stderr.

    Each option may also be an environment variable: --control-token is MOCKSERVER_CONTROL_TOKEN, --no-control is
    MOCKSERVER_CONTROL=0; several values are separated by spaces.  An option overrides its variable.
    """
    environment.warn_of_misspelt(context)
    refuse_without_effect(context)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    warn_if_reachable(options["host"])

    # imported here because --help and --version do not need it
    from mockserver.clock import Clock
    from mockserver.errors import DatabaseExists
    from mockserver.orm.fields.pictures import pillow_is_there
    from mockserver.server.server import MockServer
    from mockserver.server.serving import CannotListen

    try:
        # a real clock, so that tokens cannot be guessed as in tests
        options |= {"fixtures": fixtures_of(fixtures, save, db), "rest": rest or None, "sync": sync == "on"}
        server = MockServer(db=db, clock=Clock(), **options)
        tell_of_folder(server.app)
        tell_of_kept(server, context)
        server.save_file = Path(save) if save else None
        lacks = watch(server, quiet=quiet, strict=options["strict"], deprecated=deprecated)
        server.start()
    except (ValueError, DatabaseExists, CannotListen) as error:  # an invalid fixture, profile or name is a ValueError
        raise CommandError(f"{error}{environment.told(context)}") from None
    click.echo(
        f"mockserver ready: {server.url} db={','.join(server.app.databases)} login={server.login} "
        f"password={server.password} profile={server.profile.name}"
    )
    tell_of_scanned(server.app)
    if not pillow_is_there():
        tell(
            "mockserver: note: images keep the size in which they are written, as Pillow is not installed "
            "(pip install 'odoo-mockserver[images]')"
        )
    while not stopping.wait(1):  # Windows delivers Ctrl-C only between two waits
        pass
    server.stop(STOP_SECONDS)
    raise SystemExit(end(server, lacks, quiet=quiet))


def end(server: MockServer, lacks: GapNotice, *, quiet: bool) -> int:
    """Save the state and print the last lines, after the log; return the exit code."""
    code = 0
    try:
        keep(server, quiet=quiet)
    except CommandError as error:
        log(f"mockserver: {error.message}")
        code = 2
    if lacks.told and server.strict.on:
        from mockserver.testing.journal.wording import plural

        log(f"mockserver: strict: the mock lacked {plural(len(lacks.told), 'thing')} that calls used")
        log("mockserver: strict: here --fixtures loads packs and files, and POST /_mock/overrides adds methods")
        code = code or 1
    log.flush()
    return code


def fixtures_of(fixtures: tuple[str, ...], save: str | None, databases: tuple[str, ...]) -> list[str]:
    """Return the fixtures to load, without a file that is to be saved and is not there yet.

    Raises ValueError if the state could not be saved later.
    """
    from mockserver.seed.files import listed

    found = listed(fixtures)
    if save is None:
        return found
    file = Path(save).absolute()
    if len(databases) > 1:
        raise ValueError(f"--save keeps the state of one database, and --db names {len(databases)}")
    if file.is_dir():
        raise ValueError(f"--save {save}: it is a folder")
    if not os.access(file.parent, os.W_OK):
        raise ValueError(f"--save {save}: there is no folder {file.parent} that can be written to")
    return [name for name in found if Path(name).absolute() != file or file.exists()]


def keep(server: MockServer, *, quiet: bool) -> None:
    """Write the state of a stopped server to its file, if it has one; raises CommandError."""
    try:
        saved = server.save()
    except OSError as error:
        raise CommandError(f"--save: {error}") from None
    if saved and not quiet:
        log(f"mockserver: the state is saved in {server.save_file}")


def watch(server: MockServer, *, quiet: bool, strict: bool, deprecated: bool) -> GapNotice:
    """Print the requests of a server and notes on them; return the observer that prints what the mock lacks."""
    if not quiet:
        server.app.observe(log_request)
        server.app.webhooks.observe(log_webhook)
        if server.profile.rules.rpc_notice:
            server.app.observe(RpcNotice())
    lacks = StrictNotice(server) if strict else GapNotice(server.app)
    if not quiet or strict:
        server.app.observe(lacks)
    server.app.errors.on_append = log_error
    if deprecated:
        from mockserver.report.deprecated_calls import Watch

        Watch(server.app, log_deprecated)
    return lacks


def warn_if_reachable(host: str) -> None:
    """Print a warning when other machines can reach the server, which has the rights of an administrator.

    Raises `CommandError` for what is no host.
    """
    from mockserver.server.loopback import is_loopback, listening

    try:
        host = listening(host)
    except ValueError as error:
        raise CommandError(f"--{error}") from None
    if not (host == "localhost" or is_loopback(host)):
        tell(f"mockserver: warning: {host} can be reached from other machines")


def tell_of_folder(app: App) -> None:
    """Print what the folder of --data had, and from now on what it cannot keep."""
    if app.folder is not None:
        for text in app.folder.told:
            tell(f"mockserver: data: {text}")
        app.folder.tell = lambda text: log(f"mockserver: data: {text}")


def tell_of_kept(server: MockServer, context: click.Context) -> None:
    """Print which options have no effect because the folder of --data takes precedence over them."""
    if server.app.folder is None:
        return
    told = []
    for name, kept in (("login", server.login), ("password", server.password)):
        if given(context, name) and kept != context.params[name]:
            told.append(f"{server.db} keeps the {name} that it has; --{name} is for databases that are new")
    if given(context, "master_password") and server.master_password != context.params["master_password"]:
        told.append("the master password is that of the folder; --master-password is for a folder that is new")
    for name, database in server.app.databases.items() if given(context, "demo") else ():
        if database.profile.demo != context.params["demo"]:
            option = "--demo" if context.params["demo"] else "--without-demo"
            told.append(f"{name} keeps the data that it has; {option} is for databases that are new")
    for text in told:
        tell(f"mockserver: data: {text}")


def tell_of_scanned(app: App) -> None:
    """Print for each module of which the source was scanned how much of it was not read."""
    from mockserver.seed.scan import unread

    told: set[str] = set()
    for name in app.databases:
        for source, fixture in app.databases[name].loaded.files.items():
            if source not in told and (number := unread(fixture)):
                told.add(source)
                text = f"{source}: {number} things were not read; `mockserver scan {source} --out FILE` lists them"
                tell(f"mockserver: note: {text}")


def log_request(request: Exchange) -> None:
    """Print one request: dialect, model.method, outcome, milliseconds."""
    log(f"{request.dialect} {request.target} {request.outcome} {request.seconds * 1000:.1f} ms")


def log_webhook(webhook: Webhook) -> None:
    """Print one webhook: where it went, and the status of the answer or why there is none."""
    from mockserver.services.call import printable

    outcome = webhook.error or str(webhook.status)
    log(printable(f"webhook {webhook.record[0]} POST {webhook.url} {outcome}"))


class GapNotice:
    """Prints what the mock does not compute or lacks, once each, when a call asks for it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.told: set[str] = set()

    def __call__(self, request: Exchange) -> None:
        """Print what is new."""
        from mockserver.testing.journal.entry import JournalEntry

        call = request.call
        if call is None or not isinstance(call.model, str) or call.uid is None:
            return
        for gap in JournalEntry(request).gaps:
            self.tell(gap)

    def tell(self, text: str) -> None:
        """Print a text that was not printed yet."""
        if text not in self.told and len(self.told) < MAX_TOLD:
            self.told.add(text)
            log(f"mockserver: note: {text}")


class StrictNotice(GapNotice):
    """Prints the findings of strict mode, each with what to add; they name the call, so each call is printed once."""

    def __init__(self, server: MockServer) -> None:
        super().__init__(server.app)
        self._strict = server.strict

    def __call__(self, request: Exchange) -> None:
        """Print what is new; strict mode has seen the request before."""
        for problem in self._strict.problems():
            self.tell(problem)


class RpcNotice:
    """Prints that XML-RPC or JSON-RPC will be removed, at the first request of each.

    Differs: the real server logs it for every request.
    """

    def __init__(self) -> None:
        self._told: set[str] = set()

    def __call__(self, request: Exchange) -> None:
        """Print the notice, if the request is the first of its protocol."""
        name = RPC_NAMES.get(request.dialect)
        if name is None or name in self._told:
            return
        self._told.add(name)
        log(f"mockserver: notice: Odoo 22 removes {name}; use JSON-2 with an API key")


def log_error(error: BaseException) -> None:
    """Print an internal error of the server, which clients do not see."""
    from mockserver.services.call import printable

    text = f"mockserver: internal error: {type(error).__name__}: {printable(str(error))}"
    log(text)


def log_deprecated(finding: Finding) -> None:
    """Print a call that a later version changes."""
    log(f"deprecated: {finding}")
