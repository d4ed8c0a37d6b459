"""`--mockserver-record FOLDER`: the calls of each test as a contract; the plugin registers it for this option."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.record.recording import Recording
from mockserver.server.server import MockServer
from mockserver.testing.pool import Configuration

TITLE = "mockserver record"


def register(config: pytest.Config) -> None:
    """Register the recorder; raises pytest.UsageError for a path that cannot be a folder."""
    folder = Path(config.invocation_params.dir, config.getoption("mockserver_record"))
    if folder.suffix == ".json" or (folder.exists() and not folder.is_dir()):
        raise pytest.UsageError(
            f"--mockserver-record: {folder} is no folder; each test gets a contract of its own in it"
        )
    if config.getoption("mockserver_live"):
        raise pytest.UsageError(
            "--mockserver-record is for runs against the mock: `mockserver record` is for a live server"
        )
    config.pluginmanager.register(RecordPlugin(folder), "mockserver-record")


class RecordPlugin:
    """The recordings of a run, with the methods that the plugin calls on its companions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._recordings: dict[str, list[Recording]] = {}
        self._steps: dict[str, int] = {}

    def in_place(self, item: pytest.Item, configuration: Configuration, chosen: dict[str, Any]) -> None:
        """Return None: it records a mock and replaces none."""

    def beside(self, item: pytest.Item, configuration: Configuration, server: MockServer) -> MockServer:
        """Return the server, recorded from now on."""
        recording = Recording(server, configuration.fixtures, configuration.rest)
        self._recordings.setdefault(item.nodeid, []).append(recording)
        return server

    def leave(self, item: pytest.Item) -> None:
        """Write the recordings of a test at its end."""
        recordings = self._recordings.pop(item.nodeid, [])
        for recording in recordings:
            recording.close()
        for number, recording in enumerate(recordings, 1):
            name = file_name(item.nodeid) + (f"-{number}" if number > 1 else "")
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                steps = recording.write(self._folder / f"{name}.json", item.nodeid)
            except (OSError, ValueError) as error:
                pytest.fail(f"{TITLE}: {error}", pytrace=False)
            if steps:
                self._steps[name] = steps

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print what was written."""
        if self._steps:
            terminalreporter.section(TITLE)
            many = f"{len(self._steps)} contracts" if len(self._steps) > 1 else "1 contract"
            terminalreporter.write_line(f"{self._folder}: {many}, {sum(self._steps.values())} steps")


def file_name(nodeid: str) -> str:
    """Return a file name for a test, such as `test_sync.test_it[1]`, without unsafe characters."""
    path, _, rest = nodeid.partition("::")
    return re.sub(r"[^\w.\-\[\]]+", "_", f"{path.removesuffix('.py')}.{rest.replace('::', '.')}".replace("/", "."))[
        :200
    ]
