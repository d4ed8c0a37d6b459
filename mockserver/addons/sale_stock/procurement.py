"""The procurements by which the lines of a confirmed order ask for their delivery."""

from __future__ import annotations

from typing import Any

from mockserver.addons.sale.line_prices import unit_of
from mockserver.addons.sale.sale_order_actions import is_locked
from mockserver.addons.sale.sale_order_fields import moment_after
from mockserver.addons.sale_stock.delivered import is_goods
from mockserver.addons.stock.procurements import Procurement
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

_UNIT_STEP = 0.01  # quantities that differ by less are the same


def launch(lines: Recordset) -> bool:
    """Ask for what is ordered and not yet on its way, take back what is too much; confirm the deliveries."""
    if lines.env.context.get("skip_procurement"):
        return True
    wanted = []
    for line in lines:
        if line.state != "sale" or not is_goods(line.product_id) or is_locked(line.order_id):
            continue
        own = line.with_company(line.company_id)
        known = own._get_qty_procurement()
        if compare(known, line.product_uom_qty, _UNIT_STEP) != 0:
            wanted.append(_procurement(own, line.product_uom_qty - known))
    if wanted:
        lines.env["stock.rule"]._run_procurements(wanted)
    for order in lines.mapped("order_id"):
        waiting = order.picking_ids.filtered(lambda picking: picking.state not in ("cancel", "done"))
        if waiting:
            waiting.action_confirm()
            if lines.env.db.profile.rules.orders_reserve:
                _reserve(waiting)
    return True


def _reserve(deliveries: Recordset) -> None:
    """Reserve what is there for deliveries that were not printed yet."""
    ready = deliveries.filtered(lambda picking: picking.state in ("confirmed", "waiting", "assigned"))
    ready = ready.filtered(lambda picking: not picking.printed)
    if ready:
        ready.action_assign()


def values_of(line: Recordset, group: Any) -> dict[str, Any]:
    """Return what a procurement of a line says of it."""
    order = line.order_id
    deadline = order.commitment_date or line._expected_date()
    routes = line.route_ids if "route_ids" in line._model.fields else line.route_id
    return {
        "sale_line_id": line.id,
        ("reference_ids" if "route_ids" in line._model.fields else "group_id"): group,
        "date_planned": moment_after(deadline, -_security_days(order)),
        "date_deadline": deadline,
        "route_ids": routes,
        "warehouse_id": line.warehouse_id or order.warehouse_id,
        "partner_id": order.partner_shipping_id.id,
        "company_id": order.company_id,
        "sequence": line.sequence,
    }


def _procurement(line: Recordset, quantity: float) -> Procurement:
    """Return the procurement of a quantity of a line, in the unit of its product."""
    product, order = line.product_id, line.order_id
    unit = product.uom_id
    parameters = line.env["ir.config_parameter"].sudo()
    if parameters.get_param("stock.propagate_uom") == "1":
        unit = unit_of(line)
    return Procurement(
        product,
        unit_of(line)._compute_quantity(quantity, unit, rounding_method="HALF-UP"),
        unit,
        order.partner_shipping_id.property_stock_customer,
        product.display_name,
        order.name,
        order.company_id,
        line._prepare_procurement_values(_group_of(order)),
    )


def _group_of(order: Recordset) -> Recordset:
    """Return what holds the moves of an order together: its procurement group, in 19 its reference; made if missing."""
    if "stock_reference_ids" in order._model.fields:
        found: Recordset = order.stock_reference_ids.filtered(lambda reference: reference.name == order.name)
        return found or order.env["stock.reference"].sudo().create({"name": order.name, "sale_ids": [(4, order.id)]})
    vals = {"move_type": order.picking_policy, "partner_id": order.partner_shipping_id.id}
    group: Recordset = order.procurement_group_id
    if not group:
        group = order.env["procurement.group"].sudo().create({**vals, "name": order.name, "sale_id": order.id})
        order.procurement_group_id = group
    elif group.move_type != vals["move_type"] or group.partner_id.id != vals["partner_id"]:
        group.sudo().write(vals)
    return group


def _security_days(order: Recordset) -> float:
    company = order.company_id
    return float(company.security_lead) if "security_lead" in company._model.fields else 0.0
