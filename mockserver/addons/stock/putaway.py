"""Where goods are put away: the rules of locations, and the storage categories that say what fits where.

Source: 17.0, stock.
Differs: package types neither choose rules nor count as capacities.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver import api, models
from mockserver.addons.stock.quant_rows import QUANT
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

_COMPANY_REFUSED = (
    "Changing the company of this record is forbidden at this point, you should rather archive it and create a new one."
)
RULE = "stock.putaway.rule"


def target(location: Recordset, product: Recordset, quantity: float) -> Recordset:
    """Return where a quantity of a product that comes to a location is put: there, or at a place below it."""
    env = location.env
    if not env.db.store.index(RULE, "location_in_id").get(location.id) and location.usage != "view":
        return location
    for rule in _fitting(location, product):
        for place in rule._places(product):
            if place._fits(product, quantity):
                fitting: Recordset = place
                return fitting
    inside = location.child_internal_location_ids if location.usage == "view" else location.browse()
    first: Recordset = inside[:1]
    return first or location


def _fitting(location: Recordset, product: Recordset) -> list[Recordset]:
    """Return the rules of a location for a product: first its own, then those of its category, then of those above."""
    depths: dict[int, int] = {}
    category = product.categ_id
    while category:
        depths[category.id] = len(depths)
        category = category.parent_id
    rules = location.sudo().putaway_rule_ids.filtered(
        lambda rule: (
            rule.product_id.id in (False, product.id)
            and (not rule.category_id or rule.category_id.id in depths)
            and not ("package_type_ids" in rule and rule.package_type_ids)
        )
    )

    def rank(rule: Recordset) -> tuple[bool, int]:
        return not rule.product_id, depths.get(rule.category_id.id or 0, len(depths))

    return sorted(rules, key=rank)


class PutawayRule(models.Model):
    _inherit = "stock.putaway.rule"

    def _places(self, product: Recordset) -> Iterator[Recordset]:
        """Yield where the rule puts a product: first where some of it is already."""
        out = self.location_out_id
        if "sublocation" in self and self.sublocation == "last_used":
            yield self._last_used(product) or out
            return
        category = self.storage_category_id if "storage_category_id" in self else None
        if not category:
            yield out
            return
        inside = out.child_internal_location_ids.filtered(lambda place: place.storage_category_id == category)
        used = inside.filtered(lambda place: place._stored(product) > 0)
        yield from used
        yield from inside - used

    def _last_used(self, product: Recordset) -> Recordset:
        """Return where the product was put last."""
        put = [("state", "=", "done"), ("product_id", "=", product.id)]
        lines = self.env["stock.move.line"].sudo().search(
            [*put, ("location_dest_id", "child_of", self.location_out_id.id)], order="date desc, id desc", limit=1
        )  # fmt: skip
        found: Recordset = lines.location_dest_id
        return found

    @api.versions(since=18)
    def _compute_storage_category_id(self) -> None:
        """Only the closest location is looked for by its category."""
        for rule in self:
            rule.storage_category_id = rule.storage_category_id if rule.sublocation == "closest_location" else False

    def write(self, vals: Any) -> bool:
        """Change rules, but not their company."""
        if "company_id" in vals and any(rule.company_id.id != vals["company_id"] for rule in self):
            raise UserError(self.env._(_COMPANY_REFUSED))
        return super().write(vals)


class LocationStorage(models.Model):
    _inherit = "stock.location"

    def _get_putaway_strategy(self, product: Recordset, quantity: float = 0.0) -> Recordset:
        """Return where a quantity of a product that comes to the location is put."""
        return target(self, product, quantity)

    def _stored(self, product: Recordset) -> float:
        """Return how much of a product is at the location, or on the way there."""
        rows = self.env.db.store.rows(QUANT)
        ids = self.env.db.store.index(QUANT, "product_id").get(product.id, ())
        there = sum(rows[id_].get("quantity") or 0.0 for id_ in ids if rows[id_].get("location_id") == self.id)
        coming = self._coming([("product_id", "=", product.id)])
        quantity = "quantity_product_uom" if "quantity_product_uom" in coming else "reserved_qty"
        return float(there + sum(coming.mapped(quantity)))

    def _coming(self, domain: list[Any]) -> Recordset:
        open_ = [("location_dest_id", "=", self.id), ("state", "not in", ["draft", "done", "cancel"])]
        found: Recordset = self.env["stock.move.line"].sudo().search([*open_, *domain])
        return found

    def _fits(self, product: Recordset, quantity: float) -> bool:
        """Return whether the storage category of the location allows so much more of a product."""
        category = self.storage_category_id if "storage_category_id" in self else None
        if not category:
            return True
        if category.max_weight < self.forecast_weight + product.weight * quantity:
            return False
        capacity = category.capacity_ids.filtered(lambda each: each.product_id == product)[:1]
        if capacity:
            stored = self._stored(product)
            if stored >= capacity.quantity or compare(stored + quantity, capacity.quantity, 0.01) > 0:
                return False
        kept = self.quant_ids.filtered(lambda quant: quant.quantity > 0)
        if category.allow_new_product == "empty":
            return not kept
        if category.allow_new_product == "same":
            others = kept.product_id - product
            return not others and not self._coming([("product_id", "!=", product.id)])
        return True

    @api.versions(since=16)
    @api.computes("net_weight", "forecast_weight")
    def _compute_weight(self) -> None:
        """What is there weighs so much; with what comes and without what goes."""
        lines = self.env["stock.move.line"].sudo()
        for location in self:
            there = sum(quant.product_id.weight * quant.quantity for quant in location.sudo().quant_ids)
            going = lines.search([("location_id", "=", location.id), ("state", "not in", ["draft", "done", "cancel"])])
            quantity = "quantity_product_uom" if "quantity_product_uom" in lines else "reserved_qty"
            change = sum(line.product_id.weight * line[quantity] for line in location._coming([]))
            change -= sum(line.product_id.weight * line[quantity] for line in going)
            location.net_weight = there
            location.forecast_weight = there + change


class StorageCategory(models.Model):
    _inherit = "stock.storage.category"

    @api.computes("product_capacity_ids", "package_capacity_ids")
    def _compute_capacities(self) -> None:
        for category in self:
            category.product_capacity_ids = category.capacity_ids.filtered("product_id")
            category.package_capacity_ids = category.capacity_ids.filtered("package_type_id")

    def _compute_weight_uom_name(self) -> None:
        for category in self:
            category.weight_uom_name = "kg"
