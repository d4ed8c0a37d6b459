"""Working time between two moments: the hours of a calendar, its breaks, and what absences take from them.

Moments are naive UTC times; spans are `(start, stop, line)`, where `line` is the `resource.calendar.attendance`.
Source: recorded in flow-hr-1, flow-leave-1, flow-random-days-1 (17.0).
Leaves out: calendars of flexible hours (18.0 and later).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from mockserver.clock import DATETIME_FORMAT
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

MAX_DAYS = 7_305  # twenty years; the server would work on longer ones for minutes

Span = tuple[datetime, datetime, Any]


def moment(text: Any) -> datetime:
    """Return the moment that a record's date or time says."""
    return datetime.fromisoformat(str(text))


def text(when: datetime) -> str:
    """Return a moment as records hold it."""
    return when.strftime(DATETIME_FORMAT)


def zone(*names: Any) -> ZoneInfo:
    """Return the first time zone that is given, else UTC."""
    return ZoneInfo(next((str(name) for name in names if name), "UTC"))


def local_day(when: Any, tz: ZoneInfo) -> date:
    """Return the day of a moment in a time zone."""
    return moment(when).replace(tzinfo=timezone.utc).astimezone(tz).date()


def at_hour(day: date, hour: float, tz: ZoneInfo) -> datetime:
    """Return the moment of an hour (8.5 is half past eight) of a day in a time zone; 24 is the day's last moment."""
    last = hour >= 24
    clock = time.max if last else (datetime.min + timedelta(seconds=round(hour * 3600))).time()
    return datetime.combine(day, clock, tz).astimezone(timezone.utc).replace(tzinfo=None)


class _Hours(NamedTuple):
    """The hours of a line of a calendar, and the days on which it counts: a week of two, a period."""

    line: Recordset
    start: float
    stop: float
    week: int | None
    first: str
    last: str

    @classmethod
    def of(cls, line: Recordset) -> _Hours:
        known = line._model.fields
        first, last = (str(line[name] or "") if name in known else "" for name in ("date_from", "date_to"))
        week = int(line.week_type) if line.two_weeks_calendar and line.week_type else None
        return cls(line, line.hour_from, line.hour_to, week, first, last)

    def count_on(self, day: date) -> bool:
        """Return whether the line counts on a day of its weekday."""
        if self.week is not None and self.week != week_type(day):
            return False
        return not (self.first and str(day) < self.first) and not (self.last and str(day) > self.last)


def week_type(day: date) -> int:
    """Return which week of a calendar of two a day is in, counted from the first Monday of all."""
    return (day.toordinal() - 1) // 7 % 2


def attended(calendar: Recordset, start: datetime, stop: datetime, tz: ZoneInfo, lunch: bool = False) -> list[Span]:
    """Return the spans that a calendar has between two moments: of work, or of breaks."""
    by_weekday: list[list[_Hours]] = [[] for _ in range(7)]
    for line in calendar.attendance_ids:
        if not line.display_type and (line.day_period == "lunch") == lunch:
            by_weekday[int(line.dayofweek)].append(_Hours.of(line))
    first, last = local_day(start, tz), local_day(stop, tz)
    if (last - first).days > MAX_DAYS:
        raise UserError(f"The period from {first} to {last} is too long: at most {MAX_DAYS} days are looked at.")
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    found = (
        (at_hour(day, hours.start, tz), at_hour(day, hours.stop, tz), hours.line)
        for day in days
        for hours in by_weekday[day.weekday()]
        if hours.count_on(day)
    )
    return sorted(_within(found, start, stop), key=lambda span: span[:2])


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Return what is left of spans without other spans."""
    left = list(spans)
    for hole_start, hole_stop, _ in holes:
        cut: list[Span] = []
        for start, stop, line in left:
            pieces = ((start, min(stop, hole_start), line), (max(start, hole_stop), stop, line))
            cut += [piece for piece in pieces if piece[0] < piece[1]]
        left = cut
    return left


def absences(
    calendar: Recordset, resource: Recordset, start: datetime, stop: datetime, domain: Any = None
) -> list[Span]:
    """Return the spans of public holidays of a calendar and of absences of a resource."""
    found = calendar.env["resource.calendar.leaves"].sudo().search(
        [
            *(domain if domain is not None else [("time_type", "=", "leave")]),
            ("calendar_id", "in", [False, *calendar.ids]),
            ("resource_id", "in", [False, *resource.ids]),
            ("date_from", "<=", text(stop)),
            ("date_to", ">=", text(start)),
        ]
    )  # fmt: skip
    return [(moment(leave.date_from), moment(leave.date_to), leave) for leave in found]


def worked(calendar: Recordset, resource: Recordset, start: datetime, stop: datetime, domain: Any = None) -> list[Span]:
    """Return the spans in which a resource works between two moments."""
    tz = zone(resource.tz if resource else False, calendar.tz)
    return without(attended(calendar, start, stop, tz), absences(calendar, resource, start, stop, domain))


def hours(spans: Iterable[Span]) -> float:
    """Return how many hours spans last."""
    return sum((stop - start).total_seconds() for start, stop, _ in spans) / 3600


def _within(spans: Iterable[Span], start: datetime, stop: datetime) -> Iterator[Span]:
    for first, last, line in spans:
        if max(first, start) < min(last, stop):
            yield max(first, start), min(last, stop), line
