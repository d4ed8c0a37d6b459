"""The routes of a warehouse and their rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver.addons.stock.warehouse_parts import ROUTE_NAMES, Leg, legs
from mockserver.orm.records.environment import Recordset


def update(warehouse: Recordset) -> None:
    """Create the routes of a warehouse, or change them to its steps."""
    known = legs(warehouse)
    rules = warehouse.env.db.profile.rules
    reception, delivery = warehouse.reception_steps, warehouse.delivery_steps
    both = reception != "one_step" and delivery != "ship_only"
    _route(
        warehouse, "reception_route_id", reception, known[reception],
        {"sequence": rules.reception_route_sequence, "product_selectable": False}, {"propagate_cancel": True},
    )  # fmt: skip
    _route(
        warehouse, "delivery_route_id", delivery, known[delivery],
        {"sequence": rules.delivery_route_sequence, "product_selectable": False}, {"propagate_carrier": True},
    )  # fmt: skip
    if "crossdock_route_id" in warehouse._model.fields:
        _route(
            warehouse, "crossdock_route_id", "crossdock", known["crossdock"],
            {"sequence": 20, "product_selectable": True, "warehouse_selectable": False, "active": both},
            {"procure_method": "make_to_order"},
        )  # fmt: skip
    _order_rule(warehouse, known[delivery])
    warehouse._update_global_rules()


def _route(
    warehouse: Recordset, field: str, step: str, steps: Sequence[Leg], values: dict[str, Any], common: dict[str, Any]
) -> None:
    name = f"{warehouse.name}: {warehouse.env._(ROUTE_NAMES[step])}"
    route = warehouse.with_context(active_test=False)[field]
    if route:
        route.write({"name": name, **({"active": values["active"]} if "active" in values else {})})
        route.with_context(active_test=False).rule_ids.write({"active": False})
    else:
        given = {
            "name": name, "company_id": warehouse.company_id.id, "warehouse_selectable": True,
            "product_categ_selectable": True, **values,
        }  # fmt: skip
        if given["warehouse_selectable"]:
            given["warehouse_ids"] = [(4, warehouse.id)]
        route = warehouse.env["stock.route"].create(given)
        warehouse.write({field: route.id})
    for number, leg in enumerate(steps):
        rule = {
            **rule_values(warehouse, leg), "route_id": route.id,
            "procure_method": "make_to_order" if number else "make_to_stock", **common,
        }  # fmt: skip
        _find_or_create(warehouse, rule)


def rule_values(warehouse: Recordset, leg: Leg, suffix: str = "") -> dict[str, Any]:
    """Return the values of the rule of a leg."""
    return {
        "name": rule_name(warehouse, leg.source, leg.target, suffix), "location_src_id": leg.source.id,
        "location_dest_id": leg.target.id, "action": leg.action, "auto": "manual", "picking_type_id": leg.kind.id,
        "warehouse_id": warehouse.id, "company_id": warehouse.company_id.id, "active": True,
    }  # fmt: skip


def rule_name(warehouse: Recordset, source: Recordset | None, target: Recordset | None, suffix: str = "") -> str:
    """Return the name of a rule, such as `WH: Stock → Customers (MTO)`."""
    name = f"{warehouse.code}: {source.name if source else False}"
    if target:
        name += f" → {target.name}"
    return f"{name} ({suffix})" if suffix else name


def _find_or_create(warehouse: Recordset, values: dict[str, Any]) -> None:
    """Take the archived rule that does the same into use again, or create it."""
    rules = warehouse.env["stock.rule"].with_context(active_test=False)
    same = ("picking_type_id", "location_src_id", "location_dest_id", "route_id", "action")
    found = rules.search([*((name, "=", values[name]) for name in same), ("active", "=", False)], limit=1)
    if found:
        found.write({"active": True})
    else:
        rules.create(values)


def _known(rules: Recordset, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the fields that rules of this version have."""
    return {name: value for name, value in values.items() if name in rules._model.fields}


def _order_rule(warehouse: Recordset, delivery: Sequence[Leg]) -> None:
    """Keep the rule by which what leaves the stock is made to order."""
    route = warehouse.env.ref("stock.route_warehouse0_mto", raise_if_not_found=False)
    first = next((leg for leg in delivery if leg.source == warehouse.lot_stock_id), None)
    if not route or first is None:
        return
    values = {
        **rule_values(warehouse, first, "MTO"), "procure_method": warehouse.env.db.profile.rules.order_rule_method,
        "route_id": route.id, "propagate_carrier": True,
    }  # fmt: skip
    rule = warehouse.with_context(active_test=False).mto_pull_id
    if rule:
        names = ("name", "location_src_id", "location_dest_id", "picking_type_id")
        rule.write({name: values[name] for name in names})
    else:
        warehouse.write({"mto_pull_id": warehouse.env["stock.rule"].create(values).id})


def rename(warehouse: Recordset, name: Any, code: Any) -> None:
    """Change the names of the parts of a warehouse with its own."""
    quiet = warehouse.with_context(active_test=False)
    if code:
        quiet.view_location_id.write({"name": code})
        for kind in _kinds(quiet):
            sequence = kind.sequence_id.sudo()
            if sequence:
                prefix = f"{code}/{(sequence.prefix or '//').split('/')[1]}/"
                values = {"prefix": prefix}
                if name:
                    values["name"] = (sequence.name or "").replace(warehouse.name, name, 1)
                sequence.write(values)
    if not name:
        return
    found = quiet.route_ids | quiet.reception_route_id | quiet.delivery_route_id
    if "crossdock_route_id" in warehouse._model.fields:
        found |= quiet.crossdock_route_id
    for route in found:
        route.write({"name": route.name.replace(warehouse.name, name, 1)})
        for rule in route.with_context(active_test=False).rule_ids:
            rule.write({"name": rule.name.replace(warehouse.name, name, 1)})


def _kinds(warehouse: Recordset) -> Recordset:
    kinds = warehouse.env["stock.picking.type"].with_context(active_test=False)
    found: Recordset = kinds.search([("warehouse_id", "=", warehouse.id)])
    return found


def resupply(warehouse: Recordset) -> None:
    """Create the routes by which other warehouses supply one, and archive those of warehouses that no longer do."""
    routes = warehouse.env["stock.route"].with_context(active_test=False)
    known = routes.search([("supplied_wh_id", "=", warehouse.id)])
    transit = warehouse.company_id.internal_transit_location_id
    for supplier in warehouse.resupply_wh_ids:
        route = known.filtered_domain([("supplier_wh_id", "=", supplier.id)])
        if route:
            route.write({"active": True})
            continue
        if transit and not transit.active:
            transit.write({"active": True})
        route = routes.create({
            "name": warehouse.env._("{supplied}: Supply Product from {supplier}", supplied=warehouse.name,
                                    supplier=supplier.name),
            "warehouse_selectable": True, "product_selectable": True, "product_categ_selectable": True,
            "supplied_wh_id": warehouse.id, "supplier_wh_id": supplier.id, "company_id": warehouse.company_id.id,
        })  # fmt: skip
        stock = supplier.lot_stock_id if supplier.delivery_steps == "ship_only" else supplier.wh_output_stock_loc_id
        end = warehouse.lot_stock_id if warehouse.reception_steps == "one_step" else warehouse.wh_input_stock_loc_id
        out = Leg(stock, transit, supplier.out_type_id, "pull")
        into = Leg(transit, end, warehouse.in_type_id, "pull")
        rules = warehouse.env["stock.rule"]
        common = {"route_id": route.id, "location_dest_from_rule": True}
        first = {**rule_values(supplier, out), **common, "procure_method": "make_to_stock"}
        second = {**rule_values(warehouse, into), "route_id": route.id, "procure_method": "make_to_order"}
        for values in (first, second):
            rules.create(_known(rules, values))
    known.filtered(lambda route: route.supplier_wh_id not in warehouse.resupply_wh_ids).write({"active": False})
