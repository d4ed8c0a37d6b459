"""Rows, the undo log, indexes, copies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from mockserver import addons, profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row, Store
from mockserver.orm.storage.view import SMALL


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def database() -> Database:
    database = Database("t", profiles.get("odoo-17.0"), Clock())
    database.add_model(Model.define("item", {"name": {"type": "char"}}))
    return database


def test_ids_are_given_like_a_sequence(store: Store) -> None:
    assert [store.insert("m", {"n": n}) for n in "abc"] == [1, 2, 3]
    assert store.insert("m", {"id": 10}) == 10
    assert store.next_id("m") == 11
    assert store.insert("other", {}) == 1


def test_an_id_is_not_given_back_by_a_rollback(store: Store) -> None:
    mark = store.mark()
    assert store.insert("m", {}) == 1
    store.rollback(mark)
    assert store.insert("m", {}) == 2


def test_a_row_is_kept_as_given_and_never_changed(store: Store) -> None:
    id_ = store.insert("m", {"name": "a"})
    old = store.rows("m")[id_]
    store.put("m", {**old, "name": "b"})
    assert old == {"id": 1, "name": "a"}
    assert store.get("m", id_) == {"id": 1, "name": "b"}
    assert store.get("m", 99) is None


def test_a_rollback_undoes_in_reverse(store: Store) -> None:
    store.insert("m", {"n": 1})
    store.insert("m", {"n": 2})
    mark = store.mark()
    store.put("m", {"id": 1, "n": 10})
    store.put("m", {"id": 1, "n": 11})
    store.delete("m", 2)
    store.insert("m", {"n": 3})
    store.delete("m", 1)
    assert store.touched(mark) == {("m", 1): {"id": 1, "n": 1}, ("m", 2): {"id": 2, "n": 2}, ("m", 3): None}
    store.rollback(mark)
    assert store.touched(mark) == {}
    assert {id_: row["n"] for id_, row in store.rows("m").items()} == {1: 1, 2: 2}


def test_a_savepoint_between_two_writes_of_a_row_is_come_back_to(store: Store) -> None:
    begin = store.mark()
    store.insert("m", {"n": 1})
    store.put("m", {"id": 1, "n": 2})
    between = store.mark()
    store.put("m", {"id": 1, "n": 3})
    store.put("m", {"id": 1, "n": 4})
    store.rollback(between)
    assert store.get("m", 1) == {"id": 1, "n": 2}
    store.put("m", {"id": 1, "n": 5})
    store.rollback(between)
    assert store.get("m", 1) == {"id": 1, "n": 2}
    store.rollback(begin)
    assert store.get("m", 1) is None


def test_a_row_deleted_and_written_again_is_undone_to_what_it_was(store: Store) -> None:
    store.insert("m", {"n": 1})
    mark = store.mark()
    store.delete("m", 1)
    store.put("m", {"id": 1, "n": 2})
    store.put("m", {"id": 1, "n": 3})
    store.rollback(mark)
    assert store.rows("m") == {1: {"id": 1, "n": 1}}


def test_fields_of_rows_are_set_together_and_undone(store: Store) -> None:
    store.insert_all("m", [{"a": 1, "n": "x"}, {"n": "y"}])
    assert store.having("m", "a", [1]) == {1}
    before = store.get("m", 1)
    mark = store.mark()
    changed = store.assign("m", {"a": {1: None, 2: 5, 9: 3}, "n": {1: "z", 2: "y"}})
    assert changed == {"a": {1, 2}, "n": {1}}
    assert list(store.rows("m").values()) == [{"id": 1, "n": "z"}, {"id": 2, "a": 5, "n": "y"}]
    assert store.having("m", "a", [1, 5]) == {2}
    store.rollback(mark)
    assert store.get("m", 1) is before
    assert store.having("m", "a", [1, 5]) == {1}


def test_a_row_written_again_and_again_is_logged_once_for_each_savepoint(store: Store) -> None:
    marks, states = [store.mark()], [list[object]()]
    store.insert_all("m", [{"n": 0}, {"n": 0}])
    for n in range(1, 4):
        marks.append(store.mark())
        states.append(list(store.rows("m").values()))
        for step in range(3):
            for id_ in (1, 2):
                store.put("m", {"id": id_, "n": n, "step": step})
            store.assign("m", {"n": {1: n, 2: n + step}})
    assert store.mark() - marks[0] == 8
    for mark, state in reversed(list(zip(marks, states, strict=True))):
        store.rollback(mark)
        assert list(store.rows("m").values()) == state


def test_rows_put_back_are_still_found_in_id_order(store: Store) -> None:
    for n in range(4):
        store.insert("m", {"n": n})
    mark = store.mark()
    store.delete("m", 2)
    store.rollback(mark)
    assert list(store.rows("m")) == [1, 3, 4, 2]
    assert [row["id"] for row in store.in_order("m")] == [1, 2, 3, 4]


def test_a_row_with_a_lower_id_stands_in_its_place(store: Store) -> None:
    store.insert("m", {"id": 7})
    store.insert("m", {"id": 3})
    assert [row["id"] for row in store.in_order("m")] == [3, 7]
    assert [row["id"] for row in store.clone().in_order("m")] == [3, 7]


def test_an_index_is_kept_up_by_every_write(store: Store) -> None:
    for parent in (1, 1, 2, None):
        store.insert("m", {"parent": parent} if parent else {})
    assert store.index("m", "parent") == {1: {1, 2}, 2: {3}}
    store.put("m", {"id": 1, "parent": 2})
    store.delete("m", 3)
    store.insert("m", {"parent": 5})
    assert store.index("m", "parent") == {1: {2}, 2: {1}, 5: {5}}


def test_an_index_is_kept_up_by_a_rollback(store: Store) -> None:
    store.insert("m", {"parent": 1})
    store.index("m", "parent")
    mark = store.mark()
    store.put("m", {"id": 1, "parent": 2})
    store.insert("m", {"parent": 1})
    store.delete("m", 1)
    store.rollback(mark)
    assert store.index("m", "parent") == {1: {1}}


def test_a_total_is_kept_up_by_every_change(store: Store) -> None:
    store.insert("m", {"n": "a", "amount": 2.5})
    assert store.total("m", "amount", n="a") == 2.5
    mark = store.mark()
    store.insert_all("m", [{"n": "a", "amount": 1.0}, {"n": "b", "amount": 4.0}])
    store.put("m", {"id": 1, "n": "b"})
    assert (store.total("m", "amount", n="a"), store.total("m", "amount", n="b")) == (1.0, 4.0)
    store.delete("m", 2)
    assert store.total("m", "amount", n="a") == 0.0
    store.rollback(mark)
    assert (store.total("m", "amount", n="a"), store.total("m", "amount", n="b")) == (2.5, 0.0)


def test_the_elements_of_a_many2many_are_indexed_one_by_one(store: Store) -> None:
    store.insert("m", {"tags": (1, 2)})
    store.insert("m", {"tags": (2,)})
    assert store.having("m", "tags", (2,)) == {1, 2}
    store.put("m", {"id": 1, "tags": (3,)})
    assert store.having("m", "tags", (1, 2)) == {2}
    assert store.having("m", "tags", (9,)) == set()


def test_what_having_gives_may_be_changed_freely(store: Store) -> None:
    store.insert("m", {"parent": 1})
    store.having("m", "parent", (1,)).clear()
    assert store.having("m", "parent", (1,)) == {1}


def test_a_version_counts_the_changes_of_its_table(store: Store) -> None:
    store.insert("m", {})
    before = store.versions["m"]
    mark = store.mark()
    store.put("m", {"id": 1, "x": 1})
    store.rollback(mark)
    assert store.versions["m"] == before + 2
    assert "other" not in store.versions


def test_a_copy_is_independent_both_ways(store: Store) -> None:
    store.insert("m", {"n": 1})
    store.index("m", "n")
    other = store.clone()
    other.put("m", {"id": 1, "n": 2})
    store.insert("m", {"n": 3})
    assert other.having("m", "n", (1,)) == set()
    assert store.having("m", "n", (1,)) == {1}
    assert (len(store.rows("m")), len(other.rows("m"))) == (2, 1)
    assert other.insert("m", {}) == 2


def test_a_copy_shares_the_rows_until_they_are_written(store: Store) -> None:
    store.insert("m", {"n": 1})
    assert store.clone().rows("m")[1] is store.rows("m")[1]


class _Later:
    def __init__(self, rows: dict[int, Row]) -> None:
        self._rows = rows

    def rows(self) -> dict[int, Row]:
        return self._rows


def test_a_copy_has_the_rows_that_another_copy_used_first(store: Store) -> None:
    store.defer("m", _Later({id_: {"id": id_} for id_ in range(1, SMALL + 1)}))
    assert store.clone().view("m") is not None  # which the original shares now, though nothing has used its rows
    assert len(store.clone().rows("m")) == len(store.rows("m")) == SMALL


def test_tinydb_reads_and_writes_the_same_rows(store: Store) -> None:
    store.insert("m", {"n": 1})
    table = store.tinydb.table("m")
    assert [dict(document) for document in table.all()] == [{"id": 1, "n": 1}]
    other = store.clone()
    table.update({"n": 5})
    assert (store.rows("m")[1]["n"], other.rows("m")[1]["n"]) == (5, 1)
    assert store.tinydb.tables() == {"m"}
    store.tinydb.drop_table("m")
    assert (store.rows("m"), len(other.rows("m"))) == ({}, 1)


# -- transactions and snapshots of a database


def test_a_failing_transaction_leaves_nothing(database: Database) -> None:
    items = database.env()["item"]
    kept = items.create({"name": "kept"})
    with pytest.raises(RuntimeError), database.transaction():
        items.create({"name": "lost"})
        kept.write({"name": "changed"})
        database.add_model(Model.define("late", {}))
        raise RuntimeError
    assert items.search([]).mapped("name") == ["kept"]
    assert "late" not in database.registry


def test_a_nested_transaction_undoes_only_what_is_its_own(database: Database) -> None:
    items = database.env()["item"]
    with database.transaction():
        items.create({"name": "outer"})
        with pytest.raises(RuntimeError), database.transaction():
            items.create({"name": "inner"})
            raise RuntimeError
        items.create({"name": "after"})
    assert items.search([]).mapped("name") == ["outer", "after"]


def test_the_log_is_dropped_when_nothing_can_ask_for_it(database: Database) -> None:
    database.env()["item"].create({"name": "a"})
    assert database.store.mark() == 0
    database.snapshot()
    database.env()["item"].create({"name": "b"})
    assert database.store.mark() == 1


def test_a_snapshot_is_restored_any_number_of_times(database: Database) -> None:
    items = database.env()["item"]
    first = items.create({"name": "a"})
    snapshot = database.snapshot()
    for _ in range(3):
        assert items.create({"name": "b"}).id == 2
        first.unlink()
        database.add_model(Model.define("late", {}))
        database.restore(snapshot)
        assert items.search([]).mapped("name") == ["a"]
        assert "late" not in database.registry


def test_snapshots_nest(database: Database) -> None:
    items = database.env()["item"]
    outer = database.snapshot()
    items.create({"name": "a"})
    inner = database.snapshot()
    items.create({"name": "b"})
    database.restore(inner)
    assert items.search([]).mapped("name") == ["a"]
    database.restore(outer)
    assert not items.search([])
    assert items.create({"name": "c"}).id == 1


def test_a_restore_costs_what_changed_since(database: Database) -> None:
    items = database.env()["item"]
    items.create([{"name": str(n)} for n in range(50)])
    snapshot = database.snapshot()
    items.browse([1, 2]).write({"name": "x"})
    assert list(database.store.touched(snapshot.mark)) == [("item", 1), ("item", 2)]


def test_a_snapshot_within_a_transaction_does_not_keep_it_from_being_undone(database: Database) -> None:
    items = database.env()["item"]
    items.create({"name": "before"})
    with pytest.raises(RuntimeError), database.transaction():
        items.browse(1).write({"name": "changed"})
        database.snapshot()
        items.create({"name": "more"})
        raise RuntimeError
    assert items.search([]).mapped("name") == ["before"]


def test_a_cloned_database_goes_its_own_way(database: Database) -> None:
    items = database.env()["item"]
    items.create({"name": "a"})
    other = database.clone("u")
    other.env()["item"].create({"name": "b"})
    other.add_model(Model.define("late", {}))
    items.browse(1).write({"name": "changed"})
    assert (database.name, other.name) == ("t", "u")
    assert other.env()["item"].search([]).mapped("name") == ["a", "b"]
    assert items.search([]).mapped("name") == ["changed"]
    assert "late" not in database.registry


def test_a_dump_restores_models_rows_and_sequences(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "Dumped", "category_id": [(6, 0, [1, 2])]})
    env["res.partner"].create({"name": "gone"}).unlink()
    database = env.db
    copy = Database.undump(database.dump(), "u", database.profile, Clock(), addons.ByName())
    assert copy.env()["res.partner"].browse(partner.id).read(["name", "category_id"]) == partner.read(
        ["name", "category_id"]
    )
    assert copy.env()["res.partner"].create({"name": "next"}).id == env["res.partner"].create({"name": "next"}).id
    assert set(copy.registry) == set(database.registry)


def test_a_database_is_dumped_after_a_model_has_gone(env: Environment) -> None:
    model = env["ir.model"].create({"name": "Short", "model": "x_short"})
    env["x_short"].sudo().create({"x_name": "row"})
    model.unlink()
    copy = Database.undump(env.db.dump(), "u", env.db.profile, Clock(), addons.ByName())
    assert "x_short" not in copy.registry


@pytest.mark.parametrize(
    "data", [None, [], {}, {"format": 99}, {"format": 1}, {"format": 1, "models": [{}], "rows": {}}]
)
def test_what_is_no_dump_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="dump"):
        Database.undump(data, "u", profiles.get("odoo-17.0"), Clock())


# -- an undo log that is kept for long


def test_the_log_beyond_a_snapshot_does_not_grow_with_the_number_of_writes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.orm.storage.store.SHORT", 10)
    items = database.env()["item"]
    first = items.create({"name": "first"})
    start = database.snapshot()
    for number in range(100):
        first.write({"name": str(number)})
        items.create({"name": "gone"}).unlink()
    assert len(database.store._log) < 30
    later = database.snapshot()
    for number in range(100):
        first.write({"name": f"later {number}"})
    assert database.store.touched(later.mark) == {
        ("item", first.id): database.store.touched(later.mark)["item", first.id]
    }
    database.restore(later)
    assert first.name == "99"
    database.restore(start)
    assert (first.name, items.search_count([])) == ("first", 1)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_log_that_is_shortened_undoes_the_same(data: st.DataObject) -> None:
    """Random writes, creations, deletions, snapshots and restores, against states that are kept whole."""
    database = Database("t", profiles.get("odoo-17.0"), Clock())
    database.add_model(Model.define("item", {"name": {"type": "char"}}))
    items = database.env()["item"]
    kept = [(database.snapshot(), dict(database.store.rows("item")))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mockserver.orm.storage.store.SHORT", 3)
        for step in data.draw(
            st.lists(st.sampled_from(["create", "write", "unlink", "snapshot", "restore"]), max_size=40)
        ):
            there = items.search([])
            if step == "create" or (step in ("write", "unlink") and not there):
                items.create({"name": "new"})
            elif step == "write":
                data.draw(st.sampled_from(list(there))).write({"name": data.draw(st.sampled_from("abc"))})
            elif step == "unlink":
                data.draw(st.sampled_from(list(there))).unlink()
            elif step == "snapshot":
                kept.append((database.snapshot(), dict(database.store.rows("item"))))
            else:
                number = data.draw(st.integers(0, len(kept) - 1))
                del kept[number + 1 :]
                database.restore(kept[number][0])
                assert dict(database.store.rows("item")) == kept[number][1]
