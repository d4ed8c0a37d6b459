"""stock.scrap: goods that are thrown away, with the wizard that asks where there are not enough.

Source: recorded in flow-stock-2 and flow-walk-stock-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import storable
from mockserver.addons.stock.procurements import Procurement
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset

_ACCURACY = 0.01  # of quantities; Source: 17.0, decimal.precision


class Scrap(models.Model):
    _inherit = "stock.scrap"

    def _compute_location_id(self) -> None:
        """Where the transfer took the goods, or brings them; else the stock of the company's first warehouse."""
        for scrap in self:
            transfer = scrap.picking_id
            if transfer:
                scrap.location_id = transfer.location_dest_id if transfer.state == "done" else transfer.location_id
            else:
                scrap.location_id = self._stock_of(scrap.company_id)

    @api.versions(until=16)
    def _default_location_id(self) -> Recordset:
        return self._stock_of(self.env.company)

    def _stock_of(self, company: Recordset) -> Recordset:
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        stock: Recordset = warehouse.lot_stock_id
        return stock

    def _compute_scrap_location_id(self) -> None:
        for scrap in self:
            scrap.scrap_location_id = self._scrap_place(scrap.company_id)

    @api.versions(until=16)
    def _default_scrap_location_id(self) -> Recordset:
        return self._scrap_place(self.env.company)

    def _scrap_place(self, company: Recordset) -> Recordset:
        """Return the first place for goods that are thrown away; since 19 an inventory location."""
        places = self.env["stock.location"]
        marked = ("scrap_location", "=", True) if "scrap_location" in places else ("usage", "=", "inventory")
        found: Recordset = places.search([marked, ("company_id", "in", [company.id, False])], order="id")
        own: Recordset = found.filtered(lambda place: place.company_id == company)
        first: Recordset = (own or found)[:1]
        return first

    def _compute_product_uom_id(self) -> None:
        for scrap in self:
            scrap.product_uom_id = scrap.product_id.uom_id

    def _compute_scrap_qty(self) -> None:
        """What was moved, once it was."""
        for scrap in self:
            moves = scrap._moves()
            scrap.scrap_qty = self._moved(moves[0]) if moves else scrap.scrap_qty or 1.0

    def _moves(self) -> Recordset:
        moves: Recordset = self.move_ids if "move_ids" in self else self.move_id
        return moves

    def _moved(self, move: Recordset) -> float:
        return float(move.quantity if "quantity" in move else move.quantity_done)

    @api.versions(since=19)
    def _compute_allowed_uom_ids(self) -> None:
        for scrap in self:
            product = scrap.product_id
            scrap.allowed_uom_ids = product.uom_id | product.uom_ids | product.seller_ids.product_uom_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self) -> None:
        if "done" in self.mapped("state"):
            raise UserError(self.env._("You cannot delete a scrap which is done."))

    # -- throwing away

    def action_validate(self) -> Any:
        """Throw the goods away; a wizard asks where there are not enough."""
        self.ensure_one()
        if not round_to(self.scrap_qty, self.product_uom_id.rounding):
            raise UserError(self.env._("You can only enter positive quantities."))
        if self.check_available_qty():
            return self.do_scrap()
        title = self.env._("%(product)s: Insufficient Quantity To Scrap")
        wanted = self.product_uom_id._compute_quantity(self.scrap_qty, self.product_id.uom_id)
        asked = {
            "default_product_id": self.product_id.id,
            "default_location_id": self.location_id.id,
            "default_scrap_id": self.id,
            "default_quantity": wanted,
            "default_product_uom_name": self.product_id.uom_name,
        }
        return {
            "name": title.replace("%(product)s", self.product_id.display_name),
            "view_mode": "form",
            "res_model": "stock.warn.insufficient.qty.scrap",
            "type": "ir.actions.act_window",
            "context": {**self.env.context, **asked},
            "target": "new",
        }

    def check_available_qty(self) -> bool:
        """Return whether there are enough of exactly these goods at the place; always of what is not stored."""
        if not storable.is_stored(self.product_id):
            return True
        limits = {name: self[name].id for name in ("lot_id", "package_id", "owner_id")}
        product = self.product_id.with_context({**self.env.context, "location": self.location_id.id, **limits})
        wanted = self.product_uom_id._compute_quantity(self.scrap_qty, self.product_id.uom_id)
        return compare(product.qty_available, wanted, _ACCURACY) >= 0

    def do_scrap(self) -> bool:
        """Move the goods away, whether there are enough of them or not."""
        for scrap in self:
            number = self.env["ir.sequence"].sudo().next_by_code("stock.scrap")
            scrap.write({"name": number or self.env._("New")})
            move = self.env["stock.move"].create(scrap._prepare_move_values())
            move.with_context(is_scrap=True)._action_done()
            done = {"state": "done", "date_done": self.env.db.clock.now()}
            scrap.write(done if "move_ids" in scrap else {**done, "move_id": move.id})
            if "should_replenish" in scrap and scrap.should_replenish:
                scrap.do_replenish()
        return True

    def _prepare_move_values(self) -> dict[str, Any]:
        """Return the values of the move that throws the goods away, with its one line."""
        places = {"location_id": self.location_id.id, "location_dest_id": self.scrap_location_id.id}
        goods = {"product_id": self.product_id.id, **places}
        done = "quantity" if "quantity" in self.env["stock.move.line"] else "qty_done"
        line = {
            **goods,
            "product_uom_id": self.product_uom_id.id,
            done: self.scrap_qty,
            "package_id": self.package_id.id,
            "owner_id": self.owner_id.id,
            "lot_id": self.lot_id.id,
        }
        values = {
            **goods,
            "name": self.name,
            "origin": self.origin or self.picking_id.name or self.name,
            "company_id": self.company_id.id,
            "product_uom": self.product_uom_id.id,
            "state": "draft",
            "product_uom_qty": self.scrap_qty,
            "scrapped": True,
            "scrap_id": self.id,
            "move_line_ids": [(0, 0, line)],
            "picked": True,
            "picking_id": self.picking_id.id,
        }
        known = self.env["stock.move"]._model.fields
        return {name: value for name, value in values.items() if name in known}

    @api.versions(since=17)
    def do_replenish(self, values: Any = False) -> None:
        """Ask for the same goods again."""
        self.ensure_one()
        need = (self.product_id, self.scrap_qty, self.product_uom_id, self.location_id, self.name, self.name)
        self.env["stock.rule"]._run_procurements([Procurement(*need, self.company_id, dict(values or {}))])

    # -- views

    def action_get_stock_picking(self) -> dict[str, Any]:
        """Return the action that shows the transfer."""
        return self._window("Transfers", "stock.picking", [("id", "=", self.picking_id.id)])

    def action_get_stock_move_lines(self) -> dict[str, Any]:
        """Return the action that shows the lines of the moves."""
        return self._window("Product Moves", "stock.move.line", [("move_id", "in", self._moves().ids)])

    def _window(self, name: str, model: str, domain: list[Any]) -> dict[str, Any]:
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(name),
            "res_model": model,
            "view_mode": f"{self.env.db.profile.rules.list_view},form",
            "domain": domain,
        }


class WarnInsufficient(models.AbstractModel):
    _inherit = "stock.warn.insufficient.qty"

    def _compute_quant_ids(self) -> None:
        """Where else there is something of the product."""
        for wizard in self:
            own = [("product_id", "=", wizard.product_id.id), ("location_id.usage", "=", "internal")]
            wizard.quant_ids = self.env["stock.quant"].search(own)


class WarnScrap(models.TransientModel):
    _inherit = "stock.warn.insufficient.qty.scrap"

    def action_done(self) -> Any:
        """Throw the goods away nevertheless."""
        return self.scrap_id.do_scrap()

    def action_cancel(self) -> Any:
        """Forget the document."""
        if self.env.context.get("not_unlink_on_discard"):
            return True
        return self.scrap_id.sudo().unlink()
