"""account.move: the totals of an invoice by tax group.

Source: 17.0, 18.0; recorded in flow-invoice-2 (17.0).  `Inferred:` 14.0 and 15.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import line_prices, tax_totals
from mockserver.addons.account.line_rows import line_kind
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT, direction


class AccountMove(models.Model):
    _inherit = "account.move"
    _since = 13

    @api.versions(since=16)
    def _compute_tax_totals(self) -> None:
        for move in self:
            invoiced = move.move_type in INVOICE_OR_RECEIPT
            move.tax_totals = _totals(move) if invoiced else None

    @api.versions(since=15, until=15)
    def _compute_tax_totals_json(self) -> None:
        for move in self:
            invoiced = move.move_type in INVOICE_OR_RECEIPT
            move.tax_totals_json = tax_totals.as_json(_totals(move)) if invoiced else None

    @api.versions(until=14)
    def _compute_amount_by_group(self) -> None:
        for move in self:
            given = {"currency": _currency(move), "company": move.company_id, "present": _present(move)}
            move.amount_by_group = tax_totals.amount_by_group(self.env, _lines(move), **given)


def _currency(move: Any) -> Any:
    return move.currency_id or move.company_id.currency_id


def _lines(move: Any) -> list[Any]:
    """Return the lines of the products, with discounts for early payment, as the tax engine takes them."""
    reader, sign = line_prices.reader(move.env), direction(move.move_type)
    found = []
    for line in move.line_ids:
        kind = line_kind(line)
        if kind in ("product", "epd"):
            value = line_prices.base_line(line, reader, document=True)
            # what is no product has a price of the sign of an entry
            found.append(value if kind == "product" else value._replace(price=sign * value.price))
    return found


def _present(move: Any) -> dict[tuple[int, bool], tuple[float, float]]:
    """Return the amounts of the tax lines, which users may change."""
    sign = direction(move.move_type)
    found: dict[tuple[int, bool], tuple[float, float]] = {}
    for line in move.line_ids:
        if line.tax_line_id:
            key = (line.tax_line_id.id, line_prices.is_refund(line))
            own, company = found.get(key, (0.0, 0.0))
            found[key] = own + sign * line.amount_currency, company + sign * line.balance
    return found


def _totals(move: Any) -> dict[str, Any]:
    totals = tax_totals.of_document(
        move.env, _lines(move), currency=_currency(move), company=move.company_id, present=_present(move),
        cash_rounding=move.invoice_cash_rounding_id,
    )  # fmt: skip
    if "display_invoice_tax_company_currency" in move.company_id:
        sold = move.move_type in ("out_invoice", "out_refund", "out_receipt")
        foreign = _currency(move) != move.company_id.currency_id
        wanted = move.company_id.display_invoice_tax_company_currency
        totals["display_in_company_currency"] = bool(wanted and foreign and totals["has_tax_groups"] and sold)
    return totals
