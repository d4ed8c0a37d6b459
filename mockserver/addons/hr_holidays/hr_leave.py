"""hr.leave: requests for time off: their days and hours, names and limits.

Source: recorded in flow-leave-1, flow-random-days-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.hr_holidays import balances, periods, permissions
from mockserver.addons.hr_holidays.permissions import MANAGER, OFFICER
from mockserver.addons.mail.rendering.formats import format_date
from mockserver.addons.resource import working_time
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

if TYPE_CHECKING:
    from typing_extensions import Self

_COUNTED_ANEW = frozenset(
    {"request_date_from", "request_date_to", "date_from", "date_to", "holiday_status_id", "employee_id"}
)


class Leave(models.Model):
    _inherit = "hr.leave"

    def _default_employee_id(self) -> Recordset:
        return self.env.user.employee_id  # type: ignore[no-any-return]

    # -- what is computed

    @api.versions(since=17)
    def _compute_resource_calendar_id(self) -> None:
        for leave in self:
            leave.resource_calendar_id = (
                leave.employee_id.resource_calendar_id or leave.env.company.resource_calendar_id
            )

    @api.computes("date_from", "date_to")
    def _compute_date_from_to(self) -> None:
        for leave in self:
            found = periods.bounds(leave)
            leave.date_from, leave.date_to = (working_time.text(one) for one in found) if found else (False, False)

    @api.versions(since=17)
    @api.computes("number_of_days", "number_of_hours")
    def _compute_duration(self) -> None:
        for leave in self:
            leave.number_of_days, leave.number_of_hours = periods.duration(leave)

    @api.versions(until=16)
    def _compute_number_of_days(self) -> None:
        for leave in self:
            leave.number_of_days = periods.duration(leave)[0]

    @api.versions(until=17)
    def _compute_number_of_days_display(self) -> None:
        for leave in self:
            leave.number_of_days_display = leave.number_of_days

    @api.versions(until=17)
    def _compute_number_of_hours_display(self) -> None:
        for leave in self:
            leave.number_of_hours_display = periods.duration(leave)[1]

    @api.depends("number_of_days", "holiday_status_id.request_unit")
    def _compute_duration_display(self) -> None:
        for leave in self:
            leave.duration_display = _length(leave)

    @api.versions(since=17)
    def _compute_company_id(self) -> None:
        for leave in self:
            leave.company_id = leave.employee_id.company_id or leave.env.company

    def _compute_department_id(self) -> None:
        for leave in self:
            leave.department_id = leave.employee_id.department_id

    @api.versions(since=16, until=17)
    def _compute_employee_id(self) -> None:
        """The only one of several employees, else what was written."""
        for leave in self:
            leave.employee_id = leave.employee_ids if len(leave.employee_ids) == 1 else leave.employee_id

    @api.versions(until=15, name="_compute_employee_id")
    @api.depends("holiday_type")
    def _compute_employee_id_15(self) -> None:
        for leave in self:
            leave.employee_id = leave.employee_id

    def _compute_holiday_status_id(self) -> None:
        """What was written.  Leaves out: forms that give up a type of which the employee has no allocation."""
        for leave in self:
            leave.holiday_status_id = leave.holiday_status_id

    @api.versions(until=18)
    def _compute_manager_id(self) -> None:
        for leave in self:
            leave.manager_id = leave.employee_id.parent_id

    @api.versions(until=17)
    def _compute_state(self) -> None:
        for leave in self:
            leave.state = leave.state or "confirm"

    @api.versions(since=18)
    def _default_state(self) -> str:
        return "confirm"

    def _compute_request_unit_half(self) -> None:
        """Of half a day and hours, only one; types by the day may ask for either until the type says which."""
        follows = self.env.db.profile.rules.unit_follows_type
        for leave in self:
            chosen = bool(leave.request_unit_half) and not leave.request_unit_hours
            leave.request_unit_half = leave.leave_type_request_unit == "half_day" if follows else chosen

    def _compute_request_unit_hours(self) -> None:
        follows = self.env.db.profile.rules.unit_follows_type
        for leave in self:
            chosen = bool(leave.request_unit_hours) and not leave.request_unit_half
            leave.request_unit_hours = leave.leave_type_request_unit == "hour" if follows else chosen

    def _compute_name(self) -> None:
        """The description, for officers, the employee and who approves; others see stars."""
        for leave in self:
            own = leave.sudo()
            mine = self.env.user in (own.user_id, own.employee_id.leave_manager_id)
            leave.name = own.private_name if mine or in_group(self.env, OFFICER) else "*****"

    def _inverse_name(self) -> None:
        for leave in self:
            leave.sudo().private_name = leave.name

    def _search_name(self, operator: str, value: Any) -> list[Any]:
        return [("private_name", operator, value)]

    def _compute_tz(self) -> None:
        for leave in self:
            leave.tz = periods.calendar_of(leave).tz or self.env.company.resource_calendar_id.tz or self.env.user.tz

    @api.depends("employee_id", "holiday_status_id", "number_of_days", "date_from", "date_to")
    def _compute_display_name(self) -> None:
        plain = self.env.db.profile.rules.hours_as_clock
        for leave in self:
            hourly = leave.leave_type_request_unit == "hour"
            precise = f"{_hours(leave):.2f} hours" if hourly else f"{leave.number_of_days:.2f} days"
            length = _length(leave) if plain else precise
            kind = leave.holiday_status_id.name
            if self.env.context.get("short_name"):
                leave.display_name = f"{leave.name or kind or 'Time Off'}: {length}"
                continue
            first, last = _days(leave)
            in_days = leave.number_of_days > 1 and (plain or not hourly)
            when = f"{first} {'to' if plain else '-'} {last}" if in_days else first
            when = f"({when})" if plain or not hourly else f"on {when}"
            leave.display_name = f"{leave.employee_id.name} on {kind}: {length} {when}"

    # -- limits

    @api.constrains("date_from", "date_to", "request_date_from", "request_date_to", "employee_id")
    def _check_date(self) -> None:
        """Time off of an employee does not overlap."""
        if self.env.context.get("leave_skip_date_check"):
            return
        for leave in self.filtered(lambda leave: leave.date_from and leave.date_to):
            others = self.search(
                [
                    ("date_from", "<", leave.date_to),
                    ("date_to", ">", leave.date_from),
                    ("employee_id", "=", leave.employee_id.id),
                    ("id", "!=", leave.id),
                    ("state", "not in", ["cancel", "refuse"]),
                ]
            )
            if others:
                raise ValidationError(_overlap_text(leave, others))

    def _check_validity(self) -> None:
        """Types that require an allocation give no more than was allocated."""
        for leave in self.filtered(lambda leave: balances.requires_allocation(leave.holiday_status_id)):
            if self.env.db.profile.rules.allocations_approved and not balances.allocated(leave):
                raise ValidationError(
                    self.env._(
                        "You do not have any allocation for this time off type.\n"
                        "Please request an allocation before submitting your time off request."
                    )
                )
            if not balances.covers(leave):
                raise ValidationError(self.env._("There is no valid allocation to cover that request."))

    # -- changes

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create requests; types without validation approve them at once."""
        single = isinstance(vals_list, Mapping)
        given = [_with_state(self, vals) for vals in ([vals_list] if single else vals_list)]
        leaves = super().create(given[0] if single else given)
        leaves._check_validity()
        for leave in leaves.sudo().filtered(lambda leave: leave.validation_type == "no_validation"):
            leave._approve_for_good()
        return leaves

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change requests, into states that the user may bring them into; working time is back where it is no more."""
        for leave in self if vals.get("state") else ():
            permissions.check(leave, str(vals["state"]))
        if vals.get("state") and vals["state"] != "validate":
            self.filtered(lambda leave: leave.state == "validate")._remove_resource_leave()
        done = super().write(vals)
        if _COUNTED_ANEW & vals.keys():
            self._check_validity()
        return done

    def unlink(self) -> bool:
        """Delete requests that nobody has decided yet, and what approved ones took of working time."""
        manager = self.env.db.profile.rules.leave_unlinked_by_manager and in_group(self.env, MANAGER)
        for leave in self.browse() if manager else self:
            if leave.state not in ("draft", "cancel", "confirm"):
                label = dict(leave._model.fields["state"].selection)[leave.state]
                raise UserError(f"You cannot delete a time off which is in {label} state")
            if not in_group(self.env, OFFICER) and leave.date_from < self.env.db.clock.now():
                raise UserError(self.env._("You cannot delete a time off which is in the past"))
        self._remove_resource_leave()
        self.sudo().meeting_id.write({"active": False})
        return super().unlink()

    def copy(self, default: Any = None) -> Any:
        """Refuse, unless the copy has other days, or nothing came of the request."""
        moved = {"request_date_from", "request_date_to"} <= set(default or ())
        if moved or all(leave.state in ("cancel", "refuse") for leave in self):
            return super().copy(default)
        raise UserError(self.env._("A time off cannot be duplicated."))


def _with_state(leaves: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new request with its state; without a type it is an error, as on the server."""
    kind = vals.get("holiday_status_id") or leaves.env.context.get("default_holiday_status_id")
    if not kind:
        raise KeyError(None)
    return {"state": "confirm", **vals}


def _hours(leave: Recordset) -> float:
    return float(leave.number_of_hours if "number_of_hours" in leave._model.fields else leave.number_of_hours_display)


def _length(leave: Recordset) -> str:
    """Return how long time off is, in days or in hours."""
    if leave.leave_type_request_unit != "hour":
        return f"{round(leave.number_of_days, 2):g} days"
    if not leave.env.db.profile.rules.hours_as_clock:
        return f"{round(_hours(leave), 2):g} hours"
    minutes = round(_hours(leave) * 60)
    return f"{minutes // 60}:{minutes % 60:02d} hours"


def _days(leave: Recordset) -> tuple[str, str]:
    """Return the first and the last day as people write them."""
    tz = working_time.zone(leave.tz)
    dates = (leave.date_from, leave.date_to)
    first, last = (format_date(leave.env, working_time.local_day(when, tz)) if when else "" for when in dates)
    return first, last


def _overlap_text(leave: Recordset, others: Recordset) -> str:
    labels, rules = dict(leave._model.fields["state"].selection), leave.env.db.profile.rules
    own = all(one.employee_id.user_id == leave.env.user for one in others)
    form = rules.overlap_line_own if own else rules.overlap_line
    lines = []
    for one in others:
        first, last = (format_date(leave.env, when) for when in (one.date_from, one.date_to))
        period = f"from {first} to {last} - {labels[one.state]}"
        lines.append(form.format(name=one.employee_id.name, period=period))
    head = "You've already booked" if own else "An employee already booked"
    return "\n".join(dict.fromkeys([f"{head} time off which overlaps with this period:", *lines]))
