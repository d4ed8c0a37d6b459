"""What purchases add to bills: of which orders they are.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.mail.links import links_to
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

Action = dict[str, Any]


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    def create(self, vals_list: Any) -> Self:
        """Create entries; bills of orders tell of which ones they are."""
        moves: Self = super().create(vals_list)
        for move in moves:
            if not move.reversed_entry_id:
                _tell(move, "This vendor bill has been created from: %s", _orders(move))
        return moves

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change entries; bills tell to which orders they belong since then."""
        if not {"line_ids", "invoice_line_ids"} & vals.keys():
            return super().write(vals)
        before = {move.id: _orders(move) for move in self.exists()}
        super().write(vals)
        for move in self.exists():
            _tell(move, "This vendor bill has been modified from: %s", _orders(move) - before[move.id])
        return True

    @api.versions(since=16)
    def _compute_purchase_order_count(self) -> None:
        for move in self:
            move.purchase_order_count = len(_orders(move))

    @api.versions(since=18)
    def _compute_purchase_order_name(self) -> None:
        """The only order of a bill."""
        for move in self:
            orders = _orders(move)
            move.purchase_order_name = orders.display_name if len(orders) == 1 else False

    @api.versions(since=18)
    def _compute_is_purchase_matched(self) -> None:
        """Whether all lines of products of a bill belong to orders."""
        for move in self:
            lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            move.is_purchase_matched = bool(lines) and all(line.purchase_line_id for line in lines)

    @api.versions(since=19)
    def _compute_purchase_warning_text(self) -> None:
        for move in self:
            texts: list[str] = []
            if move.move_type == "in_invoice":
                vendor, products = move.partner_id, move.invoice_line_ids.product_id
                texts += [f"{vendor.name} - {vendor.purchase_warn_msg}"] if vendor.purchase_warn_msg else []
                warned = products.filtered("purchase_line_warn_msg")
                texts += [f"{product.display_name} - {product.purchase_line_warn_msg}" for product in warned]
            move.purchase_warning_text = "\n".join(texts)

    @api.versions(since=16)
    def action_view_source_purchase_orders(self) -> Action:
        """Return the action that shows the orders of a bill."""
        self.ensure_one()
        orders = _orders(self)
        if not orders:
            return {"type": "ir.actions.act_window_close"}
        action = stored_window(self.env, orders._name, "Purchase Orders", "list,kanban,form,pivot,graph,activity")
        if len(orders) > 1:
            return {**action, "domain": [("id", "in", orders.ids)]}
        return {**action, "views": [[False, "form"]], "res_id": orders.id}


class Line(models.Model):
    _inherit = "account.move.line"
    _since = 13

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values of a copy; a refund belongs to the order line of what it refunds."""
        found: dict[str, Any] = super()._copied_values(default)
        if self.env.context.get("include_business_fields") and self.purchase_line_id:
            found["purchase_line_id"] = self.purchase_line_id.id
        return found

    @api.versions(since=19)
    def _compute_purchase_line_warn_msg(self) -> None:
        for line in self:
            line.purchase_line_warn_msg = line.product_id.purchase_line_warn_msg or ""


def _orders(move: Recordset) -> Recordset:
    """Return the orders that the lines of an entry belong to."""
    orders: Recordset = move.sudo().line_ids.purchase_line_id.order_id
    return move.env["purchase.order"].browse(orders._ids)


def _tell(move: Recordset, text: str, orders: Recordset) -> None:
    if orders:
        body = move.env._(text).replace("%s", links_to(orders.sudo()))
        move.message_post(body=body, body_is_html=True)
