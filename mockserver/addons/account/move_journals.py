"""The journal of an entry, its date in the books, and its fiscal position.

Source: 17.0; recorded in flow-bill-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from mockserver.addons.account import locks, move_names
from mockserver.addons.account.move_types import RECEIPTS, SALE_OR_RECEIPT, journal_types
from mockserver.errors import UserError


def types(move: Any) -> tuple[str, ...]:
    """Return the types of journals that an entry may be in."""
    row = move._rows()[0]
    if move.move_type == "entry" and (
        row.get("payment_id") or row.get("statement_line_id") or move.env.context.get("is_payment")
        or move.env.context.get("is_statement_line")
    ):  # fmt: skip
        return ("bank", "cash", "credit")
    return journal_types(move.move_type)


def default(move: Any) -> Any:
    """Return the journal of an entry that none was chosen for: one in its currency, else the first that fits."""
    env, row = move.env, move._rows()[0]
    company = row.get("company_id") or env.company.id
    wanted = types(move)
    leaves = [("company_id", "=", company), ("type", "in", list(wanted))]
    journals: Any = env["account.journal"]
    currency = row.get("currency_id") or env.context.get("default_currency_id")
    found = journals.browse()
    if currency and currency != env["res.company"].sudo().browse(company).currency_id.id:
        found = journals.search([*leaves, ("currency_id", "=", currency)], limit=1)
    found = found or journals.search(leaves, limit=1)
    if not found:
        owner = env["res.company"].sudo().browse(company)
        raise UserError(
            f"No journal could be found in company {owner.display_name} for any of those types: {', '.join(wanted)}"
        )
    return found


def accounting_date_of(move: Any) -> str:
    """Return the date of an entry in the books: the day of an invoice; that of a bill may be the end of a month."""
    own, invoiced = move._rows()[0].get("date"), move.invoice_date
    own_date = move.move_type in RECEIPTS and move.env.db.profile.rules.receipts_have_own_date
    if not invoiced or own_date:
        return str(own or move.env.db.clock.today().isoformat())
    if move.move_type in SALE_OR_RECEIPT:
        return str(invoiced)
    return accounting_date(move, str(invoiced), taxed=affects_taxes(move))


def affects_taxes(move: Any) -> bool:
    """Return whether a tax report contains an entry."""
    return any(line.tax_ids or line.tax_line_id or line.tax_tag_ids for line in move.line_ids)


def accounting_date(move: Any, day: str, *, taxed: bool) -> str:
    """Return the day on which a document of a day comes into the books, after all days that are locked."""
    locked = locks.violated(move, day, taxed=taxed)
    day = locks.day_after(locked) if locked else day
    today: date = move.env.db.clock.today()
    period, wanted = move_names.period_of(move), date.fromisoformat(day)
    if move.move_type in SALE_OR_RECEIPT:
        if not locked:
            return day
        ends = {"month": _month_end(wanted), "year": date(wanted.year, 12, 31)}
        return min(today, ends[period]).isoformat() if period in ends else day
    if period == "month":
        past = (today.year, today.month) > (wanted.year, wanted.month)
        return (_month_end(wanted) if past else max(wanted, today)).isoformat()
    if period == "year":
        return (date(wanted.year, 12, 31) if today.year > wanted.year else max(wanted, today)).isoformat()
    return day


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def fiscal_position(move: Any) -> Any:
    """Return the fiscal position of the partner of an entry, by the address of delivery."""
    if not move.partner_id:
        return None
    delivery = move.partner_shipping_id or move.partner_id.browse(move.partner_id.address_get(["delivery"])["delivery"])
    positions: Any = move.env["account.fiscal.position"].with_company(move.company_id)
    if not hasattr(type(positions), "_get_fiscal_position"):
        return None
    return positions._get_fiscal_position(move.partner_id, delivery)
