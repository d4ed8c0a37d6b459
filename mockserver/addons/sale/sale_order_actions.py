"""What users do with orders: send, confirm, lock, cancel, and make a quotation of them again.

Source: 17.0; recorded in flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.res_groups import is_feature_enabled
from mockserver.addons.base.windows import window
from mockserver.errors import UserError

Action = dict[str, Any]
LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- quotations

    def action_draft(self) -> bool:
        """Make quotations of those that are cancelled or sent; others stay as they are."""
        orders = self.filtered(lambda order: order.state in ("cancel", "sent"))
        return orders.write({"state": "draft", "signature": False, "signed_by": False, "signed_on": False})

    def action_quotation_send(self) -> Action:
        """Return the window that writes the mail with a quotation or an order."""
        self.ensure_one()
        template = self._find_mail_template()
        context = {
            "default_model": "sale.order",
            **self._composed(),
            "default_template_id": template.id if template else None,
            "default_composition_mode": "comment",
            "mark_so_as_sent": True,
            "default_email_layout_xmlid": LAYOUT,
            "proforma": self.env.context.get("proforma", False),
            "force_email": True,
            "model_description": self.type_name,
        }
        action = window(self.env, "mail.compose.message", "Send", target="new", view_id=False, context=context)
        if not self.env.db.profile.rules.quotation_window_named:
            del action["name"]
        return {**action, "views": [[False, "form"]]}

    @api.versions(until=16, name="_composed")
    def _composed_16(self) -> dict[str, Any]:
        """Return the keys of the mail window that name the order."""
        return {"default_res_id": self.id, "default_use_template": bool(self._find_mail_template())}

    @api.versions(since=17)
    def _composed(self) -> dict[str, Any]:
        """Return the keys of the mail window that name the order."""
        return {"default_res_ids": self.ids}

    def _find_mail_template(self) -> Any:
        """Return the template for the state of the order."""
        self.ensure_one()
        confirmed = self.state == "sale" and not self.env.context.get("proforma")
        name = "mail_template_sale_confirmation" if confirmed else "email_template_edi_sale"
        return self.env.ref(f"sale.{name}", raise_if_not_found=False)

    def action_quotation_sent(self) -> None:
        """Mark drafts as sent; their customers follow them."""
        if any(order.state != "draft" for order in self):
            raise UserError("Only draft orders can be marked as sent directly.")
        for order in self:
            order.message_subscribe(partner_ids=order.partner_id.ids)
        self.write({"state": "sent"})

    # -- confirmation

    def action_confirm(self) -> bool:
        """Make orders of quotations, dated now; their customers follow them."""
        self._check_confirmable()
        for order in self:
            order.validate_taxes_on_sales_order()
            if order.partner_id not in order.message_partner_ids:
                order.message_subscribe(partner_ids=order.partner_id.ids)
        self.write(self._prepare_confirmation_values())
        context = {key: value for key, value in self.env.context.items() if key != "default_name"}
        self.with_context(context)._action_confirm()
        locked = self.filtered(lambda order: order._should_be_locked())
        if locked:
            locked._lock()
        if self.env.context.get("send_email"):
            for order in self:
                order._send_order_mail(self.env.ref("sale.mail_template_sale_confirmation", raise_if_not_found=False))
        return True

    def _send_order_mail(self, template: Any) -> None:
        """Post the mail of a template on the order; its customer gets it."""
        self.ensure_one()
        if template:
            values = template._values(self.id)
            self.with_context(force_send=True).message_post(
                subject=values.get("subject") or None, body=values.get("body_html") or "", body_is_html=True,
                message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.partner_id.ids,
            )  # fmt: skip

    def validate_taxes_on_sales_order(self) -> bool:
        """Return True; services that compute taxes extend it."""
        return True

    def _check_confirmable(self) -> None:
        """Raise UserError if one of the orders is no quotation."""
        rules = self.env.db.profile.rules
        states = ("draft", "sent", "sale") if rules.order_confirmable_twice else ("draft", "sent")
        if any(order.state not in states for order in self):
            names = ", ".join(self.mapped("display_name"))
            raise UserError(rules.order_unconfirmable_text.format(names=names))
        if rules.order_lines_need_products:
            lines = self.order_line.filtered(lambda line: not line.display_type and not line.is_downpayment)
            if any(not line.product_id for line in lines):
                raise UserError(
                    "Some order lines are missing a product, you need to correct them before going further."
                )

    def _prepare_confirmation_values(self) -> dict[str, Any]:
        return {"state": "sale", "date_order": self.env.db.clock.now()}

    def _action_confirm(self) -> bool:
        """Do what follows from the confirmation; packs for deliveries and projects extend it."""
        return True

    def _lock(self) -> None:
        self.write({"locked": True} if "locked" in self._model.fields else {"state": "done"})

    def _should_be_locked(self) -> bool:
        self.ensure_one()
        return is_feature_enabled(self.env, "sale.group_auto_done_setting")

    @api.versions(since=17)
    def action_lock(self) -> None:
        """Lock orders: what was agreed on stays."""
        self._lock()

    @api.versions(until=16)
    def action_done(self) -> bool:
        """Lock orders: what was agreed on stays."""
        self._lock()
        return True

    @api.versions(since=17)
    def action_unlock(self) -> None:
        """Unlock orders."""
        self.write({"locked": False})

    @api.versions(until=16, name="action_unlock")
    def action_unlock_16(self) -> None:
        """Unlock orders."""
        self.write({"state": "sale"})

    @api.versions(since=17)
    def action_open_discount_wizard(self) -> Action:
        """Return the window that gives a discount on the whole order."""
        self.ensure_one()
        return window(self.env, "sale.order.discount", "Discount", target="new")

    # -- cancellation

    def action_cancel(self) -> Any:
        """Cancel quotations; return the window that asks about an order that was sent or confirmed."""
        if any(is_locked(order) for order in self):
            raise UserError("You cannot cancel a locked order. Please unlock it first.")
        if not self._show_cancel_wizard():
            return self._action_cancel()
        self.ensure_one()
        template = self.env.ref("sale.mail_template_sale_cancellation", raise_if_not_found=False)
        context = {
            "default_template_id": template.id if template else False,
            "default_order_id": self.id,
            "mark_so_as_canceled": True,
            "default_email_layout_xmlid": LAYOUT,
            "model_description": self.type_name,
        }
        name = f"Cancel {self.type_name}"
        return window(self.env, "sale.order.cancel", name, target="new", view_id=False, context=context)

    def _show_cancel_wizard(self) -> bool:
        quiet = self.env.context.get("disable_cancel_warning") or "sale.order.cancel" not in self.env
        return not quiet and any(order.state != "draft" for order in self)

    def _action_cancel(self) -> bool:
        """Cancel the orders and their draft invoices."""
        drafts = self.invoice_ids.filtered(lambda invoice: invoice.state == "draft")
        if drafts:
            drafts.button_cancel()
        return self.write({"state": "cancel"})


def is_locked(order: Any) -> bool:
    """Return whether an order is locked: until 16 that is a state."""
    return bool(order.locked) if "locked" in order._model.fields else order.state == "done"
