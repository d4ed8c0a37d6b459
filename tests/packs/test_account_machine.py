"""Entries under random work: debits equal credits, totals are the sums of lines, what is refused leaves no trace."""

from __future__ import annotations

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

TYPES = st.sampled_from(["out_invoice", "in_invoice", "out_refund", "in_refund", "out_receipt", "in_receipt"])
DAYS = st.sampled_from(["2024-02-29", "2024-03-05", "2024-12-31", "2025-01-01"])
CENTS = st.integers(min_value=-5_000, max_value=100_000).map(lambda cents: cents / 100)
TABLES = (
    "account.move", "account.move.line", "account.partial.reconcile", "account.full.reconcile", "res.partner",
    "mail.message", "mail.followers", "account.analytic.line",
)  # fmt: skip
# what may differ between a draft and the draft that it is after having been posted
KEPT = ("name", "posted_before", "payment_reference", "sequence_number", "sequence_prefix", "date", "invoice_date")


@cache
def _template(profile: str) -> Database:
    return seed.build("test", fixtures=["account"], profile=profiles.get(profile), clock=Clock())


class Entries(RuleBasedStateMachine):
    moves = Bundle("moves")

    @initialize(profile=st.sampled_from(["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"]))
    def start(self, profile: str) -> None:
        self.db = _template(profile).clone("test")
        self.env: Any = self.db.env(2)
        self.partner = self.env["res.partner"].sudo().create({"name": "Party"})
        taxes = self.env["account.tax"].sudo()
        self.taxes = {use: taxes.search([("type_tax_use", "=", use)], limit=1).ids for use in ("sale", "purchase")}

    def rows(self) -> dict[str, Any]:
        return {name: dict(self.db.store.rows(name)) for name in TABLES if name in self.db.registry}

    def attempt(self, method: str, move: int, *args: Any) -> Any:
        """Call a method; one that is refused leaves everything as it was."""
        before = self.rows()
        try:
            return self.env["account.move"].browse(move).call(method, *args)
        except UserError:
            assert self.rows() == before
            return None

    def line(self, move_type: str, price: float, quantity: int, *, taxed: bool) -> dict[str, Any]:
        taxes = self.taxes["sale" if move_type.startswith("out") else "purchase"] if taxed else []
        return {"name": "Line", "price_unit": price, "quantity": quantity, "tax_ids": [(6, 0, taxes)]}

    @rule(
        target=moves, kind=TYPES, day=DAYS,
        lines=st.lists(st.tuples(CENTS, st.integers(1, 9), st.booleans()), max_size=3),
    )  # fmt: skip
    def create(self, kind: str, day: str, lines: list[tuple[float, int, bool]]) -> int:
        values = [(0, 0, self.line(kind, price, count, taxed=taxed)) for price, count, taxed in lines]
        move = self.env["account.move"].create(
            {"move_type": kind, "partner_id": self.partner.id, "invoice_date": day, "invoice_line_ids": values}
        )
        found: int = move.id
        return found

    @rule(move=moves, price=CENTS, taxed=st.booleans())
    def add_line(self, move: int, price: float, taxed: bool) -> None:
        record = self.env["account.move"].browse(move).exists()
        if record:
            values = self.line(str(record.move_type), price, 2, taxed=taxed)
            self.attempt("write", move, {"invoice_line_ids": [(0, 0, values)]})

    @rule(move=moves, price=CENTS, delete=st.booleans())
    def change_line(self, move: int, price: float, delete: bool) -> None:
        lines = self.env["account.move"].browse(move).exists().invoice_line_ids
        if lines:
            command = (2, lines[0].id, 0) if delete else (1, lines[0].id, {"price_unit": price})
            self.attempt("write", move, {"invoice_line_ids": [command]})

    @rule(move=moves, day=DAYS)
    def change_day(self, move: int, day: str) -> None:
        self.attempt("write", move, {"invoice_date": day})

    @rule(move=moves)
    def post(self, move: int) -> None:
        self.attempt("action_post", move)

    @rule(move=moves)
    def post_and_take_back(self, move: int) -> None:
        record = self.env["account.move"].browse(move).exists()
        if not record or record.state != "draft":
            return
        before = self.told(record)
        self.attempt("action_post", move)
        if record.state == "posted":
            record.button_draft()
        assert self.told(record) == before

    def told(self, record: Any) -> Any:
        fields = record._model.fields.values()
        names = [f.name for f in fields if f.column and not f.relational and f.name not in (*KEPT, "write_date")]
        lines = (
            "debit",
            "credit",
            "amount_currency",
            "price_total",
            "display_type",
            "amount_residual",
            "date_maturity",
        )
        return record.read(names), record.line_ids.read(lines)

    @rule(move=moves)
    def cancel(self, move: int) -> None:
        self.attempt("button_cancel", move)

    @rule(move=moves)
    def draft(self, move: int) -> None:
        self.attempt("button_draft", move)

    @rule(target=moves, move=moves)
    def copy(self, move: int) -> Any:
        return self.env["account.move"].browse(move).copy().id if self.exists(move) else multiple()

    @rule(target=moves, move=moves, day=DAYS)
    def reverse(self, move: int, day: str) -> Any:
        record = self.env["account.move"].browse(move).exists()
        if not record or record.state != "posted":
            return multiple()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=[move])
        made = wizard.create({"journal_id": record.journal_id.id, "date": day})
        if "refund_method" in made:
            return made.reverse_moves()["res_id"]
        return made.refund_moves()["res_id"]

    @rule(move=moves)
    def delete(self, move: int) -> None:
        self.attempt("unlink", move)

    def exists(self, move: int) -> bool:
        return bool(self.env["account.move"].browse(move).exists())

    @invariant()
    def every_entry_is_balanced_and_the_sum_of_its_lines(self) -> None:
        if hasattr(self, "env"):
            invariants.every_entry_is_balanced_and_the_sum_of_its_lines(self.env)


TestEntries = Entries.TestCase
TestEntries.settings = examples(12, steps=12)
