"""The highest number of a period, as a search through all entries of the journal finds it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.addons.account import move_names, numbering
from mockserver.addons.account.move_types import REFUND
from mockserver.orm.storage.store import Row

NAMES = ("INV/{y}/{n:05}", "INV/{y}/{m}/{n:04}", "RINV/{y}/{n:05}", "X{n}", "/")


@pytest.fixture(scope="module")
def server() -> MockServer:
    return MockServer(fixtures=["account"])


@pytest.mark.parametrize("seed", range(6))
def test_the_last_number_is_found_among_all_entries(server: MockServer, seed: int) -> None:
    chance, env = random.Random(seed), server.env
    store = server.database(server.db).store
    journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
    journal.write({"refund_sequence": chance.random() < 0.5})
    made = [env["account.move"].create({"move_type": "out_invoice", "journal_id": journal.id}) for _ in range(12)]
    for move in made:
        row = dict(store.rows("account.move")[move.id])
        day = f"{chance.choice((2023, 2024))}-{chance.choice((1, 6, 12)):02}-{chance.randint(1, 28):02}"
        name = chance.choice(NAMES).format(y=day[:4], m=day[5:7], n=chance.randint(1, 30))
        prefix, number = move_names.split(name)
        kind = chance.choice(("out_invoice", "out_refund"))
        row |= {"date": day, "name": name, "move_type": kind, "sequence_prefix": prefix, "sequence_number": number}
        store.put("account.move", row)
    for move in made:
        others = [row for row in store.rows("account.move").values() if _is_peer(move, row)]
        found = move_names.last(move)
        assert found == _last_in(others, str(move.date)), found


def _is_peer(move: Any, row: Row) -> bool:
    same = row["journal_id"] == move.journal_id.id and row["id"] != move.id and move_names.is_named(row.get("name"))
    alike = (row["move_type"] in REFUND) == (move.move_type in REFUND) or not move.journal_id.refund_sequence
    return same and alike


def _last_in(rows: list[Row], day: str) -> str:
    """Return the highest of the numbers that begin as the newest in the period of a day does."""
    before = [row for row in rows if row["date"] <= day]
    if not rows:
        return ""
    named = max(before, key=lambda row: (row["date"], row["id"])) if before else min(rows, key=lambda row: row["date"])
    period = numbering.parsed(named["name"]).period
    length = {"month": 7, "year": 4}.get(period, 0)
    shorter = {"year": ("month",), "never": ("month", "year")}.get(period, ())
    within = [row for row in rows if row["date"][:length] == day[:length]]
    within = [row for row in within if numbering.parsed(row["name"]).period not in shorter]
    if not within:
        return ""
    newest = max(within, key=lambda row: int(row["id"]))
    alike = [row for row in within if row["sequence_prefix"] == newest["sequence_prefix"]]
    return str(max(alike, key=lambda row: int(row["sequence_number"]))["name"])
