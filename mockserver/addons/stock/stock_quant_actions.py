"""stock.quant: the views of quants, the tidying that goes with them, and goods that are put elsewhere.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0); 17.0, stock.
Differs: views are named without their ids; reservations that no line of a move explains are not taken back.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock.quant_rows import QUANT
from mockserver.orm.rights.access import in_group
from mockserver.orm.storage.store import Row

_SAME = ("product_id", "company_id", "location_id", "lot_id", "package_id", "owner_id")


class QuantActions(models.Model):
    _inherit = "stock.quant"

    @api.model
    def action_view_quants(self) -> dict[str, Any]:
        """Return the action that shows what is where."""
        quants = self.with_context(search_default_internal_loc=1)._with_view_context()
        action: dict[str, Any] = quants._get_quants_action(extend=True)
        return action

    @api.model(since=16)
    def action_view_inventory(self) -> dict[str, Any]:
        """Return the action that shows what is to be counted."""
        quants = self._with_view_context()
        quants._quant_tasks()
        context = {**quants.env.context, "no_at_date": True}
        if in_group(self.env, "stock.group_stock_user") and not in_group(self.env, "stock.group_stock_manager"):
            context["search_default_my_count"] = True
        return {
            "name": self.env._("Physical Inventory"),
            "view_mode": self.env.db.profile.rules.list_view,
            "res_model": QUANT,
            "type": "ir.actions.act_window",
            "context": context,
            "domain": [("location_id.usage", "in", ["internal", "transit"])],
        }

    def _with_view_context(self) -> Any:
        """Return the quants with the context of their views: where there is one location, it is that of the stock."""
        if in_group(self.env, "stock.group_stock_multi_locations"):
            return self.with_context(inventory_mode=True)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
        place = {"default_location_id": warehouse.lot_stock_id.id, "hide_location": True} if warehouse else {}
        return self.with_context({**self.env.context, **place, "inventory_mode": True})

    @api.model
    def _get_quants_action(self, domain: Any = None, extend: bool = False) -> dict[str, Any]:
        """Return the action that shows quants, after having tidied them."""
        self._quant_tasks()
        rules = self.env.db.profile.rules
        context = {name: value for name, value in self.env.context.items() if name != "group_by"}
        kinds = [rules.list_view, "form", *(["pivot", "graph"] if extend else [])]
        action = {
            "name": self.env._(rules.quants_title),
            "res_model": QUANT,
            "type": "ir.actions.act_window",
            "context": {**context, "inventory_report_mode": True},
            "domain": domain or [],
            "view_mode": ",".join(kinds),
            "views": [(False, "list" if kind == "tree" else kind) for kind in kinds],
        }
        return {**action, "target": "current"} if rules.quants_target else action

    def action_view_stock_moves(self) -> dict[str, Any]:
        """Return the action that shows the moves of the goods."""
        self.ensure_one()
        return {
            "name": self.env._("Stock Moves"),
            "type": "ir.actions.act_window",
            "res_model": "stock.move.line",
            "view_mode": f"{self.env.db.profile.rules.list_view},form",
            "domain": [
                ("product_id", "=", self.product_id.id),
                "|",
                ("location_id", "=", self.location_id.id),
                ("location_dest_id", "=", self.location_id.id),
                ("lot_id", "=", self.lot_id.id),
                "|",
                ("package_id", "=", self.package_id.id),
                ("result_package_id", "=", self.package_id.id),
            ],
            "context": {**self.env.context, "create": 0, "search_default_done": True},
        }

    def action_view_orderpoints(self) -> dict[str, Any]:
        """Return the action that shows when the product is ordered."""
        action: dict[str, Any] = self.env["product.product"].action_view_orderpoints()
        return {**action, "domain": [("product_id", "=", self.product_id.id)]}

    @api.versions(since=16)
    def action_inventory_history(self) -> dict[str, Any]:
        """Return the action that shows what was counted and moved."""
        self.ensure_one()
        domain: list[Any] = [
            ("product_id", "=", self.product_id.id),
            ("company_id", "=", self.company_id.id),
            "|",
            ("location_id", "=", self.location_id.id),
            ("location_dest_id", "=", self.location_id.id),
        ]
        if self.lot_id:
            domain.append(("lot_id", "=", self.lot_id.id))
        if self.package_id:
            domain += ["|", ("package_id", "=", self.package_id.id), ("result_package_id", "=", self.package_id.id)]
        return {
            "name": self.env._("History"),
            "view_mode": "list,form",
            "res_model": "stock.move.line",
            "type": "ir.actions.act_window",
            "context": {"search_default_inventory": 1, "search_default_done": 1},
            "domain": domain,
        }

    @api.versions(since=17, until=17)
    def action_inventory_at_date(self) -> Any:
        """Return the wizard that shows what was there at a time."""
        return self._asks("stock.quantity.history", "Inventory at Date")

    @api.versions(since=16, until=18)
    def action_warning_duplicated_sn(self) -> Any:
        """Return the view that warns of a serial number at several places."""
        return self._asks("stock.quant", "Warning Duplicated SN")

    @api.versions(since=17)
    def action_stock_quant_relocate(self) -> Any:
        """Return the wizard that puts the goods elsewhere; they are of one company."""
        if len(self.company_id) > 1 or any(not quant.company_id for quant in self):
            return False
        return self._asks("stock.quant.relocate", "Relocate", default_quant_ids=self.ids)

    @api.versions(since=17)
    def move_quants(
        self, location_dest_id: Any = False, package_dest_id: Any = False, message: Any = False, unpack: bool = False
    ) -> None:
        """Move the goods to another location or package at once."""
        named = self.with_context(inventory_name=message or self.env._("Quantity Relocated"))
        values = []
        for quant in named:
            into = package_dest_id or (None if unpack else quant.package_id)
            target = location_dest_id or quant.location_id
            here = quant.location_id, target, quant.package_id, into
            values.append(quant._get_inventory_move_values(quant.quantity, *here))
        self.env["stock.move"].create(values)._action_done()

    # -- tidying

    @api.model
    def _quant_tasks(self) -> None:
        """Join quants of the same goods at the same place, and delete those of nothing."""
        self._merge_quants()
        self._unlink_zero_quants()

    def _merge_quants(self) -> None:
        alike: dict[tuple[Any, ...], list[Row]] = {}
        for row in self.env.db.store.in_order(QUANT):
            alike.setdefault(tuple(map(row.get, _SAME)), []).append(row)
        quants = self._unguarded()
        for first, *others in alike.values():
            if others:
                rows = [first, *others]
                sums = {name: sum(row.get(name) or 0.0 for row in rows) for name in ("quantity", "reserved_quantity")}
                since = min((row["in_date"] for row in rows if row.get("in_date")), default=False)
                counted = {"inventory_quantity": sum(row.get("inventory_quantity") or 0.0 for row in rows)}
                if not self.env.db.profile.rules.counts_applied_later or not any(counted.values()):
                    counted = {}
                reserved = max(0.0, sums["reserved_quantity"])
                quants.browse(row["id"] for row in others).unlink()
                quants.browse(first["id"]).write({**sums, "reserved_quantity": reserved, "in_date": since, **counted})

    def _unlink_zero_quants(self) -> None:
        amounts = ("quantity", "reserved_quantity", "inventory_quantity")
        empty = [
            row["id"]
            for row in self.env.db.store.in_order(QUANT)
            if not row.get("user_id") and not any(round(row.get(name) or 0.0, 2) for name in amounts)
        ]
        if empty:
            self._unguarded().browse(empty).unlink()
