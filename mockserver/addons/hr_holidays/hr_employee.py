"""hr.employee: who is absent today, and what employees may still take.

Inferred: not recorded.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.hr_holidays import balances
from mockserver.addons.resource.working_time import local_day, zone
from mockserver.orm.records.environment import Recordset


class EmployeeBase(models.AbstractModel):
    _inherit = "hr.employee.base"

    @api.computes("remaining_leaves", "leaves_count")
    def _compute_remaining_leaves(self) -> None:
        """The days that were allocated, without those that were taken of them."""
        for employee in self:
            left = sum(_granted(employee).mapped("number_of_days")) - _days_taken(employee)
            employee.remaining_leaves = employee.leaves_count = round(left, 2)

    @api.versions(until=15)
    @api.computes("allocation_used_count", "allocation_used_display")
    def _compute_total_allocation_used(self) -> None:
        for employee in self:
            employee.allocation_used_count = _days_taken(employee)
            employee.allocation_used_display = f"{employee.allocation_used_count:g}"


class Employee(models.Model):
    _inherit = "hr.employee"

    @api.computes("current_leave_state", "current_leave_id", "leave_date_from", "leave_date_to", "is_absent")
    def _compute_leave_status(self) -> None:
        for employee in self:
            leave = _current(self.env, [("employee_id", "=", employee.id)])[:1]
            tz = zone(employee.tz)
            employee.current_leave_state = leave.state
            employee.current_leave_id = leave.holiday_status_id
            employee.leave_date_from = local_day(leave.date_from, tz).isoformat() if leave else False
            employee.leave_date_to = local_day(leave.date_to, tz).isoformat() if leave else False
            employee.is_absent = leave.state == "validate"

    def _search_is_absent(self, operator: str, value: Any) -> list[Any]:
        absent = _current(self.env, [("state", "=", "validate")]).employee_id.ids
        return [("id", "in" if (operator == "=") == bool(value) else "not in", absent)]

    @api.versions(until=15)
    @api.computes("allocation_count", "allocation_display")
    def _compute_allocation_count(self) -> None:
        for employee in self:
            employee.allocation_count = sum(_granted(employee).mapped("number_of_days"))
            employee.allocation_display = f"{employee.allocation_count:g}"

    @api.versions(since=16, name="_compute_allocation_count")
    @api.computes("allocation_count", "allocations_count", "allocation_display", "allocation_remaining_display")
    def _compute_allocations_of_today(self) -> None:
        """The days of the allocations that are valid today, and those that are left of them."""
        today = self.env.db.clock.now()[:10]
        for employee in self:
            granted = _granted(employee).filtered(lambda one: balances.valid(one, today, today))
            left = sum(one.number_of_days - balances.taken_from(one) for one in granted)
            employee.allocation_count = round(sum(granted.mapped("number_of_days")), 2)
            employee.allocations_count = len(granted)
            employee.allocation_display = f"{employee.allocation_count:g}"
            employee.allocation_remaining_display = f"{round(left, 2):g}"


def _current(env: Any, domain: list[Any]) -> Recordset:
    """Return the requests that contain this moment, unless they are refused."""
    now = env.db.clock.now()
    known = [("date_from", "<=", now), ("date_to", ">=", now), ("state", "not in", ["cancel", "refuse", "draft"])]
    found: Recordset = env["hr.leave"].sudo().search([*domain, *known])
    return found


def _granted(employee: Recordset) -> Recordset:
    """Return the approved allocations of types that require one."""
    domain = [("employee_id", "=", employee.id), ("state", "=", "validate"), ("holiday_status_id.active", "=", True)]
    found: Recordset = employee.env["hr.leave.allocation"].sudo().search(domain)
    return found.filtered(lambda one: balances.requires_allocation(one.holiday_status_id))


def _days_taken(employee: Recordset) -> float:
    """Return the days of approved requests of the types that the employee has allocations of."""
    kinds = _granted(employee).holiday_status_id
    return float(sum(sum(balances.requests(employee, kind, ("validate",)).mapped("number_of_days")) for kind in kinds))
