"""The numbers of documents: `INV/2024/00001` counts within a year, `BILL/2024/09/0001` within a month.

How a journal counts is told by the last number in it, so a number that a user types sets the form of those that follow.
Source: 17.0; recorded in flow-invoice-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Period = Literal["month", "year range", "year", "never"]

_YEAR = r"(?:(?<=\D)|(?<=^))(?:(?:19|20|21)\d{2}|\d{2}(?=\D))"
_LAST_YEAR = r"(?:(?<=\D)|(?<=^))(?:(?:19|20|21)?\d{2})"
_MONTH = r"0[1-9]|1[0-2]"
_END = r"(?P<number>\d*)(?P<suffix>\D*?)$"
_FORMS: tuple[tuple[Period, re.Pattern[str]], ...] = (
    ("month", re.compile(rf"^(?P<a>.*?)(?P<year>{_YEAR})(?P<b>\D*?)(?P<month>{_MONTH})(?P<c>\D+?){_END}")),
    ("year range", re.compile(rf"^(?P<a>.*?)(?P<year>{_YEAR})(?P<b>\D)(?P<year_end>{_YEAR})(?P<c>\D+?){_END}")),
    ("year", re.compile(rf"^(?P<a>.*?)(?P<year>{_LAST_YEAR})(?P<b>\D+?){_END}")),
    ("never", re.compile(r"^(?P<a>.*?)(?P<number>\d{0,9})(?P<suffix>\D*?)$")),
)  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A number in its parts: texts and what stands between them."""

    period: Period
    texts: tuple[str, str, str]
    digits: str
    suffix: str
    year: str = ""
    year_end: str = ""
    month: str = ""

    @property
    def prefix(self) -> str:
        """What stands before the digits."""
        first, second, third = self.texts
        return first + self.year + second + (self.month or self.year_end) + third

    @property
    def count(self) -> int:
        """The number itself."""
        return int(self.digits or 0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.digits}{self.suffix}"

    def after(self) -> Number:
        """Return the next number in the same period."""
        return replace(self, digits=str(self.count + 1).rjust(len(self.digits), "0"))

    def at_start(self, day: date) -> Number:
        """Return the number before the first one of the period that a day is in."""
        return replace(
            self,
            digits="0" * len(self.digits),
            year=_cut(day.year, self.year),
            year_end=_cut(day.year + 1, self.year_end),
            month=f"{day.month:02}" if self.month else "",
        )

    def fits(self, day: date) -> bool:
        """Return whether a day is in the period of the number."""
        same_year = not self.year or int(self.year) == int(_cut(day.year, self.year))
        return same_year and (not self.month or int(self.month) == day.month)


def _cut(year: int, like: str) -> str:
    """Return a year in as many digits as another."""
    return f"{year:04}"[-len(like) :] if like else ""


def parsed(name: str) -> Number:
    """Return a number in its parts; the form with the shortest period counts."""
    for period, form in _FORMS:
        match = form.match(name)
        if match is None:
            continue
        found = match.groupdict()
        if period == "year range" and not _follows(found["year"], found["year_end"]):
            continue
        texts = (found["a"], found.get("b") or "", found.get("c") or "")
        return Number(
            period, texts, found["number"], found["suffix"],
            found.get("year") or "", found.get("year_end") or "", found.get("month") or "",
        )  # fmt: skip
    return Number("never", (name, "", ""), "", "")


def _follows(year: str, end: str) -> bool:
    return len(year) >= len(end) and int(_cut(int(year) + 1, end)) == int(end)


def bounds(period: Period, day: date) -> tuple[str, str]:
    """Return the first and the last day of the period that a day is in."""
    if period == "never":
        return "0001-01-01", "9999-12-31"
    if period == "month":
        return f"{day.year:04}-{day.month:02}-01", f"{day.year:04}-{day.month:02}-31"
    return f"{day.year:04}-01-01", f"{day.year:04}-12-31"
