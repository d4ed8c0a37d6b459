"""Reserving goods for moves, as lines of the moves.

The rows of moves are read directly, and lines are made together: transfers have many moves.
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.stock import lots
from mockserver.addons.stock.facts import Facts, ids_of, place_of
from mockserver.addons.stock.quant_changes import QuantChanges, changing
from mockserver.addons.stock.quant_rows import Place
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import recompute

MOVE, LINE = "stock.move", "stock.move.line"
_WAITING = ("confirmed", "waiting", "partially_available")


def assign(moves: Recordset) -> None:
    """Reserve what is there for moves that wait, in their order, and set their states."""
    rows = moves.env.db.store.rows(MOVE)
    waiting = [rows[id_] for id_ in moves._ids if rows[id_].get("state") in _WAITING and not rows[id_].get("picked")]
    if not waiting:
        return
    with recompute.postponed(moves.env):
        with changing(moves.env) as quants:
            work = _Work(moves.env, quants)
            for row in waiting:
                work.take(row)
        moves.env[LINE].with_context(assigning_moves=True).create(work.lines)
    partial = dict.fromkeys(id_ for id_ in work.partial if id_ not in work.assigned)
    moves.browse(partial).write({"state": "partially_available"})
    moves.browse(work.assigned).write({"state": "assigned"})


class _Work:
    """The lines and states that reserving for some moves brings about."""

    def __init__(self, env: Environment, quants: QuantChanges) -> None:
        self.env, self.quants, self.facts = env, quants, Facts(env)
        self._stock = env["stock.quant"]
        self._before = env.db.store.index(MOVE, "move_dest_ids")  # the moves before each
        self.lines: list[dict[str, Any]] = []
        self.assigned: dict[int, None] = {}
        self.partial: dict[int, None] = {}

    def take(self, move: Row) -> None:
        """Reserve for one move."""
        facts, product, unit = self.facts, move["product_id"], move["product_uom"]
        demand = move.get("product_uom_qty") or 0.0
        missing = facts.converted(unit, demand - (move.get("quantity") or 0.0), facts.unit_of(product))
        chained = move["id"] in self._before
        if facts.unreserved(product, move["location_id"]):
            self._take_unreserved(move, missing, chained)
            self.assigned[move["id"]] = None
        elif not facts.sign(demand, unit):
            self.assigned[move["id"]] = None
        elif chained:
            self._take_brought(move)
        elif move.get("procure_method") != "make_to_order":
            self._take_stock(move, missing)

    def _take_unreserved(self, move: Row, missing: float, chained: bool) -> None:
        """Make lines of a move whose goods need not be there."""
        facts, product = self.facts, move["product_id"]
        unit = facts.unit_of(product)
        if chained:
            for place, quantity in brought(self.env, move, facts).items():
                taken = min(missing, quantity)
                if facts.sign(taken, unit) > 0:
                    self.lines.append({**line_values(move, taken, facts), **ids_of(place)})
                    missing -= taken
        if facts.sign(missing, unit) <= 0:
            return
        plain = self._plain_line(move)
        if plain is not None and not self._pieces(move):
            more = facts.converted(unit, missing, move["product_uom"])
            line = self.env[LINE].with_context(assigning_moves=True).browse(plain["id"])
            line.write({"quantity": (plain.get("quantity") or 0.0) + more})
        else:
            self.lines.extend(self._new_lines(move, missing))

    def _plain_line(self, move: Row) -> Row | None:
        """Return a line of a move that takes from and to its own places, with no lot nor package."""
        same = ("location_id", "location_dest_id", "picking_id")
        empty = ("picked", "lot_id", "package_id", "result_package_id", "owner_id")
        for line in self.facts.lines(move["id"]):
            alike = line["product_uom_id"] == move["product_uom"] and all(line.get(n) == move.get(n) for n in same)
            if alike and not any(line.get(name) for name in empty):
                return line
        return None

    def _pieces(self, move: Row) -> bool:
        """Return whether each piece of a move has a line of its own."""
        if self.facts.tracking(move["product_id"]) != "serial":
            return False
        kind = self.env.db.store.get("stock.picking.type", move.get("picking_type_id") or 0) or {}
        return bool(kind.get("use_create_lots") or kind.get("use_existing_lots"))

    def _new_lines(self, move: Row, quantity: float) -> list[dict[str, Any]]:
        if self._pieces(move):
            return [line_values(move, 1.0, self.facts) for _ in lots.pieces(quantity)]
        return [line_values(move, quantity, self.facts)]

    def _take_stock(self, move: Row, missing: float) -> None:
        """Reserve what is free at the place of a move or below it."""
        unit = self.facts.unit_of(move["product_id"])
        if self.facts.sign(missing, unit) <= 0:
            self.assigned[move["id"]] = None
            return
        taken = self._reserve(move, missing)
        if self.facts.sign(taken, unit) > 0:
            whole = not compare(missing, taken, self.facts.rounding(unit))
            (self.assigned if whole else self.partial)[move["id"]] = None

    def _take_brought(self, move: Row) -> None:
        """Reserve what the moves before have brought and no other move has taken."""
        facts = self.facts
        unit = facts.unit_of(move["product_id"])
        places = brought(self.env, move, facts)
        had = 0.0
        for line in facts.lines(move["id"]):
            had += line.get("quantity_product_uom") or 0.0
            if place_of(line) in places:
                places[place_of(line)] -= line.get("quantity_product_uom") or 0.0
        for place, quantity in places.items():
            need = (move.get("product_qty") or 0.0) - had
            if facts.sign(quantity, unit) <= 0 or facts.sign(need, unit) <= 0:
                continue
            taken = self._reserve(move, min(quantity, need), place)
            if facts.sign(taken, unit) <= 0:
                continue
            had += taken
            if not compare(need, taken, facts.rounding(unit)):
                self.assigned[move["id"]] = None
                break
            self.partial[move["id"]] = None

    def _reserve(self, move: Row, need: float, exactly: Place | None = None) -> float:
        """Reserve of the quants at a move's location, or at exactly one place; return how much there was."""
        facts, place = self.facts, exactly or Place(move["product_id"], move["location_id"], None, None, None)
        strict = exactly is not None
        rows = self.quants.gathered(place, strict)
        found = self._stock._to_reserve(place, rows, need, facts, unit=move["product_uom"], strict=strict)
        taken: dict[Place, float] = {}
        for row, quantity in found:
            at = place_of(row)
            taken[at] = taken.get(at, 0.0) + quantity
        known = {place_of(line): line for line in facts.lines(move["id"]) if self._extensible(line)}
        for at, quantity in taken.items():
            self.quants.reserve(at, quantity)
            if not self._extended(move, known.get(at), quantity):
                self.lines.extend({**line, **ids_of(at)} for line in self._new_lines(move, quantity))
        return sum(taken.values())

    def _extensible(self, line: Row) -> bool:
        serial = self.facts.tracking(line["product_id"]) == "serial"
        return not (line.get("result_package_id") or line.get("picked") or serial)

    def _extended(self, move: Row, line: Row | None, quantity: float) -> bool:
        """Add a quantity to a line of the same place; return whether its unit can hold it."""
        if line is None:
            return False
        facts, unit = self.facts, line["product_uom_id"]
        own = facts.unit_of(move["product_id"])
        more = facts.converted(own, quantity, unit)
        if compare(quantity, facts.converted(unit, more, own), facts.step):
            return False
        record = self.env[LINE].with_context(reserved_already=True).browse(line["id"])
        record.write({"quantity": (line.get("quantity") or 0.0) + more})
        return True


def line_values(move: Row, quantity: float, facts: Facts) -> dict[str, Any]:
    """Return the values of a line of a move with a quantity in the unit of the product."""
    unit, amount = facts.in_move_unit(move, quantity)
    place = facts.put_away(move["product_id"], move["location_dest_id"], quantity)
    return {
        "move_id": move["id"], "product_id": move["product_id"], "product_uom_id": unit, "quantity": amount,
        "location_id": move["location_id"], "location_dest_id": place,
        "picking_id": move.get("picking_id"), "company_id": move["company_id"], "picked": bool(move.get("picked")),
    }  # fmt: skip


def brought(env: Environment, move: Row, facts: Facts) -> dict[Place, float]:
    """Return what the moves before one have brought, less what other moves after them have taken."""
    store = env.db.store
    moves, lines = store.rows(MOVE), store.rows(LINE)
    before = store.having(MOVE, "move_dest_ids", (move["id"],))
    done = [id_ for id_ in before if moves[id_].get("state") == "done"]
    found: dict[Place, float] = {}
    for id_ in sorted(store.having(LINE, "move_id", done)):
        place = place_of(lines[id_], "location_dest_id", "result_package_id")
        found[place] = found.get(place, 0.0) + (lines[id_].get("quantity_product_uom") or 0.0)
    siblings = {dest for id_ in before for dest in moves[id_].get("move_dest_ids") or ()} - {move["id"]}
    for id_ in store.having(LINE, "move_id", siblings):
        if (place := place_of(lines[id_])) in found:
            found[place] -= lines[id_].get("quantity_product_uom") or 0.0
    unit = facts.unit_of(move["product_id"])
    return {place: quantity for place, quantity in found.items() if facts.sign(quantity, unit) > 0}
