"""res.currency: rates, rounding, and who may archive one.

Source: 17.0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.schema.api import record
from mockserver.orm.schema.compute import compute
from mockserver.orm.storage.store import Row
from mockserver.orm.writing.amounts import round_to
from mockserver.orm.writing.constraints import constrains

Parent = Any


def rate_of(env: Environment, currency_id: int) -> float:
    """Units of a currency for one of the reference currency, on the context's `date` or today.

    The last rate until then counts, else the first one after; 1.0 without any.
    """
    company = env.company.id
    day = str(env.context.get("date") or env.db.clock.today())[:10]
    rows = _rates(env, currency_id, company)
    if not rows:
        return 1.0
    past = [row for row in rows if row["name"] <= day]
    return float((past[-1] if past else rows[0]).get("rate") or 1.0)


def _rates(env: Environment, currency_id: int, company: Any) -> list[Row]:
    """Rates of the company, or else of no company, oldest first."""
    table = env.db.store.rows("res.currency.rate")
    rows = [table[i] for i in env.db.store.having("res.currency.rate", "currency_id", (currency_id,))]
    own = [row for row in rows if row.get("company_id") == company]
    return sorted(own or [row for row in rows if not row.get("company_id")], key=lambda row: str(row["name"]))


def _relative_rate(currency: Recordset) -> float:
    """The rate against the currency of the company at work."""
    env = currency.env.sudo()
    return rate_of(env, currency._ids[0]) / (rate_of(env, env.company.currency_id.id) or 1.0)


@compute("res.currency", "rate")
def _rate(self: Recordset) -> float:
    return _relative_rate(self)


@compute("res.currency", "inverse_rate")
def _inverse_rate(self: Recordset) -> float:
    return 1 / _relative_rate(self)


@compute("res.currency", "rate_string")
def _rate_string(self: Recordset) -> str:
    """`1 USD = 0.900000 EUR`; empty for the company's own currency."""
    own = self.env.company.currency_id
    return "" if own == self else f"1 {own.name} = {_relative_rate(self):.6f} {self.name}"


@compute("res.currency", "date")
def _date(self: Recordset) -> str | None:
    """The day of the latest rate."""
    return max((str(rate.name) for rate in self.rate_ids), default=None)


@compute("res.currency", "decimal_places", depends=("rounding",))
def _decimal_places(self: Recordset) -> int:
    step = self.rounding
    # the nearest integer first: the logarithm of 0.001 is not quite one
    return math.ceil(round(math.log10(1 / step), 9)) if 0 < step < 1 else 0


@compute("res.currency", "is_current_company_currency")
def _is_current(self: Recordset) -> bool:
    return bool(self.env.company.currency_id == self)


@constrains("res.currency", "rounding")
def _rounding_is_positive(self: Recordset) -> None:
    if any(currency.rounding <= 0 for currency in self):
        raise ValidationError("The operation cannot be completed: The rounding factor must be greater than 0!")


@record("res.currency")
def write(self: Recordset, parent: Parent, vals: Mapping[str, Any]) -> bool:
    """Change currencies; that of a company stays active."""
    if vals.get("active") is False and self.env.db.store.having("res.company", "currency_id", self._ids):
        raise UserError("This currency is set on a company and therefore cannot be deactivated.")
    return parent(vals)  # type: ignore[no-any-return]


@record("res.currency")
def round_(self: Recordset, amount: float) -> float:
    """The amount, rounded to the currency."""
    self.ensure_one()
    return round_to(float(amount), self.rounding)


@record("res.currency")
def is_zero(self: Recordset, amount: float) -> bool:
    """Whether the currency rounds the amount to nothing."""
    self.ensure_one()
    return round_to(float(amount), self.rounding) == 0.0


@record("res.currency")
def compare_amounts(self: Recordset, amount1: float, amount2: float) -> int:
    """-1, 0 or 1: how the amounts compare once rounded."""
    self.ensure_one()
    first, second = (round_to(float(amount), self.rounding) for amount in (amount1, amount2))
    return (first > second) - (first < second)


# -- rates


@compute("res.currency.rate", "company_rate")
def _company_rate(self: Recordset) -> float:
    """The rate against the company's currency of that day."""
    company = self.company_id or self.env.company
    own = rate_of(self.env.with_context(date=str(self.name)).sudo(), company.currency_id.id)
    return float(self.rate or 1.0) / own


@compute("res.currency.rate", "inverse_company_rate")
def _inverse_company_rate(self: Recordset) -> float:
    return 1 / (self.company_rate or 1.0)


@constrains("res.currency.rate", "rate")
def _rate_is_positive(self: Recordset) -> None:
    if any("rate" in rate._rows()[0] and rate.rate <= 0 for rate in self):
        raise ValidationError("The operation cannot be completed: The currency rate must be strictly positive.")
