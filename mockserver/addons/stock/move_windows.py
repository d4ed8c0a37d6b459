"""stock.move and stock.move.line: the documents and the forecast behind them, and counts that are taken back.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import units
from mockserver.errors import AccessError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import access


def _form(record: Recordset) -> dict[str, Any]:
    views = [[False, "form"]]
    return {"res_model": record._name, "type": "ir.actions.act_window", "views": views, "res_id": record.id}


def _may_read(record: Recordset) -> bool:
    try:
        access.check_access(record, "read")
    except AccessError:
        return False
    return True


class Move(models.Model):
    _inherit = "stock.move"

    @api.versions(since=16)
    def action_open_reference(self) -> dict[str, Any]:
        """Return the window of the document that the move belongs to; of the move, if there is none."""
        self.ensure_one()
        scrap = self.scrap_id if "scrap_id" in self else self.picking_id.browse()
        source: Any = self.picking_id or scrap
        return _form(source if source and _may_read(source) else self)

    def action_product_forecast_report(self) -> dict[str, Any]:
        """Return the action of the product's forecast, at the warehouse that the move takes from."""
        self.ensure_one()
        action: dict[str, Any] = self.product_id.action_product_forecast_report()
        product = self.product_id
        context = {"active_id": product.id, "active_model": product._name, "move_to_match_ids": self.ids}
        warehouse = self.picking_type_id.warehouse_id or self.location_id.warehouse_id
        if warehouse:
            context[self.env.db.profile.rules.forecast_warehouse_key] = warehouse.id
        return {**action, "context": context}


class MoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.versions(since=16)
    def action_open_reference(self) -> dict[str, Any]:
        """Return the window of the document that the line belongs to; of the line, if there is none."""
        self.ensure_one()
        if self.move_id:
            action: dict[str, Any] = self.move_id.action_open_reference()
            if action["res_model"] != "stock.move":
                return action
        return _form(self)

    @api.versions(since=16)
    def action_revert_inventory(self) -> dict[str, Any]:
        """Move back what counts have moved; return the notification that says so."""
        name = "qty_done" if "qty_done" in self else "quantity"
        counts = self.with_context(inventory_mode=False).filtered(
            lambda line: line.is_inventory and not units.is_zero(line[name], line.product_uom_id)
        )
        if not counts:
            return _told(self, "danger", "There are no inventory adjustments to revert.")
        moves = self.env["stock.move"].create([_reverting(line, name) for line in counts])
        moves._action_done()
        return _told(self, "success", "The inventory adjustments have been reverted.")


def _told(lines: Recordset, kind: str, message: str) -> dict[str, Any]:
    params = {"type": kind, "message": lines.env._(message)}
    return {"type": "ir.actions.client", "tag": "display_notification", "params": params}


def _reverting(line: Recordset, name: str) -> dict[str, Any]:
    """Return the values of the move that takes a count back."""
    way = {"location_id": line.location_dest_id.id, "location_dest_id": line.location_id.id}
    company = line.company_id.id or line.env.company.id
    of_line = {
        "product_id": line.product_id.id, "product_uom_id": line.product_uom_id.id, name: line[name],
        "company_id": company, "lot_id": line.lot_id.id, "package_id": line.result_package_id.id,
        "result_package_id": line.package_id.id, "owner_id": line.owner_id.id, **way,
    }  # fmt: skip
    values = {
        "name": f"{line.reference} [reverted]", "product_id": line.product_id.id,
        "product_uom": line.product_uom_id.id, "product_uom_qty": line[name], "company_id": company,
        "state": "confirmed", "is_inventory": True, "picked": True, "move_line_ids": [(0, 0, of_line)], **way,
    }  # fmt: skip
    return {field: value for field, value in values.items() if field in line.env["stock.move"]}
