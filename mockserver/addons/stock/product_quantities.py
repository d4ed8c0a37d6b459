"""How much there is of products, and how much is to come and to go: sums over their quants and their open moves.

Only the rows of the products are looked at, and of their moves only the open
ones, unless a date in the past is asked for.

Source: recorded in flow-stock-1, flow-stock-2 and flow-stock-3 (17.0, 18.0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mockserver.addons.stock import units
from mockserver.addons.stock.quant_rows import LOCATION, QUANT, Below
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.rights import access, record_rules
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset

MOVE, PRODUCT = "stock.move", "product.product"
OPEN = ("waiting", "confirmed", "partially_available", "assigned")
NAMES = ("qty_available", "free_qty", "incoming_qty", "outgoing_qty", "virtual_available")
NOTHING = dict.fromkeys(NAMES, 0.0)


class Sphere:
    """The locations whose goods count: those of the context, else all of the companies' warehouses."""

    def __init__(self, env: Environment) -> None:
        rules, context = env.db.profile.rules, env.context
        warehouses, locations = context.get(rules.warehouse_key), context.get("location")
        roots = _warehouse_views(env, warehouses) if warehouses or not locations else set()
        if locations:
            asked = _named(env, LOCATION, locations)
            below = Below(env, roots)
            roots = {id_ for id_ in asked if id_ in below} if warehouses else asked
        alone = (rules.quantities_without_children and not context.get("compute_child", True)) or (
            rules.quantities_strict and bool(context.get("strict"))
        )
        self._final = "location_final_id" in env.db.registry[MOVE].fields
        self.places: Below | set[int] = roots if alone else Below(env, roots)

    def has(self, row: Row) -> bool:
        """Return whether a quant is in one of the locations."""
        return row.get("location_id") in self.places

    def direction(self, row: Row) -> int:
        """Return 1 for a move into the locations, -1 for one out of them, 0 for any other."""
        target = row.get("location_dest_id")
        if self._final and row.get("state") != "done":
            target = row.get("location_final_id") or target
        return (target in self.places) - (row.get("location_id") in self.places)


def _warehouse_views(env: Environment, wanted: Any) -> set[int]:
    """Return the outermost locations of the warehouses that are named, else of all of the companies."""
    rows = env.db.store.rows("stock.warehouse")
    if wanted:
        found = [rows[id_] for id_ in _named(env, "stock.warehouse", wanted)]
    else:
        companies = set(env.companies.ids)
        found = [row for row in rows.values() if row.get("company_id") in companies and row.get("active")]
    return {row["view_location_id"] for row in found}


def _named(env: Environment, model: str, wanted: Any) -> set[int]:
    """Return the records that a key of the context names: an id, a part of a name, or a list of both."""
    values = list(wanted) if isinstance(wanted, (list, tuple)) else [wanted]
    ids = {value for value in values if isinstance(value, int)}
    names = [value for value in values if isinstance(value, str)]
    fields = env[model]._model.fields
    name = next(field for field in ("complete_name", "name") if field in fields)
    for text in names:
        ids.update(env[model].search([(name, "ilike", text)])._ids)
    return {id_ for id_ in ids if id_ in env.db.store.rows(model)}


def in_warehouse(product: Recordset, warehouse: Recordset, **limits: Any) -> Recordset:
    """Return a product with the context in which its quantities are those in a warehouse."""
    key = product.env.db.profile.rules.warehouse_key
    return product.with_context({**product.env.context, key: warehouse.id, **limits})


@dataclass
class Asked:
    """What limits quantities besides places; None where nothing does, False for goods that have none."""

    lot: Any = None
    owner: Any = None
    package: Any = None
    from_date: Any = None
    to_date: Any = None

    @classmethod
    def of(cls, env: Environment) -> Asked:
        """Return what the context asks for."""
        return cls(*(env.context.get(name) for name in ("lot_id", "owner_id", "package_id", "from_date", "to_date")))

    def holds(self, row: Row) -> bool:
        """Return whether a quant is of the lot, the owner and the package."""
        return all(
            wanted is None or row.get(name) == (wanted or None)
            for name, wanted in (("lot_id", self.lot), ("owner_id", self.owner), ("package_id", self.package))
        )

    def moves(self, row: Row) -> bool:
        """Return whether a move is for the owner."""
        return self.owner is None or row.get("restrict_partner_id") == (self.owner or None)


@dataclass
class _Sums:
    quantity: float = 0.0
    reserved: float = 0.0
    coming: float = 0.0
    going: float = 0.0


def quantities(products: Recordset, asked: Asked | None = None) -> dict[int, dict[str, float]]:
    """Return `{id: {name: quantity}}` of products, in their own units.

    The user must be allowed to read moves; of moves and quants only those that the rules allow are counted.
    """
    env = products.env
    asked = asked or Asked.of(env)
    sphere = Sphere(env)
    sums: dict[int, _Sums] = defaultdict(_Sums)
    access.check_access(env[MOVE], "read")
    ids = set(products._ids)
    begin, end = moment(asked.from_date), moment(asked.to_date)
    for row in _allowed(env, MOVE, _open_moves(env, ids)):
        date = row.get("date") or ""
        if asked.moves(row) and (not begin or date >= begin) and (not end or date <= end):
            _add_move(sums[row["product_id"]], sphere.direction(row), row.get("product_qty") or 0.0)
    access.check_access(env[QUANT], "read")
    for row in _allowed(env, QUANT, _of_products(env, QUANT, ids)):
        if asked.holds(row) and sphere.has(row):
            total = sums[row["product_id"]]
            total.quantity += row.get("quantity") or 0.0
            total.reserved += row.get("reserved_quantity") or 0.0
    if end and end < env.db.clock.now():
        _take_back(env, ids, sphere, asked, end, sums)
    steps = unit_steps(env)
    return {id_: _named_sums(sums[id_], steps[id_]) for id_ in products._ids}


def _add_move(total: _Sums, direction: int, quantity: float) -> None:
    if direction > 0:
        total.coming += quantity
    elif direction < 0:
        total.going += quantity


def _named_sums(total: _Sums, step: float) -> dict[str, float]:
    coming, going = round_to(total.coming, step), round_to(total.going, step)
    return {
        "qty_available": round_to(total.quantity, step),
        "free_qty": round_to(total.quantity - total.reserved, step),
        "incoming_qty": coming,
        "outgoing_qty": going,
        "virtual_available": round_to(total.quantity + coming - going, step),
    }


def _take_back(env: Environment, ids: set[int], sphere: Sphere, asked: Asked, end: str, sums: dict[int, _Sums]) -> None:
    """Take from the quantities what was moved since a date."""
    done = "quantity" in env.db.registry[MOVE].fields
    for row in _allowed(env, MOVE, _of_products(env, MOVE, ids)):
        if row.get("state") == "done" and (row.get("date") or "") > end and asked.moves(row):
            direction = sphere.direction(row)
            if direction:
                move = env.sudo()[MOVE].browse(row["id"])
                moved = move.product_qty
                if done:
                    moved = move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
                sums[row["product_id"]].quantity -= direction * moved


def moment(value: Any) -> str | None:
    """Return a date or a time of the context as rows hold times."""
    if not value:
        return None
    text = str(value)[:19].replace("T", " ")
    return text if len(text) > 10 else f"{text} 00:00:00"


def _of_products(env: Environment, model: str, ids: Iterable[int]) -> list[Row]:
    rows, index = env.db.store.rows(model), env.db.store.index(model, "product_id")
    return [rows[id_] for product in ids for id_ in sorted(index.get(product, ()))]


def _open_moves(env: Environment, products: Iterable[int]) -> list[Row]:
    """Return the open moves of products; the done ones of a product, of which there may be many, are not looked at."""
    store = env.db.store
    rows, by_state, by_product = store.rows(MOVE), store.index(MOVE, "state"), store.index(MOVE, "product_id")
    nothing: set[int] = set()
    found: list[int] = []
    for product in products:
        own = by_product.get(product)
        if own:
            for state in OPEN:
                found += own & by_state.get(state, nothing)
    return [rows[id_] for id_ in found]


def _allowed(env: Environment, model: str, rows: Sequence[Row]) -> Sequence[Row]:
    limit = record_rules.limit(env, model, "read")
    return rows if limit is None else limit.allowed(rows)


@dataclass
class _Steps(dict[int, float]):
    """The smallest quantity of a product's unit, by product."""

    env: Environment
    units: dict[int, float] = field(default_factory=dict)

    def __missing__(self, product: int) -> float:
        store = self.env.db.store
        template = store.rows("product.template").get(store.rows(PRODUCT)[product].get("product_tmpl_id") or 0, {})
        unit = template.get("uom_id")
        if not unit:
            return units.step(self.env)  # in the form of a new product
        if unit not in self.units:
            self.units[unit] = self.env.sudo()["uom.uom"].browse(unit).rounding
        return self.units[unit]


def unit_steps(env: Environment) -> dict[int, float]:
    """Return the smallest quantity of the unit of each product, looked up when it is asked for."""
    return _Steps(env)
