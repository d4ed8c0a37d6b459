"""Taxes that are due when an invoice is paid: what the mock leaves out of them.

Differs: the real server moves a part of such a tax to its account with every payment, by an entry of the cash basis
journal; here a reconciliation that would need one is refused.
"""

from __future__ import annotations

from typing import Any

from mockserver.errors import UserError


def refuse(lines: Any) -> None:
    """Raise UserError if items to reconcile are of an invoice with taxes that are due on payment."""
    rows = lines.env.db.store.rows("account.tax")
    late = {id_ for id_, row in rows.items() if row.get("tax_exigibility") == "on_payment"}
    if late and any(
        not late.isdisjoint((line.tax_line_id.id, *line.tax_ids._ids)) for line in lines.mapped("move_id.line_ids")
    ):
        raise UserError("The mock server does not make the entries of taxes that are due on payment (cash basis).")
