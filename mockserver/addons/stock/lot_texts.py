"""stock.move: lines of a move from typed, pasted or counted names of lots.

Source: 17.0, from its public documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.stock.lots import counted_names
from mockserver.errors import UserError
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.records.environment import Recordset

_NUMBER = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
_DEFAULT = "default_"


class Move(models.Model):
    _inherit = "stock.move"
    _since = 17

    @api.model
    def split_lots(self, lots: str) -> list[dict[str, Any]]:
        """Return a line for each line of a text: a lot, and a quantity after a tab or a semicolon."""
        return [_split(text) for text in (lots or "").split("\n") if text]

    @api.model
    def action_generate_lot_line_vals(
        self, context: Mapping[str, Any], mode: str, first_lot: str, count: float, lot_text: str
    ) -> list[dict[str, Any]]:
        """Return the values of lines for lots: counted on from the first, or read from a text."""
        if not context.get(f"{_DEFAULT}product_id"):
            raise UserError(self.env._("No product found to generate Serials/Lots for."))
        if mode not in ("generate", "import"):
            raise AssertionError
        usual = {name[len(_DEFAULT) :]: value for name, value in context.items() if name.startswith(_DEFAULT)}
        if mode == "import":
            lines = self.split_lots(lot_text)
        else:
            by_lot = usual.get("tracking") == "lot"
            parts = _parts(self, float(usual.get("quantity") or 0.0), count) if by_lot else [1.0] * int(count)
            names = counted_names(first_lot, len(parts))
            lines = [{"lot_name": name, "quantity": part} for name, part in zip(names, parts, strict=True)]
        product = self.env["product.product"].browse(usual["product_id"])
        place = self.env["stock.location"].browse(usual.get("location_dest_id") or ())
        found = []
        for line in lines:
            target = place._get_putaway_strategy(product, line["quantity"]) if place else place
            values = {**usual, **line, "location_dest_id": target.id, "product_uom_id": product.uom_id.id}
            found.append(_with_lot(self, values))
        return [{name: _shown(self, name, value) for name, value in values.items()} for values in found]


def _split(text: str) -> dict[str, Any]:
    """Return the line that a text stands for; a part that is no quantity makes all of it a name."""
    name, *parts = text.replace(";", "\t").split("\t")
    values: dict[str, Any] = {"lot_name": text, "quantity": 1}
    for part in parts:
        number = part.replace(",", ".")
        if not _NUMBER.fullmatch(number):
            return {**values, "lot_name": text}
        values = {"lot_name": name, "quantity": float(number)}
    return values


def _parts(moves: Recordset, quantity: float, part: float) -> list[float]:
    """Return a quantity in parts of one size, and what is left."""
    if part <= 0:
        raise UserError(moves.env._("The quantity per lot should always be a positive value."))
    count, left = divmod(quantity, part)
    return [part] * int(count) + ([left] if left else [])


def _with_lot(moves: Recordset, values: dict[str, Any]) -> dict[str, Any]:
    """Return values with the lot instead of its name, where the type of transfers uses lots that exist."""
    kind = moves.env["stock.picking.type"].browse(values.get("picking_type_id") or ())
    if not kind or not kind.use_existing_lots:
        return values
    lots = moves.env["stock.lot"]
    found = lots.search([("product_id", "=", values["product_id"]), ("name", "=", values["lot_name"])], limit=1)
    if not found and kind.use_create_lots:
        found = lots.create({"product_id": values["product_id"], "name": values["lot_name"]})
    return {**values, "lot_id": found.id, "lot_name": False} if found else values


def _shown(moves: Recordset, name: str, value: Any) -> Any:
    """Return a value as the web client takes it: a record as its id with its name."""
    field = moves.env["stock.move.line"]._model.fields.get(name)
    if not isinstance(field, Many2one):
        return value
    record = moves.env[field.comodel].browse(value or ())
    return {"id": value, "display_name": record.display_name if record else ""}
