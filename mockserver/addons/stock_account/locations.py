"""Which goods count for the value of a company's stock: those in its own places, that it owns itself.

Read from rows: each move that is done asks for its lines and places several times.
"""

from __future__ import annotations

from typing import NamedTuple

from mockserver.addons.uom.conversion import quantity_in as converted
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row

LINES = "stock.move.line"


class Flow(NamedTuple):
    """What a move brings into the company and takes out of it, in the unit of the product."""

    incoming: float = 0.0
    outgoing: float = 0.0
    sources: frozenset[int] = frozenset()  # the companies of the places
    targets: frozenset[int] = frozenset()


def is_valued(location: Recordset) -> bool:
    """Return whether goods at a location are worth something to the company."""
    return _is_own(location._rows()[0])


def flow(move: Recordset) -> Flow:
    """Return what the picked lines of a move bring in and take out, of goods that the company owns itself."""
    incoming = outgoing = 0.0
    sources, targets = set(), set()
    places = move.env.db.store.rows("stock.location")
    for row in _lines(move):
        source, target = places.get(row.get("location_id") or 0, {}), places.get(row.get("location_dest_id") or 0, {})
        sources.add(source.get("company_id") or 0)
        targets.add(target.get("company_id") or 0)
        if _is_own(source) != _is_own(target):
            quantity = _in_own_unit(move.env, row)
            incoming += quantity if _is_own(target) else 0.0
            outgoing += quantity if _is_own(source) else 0.0
    return Flow(incoming, outgoing, frozenset(sources - {0}), frozenset(targets - {0}))


def quantity_moved(move: Recordset) -> float:
    """Return what the picked lines of a move move, in the unit of the product."""
    return sum(_in_own_unit(move.env, row) for row in _lines(move))


def is_dropshipped(move: Recordset) -> bool:
    """Return whether goods go from a vendor to a customer without being the company's."""
    return _goes(move, "supplier", "customer")


def is_dropship_returned(move: Recordset) -> bool:
    """Return whether goods go from a customer to a vendor without being the company's."""
    return _goes(move, "customer", "supplier")


def comes_back(move: Recordset) -> bool:
    """Return whether a move in or out brings goods back to where they came from."""
    return bool(move.location_id.usage == "customer" or move.location_dest_id.usage == "supplier")


def _lines(move: Recordset) -> list[Row]:
    store, companies = move.env.db.store, move.env.db.store.rows("res.company")
    table = store.rows(LINES)
    rows = (table[id_] for id_ in sorted(store.having(LINES, "move_id", move._ids)))
    picked = "picked" in move.env.db.registry[LINES].fields
    return [
        row for row in rows
        if (row.get("picked") or not picked)
        and row.get("owner_id") in (None, companies.get(row.get("company_id") or 0, {}).get("partner_id"))
    ]  # fmt: skip


def _in_own_unit(env: Environment, line: Row) -> float:
    products, templates = env.db.store.rows("product.product"), env.db.store.rows("product.template")
    quantity = float(line.get("quantity", line.get("qty_done")) or 0.0)
    unit = templates[products[line["product_id"]]["product_tmpl_id"]]["uom_id"]
    if unit == line["product_uom_id"]:
        return quantity
    units = env["uom.uom"]
    return converted(units.browse(line["product_uom_id"]), quantity, units.browse(unit), method="UP", strict=True)


def _is_own(place: Row) -> bool:
    usage = place.get("usage")
    return usage == "internal" or (usage == "transit" and bool(place.get("company_id")))


def _goes(move: Recordset, source: str, target: str) -> bool:
    row, places = move._rows()[0], move.env.db.store.rows("stock.location")
    return all(
        _is_outside(places.get(row.get(name) or 0, {}), usage)
        for name, usage in (("location_id", source), ("location_dest_id", target))
    )


def _is_outside(place: Row, usage: str) -> bool:
    return place.get("usage") == usage or (place.get("usage") == "transit" and not place.get("company_id"))
