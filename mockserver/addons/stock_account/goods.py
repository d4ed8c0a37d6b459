"""A product in a company while its value is worked on: its cost, how it is valued, and its layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

LAYERS = "stock.valuation.layer"


class Goods:
    """A product with the facts that each step asks for, read once."""

    def __init__(self, product: Recordset, method: str = "", company: Recordset | None = None) -> None:
        self.product = product
        self.method = method or str(product.cost_method)
        unit = product.uom_id
        self.unit, self.step = unit.id, float(unit.rounding)
        self.company = company or product.env.company
        self._cost: float | None = None

    @cached_property
    def name(self) -> str:
        """The name of the product."""
        return str(self.product.name)

    @cached_property
    def currency(self) -> Recordset:
        """The currency of the company."""
        found: Recordset = self.company.currency_id
        return found

    @cached_property
    def _rounding(self) -> float:
        return float(self.currency.rounding)

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

    def layers(self, ids: Iterable[int] | None = None) -> Iterator[Row]:
        """Yield the layers of the product in the company, or those of some of the product's that are, oldest first."""
        store, company = self.product.env.db.store, self.company.id
        table = store.rows(LAYERS)
        found = sorted(store.index(LAYERS, "product_id").get(self.product.id, ()) if ids is None else ids)
        return (row for id_ in found if (row := table[id_]).get("company_id") == company)

    def short(self) -> Iterator[Row]:
        """Yield the layers of goods that left before there were any, the oldest first."""
        return self.layers(self._by_rest(lambda rest: rest < 0))

    def queue(self) -> Iterator[Row]:
        """Yield the layers with goods that remain, the oldest first; those that come later are not among them."""
        return (row for row in self.layers(self._held) if (row.get("remaining_qty") or 0.0) > 0)

    @cached_property
    def _held(self) -> list[int]:
        return sorted(self._by_rest(lambda rest: rest > 0))

    def _by_rest(self, test: Callable[[float], bool]) -> set[int]:
        """Return the layers of the product by what remains of them."""
        store = self.product.env.db.store
        own = store.index(LAYERS, "product_id").get(self.product.id, set())
        return {id_ for rest, ids in store.index(LAYERS, "remaining_qty").items() if test(rest) for id_ in own & ids}


class Book:
    """The goods of an operation, each found once; the way of valuing is found once for each product and category."""

    def __init__(self) -> None:
        self._goods: dict[tuple[int, int], Goods] = {}
        self._methods: dict[tuple[int, int], str] = {}
        self._categories: dict[int, Recordset] = {}

    def method(self, product: Recordset, company: Recordset) -> str:
        """Return how a product is valued in a company."""
        category = self._categories.get(product.id)
        if category is None:
            category = self._categories[product.id] = product.categ_id
        key = category.id, company.id
        if key not in self._methods:
            self._methods[key] = str(category.with_company(company).property_cost_method)
        return self._methods[key]

    def goods(self, product: Recordset, company: Recordset) -> Goods:
        """Return a product in a company."""
        key = product.id, company.id
        if key not in self._goods:
            own = product.with_company(company)
            self._goods[key] = Goods(own, self.method(product, company), company)
        return self._goods[key]
