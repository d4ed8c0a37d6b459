"""account.cash.rounding: totals rounded to what can be paid in coins.

Source: 17.0, account.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.fields.numbers import round_to


class AccountCashRounding(models.Model):
    _inherit = "account.cash.rounding"

    @api.constrains("rounding")
    def validate_rounding(self) -> None:
        """Raise ValidationError for a coin of nothing."""
        if any(record.rounding <= 0 for record in self):
            raise ValidationError(self.env._("Please set a strictly positive rounding value."))

    def round(self, amount: float) -> float:
        """Return an amount rounded to coins: to the nearest, or away from zero, or towards it."""
        self.ensure_one()
        return round_to(float(amount), float(self.rounding), self.rounding_method)

    def compute_difference(self, currency: Any, amount: float) -> float:
        """Return what rounding an amount of a currency to coins adds to it."""
        amount = currency.round(amount)
        difference: float = currency.round(self.round(amount) - amount)
        return difference
