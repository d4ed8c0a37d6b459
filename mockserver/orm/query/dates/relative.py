"""Read the dates of domains since 19: ISO texts, and expressions relative to now such as `today -7d` or `=monday`.

An expression is `today` or `now`, which may be left out, and steps: `+3d` and `-1m` move, `=1d` sets a part and resets
what is smaller, `-monday` goes to a day of the week.
Source: source of Odoo 19, date_utils; recorded in json2-domains and temporal (19.0).
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from mockserver.orm.query.dates import iso
from mockserver.orm.query.periods import first_weekday, named_zone

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

_WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
_SPANS = {"d": "days", "w": "weeks", "H": "hours", "M": "minutes", "S": "seconds"}
_MONTHS = {"m": 1, "y": 12}
_PARTS = {"d": "day", "m": "month", "y": "year", "H": "hour", "M": "minute", "S": "second"}


def read(env: Environment, text: str) -> tuple[date | datetime, bool]:
    """Return the date, or the date and time in UTC, that a text stands for; and whether the text is an ISO one.

    Raises ValueError for a text that is neither, OverflowError for a date outside of the calendar.
    """
    try:
        return iso.read(text), True
    except ValueError:
        if re.match(r"\d+-", text):
            raise
    steps = text.split()
    if not steps:
        raise ValueError("Empty date value")
    now = env.db.clock.moment().replace(microsecond=0)
    zone = named_zone(env.tz)
    # a time keeps the distance to UTC that it has now, also across a change of clocks
    distance = (now.astimezone(zone).utcoffset() if zone else None) or timedelta()
    at: date | datetime = now.replace(tzinfo=None) + distance
    from_today = steps[0] == "today"
    if from_today:
        at = date(at.year, at.month, at.day)
    for step in steps[1:] if steps[0] in ("today", "now") else steps:
        try:
            at = _moved(env, at, step)
        except (ValueError, TypeError, KeyError):
            raise ValueError(f"Invalid term {step!r} in expression date: {text!r}") from None
    # a time of day that is given to `today` counts as UTC
    return (at if from_today else at - distance), False


def _moved(env: Environment, at: date | datetime, step: str) -> date | datetime:
    """Return a date after one step; raises ValueError, TypeError or KeyError for what is not one."""
    sign, name, unit = step[0], step[1:], step[-1]
    if sign not in "+-=" or len(step) < 3:
        raise ValueError(step)
    if name in _WEEKDAYS or name == "week_start":
        return _to_weekday(env, at, sign, name)
    if sign == "=":
        return _set(at, _PARTS[unit], int(step[1:-1]))
    count = int(step[:-1])
    if unit in _MONTHS:
        return months_later(at, count * _MONTHS[unit])
    span = timedelta(**{_SPANS[unit]: count})
    return (_as_time(at) if span % timedelta(days=1) else at) + span


def _as_time(at: date | datetime) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, time())


def _to_weekday(env: Environment, at: date | datetime, sign: str, name: str) -> date | datetime:
    """Return the day of the week: with `=` of this week at midnight, with `+` the next and with `-` the last one."""
    first = first_weekday(env, env.user.lang)
    wanted = first if name == "week_start" else _WEEKDAYS.index(name)
    days = (wanted - first) % 7 - (at.weekday() - first) % 7
    if sign == "+" and days < 0:
        days += 7
    elif sign == "-" and days > 0:
        days -= 7
    elif sign == "=" and isinstance(at, datetime):
        at = datetime.combine(at, time())
    return at + timedelta(days=days)


def _set(at: date | datetime, part: str, value: int) -> date | datetime:
    """Return a date with one part set, the last day of the month for a day after it; 0 leaves a part of a date."""
    if part == "hour":
        return _as_time(at).replace(hour=value, minute=0, second=0)
    if part == "minute":
        return _as_time(at).replace(minute=value, second=0)
    if part == "second":
        return _as_time(at).replace(second=value)
    if isinstance(at, datetime):
        at = datetime.combine(at, time())
    year, month, day = (value if value and part == name else getattr(at, name) for name in ("year", "month", "day"))
    return at.replace(year=year, month=month, day=min(day, calendar.monthrange(year, month)[1]))


def months_later(at: date | datetime, count: int) -> date | datetime:
    """Return the date so many months later; in a shorter month, its last day."""
    years, month = divmod(at.month - 1 + count, 12)
    year = at.year + years
    return at.replace(year=year, month=month + 1, day=min(at.day, calendar.monthrange(year, month + 1)[1]))
