"""sale.order.cancel and sale.mass.cancel.orders: the wizards that cancel orders.

Source: 17.0; recorded in flow-sale-2 (17.0, 18.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class SaleOrderCancel(models.Model):
    _inherit = "sale.order.cancel"

    def action_cancel(self) -> Any:
        """Cancel the order."""
        return self.order_id.with_context(disable_cancel_warning=True).action_cancel()

    @api.versions(since=16)
    def action_send_mail_and_cancel(self) -> Any:
        """Post the mail on the order, and cancel it."""
        self.ensure_one()
        self.order_id.message_post(
            author_id=self.author_id.id, body=self.body or "", body_is_html=True, message_type="comment",
            subject=self.subject or None, partner_ids=self.recipient_ids.ids,
        )  # fmt: skip
        return self.action_cancel()

    @api.versions(since=16)
    def _default_author_id(self) -> Any:
        return self.env.user.partner_id

    @api.versions(since=16)
    @api.computes("subject", "body")
    def _compute_from_template(self) -> None:
        """The mail of the template about the order; without a template, what was written."""
        for wizard in self:
            found = wizard.template_id._values(wizard.order_id.id) if wizard.template_id and wizard.order_id else {}
            wizard.subject = found.get("subject") or wizard.subject
            wizard.body = found.get("body_html") or wizard.body

    def _compute_display_invoice_alert(self) -> None:
        for wizard in self:
            wizard.display_invoice_alert = any(invoice.state == "draft" for invoice in wizard.order_id.invoice_ids)

    @api.versions(since=16)
    def _compute_recipient_ids(self) -> None:
        for wizard in self:
            wizard.recipient_ids = wizard.order_id.partner_id


class SaleMassCancelOrders(models.Model):
    _inherit = "sale.mass.cancel.orders"

    def _default_sale_order_ids(self) -> Any:
        return self.env["sale.order"].browse(self.env.context.get("active_ids") or ())

    def _compute_sale_orders_count(self) -> None:
        for wizard in self:
            wizard.sale_orders_count = len(wizard.sale_order_ids)

    def _compute_has_confirmed_order(self) -> None:
        for wizard in self:
            wizard.has_confirmed_order = any(order.state in ("sale", "done") for order in wizard.sale_order_ids)

    def action_mass_cancel(self) -> None:
        self.sale_order_ids._action_cancel()
