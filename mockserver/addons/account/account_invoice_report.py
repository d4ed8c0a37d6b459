"""account.invoice.report: the product lines of invoices and bills, for statistics.

Amounts without a currency in their names are in the currency of the company, those of bills and credit notes are
negative; quantities are in the unit of the product.
Source: 17.0; `Inferred:` the columns of other versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver import models
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT, OUTBOUND_OR_RECEIPT, SALE_OR_RECEIPT
from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

_MOVES, _LINES = "account.move", "account.move.line"
_OF_MOVE = (
    "state", "move_type", "partner_id", "invoice_user_id", "fiscal_position_id", "payment_state", "invoice_date",
    "invoice_date_due", "team_id",
)  # fmt: skip
_OF_LINE = (
    "move_id", "product_id", "account_id", "journal_id", "company_id", "company_currency_id", "currency_id",
    "analytic_account_id",
)  # fmt: skip


class InvoiceReport(models.Model):
    _inherit = "account.invoice.report"
    _since = 13

    def _query_rows(self) -> Iterator[Row]:
        """Yield a row for each product line, of the same id; drafts and cancelled invoices have theirs too."""
        env = self.env.sudo()
        moves = env.db.store.rows(_MOVES)
        for line in env.db.store.rows(_LINES).values():
            move = moves.get(line.get("move_id") or 0, {})
            if move.get("move_type") in INVOICE_OR_RECEIPT and line.get("account_id") and _is_base(line):
                row = self._row(env[_LINES].browse(line["id"]), line, move)
                yield {name: value for name, value in row.items() if name in self._model.fields and value is not None}

    def _row(self, record: Recordset, line: Row, move: Row) -> dict[str, Any]:
        product, partner = record.product_id, record.move_id.partner_id
        unit = product.uom_id or record.product_uom_id
        sign = -1.0 if move["move_type"] in OUTBOUND_OR_RECEIPT else 1.0
        quantity = quantity_in(record.product_uom_id, line.get("quantity") or 0.0, unit, method=None, strict=False)
        subtotal, cost = -(line.get("balance") or 0.0), quantity * product.standard_price
        total, rate = line.get("price_total") or 0.0, line.get("currency_rate") or 1.0
        by_company = "price_total_currency" in self._model.fields
        return {
            **{name: line.get(name) for name in _OF_LINE},
            **{name: move.get(name) for name in _OF_MOVE},
            "id": line["id"],
            "commercial_partner_id": line.get("partner_id"),
            "country_id": (partner.country_id or partner.commercial_partner_id.country_id).id or None,
            "product_uom_id": unit.id or None,
            "product_categ_id": product.categ_id.id or None,
            "quantity": sign * quantity,
            "price_subtotal": subtotal,
            "price_subtotal_currency": sign * (line.get("price_subtotal") or 0.0),
            "price_total": sign * (total / rate if by_company else total),
            "price_total_currency": sign * total,
            "price_average": sign * subtotal / quantity if quantity else 0.0,
            "price_margin": subtotal - sign * cost if move["move_type"] in SALE_OR_RECEIPT else 0.0,
            "inventory_value": cost
            * (1.0 if move["move_type"] in ("in_invoice", "out_refund", "in_receipt") else -1.0),
        }


def _is_base(line: Row) -> bool:
    """Return whether a line is one of a product; until 15 those have no mark, and others are not shown as lines."""
    if line.get("display_type"):
        return bool(line["display_type"] == "product")
    return not line.get("exclude_from_invoice_tab")
