"""Periods that group dates and datetimes: their bounds and labels.

Source: recorded in core-groups (17.0); the week of the year follows the first weekday of the language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT
from mockserver.orm.query.month_names import Names, names

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

MONDAY, SUNDAY = 0, 6  # as `date.weekday` counts
GRANULARITIES = frozenset({"hour", "day", "week", "month", "quarter", "year"})

_LABELS: dict[str, Callable[[datetime, Names], str]] = {
    "hour": lambda at, names: f"{(at.hour - 1) % 12 + 1:02}:00 {at.day:02} {names.short[at.month - 1]}",
    "day": lambda at, names: f"{at.day:02} {names.short[at.month - 1]} {at.year:04}",
    "month": lambda at, names: f"{names.months[at.month - 1]} {at.year:04}",
    "quarter": lambda at, names: f"{names.quarter}{(at.month - 1) // 3 + 1} {at.year:04}",
    "year": lambda at, names: f"{at.year:04}",
}


@dataclass(frozen=True)
class Periods:
    """The periods of one grouping.

    Dates have no `zone`; datetimes are stored in UTC, and their periods begin at midnight in `zone`.
    Weeks are numbered by `first_weekday`, and begin on `week_start`, or without it on the same day.
    """

    granularity: str
    has_time: bool
    zone: ZoneInfo | None = None
    first_weekday: int = SUNDAY
    week_start: int | None = None
    lang: str = "en_US"
    _starts: dict[str, datetime] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, env: Environment, granularity: str, *, has_time: bool) -> Periods:
        """Return the periods in the time zone and language of the context."""
        week_start = None if env.db.profile.rules.group_weeks else MONDAY
        zone = time_zone(env) if has_time else None
        return cls(granularity, has_time, zone, first_weekday(env), week_start, env.lang)

    def start(self, text: str) -> datetime:
        """Return the start, in local time, of the period that contains a stored date or datetime."""
        found = self._starts.get(text)
        if found is None:
            found = self._starts[text] = self.containing(local_time(text, self.has_time, self.zone))
        return found

    def containing(self, local: datetime) -> datetime:
        """Return the start of the period that contains a local time."""
        return start_of(local, self.granularity, self._week_start)

    @property
    def _week_start(self) -> int:
        return self.first_weekday if self.week_start is None else self.week_start

    def bounds(self, start: datetime) -> tuple[str, str]:
        """Return the first value in the period and the first one after it, as stored texts."""
        end = next_start(start, self.granularity)
        if not self.has_time:
            return start.strftime(DATE_FORMAT), end.strftime(DATE_FORMAT)
        return self._stored(start), self._stored(end)

    def _stored(self, local: datetime) -> str:
        return (to_utc(local, self.zone) if self.zone else local).strftime(DATETIME_FORMAT)

    def label(self, start: datetime) -> str:
        """Return the label of the period, such as `January 2024`."""
        if self.granularity == "week":
            year, week = week_number(start.date(), self.first_weekday)
            return f"W{week} {year:04}"
        if self.granularity == "hour" and not self.has_time:
            raise AttributeError("'datetime.date' object has no attribute 'hour'")
        return _LABELS[self.granularity](start, names(self.lang))


def local_time(text: str, has_time: bool, zone: ZoneInfo | None) -> datetime:
    """Return a stored date or datetime as a naive time in a zone; without one, in UTC."""
    moment = datetime.strptime(text[:19], DATETIME_FORMAT if has_time else DATE_FORMAT)
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None) if zone else moment


def start_of(moment: datetime, granularity: str, first_weekday: int = SUNDAY) -> datetime:
    """Return the start of the period that contains a time."""
    if granularity == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if granularity == "week":
        return day - timedelta(days=(day.weekday() - first_weekday) % 7)
    if granularity == "month":
        return day.replace(day=1)
    if granularity == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if granularity == "year":
        return day.replace(month=1, day=1)
    return day


def next_start(start: datetime, granularity: str) -> datetime:
    """Return the start of the period after the one that starts at `start`."""
    if granularity in ("hour", "day", "week"):
        return start + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[granularity]
    months = start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[granularity]
    return start.replace(year=start.year + months // 12, month=months % 12 + 1)


def week_number(day: date, first_weekday: int) -> tuple[int, int]:
    """Return year and number of a week: ISO where weeks begin on Monday, else the first week contains 1 January."""
    if first_weekday == 0:
        return day.isocalendar()[:2]
    next_first = _week_start(date(day.year + 1, 1, 1), first_weekday)
    if day >= next_first:
        return day.year + 1, 1
    return day.year, (day - _week_start(date(day.year, 1, 1), first_weekday)).days // 7 + 1


def _week_start(day: date, first_weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def named_zone(name: object) -> ZoneInfo | None:
    """Return the time zone of that name, None for an unknown one."""
    if not name or not isinstance(name, str):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def time_zone(env: Environment) -> ZoneInfo | None:
    """Return the time zone of the context; None means UTC."""
    return named_zone(env.context.get("tz"))


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Return a naive local time in UTC; the hour that a clock change repeats or skips counts as standard time."""
    readings = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    return min(readings, key=lambda at: bool(at.dst())).astimezone(timezone.utc).replace(tzinfo=None)


def first_weekday(env: Environment, lang: str | None = None) -> int:
    """Return the day on which weeks begin in a language, by default that of the context; Monday is 0."""
    rows = env.db.store.rows("res.lang")
    for code in (lang or env.lang, "en_US"):
        for id_ in env.db.store.having("res.lang", "code", (code,)):
            if rows[id_].get("active") and rows[id_].get("week_start"):
                return int(rows[id_]["week_start"]) - 1
    return SUNDAY
