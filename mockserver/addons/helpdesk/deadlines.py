"""Moments in the working hours of a calendar: when an amount of work that begins at a moment is done.

Inferred: a policy of whole days ends on that working day at the time of the ticket, what is left is counted in hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from mockserver.addons.resource.working_time import Span, worked
from mockserver.orm.records.environment import Recordset

_STEP = timedelta(days=14)
# steps until a calendar counts as one without working hours
_STEPS = 52


def after(calendar: Recordset, start: datetime, time: float) -> datetime | None:
    """Return the moment at which `time` hours of work are over; None in a calendar that never comes so far."""
    days, hours = divmod(time, calendar.hours_per_day or 8.0)
    begin: datetime | None = start
    if days:
        first, last = _after_hours(calendar, start, 0.0), _day(calendar, start, int(days) + 1)
        begin = datetime.combine(last.date(), first.time()) if first and last else None
    return _after_hours(calendar, begin, hours) if begin else None


def _day(calendar: Recordset, start: datetime, number: int) -> datetime | None:
    """Return the beginning of work on the working day of that number, counted from 1."""
    seen = []
    for begin, _, _ in _spans(calendar, start):
        if begin.date() not in seen:
            seen.append(begin.date())
        if len(seen) == number:
            return begin
    return None


def _after_hours(calendar: Recordset, start: datetime, hours: float) -> datetime | None:
    left = timedelta(seconds=round(hours * 3600))
    for begin, end, _ in _spans(calendar, start):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return None


def _spans(calendar: Recordset, start: datetime) -> Iterator[Span]:
    """Yield the working spans of a calendar from a moment on."""
    nobody = calendar.env["resource.resource"]
    for number in range(_STEPS):
        begin = start + number * _STEP
        yield from worked(calendar, nobody, begin, begin + _STEP)
