"""stock.rule: which rule serves a need or sends goods on, and the moves that it makes.

Source: recorded in flow-stock-3, flow-cross-2, flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.stock import procurements
from mockserver.addons.stock.procurements import Procurement
from mockserver.addons.stock.product_descriptions import Descriptions
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

Served = Sequence[tuple[Procurement, Recordset]]
_NO_SOURCE = "No source location defined on stock rule: {name}!"
_NO_ACTION = "The mock does not support rules with the action {action!r}."
_PUSHES = ("push", "pull_push")


class Rule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_procurements(self, needs: Sequence[Procurement], raise_user_error: bool = True) -> bool:
        """Serve needs; raises UserError for those that no rule serves."""
        procurements.run(self.env, needs, raise_user_error=raise_user_error)
        return True

    # -- finding

    @api.model
    def _get_rule(self, product: Recordset, location: Recordset, values: Mapping[str, Any]) -> Recordset:
        """Return the rule that brings a product to a place, or else to the nearest place above it."""
        place = location
        while place:
            domain = [(self._target_field(), "=", place.id), ("action", "!=", "push"), *self._of_company(values)]
            warehouse = values.get("warehouse_id") or place._warehouse()
            packaging = values.get("product_packaging_id")
            found = self._search_rule(values.get("route_ids"), packaging, product, warehouse, domain)
            if found:
                return found
            place = place.location_id
        return self.browse()

    def _target_field(self) -> str:
        return "location_dest_id" if "location_dest_id" in self._model.fields else "location_id"

    def _target(self) -> Recordset:
        found: Recordset = self[self._target_field()]
        return found

    def _of_company(self, values: Mapping[str, Any]) -> list[Any]:
        company = values.get("company_id")
        return ["|", ("company_id", "=", False), ("company_id", "child_of", company.ids)] if company else []

    @api.model
    def _search_rule(
        self, routes: Any, packaging: Any, product: Recordset, warehouse: Any, domain: list[Any]
    ) -> Recordset:
        """Return the first rule of the routes of a need, else of its product and category, else of its warehouse."""
        if warehouse:
            domain = ["|", ("warehouse_id", "=", warehouse.id), ("warehouse_id", "=", False), *domain]
        of_product = product.route_ids | product.categ_id.total_route_ids
        for found in (routes, packaging and packaging.route_ids, of_product, warehouse and warehouse.route_ids):
            if not found:
                continue
            rule: Recordset = self.search(
                [("route_id", "in", found.ids), *domain], order="route_sequence, sequence", limit=1
            )
            if rule:
                return rule
        return self.browse()

    @api.model
    def _search_push_rule(self, routes: Any, product: Recordset, place: Recordset, warehouse: Any) -> Recordset:
        """Return the rule that sends a product on from a place."""
        domain: list[Any] = [("location_src_id", "=", place.id), ("action", "in", list(_PUSHES))]
        return self._search_rule(routes, None, product, warehouse, domain)

    # -- serving

    @api.model
    def _run_action(self, action: str, served: Served) -> None:
        """Let rules serve their needs by the method of their action."""
        if action == "pull":
            self._run_pull(served)
        elif action == "buy":
            self._run_buy(served)
        else:
            raise UserError(self.env._(_NO_ACTION, action=action))

    @api.model
    def _run_buy(self, served: Served) -> None:
        """Buy what is needed; the module of purchases does it."""
        raise UserError(self.env._(_NO_ACTION, action="buy"))

    @api.model
    def _run_pull(self, served: Served) -> None:
        """Make and confirm the moves that bring what is needed."""
        forecasts: dict[tuple[int, int], float] = {}
        texts = Descriptions()
        by_company: dict[int, list[dict[str, Any]]] = {}
        for need, rule in sorted(served, key=lambda pair: pair[0].product_qty > 0):
            if not rule._rows()[0].get("location_src_id"):
                raise UserError(self.env._(_NO_SOURCE, name=rule.name))
            values = rule._get_stock_move_values(need, texts)
            values["procure_method"] = rule._method_for(need, forecasts)
            by_company.setdefault(need.company_id.id, []).append(values)
        for company, several in by_company.items():
            moves = self.env["stock.move"].sudo().with_company(company).create(several)
            moves._action_confirm()

    def _method_for(self, need: Procurement, forecasts: dict[tuple[int, int], float]) -> str:
        """Return whether a move takes from stock or orders; rules that do either order what is not there."""
        method = str(self._rows()[0].get("procure_method"))
        if method != "mts_else_mto":
            return method
        product, source = need.product_id, self.location_src_id
        key = product.id, source.id
        if key not in forecasts:
            forecasts[key] = product.with_context(location=source.ids).virtual_available
        quantity = need.product_uom._compute_quantity(need.product_qty, product.uom_id)
        if compare(quantity, 0.0, product.uom_id.rounding) <= 0:
            forecasts[key] -= quantity
            return "make_to_order"
        if compare(quantity, forecasts[key], product.uom_id.rounding) > 0:
            return "make_to_order"
        forecasts[key] -= quantity
        return "make_to_stock"

    def _get_custom_move_fields(self) -> list[str]:
        """Return the further values of needs that moves take over; modules that make needs extend it."""
        return []

    def _get_stock_move_values(self, need: Procurement, texts: Descriptions | None = None) -> dict[str, Any]:
        """Return the values of the move by which the rule serves a need; `texts` keeps those of products."""
        values, product, rule = need.values, need.product_id, self._rows()[0]
        fields = self.env["stock.move"]._model.fields
        group = values.get("group_id")
        partner = rule.get("partner_address_id") or (group and group.partner_id) or values.get("partner_id")
        following = values.get("move_dest_ids")
        chained = following and not self._target().should_bypass_reservation()
        deadline, delay = values.get("date_deadline"), rule.get("delay") or 0
        texts = texts or Descriptions()
        description = "" if fields["description_picking"].compute else texts.of(product, self.picking_type_id)
        source = self.env.db.store.rows("stock.location")[rule["location_src_id"]]
        found: dict[str, Any] = {
            "name": (need.name or "")[:2000], "product_id": product.id, "product_uom": need.product_uom.id,
            "company_id": rule.get("company_id") or source.get("company_id") or need.company_id.id,
            "product_uom_qty": need.product_qty, "location_id": source["id"],
            "move_dest_ids": [(4, id_) for id_ in following.ids] if following and chained else [],
            "partner_id": _id(partner), "rule_id": self.id, "procure_method": rule.get("procure_method"),
            "origin": need.origin, "picking_type_id": rule.get("picking_type_id") or False,
            "priority": values.get("priority", "0"),
            "route_ids": [(4, route.id) for route in values.get("route_ids") or ()],
            "warehouse_id": self._supplying_warehouse(), "date": earlier(values["date_planned"], delay),
            "date_deadline": earlier(deadline, delay) if deadline else False,
            "propagate_cancel": bool(rule.get("propagate_cancel")), "orderpoint_id": _id(values.get("orderpoint_id")),
            "description_picking": description + (values.get("product_description_variants") or "") or None,
            "product_packaging_id": _id(values.get("product_packaging_id")),
            **self._move_target(need),
        }  # fmt: skip
        if "group_id" in fields:
            found["group_id"] = self._group_for(group)
            if rule.get("group_propagation_option") == "fixed":
                found["date_deadline"] = False
        elif values.get("reference_ids"):
            found["reference_ids"] = [(6, 0, values["reference_ids"].ids)]
        if not fields["description_picking"].column:  # it follows from the product
            del found["description_picking"]
        for name in self._get_custom_move_fields():
            if name in values:
                found[name] = values[name]
        return {name: value for name, value in found.items() if name in fields}

    def _group_for(self, group: Any) -> Any:
        row = self._rows()[0]
        if row.get("group_propagation_option") == "propagate":
            return _id(group)
        return row.get("group_id") or False if row.get("group_propagation_option") == "fixed" else False

    def _supplying_warehouse(self) -> Any:
        """Return the id of the warehouse whose rules serve a move: the supplier's for goods of another warehouse."""
        store, row = self.env.db.store, self._rows()[0]
        routes = store.rows(self._model.fields["route_id"].comodel)
        other = routes.get(row.get("route_id") or 0, {}).get("supplier_wh_id")
        between = store.rows("stock.location").get(row.get("location_src_id") or 0, {}).get("usage") == "transit"
        return other if other and between else row.get("warehouse_id") or False

    def _move_target(self, need: Procurement) -> dict[str, Any]:
        """Return where a move goes: at once to the place of the need, or on the way there where rules push on."""
        if "location_final_id" not in self.env["stock.move"]._model.fields:
            return {"location_dest_id": need.location_id.id}
        final = need.values.get("location_final_id") or need.location_id
        if self.location_dest_from_rule:
            target = self._target()
        else:
            target = self.picking_type_id.default_location_dest_id or need.location_id
        if final._child_of(target):
            target = final
        return {"location_dest_id": target.id, "location_final_id": final.id}

    # -- pushing

    def _run_push(self, move: Recordset) -> Recordset:
        """Send on what a move brings: by changing where it goes, or by a next move, which is returned."""
        self.ensure_one()
        date = later(move.date, self.delay or 0)
        moves = self.env["stock.move"]
        if self.auto == "transparent":
            before = move.location_dest_id
            move.write({"date": date, "location_dest_id": self._target().id})
            if move.move_line_ids:
                move.move_line_ids.write({"location_dest_id": self._target().id})
            return move._push_apply()[:1] if self._target() != before else moves.browse()
        made = moves.browse(move.sudo().copy(self._push_prepare_move_copy_values(move, date)).ids)
        if made._should_bypass_reservation():
            made.write({"procure_method": "make_to_stock"})
        if not made.location_id.should_bypass_reservation():
            move.write({"move_dest_ids": [(4, made.id)]})
        return made

    def _push_prepare_move_copy_values(self, move: Recordset, date: str) -> dict[str, Any]:
        """Return what the next move has in another way than the move before it."""
        values: dict[str, Any] = {
            "origin": move.origin or move.picking_id.name or "/", "location_id": move.location_dest_id.id,
            "location_dest_id": self._target().id, "rule_id": self.id, "date": date,
            "date_deadline": move.date_deadline, "company_id": self.company_id.id or move.company_id.id,
            "picking_id": False, "picking_type_id": self.picking_type_id.id, "state": "draft",
            "propagate_cancel": self.propagate_cancel, "warehouse_id": self.warehouse_id.id,
            "procure_method": "make_to_order",
        }  # fmt: skip
        if "location_final_id" in move._model.fields:
            final = move.location_final_id
            values["location_final_id"] = final.id
            if not self.location_dest_from_rule and self.picking_type_id.default_location_dest_id:
                values["location_dest_id"] = self.picking_type_id.default_location_dest_id.id
        if move.state == "done" and "quantity" in move._model.fields:
            values["product_uom_qty"] = move.quantity
        return values

    # -- fields

    def _compute_picking_type_code_domain(self) -> None:
        for rule in self:
            rule.picking_type_code_domain = "incoming" if rule.action == "buy" else False

    def _compute_rule_message(self) -> None:
        for rule in self:
            rule.rule_message = rule._message()

    def _message(self) -> Any:
        source = self.location_src_id.display_name or self.env._("Source Location")
        target = self._target().display_name or self.env._("Destination Location")
        kind = self.picking_type_id.name or self.env._("Operation Type")
        texts = []
        if self.action in ("pull", "pull_push"):
            end = {
                "make_to_order": "<br>A need is created in <b>{source}</b> and a rule will be triggered to fulfill it.",
                "mts_else_mto": "<br>If the products are not available in <b>{source}</b>, a rule will be triggered to"
                                " bring products in this location.",
            }.get(self.procure_method, "")  # fmt: skip
            text = "When products are needed in <b>{target}</b>, <br/> <b>{kind}</b> are created from <b>{source}</b>"
            texts.append(text + " to fulfill the need." + end)
        if self.action in _PUSHES:
            text = "When products arrive in <b>{source}</b>, <br> <b>{kind}</b> are created to send them to"
            texts.append(text + " <b>{target}</b>.")
        names = {"source": source, "target": target, "kind": kind}
        return "<br><br>".join(self.env._(text, **names) for text in texts) or False


def _id(record: Any) -> Any:
    if isinstance(record, Recordset):
        return record.id
    return record or False


def earlier(moment: Any, days: int) -> Any:
    """Return a moment some days before another, both as texts."""
    return later(moment, -days)


def later(moment: Any, days: int) -> Any:
    """Return a moment some days after another, both as texts."""
    if not days or not moment:
        return moment
    return str(datetime.fromisoformat(str(moment)[:19]) + timedelta(days=days))
