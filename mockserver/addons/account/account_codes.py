"""The codes of accounts: their neighbours, the next free one, their groups; and what uses an account.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.errors import UserError, ValidationError
from mockserver.orm.storage.store import Row

_ITEMS = "account.move.line"


def companies_of(account: Any) -> Any:
    """Return the companies of an account: one, or several since 18.0."""
    return account.company_ids if "company_ids" in account else account.company_id


def _of_companies(account: Any, companies: Any) -> Any:
    name = "company_ids" if "company_ids" in account else "company_id"
    return account.sudo().with_context(active_test=False).search([(name, "in", companies.ids)], order="id")


def codes(account: Any, companies: Any) -> dict[str, Any]:
    """Return the accounts of companies by their codes."""
    return {str(other.code): other for other in _of_companies(account, companies) if other.code}


def before(account: Any) -> Any:
    """Return the account of the company whose code comes before that of another; None without any."""
    companies = companies_of(account) or account.env.company
    known = {code: other for code, other in codes(account, companies).items() if other.id != account.id}
    lower = [code for code in known if code < account.code]
    return known[max(lower)] if lower else None


def check_unique(accounts: Any) -> None:
    """Raise ValidationError for codes that another account of the company has."""
    twice = []
    for account in accounts:
        for company in companies_of(account):
            alike = [other for other in _of_companies(account, company) if other.code == account.code]
            if account.code and len(alike) > 1:
                twice.append((account.code, company.name))
    if twice:
        codes_twice = ", ".join(dict.fromkeys(str(code) for code, _ in twice))
        lines = "\n".join(dict.fromkeys(f"- {code} in {company}" for code, company in twice))
        text = accounts.env.db.profile.rules.account_code_text
        raise ValidationError(text.format(lines=lines, codes=codes_twice))


def code_told(account: Any) -> Any:
    """Return the code of an account as errors show it."""
    unseen = account.env.db.profile.rules.new_codes_unseen and account.env.context.get("codes_unseen")
    return False if unseen else account.code


def following(account: Any, step: int) -> str:
    """Return the next code, in steps, that no account of the company has."""
    taken = codes(account, companies_of(account))
    code = str(account.code or "")
    if not code.isdigit():
        return f"{code} (copy)" if step > 1 else f"{code}.copy"
    number = int(code)
    while str(number).zfill(len(code)) in taken:
        number += step
    return str(number).zfill(len(code))


def free(account: Any, company: Any, prefix: str) -> str:
    """Return the first code behind a prefix that no account of a company has, as long as the others are."""
    taken = codes(account, company)
    digits = len(next(iter(taken), "000000"))
    for number in range(1, 10000):
        code = f"{prefix.ljust(digits - 1, '0')}{number}"
        if code not in taken:
            return code
    raise UserError("Cannot generate an unused account code.")


def group_of(account: Any) -> Any:
    """Return the group whose range of prefixes an account's code is in, the narrowest."""
    if "account.group" not in account.env or not account.code:
        return None
    found = None
    for group in account.env["account.group"].sudo().search([]):
        start, end = str(group.code_prefix_start or ""), str(group.code_prefix_end or "")
        if start <= account.code[: len(start)] and account.code[: len(end)] <= end:
            narrower = found is None or len(start) > len(str(found.code_prefix_start))
            found = group if narrower else found
    return found


def _items(account: Any) -> Iterator[Row]:
    store = account.env.db.store
    table = store.rows(_ITEMS)
    for id_ in sorted(store.having(_ITEMS, "account_id", account._ids)):
        yield table[id_]


def has_items(account: Any) -> bool:
    """Return whether an entry has a line with an account."""
    return bool(account.env.db.store.having(_ITEMS, "account_id", account._ids))


def posted_balances(account: Any) -> list[float]:
    """Return the balances of the posted lines with an account."""
    return [row.get("balance") or 0.0 for row in _items(account) if row.get("parent_state") == "posted"]


def opening_balances(account: Any) -> list[float]:
    """Return the balances that an account has in the opening entry of the company."""
    opening = account.env.company.sudo().account_opening_move_id.id
    return [row.get("balance") or 0.0 for row in _items(account) if opening and row.get("move_id") == opening]


def check_currency(accounts: Any, currency: int) -> None:
    """Raise UserError for accounts with lines in another currency than they are to have."""
    for account in accounts:
        if any(row.get("currency_id") != currency for row in _items(account)):
            raise UserError(
                "You cannot set a currency on this account as it already has some journal entries having a different"
                " foreign currency."
            )


def set_on_partners(accounts: Any) -> bool:
    """Return whether a contact has one of the accounts for itself."""
    names = ("property_account_receivable_id", "property_account_payable_id")
    rows = accounts.env.db.store.rows("res.partner").values()
    wanted = set(accounts._ids)
    if any(row.get(key) in wanted for row in rows for key in row if key.partition("@")[0] in names):
        return True
    if "ir.property" not in accounts.env:
        return False
    texts = {f"account.account,{id_}" for id_ in wanted}
    table = accounts.env.db.store.rows("ir.property")
    return any(
        row.get("name") in names and row.get("res_id") and row.get("value_reference") in texts for row in table.values()
    )


def check_current_earnings(accounts: Any) -> None:
    """Raise ValidationError where a company has two accounts of the earnings of the year."""
    for account in accounts:
        alike = [a for a in _of_companies(account, companies_of(account)) if a.account_type == "equity_unaffected"]
        if len(alike) > 1:
            listed = [code_told(account) if other == account else str(other.code) for other in alike]
            raise ValidationError(
                f'You cannot have more than one account with "Current Year Earnings" as type. (accounts: {listed})'
            )
