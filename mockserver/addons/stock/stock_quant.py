"""stock.quant: how much of a product is at a place, how much of it is reserved, and how both change.

Source: recorded in flow-stock-1 and flow-stock-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mockserver import models
from mockserver.addons.stock import quant_rows, removal
from mockserver.addons.stock.facts import Facts
from mockserver.addons.stock.quant_rows import Place
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from typing_extensions import Self


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _compute_available_quantity(self) -> None:
        for quant in self:
            quant.available_quantity = quant.quantity - quant.reserved_quantity

    # -- finding

    def _gather(
        self,
        product: Recordset,
        location: Recordset,
        lot: Any = None,
        package: Any = None,
        owner: Any = None,
        strict: bool = False,
    ) -> Self:
        """Return the quants of a product in the order in which they are taken.

        At the location and below, of any lot, package or owner where none is given; with `strict` only those of
        exactly this place.  Where a lot is given, quants without a lot come after it.
        """
        rows = self._gathered(Place.of(product, location, lot, package, owner), strict)
        return self.browse(row["id"] for row in rows)

    def _gathered(self, place: Place, strict: bool) -> list[Row]:
        rows = (quant_rows.exactly if strict else quant_rows.within)(self.env, place)
        if len(rows) < 2:
            return rows
        return removal.in_order(self.env, rows, removal.strategy(self.env, place.product, place.location))

    def _get_available_quantity(
        self,
        product: Recordset,
        location: Recordset,
        lot: Any = None,
        package: Any = None,
        owner: Any = None,
        strict: bool = False,
        allow_negative: bool = False,
    ) -> float:
        """Return how much of a product is at a place and not reserved; at least 0 unless a negative is allowed.

        Of a traced product, lots of which too much is reserved take nothing from the others.
        """
        rows = self._gathered(Place.of(product, location, lot, package, owner), strict)
        step, traced = product.uom_id.rounding, product.tracking != "none"
        if traced and strict and lot:
            rows = [row for row in rows if row.get("lot_id")]
        return sum(map(_free, rows)) if allow_negative else _available(rows, step, traced=traced)

    # -- changing

    def _update_available_quantity(
        self,
        product: Recordset,
        location: Recordset,
        quantity: float = 0.0,
        lot: Any = None,
        package: Any = None,
        owner: Any = None,
        in_date: str | None = None,
        reserved: float = 0.0,
    ) -> tuple[float, str]:
        """Add to the quantity of a place, and to what is reserved there; return what is then available, and since when.

        The quant keeps the earliest of the dates since when goods are there.
        """
        place = Place.of(product, location, lot, package, owner)
        rows = self._gathered(place, strict=True)
        of_lot = [row for row in rows if row.get("lot_id")] if lot else rows
        free = sum(map(_free, of_lot if product.tracking != "none" else rows))
        if quantity > 0:
            rows = of_lot
        dates = [] if quant_rows.bypasses_reservation(self.env, place.location) else _dates(rows)
        since = min([*dates, in_date] if in_date else dates, default=self.env.db.clock.now())
        quants = self._unguarded()
        if rows:
            values: dict[str, Any] = {"in_date": since} if rows[0].get("in_date") != since else {}
            if quantity:
                values["quantity"] = (rows[0].get("quantity") or 0.0) + quantity
            if reserved:
                values["reserved_quantity"] = max(0.0, (rows[0].get("reserved_quantity") or 0.0) + reserved)
            quants.browse(rows[0]["id"]).write(values)
        else:
            amounts = {"quantity": quantity, "reserved_quantity": max(0.0, reserved)}
            quants.create({**place.values(), **amounts, "in_date": since})
        return free + quantity - reserved, since

    def _unguarded(self) -> Self:
        """Return the quants for the server's own changes, without rights and the guards of counting."""
        return self.sudo().with_context(inventory_mode=False)

    def _update_reserved_quantity(
        self,
        product: Recordset,
        location: Recordset,
        quantity: float,
        lot: Any = None,
        package: Any = None,
        owner: Any = None,
    ) -> None:
        """Add to what is reserved at exactly this place, which may be more than there is; at least 0 stays reserved."""
        self._update_available_quantity(product, location, lot=lot, package=package, owner=owner, reserved=quantity)

    def _get_reserve_quantity(
        self,
        product: Recordset,
        location: Recordset,
        quantity: float,
        uom: Recordset | None = None,
        lot: Any = None,
        package: Any = None,
        owner: Any = None,
        strict: bool = False,
    ) -> list[tuple[Self, float]]:
        """Return which quants to reserve, with how much of each, for a quantity or what there is of it.

        Serial numbers are reserved whole, and so are the units of a move unless `strict`.  A negative quantity
        returns what to give back.
        """
        place = Place.of(product, location, lot, package, owner)
        if compare(quantity, 0.0, product.uom_id.rounding) < 0:
            return self._given_back(product, self._gathered(place, strict), -quantity)
        rows = self._gathered(place, strict)
        found = self._to_reserve(place, rows, quantity, Facts(self.env), unit=uom.id if uom else None, strict=strict)
        return [(self.browse(row["id"]), share) for row, share in found]

    def _to_reserve(
        self, place: Place, rows: list[Row], quantity: float, facts: Facts, *, unit: int | None, strict: bool
    ) -> list[tuple[Row, float]]:
        """Return which rows of the quants to reserve, with how much of each, for a quantity that is not negative."""
        own, tracking = facts.unit_of(place.product), facts.tracking(place.product)
        step = facts.rounding(own)
        of_lot = [row for row in rows if row.get("lot_id")] if tracking != "none" and strict and place.lot else rows
        quantity = min(quantity, _available(of_lot, step, traced=tracking != "none"))
        if not strict and unit and unit != own:
            whole = facts.unit(own)._compute_quantity(quantity, facts.unit(unit), rounding_method="DOWN")
            quantity = facts.unit(unit)._compute_quantity(whole, facts.unit(own), rounding_method="HALF-UP")
        if tracking == "serial" and compare(quantity, int(quantity), step):
            return []
        return _shares(rows, quantity, step)

    def _given_back(self, product: Recordset, rows: list[Row], quantity: float) -> list[tuple[Self, float]]:
        step = product.uom_id.rounding
        if compare(quantity, sum(map(_reserved, rows)), step) > 0:
            text = self.env._("It is not possible to unreserve more products of %s than you have in stock.")
            raise UserError(text.replace("%s", product.display_name))
        shares = []
        for row in rows:
            share = min(_reserved(row), quantity)
            if compare(share, 0.0, step) > 0:
                shares.append((self.browse(row["id"]), -share))
                quantity -= share
        return shares


def _shares(rows: list[Row], quantity: float, step: float) -> list[tuple[Row, float]]:
    """Return how much to take of each quant; what is reserved too much is taken off the same place's others."""
    short: dict[Place, float] = {}
    for row in rows:
        if compare(_free(row), 0.0, step) < 0:
            short[_place(row)] = short.get(_place(row), 0.0) - _free(row)
    shares = []
    for row in rows:
        free = _free(row)
        if compare(quantity, 0.0, step) <= 0:
            break
        if compare(free, 0.0, step) <= 0:
            continue
        missing = min(short.get(_place(row), 0.0), free) if short else 0.0
        if missing:
            short[_place(row)] -= missing
            free -= missing
        share = min(free, quantity)
        if compare(share, 0.0, step) > 0:
            shares.append((row, share))
            quantity -= share
    return shares


def _available(rows: list[Row], step: float, *, traced: bool) -> float:
    """Return how much of some quants is not reserved, at least 0; of a traced product, of each of its lots."""
    if not traced:
        free = sum(map(_free, rows))
        return free if compare(free, 0.0, step) >= 0 else 0.0
    by_lot: dict[Any, float] = {}
    for row in rows:
        by_lot[row.get("lot_id")] = by_lot.get(row.get("lot_id"), 0.0) + _free(row)
    return sum(free for free in by_lot.values() if compare(free, 0.0, step) > 0)


def _free(row: Row) -> float:
    free: float = (row.get("quantity") or 0.0) - _reserved(row)
    return free


def _reserved(row: Row) -> float:
    return row.get("reserved_quantity") or 0.0


def _place(row: Row) -> Place:
    names = ("product_id", "location_id", "lot_id", "package_id", "owner_id")
    return Place(*(row.get(name) for name in names))  # type: ignore[arg-type]


def _dates(rows: Iterable[Row]) -> list[str]:
    return [row["in_date"] for row in rows if row.get("in_date") and (row.get("quantity") or 0.0) > 0]
