"""Lines on stderr, which never fail, and the log of a command, which never holds up the thread that writes a line."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import TextIO

import click

MAX_WAITING = 10_000  # lines that the reader of stderr has not taken yet; further ones are dropped
FLUSH_SECONDS = 2.0  # how long the end of a command waits for the reader


def _stderr() -> TextIO:
    return sys.stderr


class Log:
    """Lines for a stream, written by a thread of their own, in order.

    Of those that nobody reads at most `MAX_WAITING` are kept, and the log says how many were dropped.  A stream whose
    reader is gone takes no more lines.
    """

    def __init__(self, stream: Callable[[], TextIO] = _stderr) -> None:
        self._stream = stream
        self._changed = threading.Condition()
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._writing = False  # whether the thread has lines that are not written yet
        self._thread: threading.Thread | None = None

    def __call__(self, text: str) -> None:
        """Add a line; drop it if too many wait."""
        with self._changed:
            if len(self._lines) >= MAX_WAITING:
                self._dropped += 1
                return
            self._lines.append(text)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="mockserver log", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until all lines are written; return False if they were not in this time."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._lines or self._dropped or self._writing), seconds)

    def _write(self) -> None:
        while True:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._lines or self._dropped)
                lines, dropped = list(self._lines), self._dropped
                self._lines.clear()
                self._dropped = 0
                self._writing = True
            if dropped:
                lines.append(f"mockserver: note: {dropped} log lines were dropped: nobody read them in time")
            with contextlib.suppress(OSError, ValueError):  # the reader is gone, or the stream is closed
                _put(self._stream(), "".join(f"{line}\n" for line in lines))


def _put(stream: TextIO, text: str) -> None:
    """Write text to a stream, past its buffer: a thread that waits in there would hold up the end of the process."""
    try:
        number = stream.fileno()
    except (OSError, AttributeError):  # no file, such as one that a test reads
        stream.write(text)
        stream.flush()
        return
    stream.flush()
    left = memoryview(text.encode(stream.encoding, "backslashreplace"))
    while left:
        left = left[os.write(number, left) :]


def tell(text: str) -> None:
    """Print a line on stderr at once, if stderr takes one: a full disk, or no reader, stops no command."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(text, err=True)


log = Log()
