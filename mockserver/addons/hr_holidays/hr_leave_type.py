"""hr.leave.type: types of time off, and what an employee has of them.

Source: recorded in flow-leave-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.hr_holidays import balances
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset


class LeaveType(models.Model):
    _inherit = "hr.leave.type"

    @api.versions(since=19)
    def _default_country_id(self) -> Recordset:
        return self.env.company.country_id  # type: ignore[no-any-return]

    @api.versions(since=19)
    def _compute_country_id(self) -> None:
        """The country of the company; a type of all companies keeps its own."""
        for kind in self:
            kind.country_id = kind.company_id.country_id or kind.country_id

    @api.versions(since=17)
    @api.computes("max_leaves", "leaves_taken", "virtual_remaining_leaves")
    def _compute_leaves(self) -> None:
        self._set_balances()

    @api.versions(until=16, name="_compute_leaves")
    @api.computes("max_leaves", "leaves_taken", "remaining_leaves", "virtual_leaves_taken", "virtual_remaining_leaves")
    def _compute_leaves_until_16(self) -> None:
        for kind, (allocated, taken, left) in self._set_balances().items():
            kind.remaining_leaves = allocated - taken if balances.requires_allocation(kind) else 0.0
            kind.virtual_leaves_taken = allocated - left if balances.requires_allocation(kind) else taken

    def _set_balances(self) -> dict[Recordset, tuple[float, float, float]]:
        """Set and return what the employee of the context, else the user's, has on the context's day, else today."""
        employee = self.env["hr.employee"].browse(self.env.context.get("employee_id") or self._own_employee())
        day = str(self.env.context.get("default_date_from") or self.env.db.clock.now())[:10]
        found: dict[Recordset, tuple[float, float, float]] = {}
        for kind in self:
            found[kind] = balances.balance(employee, kind, day) if employee else (0.0, 0.0, 0.0)
            kind.max_leaves, kind.leaves_taken, kind.virtual_remaining_leaves = found[kind]
        return found

    @api.depends("name")
    def _compute_display_name(self) -> None:
        """The name, with what is left for the employee that the context names.  Inferred: not recorded."""
        context = self.env.context
        asked = context.get("employee_id") and context.get("holiday_status_display_name", True)
        for kind in self:
            kind.display_name = kind.name
            if asked and balances.requires_allocation(kind) and not context.get("from_manager_leave_form"):
                left, all_of_it = (round(one, 2) for one in (kind.virtual_remaining_leaves, kind.max_leaves))
                unit = "hours" if kind.request_unit == "hour" else "days"
                kind.display_name = f"{kind.name} ({left:g} remaining out of {all_of_it:g} {unit})"

    def _own_employee(self) -> Any:
        if "employee_id" in self.env.user._model.fields:
            return self.env.user.employee_id.id
        return self.env["hr.employee"].search([("user_id", "=", self.env.uid)], 0, 1).id

    @api.versions(since=16)
    def _compute_allocation_count(self) -> None:
        """The open and approved allocations of this year."""
        year = self.env.db.clock.now()[:4]
        for kind in self:
            kind.allocation_count = self.env["hr.leave.allocation"].search_count(
                [
                    ("holiday_status_id", "=", kind.id),
                    ("state", "in", ["confirm", "validate1", "validate"]),
                    ("date_from", "<=", f"{year}-12-31"),
                    "|", ("date_to", "=", False), ("date_to", ">=", f"{year}-01-01"),
                ]
            )  # fmt: skip

    @api.versions(since=16)
    def _compute_has_valid_allocation(self) -> None:
        """Whether the employee of the context, else the user's, has something left; of types without limit always."""
        employee = self.env["hr.employee"].browse(self.env.context.get("employee_id") or self._own_employee())
        day = str(self.env.context.get("default_date_from") or self.env.db.clock.now())[:10]
        for kind in self:
            negative = kind.max_allowed_negative if "allows_negative" in kind and kind.allows_negative else 0
            total, _, left = balances.balance(employee, kind, day) if employee else (0.0, 0.0, 0.0)
            kind.has_valid_allocation = not balances.requires_allocation(kind) or (total > 0 and left > -negative)

    def _compute_group_days_leave(self) -> None:
        """The open and approved requests of this year."""
        year = self.env.db.clock.now()[:4]
        of_year = [("date_from", ">=", f"{year}-01-01 00:00:00"), ("date_from", "<=", f"{year}-12-31 23:59:59")]
        states = ("state", "in", ["validate", "validate1", "confirm"])
        for kind in self:
            found = self.env["hr.leave"].search_count([("holiday_status_id", "=", kind.id), states, *of_year])
            kind.group_days_leave = found

    @api.versions(since=16)
    def _compute_accrual_count(self) -> None:
        for kind in self:
            kind.accrual_count = self.env["hr.leave.accrual.plan"].search_count([("time_off_type_id", "=", kind.id)])

    @api.versions(since=19)
    def _compute_is_used(self) -> None:
        for kind in self:
            kind.is_used = _is_used(kind)

    @api.versions(since=19)
    def _compute_elligible_for_accrual_rate(self) -> None:
        for kind in self:
            kind.elligible_for_accrual_rate = kind.time_type == "other"

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change types; whether one requires an allocation stays as it is once time off of it was asked for."""
        if "requires_allocation" in vals and self.filtered(lambda one: _changes(one, vals) and _is_used(one)):
            raise UserError(
                self.env._(
                    "The allocation requirement of a time off type cannot be changed once leaves of that type have"
                    " been taken. You should create a new time off type instead."
                )
            )
        return super().write(vals)


def _changes(kind: Recordset, vals: Mapping[str, Any]) -> bool:
    return bool(kind.requires_allocation != vals["requires_allocation"])


def _is_used(kind: Recordset) -> bool:
    return bool(kind.env["hr.leave"].sudo().search([("holiday_status_id", "=", kind.id)], 0, 1))
