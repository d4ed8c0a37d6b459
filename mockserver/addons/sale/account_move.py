"""What sales add to invoices: their team and orders, and what posting and cancelling does to down payments.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver import api, models
from mockserver.addons.account.move_types import INVOICE, SALE_OR_RECEIPT
from mockserver.addons.base.windows import stored_window
from mockserver.addons.sale.sale_order_actions import is_locked
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]
_TRACKERS = ("campaign_id", "medium_id", "source_id")


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    # -- fields

    @api.versions(since=16)
    def _compute_team_id(self) -> None:
        """The team of the salesperson."""
        for move in self:
            team = move.team_id
            seller = move.invoice_user_id
            if seller.sale_team_id and move.move_type in SALE_OR_RECEIPT:
                domain = [("company_id", "in", [move.company_id.id, False])]
                team = move.env["crm.team"]._get_default_team_id(seller.id, domain)
            move.team_id = team

    @api.versions(since=16)
    def _compute_sale_order_count(self) -> None:
        for move in self:
            move.sale_order_count = len(move.line_ids.sale_line_ids.order_id)

    @api.versions(since=16)
    def action_view_source_sale_orders(self) -> Action:
        """Return the window that shows the orders of the invoice."""
        self.ensure_one()
        orders = self.line_ids.sale_line_ids.order_id
        if not orders:
            return {"type": "ir.actions.act_window_close"}
        action = stored_window(self.env, "sale.order", "Sales Orders", "list,kanban,form,calendar,pivot,graph,activity")
        return action | ({"res_id": orders.id} if len(orders) == 1 else {"domain": [("id", "in", orders.ids)]})

    # -- what happens to invoices

    def action_post(self) -> Any:
        """Post drafts; the lines of down payments in their orders get the price and the taxes of the invoices."""
        result = super().action_post()  # type: ignore[misc]
        prepaid = _down_payments(self)
        _reset_names(prepaid)
        open_lines = prepaid.filtered(lambda line: not is_locked(line.order_id))
        others = open_lines.order_id.order_line - open_lines
        finals = others.invoice_lines.move_id
        for line in open_lines:
            line.write(_values_by_invoices(line, finals))
        return result

    def button_draft(self) -> None:
        """Make posted or cancelled invoices drafts; the lines of down payments say so."""
        super().button_draft()  # type: ignore[misc]
        _reset_names(_down_payments(self))

    def button_cancel(self) -> None:
        """Cancel drafts; the lines of down payments say so."""
        super().button_cancel()  # type: ignore[misc]
        _reset_names(_down_payments(self))

    def unlink(self) -> bool:
        """Delete drafts; lines of orders go too that were for a down payment by these invoices."""
        lines = self.line_ids
        doomed = lines.sale_line_ids.filtered(
            lambda line: line.is_downpayment and set(line.invoice_lines._ids) <= set(lines._ids)
        )
        deleted = super().unlink()
        if doomed:
            doomed.unlink()
        return deleted

    def _reverse_moves(self, default_values_list: Sequence[Mapping[str, Any]] = (), cancel: bool = False) -> Any:
        """Return entries that reverse these; they are for the same orders, and keep what they came from."""
        given = default_values_list or [{} for _ in self]
        known = [name for name in _TRACKERS if name in self]
        values = [{**own, **{name: move[name].id for name in known}} for move, own in zip(self, given, strict=True)]
        return super()._reverse_moves(values, cancel=cancel)  # type: ignore[misc]

    def _invoice_paid_hook(self) -> Any:
        """Tell the orders of invoices that those were paid."""
        result = super()._invoice_paid_hook()  # type: ignore[misc]
        for move in self.filtered(lambda move: move.move_type in INVOICE):
            for order in move.invoice_line_ids.sale_line_ids.order_id:
                order.message_post(body=self.env._("Invoice %s paid").replace("%s", str(move.name)))
        return result


class Line(models.Model):
    _inherit = "account.move.line"
    _since = 13

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values of a duplicate; that of a credit note is for the same lines of orders."""
        values: dict[str, Any] = super()._copied_values(default)
        if self.env.context.get("include_business_fields"):
            values["sale_line_ids"] = [(6, 0, self[:1].sale_line_ids.ids)]
        return values


def _down_payments(moves: Recordset) -> Recordset:
    """Return the order lines for down payments that invoices have."""
    lines: Recordset = moves.line_ids.sale_line_ids
    return lines.filtered(lambda line: line.is_downpayment and not line.display_type)


def _reset_names(lines: Recordset) -> None:
    """Let lines of down payments say what has become of their invoices."""
    if lines and lines.env.db.profile.rules.down_payments_tell_state:
        lines._reset_names()


def _values_by_invoices(line: Recordset, finals: Recordset) -> dict[str, Any]:
    """Return the price and the taxes that invoices say; that they are taken off in final ones does not count."""
    price = 0.0
    for other in line.invoice_lines:
        move = other.move_id
        if move.state == "posted" and move not in finals:
            price += other.price_unit if move.move_type == "out_invoice" else -other.price_unit
    taxes = "tax_ids" if "tax_ids" in line else "tax_id"
    return {"price_unit": price, taxes: [(6, 0, line.invoice_lines.tax_ids.ids)]}
