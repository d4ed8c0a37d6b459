"""hr.attendance: an employee came and went.

Source: recorded in flow-hr-1 (17.0, 18.0, 19.0), flow-random-days-1 (17.0).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.mail.rendering.formats import format_datetime, format_time
from mockserver.addons.resource.working_time import attended, hours, local_day, moment, without, zone
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Recordset

_LONG = 16  # hours


class Attendance(models.Model):
    _inherit = "hr.attendance"

    def _default_employee_id(self) -> Recordset:
        return self.env.user.employee_id  # type: ignore[no-any-return]

    def _compute_worked_hours(self) -> None:
        """The hours between coming and going, without the breaks of the employee's calendar."""
        for attendance in self:
            done = attendance.employee_id and attendance.check_in and attendance.check_out
            attendance.worked_hours = _worked_hours(attendance) if done else 0.0

    def _compute_color(self) -> None:
        """Red for more than sixteen hours, and for who came more than a day ago and did not go."""
        late = (self.env.db.clock.moment() - timedelta(days=1)).strftime("%Y-%m-%d 00:00:00")
        for attendance in self:
            over = attendance.worked_hours > _LONG if attendance.check_out else str(attendance.check_in) < late
            attendance.color = 1 if over else 0 if attendance.check_out else 10

    @api.versions(since=18)
    def _compute_expected_hours(self) -> None:
        for attendance in self:
            attendance.expected_hours = attendance.worked_hours - attendance.overtime_hours

    @api.versions(since=18)
    def _compute_overtime_status(self) -> None:
        """Approved, where the company has no overtime approved by hand."""
        for attendance in self:
            by_hand = attendance.employee_id.company_id.attendance_overtime_validation == "by_manager"
            attendance.overtime_status = attendance.overtime_status or ("to_approve" if by_hand else "approved")

    @api.versions(since=19)
    def _compute_date(self) -> None:
        """The day of coming where the employee is."""
        for attendance in self:
            attendance.date = local_day(attendance.check_in, _zone(attendance)).isoformat()

    @api.versions(until=16)
    @api.depends("employee_id", "check_in", "check_out")
    def _compute_display_name(self) -> None:
        """The employee with both times.  Inferred: not recorded before 17.0."""
        for attendance in self:
            start, stop = (format_datetime(self.env, attendance[name]) for name in ("check_in", "check_out"))
            name = attendance.employee_id.name
            attendance.display_name = f"{name} from {start} to {stop}" if stop else f"{name} from {start}"

    @api.versions(since=17, name="_compute_display_name")
    @api.depends("worked_hours", "check_in", "check_out")
    def _compute_display_name_of_hours(self) -> None:
        """The hours worked, with both times of the day."""
        for attendance in self:
            start, stop = (format_time(self.env, attendance[name]) for name in ("check_in", "check_out"))
            if stop:
                between = self.env.db.profile.rules.attendance_label
                minutes = round(attendance.worked_hours * 60)
                attendance.display_name = f"{minutes // 60:02d}:{minutes % 60:02d}{between}({start}-{stop})"
            else:
                attendance.display_name = self.env._("From %s") % start

    @api.constrains("check_in", "check_out")
    def _check_validity_check_in_check_out(self) -> None:
        for attendance in self:
            if attendance.check_out and attendance.check_in and attendance.check_out < attendance.check_in:
                raise ValidationError(self.env._('"Check Out" time cannot be earlier than "Check In" time.'))

    @api.constrains("check_in", "check_out", "employee_id")
    def _check_validity(self) -> None:
        """Attendances of an employee do not overlap, and only the last may be open."""
        for attendance in self:
            others = [("employee_id", "=", attendance.employee_id.id), ("id", "!=", attendance.id)]
            before = self._last([*others, ("check_in", "<=", attendance.check_in)])
            if before.check_out and before.check_out > attendance.check_in:
                raise _overlap(attendance, "was already checked in on", attendance.check_in)
            if not attendance.check_out:
                open_one = self._last([*others, ("check_out", "=", False)])
                if open_one:
                    raise _overlap(attendance, "hasn't checked out since", open_one.check_in)
            else:
                inside = self._last([*others, ("check_in", "<", attendance.check_out)])
                if inside and inside != before:
                    raise _overlap(attendance, "was already checked in on", inside.check_in)

    def _last(self, domain: list[Any]) -> Recordset:
        return self.search(domain, 0, 1, "check_in desc")

    def copy(self, default: Any = None) -> Any:
        """Refuse: nobody comes twice at the same time."""
        raise UserError(self.env._("You cannot duplicate an attendance."))


def _worked_hours(attendance: Recordset) -> float:
    calendar = attendance.employee_id.resource_calendar_id or attendance.employee_id.company_id.resource_calendar_id
    start, stop = moment(attendance.check_in), moment(attendance.check_out)
    breaks = attended(calendar, start, stop, zone(attendance.employee_id.tz, calendar.tz), lunch=True)
    return hours(without([(start, stop, attendance)], breaks))


def _zone(attendance: Recordset) -> Any:
    return zone(attendance.employee_id.tz, attendance.env.user.tz)


def _overlap(attendance: Recordset, why: str, when: Any) -> ValidationError:
    return ValidationError(
        f"Cannot create new attendance record for {attendance.employee_id.name}, the employee {why}"
        f" {format_datetime(attendance.env, when)}"
    )
