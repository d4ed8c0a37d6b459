"""crm.lead: defaults, the computed fields, and what creating and changing a lead does to its stage and dates.

Source: recorded in flow-crm-1 (17.0, 18.0, 19.0).
Differs: the automated probability is not learned from earlier leads; it is 100 in a stage that is won, else 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.res_partner_fields import with_website
from mockserver.errors import ValidationError
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

if TYPE_CHECKING:
    from typing_extensions import Self


class Lead(models.Model):
    _inherit = "crm.lead"

    def _default_user_id(self) -> Recordset:
        return self.env.user

    # -- team, company, stage

    def _compute_team_id(self) -> None:
        """The team of the salesperson; one that they belong to is kept."""
        for lead in self:
            user, team = lead.user_id, lead.team_id
            if user and not (team and user in (team.member_ids | team.user_id)):
                used = "use_leads" if lead.type == "lead" else "use_opportunities"
                team = lead.env["crm.team"]._get_default_team_id(user.id, [(used, "=", True)])
            lead.team_id = team

    def _compute_company_id(self) -> None:
        for lead in self:
            lead.company_id = (lead.company_id if _keeps_company(lead) else None) or _company_of(lead)

    def _compute_company_currency(self) -> None:
        for lead in self:
            lead.company_currency = (lead.company_id or lead.env.company).sudo().currency_id

    def _compute_user_company_ids(self) -> None:
        every = self.env["res.company"].search([])
        for lead in self:
            lead.user_company_ids = lead.company_id or every

    def _compute_stage_id(self) -> None:
        """The first stage that is not folded, for a lead without one."""
        for lead in self:
            lead.stage_id = lead.stage_id or lead._stage_find([("fold", "=", False)])

    def _stage_find(self, domain: Any = (), team_id: Any = False, limit: int | None = 1) -> Recordset:
        """Return the stages of all teams and of the leads' teams, in their order."""
        teams = {*self.mapped("team_id").ids, *((team_id,) if team_id else ())}
        stages = self.env["crm.stage"]
        name = "team_ids" if "team_ids" in stages else "team_id"
        own = ["|", (name, "=", False), (name, "in", sorted(teams))] if teams else [(name, "=", False)]
        return stages.search([*own, *domain], 0, limit, "sequence, id")

    def _expand_stage_id(self, stages: Recordset, domain: Any) -> Recordset:
        """Return the stages of all teams, and of the team in the context."""
        name = "team_ids" if "team_ids" in stages._model.fields else "team_id"
        team = self.env.context.get("default_team_id")
        shown: list[Any] = ["|", (name, "=", False), (name, "in", [team])] if team else [(name, "=", False)]
        found: Recordset = stages.sudo().search(["|", ("id", "in", stages.ids), *shown])
        return found

    # -- probability and revenue

    @api.computes("automated_probability", "probability")
    def _compute_probabilities(self) -> None:
        for lead in self:
            known = lead._origin_probability()
            found = 100.0 if lead.stage_id.is_won else 0.0
            lead.automated_probability = found
            lead.probability = found if lead.active and lead._is_automated(*known) else known[0]

    def _origin_probability(self) -> tuple[float, float]:
        row = self._rows()[0]
        return row.get("probability") or 0.0, row.get("automated_probability") or 0.0

    def _is_automated(self, probability: float, automated: float) -> bool:
        return round(probability, 2) == round(automated, 2)

    def _compute_is_automated_probability(self) -> None:
        for lead in self:
            lead.is_automated_probability = lead._is_automated(lead.probability, lead.automated_probability)

    def _compute_prorated_revenue(self) -> None:
        for lead in self:
            lead.prorated_revenue = round((lead.expected_revenue or 0.0) * (lead.probability or 0.0) / 100.0, 2)

    def _compute_recurring_revenue_monthly(self) -> None:
        for lead in self:
            lead.recurring_revenue_monthly = (lead.recurring_revenue or 0.0) / (
                lead.recurring_plan.number_of_months or 1
            )

    def _compute_recurring_revenue_monthly_prorated(self) -> None:
        for lead in self:
            share = (lead.probability or 0.0) / 100.0
            lead.recurring_revenue_monthly_prorated = (lead.recurring_revenue_monthly or 0.0) * share

    def _compute_recurring_revenue_prorated(self) -> None:
        for lead in self:
            lead.recurring_revenue_prorated = (lead.recurring_revenue or 0.0) * (lead.probability or 0.0) / 100.0

    @api.versions(since=19)
    def _compute_won_status(self) -> None:
        for lead in self:
            won = lead.active and lead.stage_id.is_won and lead.probability == 100
            lost = not lead.active and not lead.probability
            lead.won_status = "won" if won else "lost" if lost else "pending"

    @api.constrains("probability", "stage_id")
    def _check_won_validity(self) -> None:
        """What is won is not lost by a lower probability."""
        won = self.filtered(lambda lead: lead.stage_id.is_won and lead.probability != 100)
        if won and self.env.db.profile.rules.won_is_settled:
            raise ValidationError(self.env._("A lead in a Won stage cannot be lost. Move it to another stage first."))

    @api.versions(since=19)
    @api.computes("is_rotting", "rotting_days")
    def _compute_rotting(self) -> None:
        """Whether an open opportunity is in its stage for longer than the stage allows, and for how many days."""
        now = self.env.db.clock.now()
        for lead in self:
            limit, days = lead.stage_id.rotting_threshold_days, _days(lead.date_last_stage_update, now)
            lead.is_rotting = lead.type == "opportunity" and lead.won_status == "pending" and 0 < limit < days
            lead.rotting_days = int(days) if lead.is_rotting else 0

    # -- dates

    def _compute_date_last_stage_update(self) -> None:
        for lead in self:
            lead.date_last_stage_update = lead.env.db.clock.now()

    def _compute_date_open(self) -> None:
        for lead in self:
            lead.date_open = lead.env.db.clock.now() if lead.user_id else False

    def _compute_day_open(self) -> None:
        for lead in self:
            lead.day_open = _days(lead.create_date, lead.date_open)

    def _compute_day_close(self) -> None:
        for lead in self:
            lead.day_close = _days(lead.create_date, lead.date_closed)

    # -- create, write, copy

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create leads; one whose stage is won is closed."""
        return super().create(with_website(vals_list))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change leads; a stage that is won makes the probability 100 and sets the closing date."""
        vals = dict(with_website(vals))
        moved = "stage_id" in vals and any(lead.stage_id.id != vals["stage_id"] for lead in self)
        won = bool(vals.get("stage_id")) and self.env["crm.stage"].browse(vals["stage_id"]).exists().is_won
        if won:
            vals |= {"probability": 100, "automated_probability": 100}
            vals |= {"active": True} if self.env.db.profile.rules.won_is_settled else {}
        now = self.env.db.clock.now()
        if (vals.get("probability") or 0) >= 100 or not vals.get("active", True):
            vals["date_closed"] = now
        elif (vals.get("probability") or 0) > 0 or (moved and "probability" not in vals):
            vals["date_closed"] = False
        if not won:
            return super().write(vals)
        known = self.filtered(lambda lead: lead.stage_id.is_won)
        done = super(Lead, self - known).write(vals)
        kept = {name: value for name, value in vals.items() if name != "date_closed"}
        return super(Lead, known).write(kept) and done

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate in the first stage; recurring revenue is copied for those who see it."""
        self.ensure_one()
        values: dict[str, Any] = {}
        if self.type == "lead" or not self.user_id.active:
            values["user_id"] = False
        if not in_group(self.env, "crm.group_use_recurring_revenues"):
            values |= {"recurring_revenue": 0, "recurring_plan": False}
        context = {"default_type": self.type, **self.env.context}
        return super(Lead, self.with_context(context)).copy({**values, **(default or {})})


def _keeps_company(lead: Recordset) -> bool:
    """Return whether the company of a lead agrees with its salesperson, team and contact."""
    company, user, team = lead.company_id, lead.user_id, lead.team_id
    if not company or (user and company not in user.company_ids):
        return False
    if team:
        return company == team.company_id if team.company_id else bool(user)
    return bool(user) or lead.partner_id.company_id == company


def _company_of(lead: Recordset) -> Recordset:
    """Return the company of the team, else that of the salesperson or of the contact."""
    user, current = lead.user_id, lead.env.company
    if lead.team_id.company_id:
        return lead.team_id.company_id  # type: ignore[no-any-return]
    if user:
        company: Recordset = current if current in user.company_ids else user.company_id & lead.env.companies
        return company
    return lead.partner_id.company_id  # type: ignore[no-any-return]


def _days(start: Any, end: Any) -> float:
    """Return the whole days between two moments; 0 if one is missing."""
    if not start or not end:
        return 0.0
    moments = [datetime.fromisoformat(text) for text in (start, end)]
    return float(abs((moments[1] - moments[0]).days))
