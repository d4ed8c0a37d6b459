"""Reserving goods for moves, as lines of the moves."""

from __future__ import annotations

from typing import Any

from mockserver.addons.stock import putaway, units
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing import recompute

# (location, lot, package, owner)
Place = tuple[int, int, int, int]


def assign(moves: Recordset) -> None:
    """Reserve what is there for moves that wait, in their order, and set their states."""
    waiting = moves.filtered(
        lambda move: move.state in ("confirmed", "waiting", "partially_available") and not move.picked
    )
    if not waiting:
        return
    work = _Work(waiting)
    for move in waiting:
        work.take(move)
    work.finish()


class _Work:
    """The lines and states that reserving for some moves brings about."""

    def __init__(self, moves: Recordset) -> None:
        env = moves.env.with_context(assigning_moves=True)
        self.moves, self.env = moves, env
        self.lines: list[dict[str, Any]] = []
        self.assigned: list[int] = []
        self.partial: list[int] = []

    def take(self, move: Recordset) -> None:
        """Reserve for one move."""
        missing = units.converted(move.product_uom, move.product_uom_qty - move.quantity, move.product_id.uom_id)
        if move._should_bypass_reservation():
            self._take_unreserved(move, missing)
            self.assigned.append(move.id)
        elif units.is_zero(move.product_uom_qty, move.product_uom):
            self.assigned.append(move.id)
        elif move.move_orig_ids:
            self._take_brought(move)
        elif move.procure_method != "make_to_order":
            self._take_stock(move, missing)

    def _take_unreserved(self, move: Recordset, missing: float) -> None:
        """Make lines of a move whose goods need not be there."""
        product = move.product_id
        if move.move_orig_ids:
            for place, quantity in brought(move).items():
                taken = min(missing, quantity)
                if compare(taken, 0.0, product.uom_id.rounding) > 0:
                    self.lines.append({**line_values(move, taken), **_at(place)})
                    missing -= taken
        if compare(missing, 0.0, product.uom_id.rounding) <= 0:
            return
        kind = move.picking_type_id
        if product.tracking == "serial" and (kind.use_create_lots or kind.use_existing_lots):
            self.lines.extend(line_values(move, 1.0) for _ in range(int(missing)))
            return
        plain = move.move_line_ids.filtered(
            lambda line: line.product_uom_id == move.product_uom and line.location_id == move.location_id
            and line.location_dest_id == move.location_dest_id and line.picking_id == move.picking_id
            and not (line.picked or line.lot_id or line.package_id or line.result_package_id or line.owner_id)
        )  # fmt: skip
        if plain:
            more = units.converted(product.uom_id, missing, move.product_uom)
            plain[0].with_context(assigning_moves=True).write({"quantity": plain[0].quantity + more})
        else:
            self.lines.append(line_values(move, missing))

    def _take_stock(self, move: Recordset, missing: float) -> None:
        """Reserve what is free at the place of a move or below it."""
        rounding = move.product_id.uom_id.rounding
        if compare(missing, 0.0, rounding) <= 0:
            self.assigned.append(move.id)
            return
        taken = self._reserve(move, missing, move.location_id)
        if compare(taken, 0.0, rounding) <= 0:
            return
        (self.partial if compare(missing, taken, rounding) else self.assigned).append(move.id)

    def _take_brought(self, move: Recordset) -> None:
        """Reserve what the moves before have brought and no other move has taken."""
        rounding = move.product_id.uom_id.rounding
        places = brought(move)
        had = 0.0
        for line in move.move_line_ids:
            had += line.quantity_product_uom
            place = place_of(line, "location_id", "package_id")
            if place in places:
                places[place] -= line.quantity_product_uom
        for (location, lot, package, owner), quantity in places.items():
            need = move.product_qty - had
            if compare(quantity, 0.0, rounding) <= 0 or compare(need, 0.0, rounding) <= 0:
                continue
            env = self.env
            found = {
                "lot": env[move.env["stock.quant"]._model.fields["lot_id"].comodel].browse(lot),
                "package": env[move.env["stock.quant"]._model.fields["package_id"].comodel].browse(package),
                "owner": env["res.partner"].browse(owner), "strict": True,
            }  # fmt: skip
            at = env["stock.location"].browse(location)
            taken = self._reserve(move, min(quantity, need), at, **found)
            if compare(taken, 0.0, rounding) <= 0:
                continue
            had += taken
            if compare(need, taken, rounding) == 0:
                self.assigned.append(move.id)
                break
            self.partial.append(move.id)

    def _reserve(self, move: Recordset, need: float, location: Recordset, **place: Any) -> float:
        """Reserve of the quants at a place; return how much there was."""
        quants = self.env["stock.quant"]._get_reserve_quantity(
            move.product_id, location, need, uom=move.product_uom, **place
        )
        taken: dict[Place, float] = {}
        for quant, quantity in quants:
            at = place_of(quant, "location_id", "package_id")
            taken[at] = taken.get(at, 0.0) + quantity
        known = {place_of(line, "location_id", "package_id"): line for line in _extensible(move)}
        values: list[dict[str, Any]] = []
        for at, quantity in taken.items():
            if not self._extended(move, known.get(at), quantity):
                values.extend({**line, **_at(at)} for line in _lines(move, quantity))
        # at once, so that the next move finds these quants reserved
        self.env["stock.move.line"].create(values)
        return sum(taken.values())

    def _extended(self, move: Recordset, line: Recordset | None, quantity: float) -> bool:
        """Add a quantity to a line of the same place; return whether its unit can hold it."""
        if line is None:
            return False
        own, smallest = move.product_id.uom_id, units.step(move.env)
        more = units.converted(own, quantity, line.product_uom_id)
        if compare(quantity, units.converted(line.product_uom_id, more, own), smallest):
            return False
        line.with_context(assigning_moves=True).write({"quantity": line.quantity + more})
        return True

    def finish(self) -> None:
        """Store the lines that reserve nothing, and the states."""
        lines = self.env["stock.move.line"]
        if self.lines:
            with recompute.postponed(self.env):
                lines.create(self.lines)
        moves = self.moves
        partial = [id_ for id_ in self.partial if id_ not in set(self.assigned)]
        moves.browse(dict.fromkeys(partial)).write({"state": "partially_available"})
        moves.browse(dict.fromkeys(self.assigned)).write({"state": "assigned"})


def _extensible(move: Recordset) -> Recordset:
    """Return the lines of a move that may take more of the same."""
    found: Recordset = move.move_line_ids.filtered(
        lambda line: not line.result_package_id and line.product_id.tracking != "serial" and not line.picked
    )
    return found


def _lines(move: Recordset, quantity: float) -> list[dict[str, Any]]:
    kind = move.picking_type_id
    if move.product_id.tracking == "serial" and (kind.use_create_lots or kind.use_existing_lots):
        return [line_values(move, 1.0) for _ in range(int(quantity))]
    return [line_values(move, quantity)]


def line_values(move: Recordset, quantity: float) -> dict[str, Any]:
    """Return the values of a line of a move with a quantity in the unit of the product."""
    unit, amount = units.in_move_unit(move, quantity)
    place = putaway.target(move.location_dest_id, move.product_id, quantity)
    return {
        "move_id": move.id, "product_id": move.product_id.id, "product_uom_id": unit.id, "quantity": amount,
        "location_id": move.location_id.id, "location_dest_id": place.id,
        "picking_id": move.picking_id.id, "company_id": move.company_id.id,
    }  # fmt: skip


def place_of(record: Recordset, location: str, package: str) -> Place:
    """Return where a quant or an end of a line is."""
    return record[location].id or 0, record.lot_id.id or 0, record[package].id or 0, record.owner_id.id or 0


def _at(place: Place) -> dict[str, Any]:
    location, lot, package, owner = place
    return {"location_id": location, "lot_id": lot, "package_id": package, "owner_id": owner}


def brought(move: Recordset) -> dict[Place, float]:
    """Return what the moves before one have brought, less what other moves after them have taken."""
    found: dict[Place, float] = {}
    before = move.move_orig_ids
    for line in before.filtered(lambda other: other.state == "done").move_line_ids:
        place = place_of(line, "location_dest_id", "result_package_id")
        found[place] = found.get(place, 0.0) + line.quantity_product_uom
    siblings = before.move_dest_ids - move
    for line in siblings.move_line_ids:
        place = place_of(line, "location_id", "package_id")
        if place in found:
            found[place] -= line.quantity_product_uom
    rounding = move.product_id.uom_id.rounding
    return {place: quantity for place, quantity in found.items() if compare(quantity, 0.0, rounding) > 0}
