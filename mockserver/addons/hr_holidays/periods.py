"""The moments between which time off lasts, and the days and hours that it takes.

Source: recorded in flow-leave-1, flow-random-days-1 (17.0).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from mockserver.addons.resource import working_time
from mockserver.addons.resource.working_time import Span
from mockserver.orm.records.environment import Recordset

_PARTS = {"am": "morning", "pm": "afternoon"}


def bounds(leave: Recordset) -> tuple[datetime, datetime] | None:
    """Return when time off starts and ends, from the days, the half day or the hours that were asked for."""
    both_ends = "request_date_to_period" in leave._model.fields
    part_of_day = leave.request_unit_half or leave.request_unit_hours
    last_day = leave.request_date_from if part_of_day and not both_ends else leave.request_date_to
    if not leave.request_date_from or not last_day:
        return None
    first, last = (date.fromisoformat(str(day)) for day in (leave.request_date_from, last_day))
    period = _PARTS.get(leave.request_date_from_period) if leave.request_unit_half else None
    until = _PARTS.get(leave.request_date_to_period) if leave.request_unit_half and both_ends else period
    start, stop = _usual_hours(leave, first, last, period)[0], _usual_hours(leave, first, last, until)[1]
    if leave.request_unit_hours:
        start, stop = float(leave.request_hour_from or 0), float(leave.request_hour_to or 0)
    tz = working_time.zone(leave.employee_id.tz, leave.env.user.tz)
    return working_time.at_hour(first, start, tz), working_time.at_hour(last, stop, tz)


def _usual_hours(leave: Recordset, first: date, last: date, period: str | None) -> tuple[float, float]:
    """Return the hour at which work starts on the first day, or the next that has work, and ends on the last."""
    lines = [
        line
        for line in calendar_of(leave).attendance_ids
        if not line.display_type and line.day_period != "lunch" and period in (None, line.day_period)
    ]
    if not lines:
        return 0, 0
    lines.sort(key=lambda line: (int(line.dayofweek), line.day_period != "morning", line.hour_from))
    starts = [line for line in lines if int(line.dayofweek) >= first.weekday() and _in_week(line, first)]
    stops = [line for line in lines if int(line.dayofweek) <= last.weekday() and _in_week(line, last)]
    return (starts or lines)[0].hour_from, (stops or lines)[-1].hour_to


def _in_week(line: Recordset, day: date) -> bool:
    return not line.two_weeks_calendar or not line.week_type or int(line.week_type) == working_time.week_type(day)


def calendar_of(leave: Recordset) -> Recordset:
    """Return the working hours that time off is counted by."""
    known = "resource_calendar_id" in leave._model.fields
    own = leave.resource_calendar_id if known else leave.employee_id.resource_calendar_id
    calendar: Recordset = own or leave.employee_id.company_id.resource_calendar_id
    return calendar or leave.env.company.resource_calendar_id


def duration(leave: Recordset) -> tuple[float, float]:
    """Return the days and hours that time off takes; types by the day count whole days only."""
    if not leave.date_from or not leave.date_to or not leave.employee_id:
        return 0.0, 0.0
    start, stop = working_time.moment(leave.date_from), working_time.moment(leave.date_to)
    spans = working_time.worked(calendar_of(leave), leave.employee_id.sudo().resource_id, start, stop, others(leave))
    if leave.leave_type_request_unit == "day":
        tz = working_time.zone(leave.employee_id.tz)
        return float(len({working_time.local_day(span[0], tz) for span in spans})), working_time.hours(spans)
    return days(calendar_of(leave), spans), working_time.hours(spans)


def others(leave: Recordset) -> list[Any]:
    """Return the domain of what takes working time beside a request."""
    return [("time_type", "=", "leave"), "|", ("holiday_id", "=", False), ("holiday_id", "!=", leave.id)]


def days(calendar: Recordset, spans: Iterable[Span]) -> float:
    """Return how many days spans of work are: what is left of a line counts as that part of the line's days."""
    total = 0.0
    for span in spans:
        line = span[2]
        length = line.hour_to - line.hour_from
        share = line.duration_days if "duration_days" in line._model.fields else length / (calendar.hours_per_day or 8)
        total += share * working_time.hours([span]) / length if length else 0
    return math.floor(total * 1000 + 0.5) / 1000
