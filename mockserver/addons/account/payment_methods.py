"""What a payment proposes: the journals and methods that it may use, its accounts, and bank accounts.

Source: recorded in flow-payment-1 (17.0–19.0); Inferred: the partner's usual method (18.0 and later).
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.account import account_kinds
from mockserver.orm.records.environment import Environment
from mockserver.orm.records.recordset import Recordset

JOURNALS = ("bank", "cash", "credit")
INBOUND, OUTBOUND = "inbound", "outbound"


def journals(env: Environment, company: Recordset, payment_type: Any) -> Recordset:
    """Return the bank and cash journals of a company that have a method for payments of a type."""
    found = env["account.journal"].search([("company_id", "=", company.id), ("type", "in", JOURNALS)])
    return found.filtered(lambda journal: bool(lines_of(journal, payment_type) or methods_of(journal, payment_type)))


def first_journal(env: Environment, company: Recordset) -> Recordset:
    """Return the first bank or cash journal of a company."""
    domain = [("company_id", "=", company.id), ("type", "in", JOURNALS)]
    found: Recordset = env["account.journal"].search(domain, limit=1)
    return found


def lines_of(journal: Recordset, payment_type: Any) -> Recordset:
    """Return the methods of a journal for payments of a type; none before 16."""
    env = journal.env
    if "account.payment.method.line" not in env:
        return journal.browse()
    lines: Recordset = env["account.payment.method.line"]
    if not journal or payment_type not in (INBOUND, OUTBOUND):
        return lines.browse()
    found: Recordset = lines.search([("journal_id", "=", journal.id), ("payment_type", "=", payment_type)])
    return found


def accounts_of(journal: Recordset) -> list[int]:
    """Return the ids of the accounts that a journal's methods have for outstanding payments; none before 16."""
    store, table = journal.env.db.store, "account.payment.method.line"
    if table not in journal.env:
        return []
    rows = store.rows(table)
    accounts = (rows[id_].get("payment_account_id") for id_ in store.having(table, "journal_id", journal._ids))
    return sorted({account for account in accounts if account})


def methods_of(journal: Recordset, payment_type: Any) -> Recordset:
    """Return the methods of a journal for payments of a type, before 16."""
    name = f"{payment_type}_payment_method_ids"
    if name not in journal._model.fields:
        return journal.env["account.payment.method"].browse()
    found: Recordset = journal[name]
    return found


def only_manual(methods: Recordset) -> bool:
    """Return whether there is nothing to choose but the method by hand."""
    return not methods or (len(methods) == 1 and methods.code == "manual")


def usual_line(payment: Recordset) -> Recordset | None:
    """Return the method that a partner usually pays or is paid by, if one was chosen."""
    name = f"property_{payment.payment_type}_payment_method_line_id"
    partner: Recordset = payment.partner_id
    if not partner or name not in partner._model.fields:
        return None
    found: Recordset = partner.with_company(payment.company_id or payment.env.company)[name]
    return found or None


def outstanding_account(payment: Recordset) -> Recordset:
    """Return the account on which the money is until it is on the bank statement."""
    company = payment.journal_id.company_id
    debit = payment.payment_type == INBOUND
    if "payment_method_line_id" in payment._model.fields:
        own: Recordset = payment.payment_method_line_id.payment_account_id
        return own or _of_company(payment, company, debit)
    found: Recordset = payment.journal_id[f"payment_{'debit' if debit else 'credit'}_account_id"]
    return found


def _of_company(payment: Recordset, company: Recordset, debit: bool) -> Recordset:
    name = f"account_journal_payment_{'debit' if debit else 'credit'}_account_id"
    accounts: Recordset = payment.env["account.account"].sudo()
    if payment.payment_type not in (INBOUND, OUTBOUND) or not company:
        return accounts.browse()
    if name in company._model.fields and company[name]:
        found: Recordset = company[name]
        return found
    known = payment.env.ref(f"account.{company.id}_{name}", raise_if_not_found=False)
    return known if known is not None else accounts.browse()


def default_outstanding_account(payment: Recordset) -> Recordset:
    """Return the outstanding account of the company for a payment whose method has none."""
    return _of_company(payment, payment.company_id or payment.env.company, payment.payment_type == INBOUND)


def destination_account(payment: Recordset) -> Recordset:
    """Return the account that the payment settles."""
    env, company = payment.env, payment.journal_id.company_id or payment.env.company
    if "is_internal_transfer" in payment._model.fields and payment.is_internal_transfer:
        aim = "destination_journal_id"
        owner = payment[aim].company_id if aim in payment._model.fields else company
        transfer: Recordset = (owner or company).transfer_account_id
        return transfer
    wanted = account_kinds.RECEIVABLE if payment.partner_type == "customer" else account_kinds.PAYABLE
    partner = payment.partner_id
    if partner:
        own: Recordset = partner.with_company(company)[f"property_account_{wanted}_id"]
        return own
    return account_kinds.of_kind(env["account.account"].sudo(), wanted, company)


def banks(payment: Recordset) -> Recordset:
    """Return the bank accounts that the money may go to."""
    if payment.payment_type == INBOUND:
        own: Recordset = payment.journal_id.bank_account_id
        return own
    company = payment.company_id
    found: Recordset = payment.partner_id.bank_ids
    return found.filtered(lambda bank: not bank.company_id or bank.company_id == company)


def duplicates(payment: Recordset) -> Recordset:
    """Return other payments that are not done yet of the same partner, type, day and amount."""
    if not (payment.partner_id and payment.date and payment.amount):
        return payment.browse()
    found: Recordset = payment.search(
        [
            ("partner_id", "=", payment.partner_id.id), ("payment_type", "=", payment.payment_type),
            ("date", "=", payment.date), ("amount", "=", payment.amount), ("company_id", "=", payment.company_id.id),
            ("state", "in", ["draft", "in_process"]),
        ]
    )  # fmt: skip
    return found - payment
