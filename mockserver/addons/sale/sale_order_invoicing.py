"""sale.order: what was invoiced of an order, and its invoices.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0), flow-walk-sale-1 and flow-cross-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.sale import down_payments, invoice_values
from mockserver.addons.sale.origin_links import post_origin
from mockserver.errors import AccessError, UserError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import access, record_rules

Action = dict[str, Any]
_INVOICES = ("out_invoice", "out_refund")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- what was invoiced

    @api.depends("order_line.invoice_lines")
    @api.computes("invoice_ids", "invoice_count")
    def _compute_invoices(self) -> None:
        for order in self:
            moves = order.order_line.invoice_lines.move_id
            invoices = moves.filtered(lambda move: move.move_type in _INVOICES)
            order.invoice_ids, order.invoice_count = invoices, len(invoices)

    def _search_invoice_ids(self, operator: str, value: Any) -> list[Any]:
        """An order has no invoices if none of its lines has any."""
        invoiced = [("order_line.invoice_lines.move_id.move_type", "in", _INVOICES)]
        if value is False or value is None:
            known = self.env["sale.order"].sudo().search(invoiced).ids
            return [("id", "in" if operator == "!=" else "not in", known)]
        return [*invoiced, ("order_line.invoice_lines.move_id", operator, value)]

    @api.depends("state", "order_line.invoice_status")
    def _compute_invoice_status(self) -> None:
        for order in self:
            order.invoice_status = _status(order)

    @api.versions(since=17, until=17)
    @api.depends("invoice_status", "order_line.invoice_lines.price_total", "order_line.invoice_lines.parent_state")
    def _compute_amount_to_invoice(self) -> None:
        """What posted invoices lack of the total; nothing for an order that is fully invoiced, also by drafts."""
        for order in self:
            complete = order.invoice_status == "invoiced"
            order.amount_to_invoice = 0.0 if complete else order.amount_total - _invoiced_amount(order)

    @api.versions(since=17, until=17)
    def _compute_amount_invoiced(self) -> None:
        for order in self:
            order.amount_invoiced = order.amount_total - order.amount_to_invoice

    @api.versions(since=18, name="_compute_amount_to_invoice")
    def _compute_amount_to_invoice_18(self) -> None:
        for order in self:
            order.amount_to_invoice = sum(order.order_line.mapped("amount_to_invoice"))

    @api.versions(since=18, name="_compute_amount_invoiced")
    def _compute_amount_invoiced_18(self) -> None:
        for order in self:
            order.amount_invoiced = sum(order.order_line.mapped("amount_invoiced"))

    # -- making invoices

    def _get_invoiceable_lines(self, final: bool = False) -> Recordset:
        """Return the lines to invoice, with the sections above them and notes; down payments come last.

        `final`: also those of which too much was invoiced, as down payments are.
        """
        found, prepaid, section = [], [], None
        for row in self.order_line._rows():
            kind, due = row.get("display_type"), row.get("qty_to_invoice") or 0.0
            if kind in ("line_section", "line_subsection"):
                section = row["id"]
            elif kind or due > 0 or (final and due < 0):
                if row.get("is_downpayment"):
                    prepaid.append(row["id"])
                    continue
                found += [row["id"]] if section is None else [section, row["id"]]
                section = None
        lines: Recordset = self.env["sale.order.line"].browse(found + prepaid)
        return lines

    def _prepare_invoice(self) -> dict[str, Any]:
        """Return the values of an invoice of the order, without lines."""
        if "invoice_line_ids" not in self.env["account.move"]:
            raise UserError("The mock server makes no invoices of orders before 13.0.")
        return invoice_values.of_order(self)

    def _get_invoice_grouping_keys(self) -> tuple[str, ...]:
        """Return what orders have in common that go to one invoice."""
        keys: tuple[str, ...] = self.env.db.profile.rules.invoices_joined_by
        return keys

    def _nothing_to_invoice_error_message(self) -> str:
        return self.env._(self.env.db.profile.rules.nothing_to_invoice_text)

    def _create_invoices(self, grouped: bool = False, final: bool = False, date: Any = None) -> Recordset:
        """Make invoices of what is to be invoiced, and return them.

        `grouped`: an invoice an order; `final`: down payments are taken off, and what was invoiced too much.
        """
        if not _may_invoice(self):
            none: Recordset = self.env["account.move"]
            return none
        wanted = invoice_values.of_orders(self, final=final, separate=grouped)
        if not wanted and self.env.context.get("raise_if_nothing_to_invoice", True):
            raise UserError(self._nothing_to_invoice_error_message())
        moves = self.env["account.move"].sudo().with_context(default_move_type="out_invoice").create(wanted)
        if final:
            self._make_credit_notes(moves.filtered(lambda move: move.amount_total < 0))
            for move in moves:
                down_payments.settle(self, move)
        for move in moves:
            post_origin(move, move.line_ids.sale_line_ids.order_id)
        invoices: Recordset = self.env["account.move"].browse(moves._ids)
        return invoices

    @api.versions(until=16, name="_make_credit_notes")
    def _make_credit_notes_16(self, moves: Recordset) -> None:
        """Make credit notes of invoices whose total is negative."""
        if moves:
            moves.action_switch_invoice_into_refund_credit_note()

    @api.versions(since=17)
    def _make_credit_notes(self, moves: Recordset) -> None:
        """Make credit notes of invoices whose total is negative."""
        if moves:
            moves.action_switch_move_type()

    # -- windows

    def action_view_invoice(self, invoices: Any = False) -> Action:
        """Return the window that shows the invoices of the orders."""
        moves = self.env["account.move"].browse(getattr(invoices, "_ids", invoices or ())) or self.invoice_ids
        if not moves:
            return {"type": "ir.actions.act_window_close"}
        action = stored_window(self.env, "account.move", "Invoices", "list,kanban,form,activity")
        action |= {"res_id": moves.id} if len(moves) == 1 else {"domain": [("id", "in", moves.ids)]}
        return {**action, "context": _context(self)}


def _status(order: Recordset) -> str:
    """Return whether an order is to be invoiced, by its lines; down payments and texts do not count."""
    if order.state not in ("sale", "done"):
        return "no"
    counted = [r for r in order.order_line._rows() if not r.get("display_type") and not r.get("is_downpayment")]
    found = {row.get("invoice_status") for row in counted}
    if "to invoice" in found:
        due = order.order_line.browse(row["id"] for row in counted if row.get("invoice_status") == "to invoice")
        alone = "no" not in found or any(line._can_be_invoiced_alone() for line in due)
        return "to invoice" if alone else "no"
    if found == {"invoiced"}:
        return "invoiced"
    return "upselling" if found and found <= {"invoiced", "upselling"} else "no"


def _invoiced_amount(order: Recordset) -> float:
    """Return what the posted invoices of an order come to, with taxes and in its currency."""
    total = 0.0
    for move in order.invoice_ids.filtered(lambda move: move.state == "posted"):
        own = move.line_ids.filtered(lambda line: order in line.sale_line_ids.order_id)
        amount = sum(own.mapped("price_total")) * -move.direction_sign
        total += move.currency_id._convert(amount, order.currency_id, move.company_id, str(move.date))
    return total


def _may_invoice(orders: Recordset) -> bool:
    """Return whether the user may make invoices, or write the orders: then they are made for the user."""
    try:
        access.check_access(orders.env["account.move"], "create")
    except AccessError:
        try:
            access.check_access(orders, "write")
            record_rules.check(orders, "write")
        except AccessError:
            return False
    return True


def _context(orders: Recordset) -> dict[str, Any]:
    """Return the defaults of invoices that a user adds in the window."""
    context: dict[str, Any] = {"default_move_type": "out_invoice"}
    if len(orders) == 1:
        term = orders.payment_term_id or orders.partner_id.property_payment_term_id
        context |= {
            "default_partner_id": orders.partner_id.id,
            "default_partner_shipping_id": orders.partner_shipping_id.id,
            "default_invoice_payment_term_id": term.id,
            "default_invoice_origin": orders.name,
        }
    return context
