"""What pytest does with a live server and with a contract: registered by `plugin` where the options ask for it."""

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
from mockserver.server.server import MockServer
from mockserver.testing.pool import Configuration

TITLE = "mockserver upstream"
PASSWORD = "MOCKSERVER_UPSTREAM_PASSWORD"
_FIXTURES = ("mockserver", "mockserver_factory")


def register(config: pytest.Config) -> None:
    """Register what the options ask for; raises pytest.UsageError for options that do not go together."""
    contract = config.getoption("mockserver_contract")
    url, live = config.getoption("mockserver_upstream"), config.getoption("mockserver_live")
    if contract and live:
        raise pytest.UsageError("--mockserver-contract is for runs against the mock: a live server has no journal")
    if contract and url:
        raise pytest.UsageError(
            "--mockserver-contract and --mockserver-upstream are for two runs: one of them at a time"
        )
    if live and not url:
        raise pytest.UsageError("--mockserver-live needs --mockserver-upstream, the URL of the live server")
    if contract:
        folder = Path(config.invocation_params.dir, contract).parent
        if not folder.is_dir():
            raise pytest.UsageError(f"--mockserver-contract: {folder}: there is no such folder")
        config.pluginmanager.register(Contract(config, contract), "mockserver-consumer")
    if url:
        config.pluginmanager.register(UpstreamPlugin(config, upstream(config), live), "mockserver-upstream")


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
    """Let a run end with an error though its tests passed."""
    session.exitstatus = session.exitstatus or pytest.ExitCode.USAGE_ERROR


def _skip(reason: str) -> NoReturn:
    pytest.skip(f"mockserver upstream: {reason}")


class UpstreamPlugin:
    """The live server of a run: beside the mock, or in its place."""

    def __init__(self, config: pytest.Config, upstream: Upstream, live: bool) -> None:
        self._live = live
        self._fails = config.getoption("mockserver_upstream_differences") == "fail"
        self._run = Run(upstream)
        self._opened = False
        self._last: list[str] = []  # what went wrong when everything was over
        self._comparisons: dict[str, Comparison] = {}
        self._servers: dict[str, LiveServer] = {}

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Log in, where a test needs it: what is wrong with the live server ends the run before the first test."""
        wanted = any(name in getattr(item, "fixturenames", ()) for item in session.items for name in _FIXTURES)
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

    # -- what `plugin` asks

    def in_place(self, item: pytest.Item, configuration: Configuration, chosen: dict[str, Any]) -> LiveServer | None:
        """Return the live server, where there is no mock; skips the test that wants another one."""
        self._check(item, configuration)
        if not self._live:
            return None
        server = self._run.start_live(item.nodeid, configuration.fixtures, _skip)
        for name in ("rest", "control"):
            if chosen.get(name):
                _skip(f"the test wants {name}={chosen[name]!r}, which only the mock can be told")
        profile = chosen.get("profile")
        if profile and profile != server.profile.name:
            _skip(f"the test is about {profile}, and the live server is {server.profile.name}")
        self._servers[item.nodeid] = server
        return server

    def beside(self, item: pytest.Item, configuration: Configuration, server: MockServer) -> MockServer:
        """Return the mock, with the live server following."""
        dual, comparison = self._run.start_dual(server, item.nodeid, configuration.fixtures, _skip)
        self._comparisons[item.nodeid] = comparison
        return dual

    def leave(self, item: pytest.Item) -> None:
        """The test is over: the live server is as it was before."""
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
        """Fail the test for what differs; skip it where it could not be compared to its end."""
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
            _skip(f"{tally.diverged} (the test passed on the mock)")

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """What came of it."""
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
    """Collects what the tests call, and writes it as a contract in the end."""

    def __init__(self, config: pytest.Config, path: str) -> None:
        self._path = Path(config.invocation_params.dir, path)
        self._collector = Collector(config.rootpath.name or "tests")
        self._written = ""

    def in_place(self, item: pytest.Item, configuration: Configuration, chosen: dict[str, Any]) -> None:
        """Nothing: it wants a mock."""

    def beside(self, item: pytest.Item, configuration: Configuration, server: MockServer) -> MockServer:
        """Return the server, watched from now on."""
        self._collector.begin(server, configuration.fixtures)
        return server

    def leave(self, item: pytest.Item) -> None:
        """The test is over."""
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
        """What was written."""
        if self._written:
            terminalreporter.section("mockserver contract")
            terminalreporter.write_line(self._written)
