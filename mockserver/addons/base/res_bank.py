"""res.bank and res.partner.bank: how banks and accounts are named.

Source: 17.0.
"""

from __future__ import annotations

import re

from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema.compute import compute


def sanitize_account_number(number: str) -> str:
    """Letters and digits alone, in capitals."""
    return re.sub(r"\W+", "", number).upper()


@compute("res.bank", "display_name")
def _bank_name(self: Recordset) -> str:
    """`Name - BIC`, or the name alone."""
    return f"{self.name} - {self.bic}" if self.bic else str(self.name or "")


@compute("res.partner.bank", "display_name")
def _account_name(self: Recordset) -> str:
    """`Number - Bank`, or the number alone."""
    return f"{self.acc_number} - {self.bank_id.name}" if self.bank_id else str(self.acc_number)


@compute("res.partner.bank", "sanitized_acc_number", depends=("acc_number",))
def _sanitized(self: Recordset) -> str | None:
    return sanitize_account_number(self.acc_number) if self.acc_number else None


@compute("res.partner.bank", "acc_type")
def _account_type(self: Recordset) -> str:
    return "bank"


@compute("res.partner.bank", "acc_holder_name", depends=("partner_id",))
def _holder(self: Recordset) -> str | None:
    """The partner's name at the time when the partner was chosen."""
    return self.partner_id.name or None
