"""What is kept between searches against a database that keeps nothing, and against the naive evaluator.

Columns, masks, indexes and sort orders are kept from one search to the next, across writes, rollbacks and copies of a
database.  Here the tables of a few rows are large ones, so that all of it is built at once, and every question that
was asked is asked again after each step, of each copy: the answer is that of a database with the same rows that was
never asked anything.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockserver.errors import MissingError
from mockserver.orm.database import Database, Snapshot
from tests.properties.bounds import lower
from tests.properties.budget import examples
from tests.properties.worlds import FIELDS, POOLS, SCHEMA, World, database, domains, naive, orders

ITEMS = 60
ASKED = 10  # questions that are asked again and again
COPIES = 4
GROUPS = ["state", "flag", "category_id", "name", "number", "parent_id"]
PICK = st.integers(0, 1000)
PICKS = st.lists(PICK, min_size=1, max_size=4)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{name: st.sampled_from([*POOLS[kind], False]) for name, kind in (
        ("name", "char"), ("note", "text"), ("active", "boolean"), ("flag", "boolean"), ("number", "integer"),
        ("amount", "float"), ("day", "date"), ("moment", "datetime"), ("state", "selection"))},
    "category_id": st.sampled_from([1, 2, 3, False]), "parent_id": st.sampled_from([1, 2, 3, False]),
    "tag_ids": st.lists(st.integers(1, 3), max_size=2).map(lambda ids: [(6, 0, ids)]),
    "child_ids": st.integers(4, 9).map(lambda id_: [(4, id_), (0, 0, {"name": "child"})]),
}  # fmt: skip
VALS = st.fixed_dictionaries({}, optional=VALUES)
ROOTS = 3  # items that have no parent; they alone get children by commands, so that there is no loop


class Stop(Exception):
    """What ends a transaction early."""


class Question(NamedTuple):
    """A search, whose rows may be counted, sorted, cut and grouped."""

    domain: Any
    active_test: bool
    order: str | None
    offset: int
    limit: int | None
    group: str

    def of(self, db: Database) -> dict[str, Any]:
        """What a database answers."""
        items = db.env(context={"active_test": self.active_test})["item"]
        return {
            "page": items.search(self.domain, order=self.order, offset=self.offset, limit=self.limit).ids,
            "count": items.search_count(self.domain),
            "all": items.search(self.domain, order="id").ids,
            "groups": items.read_group(self.domain, ["amount:sum"], [self.group]),
        }


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Questions about items."""
    order, limit = draw(st.none() | orders("item")), draw(st.none() | st.integers(1, 6))
    group = draw(st.sampled_from(GROUPS))
    return Question(draw(domains("item")), draw(st.booleans()), order, draw(st.integers(0, 3)), limit, group)


def _world(dice: Random) -> World:
    """A world of a few dozen items, among which each value stands several times."""
    world: World = {"category": {}, "tag": {}, "item": {}}
    for id_ in (1, 2, 3):
        world["category"][id_] = {"name": dice.choice(POOLS["char"]), "rank": dice.choice([1, 2])}
        world["tag"][id_] = {"name": dice.choice(POOLS["char"]), "active": dice.random() < 0.7}
    for id_ in range(1, ITEMS + 1):
        kinds = {name: about["type"] for name, about in FIELDS["item"].items() if about["type"] in POOLS}
        row = {name: dice.choice(POOLS[kind]) for name, kind in kinds.items() if dice.random() < 0.8}
        row |= {"active": dice.random() < 0.8, "category_id": dice.randint(1, 3), "tag_ids": (dice.randint(1, 3),)}
        if id_ > 3:
            row["parent_id"] = dice.randint(1, 3)
        world["item"][id_] = row
    return world


def _without(vals: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in vals.items() if name not in names}


def _rows(db: Database) -> World:
    return {
        name: {row["id"]: {k: v for k, v in row.items() if k != "id"} for row in db.store.rows(name).values()}
        for name in ("category", "tag", "item")
    }


class Interleavings(RuleBasedStateMachine):
    """Copies of a database that are written, undone and asked in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = pytest.MonkeyPatch()
        lower(self.patches)
        self.dbs: list[Database] = []
        self.snapshots: list[list[Snapshot]] = []
        self.questions: list[Question] = []
        self.turns = 0

    @initialize(number=st.integers(0, 2**16))
    def start(self, number: int) -> None:
        self.dbs, self.snapshots = [database(_world(Random(number)))], [[]]

    def db(self, which: int) -> Database:
        return self.dbs[which % len(self.dbs)]

    @staticmethod
    def ids(db: Database, numbers: Sequence[int]) -> list[int]:
        known = sorted(db.store.rows("item"))
        return list(dict.fromkeys(known[number % len(known)] for number in numbers)) if known else []

    # -- questions

    @rule(question=questions())
    def ask(self, question: Question) -> None:
        """One more question; the naive evaluator answers it, too."""
        self.questions = [question, *self.questions][:ASKED]
        for db in self.dbs:
            defined = {**SCHEMA, "item": replace(SCHEMA["item"], order=db.registry["item"].order)}
            expected = naive(_rows(db))
            expected.schema = defined
            ids = expected.search("item", question.domain, question.active_test)
            found = question.of(db)
            assert found["all"] == sorted(ids)
            if question.order:
                page = expected.sorted("item", ids, question.order.lower())[question.offset :]
                assert found["page"] == (page[: question.limit] if question.limit else page)

    # -- changes

    def change(self, db: Database, numbers: Sequence[int], vals: dict[str, Any], how: str) -> None:
        """Change some records, by one call."""
        ids, items = self.ids(db, numbers), db.env(context={"active_test": False})["item"]
        if how == "create":
            items.create([_without(vals, "child_ids") for _ in numbers])
        elif how == "unlink":
            items.browse([id_ for id_ in ids if id_ > ROOTS]).unlink()
        elif how == "same":
            for id_ in ids:
                row = db.store.rows("item")[id_]
                items.browse(id_).write({name: row.get(name, False) for name in _without(vals, "child_ids", "tag_ids")})
        else:
            roots = [id_ for id_ in ids if id_ <= ROOTS]
            items.browse(roots).write(_without(vals, "parent_id"))
            items.browse([id_ for id_ in ids if id_ > ROOTS]).write(_without(vals, "child_ids"))

    @rule(which=PICK, numbers=PICKS, vals=VALS, how=st.sampled_from(["create", "write", "write", "unlink", "same"]))
    def write(self, which: int, numbers: list[int], vals: dict[str, Any], how: str) -> None:
        self._tried(lambda: self.change(self.db(which), numbers, vals, how))

    @staticmethod
    def _tried(change: Callable[[], None]) -> None:
        """Make a change, which is refused if it names a child that was deleted."""
        with contextlib.suppress(MissingError):
            change()

    @rule(which=PICK, numbers=PICKS, name=st.sampled_from(POOLS["char"]), model=st.sampled_from(["tag", "category"]))
    def write_others(self, which: int, numbers: list[int], name: str, model: str) -> None:
        self.db(which).env()[model].browse(sorted({number % 3 + 1 for number in numbers})).write({"name": name})

    @rule(which=PICK, numbers=PICKS, vals=VALS, inner=VALS, how=st.sampled_from(["create", "write", "unlink"]))
    def fail(self, which: int, numbers: list[int], vals: Any, inner: Any, how: str) -> None:
        """Change something, ask meanwhile, and undo it: the inner transaction, then the outer one."""
        db = self.db(which)
        with pytest.raises(Stop), db.transaction():
            self._tried(lambda: self.change(db, numbers, vals, how))
            self.compare(db, self.turn())
            with pytest.raises(Stop), db.transaction():
                self._tried(lambda: self.change(db, numbers[::-1], inner, "write"))
                self.compare(db, self.turn())
                raise Stop
            self.compare(db, self.turn())
            raise Stop

    @rule(which=PICK, more=st.booleans())
    def redefine(self, which: int, more: bool) -> None:
        """Define the models anew, with another default order."""
        db = self.db(which)
        model = db.registry["item"]
        db.registry = db.registry.evolve(model.replace(order="number desc, id" if more else "name, id"))

    # -- whole databases

    @precondition(lambda self: len(self.dbs) < COPIES)
    @rule(which=PICK)
    def copy(self, which: int) -> None:
        self.dbs.append(self.db(which).clone("copy"))
        self.snapshots.append([])

    @precondition(lambda self: len(self.dbs) > 1)
    @rule(which=PICK)
    def drop(self, which: int) -> None:
        del self.dbs[which % len(self.dbs)], self.snapshots[which % len(self.snapshots)]

    @rule(which=PICK)
    def snapshot(self, which: int) -> None:
        self.snapshots[which % len(self.dbs)].append(self.db(which).snapshot())

    @rule(which=PICK, number=PICK)
    def restore(self, which: int, number: int) -> None:
        taken = self.snapshots[which % len(self.dbs)]
        if taken:
            self.db(which).restore(taken[number % len(taken)])
            del taken[number % len(taken) + 1 :]

    # -- what always holds

    def compare(self, db: Database, questions: Sequence[Question]) -> None:
        """Ask a database, and one with the same rows that was never asked, the same."""
        rows = _rows(db)
        for question in questions:
            cold = database(rows)
            cold.registry = db.registry
            assert question.of(db) == question.of(cold), question

    def turn(self) -> list[Question]:
        """Return a question, another one each time: so few are asked that what they keep is outdated at times."""
        self.turns += 1
        return self.questions[self.turns % ASKED : self.turns % ASKED + 1]

    @invariant()
    def a_copy_answers_as_one_that_was_never_asked(self) -> None:
        self.compare(self.db(self.turns), self.turn())

    def teardown(self) -> None:
        for db in self.dbs:
            self.compare(db, self.questions)
        self.patches.undo()


Interleavings.TestCase.settings = examples(12, steps=25)
TestInterleavings = Interleavings.TestCase
