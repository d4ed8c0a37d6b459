"""helpdesk.ticket: the computed fields, and the stages that are shown without tickets.

Inferred: see the package.  Hours and policies are in `helpdesk_ticket_sla`.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset


class Ticket(models.Model):
    _inherit = "helpdesk.ticket"

    # -- name, member, stage

    @api.versions(since=16)
    def _compute_display_name(self) -> None:
        """`Subject (#00042)`."""
        for ticket in self:
            ticket.display_name = f"{ticket.name} (#{ticket.ticket_ref})" if ticket.ticket_ref else ticket.name

    @api.versions(until=15, name="_compute_display_name")
    def _compute_display_name_15(self) -> None:
        """`Subject (#42)`, with the id."""
        for ticket in self:
            ticket.display_name = f"{ticket.name} (#{ticket.id})"

    def _compute_user_id(self) -> None:
        """The member that the team gives the ticket to; one that was chosen is kept."""
        for ticket in self:
            ticket.user_id = ticket.user_id or ticket.team_id.sudo()._determine_user_to_assign()

    def _compute_stage_id(self) -> None:
        """The first stage of the team, for a ticket whose stage is none of the team's."""
        for ticket in self:
            team, stage = ticket.team_id.sudo(), ticket.stage_id
            ticket.stage_id = team._determine_stage() if team and stage not in team.stage_ids else stage

    def _expand_stage_id(self, stages: Recordset, domain: Any) -> Recordset:
        """Return the stages of the tickets, and those of the team that the context names."""
        team = self.env.context.get("default_team_id")
        shown: list[Any] = [("id", "in", stages.ids)]
        return stages.search(["|", *shown, ("team_ids", "=", team)] if team else shown)  # type: ignore[no-any-return]

    @api.versions(until=17)
    def _compute_kanban_state_label(self) -> None:
        for ticket in self:
            ticket.kanban_state_label = ticket.stage_id[f"legend_{ticket.kanban_state or 'normal'}"]

    # -- customer

    def _compute_partner_name(self) -> None:
        for ticket in self:
            ticket.partner_name = ticket.partner_id.name or ticket.partner_name

    def _compute_partner_email(self) -> None:
        for ticket in self:
            ticket.partner_email = ticket.partner_id.email or ticket.partner_email

    def _inverse_partner_email(self) -> None:
        """Give another address to the customer."""
        for ticket in self:
            if ticket.partner_id and ticket.partner_email and ticket.partner_email != ticket.partner_id.email:
                ticket.partner_id.write({"email": ticket.partner_email})

    @api.versions(since=16)
    def _compute_partner_phone(self) -> None:
        for ticket in self:
            ticket.partner_phone = ticket.partner_id.phone or ticket.partner_phone

    @api.versions(since=16)
    def _inverse_partner_phone(self) -> None:
        """Give another number to the customer."""
        for ticket in self:
            if ticket.partner_id and ticket.partner_phone and ticket.partner_phone != ticket.partner_id.phone:
                ticket.partner_id.write({"phone": ticket.partner_phone})

    def _others(self) -> Recordset:
        """Return the other tickets of the customer's company."""
        company = self.partner_id.commercial_partner_id.id
        return self.search([("partner_id", "child_of", company), ("id", "!=", self.id)]) if company else self.browse()

    @api.versions(since=16)
    def _compute_partner_ticket_ids(self) -> None:
        for ticket in self:
            ticket.partner_ticket_ids = ticket._others()

    def _compute_partner_ticket_count(self) -> None:
        for ticket in self:
            ticket.partner_ticket_count = len(ticket._others())

    def _compute_access_url(self) -> None:
        for ticket in self:
            ticket.access_url = f"/my/ticket/{ticket.id}"


class Partner(models.Model):
    _inherit = "res.partner"

    def _compute_ticket_count(self) -> None:
        """The tickets of a contact and of those below it."""
        for partner in self:
            partner.ticket_count = self.env["helpdesk.ticket"].search_count([("partner_id", "child_of", partner.id)])
