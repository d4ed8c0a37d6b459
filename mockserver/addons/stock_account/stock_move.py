"""stock.move until 18: the layers of goods that come in and leave, and the costs that follow.

Source: 17.0; the layers at standard cost of flow-cross-2 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.stock_account import locations, move_layers
from mockserver.addons.stock_account.costs import follow_costs, unit_price
from mockserver.addons.stock_account.goods import LAYERS


class StockMove(models.Model):
    _inherit = "stock.move"

    # -- what a move means for the company

    def _is_in(self) -> bool:
        return locations.flow(self.ensure_one()).incoming > 0

    def _is_out(self) -> bool:
        return locations.flow(self.ensure_one()).outgoing > 0

    def _is_dropshipped(self) -> bool:
        return locations.is_dropshipped(self.ensure_one())

    def _is_dropshipped_returned(self) -> bool:
        return locations.is_dropship_returned(self.ensure_one())

    @api.versions(until=18)
    def _get_price_unit(self) -> float:
        """Return what one unit that comes in costs; purchases extend it for ordered goods."""
        return unit_price(self.ensure_one())

    @api.versions(until=18)
    def product_price_update_before_done(self, forced_qty: Any = None) -> None:
        """Let the costs of products follow what comes in."""
        follow_costs(self, forced_qty)

    # -- layers

    @api.versions(until=18)
    def _action_done(self, cancel_backorder: bool = False) -> Any:
        """Make the layers of what comes in and leaves, and their entries."""
        self.product_price_update_before_done()
        done = super()._action_done(cancel_backorder=cancel_backorder)  # type: ignore[misc]
        moves = (self | done if done else self).exists().filtered(lambda move: move.state == "done")
        moves._make_layers()
        return done

    @api.versions(until=18)
    def _make_layers(self) -> None:
        made = move_layers.of_moves(self)
        if made:
            self.env[LAYERS].sudo().create(made)._validate_accounting_entries()
        for company, moves in self.filtered(lambda move: move._is_in()).grouped("company_id").items():
            moves.product_id.with_company(company)._run_fifo_vacuum()

    @api.versions(until=18)
    def _create_correction_svl(self, difference: float) -> None:
        """Make the layers of quantities that were changed after the moves were done."""
        for move in self:
            more = difference > 0
            incoming, outgoing = move._is_in(), move._is_out()
            if incoming == outgoing:
                continue
            comes = incoming == more
            if comes:
                move.product_price_update_before_done(forced_qty=abs(difference))
            vals = move_layers.correction(move, abs(difference), comes=comes)
            self.env[LAYERS].sudo().create(vals)._validate_accounting_entries()
            if comes:
                move.product_id.with_company(move.company_id)._run_fifo_vacuum()

    @api.versions(until=18)
    def action_get_account_moves(self) -> Any:
        """Return the window of the entries of a move."""
        self.ensure_one()
        action = stored_window(self.env, "account.move", "Journal Entries", "list,kanban,form,activity")
        return {**action, "domain": [("id", "in", self.account_move_ids.ids)]}


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.versions(until=18)
    def write(self, vals: Any) -> bool:
        """Change lines; a new quantity of a line that is done is worth something too."""
        name = "quantity" if "quantity" in self._model.fields else "qty_done"
        known = {line.id: line[name] for line in self if line.state == "done"} if name in vals else {}
        done = super().write(vals)
        for line in self.browse(known):
            difference = line.product_uom_id._compute_quantity(line[name] - known[line.id], line.product_id.uom_id)
            if difference:
                line.move_id._create_correction_svl(difference)
        return done
