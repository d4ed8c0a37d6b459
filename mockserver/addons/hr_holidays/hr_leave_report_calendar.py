"""hr.leave.report.calendar: the absences that are asked for or approved, for calendars that all employees see.

Source: the fields, 14.0 to 19.0.  Inferred: which requests are shown, and the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset

_SHOWN = ("confirm", "validate", "validate1")


class LeaveReportCalendar(models.Model):
    _inherit = "hr.leave.report.calendar"

    def _query_rows(self) -> Iterator[dict[str, Any]]:
        for leave in self.env.sudo()["hr.leave"].search([("state", "in", _SHOWN)], order="id"):
            yield {
                "id": leave.id,
                "name": f"{leave.employee_id.name}: {leave.duration_display}",
                "start_datetime": leave.date_from,
                "stop_datetime": leave.date_to,
                "state": leave.state,
                "duration": leave.number_of_days,
                "tz": _time_zone(leave),
                "is_hatched": leave.state != "validate",
                "is_striked": False,
                "leave_id": leave.id,
                "holiday_status_id": leave.holiday_status_id.id,
                "description": leave.name or None,
                "employee_id": leave.employee_id.id,
                "user_id": leave.employee_id.user_id.id or None,
                "department_id": leave.department_id.id or None,
                "company_id": leave.employee_id.company_id.id,
                "job_id": leave.employee_id.job_id.id or None,
            }

    @api.versions(until=15)
    def _compute_duration(self) -> None:
        leaves = self.env.sudo()["hr.leave"]
        for absence in self:
            absence.duration = leaves.browse(absence.id).number_of_days

    @api.versions(since=18)
    def _compute_name(self) -> None:
        """The employee and how long; officers see the type too."""
        officer = self.env.user.has_group("hr_holidays.group_hr_holidays_user")
        for absence in self:
            leave = absence.sudo().leave_id
            kind = f" {leave.holiday_status_id.name}" if officer else ""
            absence.name = f"{absence.employee_id.name}{kind}: {leave.duration_display}"

    @api.versions(since=18)
    def _compute_is_manager(self) -> None:
        for absence in self:
            absence.is_manager = absence.leave_manager_id == self.env.user


def _time_zone(leave: Recordset) -> str:
    employee = leave.employee_id
    return employee.tz or employee.resource_calendar_id.tz or employee.company_id.resource_calendar_id.tz or "UTC"
