"""Sums of a field over the rows of a table that have the same values of other fields."""

from __future__ import annotations

from typing import Any


class Sums:
    """The sums of a field by the values of other fields; `add` keeps them right when rows come and go."""

    def __init__(self, by: tuple[str, ...], field: str) -> None:
        self._by, self._field = by, field
        self._totals: dict[tuple[Any, ...], tuple[int, float]] = {}  # values → number of rows, sum

    def copy(self) -> Sums:
        """Return independent sums of the same rows."""
        other = Sums(self._by, self._field)
        other._totals = self._totals.copy()
        return other

    def add(self, row: dict[str, Any], sign: int = 1) -> None:
        """Count a row, or with the sign -1 count it no longer."""
        key = tuple(map(row.get, self._by))
        number, total = self._totals.get(key, (0, 0.0))
        if number + sign:
            self._totals[key] = number + sign, total + sign * (row.get(self._field) or 0.0)
        else:
            self._totals.pop(key, None)

    def of(self, values: tuple[Any, ...]) -> float:
        """Return the sum over the rows with these values."""
        return self._totals.get(values, (0, 0.0))[1]
