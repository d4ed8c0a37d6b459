"""res.partner: what customers owe and vendors are owed, and what was invoiced.

Source: recorded in flow-invoice-1, flow-bill-1 and flow-random-invoice-1 (17.0).
"""

from __future__ import annotations

import operator as operators
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from mockserver import api, models
from mockserver.addons.account import account_kinds
from mockserver.addons.account.line_rows import kind_of
from mockserver.addons.account.move_types import PURCHASE, SALE, SALE_OR_RECEIPT
from mockserver.addons.base.res_bank import sanitized_field
from mockserver.addons.base.res_partner_families import by_head, families
from mockserver.orm.query.computing import shared
from mockserver.orm.storage.store import Row

_LINES, _MOVES = "account.move.line", "account.move"
_COMPARISONS = {
    "=": operators.eq, "<": operators.lt, ">": operators.gt, "<=": operators.le, ">=": operators.ge,
}  # fmt: skip


class Partner(models.Model):
    _inherit = "res.partner"

    @api.computes("credit", "debit")
    def _compute_credit_debit(self) -> None:
        """What is open on the receivable and payable accounts, in posted entries."""
        due = _open_amounts(self)
        credits, debits = due[account_kinds.RECEIVABLE], due[account_kinds.PAYABLE]
        self._assign_each("credit", {id_: credits.get(id_, 0.0) for id_ in self._ids})
        self._assign_each("debit", {id_: -debits.get(id_, 0.0) for id_ in self._ids})

    def _search_credit(self, operator: str, value: Any) -> list[Any]:
        return self._with_open_amount(account_kinds.RECEIVABLE, 1, operator, value)

    def _search_debit(self, operator: str, value: Any) -> list[Any]:
        return self._with_open_amount(account_kinds.PAYABLE, -1, operator, value)

    def _with_open_amount(self, wanted: str, sign: int, operator: str, value: Any) -> list[Any]:
        """A condition for the partners whose open amount compares so."""
        compare = _COMPARISONS.get(operator)
        if compare is None or not isinstance(value, (int, float)):
            return []
        everyone = self.browse(sorted(self.env.db.store.rows("res.partner")))
        amounts = _open_amounts(everyone)[wanted]
        return [("id", "in", [id_ for id_, amount in amounts.items() if compare(sign * amount, value)])]

    @api.versions(since=13)
    def _compute_total_invoiced(self) -> None:
        """The sales before taxes to the partner and its contacts, less credit notes."""
        moves, everyone = self.env.db.store.rows(_MOVES), set[int]().union(*families(self).values())
        sold = [
            row
            for row in _posted_lines(self.browse(everyone))
            if _is_product(row) and moves[row["move_id"]].get("move_type") in SALE
        ]
        found = by_head(self, sold, "partner_id")
        totals = {id_: -sum(row.get("balance", 0.0) for row in rows) + 0.0 for id_, rows in found.items()}
        self._assign_each("total_invoiced", totals)

    @api.versions(since=13)
    def _compute_days_sales_outstanding(self) -> None:
        """How many days of sales the customer owes."""
        today: date = self.env.db.clock.today()
        self.days_sales_outstanding = 0.0
        sales: dict[int, list[Row]] = {}
        for row in _posted_moves(self, "commercial_partner_id"):
            if row["move_type"] in SALE_OR_RECEIPT:
                sales.setdefault(row["commercial_partner_id"], []).append(row)
        customers = self.browse(id_ for id_ in self._ids if id_ in sales)
        for partner, (credit,) in zip(customers, customers._held("credit"), strict=True):
            moves = sales[partner.id]
            total = sum(row.get("amount_total_signed", 0.0) for row in moves)
            days = [date.fromisoformat(row["invoice_date"]) for row in moves if row.get("invoice_date")]
            age = (today - min(days)).days if days else 0
            partner.days_sales_outstanding = credit / total * age if total else 0.0

    def _compute_journal_item_count(self) -> None:
        items = self.env.db.store.index(_LINES, "partner_id")
        self._assign_each("journal_item_count", {id_: len(items.get(id_, ())) for id_ in self._ids})

    def _compute_bank_account_count(self) -> None:
        self.bank_account_count = 0
        for partner in self._having_lines("bank_ids"):
            partner.bank_account_count = len(partner.bank_ids)

    @api.versions(since=13)
    def _compute_supplier_invoice_count(self) -> None:
        """The bills and credit notes of the vendor and its contacts."""
        domain = [("partner_id", "child_of", self.ids), ("move_type", "in", sorted(PURCHASE))]
        bills = by_head(self, self.env[_MOVES].search(domain)._rows(), "partner_id")
        self._assign_each("supplier_invoice_count", {id_: len(rows) for id_, rows in bills.items()})

    def _compute_duplicated_bank_account_partners_count(self) -> None:
        accounts = self.env["res.partner.bank"]
        number = sanitized_field(accounts)
        self.duplicated_bank_account_partners_count = 0
        for partner in self._having_lines("bank_ids"):
            numbers = [bank[number] for bank in partner.bank_ids if bank[number]]
            others = accounts.search([(number, "in", numbers)]).partner_id
            partner.duplicated_bank_account_partners_count = len(others - partner)

    def _compute_currency_id(self) -> None:
        self.currency_id = self.env.company.currency_id

    def _compute_has_unreconciled_entries(self) -> None:
        due = _open_amounts(self)
        amounts = {**due[account_kinds.RECEIVABLE], **due[account_kinds.PAYABLE]}
        self._assign_each("has_unreconciled_entries", {id_: bool(amounts.get(id_)) for id_ in self._ids})

    def _compute_show_credit_limit(self) -> None:
        self.show_credit_limit = bool(self.env.company.account_use_credit_limit)

    def _compute_credit_to_invoice(self) -> None:
        self.credit_to_invoice = 0.0

    @api.versions(until=17)
    def mark_as_reconciled(self) -> bool:
        """Note when the items of the partner were last looked at."""
        return bool(self.write({"last_time_entries_checked": self.env.db.clock.now()}))

    def action_view_partner_invoices(self) -> dict[str, Any]:
        """Return the action that lists the invoices of a customer."""
        self.ensure_one()
        view = self.env.db.profile.rules.list_view
        family = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        return {
            "name": "Invoices",
            "type": "ir.actions.act_window",
            "res_model": _MOVES,
            "view_mode": f"{view},kanban,form,activity",
            "domain": [["move_type", "in", ["out_invoice", "out_refund"]], ["partner_id", "in", family.ids]],
            "context": {"default_move_type": "out_invoice", "move_type": "out_invoice", "journal_type": "sale"},
        }


def _open_amounts(partners: Any) -> Mapping[str, Mapping[int, float]]:
    """Return what is open on receivable and payable accounts, `{kind: {partner: amount}}`, of the current company."""
    return shared(partners, "open amounts", lambda: _look_up_open_amounts(partners))


def _look_up_open_amounts(partners: Any) -> dict[str, dict[int, float]]:
    env = partners.env.sudo()
    found: dict[str, dict[int, float]] = {account_kinds.RECEIVABLE: {}, account_kinds.PAYABLE: {}}
    kinds: dict[int, str] = {}
    for row in _posted_lines(partners):
        account = row.get("account_id")
        if account is None or row.get("reconciled"):
            continue
        if account not in kinds:
            kinds[account] = account_kinds.kind(env["account.account"].browse(account))
        if kinds[account] in found:
            amounts, partner = found[kinds[account]], row["partner_id"]
            amounts[partner] = amounts.get(partner, 0.0) + row.get("amount_residual", 0.0)
    currency = env.company.currency_id
    return {kind: {id_: currency.round(amount) for id_, amount in own.items()} for kind, own in found.items()}


def _is_product(row: Row) -> bool:
    """Return whether an item is of what was sold: until 15 that is what is neither a tax nor what is due."""
    if "exclude_from_invoice_tab" in row:
        return not row["exclude_from_invoice_tab"]
    return kind_of(row) == "product"


def _posted_lines(partners: Any) -> Iterable[Row]:
    """Yield the rows of the posted items of partners, of the current company."""
    store, company = partners.env.db.store, partners.env.company.id
    rows, moves = store.rows(_LINES), store.rows(_MOVES)
    for id_ in sorted(store.having(_LINES, "partner_id", partners._ids)):
        row = rows[id_]
        state = row.get("parent_state") or moves[row["move_id"]].get("state")  # until 12 it is not on the item
        if state == "posted" and row.get("company_id") == company:
            yield row


def _posted_moves(partners: Any, field: str) -> Iterable[Row]:
    store, company = partners.env.db.store, partners.env.company.id
    rows = store.rows(_MOVES)
    for id_ in sorted(store.having(_MOVES, field, partners._ids)):
        row = rows[id_]
        if row.get("state") == "posted" and row.get("company_id") == company:
            yield row
