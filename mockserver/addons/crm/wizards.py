"""The windows that convert leads to opportunities, merge them, and ask why they were lost.

Source: recorded in flow-crm-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]


def _active_ids(records: Recordset) -> list[int]:
    return list(records.env.context.get("active_ids") or ())


class ConvertOne(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    def _default_lead_id(self) -> Any:
        lead = self.env["crm.lead"].browse(self.env.context.get("active_id") or ())
        if lead and lead.probability == 100:
            raise UserError(self.env._("Closed/Dead leads cannot be converted into opportunities."))
        return lead

    def _compute_name(self) -> None:
        for wizard in self:
            wizard.name = wizard.name or ("merge" if len(wizard.duplicated_lead_ids) >= 2 else "convert")

    @api.versions(until=18)
    def _compute_action(self) -> None:
        for wizard in self:
            lead = wizard.lead_id
            found = bool(lead) and bool(lead._find_matching_partner())
            wizard.action = "exist" if found else "create" if lead.contact_name else "nothing"

    @api.versions(since=19, name="_compute_action")
    def _compute_action_19(self) -> None:
        """Since 19 a customer is always linked.  Inferred: recorded are only leads with a name."""
        for wizard in self:
            found = bool(wizard.lead_id) and bool(wizard.lead_id._find_matching_partner())
            wizard.action = "exist" if found else "create"

    def _compute_partner_id(self) -> None:
        for wizard in self:
            exists = wizard.action == "exist" and wizard.lead_id
            wizard.partner_id = wizard.lead_id._find_matching_partner() if exists else False

    def _compute_duplicated_lead_ids(self) -> None:
        for wizard in self:
            lead = wizard.lead_id
            address = lead.partner_id.email or lead.email_from
            wizard.duplicated_lead_ids = lead._get_lead_duplicates(wizard.partner_id, address, include_lost=True)

    def _compute_user_id(self) -> None:
        for wizard in self:
            wizard.user_id = wizard.lead_id.user_id

    def _compute_team_id(self) -> None:
        for wizard in self:
            wizard.team_id = _team_of(wizard)

    @api.versions(since=19)
    def _compute_commercial_partner_id(self) -> None:
        for wizard in self:
            wizard.commercial_partner_id = wizard.partner_id.commercial_partner_id

    def action_apply(self) -> Action:
        """Convert the leads of the context, or merge the duplicates; return the window of the result."""
        self.ensure_one()
        result = self._action_merge() if self.name == "merge" else self._action_convert()
        action: Action = result.redirect_lead_opportunity_view()
        return action

    def _action_merge(self) -> Recordset:
        merged = self.duplicated_lead_ids
        result: Recordset = merged.merge_opportunity(auto_unlink=False)
        result.action_unarchive()
        if result.type == "lead":
            self._convert_and_allocate(result, self._salespersons(), self.team_id.id)
        elif not result.user_id or self.force_assignment:
            result.write({"user_id": self.user_id.id, "team_id": self.team_id.id})
        (merged - result).sudo().unlink()
        return result

    def _action_convert(self) -> Recordset:
        leads = self.env["crm.lead"].browse(_active_ids(self))
        self._convert_and_allocate(leads, self._salespersons(), self.team_id.id)
        first: Recordset = leads[0]
        return first

    def _salespersons(self) -> list[Any]:
        return [self.user_id.id]

    def _convert_and_allocate(self, leads: Recordset, user_ids: Sequence[Any], team_id: Any) -> None:
        """Convert leads, each with its contact, and give them to the salespersons."""
        for lead in leads:
            if lead.active and self.action != "nothing":
                self._convert_handle_partner(lead, self.action, self.partner_id.id or lead.partner_id.id)
            lead.convert_opportunity(lead.partner_id)
        allocated = leads if self.force_assignment else leads.filtered(lambda lead: not lead.user_id)
        if user_ids:
            allocated._handle_salesmen_assignment(user_ids, team_id)

    def _convert_handle_partner(self, lead: Recordset, action: str, partner_id: Any) -> None:
        lead.with_context(default_user_id=self.user_id.id)._handle_partner_assignment(
            force_partner_id=partner_id, create_missing=action == "create"
        )


class ConvertMany(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner.mass"

    def _default_lead_tomerge_ids(self) -> list[int]:
        return _active_ids(self)

    def _default_lead_id(self) -> Any:
        return self.env["crm.lead"].browse(self.env.context.get("active_id") or ())

    def _compute_name(self) -> None:
        for wizard in self:
            wizard.name = "convert"

    def _compute_action(self) -> None:
        for wizard in self:
            wizard.action = "each_exist_or_create"

    def _compute_partner_id(self) -> None:
        for wizard in self:
            wizard.partner_id = False

    def _compute_duplicated_lead_ids(self) -> None:
        """The leads of the window that have duplicates."""
        for wizard in self:
            found = wizard.env["crm.lead"].browse()
            for lead in wizard.lead_tomerge_ids:
                address = lead.partner_id.email or lead.email_from
                if len(lead._get_lead_duplicates(lead.partner_id, address)) > 1:
                    found |= lead
            wizard.duplicated_lead_ids = found

    def _compute_team_id(self) -> None:
        for wizard in self:
            wizard.team_id = wizard.team_id if not wizard.user_id and wizard.user_ids else _team_of(wizard)

    def _salespersons(self) -> list[Any]:
        return self.user_ids.ids or ([self.user_id.id] if self.user_id else [])

    def action_mass_convert(self) -> Action:
        """Convert leads, after merging those that are duplicates of one another."""
        self.ensure_one()
        if self.name != "convert" or not self.deduplicate:
            return self.action_apply()  # type: ignore[no-any-return]
        gone: set[int] = set()
        stay: list[int] = []
        for lead in self.lead_tomerge_ids:
            if lead.id not in gone:
                address = lead.partner_id.email or lead.email_from
                doubled = lead._get_lead_duplicates(lead.partner_id, address)
                if len(doubled) > 1:
                    gone.update(doubled.ids)
                    stay.append(doubled.merge_opportunity().id)
        ids = [id_ for id_ in _active_ids(self) if id_ not in gone]
        wizard = self.with_context(active_ids=[*ids, *(id_ for id_ in stay if id_ not in ids)])
        return wizard.action_apply()  # type: ignore[no-any-return]

    def _convert_handle_partner(self, lead: Recordset, action: str, partner_id: Any) -> None:
        if self.action == "each_exist_or_create":
            partner_id, action = lead._find_matching_partner(email_only=True).id, "create"
        super()._convert_handle_partner(lead, action, partner_id)  # type: ignore[misc]


class MergeOpportunity(models.TransientModel):
    _inherit = "crm.merge.opportunity"

    def _default_opportunity_ids(self) -> list[int]:
        leads = self.env["crm.lead"].browse(_active_ids(self))
        return [lead.id for lead in leads if lead.probability < 100]

    def _compute_team_id(self) -> None:
        """The team of the salesperson; one that they belong to is kept."""
        for wizard in self:
            user, team = wizard.user_id, wizard.team_id
            if user and user not in (team.user_id | team.member_ids):
                domain = ["|", ("user_id", "=", user.id), ("member_ids", "in", user.ids)]
                team = wizard.env["crm.team"].search(domain, 0, 1)
            wizard.team_id = team

    def action_merge(self) -> Action:
        """Merge the opportunities and return the window of the one that stays."""
        self.ensure_one()
        merged = self.opportunity_ids.merge_opportunity(self.user_id.id, self.team_id.id)
        action: Action = merged.redirect_lead_opportunity_view()
        return action


class LostReason(models.TransientModel):
    _inherit = "crm.lead.lost"

    @api.versions(since=17)
    def _default_lead_ids(self) -> list[int]:
        return _active_ids(self)

    def action_lost_reason_apply(self) -> None:
        """Archive the leads with the reason, and the comment in the message about it."""
        self.ensure_one()
        named = "lead_ids" in self._model.fields
        leads = self.lead_ids if named else self.env["crm.lead"].browse(_active_ids(self))
        comment = self.lost_feedback if "lost_feedback" in self._model.fields else False
        if comment:
            text = f'<div style="margin-bottom:4px"><p>Lost Comment:</p>{comment}<br /></div>'
            leads._track_set_log_message(text)
        reason = "lost_reason_id" if "lost_reason_id" in leads._model.fields else "lost_reason"
        leads.action_set_lost(**{reason: self.lost_reason_id.id})


def _team_of(wizard: Recordset) -> Any:
    """Return the team of the salesperson; one that they belong to, or that has none, is kept."""
    user, team = wizard.user_id, wizard.team_id
    if not user or (team and user in (team.member_ids | team.user_id)):
        return team
    return wizard.env["crm.team"]._get_default_team_id(user.id)
