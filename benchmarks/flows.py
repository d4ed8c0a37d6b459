"""Orders, transfers and invoices of a hundred lines: what they cost, alone and beside ten thousand older ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from benchmarks.measuring import Figure
from mockserver import MockServer
from mockserver.orm.database import Database
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

LINES, PRODUCTS, OLDER = 100, 10, 10_000
ROUNDS = 7
SAME = 1.2  # what may not grow with the number of records may differ by this


class Shop:
    """A server with customers, products in stock and, if wanted, orders that were delivered and invoiced."""

    def __init__(self, older: int = 0) -> None:
        self.server = MockServer(fixtures=["business"])
        self.env: Any = self.server.env
        self.customer = self.env["res.partner"].create({"name": "Customer"})
        products = self.env["product.product"]
        kind = {"detailed_type": "product", "invoice_policy": "order"}
        given = [{"name": f"Product {i}", "list_price": 10 + i, **kind} for i in range(PRODUCTS)]
        self.products = [products.create(values) for values in given]
        shelf = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        for product in self.products:
            there = {"product_id": product.id, "location_id": shelf.id, "inventory_quantity": 1_000_000}
            self.env["stock.quant"].create(there).action_apply_inventory()
        if older:
            self._copy_order(older)

    def order(self, lines: int = LINES) -> Any:
        """An order that is not confirmed."""
        ordered = self._lines(lines, "product_uom_qty")
        return self.env["sale.order"].create({"partner_id": self.customer.id, "order_line": ordered})

    def transfer(self, lines: int = LINES) -> Any:
        """The reserved delivery of an order, with the quantities that are sent."""
        order = self.order(lines)
        order.action_confirm()
        transfer = order.picking_ids
        transfer.move_ids.write({"picked": True})
        return transfer

    def invoice(self, lines: int = LINES) -> Any:
        """An invoice that is not posted."""
        values = {"move_type": "out_invoice", "partner_id": self.customer.id}
        return self.env["account.move"].create({**values, "invoice_line_ids": self._lines(lines, "quantity")})

    def _lines(self, number: int, quantity: str) -> list[Any]:
        return [(0, 0, {"product_id": self.products[i % PRODUCTS].id, quantity: 1 + i % 5}) for i in range(number)]

    def _copy_order(self, number: int) -> None:
        """Add as many orders as wanted, as rows like those of one that was delivered and invoiced."""
        database: Database = self.server.database(self.server.db)
        snapshot = database.snapshot()
        transfer = self.transfer(1)
        transfer.button_validate()
        self.invoice(1).action_post()
        touched = database.store.touched(snapshot.mark)
        # there is one quant of a product at a place, whatever the number of orders
        new = [key for key, old in touched.items() if old is None and key[0] != "stock.quant"]
        rows = {key: row for key in new if (row := database.store.get(*key)) is not None}
        for _ in range(number):
            ids = {key: database.store.next_id(key[0]) for key in rows}
            for (model, id_), row in rows.items():
                copied = _pointing_to(database.registry[model], row, ids)
                database.store.put(model, {**copied, "id": ids[model, id_]})
        database.store.forget()


def _pointing_to(model: Model, row: Row, ids: Mapping[tuple[str, int], int]) -> Row:
    """The row with references to copied records in the place of those to the records themselves."""
    copied = dict(row)
    for field in model.columns:
        value = row.get(field.name)
        if field.relation and isinstance(value, int):
            copied[field.name] = ids.get((field.relation, value), value)
        elif field.relation and isinstance(value, tuple):
            copied[field.name] = tuple(ids.get((field.relation, id_), id_) for id_ in value)
    if "res_id" in row:  # the document of a message or of a follower
        document = str(row.get("res_model") or row.get("model")), int(row["res_id"])
        copied["res_id"] = ids.get(document, row["res_id"])
    return copied


class Step(NamedTuple):
    """The step of a flow that is measured: what it is done with, and the most milliseconds that it may take."""

    name: str
    ready: Callable[[Shop], Any]
    done: Callable[[Any], Any]
    within: float | None = None


STEPS = (
    Step(f"order of {LINES} lines created", lambda shop: shop, lambda shop: shop.order()),
    Step(f"(i) order of {LINES} lines confirmed", Shop.order, lambda order: order.action_confirm(), 50),
    Step(f"(i) transfer of {LINES} moves validated", Shop.transfer, lambda transfer: transfer.button_validate(), 80),
    Step(f"invoice of {LINES} lines created", lambda shop: shop, lambda shop: shop.invoice()),
    Step(f"(i) invoice of {LINES} lines posted", Shop.invoice, lambda invoice: invoice.action_post(), 60),
)


def figures() -> Iterator[Figure]:
    """Each step on a server without and on one with older orders, in turn."""
    small, large = Shop(), Shop(OLDER)
    for step in STEPS:
        alone, beside = _best(step, small, large)
        name = step.name if step.name.startswith("(") else f"    {step.name}"
        yield Figure(name, alone * 1e3, "ms", within=step.within)
        yield Figure(f"    the same beside {OLDER} older ones", beside * 1e3, "ms", alone * 1e3, "without them", SAME)


def _best(step: Step, *shops: Shop) -> list[float]:
    """Seconds that the step takes in each shop, the best of some rounds."""
    found = [float("inf")] * len(shops)
    for _ in range(ROUNDS):
        for i, shop in enumerate(shops):
            subject = step.ready(shop)
            started = time.perf_counter()
            step.done(subject)
            found[i] = min(found[i], time.perf_counter() - started)
    return found
