"""What accounting adds to currencies: a guard of their rounding, and how amounts are written.

Source: 17.0, account and spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.money import amount_text
from mockserver.errors import UserError


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change currencies; one that entries have keeps its decimal places."""
        if "rounding" in vals and any(
            (vals["rounding"] > currency.rounding or not vals["rounding"]) and _in_use(currency) for currency in self
        ):
            text = (
                "You cannot reduce the number of decimal places of a currency which has already been used to make"
                " accounting entries."
            )
            raise UserError(self.env._(text))
        return super().write(vals)

    def _compute_display_rounding_warning(self) -> None:
        """The warning is for a change that is not stored yet."""
        for currency in self:
            currency.display_rounding_warning = False

    def _compute_fiscal_country_codes(self) -> None:
        codes = ",".join(str(code) for code in self.env.companies.mapped("account_fiscal_country_id.code"))
        for currency in self:
            currency.fiscal_country_codes = codes

    @api.versions(since=16)
    def format(self, amount: float) -> str:
        """Return an amount with the symbol of the currency."""
        self.ensure_one()
        text: str = amount_text(self.env, amount, self)
        return text

    @api.model(since=16)
    def get_company_currency_for_spreadsheet(self, company_id: int | None = None) -> dict[str, Any] | bool:
        """Return how the currency of a company is written."""
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        return _written(company.currency_id) if company.exists() else False

    @api.model(since=16, until=17)
    def get_currencies_for_spreadsheet(self, currency_names: list[str]) -> list[dict[str, Any] | None]:
        """Return how currencies are written, by their codes; None for an unknown one."""
        found = {
            currency.name: _written(currency)
            for currency in self.with_context(active_test=False).search([("name", "in", currency_names)])
        }
        return [found.get(name) for name in currency_names]


class ResCurrencyRate(models.Model):
    _inherit = "res.currency.rate"

    @api.model(since=16)
    def get_rates_for_spreadsheet(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return requests `{from, to, date, company_id}`, each with the rate that it asks for, or False."""
        return [{**request, "rate": _rate(self, request)} for request in requests]


def _in_use(currency: Any) -> bool:
    lines = currency.env["account.move.line"].sudo()
    leaves = ["|", ("currency_id", "=", currency.id), ("company_currency_id", "=", currency.id)]
    return bool(lines.search(leaves, limit=1))


def _written(currency: Any) -> dict[str, Any]:
    return {
        "code": currency.name,
        "symbol": currency.symbol,
        "position": currency.position,
        "decimalPlaces": currency.decimal_places,
    }


def _rate(rates: Any, request: Mapping[str, Any]) -> Any:
    currencies = rates.env["res.currency"].with_context(active_test=False)
    source, target = (currencies.search([("name", "=", request.get(end))], limit=1) for end in ("from", "to"))
    if not source or not target:
        return False
    company_id = request.get("company_id")
    company = rates.env["res.company"].browse(company_id) if company_id else rates.env.company
    day = str(request.get("date") or rates.env.db.clock.today())
    return source._get_conversion_rate(target, company, day)
