"""helpdesk.ticket: which policies count for tickets, when stages of policies are reached, and working hours until then.

Inferred: see `helpdesk_sla`; policies are chosen anew when a field that they look at changes, reached ones stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.resource.working_time import hours, moment, worked

if TYPE_CHECKING:
    from typing_extensions import Self

_LOOKED_AT = ("team_id", "priority", "ticket_type_id", "tag_ids", "partner_id")


class Ticket(models.Model):
    _inherit = "helpdesk.ticket"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create tickets, and apply the policies that count for them."""
        tickets = super().create(vals_list)
        tickets.sudo()._sla_apply()
        return tickets

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change tickets, apply other policies, note which stages of policies they reach."""
        done = super().write(vals)
        if any(name in vals for name in _LOOKED_AT):
            self.sudo()._sla_apply()
        if vals.get("stage_id"):
            self.sudo()._sla_reach()
        return done

    def _sla_apply(self) -> None:
        """Let the policies count that do so now; what is reached stays."""
        for ticket in self:
            policies, known = ticket.env["helpdesk.sla"], ticket.sla_status_ids
            if ticket.team_id.use_sla:
                policies = policies.search([("team_id", "=", ticket.team_id.id)])
            wanted = policies.browse(policy.id for policy in policies if policy._counts_for(ticket))
            new = wanted - known.sla_id
            kept = [one.id for one in known if one.reached_datetime or one.sla_id in wanted]
            (known - known.browse(kept)).unlink()
            if new:
                known.create([{"ticket_id": ticket.id, "sla_id": policy.id} for policy in new])

    def _sla_reach(self) -> None:
        """Note that the stages of policies are reached, or no longer after a step back."""
        now = self.env.db.clock.now()
        for ticket in self:
            place = ticket.stage_id.sequence
            for status in ticket.sla_status_ids:
                reached = (status.sla_stage_id.sequence or 0) <= place
                if reached != bool(status.reached_datetime):
                    status.write({"reached_datetime": now if reached else False})

    # -- computed fields

    def _compute_sla_ids(self) -> None:
        for ticket in self:
            ticket.sla_ids = ticket.sla_status_ids.sla_id

    def _compute_sla_deadline(self) -> None:
        """The first deadline of a stage that is not reached."""
        for ticket in self:
            coming = [one.deadline for one in ticket.sla_status_ids if one.deadline and not one.reached_datetime]
            ticket.sla_deadline = min(coming, default=False)

    def _compute_sla_fail(self) -> None:
        for ticket in self:
            ticket.sla_fail = any(status.status == "failed" for status in ticket.sla_status_ids)

    @api.versions(since=15)
    def _compute_sla_success(self) -> None:
        for ticket in self:
            kept = [status.status == "reached" for status in ticket.sla_status_ids]
            ticket.sla_success = bool(kept) and all(kept)

    @api.versions(since=16)
    def _compute_sla_reached(self) -> None:
        for ticket in self:
            ticket.sla_reached = any(status.status == "reached" for status in ticket.sla_status_ids)

    def _compute_sla_reached_late(self) -> None:
        for ticket in self:
            late = (one.reached_datetime and one.status == "failed" for one in ticket.sla_status_ids)
            ticket.sla_reached_late = any(late)

    def _search_sla_fail(self, operator: str, value: Any) -> list[Any]:
        return self._search_flag("sla_fail", operator, value)

    @api.versions(since=15)
    def _search_sla_success(self, operator: str, value: Any) -> list[Any]:
        return self._search_flag("sla_success", operator, value)

    def _search_flag(self, name: str, operator: str, value: Any) -> list[Any]:
        """Compare one by one, among the tickets with policies: what is late depends on the time."""
        wanted = value[0] if isinstance(value, (list, tuple)) and value else value
        found = self.search([("sla_status_ids", "!=", False)]).filtered(name)
        return [("id", "in" if (operator in ("=", "in")) is bool(wanted) else "not in", found.ids)]

    # -- working hours

    def _compute_assign_hours(self) -> None:
        for ticket in self:
            ticket.assign_hours = ticket._hours_until(ticket.assign_date)

    def _compute_close_hours(self) -> None:
        for ticket in self:
            ticket.close_hours = ticket._hours_until(ticket.close_date)

    def _hours_until(self, when: Any) -> float:
        """Return the working hours of the team between the creation of a ticket and a moment."""
        calendar = self.team_id.sudo().resource_calendar_id
        if not (when and self.create_date and calendar):
            return 0.0
        return hours(worked(calendar, self.env["resource.resource"], moment(self.create_date), moment(when)))

    def _compute_open_hours(self) -> None:
        """The hours, by day and night, that a ticket was open."""
        for ticket in self:
            if ticket.create_date:
                spent = moment(ticket.close_date or self.env.db.clock.now()) - moment(ticket.create_date)
                ticket.open_hours = int(spent.total_seconds() // 3600)
            else:
                ticket.open_hours = 0
