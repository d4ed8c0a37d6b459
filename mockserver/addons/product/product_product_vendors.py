"""product.product: which vendor's entry a purchase uses.

Source: 17.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.product.vendors import best, fitting
from mockserver.orm.records.environment import Recordset


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _select_seller(
        self,
        partner_id: Recordset | None = None,
        quantity: float | None = 0.0,
        date: str | None = None,
        uom_id: Recordset | None = None,
        ordered_by: str = "price_discounted",
    ) -> Recordset:
        """Return the entry of a vendor (None: the first one) for a quantity on a day: the cheapest in own currency.

        `ordered_by`: a field that is compared before the price.
        """
        self.ensure_one()
        day = str(date or self.env.db.clock.today())[:10]
        vendor = self.env["res.partner"] if partner_id is None else partner_id
        entries = fitting(self, vendor, quantity, day, uom_id)
        company = self.env.company

        def price(entry: Recordset) -> Any:
            own = entry.price_discounted if "price_discounted" in entry._model.fields else entry.price
            converted = entry.currency_id._convert(own, company.currency_id, company, day, round=False)
            return (converted,) if ordered_by == "price_discounted" else (entry[ordered_by], converted)

        return best(entries, price)
