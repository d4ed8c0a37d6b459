"""purchase.order: the buttons, and what they tell in the chatter.

Source: 17.0; recorded in flow-purchase-1, flow-purchase-2 (17.0) and flow-purchase-1 (18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.product.vendors import vendor_field
from mockserver.addons.purchase import offers
from mockserver.addons.purchase.names import unit_of
from mockserver.addons.uom.conversion import price_in
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]
# a product keeps the entries of so many vendors before orders add no more
_MOST_VENDORS = 10


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    # -- confirming

    def button_confirm(self) -> bool:
        """Confirm requests for quotation, or ask for the approval of large ones; others are left alone."""
        for order in self:
            if order.state not in ("draft", "sent"):
                continue
            order._check_confirmation()
            order._add_supplier_to_product()
            if order._approval_allowed():
                order.button_approve()
            else:
                order.write({"state": "to approve"})
            if order.partner_id not in order.message_partner_ids:
                order.message_subscribe([order.partner_id.id])
        return True

    def _check_confirmation(self) -> None:
        text = self.env.db.profile.rules.purchase_without_products_text
        if text and any(not line.display_type and not line.product_id for line in self.order_line):
            raise UserError(self.env._(text))

    def button_approve(self, force: bool = False) -> dict[str, Any]:
        """Approve the orders that the user may approve."""
        allowed = self.filtered(lambda order: order._approval_allowed())
        allowed.write({"state": "purchase", "date_approve": self.env.db.clock.now()})
        for order in allowed:
            if "po_lock" in order.company_id and order.company_id.po_lock == "lock":
                order._lock()
        return {}

    def _approval_allowed(self) -> bool:
        """Return whether the user may confirm the order without the approval of another."""
        self.ensure_one()
        company = self.company_id
        if "po_double_validation" not in company or company.po_double_validation == "one_step":
            return True
        own = self.env.company.currency_id
        limit = own._convert(company.po_double_validation_amount, self.currency_id, company, offers.day_of(self))
        small = company.po_double_validation == "two_step" and self.amount_total < limit
        return bool(small or self.env.user.has_group("purchase.group_purchase_manager"))

    def _add_supplier_to_product(self) -> None:
        """Note the vendor with its price at the products that it has not sold before."""
        for line in self.order_line:
            product = line.product_id
            partner = self.partner_id.parent_id or self.partner_id
            known = product.seller_ids.mapped(vendor_field(self.env))
            if product and not (partner | self.partner_id) & known and len(product.seller_ids) <= _MOST_VENDORS:
                values = _new_entry(self, line, partner)
                product.product_tmpl_id.sudo().write({"seller_ids": [(0, 0, values)]})

    # -- other states

    def button_draft(self) -> dict[str, Any]:
        """Make orders requests for quotation again, whatever they are."""
        self.write({"state": "draft"})
        return {}

    def button_cancel(self) -> None:
        """Cancel orders without posted bills."""
        rules = self.env.db.profile.rules
        if rules.purchase_locked_field:
            self._refuse(self.filtered("locked"), rules.purchase_cancel_locked_text)
        billed = self.filtered(lambda order: any(bill.state not in ("cancel", "draft") for bill in order.invoice_ids))
        self._refuse(billed, rules.purchase_cancel_billed_text)
        reminded = "mail_reminder_confirmed" in self._model.fields
        self.write({"state": "cancel", **({"mail_reminder_confirmed": False} if reminded else {})})

    def _refuse(self, orders: Recordset, text: str) -> None:
        """Raise the error of orders; their names are in it for `%s`."""
        if not orders or not text:
            return
        if self.env.db.profile.rules.purchase_names_in_errors:
            names = ", ".join(str(order.display_name) for order in orders)
        else:
            names = str(orders[0].name)
        raise UserError(self.env._(text).replace("%s", names))

    def _lock(self) -> None:
        self.write({"locked": True} if self.env.db.profile.rules.purchase_locked_field else {"state": "done"})

    @api.versions(until=18)
    def button_done(self) -> None:
        """Lock orders."""
        self.write({"state": "done", "priority": "0"})

    @api.versions(until=18)
    def button_unlock(self) -> None:
        """Unlock orders: each is a confirmed one then, a cancelled one too."""
        self.write({"state": "purchase"})

    @api.versions(since=19)
    def button_lock(self) -> None:
        """Lock orders."""
        self.write({"locked": True})

    @api.versions(since=19, name="button_unlock")
    def button_unlock_19(self) -> None:
        """Unlock orders."""
        self.write({"locked": False})

    @api.versions(since=19)
    def action_acknowledge(self) -> None:
        """Note that the vendor has seen the order."""
        self.write({"acknowledged": True})

    # -- sending and printing

    def action_rfq_send(self) -> Action:
        """Return the action that writes a mail to the vendor; sending it marks a draft as sent."""
        self.ensure_one()
        request = self.env.context.get("send_rfq")
        name = "purchase.email_template_edi_purchase" if request else "purchase.email_template_edi_purchase_done"
        template = self.env.ref(name, raise_if_not_found=False)
        form = self.env.ref("mail.email_compose_message_wizard_form", raise_if_not_found=False)
        view = form.id if form else False
        many = "res_ids" in self.env["mail.compose.message"]._model.fields
        context = {
            **self.env.context,
            "default_model": self._name,
            **({"default_res_ids": self.ids} if many else {"default_res_id": self.id}),
            "default_template_id": template.id if template else False,
            "default_composition_mode": "comment",
            "default_email_layout_xmlid": "mail.mail_notification_layout_with_responsible_signature",
            "force_email": True,
            "mark_rfq_as_sent": True,
            "model_description": "Request for Quotation" if self.state in ("draft", "sent") else "Purchase Order",
        }
        action = window(self.env, "mail.compose.message", "Compose Email", target="new", context=context)
        return {**action, "views": [[view, "form"]], "view_id": view}

    def print_quotation(self) -> Action:
        """Return the action that prints a request for quotation, and mark it as sent."""
        always = self.env.db.profile.rules.purchase_print_sends == "always"
        (self if always else self.filtered(lambda order: order.state == "draft")).write({"state": "sent"})
        report: Any = self.env.ref("purchase.report_purchase_quotation")
        action: Action = report.report_action(self.ids)
        return action

    # -- the chatter

    def message_post(self, **kwargs: Any) -> Recordset:
        """Post a message; one from the window that sends requests for quotation marks drafts as sent."""
        context = self.env.context
        if context.get("mark_rfq_as_sent"):
            self.filtered(lambda order: order.state == "draft").write({"state": "sent"})
        following = self.with_context(mail_post_autofollow=context.get("mail_post_autofollow", True))
        found: Recordset = super(PurchaseOrder, following).message_post(**kwargs)  # type: ignore[misc]
        return found

    def _track_subtype(self, init_values: Mapping[str, Any]) -> Any:
        """Return the kind of message for a change of the state."""
        self.ensure_one()
        name = None
        if "state" in init_values:
            approved = init_values["state"] == "to approve"
            name = {
                "purchase": "purchase.mt_rfq_approved" if approved else "purchase.mt_rfq_confirmed",
                "to approve": "purchase.mt_rfq_confirmed",
                "done": "purchase.mt_rfq_done",
                "sent": "purchase.mt_rfq_sent",
            }.get(self.state)
        found = self.env.ref(name, raise_if_not_found=False) if name else None
        return found or super()._track_subtype(init_values)  # type: ignore[misc]


def _new_entry(order: Recordset, line: Recordset, partner: Recordset) -> dict[str, Any]:
    """Return the values of a vendor's entry for what a line buys, with the price of one of the unit for purchases."""
    product, unit = line.product_id, unit_of(line)
    entries = product.seller_ids
    values = {
        vendor_field(order.env): partner.id,
        "sequence": max(entries.mapped("sequence")) + 1 if entries else 1,
        "min_qty": 1.0,
        "price": price_in(unit, line.price_unit, offers.buying_unit(product)),
        "currency_id": order.currency_id.id,
        "delay": 0,
    }
    if "discount" in line._model.fields and "discount" in entries._model.fields:
        values["discount"] = line.discount
    seller = offers.seller_for(order, product, line.product_qty, unit)
    if seller:
        values |= {"product_name": seller.product_name, "product_code": seller.product_code}
    return values
