"""Recurrence rules: when the events of a series are, and the rule as text (RFC 5545).

Pure functions over `Rule`; moments are local times without a zone.

Source: recorded in flow-calendar-1 (17.0).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from mockserver.orm.query.dates.relative import months_later

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 720  # events that a series has at most
_MONTHS = {"monthly": 1, "yearly": 12}


@dataclass(frozen=True)
class Rule:
    """A recurrence: `days` are those of the week, Monday is 0; `nth` the which of a month, -1 the last one.

    It ends after `count` events, or with the day `until`, or never.
    """

    kind: str
    interval: int = 1
    days: tuple[int, ...] = ()
    month_day: int | None = None
    nth: int | None = None
    count: int | None = None
    until: date | None = None
    first_day: int = 6  # of a week

    def text(self) -> str:
        """Return the rule as RFC 5545 writes it."""
        parts = [f"FREQ={self.kind.upper()}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.kind == "weekly" and self.first_day:
            parts.append(f"WKST={DAYS[self.first_day]}")
        if self.count:
            parts.append(f"COUNT={self.count}")
        if self.until:
            parts.append(f"UNTIL={self.until:%Y%m%d}T235959")
        if self.days:
            nth = f"{self.nth:+d}" if self.nth else ""
            parts.append("BYDAY=" + ",".join(nth + DAYS[day] for day in self.days))
        if self.month_day:
            parts.append(f"BYMONTHDAY={self.month_day}")
        return ";".join(parts)

    def moments(self, start: datetime) -> list[datetime]:
        """Return when the events of a series are that begins at a moment."""
        found: Iterator[datetime] = (moment for moment in self._endless(start) if moment >= start)
        if self.until:
            last = self.until
            found = takewhile(lambda moment: moment.date() <= last, found)
        return list(islice(found, min(self.count or MOST, MOST)))

    def _endless(self, start: datetime) -> Iterator[datetime]:
        if self.kind == "daily":
            for number in range(100 * MOST):
                yield start + timedelta(days=number * self.interval)
        elif self.kind == "weekly":
            first = start - timedelta(days=(start.weekday() - self.first_day) % 7)
            for number in range(100 * MOST):
                week = first + timedelta(weeks=number * self.interval)
                yield from sorted(week + timedelta(days=(day - self.first_day) % 7) for day in self.days)
        else:
            step = self.interval * _MONTHS[self.kind]
            for number in range(100 * MOST):
                try:
                    month = months_later(start.replace(day=1), number * step)
                except (ValueError, OverflowError):  # the calendar ends in the year 9999
                    return
                day = self._day_of(month.year, month.month, start.day)
                if day:
                    yield datetime.combine(date(month.year, month.month, day), start.time())

    def _day_of(self, year: int, month: int, default: int) -> int | None:
        """Return the day of a month that has an event, if it has one."""
        first, length = monthrange(year, month)
        if self.nth and self.days:
            every = range(1 + (self.days[0] - first) % 7, length + 1, 7)
            return every[self.nth if self.nth < 0 else self.nth - 1] if self.nth <= len(every) else None
        day = self.month_day or default
        return day if day <= length else None
