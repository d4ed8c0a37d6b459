"""crm.quotation.partner: the contact of an opportunity that gets a quotation.

Source: 17.0, from its public documentation.
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset


class QuotationPartner(models.TransientModel):
    _inherit = "crm.quotation.partner"

    def _default_lead_id(self) -> Recordset:
        """The opportunity of the context."""
        context = self.env.context
        if context.get("active_model") and context["active_model"] != "crm.lead":
            raise UserError(self.env._("You can only apply this action from a lead."))
        lead: Recordset = self.env["crm.lead"].browse(context.get("default_lead_id") or context.get("active_id") or ())
        return lead

    def _default_partner_id(self) -> Recordset:
        """The contact that matches the opportunity."""
        lead = self._default_lead_id()
        found: Recordset = lead._find_matching_partner() if lead else self.env["res.partner"]
        return found

    def _default_action(self) -> str:
        return "exist" if self._default_partner_id() else "create"

    def action_apply(self) -> Any:
        """Give the opportunity the chosen contact or a new one; return the window of a new quotation."""
        self.ensure_one()
        lead = self.lead_id
        if self.action == "create":
            lead._handle_partner_assignment(create_missing=True)
        elif self.action == "exist":
            lead._handle_partner_assignment(force_partner_id=self.partner_id.id, create_missing=False)
        return lead.action_new_quotation()
