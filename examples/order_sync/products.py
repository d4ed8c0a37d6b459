"""Products to Odoo, stock levels back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from directory import Directory
from shop import Product


@dataclass
class ProductReport:
    """The codes of products by what became of them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


class Products(Directory):
    """The products of the shop."""

    def push_products(self, products: Iterable[Product]) -> ProductReport:
        """Create products, or change their name and price; those in the archive are changed there."""
        report = ProductReport()
        for product in products:
            values = {"name": product.name, "list_price": product.price}
            found = self.product(product.code, ["name", "list_price"])
            if found is None:
                new = {"default_code": product.code, **values, **(self._stored() if product.stored else {})}
                self.erp.call("product.template", "create", new)
                report.created.append(product.code)
            elif {name: found[name] for name in values} != values:
                self.erp.call("product.product", "write", [found["id"]], values)
                report.updated.append(product.code)
            else:
                report.unchanged.append(product.code)
        return report

    def stock_levels(self, codes: Iterable[str]) -> dict[str, float]:
        """Return by code what the shop may still sell: what is on hand and not reserved."""
        wanted = list(codes)
        rows = self.erp.call(
            "product.product", "search_read", [("default_code", "in", wanted)], ["default_code", "free_qty"]
        )
        levels: dict[str, float] = {row["default_code"]: row["free_qty"] for row in rows}
        missing = [code for code in wanted if code not in levels]
        if missing:
            raise LookupError(f"there is no product {', '.join(missing)}")
        return levels

    def _stored(self) -> dict[str, object]:
        """Return what makes a product one that is kept in stock: a type until 17, a mark of goods since."""
        known = self.erp.call("product.template", "fields_get", ["is_storable"], attributes=["type"])
        return {"type": "consu", "is_storable": True} if known else {"detailed_type": "product"}
