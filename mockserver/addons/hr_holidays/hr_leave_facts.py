"""hr.leave: what the user may do with a request, and how the calendar shows it.

Source: fields and what they depend on (17.0, 18.0, 19.0); inferred, since no recording reads them.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.hr_holidays import balances, periods, permissions
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group


class Leave(models.Model):
    _inherit = "hr.leave"

    @api.versions(until=18)
    def _compute_can_approve(self) -> None:
        for leave in self:
            first = leave.state == "confirm" and leave.validation_type == "both"
            leave.can_approve = permissions.may(leave, "validate1" if first else "validate")

    @api.versions(since=19, name="_compute_can_approve")
    def _compute_can_approve_first(self) -> None:
        for leave in self:
            leave.can_approve = permissions.may(leave, "validate1")

    @api.versions(since=19)
    def _compute_can_validate(self) -> None:
        for leave in self:
            leave.can_validate = permissions.may(leave, "validate")

    @api.versions(since=19)
    def _compute_can_refuse(self) -> None:
        for leave in self:
            leave.can_refuse = permissions.may(leave, "refuse")

    @api.versions(since=19)
    def _compute_can_back_to_approve(self) -> None:
        for leave in self:
            leave.can_back_to_approve = leave.state == "validate" and permissions.may(leave, "confirm")

    @api.versions(until=18)
    def _compute_can_reset(self) -> None:
        for leave in self:
            leave.can_reset = permissions.may(leave, "draft")

    @api.versions(until=18)
    def _compute_can_cancel(self) -> None:
        """Of one's own approved time off that has not begun."""
        today = self.env.db.clock.today().isoformat()
        for leave in self:
            own = leave.employee_id.user_id == self.env.user
            approved = leave.state in ("validate", "validate1")
            leave.can_cancel = own and approved and str(leave.date_from or "")[:10] >= today

    @api.versions(since=19, name="_compute_can_cancel")
    def _compute_can_cancel_by_map(self) -> None:
        for leave in self:
            leave.can_cancel = permissions.may(leave, "cancel")

    def _compute_is_striked(self) -> None:
        for leave in self:
            leave.is_striked = leave.state == "refuse"

    def _compute_is_hatched(self) -> None:
        for leave in self:
            leave.is_hatched = leave.state not in ("refuse", "validate", "cancel")

    def _compute_last_several_days(self) -> None:
        for leave in self:
            leave.last_several_days = leave.number_of_days > 1

    def _compute_tz_mismatch(self) -> None:
        for leave in self:
            leave.tz_mismatch = leave.tz != self.env.user.tz

    @api.versions(until=17)
    def _compute_number_of_hours_text(self) -> None:
        """The hours in brackets, as forms show them beside the days."""
        for leave in self:
            text = f"{round(leave.number_of_hours_display, 2):g} Hours"
            leave.number_of_hours_text = text if leave.request_unit_half or leave.request_unit_hours else f"({text})"

    def _compute_has_mandatory_day(self) -> None:
        for leave in self:
            leave.has_mandatory_day = bool(leave._mandatory_days())

    def _mandatory_days(self) -> Recordset:
        """Return the days on which the employee has to work, of those that the request contains."""
        if "hr.leave.mandatory.day" not in self.env or not self.date_from or not self.date_to:
            return self.browse()
        days = self.env["hr.leave.mandatory.day"]
        employee, calendar = self.employee_id.sudo(), periods.calendar_of(self)
        domain: list[Any] = [
            ("start_date", "<=", str(self.date_to)[:10]),
            ("end_date", ">=", str(self.date_from)[:10]),
            ("resource_calendar_id", "in", [False, *calendar.ids]),
            ("company_id", "in", [False, *employee.company_id.ids]),
        ]
        return days.sudo().search(domain).filtered(lambda one: _is_for(one, employee))

    def _check_validity(self) -> None:
        """Types that require an allocation give no more; on mandatory days nobody is off but by an officer."""
        super()._check_validity()  # type: ignore[misc]
        if any(leave._mandatory_days() for leave in self) and not in_group(self.env, permissions.OFFICER):
            raise ValidationError(self.env._(self.env.db.profile.rules.mandatory_day))

    @api.versions(since=19)
    @api.computes("max_leaves", "virtual_remaining_leaves")
    def _compute_leaves(self) -> None:
        for leave in self:
            day = str(leave.request_date_from or self.env.db.clock.now())[:10]
            found = balances.balance(leave.employee_id, leave.holiday_status_id, day) if leave.employee_id else None
            leave.max_leaves, _, leave.virtual_remaining_leaves = found or (0.0, 0.0, 0.0)


def _is_for(day: Recordset, employee: Recordset) -> bool:
    """Return whether a mandatory day is one of an employee's department and job."""
    above, department = day.department_ids, employee.department_id
    while department and department not in above:
        department = department.parent_id
    jobs = day.job_ids if "job_ids" in day._model.fields else None
    return bool((not above or department) and (not jobs or employee.job_id in jobs))
