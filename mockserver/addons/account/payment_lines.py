"""The items of a payment's entry: one on the outstanding account, its counterpart, and what is written off.

Source: recorded in flow-payment-1 and flow-currency-1 (17.0–19.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from mockserver.addons.account import account_kinds, payment_methods, reconciling
from mockserver.addons.account.move_types import PURCHASE_OR_RECEIPT, SALE_OR_RECEIPT
from mockserver.addons.base.money import amount_text
from mockserver.errors import UserError
from mockserver.orm.records.recordset import Recordset

Values = Mapping[str, Any]

_LABELS = {
    ("inbound", "customer"): "Customer Payment",
    ("outbound", "customer"): "Customer Reimbursement",
    ("outbound", "supplier"): "Vendor Payment",
    ("inbound", "supplier"): "Vendor Reimbursement",
}


class Parts(NamedTuple):
    """The items of an entry by what they are for."""

    liquidity: Recordset
    counterpart: Recordset
    writeoff: Recordset


def parts(payment: Recordset) -> Parts:
    """Return the items of a payment's entry.

    If the accounts of the journal have changed since, a single other item stands for the one that is not found.
    """
    lines = payment.move_id.line_ids
    accounts = _liquidity_accounts(payment)
    transfer = payment.journal_id.company_id.transfer_account_id
    liquidity = lines.filtered(lambda line: line.account_id in accounts)
    others = lines - liquidity
    counterpart = others.filtered(lambda ln: account_kinds.is_trade(ln.account_id) or ln.account_id == transfer)
    writeoff = others - counterpart
    if len(writeoff) == 1 and not liquidity:
        return Parts(writeoff, counterpart, writeoff.browse())
    if len(writeoff) == 1 and not counterpart:
        return Parts(liquidity, writeoff, writeoff.browse())
    return Parts(liquidity, counterpart, writeoff)


def _liquidity_accounts(payment: Recordset) -> Recordset:
    journal = payment.journal_id
    found: Recordset = (
        journal.default_account_id | payment.outstanding_account_id
        if "outstanding_account_id" in (payment._model.fields)
        else journal.default_account_id
    )
    for owner, names in (
        (journal, ("payment_debit_account_id", "payment_credit_account_id")),
        (journal.company_id, ("account_journal_payment_debit_account_id", "account_journal_payment_credit_account_id")),
    ):
        for name in names:
            if name in owner._model.fields:
                found |= owner[name]
    return found | found.browse(payment_methods.accounts_of(journal))


# -- what they say


def label(payment: Recordset, *, liquidity: bool) -> str:
    """Return the name of an item."""
    if not payment.env.db.profile.rules.payment_is_entry:
        method = payment.payment_method_line_id.name or "No Payment Method"
        return f"{method}: {payment.memo}" if payment.memo else str(method)
    transfer = bool(payment.is_internal_transfer)
    if liquidity and transfer:
        inbound = payment.payment_type == payment_methods.INBOUND
        return f"Transfer to {payment.journal_id.name}" if inbound else f"Transfer from {payment.journal_id.name}"
    if payment.payment_reference:
        return str(payment.payment_reference)
    name = "Internal Transfer" if transfer else _LABELS[payment.payment_type, payment.partner_type]
    partner = [str(payment.partner_id.display_name)] if payment.partner_id else []
    first = f"{name} {amount_text(payment.env, payment.amount, payment.currency_id)}"
    return " - ".join([first, *partner, date.fromisoformat(payment.date).strftime("%m/%d/%Y")])


def values(payment: Recordset, writeoff: Sequence[Values] = (), balance: float | None = None) -> list[dict[str, Any]]:
    """Return the values of the items: outstanding, counterpart, written off.

    `balance` is the amount in the company's currency, if the rate of the day does not decide it.
    """
    company = payment.company_id.currency_id
    account = outstanding(payment)
    sign = {payment_methods.INBOUND: 1, payment_methods.OUTBOUND: -1}.get(payment.payment_type, 0)
    amount = sign * payment.amount
    if balance is not None and not writeoff:
        value = (1 if amount > 0 else -1) * abs(balance)
    else:
        value = payment.currency_id._convert(amount, company, payment.company_id, payment.date)
    rest = -amount - sum(vals["amount_currency"] for vals in writeoff)
    rest_value = -value - sum(vals["balance"] for vals in writeoff)
    common = {
        "date_maturity": payment.date,
        "currency_id": payment.currency_id.id,
        "partner_id": payment.partner_id.id,
    }
    return [
        {**common, "name": label(payment, liquidity=True), "amount_currency": amount, "balance": value,
         "account_id": account.id},
        {**common, "name": label(payment, liquidity=False), "amount_currency": rest, "balance": rest_value,
         "account_id": payment.destination_account_id.id},
        *(dict(vals) for vals in writeoff),
    ]  # fmt: skip


def outstanding(payment: Recordset) -> Recordset:
    """Return the outstanding account; raises UserError without one."""
    own = "outstanding_account_id" in payment._model.fields
    account: Recordset = payment.outstanding_account_id if own else payment_methods.outstanding_account(payment)
    if not account:
        method = payment["payment_method_line_id" if own else "payment_method_id"].name
        raise UserError(
            "You can't create a new payment without an outstanding payments/receipts account set either on the company"
            f" or the {method} payment method in the {payment.journal_id.display_name} journal."
        )
    return account


def synchronise(payment: Recordset) -> None:
    """Write a changed payment into the items of its entry; what was written off stays, in one item."""
    found = parts(payment)
    writeoff: list[dict[str, Any]] = []
    if found.liquidity and found.counterpart and found.writeoff:
        first = found.writeoff[0]
        writeoff.append(
            {
                "name": first.name,
                "account_id": first.account_id.id,
                "partner_id": first.partner_id.id,
                "currency_id": first.currency_id.id,
                "amount_currency": sum(found.writeoff.mapped("amount_currency")),
                "balance": sum(found.writeoff.mapped("balance")),
            }
        )
    made = values(payment, writeoff)
    commands: list[Any] = []
    for line, vals in ((found.liquidity, made[0]), (found.counterpart, made[1])):
        commands.append((1, line.id, vals) if len(line) == 1 else (0, 0, vals))
    commands += [(2, line.id, 0) for line in found.writeoff]
    commands += [(0, 0, vals) for vals in made[2:]]
    payment.move_id.with_context(skip_invoice_sync=True, skip_account_move_synchronization=True).write(
        {
            **payment._moved_values(),
            "partner_id": payment.partner_id.id,
            "currency_id": payment.currency_id.id,
            "partner_bank_id": payment.partner_bank_id.id,
            "line_ids": commands,
        }
    )


# -- what became of it


def status(payment: Recordset) -> tuple[bool, bool]:
    """Return whether the counterpart was reconciled, and whether the bank statement has the payment."""
    if not payment.currency_id:
        return False, False
    if payment.currency_id.is_zero(payment.amount):
        return True, True
    if not payment.move_id:
        return False, payment.state == "paid"
    found = parts(payment)
    own = payment.currency_id == payment.company_id.currency_id
    residual = "amount_residual" if own else "amount_residual_currency"
    zero = payment.currency_id.is_zero
    default = payment.journal_id.default_account_id
    direct = bool(default) and default in found.liquidity.account_id
    others = (found.counterpart | found.writeoff).filtered(lambda line: bool(line.account_id.reconcile))
    return zero(sum(others.mapped(residual))), direct or zero(sum(found.liquidity.mapped(residual)))


def company_amount(payment: Recordset) -> float:
    """Return the amount in the company's currency; what goes out is negative."""
    if payment.move_id:
        return float(sum(parts(payment).liquidity.mapped("balance")))
    signed = -payment.amount if payment.payment_type == payment_methods.OUTBOUND else payment.amount
    company = payment.company_id
    return float(payment.currency_id._convert(signed, company.currency_id, company, payment.date))


def reconciled_with(payment: Recordset) -> dict[str, Any]:
    """Return the documents and statement lines that a payment was reconciled with, by the field that holds them."""
    env = payment.env
    moves = env["account.move"].browse()
    if payment.move_id:
        found = parts(payment)
        for lines in (found.counterpart, found.liquidity):
            partials = reconciling.partials_of(lines)
            moves |= (partials.debit_move_id | partials.credit_move_id).move_id - payment.move_id
    if "invoice_ids" in payment._model.fields:
        moves |= payment.invoice_ids
    invoices = moves.filtered(lambda move: move.move_type in SALE_OR_RECEIPT)
    bills = moves.filtered(lambda move: move.move_type in PURCHASE_OR_RECEIPT)
    statements = moves.statement_line_id
    credit = bool(invoices) and all(move.move_type == "out_refund" for move in invoices)
    return {
        "reconciled_invoice_ids": invoices,
        "reconciled_invoices_count": len(invoices),
        "reconciled_invoices_type": "credit_note" if credit else "invoice",
        "reconciled_bill_ids": bills,
        "reconciled_bills_count": len(bills),
        "reconciled_statement_line_ids": statements,
        "reconciled_statement_lines_count": len(statements),
        "reconciled_statement_ids": statements.statement_id,
        "reconciled_statements_count": len(statements.statement_id),
    }
