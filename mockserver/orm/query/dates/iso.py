"""Read ISO 8601 texts as `fromisoformat` of Python 3.11 does, with its errors, under every Python.

`date.fromisoformat` and `datetime.fromisoformat` of Python 3.10 read fewer forms.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

_DATE = (
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)-(?P<day>\d\d)|(?P<together>\d{4})"
    r"|(?P<dash>-?)W(?P<week>\d\d)(?:(?P=dash)(?P<weekday>\d))?)"
)
_TIME = r"(?P<hour>\d\d)(?:(?P<colon>:?)(?P<minute>\d\d)(?:(?P=colon)(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?"
_ZONE = r"(?P<zone>Z|[+-]\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?)"
_SHORT = re.compile(_DATE, re.ASCII)
_LONG = re.compile(f"{_DATE}(?:.{_TIME}{_ZONE}?)?", re.ASCII | re.DOTALL)


def read(text: str) -> date | datetime:
    """Return the date of a text of at most ten characters, the date and time of a longer one.

    Raises ValueError for another text, and for one with a time zone.
    """
    found = (_SHORT if len(text) <= 10 else _LONG).fullmatch(text)
    day = _date(found) if found else None
    if found is None or day is None:
        raise ValueError(f"Invalid isoformat string: {text!r}")
    if found.re is _SHORT:
        return day
    clock = time(
        int(found["hour"] or 0),
        int(found["minute"] or 0),
        int(found["second"] or 0),
        int((found["fraction"] or "")[:6].ljust(6, "0")),
    )
    if found["zone"]:
        raise ValueError(f"expecting only datetimes with no timezone: {text!r}")
    return datetime.combine(day, clock)


def _date(found: re.Match[str]) -> date | None:
    """Return the date that was read, None for a week that does not exist; raises ValueError for a day that does not."""
    year = int(found["year"])
    if found["week"]:
        try:
            return date.fromisocalendar(year, int(found["week"]), int(found["weekday"] or 1))
        except ValueError:
            return None
    month_and_day = found["together"] or found["month"] + found["day"]
    return date(year, int(month_and_day[:2]), int(month_and_day[2:]))
