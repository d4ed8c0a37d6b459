"""hr.employee and hr.department: who is off now, who approves time off, and what is left of the allocations.

Inferred: not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.hr_holidays import balances
from mockserver.addons.hr_holidays.permissions import OFFICER
from mockserver.addons.resource.working_time import local_day, zone
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import groups_field, in_group

if TYPE_CHECKING:
    from typing_extensions import Self

_RESPONSIBLE = "hr_holidays.group_hr_holidays_responsible"


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

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create employees; who approves their time off is in the group of approvers."""
        employees = super().create(vals_list)
        _let_approve(employees)
        return employees

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change employees; a new manager approves for who had the one before approve."""
        followers = self.browse()
        if "parent_id" in vals and "leave_manager_id" not in vals:
            followers = self.filtered(lambda one: one.sudo().leave_manager_id == one.parent_id.sudo().user_id)
        done = super().write(vals)
        for employee in followers.filtered(lambda one: one.parent_id.sudo().user_id):
            employee.sudo().write({"leave_manager_id": employee.parent_id.sudo().user_id.id})
        if "leave_manager_id" in vals:
            _let_approve(self)
        return done

    def _compute_leave_manager_id(self) -> None:
        """The manager's user, unless somebody else was chosen."""
        for employee in self:
            employee.leave_manager_id = employee.leave_manager_id or employee.parent_id.sudo().user_id

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
            left = sum(_days_left(one) for one in granted)
            employee.allocation_count = round(sum(granted.mapped("number_of_days")), 2)
            employee.allocations_count = len(granted)
            employee.allocation_display = f"{employee.allocation_count:g}"
            employee.allocation_remaining_display = f"{round(left, 2):g}"

    def _compute_show_leaves(self) -> None:
        officer = in_group(self.env, OFFICER)
        for employee in self:
            employee.show_leaves = officer or employee.user_id == self.env.user


_PUBLIC = (
    "allocation_count", "allocations_count", "allocation_display", "allocation_remaining_display", "is_absent",
    "current_leave_state", "leave_date_from", "leave_date_to", "leaves_count", "remaining_leaves",
    "show_leaves",
)  # fmt: skip


class EmployeePublic(models.Model):
    _inherit = "hr.employee.public"

    @api.computes(*_PUBLIC)
    def _compute_time_off(self) -> None:
        """What the employee has."""
        names = self._model.computed_by["_compute_time_off"]
        for public in self:
            employee = self.env["hr.employee"].sudo().browse(public.id)
            for name in names:
                public[name] = employee[name]


class Department(models.Model):
    _inherit = "hr.department"

    @api.computes("leave_to_approve_count", "allocation_to_approve_count", "absence_of_today")
    def _compute_leave_count(self) -> None:
        day = self.env.db.clock.today().isoformat()
        today = [("date_from", "<=", f"{day} 23:59:59"), ("date_to", ">=", f"{day} 00:00:00")]
        leaves, allocations = self.env["hr.leave"], self.env["hr.leave.allocation"]
        for department in self:
            own = [("department_id", "=", department.id)]
            waiting = [*own, ("state", "=", "confirm")]
            department.leave_to_approve_count = leaves.search_count(waiting)
            department.allocation_to_approve_count = allocations.search_count(waiting)
            off = [*own, ("state", "not in", ["cancel", "refuse"]), *today]
            department.absence_of_today = leaves.search_count(off)


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


def _days_left(allocation: Recordset) -> float:
    """Return the days that are left of an allocation when open requests are taken as well."""
    left = balances.amount(allocation) - balances.taken_from(allocation, requested=True)
    per_day = allocation.employee_id.sudo().resource_calendar_id.hours_per_day or 8.0
    return left / per_day if allocation.holiday_status_id.request_unit == "hour" else left


def _let_approve(employees: Recordset) -> None:
    """Put those who approve time off into the group for it."""
    group = employees.env.ref(_RESPONSIBLE, raise_if_not_found=False)
    if not group:
        return
    name = groups_field(employees.env)
    for user in employees.sudo().leave_manager_id:
        if group not in user[name]:
            user.sudo().write({name: [(4, group.id)]})
