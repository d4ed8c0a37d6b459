"""Runs on a server that others use at the same time, with databases of their own; the plugin registers them."""

from __future__ import annotations

import contextlib
import os
from typing import Any, NoReturn

import pytest

from mockserver.contract.live.client import Client
from mockserver.contract.live.connection import Connection
from mockserver.contract.live.errors import LiveError, Unreachable, WrongLogin
from mockserver.contract.shared.control import TOKEN, ControlClient
from mockserver.contract.shared.run import ProcessDatabases, begin, new_base, sweep
from mockserver.contract.shared.server import SharedServer
from mockserver.pytest_plugin import options
from mockserver.pytest_plugin.skipped import SkippedRun, skip
from mockserver.seed.files import FixtureError
from mockserver.testing.pool import Configuration

PASSWORD = "MOCKSERVER_PASSWORD"  # the environment variable with the password, as for `mockserver serve`
_BASE = "mockserver_base"  # what the main process of xdist tells its workers
_OTHERS = ("upstream", "live", "contract", "record")  # options that need a server of their own
# settings of a test that only a server of its own can have, with what any server has
_USUAL = {"models": (), "rest": None, "strict": False, "demo": True, "allow_webhooks": False, "deprecated": None}


def register(config: pytest.Config) -> None:
    """Register the plugin; raises pytest.UsageError for options that exclude each other."""
    for name in _OTHERS:
        if config.getoption(f"mockserver_{name}"):
            raise pytest.UsageError(f"--mockserver-url and --mockserver-{name} exclude each other")
    ignored = options.check_shared(config)
    try:
        control = ControlClient(config.getoption("mockserver_url"), os.environ.get(TOKEN))
    except ValueError as error:
        raise pytest.UsageError(f"--mockserver-url: {error}") from None
    config.pluginmanager.register(SharedPlugin(config, control, ignored), "mockserver-shared")
    config.pluginmanager.register(SkippedRun(config), "mockserver-skipped")


class SharedPlugin:
    """The shared server of a run.

    The main process of a run copies the database once; each worker of xdist, or the main process itself, copies that
    copy for its tests.  At the end each drops its databases, and the main process all that are left of the run.
    `ignored`: the ini options that have no effect.
    """

    def __init__(self, config: pytest.Config, control: ControlClient, ignored: str) -> None:
        self._config = config
        self._control = control
        self._ignored = ignored
        self._each_test = config.getoption("mockserver_url_each") == "test"
        self._worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        self._base: str = "" if self._worker is None else self._worker[_BASE]
        self._template: str = config.getoption("mockserver_url_db") or ""
        self._profile = config.getoption("mockserver_profile") or config.getini("mockserver_profile")
        self._health: dict[str, Any] = {}
        self._databases: ProcessDatabases | None = None
        self._connection: Connection | None = None
        self._tests = 0
        self._servers: dict[str, list[SharedServer]] = {}
        self._left: list[str] = []  # lines for the end of the output

    # -- the run

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Copy the database, so that a problem of the server ends the run before the first test."""
        if self._worker is not None or self._config.getoption("collectonly"):
            return
        try:
            health = self._look()
            options.check_profile(self._config, "the server of --mockserver-url", health["profile"])
            self._base = new_base(self._template)
            begin(self._control, self._template, self._base)
            self._log_in()
        except (LiveError, pytest.UsageError) as error:
            self._control.connection.close()
            told = str(error) if isinstance(error, pytest.UsageError) else f"--mockserver-url: {_told(error)}"
            raise pytest.UsageError(told) from None

    def _log_in(self) -> None:
        """Log in once, and leave no database behind if that is refused."""
        try:
            _ = self._client(self._base, self._control.connection).uid
        except LiveError:
            with contextlib.suppress(LiveError):
                sweep(self._control, self._base)
            raise

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of xdist what the databases of the run are called."""
        node.workerinput[_BASE] = self._base

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Drop the databases of the process; in the main process all that are left of the run."""
        try:
            if self._databases is not None:
                self._databases.close()
            if self._worker is None and self._base:
                sweep(self._control, self._base)
        except LiveError as error:
            self._left.append(f"databases of this run may be left, for an hour: {error}")
        for connection in filter(None, (self._control.connection, self._connection)):
            connection.close()

    @pytest.hookimpl
    def pytest_report_header(self) -> str:
        """Return the line on the server."""
        if not self._base:
            return ""
        ignored = f" (no effect on it: {self._ignored} of the ini file)" if self._ignored else ""
        return f"mockserver: {self._control.url}, databases {self._base}-…{ignored}"

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print what went wrong at the end."""
        for line in self._left:
            terminalreporter.section("mockserver")
            terminalreporter.write_line(line)

    def _look(self) -> dict[str, Any]:
        """Return what the server says about itself, asked once."""
        if not self._health:
            self._health = self._control.health()
            self._template = self._template or self._health["db"]
        return self._health

    # -- called by the plugin

    def in_place(self, item: pytest.Item, configuration: Configuration, chosen: dict[str, Any]) -> SharedServer:
        """Return a database of the test's own on the server; skips a test that needs another server."""
        servers = self._servers.setdefault(item.nodeid, [])
        try:
            health = self._look()
            _check(configuration, {"profile": self._profile, **chosen}, health["profile"])
            name = self._own_databases().make(self._suffix(servers), configuration.fixtures)
            server = self._server(name)
            servers.append(server)
            _ = server.uid
        except (LiveError, FixtureError) as error:
            raise pytest.fail.Exception(f"mockserver: {_told(error)}", pytrace=False) from None
        return server

    def beside(self, item: pytest.Item, configuration: Configuration, server: Any) -> Any:
        """Return the server: there is none of our own."""
        return server

    def leave(self, item: pytest.Item) -> None:
        """Close the connections of a test, and drop its databases unless the next test takes their place."""
        for server in self._servers.pop(item.nodeid, []):
            server.close()
            if self._each_test:
                self._own_databases().drop(server.db)

    def _own_databases(self) -> ProcessDatabases:
        if self._databases is None:
            worker = "main" if self._worker is None else self._worker["workerid"]
            self._databases = ProcessDatabases(self._control, self._template, self._base, worker)
        return self._databases

    def _suffix(self, servers: list[SharedServer]) -> str:
        if self._each_test:
            self._tests += 1
            return f"-{self._tests}"
        return f"-{len(servers) + 1}" if servers else ""

    def _server(self, name: str) -> SharedServer:
        if self._connection is None:
            self._connection = Connection(self._control.url)
        return SharedServer(self._client(name, self._connection), self._look()["profile"], _skip)

    def _client(self, db: str, connection: Connection) -> Client:
        password = os.environ.get(PASSWORD) or "admin"
        return Client(self._control.url, db, self._look()["login"], password, connection=connection)


def _told(error: Exception) -> str:
    """Return the text of an error, with what to do about it."""
    if isinstance(error, WrongLogin):
        return f"{error} (the environment variable {PASSWORD} holds the password)"
    if isinstance(error, Unreachable):
        return f"{error} (`mockserver serve` prints a line when it is ready)"
    return str(error)


def _skip(reason: str) -> NoReturn:
    skip(f"mockserver: {reason}")


def _check(configuration: Configuration, chosen: dict[str, Any], profile: str) -> None:
    """Skip a test that needs another server than the shared one."""
    if (wanted := chosen.get("profile")) and wanted != profile:
        _skip(f"the test is about {wanted}, and the server of --mockserver-url is {profile}")
    if len(configuration.db) > 1:
        _skip(f"the test wants {len(configuration.db)} databases, each with a name of its choice")
    for name, usual in _USUAL.items():
        if (chosen.get(name, usual) or None) != (usual or None):
            _skip(f"the test wants {name}={chosen[name]!r}, which the shared server does not have")
