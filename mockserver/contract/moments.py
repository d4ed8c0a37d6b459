"""Dates of answers, as distances from the present."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
_FARTHEST = 400  # days; a date farther away is data, not a distance from today
_NEAR = timedelta(hours=2)  # what a run may take, and what two clocks may differ by


def utc_now() -> datetime:
    """Return the current time, UTC, without a timezone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def moment(now: datetime, days: float = 0, hours: float = 0) -> str:
    """Return the datetime so far from now, as servers write it."""
    return (now + timedelta(days=days, hours=hours)).strftime(DATETIME_FORMAT)


def day(now: datetime, days: float = 0) -> str:
    """Return the date so far from now, as servers write it."""
    return (now + timedelta(days=days)).strftime(DATE_FORMAT)


def relative(text: str, now: datetime) -> str:
    """Return a date as `<today+N>`, a datetime as `<now+Nd>` or `<today+N> HH:MM:SS`; any other text unchanged.

    `<now+Nd>` is a datetime within two hours of now, N days away.
    """
    try:
        if _DATE.fullmatch(text):
            return _distance("today", _days(date.fromisoformat(text), now)) or text
        if _DATETIME.fullmatch(text):
            return _relative_datetime(text, datetime.strptime(text[:19], DATETIME_FORMAT), now)
    except ValueError:  # such as the 30th of February
        pass
    return text


def _relative_datetime(text: str, told: datetime, now: datetime) -> str:
    day_of = _distance("today", _days(told.date(), now))
    if not day_of:
        return text
    whole = round((told - now) / timedelta(days=1))
    if abs(told - now - timedelta(days=whole)) < _NEAR:
        return _distance("now", whole, "d")
    return f"{day_of} {text[11:19]}"


def _days(told: date, now: datetime) -> int:
    return (told - now.date()).days


def _distance(word: str, days: int, unit: str = "") -> str:
    """Return `<today+3>`; nothing for a day that is too far."""
    if abs(days) > _FARTHEST:
        return ""
    return f"<{word}{days:+d}{unit}>" if days else f"<{word}>"
