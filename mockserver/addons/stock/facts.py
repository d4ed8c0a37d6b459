"""What moves ask of products, units and places again and again, read from the rows, once each."""

from __future__ import annotations

from typing import Any

from mockserver.addons.stock import putaway, quant_rows, storable, units
from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row


class Facts:
    """Products, units and places as they are while one call runs."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        store = env.db.store
        self._products, self._templates = store.rows("product.product"), store.rows("product.template")
        self._stored_name, _, self._stored_value = storable.leaf(env)
        self._units: dict[int, Recordset] = {}
        self._own_units: dict[int, int] = {}
        self._roundings: dict[int, float] = {}
        self._bypasses: dict[int, bool] = {}
        self._kept_whole: dict[int, bool] = {}
        self._step: float | None = None

    @property
    def step(self) -> float:
        """The smallest quantity that fields of quantities hold."""
        if self._step is None:
            self._step = units.step(self.env)
        return self._step

    def lines(self, move: int) -> list[Row]:
        """Return the lines of a move."""
        store = self.env.db.store
        table = store.rows("stock.move.line")
        return [table[id_] for id_ in sorted(store.index("stock.move.line", "move_id").get(move, ()))]

    def template(self, product: int) -> Row:
        """Return the row of the template of a product."""
        return self._templates[self._products[product]["product_tmpl_id"]]

    def stored(self, product: int) -> bool:
        """Return whether quants are kept of a product."""
        return bool(self.template(product).get(self._stored_name) == self._stored_value)

    def tracking(self, product: int) -> str:
        """Return how a product is traced."""
        return str(self.template(product).get("tracking") or "none")

    def unit_of(self, product: int) -> int:
        """Return the unit in which a product is kept."""
        unit = self._own_units.get(product)
        if unit is None:
            unit = self._own_units[product] = self.template(product)["uom_id"]
        return unit

    def unit(self, unit: int) -> Recordset:
        """Return a unit."""
        if unit not in self._units:
            self._units[unit] = self.env["uom.uom"].browse(unit)
        return self._units[unit]

    def rounding(self, unit: int) -> float:
        """Return the precision of a unit."""
        if unit not in self._roundings:
            self._roundings[unit] = self.unit(unit).rounding
        return self._roundings[unit]

    def bypasses(self, location: int) -> bool:
        """Return whether goods may be taken from a place though they are not there."""
        if location not in self._bypasses:
            self._bypasses[location] = quant_rows.bypasses_reservation(self.env, location)
        return self._bypasses[location]

    def unreserved(self, product: int, location: int) -> bool:
        """Return whether what is taken of a product from a place need not be reserved."""
        return not self.stored(product) or self.bypasses(location)

    def put_away(self, product: int, location: int, quantity: float) -> int:
        """Return where a quantity of a product that comes to a place is put: there, or below it by the rules."""
        if location not in self._kept_whole:
            store = self.env.db.store
            view = store.rows("stock.location")[location].get("usage") == "view"
            self._kept_whole[location] = not view and not store.index(putaway.RULE, "location_in_id").get(location)
        if self._kept_whole[location]:
            return location
        place = self.env["stock.location"].browse(location)
        found: int = putaway.target(place, self.env["product.product"].browse(product), quantity).id
        return found

    def converted(self, unit: int, quantity: float, target: int) -> float:
        """Return a quantity in another unit, rounded half up to its precision."""
        if unit == target:
            return round_to(quantity, self.rounding(target))
        return quantity_in(self.unit(unit), quantity, self.unit(target), method="HALF-UP")

    def in_move_unit(self, move: Row, quantity: float) -> tuple[int, float]:
        """Return the unit in which a line of a move has a quantity of the product's unit, and how much that is.

        It is the unit of the move unless the quantity would change on the way there and back.
        """
        own, asked = self.unit_of(move["product_id"]), move["product_uom"]
        if own == asked:
            return own, quantity
        there = round_to(self.converted(own, quantity, asked), self.step)
        if compare(quantity, self.converted(asked, there, own), self.step):
            return own, quantity
        return asked, there

    def sign(self, quantity: float, unit: int) -> int:
        """Return -1, 0 or 1 for a quantity at the precision of its unit."""
        return compare(quantity, 0.0, self.rounding(unit))


def place_of(row: Row, location: str = "location_id", package: str = "package_id") -> quant_rows.Place:
    """Return the place at one end of a line, or of a quant."""
    return quant_rows.Place(row["product_id"], row[location], row.get("lot_id"), row.get(package), row.get("owner_id"))


def ids_of(place: quant_rows.Place) -> dict[str, Any]:
    """Return the values of a line that takes from a place."""
    return {
        "location_id": place.location, "lot_id": place.lot, "package_id": place.package, "owner_id": place.owner
    }  # fmt: skip
