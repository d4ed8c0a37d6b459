"""Transfers under random work, compared with a simple model.

What is on hand is what was received less what was delivered; what quants say is reserved is what lines of open moves
reserve, and no more than is there unless a quantity was forced; of everything that was asked for, part is done, part
is open and part cancelled.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.database import Database
from mockserver.seed import build as seed
from tests.packs import invariants
from tests.properties.budget import examples

QUANTITIES = st.integers(min_value=1, max_value=9)
TABLES = ("stock.move", "stock.move.line", "stock.quant", "stock.picking")


@cache
def _template(profile: str) -> Database:
    return seed.build("test", fixtures=["stock"], profile=profiles.get(profile), clock=Clock())


class Transfers(RuleBasedStateMachine):
    transfers = Bundle("transfers")

    @initialize(profile=st.sampled_from(["odoo-17.0", "odoo-18.0", "odoo-19.0"]))
    def start(self, profile: str) -> None:
        self.db = _template(profile).clone("test")
        self.env: Any = self.db.env(self.db.profile.admin_id)
        items = self.env["product.product"]
        goods = {"is_storable": True} if "is_storable" in items else {"detailed_type": "product"}
        self.items = items.create([{"name": name, **goods} for name in ("Desk", "Lamp")]).ids
        house = self.env["stock.warehouse"].search([], limit=1)
        self.stock = house.lot_stock_id.id
        self.shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock}).id
        self.kinds = {"in": house.in_type_id.id, "out": house.out_type_id.id, "internal": house.int_type_id.id}
        customers, vendors = house._partner_locations()
        self.ends = {
            "in": (vendors.id, self.stock), "out": (self.stock, customers.id), "internal": (self.stock, self.shelf)
        }  # fmt: skip
        self.asked: Counter[int] = Counter()  # how much of each product transfers were created for, less returns
        self.forced = False

    def rows(self) -> dict[str, Any]:
        return {name: dict(self.db.store.rows(name)) for name in TABLES}

    def attempt(self, transfer: int, method: str, **context: Any) -> Any:
        """Call a method; one that is refused leaves everything as it was."""
        before = self.rows()
        try:
            return self.env["stock.picking"].browse(transfer).with_context(**context).call(method)
        except UserError:
            assert self.rows() == before
            return None

    # -- work

    @rule(
        target=transfers, kind=st.sampled_from(["in", "in", "out", "internal"]),
        lines=st.lists(st.tuples(st.integers(0, 1), QUANTITIES), min_size=1, max_size=3), at_once=st.booleans(),
    )  # fmt: skip
    def create(self, kind: str, lines: list[tuple[int, int]], at_once: bool) -> int:
        source, target = self.ends[kind]
        named = {"name": "x"} if "name" in self.env["stock.move"] else {}
        made = self.env["stock.picking"].create({
            "picking_type_id": self.kinds[kind], "location_id": source, "location_dest_id": target,
            "move_ids": [
                (0, 0, {
                    "product_id": self.items[item], "product_uom_qty": quantity, "location_id": source,
                    "location_dest_id": target, **named,
                }) for item, quantity in lines
            ],
        })  # fmt: skip
        for item, quantity in lines:
            self.asked[self.items[item]] += quantity
        if at_once:
            made.action_confirm()
        return int(made.id)

    @rule(
        transfer=transfers, method=st.sampled_from(["action_confirm", "action_assign", "do_unreserve", "action_cancel"])
    )
    def call(self, transfer: int, method: str) -> None:
        self.attempt(transfer, method)

    @rule(transfer=transfers, which=st.integers(0, 2), quantity=st.integers(0, 9), picked=st.booleans())
    def encode(self, transfer: int, which: int, quantity: int, picked: bool) -> None:
        moves = (
            self.env["stock.picking"]
            .browse(transfer)
            .move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        )
        if not moves:
            return
        move = moves[which % len(moves)]
        values: dict[str, Any] = {"quantity": quantity, **({"picked": True} if picked else {})}
        if quantity > move.quantity and move.location_id.usage == "internal":
            self.forced = True
        if quantity > move.product_uom_qty:
            return
        move.write(values)

    @rule(target=transfers, transfer=transfers, how=st.sampled_from(["ask", "backorder", "cancel"]))
    def validate(self, transfer: int, how: str) -> Any:
        context: dict[str, Any] = {} if how == "ask" else {"skip_backorder": True}
        if how == "cancel":
            context["picking_ids_not_to_backorder"] = [transfer]
        record = self.env["stock.picking"].browse(transfer)
        if record.state == "draft" and record.location_id.usage == "internal":
            self.forced = True  # a draft moves all that was asked
        self.attempt(transfer, "button_validate", **context)
        return multiple(*record.backorder_ids.ids)

    @rule(target=transfers, transfer=transfers, quantity=st.integers(0, 4))
    def bring_back(self, transfer: int, quantity: int) -> Any:
        record = self.env["stock.picking"].browse(transfer)
        if record.state != "done" or not any(move.state == "done" for move in record.move_ids):
            return multiple()
        wizard = self.env["stock.return.picking"].create({"picking_id": transfer})
        wizard.product_return_moves.write({"quantity": quantity})
        try:
            action = wizard.call("create_returns" if "create_returns" in wizard._methods else "action_create_returns")
        except UserError:
            assert not quantity
            return multiple()
        made = self.env["stock.picking"].browse(action["res_id"])
        for move in made.move_ids:
            self.asked[move.product_id.id] += move.product_uom_qty
        return int(made.id)

    # -- what holds

    @invariant()
    def quants_are_the_sum_of_what_was_moved(self) -> None:
        if hasattr(self, "env"):
            invariants.quants_are_the_sum_of_what_was_moved(self.env)

    @invariant()
    def quants_reserve_what_open_lines_take(self) -> None:
        if hasattr(self, "env"):
            invariants.quants_reserve_what_open_lines_take(self.env, forced=self.forced)

    @invariant()
    def what_was_asked_is_done_open_or_cancelled(self) -> None:
        if not hasattr(self, "env"):
            return
        found: Counter[int] = Counter()
        for move in self.env["stock.move"].search([]):
            found[move.product_id.id] += move.product_uom_qty
            assert move.quantity == sum(move.move_line_ids.mapped("quantity"))
            if move.state == "assigned":
                assert move.quantity >= move.product_uom_qty
            if move.state in ("confirmed", "waiting", "cancel"):
                assert not move.quantity
        assert +found == +self.asked

    @invariant()
    def transfers_are_in_the_states_of_their_moves(self) -> None:
        if hasattr(self, "env"):
            invariants.transfers_are_in_the_states_of_their_moves(self.env)


TestTransfers = Transfers.TestCase
TestTransfers.settings = examples(10, steps=15)
