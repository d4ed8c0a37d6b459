"""helpdesk.sla: policies for when tickets are to reach a stage; helpdesk.sla.status: how tickets keep them.

Inferred: a policy counts for tickets of its team and priority that are not behind its stage, with one of its types,
tags and customers if it names any.  The deadline counts the working hours of the team from the ticket's creation.
Leaves out: time that is not counted because of excluded stages; a ticket in one has no deadline.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.helpdesk import deadlines
from mockserver.addons.resource.working_time import hours, moment, text, worked
from mockserver.orm.records.environment import Recordset

_COLORS = {"failed": 1, "reached": 10, "ongoing": 0}


class Policy(models.Model):
    _inherit = "helpdesk.sla"

    def _default_team_id(self) -> Recordset:
        return self.env["helpdesk.ticket"]._default_team_id()  # type: ignore[no-any-return]

    @api.versions(since=15)
    def _compute_ticket_count(self) -> None:
        for policy in self:
            policy.ticket_count = self.env["helpdesk.ticket"].search_count([("sla_status_ids.sla_id", "=", policy.id)])

    def _counts_for(self, ticket: Recordset) -> bool:
        """Return whether a policy of the ticket's team counts for it."""
        from_on = self.env.db.profile.rules.policies_from_a_priority
        urgent = self.priority <= ticket.priority if from_on else self.priority == ticket.priority
        if not urgent or (self.stage_id and self.stage_id.sequence < ticket.stage_id.sequence):
            return False
        kinds = self["ticket_type_ids" if "ticket_type_ids" in self._model.fields else "ticket_type_id"]
        if (kinds and ticket.ticket_type_id not in kinds) or (self.tag_ids and not self.tag_ids & ticket.tag_ids):
            return False
        customers = self.partner_ids if "partner_ids" in self._model.fields else None
        company = ticket.partner_id.commercial_partner_id
        return not customers or bool(company and company in customers.commercial_partner_id)

    @api.versions(since=15)
    def _hours(self, calendar: Recordset) -> float:
        """Return how many hours of work a policy allows."""
        return self.time or 0.0

    @api.versions(until=14, name="_hours")
    def _hours_14(self, calendar: Recordset) -> float:
        """A day of the policy is one of the calendar."""
        minutes = self.time_minutes if "time_minutes" in self._model.fields else 0
        days: float = (self.time_days or 0) * (calendar.hours_per_day or 8.0)
        return days + (self.time_hours or 0) + (minutes or 0) / 60


class Status(models.Model):
    _inherit = "helpdesk.sla.status"

    def _compute_deadline(self) -> None:
        """The moment until which the ticket is to reach the stage of the policy."""
        for status in self:
            ticket, policy = status.ticket_id, status.sla_id
            if not ticket:
                status.deadline = False
                continue
            calendar, start = ticket.team_id.resource_calendar_id, moment(ticket.create_date)
            found = deadlines.after(calendar, start, policy._hours(calendar)) if calendar else start
            excluded = policy.exclude_stage_ids if "exclude_stage_ids" in policy._model.fields else ()
            status.deadline = text(found) if found and ticket.stage_id not in excluded else False

    def _compute_status(self) -> None:
        now = self.env.db.clock.now()
        for status in self:
            reached, deadline = status.reached_datetime, status.deadline
            late = bool(deadline) and str(deadline) < str(reached or now)
            status.status = "failed" if late else "reached" if reached else "ongoing"

    def _search_status(self, operator: str, value: Any) -> list[Any]:
        """Compare one by one: what is late depends on the time."""
        wanted = {value} if isinstance(value, (str, bool)) else set(value or ())
        found = self.search([]).filtered(lambda status: status.status in wanted)
        return [("id", "in" if operator in ("=", "in") else "not in", found.ids)]

    def _compute_color(self) -> None:
        for status in self:
            status.color = _COLORS[status.status]

    @api.versions(since=15)
    def _compute_exceeded_hours(self) -> None:
        """The working hours since the deadline; before it, less than none."""
        for status in self:
            reached, calendar = status.reached_datetime, status.ticket_id.team_id.resource_calendar_id
            if not (reached and status.deadline and calendar):
                status.exceeded_hours = 0.0
                continue
            first, last = sorted((moment(reached), moment(status.deadline)))
            spent = hours(worked(calendar, self.env["resource.resource"], first, last))
            status.exceeded_hours = spent if moment(status.deadline) == first else -spent

    @api.versions(until=14)
    def _compute_exceeded_days(self) -> None:
        """The whole days since the deadline."""
        for status in self:
            reached, deadline = status.reached_datetime, status.deadline
            status.exceeded_days = (moment(reached) - moment(deadline)).days if reached and deadline else 0
