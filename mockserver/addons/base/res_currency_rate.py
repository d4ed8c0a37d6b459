"""res.currency.rate: rates to the company's currency and back, and what a rate must satisfy.

Source: 17.0; recorded in flow-currency-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.res_currency import rate_of
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


class CurrencyRate(models.Model):
    _inherit = "res.currency.rate"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create rates; of several ways to tell one, the technical rate counts, then that to the company's currency."""
        if isinstance(vals_list, Mapping):
            return super().create(_one_rate(vals_list))
        return super().create([_one_rate(vals) for vals in vals_list])

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change rates; see `create`."""
        return super().write(_one_rate(vals))

    def _compute_company_rate(self) -> None:
        for rate in self:
            rate.company_rate = (rate.rate or _latest(rate) or 1.0) / _own_rate(rate)

    def _inverse_company_rate(self) -> None:
        for rate in self:
            rate.rate = rate.company_rate * _own_rate(rate)

    def _compute_inverse_company_rate(self) -> None:
        for rate in self:
            rate.inverse_company_rate = 1 / (rate.company_rate or 1.0)

    def _inverse_inverse_company_rate(self) -> None:
        for rate in self:
            rate.rate = _own_rate(rate) / (rate.inverse_company_rate or 1.0)

    @api.constrains("rate")
    def _check_rate_is_positive(self) -> None:
        if any("rate" in rate._rows()[0] and rate.rate <= 0 for rate in self):
            raise ValidationError("The operation cannot be completed: The currency rate must be strictly positive.")

    @api.constrains("company_id")
    @api.versions(since=17)
    def _check_company_id(self) -> None:
        if any(rate.company_id.sudo().parent_id for rate in self):
            raise ValidationError("Currency rates should only be created for main companies")


def _one_rate(vals: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(vals)
    if "inverse_company_rate" in values and ("company_rate" in values or "rate" in values):
        del values["inverse_company_rate"]
    if "company_rate" in values and "rate" in values:
        del values["company_rate"]
    return values


def _latest(rate: Recordset) -> float:
    """Return the rate of the currency before the day of a rate; 0.0 without any."""
    leaves = [
        ("currency_id", "=", rate.currency_id.id),
        ("company_id", "=", rate.company_id.id or rate.env.company.id),
        ("name", "<", rate.name),
    ]
    found: Any = rate.sudo().search(leaves, 0, 1, "name desc")
    return float(found.rate or 0.0)


def _own_rate(rate: Recordset) -> float:
    """Return the rate of the company's own currency on the day of a rate."""
    company = rate.company_id or rate.env.company
    return rate_of(rate.env.with_context(date=str(rate.name)).sudo(), company.currency_id.id)
