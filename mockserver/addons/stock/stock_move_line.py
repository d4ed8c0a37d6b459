"""stock.move.line: from where to where a quantity of a move goes, and what it reserves on the way.

From 17.0 on a line has one quantity, which is reserved until it is moved.

Source: recorded in flow-stock-1, flow-stock-3, flow-walk-stock-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.stock import line_changes
from mockserver.addons.stock.facts import Facts
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self

_PRODUCT = "Changing the product is only allowed in 'Draft' state."


class MoveLine(models.Model):
    _inherit = "stock.move.line"

    def create(self, vals_list: Any) -> Self:
        """Create lines: each finds its move or makes one, and reserves what it takes."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self
        if self.env.context.get("assigning_moves"):
            made = super().create(several)
            return made
        made = super().create([line_changes.completed(self, vals) for vals in several])
        line_changes.find_moves(made)
        line_changes.reserve(made)._recompute_state()
        line_changes.move_at_once(made.filtered(lambda line: line.state == "done"))
        return self.browse(made._ids)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines: what they reserve, or have moved already, follows."""
        product = vals.get("product_id")
        if product and any(vals.get("state", line.state) != "draft" and line.product_id.id != product for line in self):
            raise UserError(self.env._(_PRODUCT))
        return line_changes.applied(self, vals, super().write)

    def unlink(self) -> bool:
        """Delete lines, which then reserve nothing."""
        moves = self.move_id
        line_changes.release(self)
        done = super().unlink()
        moves.exists()._recompute_state()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done_or_cancel(self) -> None:
        if any(line.state in ("done", "cancel") for line in self):
            raise UserError(self.env._(self.env.db.profile.rules.done_line_deleted_text))

    # -- fields

    @api.computes("location_id", "location_dest_id")
    def _compute_location_id(self) -> None:
        store = self.env.db.store
        moves, transfers = store.rows("stock.move"), store.rows("stock.picking")
        for name in ("location_id", "location_dest_id"):
            found: dict[int, Any] = {}
            for row in self._rows():
                move, transfer = moves.get(row.get("move_id") or 0), transfers.get(row.get("picking_id") or 0)
                found[row["id"]] = row.get(name) or (move or {}).get(name) or (transfer or {}).get(name) or False
            self._assign_each(name, found)

    def _compute_product_uom_id(self) -> None:
        for line in self:
            line.product_uom_id = line.product_uom_id or line.move_id.product_uom or line.product_id.uom_id

    def _compute_quantity(self) -> None:
        self._assign_each("quantity", {row["id"]: row.get("quantity") or 0.0 for row in self._rows()})

    def _compute_quantity_product_uom(self) -> None:
        facts, found = Facts(self.env), dict[int, float]()
        for row in self._rows():
            unit, product, quantity = row.get("product_uom_id"), row.get("product_id"), row.get("quantity") or 0.0
            if unit and product:
                quantity = facts.converted(unit, quantity, facts.unit_of(product))
            found[row["id"]] = quantity
        self._assign_each("quantity_product_uom", found)

    def _compute_picked(self) -> None:
        rows = self._rows()
        self._assign_each("picked", {row["id"]: bool(row.get("picked")) or row.get("state") == "done" for row in rows})

    def _compute_picking_type_id(self) -> None:
        for line in self:
            line.picking_type_id = line.picking_id.picking_type_id or line.move_id.picking_type_id

    def _search_picking_type_id(self, operator: str, value: Any) -> list[Any]:
        return [("picking_id.picking_type_id", operator, value)]

    def _compute_lots_visible(self) -> None:
        for line in self:
            kind, traced = line.picking_id.picking_type_id, line.product_id.tracking != "none"
            if kind and line.product_id.tracking == "none":
                line.lots_visible = False
            elif kind:
                line.lots_visible = kind.use_existing_lots or kind.use_create_lots
            else:
                line.lots_visible = traced

    @api.versions(since=17, until=18)
    def _compute_product_packaging_qty(self) -> None:
        for line in self:
            size = line.move_id.product_packaging_id.qty
            line.product_packaging_qty = line.quantity_product_uom / size if size else 0.0

    # -- what a move does with its lines

    def _places(self) -> Iterable[Any]:
        """Return lot, package and owner of one line, as quants take them."""
        return self.lot_id, self.package_id, self.owner_id

    def _action_done(self) -> None:
        """Move what the lines say, and forget those that say nothing."""
        line_changes.carry_out(self)
