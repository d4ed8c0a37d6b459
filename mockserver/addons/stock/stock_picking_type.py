"""stock.picking.type: kinds of transfers, how many transfers of each are open, and their defaults.

Source: recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import api, models
from mockserver.addons.base.windows import stored_window

if TYPE_CHECKING:
    from typing_extensions import Self

_OPEN = ["assigned", "waiting", "confirmed"]


class PickingType(models.Model):
    _inherit = "stock.picking.type"
    _sorted_as: ClassVar[Mapping[str, str]] = {"is_favorite": ""}

    def create(self, vals_list: Any) -> Self:
        """Create kinds of transfers, each with a sequence for the names of its transfers."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self = super().create([self._with_sequence(vals) for vals in several])
        return made

    def _with_sequence(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        found, code = dict(vals), vals.get("sequence_code")
        if vals.get("sequence_id") or not code:
            return found
        warehouse = self.env["stock.warehouse"].browse(vals.get("warehouse_id") or ())
        values: dict[str, Any] = {"padding": 5, "name": f"Sequence {code}", "prefix": code}
        values["company_id"] = vals.get("company_id") or self.env.company.id
        if warehouse:
            values["name"] = f"{warehouse.name} Sequence {code}"
            values["prefix"] = f"{warehouse.code}/{code}/"
            values["company_id"] = warehouse.company_id.id
        found["sequence_id"] = self.env["ir.sequence"].sudo().create(values).id
        return found

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change kinds of transfers; the sequence follows the code."""
        code = vals.get("sequence_code")
        for kind in self if code else ():
            sequence = kind.sequence_id.sudo()
            if not sequence:
                continue
            warehouse, found = kind.warehouse_id, {"name": f"Sequence {code}", "prefix": str(code)}
            if warehouse:
                found = {"name": f"{warehouse.name} Sequence {code}", "prefix": f"{warehouse.code}/{code}/"}
            sequence.write(found)
        return super().write(vals)

    # -- fields

    def _compute_display_name(self) -> None:
        for kind in self:
            warehouse = kind.sudo().warehouse_id
            kind.display_name = f"{warehouse.name}: {kind.name}" if warehouse else kind.name

    @api.versions(since=17)
    def _compute_default_location_src_id(self) -> None:
        for kind in self:
            if kind.default_location_src_id:
                kind.default_location_src_id = kind.default_location_src_id
            elif kind.code == "incoming":
                kind.default_location_src_id = self.env["stock.warehouse"]._partner_locations()[1]
            else:
                kind.default_location_src_id = kind.warehouse_id.lot_stock_id

    @api.versions(since=17)
    def _compute_default_location_dest_id(self) -> None:
        for kind in self:
            if kind.default_location_dest_id:
                kind.default_location_dest_id = kind.default_location_dest_id
            elif kind.code == "outgoing":
                kind.default_location_dest_id = self.env["stock.warehouse"]._partner_locations()[0]
            else:
                kind.default_location_dest_id = kind.warehouse_id.lot_stock_id

    @api.versions(since=17)
    def _compute_use_create_lots(self) -> None:
        for kind in self:
            kind.use_create_lots = kind.code == "incoming" or kind.use_create_lots

    @api.versions(since=17)
    def _compute_use_existing_lots(self) -> None:
        for kind in self:
            kind.use_existing_lots = kind.code == "outgoing" or kind.use_existing_lots

    @api.versions(since=17)
    def _compute_print_label(self) -> None:
        for kind in self:
            kind.print_label = kind.code == "outgoing"

    @api.versions(since=17, until=17)
    def _compute_show_reserved(self) -> None:
        for kind in self:
            kind.show_reserved = kind.code != "incoming"

    @api.versions(since=16)
    def _compute_warehouse_id(self) -> None:
        for kind in self:
            if kind.warehouse_id:
                kind.warehouse_id = kind.warehouse_id
            elif kind.company_id:
                kind.warehouse_id = (
                    self.env["stock.warehouse"].sudo().search([("company_id", "=", kind.company_id.id)], limit=1)
                )
            else:
                kind.warehouse_id = False

    def _reserves_at_once(self) -> bool:
        """Return whether goods are reserved for what is left to do; until 15.0 they always are."""
        return "reservation_method" not in self or self.reservation_method == "at_confirm"

    @api.versions(since=16)
    def _compute_hide_reservation_method(self) -> None:
        for kind in self:
            kind.hide_reservation_method = kind.code == "incoming"

    @api.versions(since=17)
    def _compute_show_picking_type(self) -> None:
        for kind in self:
            kind.show_picking_type = kind.code in ("incoming", "outgoing", "internal")

    @api.versions(since=18)
    def _compute_is_favorite(self) -> None:
        for kind in self:
            kind.is_favorite = self.env.user in kind.favorite_user_ids

    @api.versions(since=18)
    def _inverse_is_favorite(self) -> None:
        for kind in self.sudo():
            kind.write({"favorite_user_ids": [(4 if kind.is_favorite else 3, self.env.uid)]})

    @api.versions(since=18)
    def _compute_count_move_ready(self) -> None:
        moves = self.env["stock.move"]
        for kind in self:
            kind.count_move_ready = moves.search_count([("state", "=", "assigned"), ("picking_type_id", "=", kind.id)])

    @api.versions(since=18)
    def _compute_kanban_dashboard_graph(self) -> None:
        for kind in self:
            kind.kanban_dashboard_graph = False

    @api.computes(
        "count_picking_draft", "count_picking_waiting", "count_picking_ready", "count_picking", "count_picking_late",
        "count_picking_backorders",
    )  # fmt: skip
    def _compute_picking_count(self) -> None:
        open_: list[Any] = [("state", "in", _OPEN)]
        domains: dict[str, list[Any]] = {
            "count_picking_draft": [("state", "=", "draft")],
            "count_picking_waiting": [("state", "in", ["confirmed", "waiting"])],
            "count_picking_ready": [("state", "=", "assigned")],
            "count_picking": open_,
            "count_picking_late": [
                *open_, "|", ("scheduled_date", "<", self.env.db.clock.now()), ("has_deadline_issue", "=", True),
            ],
            "count_picking_backorders": [("backorder_id", "!=", False), *open_],
        }  # fmt: skip
        transfers = self.env["stock.picking"]
        for kind in self:
            for name, domain in domains.items():
                kind[name] = transfers.search_count([("picking_type_id", "=", kind.id), *domain])

    # -- windows

    def _transfers_window(self, **context: Any) -> dict[str, Any]:
        name = self.display_name if self else self.env._("Transfers")
        found = {
            "search_default_picking_type_id": self.ids, "default_picking_type_id": self.id,
            "default_company_id": self.company_id.id, **context,
        }  # fmt: skip
        return stored_window(self.env, "stock.picking", name, "list,kanban,form,calendar", context=found)

    def get_action_picking_tree_late(self) -> dict[str, Any]:
        """Return the window of late transfers."""
        return self._transfers_window(search_default_late=1)

    def get_action_picking_tree_backorder(self) -> dict[str, Any]:
        """Return the window of backorders."""
        return self._transfers_window(search_default_backorder=1)

    def get_action_picking_tree_waiting(self) -> dict[str, Any]:
        """Return the window of waiting transfers."""
        return self._transfers_window(search_default_waiting=1)

    def get_action_picking_tree_ready(self) -> dict[str, Any]:
        """Return the window of transfers that can be carried out."""
        return self._transfers_window(search_default_available=1)

    def get_stock_picking_action_picking_type(self) -> dict[str, Any]:
        """Return the window of all transfers of the kind."""
        return self._transfers_window()
