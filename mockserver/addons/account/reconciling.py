"""Reconcile journal items: the partial reconciliations, the exchange differences and the full reconciliation.

`matching` says who settles how much of whom; here it is stored.  Items that are connected by partial reconciliations
are one *component*; when nothing of a component is left open, it gets a full reconciliation.

Source: recorded in flow-payment-1 and flow-currency-1 (17.0–19.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mockserver.addons.account import account_kinds, cash_basis, exchange_differences
from mockserver.addons.account.matching import Difference, Item, Match, Money, match
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.writing.rows import write_rows

PARTIAL, FULL, LINE = "account.partial.reconcile", "account.full.reconcile", "account.move.line"


@dataclass
class Outcome:
    """What a reconciliation made."""

    partials: Recordset
    exchange_moves: Recordset
    fulls: Recordset


def reconcile(groups: Iterable[Recordset], *, differences: bool = True) -> Outcome | None:
    """Reconcile the items of each group; None if no group has items left to reconcile.

    Without `differences` no entries for exchange differences are made.
    """
    found: Outcome | None = None
    for group in groups:
        lines = _checked(group)
        if not lines:
            continue
        made = _reconcile(lines.sudo(), differences)
        found = made if found is None else _joined(found, made)
    return found


def _joined(one: Outcome, other: Outcome) -> Outcome:
    return Outcome(one.partials | other.partials, one.exchange_moves | other.exchange_moves, one.fulls | other.fulls)


# -- who may be reconciled


def in_order(lines: Recordset) -> Recordset:
    """Return items in the order in which they are settled."""
    return lines.sorted(
        key=lambda line: (line.date_maturity or line.date or "", line.currency_id.id or 0, line.amount_currency)
    )


def _checked(lines: Recordset) -> Recordset:
    """Return the items to reconcile; raises UserError for those that do not belong together."""
    rules = lines.env.db.profile.rules
    lines = in_order(lines)
    if rules.reconciled_items_skipped:
        lines = lines.filtered(lambda line: not line.reconciled)
    if not lines:
        return lines
    if any(line.reconciled for line in lines):
        raise UserError("You are trying to reconcile some entries that are already reconciled.")
    allowed = ("posted",) if not rules.drafts_reconciled else ("posted", "draft")
    if rules.reconciled_accounts_first:
        _check_accounts_one_by_one(lines)
    if any(line.parent_state not in allowed for line in lines):
        raise UserError("You can only reconcile posted entries.")
    accounts = lines.account_id
    if len(accounts) > 1:
        names = rules.accounts_joined.join(str(account.display_name) for account in accounts)
        raise UserError(f"Entries are not from the same account: {names}")
    if len(lines.company_id) > 1:
        names = rules.accounts_joined.join(str(company.display_name) for company in lines.company_id)
        raise UserError(rules.companies_differ_text.format(names=names))
    _check_accounts_one_by_one(lines)
    return lines


def _check_accounts_one_by_one(lines: Recordset) -> None:
    for account in lines.account_id:
        if not account_kinds.is_matched(account):
            raise UserError(
                f"Account {account.display_name} does not allow reconciliation. "
                "First change the configuration of this account to allow it."
            )


# -- what is made


def money(currency: Recordset) -> Money:
    """Return a currency as `matching` knows it."""
    return Money(currency._ids[0], currency.rounding)


def item_of(line: Recordset) -> Item:
    """Return a journal item as `matching` knows it."""
    company, move = line.company_id, line.move_id
    day = (move.invoice_date if move.move_type != "entry" else None) or line.date

    def rate(other: Money) -> float:
        target = company.currency_id.browse(other.id)
        return float(company.currency_id._get_conversion_rate(target, company, day))

    return Item(
        id=line._ids[0],
        balance=line.balance,
        amount_currency=line.amount_currency,
        open=line.amount_residual,
        open_currency=line.amount_residual_currency,
        company=money(company.currency_id),
        currency=money(line.currency_id or company.currency_id),
        due=line.date_maturity or line.date or "",
        trade=account_kinds.is_trade(line.account_id),
        paying=is_payment(move),
        rates=rate,
    )


def payment_of(move: Recordset) -> Recordset:
    """Return the payment that made an entry."""
    name = "payment_id" if "payment_id" in move._model.fields else "origin_payment_id"
    found: Recordset = move[name]
    return found


def is_payment(move: Recordset) -> bool:
    """Return whether an entry was made by a payment or a bank statement."""
    return bool(payment_of(move) or move.statement_line_id)


def _reconcile(lines: Recordset, differences: bool) -> Outcome:
    cash_basis.refuse(lines)
    env = lines.env
    rules = env.db.profile.rules
    now = differences and rules.exchange_per_partial
    matches = match([item_of(line) for line in lines], differences=now)
    unpaid = lines.move_id._unpaid_invoices()
    made = Outcome(env[PARTIAL].browse(_store(env, matches)), env["account.move"].browse(), env[FULL].browse())
    for partial, found in zip(made.partials, matches, strict=True):
        if found.differences:
            day = max(partial.debit_move_id.date, partial.credit_move_id.date)
            move = _booked(env, found.differences, day)
            write_rows(partial, {"exchange_move_id": move.id})
            made.exchange_moves |= move
    done: Recordset = env[LINE].browse()
    for line in lines:
        if line not in done:
            whole = component(line)
            done |= whole
            full = _complete(whole, differences)
            made.fulls |= full
            number(whole | full.reconciled_line_ids)
    unpaid._tell_paid()
    return made


def _store(env: Environment, matches: Sequence[Match]) -> list[int]:
    ids = []
    for found in matches:
        made = env[PARTIAL].create(
            {
                "amount": found.amount,
                "debit_amount_currency": found.debit_currency,
                "credit_amount_currency": found.credit_currency,
                "debit_move_id": found.debit,
                "credit_move_id": found.credit,
            }
        )
        ids.append(made._ids[0])
    return ids


def partials_of(lines: Recordset) -> Recordset:
    """Return the partial reconciliations of items, oldest first."""
    store = lines.env.db.store
    found = {id_ for side in ("debit_move_id", "credit_move_id") for id_ in store.having(PARTIAL, side, lines._ids)}
    return lines.env[PARTIAL].browse(sorted(found))


def component(lines: Recordset) -> Recordset:
    """Return all items that are connected with these by partial reconciliations."""
    rows = lines.env.db.store.rows(PARTIAL)
    known = dict.fromkeys(lines._ids)
    pending = lines
    while pending:
        ids = [id_ for p in partials_of(pending)._ids for id_ in (rows[p]["debit_move_id"], rows[p]["credit_move_id"])]
        more = [id_ for id_ in dict.fromkeys(ids) if id_ not in known]
        known.update(dict.fromkeys(more))
        pending = lines.browse(more)
    return lines.browse(known)


def _booked(env: Environment, differences: Sequence[Difference], day: str) -> Recordset:
    """Post the entry of exchange differences and reconcile it; return it."""
    move, groups = exchange_differences.book(env, differences, day)
    reconcile(groups, differences=False)
    return move


def _complete(lines: Recordset, differences: bool) -> Recordset:
    """Make the full reconciliation of a component of which nothing is left open."""
    fulls: Recordset = lines.env[FULL].browse()
    partials = partials_of(lines)
    if not partials or not _is_settled(lines):
        return fulls
    held: Recordset = lines.full_reconcile_id
    if len(held) == 1 and all(line.full_reconcile_id for line in lines):
        return fulls
    left = _left_over(lines) if differences else []
    values = {}
    if left:
        move = _booked(lines.env, left, max(line.date for line in lines))
        lines = component(lines)
        partials, held = partials_of(lines), lines.full_reconcile_id
        if "exchange_move_id" in fulls._model.fields:
            values["exchange_move_id"] = move.id
    full: Recordset = fulls.create(values)
    write_rows(partials, {"full_reconcile_id": full.id})
    write_rows(lines, {"full_reconcile_id": full.id})
    (held - full).unlink()
    return full


def _is_settled(lines: Recordset) -> bool:
    """Return whether nothing of a component is left open: in its currency, or the company's if there are several."""
    several = len(lines.currency_id) > 1
    for line in lines:
        if line.reconciled:
            continue
        if several or not line.currency_id:
            if not line.company_currency_id.is_zero(line.amount_residual):
                return False
        elif not line.currency_id.is_zero(line.amount_residual_currency):
            return False
    return True


def _left_over(lines: Recordset) -> list[Difference]:
    """Return what settled items keep in the other currency."""
    found = []
    for line in lines:
        if not line.company_currency_id.is_zero(line.amount_residual):
            found.append(Difference(line._ids[0], line.amount_residual, False))
        elif line.currency_id and not line.currency_id.is_zero(line.amount_residual_currency):
            found.append(Difference(line._ids[0], line.amount_residual_currency, True))
    return found


def number(lines: Recordset) -> None:
    """Give items their matching number: that of the full reconciliation, or `P` and the oldest partial one."""
    if lines._model.fields["matching_number"].compute:
        return
    done: Recordset = lines.browse()
    for line in lines:
        if line not in done:
            whole = component(line)
            done |= whole
            partials = partials_of(whole)
            for one in whole:
                full = one.full_reconcile_id
                text = str(full.id) if full else f"P{partials._ids[0]}" if partials else False
                if one.matching_number != text:
                    write_rows(one, {"matching_number": text})
