"""Dates of activities: today in a user's time zone, and the deadline that a type of activity proposes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mockserver import fields
from mockserver.orm.query.dates.relative import months_later
from mockserver.orm.records.environment import Environment, Recordset

OVERDUE, TODAY, PLANNED, DONE = "overdue", "today", "planned", "done"


def today(env: Environment, zone: Any) -> date:
    """Return today's date in a time zone, UTC if there is none."""
    moment = env.db.clock.moment()
    return (moment.astimezone(ZoneInfo(str(zone))) if zone else moment).date()


def state(env: Environment, deadline: Any, zone: Any) -> str:
    """Return the state of an activity whose responsible user lives in a time zone."""
    day, now = date.fromisoformat(str(deadline)[:10]), today(env, zone)
    return TODAY if day == now else OVERDUE if day < now else PLANNED


def proposed(kind: Recordset) -> str:
    """Return the deadline of a new activity of a type: its delay after today or after the previous activity."""
    env = kind.env
    previous = env.context.get("activity_previous_deadline") if kind.delay_from == "previous_activity" else None
    base = date.fromisoformat(str(previous or fields.Date.context_today(kind))[:10])
    return later(base, kind.delay_count or 0, kind.delay_unit or "days").isoformat()


def later(base: date, count: int, unit: str) -> date:
    """Return the date so many days, weeks or months later; in a shorter month, its last day."""
    return months_later(base, count) if unit == "months" else base + timedelta(**{unit: count})
