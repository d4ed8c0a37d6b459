"""A product in a company while its value is worked on: its cost, how it is valued, and its layers."""

from __future__ import annotations

from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

LAYERS = "stock.valuation.layer"


class Goods:
    """A product with the facts that each step asks for, read once."""

    def __init__(self, product: Recordset, method: str = "") -> None:
        self.product = product
        self.method = method or str(product.cost_method)
        unit = product.uom_id
        self.unit, self.step = unit.id, float(unit.rounding)
        self.company = product.env.company
        self.currency = self.company.currency_id
        self._rounding = float(self.currency.rounding)
        self._cost: float | None = None

    @property
    def cost(self) -> float:
        """Return what one unit costs."""
        if self._cost is None:
            self._cost = float(self.product.standard_price)
        return self._cost

    def set_cost(self, cost: float) -> None:
        """Give the product another cost, without a layer for the change."""
        self.product.sudo().with_context(disable_auto_svl=True).standard_price = cost
        self._cost = None

    def money(self, amount: float) -> float:
        """Return an amount in whole units of the company's currency."""
        return round_to(amount, self._rounding)

    def layers(self, *, emptied: bool = True) -> list[Row]:
        """Return the layers of the product in the company, the oldest first; `emptied`: also those of which none
        remains."""
        store, company = self.product.env.db.store, self.company.id
        table, ids = store.rows(LAYERS), store.having(LAYERS, "product_id", (self.product.id,))
        if not emptied:
            ids = ids.difference(store.index(LAYERS, "remaining_qty").get(0.0, ()))
        return [row for id_ in sorted(ids) if (row := table[id_]).get("company_id") == company]


class Book:
    """The goods of an operation, each found once; the way of valuing is found once for each category."""

    def __init__(self) -> None:
        self._goods: dict[tuple[int, int], Goods] = {}
        self._methods: dict[tuple[int, int], str] = {}

    def goods(self, product: Recordset, company: Recordset) -> Goods:
        """Return a product in a company."""
        key = product.id, company.id
        found = self._goods.get(key)
        if found is None:
            own = product.with_company(company)
            category = own.categ_id
            method = self._methods.get((category.id, company.id))
            if method is None:
                method = self._methods[category.id, company.id] = str(category.property_cost_method)
            found = self._goods[key] = Goods(own, method)
        return found
