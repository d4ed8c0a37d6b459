"""Strict mode: calls of unknown models, methods and fields fail the test, with a suggestion of what to add; so do calls
that read what the mock does not compute."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from mockserver.server.app import App
from mockserver.server.exchange import Exchange
from mockserver.server.listeners import Stop
from mockserver.testing.journal.entry import JournalEntry
from mockserver.testing.journal.wording import plural
from mockserver.testing.part import Part
from mockserver.testing.strict.findings import Findings

HINTS = "mockserver hints"  # the title in reports
SHOWN = 5  # hints in a report


def hints(app: App, entries: Iterable[JournalEntry]) -> list[str]:
    """Return what calls used that the mock lacks, in the words of strict mode, for the report of a failed test."""
    findings = Findings(app)
    for entry in entries:
        findings.add(entry)
    texts = findings.texts()
    return texts if len(texts) <= SHOWN else [*texts[:SHOWN], f"and {plural(len(texts) - SHOWN, 'more hint')}"]


class Strict(Part):
    """Checks the calls of one server after `start`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._stop: Stop | None = None
        self.begin()

    @property
    def on(self) -> bool:
        """Whether calls are checked."""
        return self._stop is not None

    def start(self) -> None:
        """Check calls from now on."""
        self._stop = self._stop or self._app.observe(self._watch)

    def begin(self) -> None:
        """Forget the findings."""
        with self._lock:
            self._findings = Findings(self._app)

    def problems(self) -> list[str]:
        """Return the texts of the findings and forget them."""
        findings = self._findings
        self.begin()
        return findings.texts()

    def _watch(self, exchange: Exchange) -> None:
        if exchange.call is not None:
            with self._lock:
                self._findings.add(JournalEntry(exchange))
