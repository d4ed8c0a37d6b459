"""helpdesk.team: its stages and hours by default, whom it gives new tickets to, and how many it has.

Inferred: a team that is made without stages gets those of the other teams.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset

URGENT = "3"


class Team(models.Model):
    _inherit = "helpdesk.team"

    def _default_stage_ids(self) -> list[int]:
        """The stages of the first team, else a first one of its own."""
        known = self.search([("stage_ids", "!=", False)], 0, 1).stage_ids
        return known.ids or [self.env["helpdesk.stage"].sudo().create({"name": self.env._("New"), "sequence": 0}).id]

    def _default_member_ids(self) -> list[int]:
        return [self.env.uid]

    def _default_resource_calendar_id(self) -> Recordset:
        return self.env.company.resource_calendar_id  # type: ignore[no-any-return]

    def _alias_get_creation_values(self) -> dict[str, Any]:
        """A mail to the alias makes a ticket of the team."""
        tickets = self.env["ir.model"].sudo().search([("model", "=", "helpdesk.ticket")])
        values: dict[str, Any] = {**super()._alias_get_creation_values(), "alias_model_id": tickets.id}  # type: ignore[misc]
        return values | ({"alias_defaults": repr({"team_id": self.id})} if self else {})

    # -- whom tickets go to

    def _determine_stage(self) -> Recordset:
        """Return the first stage of a team."""
        shown: list[Any] = [("team_ids", "=", self.id)]
        return self.env["helpdesk.stage"].search(shown, 0, 1)

    def _determine_user_to_assign(self) -> Recordset:
        """Return the member that a new ticket goes to, if the team assigns tickets."""
        members: Recordset = self.member_ids.sorted("id")
        if not (members and self._assigns()):
            return members.browse()
        return self._least_busy(members) if self.assign_method == "balanced" else self._next_in_turn(members)

    @api.versions(since=15)
    def _assigns(self) -> bool:
        return bool(self.auto_assignment)

    @api.versions(until=14, name="_assigns")
    def _assigns_14(self) -> bool:
        return self.assign_method != "manual"  # type: ignore[no-any-return]

    def _next_in_turn(self, members: Recordset) -> Recordset:
        """Return the member after the one of the last ticket."""
        of_members = [("team_id", "=", self.id), ("user_id", "in", members.ids)]
        last = self.env["helpdesk.ticket"].sudo().search(of_members, 0, 1, "create_date desc, id desc").user_id.id
        after = [id_ for id_ in members.ids if last and id_ > last]
        return members.browse((after or members.ids)[:1])

    def _least_busy(self, members: Recordset) -> Recordset:
        """Return the member with the fewest open tickets of the team."""
        tickets = self.env["helpdesk.ticket"].sudo()
        opened = {id_: tickets.search_count([*self._open(), ("user_id", "=", id_)]) for id_ in members.ids}
        return members.browse(min(opened, key=lambda id_: opened[id_]))

    # -- figures

    def _open(self) -> list[Any]:
        """Return the condition of the team's open tickets."""
        closing = self.env["helpdesk.stage"].sudo().search(self.env["helpdesk.stage"]._closing())
        return [("team_id", "=", self.id), ("stage_id", "not in", closing.ids)]

    def _compute_open_ticket_count(self) -> None:
        for team in self:
            team.open_ticket_count = team._count([])

    def _compute_unassigned_tickets(self) -> None:
        for team in self:
            team.unassigned_tickets = team._count([("user_id", "=", False)])

    def _compute_urgent_ticket(self) -> None:
        for team in self:
            team.urgent_ticket = team._count([("priority", "=", URGENT)])

    @api.versions(since=15)
    def _compute_sla_policy_count(self) -> None:
        for team in self:
            team.sla_policy_count = self.env["helpdesk.sla"].search_count([("team_id", "=", team.id)])

    def _count(self, domain: list[Any]) -> int:
        """Return the number of the team's open tickets that the domain allows."""
        found: int = self.env["helpdesk.ticket"].search_count([*self._open(), *domain])
        return found
