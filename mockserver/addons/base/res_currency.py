"""res.currency and its rates: conversion, rounding, and archiving.

Source: 17.0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.number_words import in_words
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row


def rate_of(env: Environment, currency_id: int, company: int | None = None, date: str | None = None) -> float:
    """Return the units of a currency for one of the reference currency, on a day: the context's `date`, or today.

    That is the last rate up to that day, since 17.0 else the first one after it; 1.0 without any.  The rates are those
    of a company, by default the current one.
    """
    company = company or env.company.id
    day = str(date or env.context.get("date") or env.db.clock.today())[:10]
    rows = _rates(env, currency_id, company)
    if not rows:
        return 1.0
    past = [row for row in rows if row["name"] <= day]
    if not past and env.db.profile.rules.rates_from_the_first:
        past = rows[:1]
    return float(past[-1].get("rate") or 1.0) if past else 1.0


def _rates(env: Environment, currency_id: int, company: Any) -> list[Row]:
    """Return the rates of the company, or else those without a company, oldest first."""
    table = env.db.store.rows("res.currency.rate")
    rows = [table[i] for i in env.db.store.having("res.currency.rate", "currency_id", (currency_id,))]
    own = [row for row in rows if row.get("company_id") == company]
    return sorted(own or [row for row in rows if not row.get("company_id")], key=lambda row: str(row["name"]))


def _relative_rate(currency: Recordset) -> float:
    """Return the rate relative to the current company's currency."""
    env = currency.env.sudo()
    return rate_of(env, currency._ids[0]) / (rate_of(env, env.company.currency_id.id) or 1.0)


class Currency(models.Model):
    _inherit = "res.currency"
    _rec_names_search = ("name", "full_name")

    def _compute_rate(self) -> None:
        for currency in self:
            currency.rate = _relative_rate(currency)

    def _compute_inverse_rate(self) -> None:
        for currency in self:
            currency.inverse_rate = 1 / _relative_rate(currency)

    def _compute_rate_string(self) -> None:
        for currency in self:
            currency.rate_string = _rate_string(currency)

    def _compute_date(self) -> None:
        """The day of the latest rate."""
        for currency in self:
            currency.date = max((str(rate.name) for rate in currency.rate_ids), default=None)

    @api.depends("rounding")
    def _compute_decimal_places(self) -> None:
        for currency in self:
            currency.decimal_places = _decimal_places(currency)

    def _compute_is_current_company_currency(self) -> None:
        for currency in self:
            currency.is_current_company_currency = bool(currency.env.company.currency_id == currency)

    @api.constrains("rounding")
    def _check_rounding_is_positive(self) -> None:
        if any(currency.rounding <= 0 for currency in self):
            raise ValidationError("The operation cannot be completed: The rounding factor must be greater than 0!")

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change currencies; that of a company cannot be archived."""
        if vals.get("active") is False and self.env.db.store.having("res.company", "currency_id", self._ids):
            raise UserError("This currency is set on a company and therefore cannot be deactivated.")
        return super().write(vals)

    def _get_conversion_rate(self, to_currency: Recordset, company: Recordset, date: str) -> float:
        """Return the units of another currency for one of this, by a company's rates of a day."""
        env = self.env.sudo()
        if self == to_currency:
            return 1.0
        own = rate_of(env, self.id, company.id, date)
        return rate_of(env, to_currency.id, company.id, date) / (own or 1.0)

    def _convert(
        self, from_amount: float, to_currency: Recordset, company: Recordset, date: str, round: bool = True
    ) -> float:
        """Return an amount in another currency, by a company's rates of a day, rounded to that currency."""
        if not from_amount:
            return 0.0
        amount = from_amount * self._get_conversion_rate(to_currency, company, date)
        return round_to(amount, to_currency.rounding) if round else amount

    def amount_to_text(self, amount: float) -> str:
        """Return an amount in words, such as `One Hundred Dollars and Five Cents`.

        Differs: the words are English in every language.
        """
        self.ensure_one()
        whole, _, part = f"{amount:.{self.decimal_places}f}".partition(".")
        text = f"{in_words(int(whole)).title()} {self.currency_unit_label}"
        if self.is_zero(amount - int(whole)):
            return text
        return f"{text} {self.env._('and')} {in_words(int(part or 0)).title()} {self.currency_subunit_label}"

    @api.versions(until=16)
    def compute(self, from_amount: float, to_currency: Any, round: bool = True) -> float:
        """Convert an amount to another currency on the day of the context, or today."""
        day = str(self.env.context.get("date") or self.env.db.clock.today())
        company = self.env["res.company"].browse(self.env.context.get("company_id") or ()) or self.env.company
        amount: float = from_amount * self._get_conversion_rate(to_currency, company, day)
        return amount if not round else to_currency.round(amount)

    @api.model(since=19)
    def get_all_currencies(self) -> dict[int, dict[str, Any]]:
        """Return how the active currencies are written, by id."""
        return {
            currency.id: {
                "name": currency.name,
                "symbol": currency.symbol,
                "position": currency.position,
                "digits": [69, currency.decimal_places],
            }
            for currency in self.sudo().search([("active", "=", True)])
        }

    def round(self, amount: float) -> float:
        """Return the amount rounded to the currency."""
        self.ensure_one()
        return round_to(float(amount), self.rounding)

    def is_zero(self, amount: float) -> bool:
        """Return whether the amount is 0 when rounded to the currency."""
        self.ensure_one()
        return round_to(float(amount), self.rounding) == 0.0

    def compare_amounts(self, amount1: float, amount2: float) -> int:
        """Compare the rounded amounts; return -1, 0 or 1."""
        self.ensure_one()
        first, second = (round_to(float(amount), self.rounding) for amount in (amount1, amount2))
        return (first > second) - (first < second)


def _rate_string(currency: Recordset) -> str:
    """Return a text such as `1 USD = 0.900000 EUR`; empty for the company's own currency."""
    own = currency.env.company.currency_id
    return "" if own == currency else f"1 {own.name} = {_relative_rate(currency):.6f} {currency.name}"


def _decimal_places(currency: Recordset) -> int:
    step = currency.rounding
    # the nearest integer first: the logarithm of 0.001 is not quite one
    return math.ceil(round(math.log10(1 / step), 9)) if 0 < step < 1 else 0
