"""What a line takes from its product, its partner, its journal and the entry: the computed fields of a line.

Source: 17.0; recorded in flow-invoice-1 and flow-invoice-2 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import account_kinds, line_accounts, line_prices
from mockserver.addons.account.line_rows import company_currency, each, kind_of, of_move
from mockserver.addons.account.move_types import (
    INVOICE,
    INVOICE_OR_RECEIPT,
    PURCHASE,
    PURCHASE_OR_RECEIPT,
    SALE_OR_RECEIPT,
    TEXT_LINES,
)
from mockserver.orm.writing import recompute

# the places of generated lines, after those that a user writes
SEQUENCES = {"tax": 10000, "rounding": 11000, "payment_term": 12000}
_UNTAXED = TEXT_LINES | {"tax", "payment_term", "rounding"}


class Line(models.Model):
    _inherit = "account.move.line"
    _since = 13

    @api.versions(since=16)
    @api.depends("move_id")
    def _compute_display_type(self) -> None:
        for line, row, move in each(self):
            found = "product"
            if move.get("move_type") in INVOICE:
                if row.get("tax_repartition_line_id"):
                    found = "tax"
                elif row.get("account_id") and account_kinds.is_trade(line.account_id):
                    found = "payment_term"
            line.display_type = row.get("display_type") or found

    @api.versions(since=16)
    @api.depends("display_type")
    def _compute_sequence(self) -> None:
        for line, row, _ in each(self):
            line.sequence = SEQUENCES.get(kind_of(row), 100)

    @api.versions(since=16)
    @api.depends("display_type")
    def _compute_quantity(self) -> None:
        for line, row, _ in each(self):
            line.quantity = 1.0 if kind_of(row) == "product" else 0.0

    @api.depends("move_id")
    def _compute_partner_id(self) -> None:
        for line, _, move in each(self):
            line.partner_id = move.get("commercial_partner_id")

    @api.depends("move_id.currency_id")
    def _compute_currency_id(self) -> None:
        for line, row, move in each(self):
            own = company_currency(self, move)
            if kind_of(row) == "cogs":
                line.currency_id = own
            elif move.get("move_type") in INVOICE_OR_RECEIPT:
                line.currency_id = move.get("currency_id")
            else:
                line.currency_id = row.get("currency_id") or own

    @api.depends("product_id", "move_id.payment_reference", "move_id.ref")
    def _compute_name(self) -> None:
        for line, row, _ in each(self):
            own, kind = row.get("name"), kind_of(row)
            if kind == "payment_term":
                own = line_prices.term_name(line, own)
            elif row.get("product_id") and kind not in TEXT_LINES:
                own = line_prices.product_text(line)
            line.name = own

    @api.versions(since=16)
    @api.depends("product_id")
    def _compute_product_uom_id(self) -> None:
        """The product's unit; on a bill the unit that it is bought in."""
        for line, row, move in each(self):
            unit = None
            if row.get("product_id"):
                template = line.product_id.product_tmpl_id
                bought = move.get("move_type") in PURCHASE and "uom_po_id" in template
                unit = template.uom_po_id if bought else template.uom_id
            line.product_uom_id = unit

    @api.versions(since=16)
    @api.depends("product_id", "product_uom_id")
    def _compute_price_unit(self) -> None:
        for line, row, _ in each(self):
            skipped = not row.get("product_id") or kind_of(row) in TEXT_LINES
            line.price_unit = row.get("price_unit") if skipped else line_prices.unit_price(line)

    @api.versions(since=16)
    @api.depends("product_id", "product_uom_id")
    @api.computed_after("account_id")
    def _compute_tax_ids(self) -> None:
        accounts = self.env.db.store.rows("account.account")
        for line, row, _ in each(self):
            own = row.get("tax_ids") or ()
            of_account = accounts.get(row.get("account_id") or 0, {}).get("tax_ids")
            if kind_of(row) not in _UNTAXED and (row.get("product_id") or of_account or not own):
                own = line._computed_taxes()._ids if row.get("product_id") or of_account else ()
            line.tax_ids = line.env["account.tax"].browse(own)

    def _computed_taxes(self) -> Any:
        """Return the taxes of the product, else those of the account, mapped by the fiscal position of the entry."""
        move, company = self.move_id, self.move_id.company_id
        if move.move_type in SALE_OR_RECEIPT:
            taxes = self.product_id.taxes_id.filtered(lambda tax: tax.company_id == company)
            taxes = taxes or self.account_id.tax_ids.filtered(lambda tax: tax.type_tax_use == "sale")
        elif move.move_type in PURCHASE_OR_RECEIPT:
            taxes = self.product_id.supplier_taxes_id.filtered(lambda tax: tax.company_id == company)
            taxes = taxes or self.account_id.tax_ids.filtered(lambda tax: tax.type_tax_use == "purchase")
        else:
            taxes = self.account_id.tax_ids
        return line_prices.mapped_taxes(move.fiscal_position_id, taxes)

    @api.depends("product_id", "display_type")
    @api.computed_after("partner_id")
    def _compute_account_id(self) -> None:
        """See `_follow_partner` for what a change of the partner does."""
        chooser = line_accounts.Chooser(self.env)
        for line, row, move in each(self):
            line.account_id = chooser.choose(line, row, move)

    def _follow_partner(self) -> None:
        """Choose the accounts anew of lines whose partner changed, where no product decides."""
        chooser, found = line_accounts.Chooser(self.env), {}
        for line, row, move in each(self):
            kind = kind_of(row)
            invoiced = move.get("move_type") in INVOICE_OR_RECEIPT
            if kind == "payment_term" or (kind == "product" and invoiced and not row.get("product_id")):
                found[row["id"]] = chooser.choose(line, row, move)
        recompute.assign(self.env, self._name, {"account_id": found})

    def _follow_account(self) -> None:
        """Take the taxes of the account for lines whose account changed, where the product has none."""
        found = {}
        for line, row, _ in each(self):
            if line.account_id.tax_ids and not (row.get("product_id") and line.product_id.taxes_id):
                found[row["id"]] = line._computed_taxes()._ids
        recompute.assign(self.env, self._name, {"tax_ids": found})

    @api.versions(until=15, name="_compute_balance")
    @api.depends("debit", "credit")
    def _compute_balance_11(self) -> None:
        for line, row, _ in each(self):
            line.balance = (row.get("debit") or 0.0) - (row.get("credit") or 0.0)

    @api.versions(since=16)
    @api.depends("move_id")
    def _compute_balance(self) -> None:
        """What is missing in an entry; the balances of an invoice follow from its prices."""
        for line, row, move in each(self):
            balance = 0.0
            if kind_of(row) not in TEXT_LINES and move.get("move_type") not in INVOICE_OR_RECEIPT and move:
                others = (other for other in of_move(self.env, move["id"]) if other["id"] != row["id"])
                balance = -sum(other.get("balance") or 0.0 for other in others)
            line.balance = balance

    @api.depends("balance", "currency_id")
    def _compute_amount_currency(self) -> None:
        for line, row, move in each(self):
            own, balance = row.get("amount_currency"), row.get("balance") or 0.0
            if row.get("currency_id") == company_currency(self, move):
                own = balance
            elif own is None:
                own = balance * line_prices.currency_rate(line)
            line.amount_currency = own

    @api.depends("currency_id", "company_id", "move_id.date", "move_id.invoice_date")
    def _compute_currency_rate(self) -> None:
        for line in self:
            line.currency_rate = line_prices.currency_rate(line)

    @api.versions(since=16)
    @api.depends("balance", "move_id.is_storno")
    @api.computes("debit", "credit")
    def _compute_debit_credit(self) -> None:
        for line, row, move in each(self):
            balance = row.get("balance") or 0.0
            is_debit = (balance > 0.0) != bool(move.get("is_storno"))
            line.debit = balance if is_debit else 0.0
            line.credit = 0.0 if is_debit or not balance else -balance

    @api.depends("quantity", "discount", "price_unit", "tax_ids", "currency_id", "display_type")
    @api.computes("price_subtotal", "price_total")
    def _compute_totals(self) -> None:
        reader = line_prices.reader(self.env)
        for line, row, _ in each(self):
            line.price_subtotal, line.price_total = line_prices.totals(line, row, reader)

    @api.depends("tax_ids", "tax_repartition_line_id", "move_id.move_type", "balance")
    def _compute_is_refund(self) -> None:
        for line in self:
            line.is_refund = line_prices.is_refund(line)

    @api.depends("name", "move_id", "product_id")
    def _compute_display_name(self) -> None:
        """The number and reference of the entry, and what the line says besides them."""
        for line in self:
            number, ref = line.move_id.name, line.move_id.ref
            text = line.name or line.product_id.display_name
            parts = [number, f"({ref})" if ref else "", text if text != number else ""]
            line.display_name = " ".join(str(part) for part in parts if part and part != "/")
