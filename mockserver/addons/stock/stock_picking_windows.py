"""stock.picking: the windows that its buttons open, and packing what is picked.

Inferred: 17.0.  Leaves out: package levels.
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.base.windows import stored_window, window
from mockserver.addons.stock import units
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

_NOTHING_TO_PACK = (
    "There is nothing eligible to put in a pack. Either there are no quantities to put in a pack or all products are"
    " already in a pack."
)


class Picking(models.Model):
    _inherit = "stock.picking"

    # -- packing

    def action_put_in_pack(self) -> Any:
        """Put what is picked into a new package, or all that is moved if nothing is picked; return the package."""
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return None
        lines = self._lines_to_pack()
        if not lines:
            raise UserError(self.env._(_NOTHING_TO_PACK))
        package = self.env[lines._model.fields["result_package_id"].comodel].create({})
        lines.write({"result_package_id": package.id})
        return package

    def _lines_to_pack(self) -> Recordset:
        """Return the lines that move something and are in no new package, those that are picked before others."""
        open_ones: Recordset = self.move_line_ids.filtered(lambda line: line.state not in ("done", "cancel"))
        moving = open_ones.filtered(
            lambda line: not line.result_package_id and not units.is_zero(line.quantity, line.product_uom_id)
        )
        picked = moving.filtered("picked") if "picked" in moving._model.fields else moving
        return picked or moving

    # -- windows

    def button_scrap(self) -> dict[str, Any]:
        """Return the window that throws goods of the transfer away."""
        self.ensure_one()
        wanted = self._moves().filtered(lambda move: move.state not in ("draft", "cancel"))
        goods = wanted.product_id.filtered(lambda product: product.type in ("product", "consu"))
        context = {
            "default_picking_id": self.id, "product_ids": goods.ids, "default_company_id": self.company_id.id,
        }  # fmt: skip
        return window(
            self.env, "stock.scrap", "Scrap", view_id=False, views=[(False, "form")], context=context, target="new"
        )

    def action_see_move_scrap(self) -> dict[str, Any]:
        """Return the window of what was thrown away of the transfer."""
        self.ensure_one()
        scraps = self.env["stock.scrap"].search([("picking_id", "=", self.id)])
        return stored_window(
            self.env, "stock.scrap", "Scrap Orders", "list,form,kanban,graph,pivot",
            domain=[("id", "in", scraps.ids)], context={**self.env.context, "create": False},
        )  # fmt: skip

    def action_see_packages(self) -> dict[str, Any]:
        """Return the window of the packages that the transfer fills."""
        self.ensure_one()
        packages = self.move_line_ids.result_package_id
        return stored_window(
            self.env, packages._name, "Packages", "kanban,list,form", domain=[("id", "in", packages.ids)],
            context={"picking_id": self.id},
        )  # fmt: skip

    def action_see_returns(self) -> dict[str, Any]:
        """Return the window of the transfers that bring goods of this one back."""
        self.ensure_one()
        action = {"type": "ir.actions.act_window", "res_model": "stock.picking"}
        if len(self.return_ids) == 1:
            return {**action, "views": [[False, "form"]], "res_id": self.return_ids.id}
        views = [[False, self.env.db.profile.rules.list_view], [False, "form"]]
        return {**action, "name": self.env._("Returns"), "views": views, "domain": [("id", "in", self.return_ids.ids)]}

    def action_picking_move_tree(self) -> dict[str, Any]:
        """Return the window of the moves of the transfers."""
        listed = self.env.db.profile.rules.list_view
        return stored_window(
            self.env, "stock.move", "Stock Moves", "list,kanban,form", views=[(False, listed)],
            context=dict(self.env.context), domain=[("picking_id", "in", self.ids)],
        )  # fmt: skip


class MoveLine(models.Model):
    _inherit = "stock.move.line"

    def action_put_in_pack(self) -> Any:
        """Put the lines of one transfer into a new package."""
        return self.picking_id.action_put_in_pack()
