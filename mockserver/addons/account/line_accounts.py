"""The account of a line of an entry: from its product, its partner, earlier lines, and the journal.

Source: 17.0; recorded in flow-invoice-2 and flow-entry-1 (17.0).
"""

from __future__ import annotations

import heapq
from collections import Counter
from datetime import timedelta
from typing import Any

from mockserver.addons.account import account_kinds
from mockserver.addons.account.line_rows import LINES, kind_of, line_kind, of_move
from mockserver.addons.account.move_types import (
    INBOUND_OR_RECEIPT,
    INVOICE_OR_RECEIPT,
    SALE_OR_RECEIPT,
    TEXT_LINES,
)
from mockserver.orm.records.environment import Environment
from mockserver.orm.storage.store import Row

_DAYS = 730  # how far back the accounts that a partner's lines had are looked at


class Chooser:
    """Chooses the accounts of the lines of one computation; what several lines have in common is looked up once."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._frequent: dict[tuple[int, int], Any] = {}
        # {(entry, type of line): {line: account}}, and how many lines an entry has
        self._earlier: dict[tuple[int, Any], dict[int, int]] = {}
        self._counts: dict[int, int] = {}

    def choose(self, line: Any, row: Row, move: Row) -> int | None:
        """Return the account of a line: that which it has, unless its product or partner decides."""
        own, kind = row.get("account_id"), kind_of(row)
        if kind in TEXT_LINES or not move:
            return own
        found: int | None = own
        if kind == "payment_term":
            found = term_account(line.move_id, line.partner_id).id
        elif kind == "product" and move.get("move_type") in INVOICE_OR_RECEIPT:
            if row.get("product_id"):
                found = mapped(line.move_id.fiscal_position_id, product_account(line)).id or own
            elif row.get("partner_id"):
                found = self._frequent_account(line, row, move) or own
        found = found or self._from_earlier(row, move) or self._of_journal(move)
        if found:
            self._lines(move, kind)[row["id"]] = found
        return found

    def _of_journal(self, move: Row) -> int | None:
        journal = self._env.db.store.get("account.journal", move.get("journal_id") or 0)
        return journal.get("default_account_id") if journal else None

    def _frequent_account(self, line: Any, row: Row, move: Row) -> int | None:
        key = (move["id"], row["partner_id"])
        if key not in self._frequent:
            found = _frequent(self._env, line.move_id, row["partner_id"])
            self._frequent[key] = found.id if found else None
        frequent: int | None = self._frequent[key]
        return frequent

    def _lines(self, move: Row, kind: Any) -> dict[int, int]:
        """Return the accounts of the lines of a type of an entry, by line."""
        key = (move["id"], kind)
        if key not in self._earlier:
            rows = of_move(self._env, move["id"])
            self._counts[move["id"]] = len(rows)
            alike = (row for row in rows if row.get("account_id") and kind_of(row) == kind)
            self._earlier[key] = {row["id"]: row["account_id"] for row in alike}
        return self._earlier[key]

    def _from_earlier(self, row: Row, move: Row) -> int | None:
        """Return the account of the last two lines of the type if they agree and the entry has more than two lines."""
        alike = self._lines(move, kind_of(row))
        accounts = {alike[id_] for id_ in heapq.nlargest(2, alike)}
        return accounts.pop() if len(accounts) == 1 and self._counts[move["id"]] > 2 else None


def product_account(line: Any) -> Any:
    """Return the income or expense account of a line's product, else that of its category."""
    template = line.product_id.product_tmpl_id.with_company(line.move_id.company_id)
    kind = "income" if line.move_id.move_type in SALE_OR_RECEIPT else "expense"
    return template._account_of_lines(kind)


def mapped(position: Any, account: Any) -> Any:
    """Return the account that a fiscal position puts in the place of another."""
    if position and account:
        for line in position.account_ids:
            if line.account_src_id == account:
                return line.account_dest_id
    return account


def term_account(move: Any, partner: Any) -> Any:
    """Return the account of the lines that a document's total is due on."""
    kind = "receivable" if move.move_type in SALE_OR_RECEIPT else "payable"
    earlier = [line.account_id for line in move.line_ids if line_kind(line) == "payment_term" and line.account_id]
    company = move.company_id
    owner = partner.with_company(company)
    account = owner[f"property_account_{kind}_id"] if owner else None
    account = account or (earlier[0] if earlier else None) or _any_of_kind(move.env, kind, company)
    return mapped(move.fiscal_position_id, account)


def _any_of_kind(env: Environment, kind: str, company: Any) -> Any:
    """Return the account that new contacts have, else the first of its kind."""
    name = f"property_account_{kind}_id"
    chosen = env["res.partner"].with_company(company).default_get([name]).get(name)
    accounts = env["account.account"].sudo()
    return accounts.browse(chosen) if chosen else account_kinds.of_kind(accounts, kind, company)


def _frequent(env: Environment, move: Any, partner: int) -> Any:
    """Return the account that most lines of a partner have, in the last two years.

    Source: 17.0; that the number of lines decides, then the code, is inferred.
    """
    earliest = (env.db.clock.today() - timedelta(days=_DAYS)).isoformat()
    group = "income" if move.move_type in INBOUND_OR_RECEIPT else "expense"
    store, accounts = env.db.store, env.sudo()["account.account"]
    table = store.rows(LINES)
    company = move.company_id.id
    counts: Counter[int] = Counter()
    for id_ in store.having(LINES, "partner_id", (partner,)):
        row = table[id_]
        if row.get("account_id") and row.get("company_id") == company and (row.get("date") or "") >= earliest:
            counts[row["account_id"]] += 1
    fitting = [account for account in accounts.browse(counts) if _fits(account, group)]
    fitting.sort(key=lambda account: (-counts[account.id], str(account.code or "")))
    return fitting[0] if fitting else None


def _fits(account: Any, group: str) -> bool:
    retired = account.deprecated if "deprecated" in account else not account.active
    return not retired and account.internal_group == group
