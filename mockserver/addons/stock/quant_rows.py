"""The rows of quants by what they hold and where: found by the smallest index, whatever else is stored.

Source: 17.0, stock.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset

QUANT, LOCATION = "stock.quant", "stock.location"
# goods at these places are not counted one by one: they come from nowhere, or go there
UNCOUNTED = ("supplier", "customer", "inventory", "production")


class Place(NamedTuple):
    """What a quant holds and where; None for no lot, package or owner."""

    product: int
    location: int
    lot: int | None
    package: int | None
    owner: int | None

    @classmethod
    def of(
        cls, product: Recordset, location: Recordset, lot: Any = None, package: Any = None, owner: Any = None
    ) -> Place:
        """Return the place that records name."""
        lot_id, package_id, owner_id = (each.id if each else None for each in (lot, package, owner))
        return cls(product._ids[0], location._ids[0], lot_id, package_id, owner_id)

    def values(self) -> dict[str, Any]:
        """Return the values of a quant of this place."""
        return {
            "product_id": self.product,
            "location_id": self.location,
            "lot_id": self.lot,
            "package_id": self.package,
            "owner_id": self.owner,
        }


def bypasses_reservation(env: Environment, location: int) -> bool:
    """Return whether goods at a location are taken without being reserved."""
    row = env.db.store.rows(LOCATION)[location]
    usage = row.get("usage")
    return usage in UNCOUNTED or bool(row.get("scrap_location")) or (usage == "transit" and not row.get("company_id"))


def exactly(env: Environment, place: Place) -> list[Row]:
    """Return the quants of a place, with those that have no lot where a lot is asked for."""
    return [
        row
        for row in _of_lot(env, place)
        if row.get("location_id") == place.location
        and row.get("package_id") == place.package
        and row.get("owner_id") == place.owner
    ]


def within(env: Environment, place: Place) -> list[Row]:
    """Return the quants at a location and below; of any lot, package or owner where none is asked for."""
    below = Below(env, (place.location,))
    return [
        row
        for row in (_of_product(env, place) if place.lot is None else _of_lot(env, place))
        if (place.package is None or row.get("package_id") == place.package)
        and (place.owner is None or row.get("owner_id") == place.owner)
        and row.get("location_id") in below
    ]


def _of_lot(env: Environment, place: Place) -> list[Row]:
    """Return the rows of the product that are of the lot, or of none."""
    store = env.db.store
    ids = store.having(QUANT, "product_id", (place.product,), without="lot_id")
    if place.lot is not None:
        ids |= store.having(QUANT, "lot_id", (place.lot,)) & store.index(QUANT, "product_id").get(place.product, set())
    rows = store.rows(QUANT)
    return [rows[id_] for id_ in sorted(ids)]


def _of_product(env: Environment, place: Place) -> list[Row]:
    """Return the rows of the product, in the package if there is one."""
    store = env.db.store
    ids = store.index(QUANT, "product_id").get(place.product, set())
    if place.package is not None:
        ids = store.having(QUANT, "package_id", (place.package,)) & ids
    rows = store.rows(QUANT)
    return [rows[id_] for id_ in sorted(ids)]


class Below:
    """Locations with all that is below them; a place is looked up through its parents, once each."""

    def __init__(self, env: Environment, roots: Iterable[int]) -> None:
        self._rows = env.db.store.rows(LOCATION)
        self._known: dict[int | None, bool] = {None: False, **dict.fromkeys(roots, True)}

    def __contains__(self, location: object) -> bool:
        path: list[int | None] = []
        here: Any = location
        while here not in self._known:
            path.append(here)
            here = self._rows[here].get("location_id")
        found = self._known[here]
        self._known.update(dict.fromkeys(path, found))
        return found
