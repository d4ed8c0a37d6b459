"""What the buttons of an entry do, and what kind of entry it is.

Source: 17.0; recorded in flow-invoice-1 and flow-bill-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import move_names, move_types as kinds
from mockserver.addons.account.line_rows import line_kind
from mockserver.errors import ValidationError
from mockserver.orm.writing.commands import UPDATE

Action = dict[str, Any]


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    # -- kinds of entries

    def is_invoice(self, include_receipts: bool = False) -> bool:
        """Return whether the entry is an invoice, a bill or a credit note."""
        return self.move_type in (kinds.INVOICE_OR_RECEIPT if include_receipts else kinds.INVOICE)

    @api.versions(since=17)
    def is_entry(self) -> bool:
        """Return whether it is no invoice of any kind."""
        return bool(self.move_type == "entry")

    def is_sale_document(self, include_receipts: bool = False) -> bool:
        """Return whether the entry is for a customer."""
        return self.move_type in (kinds.SALE_OR_RECEIPT if include_receipts else kinds.SALE)

    def is_purchase_document(self, include_receipts: bool = False) -> bool:
        """Return whether the entry is from a vendor."""
        return self.move_type in (kinds.PURCHASE_OR_RECEIPT if include_receipts else kinds.PURCHASE)

    def is_inbound(self, include_receipts: bool = True) -> bool:
        """Return whether the entry is paid to the company."""
        return self.move_type in (kinds.INBOUND_OR_RECEIPT if include_receipts else kinds.INBOUND)

    def is_outbound(self, include_receipts: bool = True) -> bool:
        """Return whether the company pays the entry."""
        return self.move_type in (kinds.OUTBOUND_OR_RECEIPT if include_receipts else kinds.OUTBOUND)

    @api.model
    def get_invoice_types(self, include_receipts: bool = False) -> list[str]:
        """Return the types of invoices."""
        return [*self.get_sale_types(include_receipts), *self.get_purchase_types(include_receipts)]

    @api.model
    def get_sale_types(self, include_receipts: bool = False) -> list[str]:
        """Return the types of documents for customers."""
        return ["out_invoice", "out_refund", *(["out_receipt"] if include_receipts else [])]

    @api.model
    def get_purchase_types(self, include_receipts: bool = False) -> list[str]:
        """Return the types of documents from vendors."""
        return ["in_invoice", "in_refund", *(["in_receipt"] if include_receipts else [])]

    @api.model
    def get_inbound_types(self, include_receipts: bool = True) -> list[str]:
        """Return the types of documents that are paid to the company."""
        return ["out_invoice", "in_refund", *(["out_receipt"] if include_receipts else [])]

    @api.model
    def get_outbound_types(self, include_receipts: bool = True) -> list[str]:
        """Return the types of documents that the company pays."""
        return ["in_invoice", "out_refund", *(["in_receipt"] if include_receipts else [])]

    @api.versions(since=19)
    def is_receipt(self) -> bool:
        """Return whether the entry is a receipt."""
        return self.move_type in kinds.RECEIPTS

    @api.versions(since=16)
    def check_move_sequence_chain(self) -> bool:
        """Return whether deleting the entries leaves no gap in their numbers."""
        return move_names.ends_chain(self)

    # -- buttons

    @api.versions(until=16)
    def action_switch_invoice_into_refund_credit_note(self) -> None:
        """Make invoices credit notes, with positive quantities."""
        for move in self:
            if move.move_type not in ("out_invoice", "in_invoice"):
                raise ValidationError("This action isn't available for this document.")
            products = move.invoice_line_ids
            lines = [(UPDATE, line.id, {"quantity": -line.quantity}) for line in products if move.amount_total < 0]
            move.write({"name": "/", "move_type": kinds.SWITCHED[move.move_type], "invoice_line_ids": lines})

    @api.versions(since=17)
    def action_switch_move_type(self) -> None:
        """Make invoices credit notes, and credit notes invoices."""
        if any(move.posted_before for move in self):
            raise ValidationError("You cannot switch the type of a document which has been posted once.")
        if any(move.move_type == "entry" for move in self):
            raise ValidationError("This action isn't available for this document.")
        for move in self:
            move.write({"name": False})
            kind = kinds.SWITCHED[move.move_type]
            move.write({"move_type": kind, "partner_bank_id": False, "currency_id": move.currency_id.id})
            if move.amount_total < 0:
                products = move.line_ids.filtered(lambda line: line_kind(line) == "product")
                move.write({"line_ids": [(UPDATE, line.id, {"quantity": -line.quantity}) for line in products]})

    def action_reverse(self) -> Action:
        """Return the action that opens the wizard for credit notes."""
        action = _window("Reverse", "account.move.reversal", "new", f"{self.env.db.profile.rules.list_view},form")
        if self.is_invoice():
            action["name"] = "Credit Note"
        return action

    def action_invoice_sent(self) -> Action:
        """Return the action that sends an invoice; without a layout of documents that which chooses one."""
        self.ensure_one()
        company = self.env.company
        if self.env.user.has_group("base.group_system") and not company.external_report_layout_id:
            return _window("Configure your document layout", "base.document.layout", "new", "form")
        return self._send_action()

    @api.versions(since=16)
    def action_send_and_print(self) -> Action:
        """Return the action that opens the wizard which prints and sends."""
        return self._send_action()

    def _send_action(self) -> Action:
        wizard = "account.move.send.wizard" if "account.move.send.wizard" in self.env else "account.move.send"
        action = {"name": "Send", "type": "ir.actions.act_window", "view_mode": "form", "res_model": wizard}
        return {**action, "target": "new", "context": {"active_ids": self.ids, "default_mail_template_id": False}}

    def action_duplicate(self) -> Action:
        """Duplicate the entry; return the action that shows the duplicate."""
        self.ensure_one()
        made = self.copy()
        action = _window("Journal Entries", "account.move", "current", "form")
        return {**action, "res_id": made.id, "context": {"form_view_initial_mode": "edit"}}

    @api.versions(since=16)
    def button_set_checked(self) -> None:
        """Note that the entries were looked at."""
        name = "to_check" if "to_check" in self else "checked"
        self.write({name: name == "checked"})

    @api.versions(since=17)
    def action_update_fpos_values(self) -> None:
        """Take prices, taxes and accounts of the lines anew, by the fiscal position.  Inferred: but for free lines."""
        for line in self.invoice_line_ids.filtered(lambda line: line.product_id):
            line.write({"product_id": line.product_id.id, "product_uom_id": line.product_uom_id.id})


def _window(name: str, model: str, target: str, mode: str) -> Action:
    action = {"type": "ir.actions.act_window", "name": name, "res_model": model, "view_mode": mode, "target": target}
    return {**action, "res_id": 0, "domain": False, "context": {}}
