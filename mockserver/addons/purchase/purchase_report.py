"""purchase.report: figures of order lines, in the currency of the company and the unit of the product.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mockserver import models
from mockserver.addons.purchase.names import unit_of
from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.fields.numbers import round_half_up
from mockserver.orm.records.environment import Recordset


class PurchaseReport(models.Model):
    _inherit = "purchase.report"

    def _query_rows(self) -> Iterator[dict[str, Any]]:
        lines = self.env.sudo()["purchase.order.line"].search([("display_type", "=", False)], order="id")
        groups: dict[tuple[Any, ...], list[Recordset]] = {}
        for line in lines:
            key = (line.order_id.id, line.product_id.id, line.price_unit, line.date_planned, unit_of(line).id)
            groups.setdefault(key, []).append(line)
        unit = "product_uom_id" if "product_uom_id" in self._model.fields else "product_uom"
        for group in groups.values():
            yield {**_facts(group[0]), unit: group[0].product_id.uom_id.id, **_figures(group)}


def _facts(line: Recordset) -> dict[str, Any]:
    order, product = line.order_id, line.product_id
    partner = order.partner_id
    return {
        "id": line.id,
        "order_id": order.id,
        "state": order.state,
        "date_order": order.date_order,
        "date_approve": order.date_approve or None,
        "partner_id": partner.id,
        "commercial_partner_id": partner.commercial_partner_id.id,
        "country_id": partner.country_id.id or None,
        "user_id": order.user_id.id or None,
        "company_id": order.company_id.id,
        "currency_id": order.company_id.currency_id.id,
        "fiscal_position_id": order.fiscal_position_id.id or None,
        "product_id": product.id or None,
        "product_tmpl_id": product.product_tmpl_id.id or None,
        "category_id": product.categ_id.id or None,
        "delay": _days(order.date_order, order.date_approve),
        "delay_pass": _days(order.date_order, line.date_planned),
    }


def _figures(lines: list[Recordset]) -> dict[str, Any]:
    product, rate = lines[0].product_id, lines[0].order_id.currency_rate or 1.0
    ordered, received, billed = (
        sum(quantity_in(unit_of(line), line[name], product.uom_id, method=None, strict=False) for line in lines)
        for name in ("product_qty", "qty_received", "qty_invoiced")
    )
    spent = sum(line.product_qty * line.price_unit / rate for line in lines)
    return {
        "nbr_lines": len(lines),
        "price_total": round_half_up(sum(line.price_total / rate for line in lines), 2),
        "untaxed_total": round_half_up(sum(line.price_subtotal / rate for line in lines), 2),
        "price_average": round_half_up(spent / ordered, 2) if ordered else None,
        "weight": product.weight * ordered,
        "volume": product.volume * ordered,
        "qty_ordered": ordered,
        "qty_received": received,
        "qty_billed": billed,
        "qty_to_be_billed": (ordered if product.purchase_method == "purchase" else received) - billed,
    }


def _days(start: Any, end: Any) -> float | None:
    """Return the days from one moment to another; None without the second."""
    if not end:
        return None
    passed = datetime.fromisoformat(str(end)) - datetime.fromisoformat(str(start))
    return passed.total_seconds() / 86400
