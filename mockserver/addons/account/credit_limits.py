"""The warning that a customer owes more than the company allows.

Source: 17.0.  Inferred: 16.0 and later do the same.
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.base.money import amount_text


def warning(document: Any, amount: float, *, counted: float = 0.0) -> str:
    """Return the warning for a document of an amount in the currency of the company, '' if there is none.

    `counted`: what of the document is part already of what is to be invoiced.
    """
    company, customer = document.company_id, document.sudo().partner_id.commercial_partner_id
    if not company.account_use_credit_limit:
        return ""
    customer = customer.with_company(company)
    open_orders = max(customer.credit_to_invoice - counted, 0.0)
    total = customer.credit + open_orders + amount
    if not customer.credit_limit or total <= customer.credit_limit:
        return ""
    parts = (["sales orders"] if open_orders > 0 else []) + (["this document"] if amount > 0 else [])
    including = f" (including {' and '.join(parts)})" if parts else ""
    limit, due = (amount_text(document.env, value, company.currency_id) for value in (customer.credit_limit, total))
    return f"{customer.name} has reached its credit limit of: {limit}\nTotal amount due{including}: {due}"
