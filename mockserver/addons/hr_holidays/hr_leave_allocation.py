"""hr.leave.allocation: what employees may take of a type; approving and refusing.

Source: recorded in flow-leave-1 (17.0).  Leaves out: what accrual plans add, and allocations to many employees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.hr_holidays import balances
from mockserver.addons.hr_holidays.permissions import OFFICER
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

if TYPE_CHECKING:
    from typing_extensions import Self

# draft allocations, which exist until 16.0, are approved without being submitted first
_OPEN = ("draft", "confirm", "validate1")
_APPROVERS = ("first_approver_id", "second_approver_id")


class Allocation(models.Model):
    _inherit = "hr.leave.allocation"

    def _default_employee_id(self) -> Recordset:
        return self.env.user.employee_id  # type: ignore[no-any-return]

    # -- what is computed

    def _compute_number_of_days_display(self) -> None:
        for allocation in self:
            allocation.number_of_days_display = allocation.number_of_days

    def _compute_number_of_hours_display(self) -> None:
        """The days in hours of the employee's calendar."""
        for allocation in self:
            calendar = allocation.employee_id.sudo().resource_calendar_id
            allocation.number_of_hours_display = allocation.number_of_days * (calendar.hours_per_day or 8.0)

    @api.versions(since=17)
    def _compute_type_request_unit(self) -> None:
        for allocation in self:
            allocation.type_request_unit = allocation.holiday_status_id.request_unit

    @api.depends("number_of_days", "holiday_status_id.request_unit")
    def _compute_duration_display(self) -> None:
        for allocation in self:
            amount, unit = _length(allocation)
            allocation.duration_display = f"{round(amount, 2):g} {unit}"

    def _compute_department_id(self) -> None:
        for allocation in self:
            allocation.department_id = allocation.employee_id.department_id

    def _compute_manager_id(self) -> None:
        for allocation in self:
            allocation.manager_id = allocation.employee_id.parent_id

    @api.versions(until=17)
    def _compute_name(self) -> None:
        """The description, for officers, the employee and who approves; others see stars."""
        for allocation in self:
            own = allocation.sudo()
            mine = self.env.user in (own.employee_id.user_id, own.employee_id.leave_manager_id)
            allocation.name = own.private_name if mine or in_group(self.env, OFFICER) else "*****"

    @api.versions(until=17)
    def _inverse_name(self) -> None:
        for allocation in self:
            allocation.sudo().private_name = allocation.name

    @api.versions(until=17)
    def _search_name(self, operator: str, value: Any) -> list[Any]:
        return [("private_name", operator, value)]

    @api.depends("employee_id", "holiday_status_id", "number_of_days")
    def _compute_display_name(self) -> None:
        for allocation in self:
            amount, unit = _length(allocation)
            kind, target = allocation.holiday_status_id.sudo().name, allocation.employee_id.name
            allocation.display_name = f"Allocation of {kind}: {amount:.2f} {unit} to {target}"

    @api.computes("max_leaves", "leaves_taken")
    def _compute_leaves(self) -> None:
        for allocation in self:
            allocation.max_leaves = balances.amount(allocation)
            allocation.leaves_taken = balances.taken_from(allocation)

    def _compute_can_approve(self) -> None:
        """For officers, and for who approves the employee's time off.  Inferred: not recorded."""
        officer = in_group(self.env, OFFICER)
        for allocation in self:
            mine = allocation.employee_id.sudo().leave_manager_id == self.env.user
            own = allocation.validation_type in ("manager", "both")
            open_one = allocation.state in ("confirm", "validate1")
            allocation.can_approve = open_one and (officer or (mine and own))

    @api.versions(since=19)
    def _compute_can_validate(self) -> None:
        for allocation in self:
            allocation.can_validate = allocation.can_approve

    @api.versions(since=19)
    def _compute_can_refuse(self) -> None:
        for allocation in self:
            allocation.can_refuse = allocation.state != "refuse" and in_group(self.env, OFFICER)

    def _compute_is_officer(self) -> None:
        officer = in_group(self.env, OFFICER)
        for allocation in self:
            allocation.is_officer = officer

    @api.versions(since=19)
    def _compute_virtual_remaining_leaves(self) -> None:
        for allocation in self:
            left = balances.amount(allocation) - balances.taken_from(allocation, requested=True)
            allocation.virtual_remaining_leaves = left

    # -- limits

    @api.constrains("date_from", "date_to")
    def _check_date_from_date_to(self) -> None:
        if any(one.date_from and one.date_to and str(one.date_from) > str(one.date_to) for one in self):
            raise UserError(self.env._("The Start Date of the Validity Period must be anterior to the End Date."))

    # -- changes

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create allocations; types that need no validation approve them at once."""
        given = [vals_list] if isinstance(vals_list, Mapping) else vals_list
        if any(vals.get("state") not in (None, False, "draft", "confirm") for vals in given):
            raise UserError(self.env._("Incorrect state for new allocation"))
        created = super().create(vals_list)
        created.filtered(lambda one: one.validation_type in ("no", "no_validation"))._approve()
        return created

    def unlink(self) -> bool:
        """Delete allocations that are not approved."""
        for allocation in self:
            if allocation.state not in ("draft", "cancel", "confirm", "refuse"):
                label = dict(allocation._model.fields["state"].selection)[allocation.state]
                raise UserError(f"You cannot delete an allocation request which is in {label} state.")
        return super().unlink()

    @api.versions(until=16)
    def action_confirm(self) -> bool:
        """Submit drafts.  Inferred: not recorded."""
        if any(one.state != "draft" for one in self):
            raise UserError(
                self.env._('Allocation request must be in Draft state ("To Submit") in order to confirm it.')
            )
        self.write({"state": "confirm"})
        self.filtered(lambda one: one.validation_type == "no")._approve()
        return True

    @api.versions(until=16)
    def action_draft(self) -> bool:
        """Start again with allocations that are refused or not yet decided.  Inferred: not recorded."""
        if any(one.state not in ("confirm", "refuse") for one in self):
            text = 'Allocation request state must be "Refused" or "To Approve" in order to be reset to Draft.'
            raise UserError(self.env._(text))
        known = [name for name in ("approver_id", *_APPROVERS) if name in self._model.fields]
        self.write({"state": "draft", **dict.fromkeys(known, False)})
        return True

    @api.versions(until=15, name="action_approve")
    def action_approve_15(self) -> bool:
        """Approve allocations: in types of two steps, the first.  Inferred: not recorded."""
        if any(one.state != "confirm" for one in self):
            raise UserError(self.env._('Allocation request must be confirmed ("To Approve") in order to approve it.'))
        return self._approve()

    @api.versions(until=18)
    def action_validate(self) -> bool:
        """Approve allocations: in types of two steps, the next."""
        return self._approve()

    @api.versions(since=18)
    def action_approve(self) -> bool:
        """Approve allocations: in types of two steps, the next."""
        return self._approve()

    def _approve(self) -> bool:
        refusal = self.env.db.profile.rules.allocation_not_waiting
        settled = self.filtered(lambda one: one.state not in _OPEN and one.validation_type != "no_validation")
        if settled and refusal:
            raise UserError(self.env._(refusal))
        own = self.env.user.employee_id.id
        second = self.filtered(lambda one: one.state == "validate1")
        first = self.filtered(lambda one: one.state == "confirm" and one.validation_type == "both")
        approver = "approver_id" if "approver_id" in self._model.fields else _APPROVERS[0]
        second.write({"state": "validate", _APPROVERS[1]: own})
        first.write({"state": "validate1", approver: own})
        (self - settled - first - second).write({"state": "validate", approver: own})
        return True

    @api.versions(since=18, until=18)
    def action_set_to_confirm(self) -> bool:
        """Start again with refused allocations."""
        if any(one.state != "refuse" for one in self):
            raise UserError(self.env._('Allocation state must be "Refused" in order to be reset to "To Approve".'))
        self.write({"state": "confirm", "approver_id": False, "second_approver_id": False})
        return True

    def action_refuse(self) -> bool:
        """Refuse allocations of which nothing is taken."""
        if any(one.state not in ("confirm", "validate", "validate1") for one in self):
            raise UserError(
                self.env._("Allocation request must be confirmed, second approval or validated in order to refuse it.")
            )
        asked = not self.env.db.profile.rules.allocation_refused_though_asked
        if any(balances.taken_from(one, requested=asked) > 0 for one in self):
            raise UserError(
                self.env._(
                    "You cannot refuse this allocation request since the employee has already taken leaves for it."
                    " Please refuse or delete those leaves first."
                )
            )
        approver = "approver_id" if "approver_id" in self._model.fields else "first_approver_id"
        self.write({"state": "refuse", approver: self.env.user.employee_id.id})
        return True


def _length(allocation: Recordset) -> tuple[float, str]:
    hourly = allocation.holiday_status_id.request_unit == "hour"
    return (allocation.number_of_hours_display, "hours") if hourly else (allocation.number_of_days, "days")
