"""The values of the moves that bring the goods of order lines; what lines of an order share is found once.

Source: 17.0; recorded in flow-purchase-1 (17.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.account.tax_records import TaxReader
from mockserver.addons.purchase.names import is_goods, taxes_field, unit_of
from mockserver.addons.purchase_stock.directions import is_return
from mockserver.addons.uom.conversion import price_in, quantity_in
from mockserver.orm.fields.numbers import compare, round_half_up
from mockserver.orm.records.environment import Recordset

Values = dict[str, Any]


class Planner:
    """Makes the values of moves for the lines of one order."""

    def __init__(self, order: Recordset, picking: Recordset) -> None:
        self.order, self.env = order, order.env
        self.reader = TaxReader(order.env)
        self.fields = order.env["stock.move"]._model.fields
        self.places = order.env["decimal.precision"].precision_get("Product Price")
        kind, company = order.picking_type_id, order.company_id
        self.company = company
        self.lang = order.dest_address_id.lang or order.env.user.lang
        self.shared: Values = {
            "date": order.date_planned,
            "location_id": order.partner_id.property_stock_supplier.id,
            "location_dest_id": order._destination().id,
            "picking_id": picking.id,
            "partner_id": order.dest_address_id.id,
            "state": "draft",
            "company_id": company.id,
            "picking_type_id": kind.id,
            "origin": order.name,
            "warehouse_id": kind.warehouse_id.id,
        }
        if "group_id" in order._model.fields:
            self.shared["group_id"] = order.group_id.id
        else:
            self.shared["reference_ids"] = [(6, 0, order.reference_ids.ids)]

    def moves(self, line: Recordset) -> list[Values]:
        """Return the values of the moves that a line needs: for what waits for its goods, and for stock."""
        product = line.product_id
        if not product or not is_goods(product):
            return []
        unit, planned = unit_of(line), line._brought(done=False)
        step, found = float(unit.rounding), []
        following = line.move_dest_ids
        waiting = following.filtered(lambda move: move.state != "cancel" and not is_return(move)) if following else ()
        demand = planned
        if waiting:
            parts = (quantity_in(move.product_uom, move.product_uom_qty, unit, method="HALF-UP") for move in waiting)
            demand = sum(parts)
            if compare(demand - planned, 0.0, step) > 0:
                after = [(4, id_) for id_ in following.ids]
                found.append({**self._move(line, product, demand - planned), "move_dest_ids": after})
        pushed = line.product_qty - demand
        if compare(pushed, 0.0, step):
            found.append(self._move(line, product, pushed))
        return found

    def _move(self, line: Recordset, product: Recordset, quantity: float) -> Values:
        day = line.date_planned or self.shared["date"]
        own, unit = product.uom_id, unit_of(line)
        named = product.with_context(lang=self.lang) if self.lang else product
        values = {
            **self.shared,
            "name": str(product.display_name or "")[:2000],
            "product_id": product.id,
            "date": day,
            "date_deadline": day,
            "purchase_line_id": line.id,
            "price_unit": self.price(line),
            "description_picking": named.description_pickingin or line.name,
            "propagate_cancel": line.propagate_cancel,
            "product_uom_qty": quantity_in(unit, quantity, own, method="HALF-UP"),
            "product_uom": own.id,
            "sequence": line.sequence,
        }
        point = line.orderpoint_id
        if point and not (line.move_ids | line.move_dest_ids):
            values["location_dest_id"] = point.location_id.id
        if "product_packaging_id" in line._model.fields:
            values["product_packaging_id"] = line.product_packaging_id.id
        return {name: value for name, value in values.items() if name in self.fields}

    def price(self, line: Recordset) -> float:
        """Return the price of one of the product's unit without taxes, in the currency of the company."""
        order, price = self.order, self.gross(line)
        if order.currency_id != self.company.currency_id:
            day = str(order.date_order or self.env.db.clock.today())[:10]
            price = order.currency_id._convert(price, self.company.currency_id, self.company, day, round=False)
        return round_half_up(price, self.places)

    def gross(self, line: Recordset) -> float:
        """Return the price of one of the product's unit without taxes, in the currency of the order, not rounded."""
        order, taxes = self.order, line[taxes_field(line)]
        price = line.price_unit_discounted if "price_unit_discounted" in line._model.fields else line.price_unit
        if taxes and not all(map(_leaves_price, self._of(taxes))):
            quantity = line.product_qty or 1.0
            found = taxes.with_context(round=False).compute_all(
                price, currency=order.currency_id, quantity=quantity, product=line.product_id, partner=order.partner_id
            )
            price = found["total_void"] / quantity
        return price_in(unit_of(line), price, line.product_id.uom_id)

    def _of(self, taxes: Recordset) -> list[Any]:
        """Return taxes, groups of them as their parts."""
        return [part for tax in self.reader(taxes._ids) for part in (tax.children or (tax,))]


def _leaves_price(tax: Any) -> bool:
    """Return whether a price without the tax is the price: it is not included, and all of it goes to accounts."""
    return not tax.included and all(share.account for share in tax.invoice.shares)
