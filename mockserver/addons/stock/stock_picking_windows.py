"""stock.picking: the windows that its buttons open, and packing what is picked.

Inferred: 17.0.  Leaves out: package levels.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window, window
from mockserver.addons.stock import units
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

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

    @api.versions(since=17)
    def action_detailed_operations(self) -> dict[str, Any]:
        """Return the window of the lines of the transfer."""
        self.ensure_one()
        context = {
            "default_picking_id": self.id,
            "default_location_id": self.location_id.id,
            "default_location_dest_id": self.location_dest_id.id,
            "default_company_id": self.company_id.id,
            "show_lots_text": self.show_lots_text,
            "picking_code": self.picking_type_code,
            "create": self.state not in ("done", "cancel"),
        }
        domain = [("picking_id", "=", self.id)]
        views = [(False, self.env.db.profile.rules.list_view)]
        return window(
            self.env, "stock.move.line", "Detailed Operations", "list", views=views, domain=domain, context=context
        )

    # -- labels and reports

    @api.versions(since=16)
    def action_open_label_type(self) -> dict[str, Any]:
        """Return the window that asks which labels to print; where there are no lots, the one of products."""
        if in_group(self.env, "stock.group_production_lot") and self.move_line_ids.lot_id:
            views, context = [(False, "form")], {"default_picking_ids": self.ids}
            title = "Choose Type of Labels To Print"
            return window(self.env, "picking.label.type", title, views=views, target="new", context=context)
        return self.action_open_label_layout()

    @api.versions(since=16)
    def action_open_label_layout(self) -> dict[str, Any]:
        """Return the window that prints labels of the products."""
        moves = self._moves()
        context = {
            "default_product_ids": moves.product_id.ids, "default_move_ids": moves.ids, "default_move_quantity": "move",
        }  # fmt: skip
        views = [(False, "form")]
        return window(
            self.env, "product.label.layout", "Choose Labels Layout", views=views, target="new", context=context
        )

    @api.versions(since=16)
    def action_view_reception_report(self) -> dict[str, Any]:
        """Return the action of the report that gives received goods to those who wait for them."""
        return {
            "type": "ir.actions.client", "name": self.env._("Allocation Report"), "tag": "reception_report",
            "res_model": False, "target": "current", "params": {}, "context": {"default_picking_ids": self.ids},
        }  # fmt: skip

    @api.versions(since=16)
    def should_print_delivery_address(self) -> bool:
        """Return whether a delivery slip has an address: that of whoever gets the goods."""
        self.ensure_one()
        partner = self._moves()[:1].partner_id or self.partner_id
        outside = self.location_dest_id.usage == "customer" or self.picking_type_id.code == "outgoing"
        return bool(self._moves() and partner and outside)


class MoveLine(models.Model):
    _inherit = "stock.move.line"

    def action_put_in_pack(self) -> Any:
        """Put the lines of one transfer into a new package."""
        return self.picking_id.action_put_in_pack()
