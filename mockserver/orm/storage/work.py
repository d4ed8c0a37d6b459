"""How much one search may do: conditions times the rows that they are tested on, those of searches inside it included.

A search of few conditions may test as many rows as there are.  What counts is not the time but a number that is the
same in every run, so that a search that is refused once is always refused.
"""

from __future__ import annotations

MAX_TESTS = 10_000_000  # about half a second
FREE = 200  # conditions, a pattern as three, that are tested on any number of rows


class Work:
    """What the search that is under way has done so far."""

    def __init__(self) -> None:
        self.inside = 0  # how many searches are under way, one for a condition of the other
        self._conditions = self._tests = 0

    def begin(self) -> None:
        """Begin a search; `end` must follow."""
        if not self.inside:
            self._conditions = self._tests = 0
        self.inside += 1

    def end(self) -> None:
        """End a search; what it still finds out when its rows are asked for is counted, too."""
        self.inside -= 1

    def add(self, conditions: int, rows: int) -> None:
        """Count conditions that are tested on rows; raises ValueError for more than this server does."""
        self._conditions += conditions
        self._tests += conditions * rows
        if self._tests > MAX_TESTS and self._conditions > FREE:
            raise ValueError(
                f"A search of {self._conditions} conditions, a pattern counted as three, and {self._tests} tests of"
                f" records; this server does {MAX_TESTS} tests at most for more than {FREE} conditions"
            )
