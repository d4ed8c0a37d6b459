"""The order in which quants are taken: first in first out, last in first out, the closest location.

Source: 17.0, stock.
Differs: "least packages" takes the first in first; the real server looks for the packages that fit best.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mockserver.addons.stock.quant_rows import LOCATION
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

FIFO, LIFO, CLOSEST = "fifo", "lifo", "closest"


def strategy(env: Environment, product: int, location: int | None) -> str:
    """Return the removal strategy of a product's category, else of the location or the nearest above it."""
    store = env.db.store
    template = store.rows("product.template")[store.rows("product.product")[product]["product_tmpl_id"]]
    category = template.get("categ_id")
    chosen = store.rows("product.category")[category].get("removal_strategy_id") if category else None
    locations = store.rows(LOCATION)
    while not chosen and location:
        row = locations[location]
        chosen, location = row.get("removal_strategy_id"), row.get("location_id")
    return str(store.rows("product.removal")[chosen]["method"]) if chosen else FIFO


def in_order(env: Environment, rows: Iterable[Row], method: str) -> list[Row]:
    """Return the rows of quants in the order in which a strategy takes them, those without a lot last."""
    if method == CLOSEST:
        locations = env.db.store.rows(LOCATION)

        def nearness(row: Row) -> Any:
            return locations[row["location_id"]].get("complete_name") or "", -row["id"]

        found = sorted(rows, key=nearness)
    else:
        found = sorted(rows, key=lambda row: (row.get("in_date") or "", row["id"]), reverse=method == LIFO)
    return sorted(found, key=lambda row: not row.get("lot_id"))
