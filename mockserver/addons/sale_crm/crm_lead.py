"""crm.lead: the quotations and orders of an opportunity.

Source: 17.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.orm.writing.commands import SET

Action = dict[str, Any]
QUOTATIONS = ("draft", "sent")
NOT_SOLD = (*QUOTATIONS, "cancel")


class Lead(models.Model):
    _inherit = "crm.lead"

    @api.depends(
        "order_ids.state", "order_ids.currency_id", "order_ids.amount_untaxed", "order_ids.date_order",
        "order_ids.company_id",
    )  # fmt: skip
    @api.computes("sale_amount_total", "quotation_count", "sale_order_count")
    def _compute_sale_data(self) -> None:
        for lead in self:
            currency = lead.company_currency or self.env.company.currency_id
            sold = lead.order_ids.filtered(lambda order: order.state not in NOT_SOLD)
            lead.sale_amount_total = sum(
                order.currency_id._convert(order.amount_untaxed, currency, order.company_id, str(order.date_order)[:10])
                for order in sold
            )
            lead.quotation_count = len(lead.order_ids.filtered(lambda order: order.state in QUOTATIONS))
            lead.sale_order_count = len(sold)

    # -- windows

    def action_sale_quotations_new(self) -> Action:
        """Return the window of a new quotation; an opportunity without a contact is asked for one."""
        if self.partner_id:
            return self.action_new_quotation()
        return stored_window(self.env, "crm.quotation.partner", "New Quotation", "form", target="new")

    def action_new_quotation(self) -> Action:
        """Return the window of a new quotation for the opportunity."""
        context = self._prepare_opportunity_quotation_context()
        context["search_default_opportunity_id"] = self.id
        return stored_window(self.env, "sale.order", "Quotation", "form", context=context)

    def action_view_sale_quotation(self) -> Action:
        """Return the window with the opportunity's quotations."""
        return self._orders_window("Quotations", lambda order: order.state in QUOTATIONS)

    def action_view_sale_order(self) -> Action:
        """Return the window with the opportunity's orders."""
        return self._orders_window("Sales Orders", lambda order: order.state not in NOT_SOLD)

    def _orders_window(self, name: str, keep: Any) -> Action:
        self.ensure_one()
        orders = self.order_ids.filtered(keep)
        context = {**self._prepare_opportunity_quotation_context(), "search_default_opportunity_id": self.id}
        if len(orders) == 1:
            return stored_window(self.env, "sale.order", name, "form", context=context, res_id=orders.id)
        domain = [["opportunity_id", "=", self.id], ["id", "in", orders.ids]]
        return stored_window(self.env, "sale.order", name, "list,form", context=context, domain=domain)

    def _prepare_opportunity_quotation_context(self) -> dict[str, Any]:
        """Return what a new quotation takes from the opportunity."""
        self.ensure_one()
        found: dict[str, Any] = {
            "default_opportunity_id": self.id,
            "default_partner_id": self.partner_id.id,
            "default_campaign_id": self.campaign_id.id,
            "default_medium_id": self.medium_id.id,
            "default_origin": self.name,
            "default_source_id": self.source_id.id,
            "default_company_id": self.company_id.id or self.env.company.id,
            "default_tag_ids": [(SET, 0, self.tag_ids.ids)],
        }
        if self.team_id:
            found["default_team_id"] = self.team_id.id
        if self.user_id:
            found["default_user_id"] = self.user_id.id
        return found

    def _update_revenues_from_so(self, order: Any) -> None:
        """Raise the expected revenue to what an order comes to, and say so."""
        for lead in self:
            own = order.currency_id == order.company_id.currency_id
            if own and (lead.expected_revenue or 0.0) < order.amount_untaxed:
                lead._track_set_log_message("Expected revenue has been updated based on the linked Sales Orders.")
                lead.write({"expected_revenue": order.amount_untaxed})
