"""hr.leave: approving in one step or two, refusing, starting again; what approved time off takes of working time.

Source: recorded in flow-leave-1, flow-random-days-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.hr_holidays import periods, permissions
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Recordset

_UNDECIDED = ("confirm", "validate1")


class Leave(models.Model):
    _inherit = "hr.leave"

    def action_approve(self, check_state: bool = True) -> bool:
        """Approve requests: in types of two steps the first, and since 19.0 the next."""
        if self.env.db.profile.rules.leave_states_by_map:
            return self._approve_next()
        if check_state and any(leave.state != "confirm" for leave in self):
            raise UserError(self.env._('Time off request must be confirmed ("To Approve") in order to approve it.'))
        first = self.filtered(lambda leave: leave.validation_type == "both")
        first.write({"state": "validate1", "first_approver_id": self.env.user.employee_id.id})
        (self - first)._approve_for_good()
        return True

    def _approve_next(self) -> bool:
        """Give each request the approval that the user may give: the last one, else the first."""
        last = self.filtered(lambda leave: permissions.may(leave, "validate"))
        first = self - last
        if any(not permissions.may(leave, "validate1") for leave in first):
            raise UserError(self.env._("You cannot approve this leave."))
        first.write({"state": "validate1", "first_approver_id": self.env.user.employee_id.id})
        return last._approve_for_good()

    @api.versions(until=18)
    def action_validate(self, check_state: bool = True) -> bool:
        """Approve requests for good."""
        return self._approve_for_good()

    def _approve_for_good(self) -> bool:
        """Approve requests: their working time is gone from the calendar."""
        free = self.filtered(lambda leave: leave.employee_id and not leave.number_of_days)
        if free:
            names = ",".join(leave.employee_id.name for leave in free)
            raise ValidationError(f"The following employees are not supposed to work during that period:\n {names}")
        decided = self.filtered(
            lambda leave: leave.state not in _UNDECIDED and leave.validation_type != "no_validation"
        )
        if decided and not self.env.db.profile.rules.leave_states_by_map:
            raise UserError(self.env._("Time off request must be confirmed in order to approve it."))
        self.write({"state": "validate"})
        second = self.filtered(lambda leave: leave.validation_type == "both")
        second.write({"second_approver_id": self.env.user.employee_id.id})
        (self - second).write({"first_approver_id": self.env.user.employee_id.id})
        for leave in self:
            _take_working_time(leave)
            if leave.holiday_status_id.create_calendar_meeting:
                leave.write({"meeting_id": _meet(leave).id})
        return True

    def action_refuse(self) -> bool:
        """Refuse requests, also approved ones."""
        if any(leave.state not in ("confirm", "validate", "validate1") for leave in self):
            raise UserError(self.env._("Time off request must be confirmed or validated in order to refuse it."))
        approver = self.env.user.employee_id.id
        half = self.filtered(lambda leave: leave.state == "validate1")
        half.write({"state": "refuse", "first_approver_id": approver})
        (self - half).write({"state": "refuse", "second_approver_id": approver})
        self.sudo().meeting_id.write({"active": False})
        return True

    @api.versions(until=17)
    def action_draft(self) -> bool:
        """Start again with requests that are refused or not yet decided."""
        if any(leave.state not in ("confirm", "refuse") for leave in self):
            raise UserError(
                self.env._('Time off request state must be "Refused" or "To Approve" in order to be reset to draft.')
            )
        self.write({"state": "draft", "first_approver_id": False, "second_approver_id": False})
        return True

    @api.versions(until=17)
    def action_confirm(self) -> bool:
        """Submit drafts."""
        if any(leave.state != "draft" and leave.validation_type != "no_validation" for leave in self):
            raise UserError(self.env._('Time off request must be in Draft state ("To Submit") in order to confirm it.'))
        self.write({"state": "confirm"})
        self.filtered(lambda leave: leave.validation_type == "no_validation")._approve_for_good()
        return True

    @api.versions(since=18, until=18, name="action_confirm")
    def action_confirm_no_more(self) -> bool:
        """Fail as the server does, where an add-on extends a method that is gone.  Source: flow-leave-1 (18.0)."""
        raise AttributeError("'super' object has no attribute 'action_confirm'")

    @api.versions(since=18)
    def action_reset_confirm(self) -> bool:
        """Start again with requests that are refused or cancelled.  Inferred: in 19.0 as in 18.0."""
        if any(leave.state not in ("cancel", "refuse") for leave in self):
            text = 'Time off request state must be "Refused" or "Cancelled" in order to be reset to "Confirmed".'
            raise UserError(self.env._(text))
        self.write({"state": "confirm", "first_approver_id": False, "second_approver_id": False})
        return True

    @api.versions(since=19)
    def action_back_to_approval(self) -> bool:
        """Let approved requests be decided again."""
        approved = self.filtered("can_back_to_approve")
        approved.write({"state": "confirm"})
        approved.sudo().meeting_id.write({"active": False})
        return True

    def _remove_resource_leave(self) -> None:
        self.env["resource.calendar.leaves"].sudo().search([("holiday_id", "in", self.ids)]).unlink()


class CalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model
    def create(self, vals_list: Any) -> Any:
        """Create absences; public holidays change the days of requests that contain them."""
        absences = super().create(vals_list)
        _count_again(absences)
        return absences

    def write(self, vals: Any) -> bool:
        """Change absences; see `create`."""
        done = super().write(vals)
        _count_again(self)
        return done

    def unlink(self) -> bool:
        """Delete absences; see `create`."""
        affected = _affected(self)
        done = super().unlink()
        _count(affected)
        return done


def _take_working_time(leave: Recordset) -> None:
    calendar = leave.employee_id.resource_calendar_id
    leave.env["resource.calendar.leaves"].sudo().create(
        {
            "name": f"{leave.employee_id.name}: Time Off",
            "date_from": leave.date_from,
            "date_to": leave.date_to,
            "holiday_id": leave.id,
            "resource_id": leave.employee_id.sudo().resource_id.id,
            "calendar_id": calendar.id,
            "time_type": leave.holiday_status_id.time_type,
        }
    )


def _meet(leave: Recordset) -> Recordset:
    """Create the event that shows approved time off in the calendar of the employee's user."""
    env = leave.env if not leave.user_id else leave.with_user(leave.user_id).env
    hourly = leave.leave_type_request_unit == "hour"
    hours = leave.number_of_hours if "number_of_hours" in leave._model.fields else leave.number_of_hours_display
    length = f"{hours:.2f} hour(s)" if hourly else f"{leave.number_of_days:.2f} day(s)"
    if env.db.profile.rules.hours_as_clock:
        length = leave.duration_display
    per_day = periods.calendar_of(leave).hours_per_day or 8.0
    return env["calendar.event"].sudo().create(
        {
            "name": f"{leave.employee_id.name} on Time Off : {length}",
            "duration": leave.number_of_days * per_day,
            "description": leave.notes,
            "user_id": leave.user_id.id or env.uid,
            "start": leave.date_from,
            "stop": leave.date_to,
            "allday": not (leave.request_unit_half or leave.request_unit_hours),
            "privacy": "confidential",
            "res_id": leave.id,
            "res_model_id": env["ir.model"].sudo().search([("model", "=", "hr.leave")], 0, 1).id,
        }
    )  # fmt: skip


def _affected(absences: Recordset) -> Recordset:
    """Return the requests that contain a part of public holidays."""
    found = absences.env["hr.leave"].sudo().browse()
    for absence in absences.filtered(lambda absence: not absence.resource_id):
        found |= found.search(
            [
                ("state", "not in", ["refuse", "draft", "cancel"]),
                ("date_to", ">", absence.date_from),
                ("date_from", "<", absence.date_to),
            ]
        )
    return found


def _count_again(absences: Recordset) -> None:
    _count(_affected(absences))


def _count(leaves: Recordset) -> None:
    for leave in leaves:
        days, hours = periods.duration(leave)
        known = {"number_of_days": days, "number_of_hours": hours}
        leave.write({name: value for name, value in known.items() if name in leave._model.fields})
