"""stock.move and product.product from 19 on: moves have a value of their own, products that of what is there.

Inferred: from the fields of 19.0; no recording values stock in that version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.stock_account import locations, remaining
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_NO_VALUE_ROW = "disable_auto_revaluation"  # a new cost that follows from moves makes no product.value


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.versions(since=19)
    @api.computes("is_in", "is_out", "is_dropship")
    def _compute_is_in(self) -> None:
        """Only done moves count."""
        for move in self:
            done = move.state == "done"
            move.is_in = done and move._is_in()
            move.is_out = done and move._is_out()
            move.is_dropship = done and (move._is_dropshipped() or move._is_dropshipped_returned())

    @api.versions(since=19)
    def _compute_is_valued(self) -> None:
        for move in self:
            move.is_valued = move.is_in or move.is_out

    @api.versions(since=19)
    @api.computes("remaining_qty", "remaining_value")
    def _compute_remaining(self) -> None:
        """What is left of what came in, if the oldest goods leave first."""
        for move in self:
            left = remaining.by_move(move.product_id.with_company(move.company_id)).get(move.id)
            move.remaining_qty = left.quantity if left else 0.0
            move.remaining_value = left.value if left else 0.0

    @api.versions(since=19)
    def _compute_value_manual(self) -> None:
        for move in self:
            move.value_manual = move.value

    @api.versions(since=19)
    def _inverse_value_manual(self) -> None:
        for move in self:
            self.env["product.value"].sudo().create({"move_id": move.id, "value": move.value_manual})

    @api.versions(since=19, name="_action_done")
    def _action_done_with_values(self, cancel_backorder: bool = False) -> Any:
        """Give what comes in and leaves its value, and products the cost that follows."""
        done = super()._action_done(cancel_backorder=cancel_backorder)  # type: ignore[misc]
        moves = (self | done if done else self).exists().filtered(lambda move: move.state == "done")
        moves._set_value()
        return done

    @api.versions(since=19)
    def _set_value(self) -> None:
        """Give moves their value one after the other: each sees what those before it left."""
        ahead = remaining.Ahead(self)
        for move in self:
            own = move.with_company(move.company_id)
            ahead.passes(own)
            if not (own.is_in or own.is_out):
                continue
            product = own.product_id
            if own.is_in:
                own.value = own._get_value()
            elif product.cost_method == "fifo":
                own.value = remaining.left_by(product, own)
            else:
                own.value = own.company_id.currency_id.round(product.standard_price * locations.flow(own).outgoing)
            remaining.follow(product, own, ahead.of(product))

    @api.versions(since=19)
    def _get_value(self) -> float:
        """Return what comes in is worth: what was said by hand, what it cost when it left, its price, else the cost."""
        self.ensure_one()
        quantity = locations.flow(self).incoming
        manual = (
            self.env["product.value"].sudo().search([("move_id", "=", self.id)], limit=1, order="date desc, id desc")
        )
        if manual:
            return float(manual.value)
        origin = self.origin_returned_move_id
        left = locations.flow(origin).outgoing if origin.value else 0.0
        if left:
            return float(origin.value) / left * quantity
        cost = float(self.product_id.standard_price)
        if self.product_id.cost_method != "standard":
            cost = float(self._get_price_unit()) or cost
        return float(self.company_id.currency_id.round(cost * quantity))

    @api.versions(since=19, name="_get_price_unit")
    def _get_own_price(self) -> float:
        """Return what one unit that comes in costs; purchases extend it for ordered goods."""
        return float(self.price_unit or 0.0)


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.versions(since=19)
    @api.computes("total_value", "avg_cost", "company_currency_id")
    def _compute_value(self) -> None:
        """What is there at its cost; at FIFO cost what came in last and is still there."""
        for product in self:
            product.company_currency_id = self.env.company.currency_id
            quantity, cost = float(product.qty_available), float(product.standard_price)
            if product.cost_method == "fifo":
                value = sum(left.value for left in remaining.by_move(product).values())
                product.total_value = value
                product.avg_cost = value / quantity if quantity else cost
            else:
                product.total_value, product.avg_cost = cost * quantity, cost

    @api.versions(since=19)
    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change products; a new cost is noted with its day and user, but at FIFO cost."""
        if "standard_price" not in vals or self.env.context.get(_NO_VALUE_ROW):
            return super().write(vals)
        known = {product.id: float(product.standard_price) for product in self if product.cost_method != "fifo"}
        done = super().write(vals)
        self.browse(known)._change_standard_price(known)
        return done

    @api.versions(since=19, name="_change_standard_price")
    def _note_standard_price(self, old_price: Mapping[int, float]) -> None:
        rows = []
        for product in self:
            old, new = old_price[product.id], float(product.standard_price)
            if compare(old, new, 0.0001) == 0:
                continue
            text = f"Price update from {old} to {new} by {self.env.user.name}"
            rows.append(
                {"product_id": product.id, "value": new, "company_id": product.env.company.id, "description": text}
            )
        if rows:
            self.env["product.value"].sudo().create(rows)


class ProductValue(models.Model):
    _inherit = "product.value"

    def _compute_company_id(self) -> None:
        for row in self:
            owner = row.move_id.company_id or row.lot_id.company_id or row.product_id.company_id
            row.company_id = owner or row.company_id or self.env.company

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Store values; that of a move is the move's from now on."""
        values = super().create(vals_list)
        moves: Recordset = values.move_id
        moves._set_value()
        for row in values.filtered(lambda row: row.product_id and not row.move_id):
            row.product_id.with_company(row.company_id).with_context(**{_NO_VALUE_ROW: True}).standard_price = row.value
        return values


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _should_be_valued(self) -> bool:
        return locations.is_valued(self.ensure_one())

    @api.versions(since=19)
    @api.computes("is_valued_internal", "is_valued_external")
    def _compute_is_valued(self) -> None:
        for location in self:
            location.is_valued_internal = locations.is_valued(location)
            location.is_valued_external = not locations.is_valued(location)
