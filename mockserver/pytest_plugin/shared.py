"""Runs on a server that others use at the same time, with databases of their own; the plugin registers them."""

from __future__ import annotations

import os
from typing import Any, NoReturn

import pytest

from mockserver.contract.live.client import Client
from mockserver.contract.live.connection import Connection
from mockserver.contract.live.errors import LiveError, WrongLogin
from mockserver.contract.shared.control import TOKEN, ControlClient
from mockserver.contract.shared.run import ProcessDatabases, begin, new_base, sweep
from mockserver.contract.shared.server import SharedServer
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
    try:
        control = ControlClient(config.getoption("mockserver_url"), os.environ.get(TOKEN))
    except ValueError as error:
        raise pytest.UsageError(f"--mockserver-url: {error}") from None
    config.pluginmanager.register(SharedPlugin(config, control), "mockserver-shared")


class SharedPlugin:
    """The shared server of a run.

    The main process of a run copies the database once; each worker of xdist, or the main process itself, copies that
    copy for its tests.  At the end each drops its databases, and the main process all that are left of the run.
    """

    def __init__(self, config: pytest.Config, control: ControlClient) -> None:
        self._config = config
        self._control = control
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
            self._look()
            self._base = new_base(self._template)
            begin(self._control, self._template, self._base)
        except LiveError as error:
            self._control.connection.close()
            raise pytest.UsageError(f"--mockserver-url: {error}") from None

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
        return f"mockserver: {self._control.url}, databases {self._base}-…" if self._base else ""

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
            server = self._server(name, health)
            servers.append(server)
            _ = server.uid
        except (LiveError, FixtureError) as error:
            hint = f" (the environment variable {PASSWORD} holds the password)" if isinstance(error, WrongLogin) else ""
            raise pytest.fail.Exception(f"mockserver: {error}{hint}", pytrace=False) from None
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

    def _server(self, name: str, health: dict[str, Any]) -> SharedServer:
        if self._connection is None:
            self._connection = Connection(self._control.url)
        password = os.environ.get(PASSWORD) or "admin"
        client = Client(self._control.url, name, health["login"], password, connection=self._connection)
        return SharedServer(client, health["profile"], _skipping)


def _skipping(reason: str) -> NoReturn:
    pytest.skip(f"mockserver: {reason}")


def _check(configuration: Configuration, chosen: dict[str, Any], profile: str) -> None:
    """Skip a test that needs another server than the shared one."""
    if (wanted := chosen.get("profile")) and wanted != profile:
        _skipping(f"the test is about {wanted}, and the server of --mockserver-url is {profile}")
    if len(configuration.db) > 1:
        _skipping(f"the test wants {len(configuration.db)} databases, each with a name of its choice")
    for name, usual in _USUAL.items():
        if (chosen.get(name, usual) or None) != (usual or None):
            _skipping(f"the test wants {name}={chosen[name]!r}, which only a server of its own has")
