"""sale.report: what lines of orders come to, for statistics; a row for the lines of a product in an order.

Amounts are in the currency of the company, quantities in the unit of the product.
Source: 17.0; recorded in flow-sale-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from mockserver import api, models
from mockserver.addons.base.res_currency import rate_of
from mockserver.orm.records.environment import Environment
from mockserver.orm.storage.store import Row

_ORDERS, _LINES = "sale.order", "sale.order.line"
# fields of the report that are those of the order, of its customer, and of the line
_OF_ORDER = (
    "state", "partner_id", "user_id", "team_id", "company_id", "pricelist_id", "campaign_id", "medium_id", "source_id",
    "analytic_account_id", "invoice_status", "warehouse_id", "name", "project_id",
)  # fmt: skip
_OF_CUSTOMER = {
    "commercial_partner_id": "commercial_partner_id",
    "country_id": "country_id",
    "industry_id": "industry_id",
    "state_id": "state_id",
    "partner_zip": "zip",
}
_QUANTITIES = ("product_uom_qty", "qty_delivered", "qty_invoiced", "qty_to_invoice")
_AMOUNTS = ("price_total", "price_subtotal", "untaxed_amount_to_invoice", "untaxed_amount_invoiced")


class SaleReport(models.Model):
    _inherit = "sale.report"

    def _query_rows(self) -> Iterator[Row]:
        """Yield a row for each product, discount and the like of an order, with the number of its first line."""
        env = self.env.sudo()
        groups: dict[Hashable, list[Row]] = {}
        orders = env.db.store.rows(_ORDERS)
        for line in env.db.store.rows(_LINES).values():
            if not line.get("display_type") and line.get("order_id") in orders:
                groups.setdefault(self._key(line), []).append(line)
        reader = _Reader(env)
        for lines in groups.values():
            yield self._row(reader, lines)

    def _key(self, line: Row) -> Hashable:
        """Return what lines have in common that are one row."""
        names = ["order_id", "product_id", "is_downpayment", "discount"]
        if "line_invoice_status" in self._model.fields:
            names += ["invoice_status", "price_unit"]
        return tuple(line.get(name) or None for name in names)

    def _row(self, reader: _Reader, lines: list[Row]) -> Row:
        first = min(lines, key=lambda line: int(line["id"]))
        order, rate = reader.order(first), reader.rate(reader.order(first))
        row: dict[str, Any] = {
            **{name: order.get(name) for name in _OF_ORDER},
            **reader.customer(order),
            **reader.product(first),
            "id": first["id"],
            "nbr": len(lines),
            "date": order.get("date_order"),
            "order_id": order["id"],
            "order_reference": f"{_ORDERS},{order['id']}",
            "currency_id": reader.env.company.currency_id.id,
            "discount": first.get("discount") or 0.0,
            "line_invoice_status": first.get("invoice_status"),
            **_sums(reader, lines, rate),
        }
        return {name: value for name, value in row.items() if name in self._model.fields and value is not None}

    @api.versions(since=17, until=18)
    def _compute_currency_id(self) -> None:
        for row in self:
            row.currency_id = self.env.company.currency_id

    def _compute_display_name(self) -> None:
        for row in self:
            row.display_name = row.date or False


class _Reader:
    """Rows that lines of orders lead to."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self._rates: dict[tuple[int, str], float] = {}

    def get(self, model: str, id_: Any) -> Row:
        return self.env.db.store.get(model, id_ or 0) or {}

    def order(self, line: Row) -> Row:
        return self.get(_ORDERS, line.get("order_id"))

    def customer(self, order: Row) -> Row:
        partner = self.get("res.partner", order.get("partner_id"))
        return {name: partner.get(source) for name, source in _OF_CUSTOMER.items()}

    def template(self, line: Row) -> Row:
        product = self.get("product.product", line.get("product_id"))
        return self.get("product.template", product.get("product_tmpl_id"))

    def product(self, line: Row) -> Row:
        template = self.template(line)
        return {
            "product_id": line.get("product_id"),
            "product_tmpl_id": template.get("id"),
            "categ_id": template.get("categ_id"),
            "product_uom": template.get("uom_id"),
            "product_uom_id": template.get("uom_id"),
        }

    def rate(self, order: Row) -> float:
        """Return what an amount of an order is in the currency of the reader's company: of its own, at its rate."""
        company = self.get("res.company", order.get("company_id"))
        day = str(self.env.db.clock.today())
        key = (company.get("currency_id") or 0, day)
        if key not in self._rates:
            own = self.env.company.currency_id.id
            known = rate_of(self.env, key[0], company.get("id"), day) if key[0] != own else 1.0
            wanted = rate_of(self.env, own, company.get("id"), day) if key[0] != own else 1.0
            self._rates[key] = wanted / (known or 1.0)
        return self._rates[key] / (order.get("currency_rate") or 1.0)

    def units(self, line: Row) -> float:
        """Return how many of the product's unit one of the line's unit is."""
        unit = self.get("uom.uom", line.get("product_uom") or line.get("product_uom_id"))
        own = self.get("uom.uom", self.template(line).get("uom_id"))
        if not unit or not own or unit is own:
            return 1.0
        factor = (unit.get("factor") or 1.0) / (own.get("factor") or 1.0)
        return factor if self.env.db.profile.rules.absolute_unit_factors else 1.0 / factor


def _sums(reader: _Reader, lines: list[Row], rate: float) -> Row:
    """Return what lines come to; those without a product have amounts only if they are down payments."""
    found: dict[str, float] = dict.fromkeys(
        (*_QUANTITIES, *_AMOUNTS, "qty_to_deliver", "weight", "volume", "discount_amount", "price_unit"), 0.0
    )
    for line in lines:
        units, ordered = reader.units(line), line.get("product_uom_qty") or 0.0
        price = line.get("price_unit") or 0.0
        if line.get("product_id"):
            for name in _QUANTITIES:
                found[name] += (line.get(name) or 0.0) * units
            found["qty_to_deliver"] += (ordered - (line.get("qty_delivered") or 0.0)) * units
            product = reader.get("product.product", line["product_id"])
            for name in ("weight", "volume"):
                found[name] += (product.get(name) or 0.0) * ordered * units
            found["price_unit"] += price * rate / len(lines)
        if line.get("product_id") or line.get("is_downpayment"):
            for name in _AMOUNTS:
                if line.get("product_id") or name.startswith("untaxed"):
                    found[name] += (line.get(name) or 0.0) * rate
        found["discount_amount"] += price * ordered * (line.get("discount") or 0.0) / 100.0 * rate
    return dict(found)
