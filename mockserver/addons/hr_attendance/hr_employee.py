"""hr.employee: who is at work, the hours of today and of the month, and the time clock.

Inferred: hours and the time clock are not recorded; they follow the programs that use them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mockserver import api, models
from mockserver.addons.resource.working_time import at_hour, local_day, moment, text, zone
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

_OFFICER = "hr_attendance.group_hr_attendance_user"
_ASKS_PIN = "hr_attendance.group_hr_attendance_use_pin"


class Employee(models.Model):
    _inherit = "hr.employee"

    # -- what is computed

    def _compute_last_attendance_id(self) -> None:
        now = self.env.db.clock.now()
        for employee in self:
            domain = [("employee_id", "=", employee.id), ("check_in", "<=", now)]
            employee.last_attendance_id = self.env["hr.attendance"].sudo().search(domain, 0, 1, "check_in desc")

    def _compute_attendance_state(self) -> None:
        for employee in self:
            last = employee.sudo().last_attendance_id
            employee.attendance_state = "checked_in" if last and not last.check_out else "checked_out"

    @api.versions(until=16)
    def _compute_hours_today(self) -> None:
        for employee in self:
            employee.hours_today = sum(_hours_today(employee))

    @api.versions(since=17, name="_compute_hours_today")
    @api.computes("hours_today", "hours_previously_today", "last_attendance_worked_hours")
    def _compute_hours_today_in_parts(self) -> None:
        """The hours of today until now, those before the last attendance, and those of the last."""
        for employee in self:
            parts = _hours_today(employee)
            employee.hours_today = sum(parts)
            employee.hours_previously_today = sum(parts[:-1])
            employee.last_attendance_worked_hours = sum(parts[-1:])

    @api.versions(until=16)
    @api.computes("hours_last_month", "hours_last_month_display")
    def _compute_hours_last_month(self) -> None:
        """The hours of the month before this one."""
        for employee in self:
            today = local_day(self.env.db.clock.now(), zone(employee.tz))
            first = today.replace(year=today.year - (today.month == 1), month=(today.month - 2) % 12 + 1, day=1)
            start, stop = (at_hour(day, 0, zone(employee.tz)) for day in (first, today.replace(day=1)))
            _set_hours_of_month(employee, _hours_between(employee, start, stop))

    @api.versions(since=17, name="_compute_hours_last_month")
    @api.computes("hours_last_month", "hours_last_month_display")
    def _compute_hours_this_month(self) -> None:
        """The hours of the month that contains today, until now."""
        now = self.env.db.clock.now()
        for employee in self:
            first = local_day(now, zone(employee.tz)).replace(day=1)
            start = text(at_hour(first, 0, zone(employee.tz)))
            done = employee.sudo().attendance_ids.filtered(
                lambda one, start=start: start <= one.check_in and one.check_out and one.check_out <= now
            )
            _set_hours_of_month(employee, sum(done.mapped("worked_hours")))

    # -- the time clock

    @api.versions(until=16)
    def attendance_manual(self, next_action: Any, entered_pin: Any = None) -> dict[str, Any]:
        """Let the employee come or go: by the employee's own user, by the PIN, or by an officer; else a warning."""
        self.ensure_one()
        officer = in_group(self.env, _OFFICER)
        trusted = officer and not in_group(self.env, _ASKS_PIN)
        own = self.sudo().user_id == self.env.user and entered_pin is None
        if trusted or own or (entered_pin is not None and entered_pin == self.sudo().pin):
            return self._attendance_action(next_action)
        if officer:
            return {"warning": self.env._("Wrong PIN")}
        return {
            "warning": self.env._(
                "To activate Kiosk mode without pin code, you must have access right as an Officer or above in the"
                " Attendance app. Please contact your administrator."
            )
        }

    @api.model(until=16)
    def attendance_scan(self, barcode: Any) -> dict[str, Any]:
        """Let the employee with this badge come or go; a warning if nobody has it."""
        employee = self.sudo().search([("barcode", "=", barcode)], 0, 1)
        if not employee:
            return {"warning": f"No employee corresponding to Badge ID '{barcode}.'"}
        return employee._attendance_action("hr_attendance.hr_attendance_action_kiosk_mode")

    def _attendance_action(self, next_action: Any) -> dict[str, Any]:
        """Let the employee come or go, and return what the time clock shows of it."""
        employee = self.sudo()
        last = employee.last_attendance_id
        shown = {
            "type": "ir.actions.client",
            "name": "Message",
            "tag": "hr_attendance_greeting_message",
            "previous_attendance_change_date": last.check_out or last.check_in or False,
            "employee_name": employee.name,
            "barcode": employee.barcode,
            "next_action": next_action,
            "hours_today": employee.hours_today,
        }
        (attendance,) = employee._attendance_action_change().read()
        return {"action": {**shown, "attendance": attendance}}

    def _attendance_action_change(self) -> Recordset:
        """Let the employee come, or go if they are there."""
        self.ensure_one()
        now = self.env.db.clock.now()
        if self.attendance_state != "checked_in":
            return self.env["hr.attendance"].create({"employee_id": self.id, "check_in": now})
        opened = [("employee_id", "=", self.id), ("check_out", "=", False)]
        attendance: Recordset = self.env["hr.attendance"].search(opened, 0, 1)
        if not attendance:
            raise UserError(
                f"Cannot perform check out on {self.name}, could not find corresponding check in. Your attendances"
                " have probably been modified manually by human resources."
            )
        attendance.write({"check_out": now})
        return attendance


def _hours_today(employee: Recordset) -> list[float]:
    """Return the hours of each attendance since midnight where the employee is; one that is open lasts until now."""
    now = moment(employee.env.db.clock.now())
    tz = zone(employee.tz)
    start = at_hour(local_day(text(now), tz), 0, tz)
    found = _attendances(employee, start, now)
    return [_hours(max(moment(one.check_in), start), moment(one.check_out or text(now))) for one in found]


def _hours_between(employee: Recordset, start: datetime, stop: datetime) -> float:
    """Return the hours of all ended attendances from one moment to another, without regard for breaks."""
    ended = _attendances(employee, start, stop).filtered("check_out")
    return sum(_hours(max(moment(one.check_in), start), min(moment(one.check_out), stop)) for one in ended)


def _attendances(employee: Recordset, start: datetime, stop: datetime) -> Recordset:
    domain = [
        ("employee_id", "=", employee.id),
        ("check_in", "<=", text(stop)),
        "|", ("check_out", ">=", text(start)), ("check_out", "=", False),
    ]  # fmt: skip
    found: Recordset = employee.env["hr.attendance"].sudo().search(domain, order="check_in")
    return found


def _hours(start: datetime, stop: datetime) -> float:
    return (stop - start).total_seconds() / 3600


def _set_hours_of_month(employee: Recordset, hours: float) -> None:
    employee.hours_last_month = round(hours, 2)
    employee.hours_last_month_display = f"{employee.hours_last_month:g}"
