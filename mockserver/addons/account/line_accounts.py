"""The account of a line of an entry: from its product, its partner, earlier lines, and the journal.

Source: 17.0; recorded in flow-invoice-2 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from mockserver.addons.account.move_types import (
    INBOUND_OR_RECEIPT,
    INVOICE_OR_RECEIPT,
    OUTBOUND_OR_RECEIPT,
    SALE_OR_RECEIPT,
    TEXT_LINES,
)
from mockserver.orm.records.environment import Environment

TERM_TYPES = ("asset_receivable", "liability_payable")
_DAYS = 730  # how far back the accounts that a partner's lines had are looked at


def of_term(account: Any) -> bool:
    """Return whether an account is a receivable or a payable one."""
    return account_type(account) in TERM_TYPES


def account_type(account: Any) -> Any:
    """Return the type of an account in the words of 16.0 and later."""
    if "account_type" in account:
        return account.account_type
    return {"receivable": "asset_receivable", "payable": "liability_payable"}.get(account.internal_type)


def account_of(line: Any) -> Any:
    """Return the account of a line: that which it has, unless its product or partner decides."""
    move, own = line.move_id, line.env["account.account"].browse(line._rows()[0].get("account_id") or ())
    if line.display_type in TEXT_LINES:
        return own
    found = own
    if line.display_type == "payment_term":
        found = term_account(move, line.partner_id)
    elif line.display_type == "product" and move.move_type in INVOICE_OR_RECEIPT:
        if line.product_id:
            found = mapped(move.fiscal_position_id, product_account(line)) or own
        elif line.partner_id:
            found = _frequent(line.env, move, line.partner_id) or own
    return found or _from_earlier(line) or move.journal_id.default_account_id


def product_account(line: Any) -> Any:
    """Return the income or expense account of a line's product, else that of its category."""
    template = line.product_id.product_tmpl_id.with_company(line.move_id.company_id)
    kind = "income" if line.move_id.move_type in SALE_OR_RECEIPT else "expense"
    return template[f"property_account_{kind}_id"] or template.categ_id[f"property_account_{kind}_categ_id"]


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
    earlier = [line.account_id for line in move.line_ids if line.display_type == "payment_term" and line.account_id]
    company = move.company_id
    owner = partner.with_company(company)
    account = owner[f"property_account_{kind}_id"] if owner else None
    account = account or (earlier[0] if earlier else None) or _any_of_type(move.env, kind, company)
    return mapped(move.fiscal_position_id, account)


def _any_of_type(env: Environment, kind: str, company: Any) -> Any:
    default = env["res.partner"].with_company(company).default_get([f"property_account_{kind}_id"])
    chosen = default.get(f"property_account_{kind}_id")
    accounts: Any = env["account.account"].sudo()
    if chosen:
        return accounts.browse(chosen)
    leaf = ("account_type", "=", f"{'asset' if kind == 'receivable' else 'liability'}_{kind}")
    return accounts.search([leaf] if "account_type" in accounts else [("internal_type", "=", kind)], limit=1)


def _frequent(env: Environment, move: Any, partner: Any) -> Any:
    """Return the account that most lines of a partner have, in the last two years.

    Source: 17.0; that the number of lines decides, then the code, is inferred.
    """
    since = (env.db.clock.today() - timedelta(days=_DAYS)).isoformat()
    group = "income" if move.move_type in INBOUND_OR_RECEIPT else "expense"
    if move.move_type not in INBOUND_OR_RECEIPT | OUTBOUND_OR_RECEIPT:
        group = ""
    store, accounts = env.db.store, env.sudo()["account.account"]
    table = store.rows("account.move.line")
    company = move.company_id.id
    counts: Counter[int] = Counter()
    for id_ in store.having("account.move.line", "partner_id", (partner.id,)):
        row = table[id_]
        if row.get("account_id") and row.get("company_id") == company and (row.get("date") or "") >= since:
            counts[row["account_id"]] += 1
    fitting = [a for a in accounts.browse(counts) if not _retired(a) and group in ("", a.internal_group)]
    fitting.sort(key=lambda a: (-counts[a.id], str(a.code or "")))
    return fitting[0] if fitting else None


def _retired(account: Any) -> bool:
    return bool(account.deprecated) if "deprecated" in account else not account.active


def _from_earlier(line: Any) -> Any:
    """Return the account of the last two lines of the kind if they agree and the entry has more than two lines."""
    alike = [o for o in line.move_id.line_ids if o.account_id and o.display_type == line.display_type][-2:]
    accounts = {other.account_id.id for other in alike}
    return alike[0].account_id if len(accounts) == 1 and len(line.move_id.line_ids) > 2 else None
