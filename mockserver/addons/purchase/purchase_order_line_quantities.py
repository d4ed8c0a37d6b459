"""purchase.order.line: what of a line is received and billed, and what packagings its quantity fills.

Source: 17.0; recorded in flow-purchase-1 (17.0, 18.0).
"""

from __future__ import annotations

import html
from typing import Any

from mockserver import api, models
from mockserver.addons.product.vendors import unit_digits
from mockserver.addons.purchase.names import is_goods, unit_of
from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

CONFIRMED = ("purchase", "done")


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    # -- received

    def _compute_qty_received_method(self) -> None:
        """By hand for goods and services of orders without stock."""
        for line in self:
            by_hand = line.product_id and line.product_id.type in ("consu", "service")
            line.qty_received_method = "manual" if by_hand else False

    def _compute_qty_received(self) -> None:
        for line in self:
            line.qty_received = line.qty_received_manual if line.qty_received_method == "manual" else 0.0

    def _inverse_qty_received(self) -> None:
        """Keep what was written by hand where that is the method; elsewhere it stays until the next move."""
        for line in self:
            line.write({"qty_received_manual": line.qty_received if line.qty_received_method == "manual" else 0.0})

    # -- billed

    @api.computes("qty_invoiced", "qty_to_invoice")
    def _compute_qty_invoiced(self) -> None:
        for line in self:
            line.qty_invoiced = billed = _billed(line)
            if line.order_id.state not in CONFIRMED:
                line.qty_to_invoice = 0.0
            elif line.product_id.purchase_method == "purchase":
                line.qty_to_invoice = line.product_qty - billed
            else:
                line.qty_to_invoice = line.qty_received - billed

    @api.versions(since=19)
    def _compute_qty_invoiced_at_date(self) -> None:
        """What is billed now.  Differs: the day of the context, for accrued expenses, is not minded."""
        for line in self:
            line.qty_invoiced_at_date = line.qty_invoiced

    @api.versions(since=19)
    def _compute_qty_received_at_date(self) -> None:
        """What is received now.  Differs: the day of the context, for accrued expenses, is not minded."""
        for line in self:
            line.qty_received_at_date = line.qty_received

    @api.versions(since=19)
    def _compute_amount_to_invoice_at_date(self) -> None:
        for line in self:
            line.amount_to_invoice_at_date = (line.qty_received_at_date - line.qty_invoiced_at_date) * line.price_unit

    # -- units and packagings

    def _compute_product_uom_qty(self) -> None:
        """The quantity in the unit of the product."""
        for line in self:
            own, unit = line.product_id.uom_id, unit_of(line)
            line.product_uom_qty = quantity_in(unit, line.product_qty, own) if own and own != unit else line.product_qty

    @api.versions(since=16, until=18)
    def _compute_product_packaging_id(self) -> None:
        """The largest packaging for purchases that the quantity fills without a rest; else the one that was chosen."""
        for line in self:
            chosen = line.product_packaging_id
            kept = chosen if chosen.product_id == line.product_id else self.env["product.packaging"]
            line.product_packaging_id = _filled_packaging(line) or kept

    @api.versions(since=16, until=18)
    def _compute_product_packaging_qty(self) -> None:
        for line in self:
            packaging = line.product_packaging_id
            own = quantity_in(unit_of(line), line.product_qty, packaging.product_uom_id) if packaging else 0.0
            line.product_packaging_qty = own / packaging.qty if packaging.qty else 0.0

    @api.versions(since=16, until=18)
    def _compute_product_qty(self) -> None:
        """The quantity of the packagings; without a packaging it stays."""
        step = 10.0 ** -unit_digits(self.env)
        for line in self:
            packaging = line.product_packaging_id
            whole = quantity_in(packaging.product_uom_id, line.product_packaging_qty * packaging.qty, unit_of(line))
            if packaging and compare(whole, line.product_qty, step):
                line.product_qty = whole

    # -- the chatter of the order

    def _tell_ordered(self, quantity: float) -> None:
        """Tell in the chatter that the ordered quantity changes.  Inferred: the spaces in the text."""
        facts = [f"Ordered Quantity: {self.product_qty} -&gt; {float(quantity)}"]
        facts += [f"Received Quantity: {self.qty_received}"] if is_goods(self.product_id) else []
        _tell(self, "The ordered quantity has been updated.", [*facts, f"Billed Quantity: {self.qty_invoiced}"])

    def _tell_received(self, quantity: float) -> None:
        """Tell in the chatter of a confirmed order that the received quantity changes."""
        if quantity != self.qty_received and self.order_id.state == "purchase":
            facts = [f"Received Quantity: {self.qty_received} -&gt; {float(quantity)}"]
            _tell(self, "The received quantity has been updated.", facts)


def _tell(line: Recordset, title: str, facts: list[str]) -> None:
    name = html.escape(str(line.product_id.display_name))
    body = f"<div><strong>{title}</strong><ul><li>{name}:</li>{'<br>'.join(facts)}</ul></div>"
    line.order_id.message_post(body=body, body_is_html=True, subtype_xmlid="mail.mt_note")


def _billed(line: Recordset) -> float:
    """Return what bills less refunds have of a line in its unit; drafts count, cancelled ones do not."""
    lines = "account.invoice.line" if "account.invoice" in line.env else "account.move.line"
    if not line.env.db.store.having(lines, "purchase_line_id", (line.id,)):
        return 0.0
    total, unit = 0.0, unit_of(line)
    if "account.invoice" in line.env:  # until 12.0
        return _billed_until_12(line)
    for item in line.sudo().invoice_lines:
        move: Any = item.move_id
        if move.state == "cancel" and move.payment_state != "invoicing_legacy":
            continue
        sign = {"in_invoice": 1, "in_refund": -1}.get(move.move_type, 0)
        if sign:
            total += sign * quantity_in(item.product_uom_id, item.quantity, unit)
    return total


def _billed_until_12(line: Recordset) -> float:
    total = 0.0
    for item in line.sudo().invoice_lines:
        document: Any = item.invoice_id
        sign = 0 if document.state == "cancel" else {"in_invoice": 1, "in_refund": -1}.get(document.type, 0)
        total += sign * quantity_in(item.uom_id or unit_of(line), item.quantity, unit_of(line))
    return total


def _filled_packaging(line: Recordset) -> Recordset:
    """Return the largest packaging of a product for purchases that the quantity of a line fills without a rest."""
    packagings: Recordset = line.product_id.packaging_ids.filtered("purchase")
    unit, none = unit_of(line), line.env["product.packaging"]
    if not packagings or not line.product_qty or not unit:
        return none
    for packaging in packagings.sorted(lambda one: (-one.qty, one.id)):
        ours = packaging.company_id.id in (False, line.company_id.id)
        count = quantity_in(unit, line.product_qty, packaging.product_uom_id) / packaging.qty if packaging.qty else 0.0
        if ours and count and abs(count - round(count)) < 1e-6:
            return line.env["product.packaging"].browse(packaging.id)
    return none
