"""crm.team.member: a salesperson is an active member of one team, unless the settings allow several.

Inferred: from the texts and settings of 17.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.sales_team.crm_team import several_memberships
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


class TeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create memberships; those of the same users in other teams are archived."""
        given = [vals_list] if isinstance(vals_list, Mapping) else vals_list
        if not several_memberships(self.env):
            _leave_others(self, ((vals.get("user_id"), vals.get("crm_team_id")) for vals in given))
        return super(TeamMember, self.with_context(mail_create_nosubscribe=True)).create(vals_list)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change memberships; one that becomes active archives the user's others."""
        if vals.get("active") and not several_memberships(self.env):
            _leave_others(self, ((member.user_id.id, member.crm_team_id.id) for member in self))
        return super().write(vals)

    @api.constrains("crm_team_id", "user_id", "active")
    def _constrains_membership(self) -> None:
        doubled = [
            f"{member.user_id.name} ({member.crm_team_id.name})"
            for member in self.filtered("active")
            if self.search_count([("user_id", "=", member.user_id.id), ("crm_team_id", "=", member.crm_team_id.id)]) > 1
        ]
        if doubled:
            raise ValidationError(
                "You are trying to create duplicate membership(s). We found that"
                f" {', '.join(doubled)} already exist(s)."
            )

    def _compute_is_membership_multi(self) -> None:
        several = several_memberships(self.env)
        for member in self:
            member.is_membership_multi = several

    def _compute_user_in_teams_ids(self) -> None:
        """The users who cannot be chosen: members of the team, or of any team if they may be in one only."""
        for member in self:
            domain = [] if not several_memberships(member.env) else [("crm_team_id", "=", member.crm_team_id.id)]
            member.user_in_teams_ids = (self.search(domain) - member).user_id

    def _compute_user_company_ids(self) -> None:
        every = self.env["res.company"].search([])
        for member in self:
            member.user_company_ids = member.crm_team_id.company_id or every

    def _compute_member_warning(self) -> None:
        for member in self:
            others = self.search([("user_id", "=", member.user_id.id)]) - member
            several = several_memberships(member.env) or not member.active
            member.member_warning = False if several or not others else _warning(member, others)


def _warning(member: Recordset, others: Recordset) -> str:
    teams = ", ".join(others.crm_team_id.mapped("name"))
    return f'Adding {member.user_id.name} in this team would remove him/her from its current teams "{teams}".'


def _leave_others(members: Recordset, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Archive the memberships of users in other teams than the given one."""
    for user, team in pairs:
        if user:
            members.sudo().search([("user_id", "=", user), ("crm_team_id", "!=", team)]).action_archive()
