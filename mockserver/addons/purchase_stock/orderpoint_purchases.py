"""Rules by which products are ordered again, where they are bought: what is on orders, and how long vendors need.

Source: recorded in flow-cross-2 (17.0); 17.0, purchase_stock.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset

_OPEN = ("draft", "sent", "to approve")
_NO_VENDOR_DAYS = 365


class OrderpointPurchases(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def _quantity_in_progress(self) -> dict[int, float]:
        """Add what is on requests for quotation, for the place where each would be received."""
        found: dict[int, float] = super()._quantity_in_progress()  # type: ignore[misc]
        ordered: dict[tuple[int, int], float] = {}
        asked = [("state", "in", _OPEN), ("product_id", "in", self.product_id.ids)]
        for line in self.env["purchase.order.line"].sudo().search(asked):
            place = line.orderpoint_id.location_id or _place(line)
            unit = line.product_uom_id if "product_uom_id" in line else line.product_uom
            quantity = unit._compute_quantity(line.product_qty, line.product_id.uom_id, round=False)
            key = line.product_id.id, place.id
            ordered[key] = ordered.get(key, 0.0) + quantity
        for point in self:
            found[point.id] += ordered.get((point.product_id.id, point.location_id.id), 0.0)
        return found

    def _compute_show_supplier(self) -> None:
        """The route of the rule is one by which products are bought."""
        routes = self.env["stock.rule"].search([("action", "=", "buy")]).route_id
        name = "effective_route_id" if "effective_route_id" in self._model.fields else "route_id"
        for point in self:
            point.show_supplier = point[name] in routes

    @api.versions(since=18, until=18)
    def _compute_product_supplier_id(self) -> None:
        """The first vendor of the product."""
        for point in self:
            point.product_supplier_id = point.product_tmpl_id.seller_ids[:1].partner_id

    @api.versions(since=19)
    @api.computes("effective_vendor_id", "available_vendor")
    def _compute_effective_vendor_id(self) -> None:
        """The vendor of the rule, else the first that sells the product."""
        for point in self:
            seller = point.supplier_id or point.product_id._select_seller(quantity=None)
            point.effective_vendor_id = seller.partner_id
            point.available_vendor = seller.partner_id

    @api.versions(since=19)
    def _compute_supplier_id_placeholder(self) -> None:
        for point in self:
            point.supplier_id_placeholder = point.product_id._select_seller(quantity=None).display_name or ""

    def _prepare_procurement_values(self, day: str) -> dict[str, Any]:
        """Add the vendor that the rule names."""
        found: dict[str, Any] = super()._prepare_procurement_values(day)  # type: ignore[misc]
        return {**found, "supplierinfo_id": self.supplier_id}

    def _get_replenishment_order_notification(self, before: Any) -> Any:
        """Return a notification of the order that was made."""
        lines = self.env["purchase.order.line"].search(
            [("orderpoint_id", "in", self.ids)], order="write_date desc, id desc"
        )
        order = lines[:1].order_id
        if not order:
            return super()._get_replenishment_order_notification(before)  # type: ignore[misc]
        link = {"label": order.display_name, "url": f"#id={order.id}&model=purchase.order"}
        following = {"type": "ir.actions.act_window_close"}
        title = "The following replenishment order have been generated"
        return self._notification(title, message="%s", links=[link], next=following)


def _place(line: Recordset) -> Recordset:
    """Return where the goods of a line are wanted."""
    waiting: Recordset = line.move_dest_ids.location_id[:1]
    return waiting or line.order_id.picking_type_id.default_location_dest_id


class LotPurchases(models.Model):
    _inherit = "stock.lot"

    @api.computes("purchase_order_ids", "purchase_order_count")
    def _compute_purchase_order_ids(self) -> None:
        """The orders that brought some of the lot."""
        for lot in self:
            lines = self.env["stock.move.line"].search([("lot_id", "=", lot.id), ("state", "=", "done")])
            orders = lines.move_id.purchase_line_id.order_id
            lot.purchase_order_ids = orders
            lot.purchase_order_count = len(orders)


class BuyLeadDays(models.Model):
    _inherit = "stock.rule"

    def _get_lead_days(self, product: Recordset, **values: Any) -> int:
        """Add the days that the vendor needs, and those of the company before and after it."""
        days: int = super()._get_lead_days(product, **values)  # type: ignore[misc]
        buying = self.filtered(lambda rule: rule.action == "buy")[:1]
        if not buying:
            return days
        company = buying.company_id or self.env.company
        point = values.get("orderpoint")
        seller = point.supplier_id if point else None
        seller = seller or product.with_company(company)._select_seller(quantity=None)
        if not seller:
            return days + _NO_VENDOR_DAYS
        return int(days + seller[0].delay + company.days_to_purchase + company.po_lead)
