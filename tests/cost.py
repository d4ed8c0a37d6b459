"""What a piece of work costs beside another, for tests that it does not grow faster than its input."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType

# far more than a busy machine adds, and far less than squaring 100 000 characters does
FACTOR = 100
LEAST = 0.001  # seconds; what is shorter cannot be measured well


def cost(work: Callable[[], object]) -> float:
    """The processor time of this thread, in seconds; other processes do not count."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


def costs_like(work: Callable[[], object], harmless: Callable[[], object]) -> bool:
    """Whether the work costs about as much as another on an input of the same size, not a power of it.

    Three attempts, because other processes empty the processor's caches.
    """
    return any(cost(work) < FACTOR * max(cost(harmless), LEAST) for _ in range(3))


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, those written in C included: the same number in every run."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted
