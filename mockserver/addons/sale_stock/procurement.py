"""The procurements by which the lines of a confirmed order ask for their delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.addons.sale.line_prices import unit_name
from mockserver.addons.sale.sale_order_actions import is_locked
from mockserver.addons.sale.sale_order_fields import moment_after
from mockserver.addons.sale_stock.delivered import is_goods
from mockserver.addons.stock.facts import Facts
from mockserver.addons.stock.procurements import Procurement
from mockserver.orm.fields.numbers import compare
from mockserver.orm.query.values import labels
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing import recompute

_UNIT_STEP = 0.01  # quantities that differ by less are the same


class _Product(NamedTuple):
    """What the procurements of a product have in common."""

    product: Recordset
    is_goods: bool
    name: str
    unit: Recordset


class _Shared(NamedTuple):
    """What the procurements of an order have in common."""

    group: Recordset
    place: Recordset
    origin: str
    company: Recordset
    in_unit_of_line: bool


def launch(lines: Recordset) -> bool:
    """Ask for what is ordered and not yet on its way, take back what is too much; confirm the deliveries."""
    if lines.env.context.get("skip_procurement"):
        return True
    wanted: list[Procurement] = []
    for order, own in lines.grouped("order_id").items():
        if order.state == "sale" and not is_locked(order):
            wanted += _needs(order, own.with_company(order.company_id))
    with recompute.postponed(lines.env, "sale.order.line", "sale.order"):  # which each step of the moves changes
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
    env, row, fields = line.env, line._rows()[0], line._model.fields
    order = env.db.store.rows("sale.order")[row["order_id"]]
    deadline = order.get("commitment_date") or line._expected_date()
    days = env.db.store.rows("res.company")[order["company_id"]].get("security_lead")
    several = "route_ids" in fields
    warehouse = row.get("warehouse_id") or order.get("warehouse_id")
    return {
        "product_packaging_id": line.product_packaging_id if row.get("product_packaging_id") else False,
        "product_description_variants": _choices(line),
        "sale_line_id": line.id,
        ("reference_ids" if several else "group_id"): group,
        "date_planned": moment_after(deadline, -days) if days else deadline,
        "date_deadline": deadline,
        "route_ids": line.route_ids if several else line.route_id,
        "warehouse_id": env["stock.warehouse"].browse(warehouse or ()),
        "partner_id": order.get("partner_shipping_id") or False,
        "priority": "0",
        "company_id": env["res.company"].browse(order["company_id"]),
        "sequence": row.get("sequence") or 0,
    }


def _choices(line: Recordset) -> str:
    """Return the chosen and the typed values that make no variant, a line each, in the customer's language."""
    store, row = line.env.db.store, line._rows()[0]
    custom = store.index("product.attribute.custom.value", "sale_order_line_id").get(row["id"])
    if not custom and not row.get("product_no_variant_attribute_value_ids"):
        return ""
    typed, chosen = line.product_custom_attribute_value_ids, line.product_no_variant_attribute_value_ids
    chosen -= typed.custom_product_template_attribute_value_id
    lang = line.order_id.partner_id.lang
    values = [*(chosen.with_context(lang=lang) if lang else chosen), *typed]
    return "".join(f"\n{value.display_name}" for value in values)


def _needs(order: Recordset, lines: Recordset) -> Iterator[Procurement]:
    """Yield the procurements of the lines of an order, in the units of their products."""
    shared: _Shared | None = None
    of_lines = lines.product_id
    names = labels(of_lines.env, of_lines._model, of_lines._ids)
    products = {
        product.id: _Product(product, is_goods(product), names[product.id], product.uom_id) for product in of_lines
    }
    facts, held = Facts(order.env), lines._held("product_id", "product_uom_qty", unit_name(lines))
    for line, (product, ordered, own) in zip(lines, held, strict=True):
        known = products.get(product)
        if known is None or not known.is_goods:
            continue
        quantity = (ordered or 0.0) - line._get_qty_procurement()
        if compare(quantity, 0.0, _UNIT_STEP) == 0:
            continue
        shared = shared or _shared(order)
        unit = facts.unit(own) if own and shared.in_unit_of_line else known.unit
        there = facts.converted(own, quantity, unit.id) if own else quantity
        values = line._prepare_procurement_values(shared.group)
        yield Procurement(known.product, there, unit, shared.place, known.name, shared.origin, shared.company, values)


def _shared(order: Recordset) -> _Shared:
    parameters = order.env["ir.config_parameter"].sudo()
    return _Shared(
        _group_of(order),
        order.partner_shipping_id.with_company(order.company_id).property_stock_customer,
        order.name,
        order.company_id,
        parameters.get_param("stock.propagate_uom") == "1",
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
