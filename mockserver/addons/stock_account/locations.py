"""Which goods count for the value of a company's stock: those in its own places, that it owns itself."""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset


def is_valued(location: Recordset) -> bool:
    """Return whether goods at a location are worth something to the company."""
    return location.usage == "internal" or (location.usage == "transit" and bool(location.company_id))


def lines_in(move: Recordset) -> Recordset:
    """Return the picked lines of a move by which goods come into the company."""
    found: Recordset = move.move_line_ids.filtered(lambda line: _counts(line) and _crosses(line) == (False, True))
    return found


def lines_out(move: Recordset) -> Recordset:
    """Return the picked lines of a move by which goods leave the company."""
    found: Recordset = move.move_line_ids.filtered(lambda line: _counts(line) and _crosses(line) == (True, False))
    return found


def is_dropshipped(move: Recordset) -> bool:
    """Return whether goods go from a vendor to a customer without being the company's."""
    source, target = move.location_id, move.location_dest_id
    return _is_outside(source, "supplier") and _is_outside(target, "customer")


def is_dropship_returned(move: Recordset) -> bool:
    """Return whether goods go from a customer to a vendor without being the company's."""
    source, target = move.location_id, move.location_dest_id
    return _is_outside(source, "customer") and _is_outside(target, "supplier")


def comes_back(move: Recordset) -> bool:
    """Return whether a move in or out brings goods back to where they came from."""
    return bool(move.location_id.usage == "customer" or move.location_dest_id.usage == "supplier")


def done_in_own_unit(line: Recordset) -> float:
    """Return what a line of a move moves, in the unit of the product."""
    quantity = line["quantity" if "quantity" in line._model.fields else "qty_done"]
    return float(line.product_uom_id._compute_quantity(quantity, line.product_id.uom_id))


def _crosses(line: Recordset) -> tuple[bool, bool]:
    return is_valued(line.location_id), is_valued(line.location_dest_id)


def _counts(line: Recordset) -> bool:
    picked = line.picked if "picked" in line._model.fields else True
    owner = line.owner_id
    return bool(picked) and not (owner and owner != line.company_id.partner_id)


def _is_outside(location: Recordset, usage: str) -> bool:
    return location.usage == usage or (location.usage == "transit" and not location.company_id)
