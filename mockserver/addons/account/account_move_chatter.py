"""What entries tell in the chatter: that they were created, validated, paid.

Source: recorded in flow-rights-1 (17.0): those who may read an entry may post on it; the kinds of messages of 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from mockserver import models

# type of invoice → the text that is logged for a new one
_CREATED = {
    "out_invoice": "Invoice Created", "out_refund": "Credit Note Created", "in_invoice": "Vendor Bill Created",
    "in_refund": "Refund Created", "out_receipt": "Sales Receipt Created", "in_receipt": "Purchase Receipt Created",
}  # fmt: skip


class Move(models.Model):
    _inherit = "account.move"
    _since = 13
    _mail_post_access: ClassVar[str] = "read"

    def _creation_subtype(self) -> Any:
        if self.move_type in ("out_invoice", "out_receipt"):
            return self.env.ref("account.mt_invoice_created", raise_if_not_found=False)
        return super()._creation_subtype()  # type: ignore[misc]

    def _creation_message(self) -> str:
        text = _CREATED.get(self.move_type)
        return self.env._(text) if text else super()._creation_message()  # type: ignore[misc]

    def _track_subtype(self, init_values: Mapping[str, Any]) -> Any:
        """Return the kind of message for an invoice that is paid, or a customer's that is posted."""
        self.ensure_one()
        name = None
        if self.move_type in _CREATED and "payment_state" in init_values and self.payment_state == "paid":
            name = "account.mt_invoice_paid"
        elif self.move_type.startswith("out_") and "state" in init_values and self.state == "posted":
            name = "account.mt_invoice_validated"
        found = self.env.ref(name, raise_if_not_found=False) if name else None
        return found or super()._track_subtype(init_values)  # type: ignore[misc]
