"""Waiting for other threads and processes: for what they do, not for a time in which they should have done it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

HANG = 120.0  # seconds after which nothing is to come any more; a guard against hanging, which no test runs into
CPU_SECONDS = 5.0  # of the processor, for work that is done at once, unless its cost grows with the square of the input


def until(condition: Callable[[], object]) -> None:
    """Wait for a condition; what holds it up for ever fails the test."""
    end = time.monotonic() + HANG
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def no_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let nobody wait for an event with a time limit, as faults do; the limits, in order."""
    limits: list[float] = []
    wait = threading.Event.wait

    def limited(event: threading.Event, timeout: float | None = None) -> bool:
        if timeout is None:
            return wait(event)
        limits.append(timeout)
        return event.is_set()

    monkeypatch.setattr(threading.Event, "wait", limited)
    return limits
