"""The prices of templates and variants that clients ask for themselves.

Source: 17.0; Inferred: 14.0 and 16.0 follow their fields and methods.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.product.prices import own_price
from mockserver.addons.product.product_pricelist import contextual_price
from mockserver.orm.records.environment import Recordset


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(since=16)
    def get_contextual_price(self, product: Any = None) -> float:
        """Return the price by the pricelist, quantity, unit and date of the context."""
        return contextual_price(self.ensure_one())

    @api.versions(until=16)
    def price_compute(
        self, price_type: str, uom: Any = False, currency: Any = False, company: Any = None, date: Any = False
    ) -> dict[int, float]:
        """Return `{id: price}`: the sales price or the cost, in a unit and a currency."""
        return _prices(self, price_type, uom, currency, date)

    @api.versions(until=15)
    def _compute_price(self) -> None:
        for template in self:
            template.price = contextual_price(template) if self.env.context.get("pricelist") else 0.0


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.versions(since=16)
    def get_contextual_price(self) -> float:
        """Return the price by the pricelist, quantity, unit and date of the context."""
        return contextual_price(self.ensure_one())

    @api.versions(until=16)
    def price_compute(
        self, price_type: str, uom: Any = False, currency: Any = False, company: Any = None, date: Any = False
    ) -> dict[int, float]:
        """Return `{id: price}`: the sales price with the variant's extras, or the cost, in a unit and a currency."""
        return _prices(self, price_type, uom, currency, date)

    @api.versions(until=15)
    def _compute_price(self) -> None:
        for product in self:
            product.price = contextual_price(product) if self.env.context.get("pricelist") else 0.0

    def get_product_multiline_description_sale(self) -> str:
        """Return the name, and on further lines the description for sales."""
        self.ensure_one()
        name = str(self.display_name)
        return f"{name}\n{self.description_sale}" if self.description_sale else name


def _prices(products: Recordset, price_type: str, uom: Any, currency: Any, date: Any) -> dict[int, float]:
    unit = uom or products.env["uom.uom"].browse(products.env.context.get("uom") or ())
    found = {}
    for product in products:
        price = own_price(product, price_type, unit)
        if currency:
            own = product.cost_currency_id if price_type == "standard_price" else product.currency_id
            day = str(date or product.env.db.clock.today())[:10]
            price = own._convert(price, currency, product.env.company, day)
        found[product.id] = price
    return found
