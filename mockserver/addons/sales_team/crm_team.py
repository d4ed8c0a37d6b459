"""crm.team: sales teams, and which of them a salesperson's new document gets.

Source: recorded in flow-crm-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

MULTI = "sales_team.membership_multi"
# the teams that other modules need
_KEPT = ("sales_team.salesteam_website_sales", "sales_team.pos_sales_team", "sales_team.ebay_sales_team")


def several_memberships(env: Environment) -> bool:
    """Return whether a salesperson may be a member of several teams."""
    return bool(env.sudo()["ir.config_parameter"].get_param(MULTI))


class Team(models.Model):
    _inherit = "crm.team"

    @api.versions(until=17)
    def _default_company_id(self) -> Recordset:
        return self.env.company

    def _default_favorite_user_ids(self) -> list[int]:
        return [self.env.uid]

    # -- members

    @api.versions(since=16)
    def _compute_member_ids(self) -> None:
        for team in self:
            team.member_ids = team.crm_team_member_ids.user_id

    @api.versions(since=16)
    def _inverse_member_ids(self) -> None:
        """Make memberships of new members, archive those of the others, and bring back archived ones."""
        for team in self:
            members = team.member_ids
            memberships = team.with_context(active_test=False).sudo().crm_team_member_all_ids
            for membership in memberships:
                if membership.active is not (membership.user_id in members):
                    membership.write({"active": not membership.active})
            for user in members - memberships.user_id:
                self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": user.id})

    @api.versions(since=16)
    def _search_member_ids(self, operator: str, value: Any) -> list[Any]:
        return [("crm_team_member_ids.user_id", operator, value)]

    @api.versions(since=16)
    def _compute_is_membership_multi(self) -> None:
        several = several_memberships(self.env)
        for team in self:
            team.is_membership_multi = several

    @api.versions(since=16)
    def _compute_member_warning(self) -> None:
        """Tell which members a team takes away from others."""
        for team in self:
            team.member_warning = False if several_memberships(team.env) else _moved_members(team)

    @api.versions(since=16)
    def _compute_member_company_ids(self) -> None:
        every = self.env["res.company"].search([])
        for team in self:
            team.member_company_ids = team.company_id or every

    # -- favourites

    def _compute_is_favorite(self) -> None:
        for team in self:
            team.is_favorite = self.env.user in team.favorite_user_ids

    def _inverse_is_favorite(self) -> None:
        for team in self:
            command = 4 if team.is_favorite else 3
            team.sudo().write({"favorite_user_ids": [(command, self.env.uid)]})

    def _add_members_to_favorites(self) -> None:
        for team in self.sudo():
            team.write({"favorite_user_ids": [(4, id_) for id_ in team.member_ids.ids]})

    def _compute_dashboard_button_name(self) -> None:
        for team in self:
            team.dashboard_button_name = "Big Pretty Button :)"

    # -- create, write, unlink

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create teams, which become favourites of their members."""
        teams = super().create(vals_list)
        for team in teams:
            if team.member_ids:
                team._add_members_to_favorites()
        return teams

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change teams, which become favourites of new members."""
        done = super().write(vals)
        if vals.get("member_ids"):
            self._add_members_to_favorites()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_default(self) -> None:
        for name in _KEPT:
            team = self.env.ref(name, raise_if_not_found=False)
            if team and team in self:
                raise UserError(self.env._('Cannot delete default team "%s"').replace("%s", str(team.name)))

    @api.versions(since=16)
    @api.constrains("company_id")
    def _constrains_company_members(self) -> None:
        for team in self.filtered("company_id"):
            strangers = team.crm_team_member_ids.user_id.filtered(
                lambda user, company=team.company_id: company not in user.company_ids
            )
            if strangers:
                names = ", ".join(strangers.mapped("name"))
                raise UserError(
                    f"The following team members are not allowed in company '{team.company_id.display_name}' of the"
                    f" Sales Team '{team.name}': {names}"
                )

    def action_primary_channel_button(self) -> bool:
        """Return nothing to do; modules that make documents of a team open them here."""
        return False

    # -- the team of a new document

    @api.model
    def _get_default_team_id(self, user_id: Any = False, domain: Any = None) -> Recordset:
        """Return the team of a user's new document: one of the user's that matches the domain, else any of the user's,
        else the one of the context, else one of the company."""
        env = self.env
        user = env.sudo()["res.users"].browse(user_id or env.uid)
        usual = self.browse(env.context.get("default_team_id") or ())
        companies = [False, *(id_ for id_ in user.company_ids.ids if id_ in env.companies.ids)]
        own = self.search([
            ("company_id", "in", companies), "|", ("user_id", "=", user.id), ("member_ids", "in", [user.id]),
        ])  # fmt: skip
        chosen = _preferred(own, usual, domain)
        if chosen or usual:
            return chosen or usual
        others = self.search([("company_id", "in", companies)])
        matching = others.filtered_domain(domain) if domain else others[:0]
        return matching[:1] or others[:1]  # type: ignore[no-any-return]


def _preferred(teams: Recordset, usual: Recordset, domain: Any) -> Recordset:
    """Return the first team that matches the domain, else the first one; the usual one if it is among them."""
    for found in (teams.filtered_domain(domain) if domain else teams[:0], teams):
        if found:
            first: Recordset = usual if usual and usual in found else found[:1]
            return first
    return teams


def _moved_members(team: Recordset) -> str | bool:
    others = team.env["crm.team.member"].search([
        ("crm_team_id", "not in", team.ids), ("user_id", "in", team.member_ids.ids),
    ])  # fmt: skip
    if not others:
        return False
    names = ", ".join(f"{member.user_id.name} ({member.crm_team_id.name})" for member in others)
    text = (
        "User {names} already in other teams. Adding them would also remove them from {teams}."
        if len(others) == 1
        else "Users {names} already in other teams. Adding them would also remove them from their current teams."
    )
    return text.format(names=names, teams=", ".join(others.crm_team_id.mapped("name")))
