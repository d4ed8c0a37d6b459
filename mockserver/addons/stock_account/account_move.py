"""account.move: the cost of goods that were sold, on invoices of goods whose valuation is automated.

Source: 17.0; inferred: no recording has automated valuation.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account.line_rows import line_kind
from mockserver.addons.account.move_types import SALE_OR_RECEIPT
from mockserver.addons.account.synchronise import quiet
from mockserver.addons.stock_account.entries import is_automated
from mockserver.orm.records.environment import Recordset


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    @api.versions(since=16, until=18)
    def _post(self, soft: bool = True) -> Any:
        """Post entries; invoices get the lines of the cost of what they sell."""
        if self.env.context.get("move_reverse_cancel"):
            return super()._post(soft)  # type: ignore[misc]
        costs = [vals for move in self for vals in _cost_lines(move.with_company(move.company_id))]
        if costs:
            quiet(self.env["account.move.line"]).create(costs)
        posted = super()._post(soft)  # type: ignore[misc]
        for move in posted if costs else ():
            move._reconcile_costs()
        return posted

    @api.versions(since=16, until=18)
    def button_draft(self) -> Any:
        """Make drafts of entries, without the lines of costs."""
        done = super().button_draft()  # type: ignore[misc]
        self._drop_cost_lines()
        return done

    @api.versions(since=16, until=18)
    def button_cancel(self) -> Any:
        """Cancel entries, without the lines of costs."""
        done = super().button_cancel()  # type: ignore[misc]
        self._drop_cost_lines()
        return done

    def _drop_cost_lines(self) -> None:
        found = self.line_ids.filtered(lambda line: line_kind(line) == "cogs")
        if found:
            quiet(found).unlink()

    def _reconcile_costs(self) -> None:
        """Reconcile what waits for the invoice with what left; sales know which moves those are."""
        moves = self._stock_moves_of_costs()
        for line in self.line_ids.filtered(lambda line: line_kind(line) == "cogs" and line.account_id.reconcile):
            waiting = moves.account_move_ids.line_ids.filtered(
                lambda other, line=line: (
                    other.account_id == line.account_id and other.product_id == line.product_id and not other.reconciled
                )
            )
            if waiting and not line.reconciled:
                (waiting | line).reconcile()

    def _stock_moves_of_costs(self) -> Recordset:
        return self.env["stock.move"]


class MoveLine(models.Model):
    _inherit = "account.move.line"
    _since = 13

    def _cost_of_one(self) -> float:
        """Return what one unit of a line costs: as on the invoice that it takes back, else what the product costs."""
        product, unit = self.product_id, self.product_uom_id
        known = self.move_id.reversed_entry_id.line_ids.filtered(
            lambda line: line_kind(line) == "cogs" and line.product_id == product and line.price_unit >= 0
        )
        if known:
            return float(known[0].price_unit)
        cost = float(product.standard_price)
        return float(product.uom_id._compute_price(cost, unit)) if unit and unit != product.uom_id else cost


def _cost_lines(move: Recordset) -> list[dict[str, Any]]:
    """Return the lines that move the cost of what an invoice sells from the stock that left to the expenses."""
    if move.move_type not in SALE_OR_RECEIPT or not move.company_id.anglo_saxon_accounting:
        return []
    made = []
    for line in move.invoice_line_ids:
        product = line.product_id
        if not product or line_kind(line) != "product" or not is_automated(product):
            continue
        accounts = product.product_tmpl_id.get_product_accounts(fiscal_pos=move.fiscal_position_id)
        interim, expense = accounts["stock_output"], accounts["expense"] or move.journal_id.default_account_id
        cost = line._cost_of_one()
        amount = line.quantity * cost * (-1 if move.move_type == "out_refund" else 1)
        if not interim or not expense or not move.currency_id.round(amount):
            continue
        made += [
            _line(line, interim, cost, -amount),
            {**_line(line, expense, -cost, amount), "analytic_distribution": line.analytic_distribution},
        ]
    return made


def _line(line: Recordset, account: Recordset, cost: float, amount: float) -> dict[str, Any]:
    move = line.move_id
    balance = move.company_id.currency_id.round(amount)
    return {
        "name": str(line.name or "")[:64], "move_id": move.id, "partner_id": move.commercial_partner_id.id,
        "product_id": line.product_id.id, "product_uom_id": line.product_uom_id.id, "quantity": line.quantity,
        "price_unit": cost, "balance": balance, "amount_currency": amount, "account_id": account.id,
        "display_type": "cogs", "tax_ids": [], "cogs_origin_id": line.id,
    }  # fmt: skip
