"""stock.warehouse.orderpoint: how much of a product is to be ordered so that there is enough of it at a place.

Source: recorded in flow-cross-2 (17.0); fields of Odoo 14.0 to 19.0.
Leaves out: the seasons of 19.0 and the graphs of the replenishment report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_COMPANY_REFUSED = (
    "Changing the company of this record is forbidden at this point, you should rather archive it and create a new one."
)


class Orderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def _default_name(self) -> Any:
        return self.env["ir.sequence"].sudo().next_by_code("stock.orderpoint")

    @api.versions(until=15)
    def _default_warehouse_id(self) -> Recordset:
        return self._first_warehouse(self.env.company)

    @api.versions(until=15)
    def _default_location_id(self) -> Recordset:
        stock: Recordset = self._first_warehouse(self.env.company).lot_stock_id
        return stock

    @api.versions(since=16)
    def _compute_warehouse_id(self) -> None:
        """The warehouse of the location, else the first of the company."""
        for point in self:
            point.warehouse_id = point.location_id._warehouse() or self._first_warehouse(point.company_id)

    @api.versions(since=16)
    def _compute_location_id(self) -> None:
        """The stock of the warehouse."""
        for point in self:
            warehouse = point.warehouse_id or self._first_warehouse(point.company_id)
            point.location_id = warehouse.lot_stock_id

    def _first_warehouse(self, company: Recordset) -> Recordset:
        found: Recordset = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        return found

    def _compute_allowed_location_ids(self) -> None:
        """The places that goods are kept at."""
        for point in self:
            domain = [("usage", "in", ("internal", "view")), ("company_id", "in", (False, point.company_id.id))]
            point.allowed_location_ids = self.env["stock.location"].search(domain)

    # -- when what is ordered now would come

    @api.versions(since=16)
    def _compute_rule_ids(self) -> None:
        for point in self:
            known = bool(point.product_id and point.location_id)
            point.rule_ids = point._rules() if known else False

    def _rules(self) -> Recordset:
        product: Recordset = self.product_id
        found: Recordset = product._get_rules_from_location(self.location_id, route_ids=self._route())
        return found

    def _route(self) -> Recordset:
        route: Recordset = self.route_id
        return route

    def _lead_day(self) -> str:
        """Return the day on which goods that are ordered today would be there."""
        days = self._rules()._get_lead_days(self.product_id, orderpoint=self)
        found: date = self.env.db.clock.today() + timedelta(days=days)
        return found.isoformat()

    @api.versions(until=18)
    def _compute_lead_days_date(self) -> None:
        for point in self:
            known = bool(point.product_id and point.location_id)
            point.lead_days_date = point._lead_day() if known else False

    @api.versions(since=19)
    @api.computes("lead_days", "lead_horizon_date")
    def _compute_lead_days(self) -> None:
        """The days until goods are there, and the day until which needs are looked at."""
        for point in self:
            known = bool(point.product_id and point.location_id)
            point.lead_days = point._rules()._get_lead_days(point.product_id, orderpoint=point) if known else 0
            point.lead_horizon_date = point._horizon() if known else False

    def _horizon(self) -> str:
        """Return the day until which needs are looked at: that of the delivery, since 19 some days later."""
        day = date.fromisoformat(self._lead_day())
        days = self.company_id.horizon_days if "horizon_days" in self.company_id else 0
        return (day + timedelta(days=days)).isoformat()

    @api.versions(since=16)
    def _compute_days_to_order(self) -> None:
        for point in self:
            point.days_to_order = 0

    @api.versions(since=16, until=18)
    def _compute_visibility_days(self) -> None:
        for point in self:
            point.visibility_days = 0

    @api.versions(since=16, until=18)
    def _inverse_visibility_days(self) -> None:
        """The days are those of the way by which goods come."""

    # -- quantities

    @api.computes("qty_on_hand", "qty_forecast")
    def _compute_qty(self) -> None:
        """What is there, and what will be when goods that are ordered today come, with what is ordered already."""
        ordered = self._quantity_in_progress()
        for point in self:
            known = bool(point.product_id and point.location_id)
            product = point.product_id.with_context(point._get_product_context()) if known else point.product_id
            point.qty_on_hand = product.qty_available if known else 0.0
            point.qty_forecast = product.virtual_available + ordered[point.id] if known else 0.0

    def _get_product_context(self, visibility_days: int = 0) -> dict[str, Any]:
        """Return the context of the product's quantities: at the place, until the goods would come."""
        day = date.fromisoformat(self._horizon()) + timedelta(days=visibility_days)
        return {**self.env.context, "location": self.location_id.id, "to_date": f"{day.isoformat()} 23:59:59"}

    def _quantity_in_progress(self) -> dict[int, float]:
        """Return for each rule what is ordered but has no moves yet; modules with such orders extend it."""
        return dict.fromkeys(self.ids, 0.0)

    def _wanted(self) -> float:
        """Return how much to order: up to the maximum where there will be less than the minimum."""
        step = self.product_uom.rounding
        if not self.product_id or not self.location_id or compare(self.qty_forecast, self.product_min_qty, step) >= 0:
            return 0.0
        context = self._get_product_context(int(self.visibility_days) if "visibility_days" in self else 0)
        there = self.product_id.with_context(context).virtual_available + self._quantity_in_progress()[self.id]
        quantity = max(self.product_min_qty, self.product_max_qty) - there
        return self._in_multiples(quantity)

    def _in_multiples(self, quantity: float) -> float:
        """Return a quantity as a multiple: not more than the maximum, or the next where there is none."""
        step = self.product_uom.rounding
        if "qty_multiple" not in self:
            unit = self.replenishment_uom_id
            if not unit:
                return quantity
            whole = round_to(self.product_uom._compute_quantity(quantity, unit, round=False), 1.0, "UP")
            multiple: float = unit._compute_quantity(whole, self.product_uom)
            return multiple
        remainder = quantity % self.qty_multiple if self.qty_multiple > 0 else 0.0
        missing = self.qty_multiple - remainder
        if compare(remainder, 0.0, step) <= 0 or compare(missing, 0.0, step) <= 0:
            return quantity
        return quantity + missing if not round_to(self.product_max_qty, step) else quantity - remainder

    @api.versions(until=17)
    def _compute_qty_to_order(self) -> None:
        for point in self:
            point.qty_to_order = point._wanted()

    @api.versions(since=18, name="_compute_qty_to_order")
    def _compute_qty_to_order_18(self) -> None:
        """What somebody wrote, else what is wanted."""
        for point in self:
            point.qty_to_order = point.qty_to_order_manual or point.qty_to_order_computed

    @api.versions(since=18)
    def _inverse_qty_to_order(self) -> None:
        for point in self:
            written = point.qty_to_order
            differs = compare(written, point.qty_to_order_computed, point.product_uom.rounding)
            point.write({"qty_to_order_manual": written if differs else 0.0})

    @api.versions(since=18)
    def _search_qty_to_order(self, operator: str, value: Any) -> list[Any]:
        found = self.search([("qty_to_order_manual", "in", [0, False])])
        computed = found.filtered_domain([("qty_to_order_computed", operator, value)]) if found else found
        return ["|", ("qty_to_order_manual", operator, value), ("id", "in", computed.ids)]

    @api.versions(since=18)
    def _compute_qty_to_order_computed(self) -> None:
        for point in self:
            point.qty_to_order_computed = point._wanted()

    @api.versions(since=17)
    def _compute_unwanted_replenish(self) -> None:
        """What is to be ordered would be more than the maximum."""
        for point in self:
            step = point.product_uom.rounding
            if not point.product_id or not round_to(point.qty_to_order, step) or point.product_max_qty < 0:
                point.unwanted_replenish = False
                continue
            product = point.product_id.with_context(location=point.location_id.id)
            after = product.virtual_available + point.qty_to_order
            point.unwanted_replenish = compare(after, point.product_max_qty, step) > 0

    @api.versions(since=18)
    def _compute_product_max_qty(self) -> None:
        """At least the minimum."""
        for point in self:
            point.product_max_qty = max(point.product_max_qty or 0.0, point.product_min_qty or 0.0)

    @api.versions(since=18, until=18)
    def _compute_product_min_qty(self) -> None:
        """At most the maximum."""
        for point in self:
            point.product_min_qty = min(point.product_min_qty or 0.0, point.product_max_qty or 0.0)

    # -- create and write

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create rules; one that works by itself cannot sleep."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        if any(vals.get("snoozed_until") and vals.get("trigger", "auto") == "auto" for vals in several):
            raise UserError(self.env._("You can not create a snoozed orderpoint that is not manually triggered."))
        return super().create(vals_list)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change rules, but not their company."""
        if "company_id" in vals and any(point.company_id.id != vals["company_id"] for point in self):
            raise UserError(self.env._(_COMPANY_REFUSED))
        return super().write(vals)
