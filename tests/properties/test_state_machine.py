"""Two databases, one a clone of the other, against plain dicts: whatever is done, in whatever order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import ValidationError
from mockserver.orm.database import Database, Snapshot
from mockserver.orm.records.environment import Recordset
from tests.properties.budget import examples
from tests.properties.shadow import MODELS, NAMES, Shadow, Vals

PROFILE = profiles.get("odoo-17.0")
MODEL = st.sampled_from(NAMES)
LABEL = st.sampled_from(["a", "b", "c", "é"])
PICK = st.integers(0, 50)  # which of the records that there are; 0 is none
PICKS = st.lists(PICK, max_size=3)


class Stop(Exception):
    """What ends a transaction early."""


@dataclass
class Pair:
    """A database and what it should hold."""

    db: Database
    shadow: Shadow = field(default_factory=Shadow)
    # what each snapshot should bring back: the shadow, and the whole dump as text
    snapshots: list[tuple[Snapshot, Shadow, str]] = field(default_factory=list)

    def records(self, model: str, ids: int | Iterable[int] = ()) -> Recordset:
        return self.db.env(context={"active_test": False})[model].browse(ids)

    def pick(self, model: str, number: int) -> int:
        """One id of a model, or 0."""
        ids = [0, *sorted(self.shadow.rows[model])]
        return ids[number % len(ids)]

    def picked(self, model: str, numbers: list[int]) -> tuple[int, ...]:
        """Several ids of a model."""
        return tuple(dict.fromkeys(id_ for id_ in (self.pick(model, number) for number in numbers) if id_))

    def values(self, model: str, label: str, numbers: list[int]) -> Vals:
        """Values for every stored field, as rows hold them."""
        first, second, *tags = [*numbers, 0, 0]
        vals: Vals = {"name": label}
        if model == "line":
            vals["item_id"] = self.pick("item", first) or False
        if model == "item":
            vals |= {"parent_id": self.pick("item", first) or False, "count": len(numbers)}
            vals |= {"category_id": self.pick("category", second) or False, "tag_ids": self.picked("tag", tags)}
        return vals

    def dumped(self) -> str:
        return json.dumps(self.db.dump(), sort_keys=True)


def _wired(vals: Vals) -> Vals:
    """Values as a client writes them."""
    return {name: [(6, 0, list(value))] if isinstance(value, tuple) else value for name, value in vals.items()}


class Records(RuleBasedStateMachine):
    """Every rule works on one of the two databases, as `which` says."""

    pairs: list[Pair]

    @initialize()
    def start(self) -> None:
        db = Database("first", PROFILE, Clock())
        db.add_model(*MODELS)
        self.pairs = [Pair(db)]
        for model in ("category", "tag", "tag", "item", "item"):
            self.create(0, model, "a", [1, 1, 1])

    def pair(self, which: int) -> Pair:
        return self.pairs[which % len(self.pairs)]

    # -- records

    @rule(which=PICK, model=MODEL, label=LABEL, numbers=PICKS)
    def create(self, which: int, model: str, label: str, numbers: list[int]) -> None:
        pair = self.pair(which)
        vals = pair.values(model, label, numbers)
        pair.shadow.create(model, pair.records(model).create(_wired(vals)).id, vals)

    @rule(which=PICK, labels=st.lists(LABEL, max_size=3), grandchild=st.booleans())
    def create_nested(self, which: int, labels: list[str], grandchild: bool) -> None:
        pair = self.pair(which)
        child: Vals = {"name": "child", "child_ids": [(0, 0, {"name": "grandchild"})] if grandchild else []}
        vals = {"child_ids": [(0, 0, child)], "line_ids": [(0, 0, {"name": label}) for label in labels]}
        item = pair.records("item").create(vals)
        pair.shadow.create("item", item.id, {})
        for line, label in zip(item.line_ids, labels, strict=True):
            pair.shadow.create("line", line.id, {"name": label, "item_id": item.id})
        pair.shadow.create("item", item.child_ids.id, {"name": "child", "parent_id": item.id})
        for below in item.child_ids.child_ids:
            pair.shadow.create("item", below.id, {"name": "grandchild", "parent_id": item.child_ids.id})
        assert bool(item.child_ids.child_ids) is grandchild

    @rule(which=PICK, model=MODEL, numbers=PICKS, label=LABEL, others=PICKS, only=PICK)
    def write(self, which: int, model: str, numbers: list[int], label: str, others: list[int], only: int) -> None:
        pair = self.pair(which)
        ids, vals = pair.picked(model, numbers), pair.values(model, label, others)
        if only:
            name = sorted(vals)[only % len(vals)]
            vals = {name: vals[name]}
        assert pair.records(model, ids).write(_wired(vals)) is True
        for id_ in ids:
            pair.shadow.write(model, id_, vals)

    @rule(which=PICK, number=PICK, code=st.sampled_from([2, 3, 4, 5, 6]), others=PICKS)
    def command_children(self, which: int, number: int, code: int, others: list[int]) -> None:
        pair = self.pair(which)
        owner, others_ids = pair.pick("item", number), pair.picked("item", others)
        if not owner or owner in others_ids or (code == 2 and len(others_ids) > 1):
            return
        commands = [(5,)] if code == 5 else [(6, 0, others_ids)] if code == 6 else [(code, id_) for id_ in others_ids]
        pair.records("item", owner).write({"child_ids": commands})
        children = [id_ for id_, row in pair.shadow.rows["item"].items() if row.get("parent_id") == owner]
        for id_ in {3: others_ids, 5: children, 6: children}.get(code, ()):
            pair.shadow.write("item", id_, {"parent_id": False})
        for id_ in others_ids:
            if code in (4, 6):
                pair.shadow.write("item", id_, {"parent_id": owner})
            elif code == 2:
                pair.shadow.unlink("item", id_)

    @rule(which=PICK, number=PICK, code=st.sampled_from([3, 4, 5]), others=PICKS)
    def command_tags(self, which: int, number: int, code: int, others: list[int]) -> None:
        pair = self.pair(which)
        owner, tags = pair.pick("item", number), pair.picked("tag", others)
        if not owner:
            return
        pair.records("item", owner).write({"tag_ids": [(5,)] if code == 5 else [(code, tag) for tag in tags]})
        held = dict.fromkeys(pair.shadow.rows["item"][owner].get("tag_ids", ()) if code != 5 else ())
        for tag in tags if code == 3 else ():
            held.pop(tag, None)
        pair.shadow.write("item", owner, {"tag_ids": tuple(held | dict.fromkeys(tags if code == 4 else ()))})

    @rule(which=PICK, model=MODEL, number=PICK)
    def unlink(self, which: int, model: str, number: int) -> None:
        pair = self.pair(which)
        id_ = pair.pick(model, number)
        if not id_:
            return
        if pair.shadow.unlink(model, id_):
            assert pair.records(model, id_).unlink() is True
        else:
            with pytest.raises(ValidationError, match="another model requires the record"):
                pair.records(model, id_).unlink()

    @rule(which=PICK, model=MODEL, number=PICK)
    def copy(self, which: int, model: str, number: int) -> None:
        pair = self.pair(which)
        id_ = pair.pick(model, number)
        if id_:
            pair.shadow.duplicate(model, id_, pair.records(model, id_).copy().id)

    @rule(which=PICK, numbers=PICKS, active=st.booleans())
    def archive(self, which: int, numbers: list[int], active: bool) -> None:
        pair = self.pair(which)
        ids = pair.picked("item", numbers)
        pair.records("item", ids).write({"active": active})
        for id_ in ids:
            pair.shadow.write("item", id_, {"active": active})

    @rule(which=PICK, label=LABEL, number=PICK, active_test=st.booleans())
    def search(self, which: int, label: str, number: int, active_test: bool) -> None:
        pair = self.pair(which)
        parent, tag = pair.pick("item", number) or False, pair.pick("tag", number)
        domain = ["|", ("name", "=", label), "|", ("parent_id", "=", parent), ("tag_ids", "in", [tag] if tag else [])]
        found = pair.db.env(context={"active_test": active_test})["item"].search(domain, order="id").ids
        assert found == [
            id_
            for id_, row in sorted(pair.shadow.rows["item"].items())
            if (row["active"] or not active_test)
            and (row.get("name") == label or row.get("parent_id", False) == parent or tag in row.get("tag_ids", ()))
        ]

    # -- what fails

    @rule(which=PICK)
    def create_nested_with_a_bad_line(self, which: int) -> None:
        pair = self.pair(which)
        bad = {"name": "x", "line_ids": [(0, 0, {"name": "fine"}), (0, 0, {"name": False})]}
        with pytest.raises(ValidationError, match="a mandatory field is not set"):
            pair.records("item").create([{"name": "first"}, {"name": "top", "child_ids": [(0, 0, bad)]}])
        pair.shadow.burn(pair.db.store.sequences)

    @rule(which=PICK, number=PICK, inner=st.booleans())
    def fail_in_a_transaction(self, which: int, number: int, inner: bool) -> None:
        pair = self.pair(which)
        outer = pair.pick("item", number)
        with pair.db.transaction():
            if outer:
                pair.records("item", outer).write({"name": "outer"})
                pair.shadow.write("item", outer, {"name": "outer"})
            with pytest.raises(Stop), pair.db.transaction():
                self._disturb(pair, number, inner)
        pair.shadow.burn(pair.db.store.sequences)

    def _disturb(self, pair: Pair, number: int, inner: bool) -> None:
        """Change much, and fail."""
        created = pair.records("item").create({"name": "gone", "line_ids": [(0, 0, {"name": "gone"})]})
        pair.records("item", pair.picked("item", [number, number + 1])).write({"parent_id": created.id})
        tag = pair.pick("tag", number)
        if tag:
            pair.records("tag", tag).unlink()
        if inner:
            with pair.db.transaction():
                pair.records("item", pair.pick("item", number + 2) or ()).unlink()
        raise Stop

    # -- whole databases

    @rule(which=PICK)
    def snapshot(self, which: int) -> None:
        pair = self.pair(which)
        pair.snapshots.append((pair.db.snapshot(), pair.shadow.copy(), pair.dumped()))

    @precondition(lambda self: any(pair.snapshots for pair in self.pairs))
    @rule(which=PICK, number=PICK)
    def restore(self, which: int, number: int) -> None:
        pair = self.pair(which)
        if not pair.snapshots:
            return
        at = number % len(pair.snapshots)
        snapshot, shadow, dumped = pair.snapshots[at]
        pair.db.restore(snapshot)
        pair.shadow = shadow.copy()
        assert pair.dumped() == dumped
        del pair.snapshots[at + 1 :]  # taken after the one restored, so they are valid no longer

    @precondition(lambda self: len(self.pairs) == 1)
    @rule()
    def clone(self) -> None:
        first = self.pairs[0]
        self.pairs.append(Pair(first.db.clone("second"), first.shadow.copy()))

    @rule(which=PICK)
    def dump_and_load(self, which: int) -> None:
        pair = self.pair(which)
        data = json.loads(json.dumps(pair.db.dump()))
        loaded = Pair(Database.undump(data, "loaded", PROFILE, Clock()), pair.shadow)
        assert loaded.dumped() == pair.dumped()
        _check_rows(loaded)

    # -- what always holds

    @invariant()
    def rows_are_as_expected(self) -> None:
        for pair in self.pairs:
            _check_rows(pair)

    @invariant()
    def indexes_are_as_if_they_were_built_now(self) -> None:
        for pair in self.pairs:
            for model, indexes in pair.db.store._indexes.items():
                for name, index in indexes._plain.items():
                    assert index == _index(pair.shadow.rows[model], name), (model, name)

    @invariant()
    def a_one2many_is_the_inverse_of_its_many2one(self) -> None:
        for pair in self.pairs:
            items, lines = pair.shadow.rows["item"], pair.shadow.rows["line"]
            for read in pair.records("item", items).read(["child_ids", "line_ids"]):
                id_ = read["id"]
                assert read["child_ids"] == sorted(i for i, row in items.items() if row.get("parent_id") == id_)
                assert read["line_ids"] == sorted(i for i, row in lines.items() if row.get("item_id") == id_)


def _check_rows(pair: Pair) -> None:
    for model in NAMES:
        assert pair.db.store.rows(model) == pair.shadow.rows[model]
        assert [row["id"] for row in pair.db.store.in_order(model)] == sorted(pair.shadow.rows[model])


def _index(rows: dict[int, Vals], name: str) -> dict[Any, set[int]]:
    index: dict[Any, set[int]] = {}
    for id_, row in rows.items():
        value = row.get(name)
        for element in value if isinstance(value, tuple) else () if value is None else (value,):
            index.setdefault(element, set()).add(id_)
    return index


Records.TestCase.settings = examples(60, steps=30)
TestRecords = Records.TestCase
