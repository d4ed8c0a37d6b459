"""product.product: how much there is of a product, to come and to go, and where that is shown.

Source: recorded in flow-stock-1, flow-stock-2 and flow-stock-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver import api, models
from mockserver.addons.stock import product_quantities as stocked, storable
from mockserver.addons.stock.check_digits import is_checked
from mockserver.addons.stock.product_quantities import Asked
from mockserver.errors import UserError
from mockserver.orm.query.operators import COMPARISONS
from mockserver.orm.records.environment import Recordset


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.computes("qty_available", "free_qty", "incoming_qty", "outgoing_qty", "virtual_available")
    def _compute_quantities(self) -> None:
        """Of services there is nothing."""
        goods = self.filtered(lambda product: product.type != "service")
        found = stocked.quantities(goods) if goods else {}
        for product in self:
            for name, quantity in found.get(product._ids[0], stocked.NOTHING).items():
                product[name] = quantity

    @api.versions(since=19)
    def _inverse_qty_available(self) -> None:
        """Count what is written, in the stock of the company's first warehouse."""
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        place = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1).lot_stock_id
        for product in self.filtered(storable.is_stored):
            counted = {"product_id": product.id, "location_id": place.id}
            quants.create({**counted, "inventory_quantity": product.qty_available})._apply_inventory()

    def _compute_quantities_dict(
        self, lot_id: Any, owner_id: Any, package_id: Any, from_date: Any = False, to_date: Any = False
    ) -> dict[int, dict[str, float]]:
        """Return the quantities of each product in a lot, of an owner, in a package, between two dates."""
        return stocked.quantities(self, Asked(lot_id, owner_id, package_id, from_date, to_date))

    @api.versions(since=16)
    def _compute_valid_ean(self) -> None:
        """Tell which barcodes are numbers of articles, of at most fourteen digits."""
        for product in self:
            code = product.barcode or ""
            product.valid_ean = 0 < len(code) <= 14 and is_checked(code)

    def _get_rules_from_location(self, location: Recordset, route_ids: Any = None, seen: Any = None) -> Recordset:
        """Return the rules by which the product comes to a location, one after the other."""
        rules = self.env["stock.rule"]
        seen = seen or rules
        values = {"route_ids": route_ids, "warehouse_id": location._warehouse()}
        rule: Recordset = rules._get_rule(self, location, values)
        if rule and rule in seen:
            text = self.env._("Invalid rule's configuration, the following rule causes an endless loop: %s")
            raise UserError(text.replace("%s", rule.display_name))
        if not rule or rule.procure_method == "make_to_stock" or rule.action not in ("pull", "pull_push"):
            found: Recordset = seen | rule
            return found
        return self._get_rules_from_location(rule.location_src_id, seen=seen | rule)

    # -- searching

    def _search_qty_available(self, operator: str, value: Any) -> list[Any]:
        return self._search_quantity("qty_available", operator, value)

    def _search_free_qty(self, operator: str, value: Any) -> list[Any]:
        return self._search_quantity("free_qty", operator, value)

    def _search_incoming_qty(self, operator: str, value: Any) -> list[Any]:
        return self._search_quantity("incoming_qty", operator, value)

    def _search_outgoing_qty(self, operator: str, value: Any) -> list[Any]:
        return self._search_quantity("outgoing_qty", operator, value)

    def _search_virtual_available(self, operator: str, value: Any) -> list[Any]:
        return self._search_quantity("virtual_available", operator, value)

    def _search_quantity(self, name: str, operator: str, value: Any) -> list[Any]:
        """Return the domain of the products whose quantity compares so with a number."""
        if operator in ("in", "not in"):
            numbers = set(value)
            return [("id", operator, self._where(name, lambda quantity: quantity in numbers).ids)]
        compare = COMPARISONS.get(operator)
        if compare is None:
            raise UserError(self.env._("Invalid domain operator %s").replace("%s", operator))
        if not isinstance(value, (float, int)):
            raise UserError(self.env._("Invalid domain right operand %s").replace("%s", str(value)))
        return [("id", "in", self._where(name, lambda quantity: compare(quantity, value)).ids)]

    def _where(self, name: str, test: Callable[[float], bool]) -> Any:
        """Return the products of whose quantity a test is true.

        What is on hand now is a matter of quants: only what is stored counts as 0 without one.
        """
        dated = {"from_date", "to_date"} & set(self.env.context)
        domain: list[Any] = []
        if name == "qty_available" and not dated:
            held = list(self.env.db.store.index("stock.quant", "product_id"))
            domain = ["|", storable.leaf(self.env), ("id", "in", held)]
        every = self.env["product.product"].search(domain, order="id")
        found = stocked.quantities(every)
        return every.browse(id_ for id_ in every._ids if test(found[id_][name]))
