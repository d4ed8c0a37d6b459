"""What is true of lots of every version: that they are unique, how much there is of them, how they are counted on.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0); 17.0, stock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockserver.errors import UserError, ValidationError
from mockserver.orm.query.operators import COMPARISONS
from mockserver.orm.records.environment import Recordset

MOST_PIECES = 10_000  # with a serial number each, in one step

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    **COMPARISONS,
    "in": lambda number, numbers: number in numbers,
    "not in": lambda number, numbers: number not in numbers,
}
_CREATION_REFUSED = (
    "You are not allowed to create a lot or serial number with this operation type. To change this, go on the "
    'operation type and tick the box "Create New Lots/Serial Numbers".'
)
_COMPANY_REFUSED = (
    "Changing the company of this record is forbidden at this point, you should rather archive it and create a new one."
)
_PLACE_REFUSED = (
    "You cannot change the company of a lot/serial number currently in a location belonging to another company."
)
_PRODUCT_REFUSED = (
    "You are not allowed to change the product linked to a serial or lot number if some stock moves have already been "
    "created with that number. This would lead to inconsistencies in your stock."
)


def stored(lot: Recordset) -> Recordset:
    """Return the quants of a lot that are in stock, or on the way between own places."""
    quants: Recordset = lot.quant_ids.filtered(_is_stored)
    return quants


def _is_stored(quant: Recordset) -> bool:
    location = quant.location_id
    return bool(location.usage == "internal" or (location.usage == "transit" and location.company_id))


def with_quantity(lots: Recordset, operator: str, value: Any) -> list[Any]:
    """Return the domain of the lots whose quantity compares so with a number."""
    compare = _COMPARE.get(operator)
    if compare is None:
        raise UserError(lots.env._("Invalid domain operator %s").replace("%s", operator))
    if not isinstance(value, (float, int)) and operator not in ("in", "not in"):
        raise UserError(lots.env._("Invalid domain right operand '%s'. It must be of type Integer/Float") % value)
    found = [lot._ids[0] for lot in lots.search([]) if compare(lot.product_qty, value)]
    return [("id", "in", found)]


def check_unique(lots: Recordset) -> None:
    """Raise ValidationError for a lot whose product has one of that name already, in its company or in none."""
    rules, model = lots.env.db.profile.rules, lots.env[lots._name].sudo()
    shared = rules.lots_without_company
    lines: dict[str, None] = {}
    for lot in lots:
        alike = model.search([("product_id", "=", lot.product_id.id), ("name", "=", lot.name), ("id", "!=", lot.id)])
        own = lot.company_id
        if any(other.company_id == own or (shared and not (own and other.company_id)) for other in alike):
            line = rules.duplicate_lot_line.format(product=lot.product_id.display_name, lot=lot.name)
            lines[line] = None
    if lines:
        raise ValidationError(lots.env._(rules.duplicate_lot_text) + "\n".join(lines))


def check_creation(lots: Recordset) -> None:
    """Raise UserError if the transfer that is worked on takes no new lots."""
    transfer = lots.env.context.get("active_picking_id")
    kind = lots.env["stock.picking"].browse(transfer).picking_type_id if transfer else None
    if kind and not kind.use_create_lots:
        raise UserError(lots.env._(_CREATION_REFUSED))


def check_change(lots: Recordset, vals: Mapping[str, Any]) -> None:
    """Raise UserError for another company, or another product while there are moves of the present one."""
    env = lots.env
    if "company_id" in vals:
        company, fixed = vals["company_id"], env.db.profile.rules.lot_company_fixed
        if fixed and any(lot.company_id.id != company for lot in lots):
            raise UserError(env._(_COMPANY_REFUSED))
        if not fixed and company and any(lot.location_id.company_id.id not in (False, company) for lot in lots):
            raise UserError(env._(_PLACE_REFUSED))
    if "product_id" in vals and any(lot.product_id.id != vals["product_id"] for lot in lots):
        moved = [("lot_id", "in", lots.ids), ("product_id", "!=", vals["product_id"])]
        if env["stock.move.line"].search_count(moved):
            raise UserError(env._(_PRODUCT_REFUSED))


def deliveries(lot: Recordset) -> Recordset:
    """Return the done transfers to customers that took some of a lot."""
    lines = lot.env["stock.move.line"].search([("lot_id", "=", lot.id), ("state", "=", "done")])
    taken: Recordset = lines.filtered(lambda line: line.location_dest_id.usage == "customer").picking_id
    return taken


def pieces(quantity: float) -> range:
    """Return the numbers of single pieces that get a line or a serial number each; raises ValueError for too many."""
    if not quantity <= MOST_PIECES:
        raise ValueError(f"{quantity:g} single pieces are more than {MOST_PIECES}")
    return range(int(quantity))


def counted_names(first: str, count: int) -> Iterator[str]:
    """Yield names that count on from the last number in the first: "LOT-009" gives "LOT-010" next."""
    numbers = re.findall(r"\d+", first)
    if not numbers:
        first, numbers = f"{first}0", ["0"]
    last = numbers[-1]
    before, _, after = first.rpartition(last)
    for step in pieces(count):
        yield f"{before}{str(int(last) + step).zfill(len(last))}{after}"
