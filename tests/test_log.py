"""The log of a command, whose reader may be slow, absent or gone."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from typing import TextIO

import pytest

from mockserver.cli import log as log_module
from mockserver.cli.log import Log
from tests.waiting import HANG


@pytest.fixture
def pipe() -> Iterator[tuple[TextIO, TextIO]]:
    """A pipe: its end to read and its end to write."""
    read, write = os.pipe()
    with open(read, encoding="utf-8") as reader, open(write, "w", encoding="utf-8") as writer:
        yield reader, writer


def test_lines_are_written_in_order() -> None:
    text = io.StringIO()
    log = Log(lambda: text)
    for number in range(1000):
        log(str(number))
    assert log.flush(HANG)
    assert text.getvalue().splitlines() == [str(number) for number in range(1000)]


def test_lines_that_nobody_reads_are_dropped_and_counted(
    pipe: tuple[TextIO, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "MAX_WAITING", 100)
    reader, writer = pipe
    log = Log(lambda: writer)
    for _ in range(5000):
        log("x" * 100)  # together ten times what a pipe holds
    assert not log.flush(0)
    written = dropped = 0
    while written + dropped < 5000:
        line = reader.readline()
        found = re.fullmatch(r"mockserver: note: (\d+) log lines were dropped: nobody read them in time\n", line)
        written += line == f"{'x' * 100}\n"
        dropped += int(found[1]) if found else 0
    assert 0 < dropped < 5000
    assert log.flush(HANG)
    log("read again")
    assert reader.readline() == "read again\n"


def test_a_stream_without_reader_takes_no_lines(pipe: tuple[TextIO, TextIO]) -> None:
    reader, writer = pipe
    reader.close()
    log = Log(lambda: writer)
    log("to nobody")
    assert log.flush(HANG)


def test_a_closed_stream_takes_no_lines() -> None:
    text = io.StringIO()
    text.close()
    log = Log(lambda: text)
    log("to nobody")
    assert log.flush(HANG)
    log("again")  # the thread goes on
    assert log.flush(HANG)


def test_what_the_stream_cannot_write_is_escaped() -> None:
    read, write = os.pipe()
    with open(read, "rb") as reader, open(write, "w", encoding="ascii") as writer:
        log = Log(lambda: writer)
        log("é\ud800")
        assert reader.readline() == b"\\xe9\\ud800\n"
