"""What kind of account an account is, in the words of every version."""

from __future__ import annotations

from typing import Any

from mockserver.orm.records.recordset import Recordset

RECEIVABLE, PAYABLE, LIQUIDITY = "receivable", "payable", "liquidity"
_KINDS = {
    "asset_receivable": RECEIVABLE,
    "liability_payable": PAYABLE,
    "asset_cash": LIQUIDITY,
    "liability_credit_card": LIQUIDITY,
}
# the account types of `kind`, as conditions of searches name them
_TYPES = {RECEIVABLE: "asset_receivable", PAYABLE: "liability_payable"}


def kind(account: Recordset) -> str:
    """Return `receivable`, `payable`, `liquidity` or another word for the kind of an account."""
    if "account_type" in account._model.fields:
        found = account.account_type or ""
        return _KINDS.get(found, found)
    return str(account.internal_type or "")


def is_trade(account: Recordset) -> bool:
    """Return whether customers or vendors owe or are owed what is on the account."""
    return kind(account) in (RECEIVABLE, PAYABLE)


def is_matched(account: Recordset) -> bool:
    """Return whether the items of an account keep what is open of them."""
    return bool(account.reconcile) or kind(account) == LIQUIDITY


def of_kind(accounts: Recordset, wanted: str, company: Recordset) -> Recordset:
    """Return the first account of a company that is receivable or payable and in use."""
    fields = accounts._model.fields
    leaf = ("account_type", "=", _TYPES[wanted]) if "account_type" in fields else ("internal_type", "=", wanted)
    owner = "company_ids" if "company_ids" in fields else "company_id"
    domain: list[Any] = [leaf, (owner, "in", company.ids)]
    if "deprecated" in fields:
        domain.append(("deprecated", "=", False))
    found: Recordset = accounts.search(domain, limit=1)
    return found
