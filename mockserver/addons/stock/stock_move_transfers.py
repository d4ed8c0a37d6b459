"""stock.move: the transfers that moves join, what they push on, and what they order.

Source: recorded in flow-stock-3, flow-cross-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import models
from mockserver.addons.stock.move_merging import DISTINCT
from mockserver.addons.stock.procurements import Procurement
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_PUSHES = ("push", "pull_push")


class Move(models.Model):
    _inherit = "stock.move"

    def _prepare_merge_moves_distinct_fields(self) -> list[str]:
        """Return the fields in which moves that merge do not differ."""
        return list(DISTINCT)

    def _get_source_document(self) -> Any:
        """Return the document that asked for the move; modules that ask for moves extend it."""
        return False

    # -- transfers

    def _assign_picking(self) -> bool:
        """Put moves that share their places and group into an open transfer, or into a new one."""
        for _, moves in self.grouped(lambda move: move._key_assign_picking()).items():
            transfer = moves._search_picking_for_assignation()
            new = not transfer
            if transfer:
                moves._join_transfer(transfer)
            else:
                moves = moves.browse(row["id"] for row in moves._rows() if (row.get("product_uom_qty") or 0.0) >= 0)
                if not moves:
                    continue
                transfer = self.env["stock.picking"].create(moves._get_new_picking_values())
            moves.write({"picking_id": transfer.id})
            moves.move_line_ids.filtered(lambda line: not line.picking_id).write({"picking_id": transfer.id})
            moves._assign_picking_post_process(new=new)
        return True

    def _join_transfer(self, transfer: Recordset) -> None:
        """Take back the contact and the origin of a transfer that do not hold for the moves that join it."""
        values: dict[str, Any] = {}
        if any(transfer.partner_id != move.partner_id for move in self):
            values["partner_id"] = False
        origins = {move.origin for move in self}
        if origins - {transfer.origin}:
            values["origin"] = False
        if values:
            transfer.write(values)

    def _search_picking_for_assignation(self) -> Recordset:
        """Return the open transfer that the moves may join."""
        first = self[0]
        domain: list[Any] = [
            ("location_id", "=", first.location_id.id), ("location_dest_id", "=", first.location_dest_id.id),
            ("picking_type_id", "=", first.picking_type_id.id), ("printed", "=", False),
            ("state", "in", ["draft", "confirmed", "waiting", "partially_available", "assigned"]),
        ]  # fmt: skip
        if "group_id" in self._model.fields:
            domain.insert(0, ("group_id", "=", first.group_id.id))
            if first.partner_id and not first.group_id:
                domain.append(("partner_id", "=", first.partner_id.id))
        else:
            if not first.reference_ids and not first.partner_id:
                domain.append(("partner_id", "=", False))
            elif first.reference_ids:
                domain.append(("reference_ids", "in", first.reference_ids.ids))
            else:
                domain.append(("partner_id", "=", first.partner_id.id))
        found: Recordset = self.env["stock.picking"].search(domain, limit=1)
        return found

    def _get_new_picking_values(self) -> dict[str, Any]:
        """Return the values of a transfer for the moves."""
        first = self[0]
        texts = self.mapped("origin")
        origins = list(dict.fromkeys(text for text in texts if text))
        origin: Any = ",".join(origins[:5]) + ("..." if len(origins) > 5 else "")
        if not all(texts) or not origins:
            origin = False
        partners = self.partner_id
        values = {
            "origin": origin, "company_id": self.company_id.id, "user_id": False, "move_type": self._move_type(),
            "partner_id": partners.id if len(partners) == 1 else False, "picking_type_id": first.picking_type_id.id,
            "location_id": first.location_id.id, "location_dest_id": first.location_dest_id.id,
        }  # fmt: skip
        if "location_final_id" in self._model.fields and len(self.location_final_id) > 1:
            values["location_dest_id"] = first.location_dest_id.id
        return values

    def _move_type(self) -> str:
        if "group_id" in self._model.fields:
            return self[0].group_id.move_type or "direct"
        return self[0].picking_type_id.move_type or "direct"

    def _assign_picking_post_process(self, new: bool = False) -> None:
        """Tell in a new transfer of which document it comes; modules that make moves extend it."""

    # -- pushing

    def _push_apply(self) -> Self:
        """Plan the moves by which rules send on what these moves bring; return them, as drafts."""
        made = self.browse()
        store = self.env.db.store
        rules, by_source = store.rows("stock.rule"), store.index("stock.rule", "location_src_id")
        pushing = {
            place for place in {row.get("location_dest_id") for row in self._rows()}
            if any(rules[id_].get("active") and rules[id_].get("action") in _PUSHES for id_ in by_source.get(place, ()))
        }  # fmt: skip
        for move in self.filtered(lambda move: move._rows()[0].get("location_dest_id") in pushing) if pushing else ():
            following = move.move_dest_ids
            if following and not any(
                dest.location_id != move.location_dest_id and not move.location_dest_id._child_of(dest.location_id)
                for dest in following
            ):
                continue
            place = move._pushed_from()
            rule = self.env["stock.rule"].sudo()._search_push_rule(
                move.route_ids, move.product_id, place, move._push_warehouse()
            )  # fmt: skip
            if not rule or (move.origin_returned_move_id and move._returns_to(rule)):
                continue
            new = rule._run_push(move)
            if new:
                made |= new
        return made

    def _pushed_from(self) -> Recordset:
        place: Recordset = self.location_dest_id
        return place

    def _push_warehouse(self) -> Recordset:
        found: Recordset = self.warehouse_id or self.picking_id.picking_type_id.warehouse_id
        return found

    def _returns_to(self, rule: Recordset) -> bool:
        """Return whether a rule would send a return back to where it came from."""
        return bool(self.origin_returned_move_id.location_dest_id == rule.location_dest_id)

    # -- ordering

    def _procurement(self) -> Procurement:
        """Return what a move that is made to order asks for."""
        return Procurement(
            self.product_id, self.product_uom_qty, self.product_uom, self.location_id,
            (self.rule_id.name if self.rule_id else "") or "/", self._prepare_procurement_origin(), self.company_id,
            self._prepare_procurement_values(),
        )  # fmt: skip

    def _prepare_procurement_origin(self) -> str:
        self.ensure_one()
        group = self.group_id.name if "group_id" in self._model.fields else ""
        return self.origin or group or self.picking_id.name or "/"

    def _prepare_procurement_values(self) -> dict[str, Any]:
        """Return what the moves or orders that serve a move take over from it."""
        self.ensure_one()
        values: dict[str, Any] = {
            "date_planned": self.date, "date_deadline": self.date_deadline, "move_dest_ids": self,
            "route_ids": self.route_ids, "priority": self.priority, "orderpoint_id": self.orderpoint_id,
            "warehouse_id": self.warehouse_id or self.picking_type_id.warehouse_id,
        }  # fmt: skip
        if "group_id" in self._model.fields:
            values["group_id"] = self.group_id
        else:
            values["reference_ids"] = self.reference_ids
        if "product_packaging_id" in self._model.fields:
            values["product_packaging_id"] = self.product_packaging_id
        if "location_final_id" in self._model.fields:
            values["location_final_id"] = self.location_final_id
        return values
