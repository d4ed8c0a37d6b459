"""account.analytic.line with a ticket, and the hours of helpdesk.ticket.

Inferred: see the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import models
from mockserver.errors import ValidationError


class Line(models.Model):
    _inherit = "account.analytic.line"

    def _with_project(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """A line of a ticket takes the project of its team, and the customer of the ticket."""
        ticket = self.env["helpdesk.ticket"].sudo().browse(
            vals.get("helpdesk_ticket_id") or self.env.context.get("default_helpdesk_ticket_id") or ()
        )  # fmt: skip
        values = dict(vals)
        if ticket:
            if values.get("task_id"):
                raise ValidationError("You cannot link a timesheet entry to a task and a ticket at the same time.")
            values["project_id"] = values.get("project_id") or ticket.team_id.project_id.id
            values.setdefault("partner_id", ticket.partner_id.id)
        found: dict[str, Any] = super()._with_project(values)  # type: ignore[misc]
        return found


class Ticket(models.Model):
    _inherit = "helpdesk.ticket"

    def _compute_total_hours_spent(self) -> None:
        for ticket in self:
            ticket.total_hours_spent = round(sum(line.unit_amount or 0.0 for line in ticket.sudo().timesheet_ids), 2)
