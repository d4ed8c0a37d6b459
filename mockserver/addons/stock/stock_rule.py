"""stock.rule: which rule serves a need or sends goods on, and the moves that it makes.

Source: recorded in flow-stock-3, flow-cross-2, flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver import api, models
from mockserver.addons.stock import procurements
from mockserver.addons.stock.procurements import Procurement
from mockserver.addons.stock.product_descriptions import Descriptions
from mockserver.addons.stock.rule_moves import RuleMoves, later
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

Served = Sequence[tuple[Procurement, Recordset]]
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
        texts, makers = Descriptions(), dict[tuple[int, ...], RuleMoves]()
        by_company: dict[int, list[dict[str, Any]]] = {}
        for need, rule in sorted(served, key=lambda pair: pair[0].product_qty > 0):
            maker = makers.get(rule._ids) or makers.setdefault(rule._ids, RuleMoves(rule, texts))
            values = maker.values(need)
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
