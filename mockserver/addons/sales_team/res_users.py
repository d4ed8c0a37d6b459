"""res.users: the teams that a user is a member of."""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class Users(models.Model):
    _inherit = "res.users"

    @api.versions(since=16)
    def _compute_crm_team_ids(self) -> None:
        for user in self:
            user.crm_team_ids = user.sudo().crm_team_member_ids.crm_team_id

    @api.versions(since=16)
    def _search_crm_team_ids(self, operator: str, value: Any) -> list[Any]:
        return [("crm_team_member_ids.crm_team_id", operator, value)]

    @api.versions(since=16)
    @api.depends("crm_team_member_ids.crm_team_id", "crm_team_member_ids.active")
    def _compute_sale_team_id(self) -> None:
        """The team of the oldest membership."""
        for user in self:
            user.sale_team_id = user.crm_team_member_ids.sorted(lambda member: member.id)[:1].crm_team_id
