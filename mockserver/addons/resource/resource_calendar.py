"""resource.calendar: working hours.

Source: recorded in flow-hr-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from mockserver import api, models
from mockserver.addons.resource.working_time import at_hour, local_day, text, zone
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_PERIODS = (("Morning", 8, 12, "morning"), ("Lunch", 12, 13, "lunch"), ("Afternoon", 13, 17, "afternoon"))
_STEP = 0.000001


def usual_week(env: Any) -> list[tuple[int, int, dict[str, Any]]]:
    """Return the commands that make forty hours a week."""
    known = dict(env["resource.calendar.attendance"]._model.fields["day_period"].selection)
    return [
        (
            0,
            0,
            {"name": f"{day} {name}", "dayofweek": str(number), "hour_from": start, "hour_to": end, "day_period": at},
        )
        for number, day in enumerate(_DAYS)
        for name, start, end, at in _PERIODS
        if at in known
    ]


class Calendar(models.Model):
    _inherit = "resource.calendar"

    def _default_tz(self) -> str:
        return self.env.context.get("tz") or self.env.user.tz or "UTC"

    def _default_attendance_ids(self) -> list[Any]:
        """The hours of the company, else forty a week."""
        own = self.env.company.resource_calendar_id.attendance_ids
        return [(0, 0, _values(line)) for line in own] if own else usual_week(self.env)

    def _compute_hours_per_day(self) -> None:
        """The working hours of a week divided by its working days."""
        for calendar in self:
            lines = calendar.attendance_ids.filtered(lambda line: not line.display_type and line.day_period != "lunch")
            days = len({line.dayofweek for line in lines})
            hours = sum(line.hour_to - line.hour_from for line in lines)
            calendar.hours_per_day = round(hours / days, 2) if days else 0.0

    def _compute_associated_leaves_count(self) -> None:
        """The public holidays of the calendar and of all calendars."""
        for calendar in self:
            domain = [("resource_id", "=", False), ("calendar_id", "in", [False, calendar.id])]
            calendar.associated_leaves_count = self.env["resource.calendar.leaves"].search_count(domain)

    def _compute_tz_offset(self) -> None:
        now = self.env.db.clock.moment()
        for calendar in self:
            calendar.tz_offset = now.astimezone(zone(calendar.tz)).strftime("%z")

    @api.constrains("attendance_ids")
    def _check_overlap(self) -> None:
        for calendar in self:
            by_day: dict[Any, list[tuple[float, float]]] = {}
            for line in calendar.attendance_ids.filtered(lambda line: not _is_of_a_period(line)):
                by_day.setdefault((line.week_type, line.dayofweek), []).append((line.hour_from, line.hour_to))
            for spans in by_day.values():
                if any(first[1] > second[0] + _STEP for first, second in pairwise(sorted(spans))):
                    raise ValidationError(self.env._("Attendances can't overlap."))


def _is_of_a_period(line: Recordset) -> bool:
    return any(name in line._model.fields and line[name] for name in ("date_from", "date_to"))


def _values(line: Recordset) -> dict[str, Any]:
    names = ("name", "dayofweek", "hour_from", "hour_to", "day_period", "sequence")
    return {name: line[name] for name in names}


class Attendance(models.Model):
    _inherit = "resource.calendar.attendance"

    def _compute_duration_hours(self) -> None:
        for line in self:
            line.duration_hours = max(0.0, line.hour_to - line.hour_from)

    @api.depends("day_period", "duration_hours", "calendar_id.hours_per_day")
    def _compute_duration_days(self) -> None:
        """A break is none; more than three quarters of a day are a day, and less is half a day."""
        for line in self:
            half = line.duration_hours <= line.calendar_id.hours_per_day * 3 / 4
            line.duration_days = 0.0 if line.day_period == "lunch" else 0.5 if half else 1.0


class CalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def _compute_company_id(self) -> None:
        """The company of the calendar, else the user's."""
        for leave in self:
            leave.company_id = leave.calendar_id.company_id or self.env.company

    @api.versions(since=17)
    def _compute_calendar_id(self) -> None:
        """That of the resource, if there is one."""
        for leave in self:
            leave.calendar_id = leave.resource_id.calendar_id or leave.calendar_id

    @api.versions(since=17)
    def _compute_date_to(self) -> None:
        """The last second of the day that an absence begins on, unless it ends later."""
        tz = zone(self.env.user.tz, self.env.company.resource_calendar_id.tz)
        for leave in self:
            if leave.date_from and (not leave.date_to or str(leave.date_to) <= str(leave.date_from)):
                last = at_hour(local_day(leave.date_from, tz), 24, tz).replace(microsecond=0)
                leave.date_to = text(last)
