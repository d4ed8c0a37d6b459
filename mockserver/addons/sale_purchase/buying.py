"""Buying what an order sells as a service: lines on an open purchase order of the vendor, or on a new one.

Inferred: 17.0.
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.sale.line_prices import unit_of
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset


def buy(lines: Recordset) -> None:
    """Buy the services among confirmed lines that are bought for each order and are not yet."""
    for line in _bought(lines.sudo()):
        if not line.purchase_line_ids and not line.display_type:
            _buy(line, line.product_uom_qty)


def _buy(line: Recordset, quantity: float) -> None:
    """Add a line for a quantity of a service to an order of its vendor."""
    order = _order_for(line, _vendor(line))
    bought = order.env["purchase.order.line"]
    bought.create(
        {
            "order_id": order.id, "product_id": line.product_id.id, "product_qty": quantity,
            _unit_field(bought): unit_of(line).id, "sale_line_id": line.id,
        }
    )  # fmt: skip


def buy_more(line: Recordset, before: float) -> None:
    """Let more be bought of a service: by its open order, else by a new line for what is more than before."""
    last = line.purchase_line_ids.sorted("id")[-1:]
    if last.state in ("draft", "sent", "to approve"):
        last.write({"product_qty": unit_of(line)._compute_quantity(line.product_uom_qty, last[_unit_field(last)])})
    elif last:
        _buy(line, line.product_uom_qty - before)


def _unit_field(lines: Recordset) -> str:
    return "product_uom_id" if "product_uom_id" in lines._model.fields else "product_uom"


def _bought(lines: Recordset) -> Recordset:
    """Return the lines whose products are services that are bought for each order."""
    found = {
        (company.id, product)
        for company in lines.company_id
        for product in lines.product_id.with_company(company).filtered("service_to_purchase")._ids
    }
    return lines.filtered(lambda line: (line.company_id.id, line.product_id.id) in found) if found else lines.browse()


def _vendor(line: Recordset) -> Recordset:
    product = line.product_id.with_company(line.company_id)
    found = product._select_seller(quantity=line.product_uom_qty, uom_id=unit_of(line))
    found = found or product.seller_ids[:1]
    if not found:
        raise UserError(
            f"There is no vendor associated to the product {product.display_name}. Please define a vendor for this"
            " product."
        )
    vendor: Recordset = found.partner_id
    return vendor


def _order_for(line: Recordset, vendor: Recordset) -> Recordset:
    """Return the vendor's open purchase order, which names the sales order from now on, or a new one."""
    orders, name = line.env["purchase.order"], str(line.order_id.name)
    company = line.company_id
    domain = [("partner_id", "=", vendor.id), ("state", "=", "draft"), ("company_id", "=", company.id)]
    found: Recordset = orders.search(domain, limit=1)
    if not found:
        vals: dict[str, Any] = {"partner_id": vendor.id, "company_id": company.id, "origin": name}
        return orders.with_company(company).create(vals)
    known = str(found.origin or "").split(", ")
    if name not in known:
        found.origin = ", ".join([*filter(None, known), name])
    return found
