"""Tests that are skipped because the server of a run lacks something; a run that skips all of them fails."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NoReturn

import pytest

TITLE = "mockserver"
FIXTURES = ("mockserver", "mockserver_factory")
_MARK = (
    "mockserver_lacking"  # an attribute of the exception and of the report: why the test was skipped, or "" if it ran
)


def skip(reason: str) -> NoReturn:
    """Skip the current test because the server of the run lacks what it needs."""
    error = pytest.skip.Exception(reason)
    setattr(error, _MARK, reason)
    raise error


class SkippedRun:
    """Fails a run in which each test that uses the fixture was skipped in this way: nothing was tested then.

    Each process marks the reports of its tests; the main process of xdist gets them all.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._is_worker = hasattr(config, "workerinput")
        self._reasons: list[str] = []
        self._tested = False
        self._told = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Mark the report of a test that uses the fixture."""
        report = yield
        reason = getattr(call.excinfo.value, _MARK, None) if call.excinfo is not None else None
        if reason or (call.when == "call" and not set(FIXTURES).isdisjoint(getattr(item, "fixturenames", ()))):
            setattr(report, _MARK, reason or "")
        return report

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note whether a test ran."""
        reason = getattr(report, _MARK, None)
        if reason:
            self._reasons.append(reason)
        elif reason is not None:
            self._tested = True

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run end with 1 if no test ran."""
        if self._is_worker or self._tested or not self._reasons:
            return
        number = len(self._reasons)
        which = (
            "the one test that uses mockserver was" if number == 1 else f"all {number} tests that use mockserver were"
        )
        first = "" if number == 1 else "the first: "
        self._told = f"nothing was tested: {which} skipped ({first}{self._reasons[0]})"
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print why the run failed."""
        if self._told:
            terminalreporter.section(TITLE)
            terminalreporter.write_line(self._told, red=True)
