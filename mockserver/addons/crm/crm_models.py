"""Stages, teams, reasons of loss and campaigns: what leads add to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.base.res_partner_families import by_head
from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.rights.access import in_group


class Stage(models.Model):
    _inherit = "crm.stage"

    def _compute_team_count(self) -> None:
        count = self.env["crm.team"].search_count([])
        for stage in self:
            stage.team_count = count

    @api.onchange("is_won")
    def _onchange_is_won(self) -> dict[str, Any] | None:
        leads = self.env["crm.lead"].search_count([("stage_id", "in", self.ids)])
        if not leads:
            return None
        text = (
            "Changing the value of 'Is Won Stage' may induce a large number of operations, as the probabilities of"
            " opportunities in this stage will be recomputed on saving."
        )
        return {"warning": {"title": f'Change the "Is Won" stage "{self.name}"', "message": text}}


class Team(models.Model):
    _inherit = "crm.team"

    def _alias_get_creation_values(self) -> dict[str, Any]:
        """Mail to a team makes leads of it, or opportunities."""
        leads = self.env["ir.model"].sudo().search([("model", "=", "crm.lead")])
        values: dict[str, Any] = {**super()._alias_get_creation_values(), "alias_model_id": leads.id}  # type: ignore[misc]
        if self:
            uses = self.use_leads and in_group(self.env, "crm.group_use_lead")
            defaults = {"type": "lead" if uses else "opportunity", "team_id": self.id}
            values["alias_defaults"] = repr(defaults)
        return values

    def _compute_dashboard_button_name(self) -> None:
        super()._compute_dashboard_button_name()  # type: ignore[misc]
        for team in self:
            if team.use_opportunities:
                team.dashboard_button_name = "Pipeline"

    @api.computes("opportunities_count", "opportunities_amount")
    def _compute_opportunities_data(self) -> None:
        for team in self:
            leads = team._open_opportunities([])
            team.opportunities_count = len(leads)
            team.opportunities_amount = sum(leads.mapped("expected_revenue"))

    @api.computes("opportunities_overdue_count", "opportunities_overdue_amount")
    def _compute_opportunities_overdue_data(self) -> None:
        today = self.env.db.clock.today().isoformat()
        for team in self:
            leads = team._open_opportunities([("date_deadline", "<", today)])
            team.opportunities_overdue_count = len(leads)
            team.opportunities_overdue_amount = sum(leads.mapped("expected_revenue"))

    def _open_opportunities(self, domain: list[Any]) -> Any:
        found = [("team_id", "=", self.id), ("probability", "<", 100), ("type", "=", "opportunity")]
        return self.env["crm.lead"].search([*found, *domain])

    def _compute_lead_unassigned_count(self) -> None:
        for team in self:
            domain = [("team_id", "=", team.id), ("type", "=", "lead"), ("user_id", "=", False)]
            team.lead_unassigned_count = self.env["crm.lead"].search_count(domain)

    def _compute_assignment_max(self) -> None:
        for team in self:
            team.assignment_max = sum(team.crm_team_member_ids.mapped("assignment_max"))

    @api.computes("lead_all_assigned_month_count", "lead_all_assigned_month_exceeded")
    def _compute_lead_all_assigned_month_count(self) -> None:
        for team in self:
            members = team.crm_team_member_ids if "crm_team_member_ids" in team else ()
            count = sum(member.lead_month_count for member in members)
            team.lead_all_assigned_month_count = count
            if "lead_all_assigned_month_exceeded" in team._model.fields:
                team.lead_all_assigned_month_exceeded = count > team.assignment_max

    @api.computes("assignment_enabled", "assignment_auto_enabled")
    def _compute_assignment_enabled(self) -> None:
        """Leads are assigned by hand."""
        for team in self:
            team.assignment_enabled = team.assignment_auto_enabled = False


class TeamMember(models.Model):
    _inherit = "crm.team.member"

    def _compute_lead_month_count(self) -> None:
        self._count_leads("lead_month_count", 30)

    def _compute_lead_day_count(self) -> None:
        self._count_leads("lead_day_count", 1)

    def _count_leads(self, field: str, days: int) -> None:
        since = (self.env.db.clock.moment() - timedelta(days=days)).strftime(DATETIME_FORMAT)
        for member in self:
            member[field] = self.env["crm.lead"].with_context(active_test=False).search_count([
                ("date_open", ">=", since), ("team_id", "=", member.crm_team_id.id),
                ("user_id", "=", member.user_id.id),
            ])  # fmt: skip


class LostReason(models.Model):
    _inherit = "crm.lost.reason"

    def _compute_leads_count(self) -> None:
        leads = self.env["crm.lead"].with_context(active_test=False)
        name = "lost_reason_id" if "lost_reason_id" in leads._model.fields else "lost_reason"
        for reason in self:
            reason.leads_count = leads.search_count([(name, "=", reason.id)])


class Partner(models.Model):
    _inherit = "res.partner"

    def _compute_opportunity_count(self) -> None:
        """The leads of a contact and of those below it, also archived ones."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        found = leads.search([("partner_id", "child_of", self.ids)], order="id")
        counted = by_head(self, found._rows(), "partner_id")
        self._assign_each("opportunity_count", {id_: len(rows) for id_, rows in counted.items()})
