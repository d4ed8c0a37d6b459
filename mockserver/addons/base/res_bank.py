"""res.bank and res.partner.bank: display names and account numbers.

Source: 17.0.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from mockserver import api, models
from mockserver.orm.query.operators import Leaf
from mockserver.orm.records.recordset import Recordset, SearchedAs


def sanitize_account_number(number: str) -> str:
    """Return the letters and digits of an account number, in capitals."""
    return re.sub(r"\W+", "", number).upper()


def sanitized_field(accounts: Recordset) -> str:
    """Return the name of the field with the letters and digits of an account's number."""
    renamed = "sanitized_account_number"
    return renamed if renamed in accounts._model.fields else "sanitized_acc_number"


def _sought(leaf: Leaf) -> Any:
    """Return the value of a condition on account numbers as one on their letters and digits."""
    operator, value = leaf.operator, leaf.value
    if isinstance(value, (list, tuple)):
        return [sanitize_account_number(item) if isinstance(item, str) else item for item in value]
    if not isinstance(value, str):
        return value
    return f"%{sanitize_account_number(value)}%" if "like" in operator else sanitize_account_number(value)


class Bank(models.Model):
    _inherit = "res.bank"
    _rec_names_search = ("name", "bic")

    def _compute_display_name(self) -> None:
        """`Name - BIC`, or the name alone."""
        for record in self:
            record.display_name = f"{record.name} - {record.bic}" if record.bic else str(record.name or "")


class ResPartnerBank(models.Model):
    """Bank accounts; from 20 on their fields have other names, and the bank is no record.  Inferred: odoo-20 §8."""

    _inherit = "res.partner.bank"
    _rec_names_search = ("acc_number", "account_number")
    # numbers are found however they are written; Source: recorded in misc-partners (17.0)
    _searched_as: ClassVar[SearchedAs] = {
        "acc_number": ("sanitized_acc_number", _sought),
        "account_number": ("sanitized_account_number", _sought),
    }

    def _compute_display_name(self) -> None:
        """`Number - Bank`, or the number alone."""
        for record in self:
            if "account_number" in record._model.fields:
                number, bank = record.account_number, record.bank_name
            else:
                number, bank = record.acc_number, record.bank_id.name
            record.display_name = f"{number} - {bank}" if bank else str(number)

    @api.depends("acc_number")
    def _compute_sanitized_acc_number(self) -> None:
        for record in self:
            record.sanitized_acc_number = _sanitized(record.acc_number)

    @api.depends("account_number")
    def _compute_sanitized_account_number(self) -> None:
        for record in self:
            record.sanitized_account_number = _sanitized(record.account_number)

    def _compute_acc_type(self) -> None:
        for record in self:
            record.acc_type = "bank"

    def _compute_account_type(self) -> None:
        for record in self:
            record.account_type = "bank"

    @api.depends("partner_id")
    def _compute_acc_holder_name(self) -> None:
        """The partner's name at the time when the partner was chosen."""
        for record in self:
            record.acc_holder_name = record.partner_id.name or None

    @api.depends("partner_id")
    def _compute_holder_name(self) -> None:
        """The partner's name at the time when the partner was chosen."""
        for record in self:
            record.holder_name = record.partner_id.name or None


def _sanitized(number: str | None) -> str | None:
    return sanitize_account_number(number) if number else None
