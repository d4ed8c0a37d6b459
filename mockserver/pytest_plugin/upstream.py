"""Runs with a live server, and consumer contracts; the plugin registers them for their options."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from mockserver.contract.consumer import Collector
from mockserver.contract.dual.comparison import Comparison
from mockserver.contract.dual.live_server import LiveServer
from mockserver.contract.dual.scratch import Upstream
from mockserver.contract.dual.upstream import Run
from mockserver.contract.live.errors import LiveError
from mockserver.pytest_plugin import options
from mockserver.pytest_plugin.skipped import FIXTURES, SkippedRun, skip
from mockserver.server.server import MockServer
from mockserver.testing.pool import Configuration

TITLE = "mockserver upstream"
PASSWORD = "MOCKSERVER_UPSTREAM_PASSWORD"


def register(config: pytest.Config) -> None:
    """Register the plugins for the options; raises pytest.UsageError for options that exclude each other."""
    contract = config.getoption("mockserver_contract")
    url, live = config.getoption("mockserver_upstream"), config.getoption("mockserver_live")
    if contract and live:
        raise pytest.UsageError("--mockserver-contract is for runs against the mock: a live server has no journal")
    if contract and url:
        raise pytest.UsageError(
            "--mockserver-contract and --mockserver-upstream exclude each other: use them in two runs"
        )
    if contract and config.getoption("numprocesses", None):
        raise pytest.UsageError(
            "--mockserver-contract collects the calls of one process: use it without -n, or with -n 0"
        )
    if live and not url:
        raise pytest.UsageError("--mockserver-live needs --mockserver-upstream, the URL of the live server")
    if live:
        options.check_no_mock(config)
    if contract:
        folder = Path(config.invocation_params.dir, contract).parent
        if not folder.is_dir():
            raise pytest.UsageError(f"--mockserver-contract: {folder}: there is no such folder")
        config.pluginmanager.register(Contract(config, contract), "mockserver-consumer")
    if url:
        config.pluginmanager.register(UpstreamPlugin(config, upstream(config), live), "mockserver-upstream")
        config.pluginmanager.register(SkippedRun(config), "mockserver-skipped")


def upstream(config: pytest.Config) -> Upstream:
    """Return the live server of the options; raises pytest.UsageError."""
    db = config.getoption("mockserver_upstream_db")
    if not db:
        raise pytest.UsageError("--mockserver-upstream-db is missing: the scratch database of the live server")
    given = config.getoption("mockserver_upstream_password_env")
    password = _secret("--mockserver-upstream-password-env", given or PASSWORD)
    master = config.getoption("mockserver_upstream_master_password_env")
    master_password = _secret("--mockserver-upstream-master-password-env", master) if master else None
    if master_password is None and config.getoption("numprocesses", None):
        raise pytest.UsageError(
            "--mockserver-upstream with several processes needs --mockserver-upstream-master-password-env: "
            "each process wants a scratch database of its own"
        )
    login = config.getoption("mockserver_upstream_login") or "admin"
    return Upstream(config.getoption("mockserver_upstream"), db, login, password, master_password)


def _secret(option: str, variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise pytest.UsageError(f"{option}: the environment variable {variable} is not set")
    return value


def _fail(session: pytest.Session) -> None:
    """Make the run end with an error although its tests passed."""
    session.exitstatus = session.exitstatus or pytest.ExitCode.USAGE_ERROR


def _skip(reason: str) -> NoReturn:
    skip(f"mockserver upstream: {reason}")


class UpstreamPlugin:
    """The live server of a run: beside the mock, or in its place."""

    def __init__(self, config: pytest.Config, upstream: Upstream, live: bool) -> None:
        self._live = live
        self._fails = config.getoption("mockserver_upstream_differences") != "report"
        self._run = Run(upstream)
        self._opened = False
        self._last: list[str] = []  # errors after the last test
        self._comparisons: dict[str, Comparison] = {}
        self._servers: dict[str, LiveServer] = {}

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Log in, if a test needs it, so that a problem of the live server ends the run before the first test."""
        wanted = any(name in getattr(item, "fixturenames", ()) for item in session.items for name in FIXTURES)
        if session.config.getoption("collectonly") or not wanted:
            return
        try:
            self._run.open()
        except (LiveError, ValueError) as error:
            raise pytest.UsageError(f"mockserver upstream: {error}") from None
        self._opened = True

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Log out, and drop the database if it was made for the run."""
        if self._opened:
            try:
                self._run.close()
            except LiveError as error:
                self._last = [str(error)]
                _fail(session)

    # -- called by the plugin

    def in_place(self, item: pytest.Item, configuration: Configuration, chosen: dict[str, Any]) -> LiveServer | None:
        """Return the live server, or None where it runs beside a mock; skips a test that needs another server."""
        self._check(item, configuration)
        if not self._live:
            return None
        server = self._run.start_live(item.nodeid, configuration.fixtures, _skip)
        for name in ("rest", "control"):
            if chosen.get(name):
                _skip(f"the test wants {name}={chosen[name]!r}, which only the mock supports")
        profile = chosen.get("profile")
        if profile and profile != server.profile.name:
            _skip(f"the test is about {profile}, and the live server is {server.profile.name}")
        self._servers[item.nodeid] = server
        return server

    def beside(self, item: pytest.Item, configuration: Configuration, server: MockServer) -> MockServer:
        """Return the mock, whose calls go to the live server too."""
        dual, comparison = self._run.start_dual(server, item.nodeid, configuration.fixtures, _skip)
        self._comparisons[item.nodeid] = comparison
        return dual

    def leave(self, item: pytest.Item) -> None:
        """Restore the live server at the end of a test."""
        if item.nodeid in self._comparisons:
            self._comparisons.pop(item.nodeid).close()
        elif item.nodeid in self._servers:
            self._servers.pop(item.nodeid).close()
        else:
            return
        try:
            self._run.end_test(item.nodeid)
        except LiveError as error:
            pytest.fail(f"mockserver upstream: the database could not be tidied: {error}", pytrace=False)

    def _check(self, item: pytest.Item, configuration: Configuration) -> None:
        if item.nodeid in self._comparisons or item.nodeid in self._servers:
            _skip("the test wants a second server, and there is one scratch database")
        if len(configuration.db) > 1:
            _skip(f"the test wants {len(configuration.db)} databases, and there is one scratch database")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        """Fail the test for differences; skip it where the comparison had to stop early."""
        failed = True
        try:
            yield
            failed = False
        finally:
            tally = comparison.tally if (comparison := self._comparisons.get(item.nodeid)) else None
            if tally is not None and tally.verdicts and (failed or not self._fails):
                item.add_report_section("call", TITLE, "\n".join(tally.lines()))
        if tally is not None and tally.verdicts and self._fails:
            pytest.fail("\n".join(tally.lines()), pytrace=False)
        if tally is not None and tally.diverged:
            pytest.skip(f"mockserver upstream: {tally.diverged} (the test passed on the mock)")

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the results of the comparison."""
        if not self._opened:
            return
        terminalreporter.section(TITLE)
        if not self._fails:
            for name, tally in self._run.differing().items():
                terminalreporter.write_line(f"{name}: {tally.lines()[0]}")
                terminalreporter.write_line("\n".join(tally.lines()[1:]))
        for line in [*self._run.summary(), *self._last]:
            terminalreporter.write_line(line)


class Contract:
    """Collects the calls of the tests, and writes them as a contract at the end."""

    def __init__(self, config: pytest.Config, path: str) -> None:
        self._path = Path(config.invocation_params.dir, path)
        self._collector = Collector(config.rootpath.name or "tests")
        self._written = ""

    def in_place(self, item: pytest.Item, configuration: Configuration, chosen: dict[str, Any]) -> None:
        """Return None: it watches a mock and replaces none."""

    def beside(self, item: pytest.Item, configuration: Configuration, server: MockServer) -> MockServer:
        """Return the server, watched from now on."""
        self._collector.begin(server, configuration.fixtures)
        return server

    def leave(self, item: pytest.Item) -> None:
        """Stop watching at the end of a test."""
        self._collector.end()

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the contract, if there is anything to write."""
        if session.config.getoption("collectonly"):
            return
        try:
            self._written = self._collector.write(self._path)
        except (OSError, ValueError) as error:
            self._written = f"{self._path} is not written: {error}"
            _fail(session)

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print what was written."""
        if self._written:
            terminalreporter.section("mockserver contract")
            terminalreporter.write_line(self._written)
