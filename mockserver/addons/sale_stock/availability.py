"""What is available for an order line: today, free, and on the day of its delivery.

Source: 17.0; the quantities of lines in flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mockserver import api, models
from mockserver.addons.sale.line_prices import unit_of
from mockserver.addons.sale_stock.delivered import quantity_done
from mockserver.addons.stock.product_quantities import in_warehouse
from mockserver.orm.records.environment import Recordset

_FIELDS = (
    "virtual_available_at_date",
    "scheduled_date",
    "forecast_expected_date",
    "free_qty_today",
    "qty_available_today",
)


class _Stock(NamedTuple):
    """Quantities of a product in a warehouse, in its own unit."""

    on_hand: float
    free: float
    forecast: float


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.computes("qty_to_deliver", "display_qty_widget")
    def _compute_qty_to_deliver(self) -> None:
        """What is not delivered; stocked goods that wait are shown with their availability."""
        for line in self:
            line.qty_to_deliver = line.product_uom_qty - line.qty_delivered
            waits = line.state in ("draft", "sent", "sale") and unit_of(line) and line.qty_to_deliver > 0
            shown = bool(waits) and _is_stored(line.product_id)
            line.display_qty_widget = shown and not (line.state == "sale" and not line.move_ids)

    @api.computes(*_FIELDS)
    def _compute_qty_at_date(self) -> None:
        """By the moves of a confirmed line; of a quotation what the lines before it leave."""
        used: dict[int, float] = {}
        for line in self:
            found: dict[str, Any] = dict.fromkeys(_FIELDS, False)
            if line.display_qty_widget and line.state == "sale":
                found |= _of_moves(line)
            elif line.display_qty_widget and line.product_id and line.state in ("draft", "sent"):
                found |= _of_quotation(line, used)
            for name, value in found.items():
                line[name] = value

    def _compute_is_mto(self) -> None:
        """Whether a route of the line or its product makes or buys for each order."""
        for line in self:
            product = line.product_id
            own = line.route_ids if "route_ids" in self._model.fields else line.route_id
            routes = own or (product.route_ids | product.categ_id.total_route_ids)
            line.is_mto = bool(line.display_qty_widget and routes & _made_to_order(line))


def _is_stored(product: Recordset) -> bool:
    return bool(product.is_storable) if "is_storable" in product._model.fields else product.type == "product"


def _made_to_order(line: Recordset) -> Recordset:
    """Return the route by which the warehouse of a line makes to order."""
    warehouse = line.warehouse_id or line.order_id.warehouse_id
    route: Recordset = warehouse.mto_pull_id.route_id
    return route or line.env.ref("stock.route_warehouse0_mto", raise_if_not_found=False) or route


def _of_moves(line: Recordset) -> dict[str, Any]:
    moves = line.move_ids.filtered(lambda move: move.product_id == line.product_id)
    expected = [moment for moment in moves.mapped("forecast_expected_date") if moment]
    unit, own = unit_of(line), line.product_id.uom_id
    return {
        "forecast_expected_date": max(expected, default=False),
        "qty_available_today": sum(move.product_uom._compute_quantity(quantity_done(move), unit) for move in moves),
        "free_qty_today": sum(own._compute_quantity(move.forecast_availability, unit) for move in moves),
        "scheduled_date": line.order_id.commitment_date or line._expected_date(),
    }


def _of_quotation(line: Recordset, used: dict[int, float]) -> dict[str, Any]:
    product, unit = line.product_id, unit_of(line)
    moment = line.order_id.commitment_date or line._expected_date()
    warehouse = line.warehouse_id or line.order_id.warehouse_id
    there = in_warehouse(product, warehouse, to_date=moment)
    before = used.get(product.id, 0.0)
    stock = _Stock(there.qty_available - before, there.free_qty - before, there.virtual_available - before)
    used[product.id] = before + float(unit._compute_quantity(line.product_uom_qty, product.uom_id))
    if unit != product.uom_id:
        stock = _Stock(*(product.uom_id._compute_quantity(quantity, unit) for quantity in stock))
    return {
        "scheduled_date": moment,
        "qty_available_today": stock.on_hand,
        "free_qty_today": stock.free,
        "virtual_available_at_date": stock.forecast,
    }
