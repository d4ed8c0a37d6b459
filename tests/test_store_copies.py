"""Copies of a store share its tables until one of them writes, and nobody can tell."""

from __future__ import annotations

import threading

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from mockserver.orm.storage.store import Row, Store
from mockserver.orm.storage.view import SMALL
from tests.waiting import HANG

MODELS = ("a", "b")
FIELDS = ("x", "y")
Tables = dict[str, dict[int, Row]]


class Made:
    """Rows of a table that are made when it is first used."""

    def __init__(self, *rows: Row) -> None:
        self._rows = {row["id"]: row for row in rows}

    def rows(self) -> dict[int, Row]:
        """Return the rows, always the same."""
        return self._rows


class Pair:
    """A store beside tables that are copied whole, at every mark and for every copy."""

    def __init__(self, store: Store, tables: Tables) -> None:
        self.store = store
        self.tables: Tables = {model: dict(tables.get(model, {})) for model in MODELS}
        self.marks: list[tuple[int, Tables]] = []

    def check(self) -> None:
        """Compare the rows, their order, the indexes and the sums of both."""
        for model, rows in self.tables.items():
            assert self.store.rows(model) == rows
            assert [row["id"] for row in self.store.in_order(model)] == sorted(rows)
            for field in FIELDS:
                wanted: dict[object, set[int]] = {}
                for row in rows.values():
                    if field in row:
                        wanted.setdefault(row[field], set()).add(row["id"])
                assert self.store.index(model, field) == wanted
            assert self.store.total(model, "x", y=1) == sum(r.get("x", 0) for r in rows.values() if r.get("y") == 1)


ROWS = st.dictionaries(st.sampled_from(FIELDS), st.integers(1, 3))
MODEL = st.sampled_from(MODELS)


class Copies(RuleBasedStateMachine):
    """Writes, rollbacks, and copies of copies."""

    pairs = Bundle("pairs")

    def __init__(self) -> None:
        super().__init__()
        self.shared: list[tuple[dict[int, Row], dict[int, Row]]] = []

    @initialize(target=pairs)
    def begin(self) -> Pair:
        """One store, with a table that nothing has used."""
        store = Store()
        made = Made({"id": 1, "x": 1}, {"id": 2, "y": 1})
        store.defer("b", made)
        store.reserve("b", 2)
        return Pair(store, {"b": made.rows()})

    @rule(target=pairs, pair=pairs, model=MODEL)
    def clone(self, pair: Pair, model: str) -> Pair:
        """A copy, which has the very table that the original has."""
        copy = Pair(pair.store.clone(), pair.tables)
        shared = copy.store.rows(model)
        assert not shared or pair.store.rows(model) is shared
        self.shared.append((shared, dict(shared)))
        return copy

    @rule(pair=pairs, model=MODEL, rows=st.lists(ROWS, min_size=1, max_size=3))
    def insert(self, pair: Pair, model: str, rows: list[Row]) -> None:
        """New rows."""
        pair.store.insert_all(model, rows)
        pair.tables[model].update({row["id"]: row for row in rows})

    @rule(pair=pairs, model=MODEL, id_=st.integers(1, 6), row=ROWS)
    def put(self, pair: Pair, model: str, id_: int, row: Row) -> None:
        """A row with an id of our choice, in the place of another or not."""
        pair.tables[model][id_] = {"id": id_, **row}
        pair.store.reserve(model, id_)
        pair.store.put(model, {"id": id_, **row})

    @rule(pair=pairs, model=MODEL, field=st.sampled_from(FIELDS), value=st.none() | st.integers(1, 3))
    def assign(self, pair: Pair, model: str, field: str, value: int | None) -> None:
        """A field of every other row, and of one that is not there."""
        table = pair.tables[model]
        pair.store.assign(model, {field: dict.fromkeys([*list(table)[::2], 99], value)})
        for id_ in list(table)[::2]:
            row = {**table[id_], field: value}
            table[id_] = {name: value for name, value in row.items() if value is not None}

    @rule(pair=pairs, model=MODEL, data=st.data())
    def delete(self, pair: Pair, model: str, data: st.DataObject) -> None:
        """A row, if there is one."""
        if pair.tables[model]:
            id_ = data.draw(st.sampled_from(sorted(pair.tables[model])))
            pair.store.delete(model, id_)
            del pair.tables[model][id_]

    @rule(pair=pairs)
    def mark(self, pair: Pair) -> None:
        """A position to come back to."""
        pair.marks.append((pair.store.mark(), {model: dict(rows) for model, rows in pair.tables.items()}))

    @rule(pair=pairs, number=st.integers(0, 2))
    def rollback(self, pair: Pair, number: int) -> None:
        """Back to one of the last positions."""
        if pair.marks[number:]:
            mark, pair.tables = pair.marks[number]
            del pair.marks[number:]
            pair.store.rollback(mark)

    @rule(pair=pairs)
    def look(self, pair: Pair) -> None:
        """Let the indexes be made, and be kept up from then on."""
        pair.check()

    @rule(pairs=st.lists(pairs, min_size=3, max_size=3))
    def look_at_all(self, pairs: list[Pair]) -> None:
        """Some others, too, and what they shared at any time."""
        for pair in pairs:
            pair.check()

    def teardown(self) -> None:
        """What was shared once is as it was."""
        for shared, before in self.shared:
            assert shared == before


TestCopies = Copies.TestCase
TestCopies.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


def test_the_first_write_of_either_copies_that_table_alone() -> None:
    store = Store()
    for model in MODELS:
        store.insert(model, {"x": 1})
    other = store.clone()
    shared = {model: store.rows(model) for model in MODELS}
    other.put("a", {"id": 1, "x": 2})
    store.put("b", {"id": 1, "x": 3})
    assert [other.rows("a") is shared["a"], other.rows("b") is shared["b"]] == [False, True]
    assert [store.rows("a") is shared["a"], store.rows("b") is shared["b"]] == [True, False]
    again = other.rows("a")
    other.put("a", {"id": 1, "x": 4})
    assert other.rows("a") is again


def test_a_write_that_changes_nothing_copies_nothing() -> None:
    store = Store()
    store.insert("a", {"x": 1})
    other = store.clone()
    assert other.assign("a", {"x": {1: 1, 9: 2}}) == {"x": set()}
    assert other.rows("a") is store.rows("a")


def test_a_copy_that_writes_keeps_the_indexes_and_copies_what_changes_in_them() -> None:
    store = Store()
    store.insert_all("a", [{"x": 1}, {"x": 2}, {"x": 2, "y": 1}])
    index, without = store.index("a", "x"), store.having("a", "x", [2], without="y")
    assert store.total("a", "x", y=1) == 2
    other = store.clone()
    other.put("a", {"id": 1, "x": 3})
    assert other.index("a", "x")[2] is index[2]
    assert other.index("a", "x") == {2: {2, 3}, 3: {1}}
    other.delete("a", 2)
    assert other.index("a", "x") == {2: {3}, 3: {1}}
    assert [other.having("a", "x", [2], without="y"), other.total("a", "x", y=1)] == [set(), 2]
    other.delete("a", 3)
    assert [other.index("a", "x"), other.total("a", "x", y=1)] == [{3: {1}}, 0]
    assert [store.index("a", "x"), store.having("a", "x", [2], without="y")] == [{1: {1}, 2: {2, 3}}, without]
    assert store.total("a", "x", y=1) == 2


def test_an_index_that_any_copy_builds_is_for_all_until_one_writes() -> None:
    store = Store()
    store.insert_all("a", [{"x": 1}, {"x": 2}])
    store.defer("b", Made({"id": 1, "x": 1}))
    first, second = store.clone(), store.clone()
    assert first.index("a", "x") is second.index("a", "x") is store.index("a", "x")
    assert first.index("b", "x") is store.index("b", "x")
    second.insert("a", {"x": 1})
    second.defer("b", Made({"id": 1, "x": 7}))
    assert second.index("a", "x") == {1: {1, 3}, 2: {2}}
    assert second.index("b", "x") == {7: {1}}
    assert first.index("a", "x") is store.index("a", "x")
    assert [first.index("a", "x"), first.index("b", "x")] == [{1: {1}, 2: {2}}, {1: {1}}]


def test_what_copies_share_is_only_read() -> None:
    """A view compares the rows that were written since the last search; that is done before it is shared."""
    store = Store()
    store.insert_all("a", [{"x": n} for n in range(SMALL)])
    assert store.view("a") is not None
    store.put("a", {"id": 1, "x": 7})
    copy = store.clone()
    view = copy.view("a")
    assert view is store.view("a")
    assert view is not None
    assert (view.noted, view.changed, [row["x"] for row in view.changed_rows()]) == (set(), {1}, [7])
    copy.put("a", {"id": 2, "x": 8})
    assert copy.view("a") is not view
    assert (view.noted, view.changed) == (set(), {1})


def test_a_view_that_an_earlier_copy_alone_has_used_is_for_later_ones() -> None:
    store = Store()
    store.defer("b", Made(*({"id": n, "x": n} for n in range(1, SMALL + 1))))
    first = store.clone()
    view = first.view("b")
    first.put("b", {"id": 1, "x": 0})
    second = store.clone()
    assert second.view("b") is view is not None
    assert first.view("b") is not view
    assert [second.index("b", "x").get(0), list(view.changed_rows())] == [None, []]


def test_tables_of_queries_are_not_shared() -> None:
    store = Store()
    store.query_of = lambda model: lambda: [{"id": 2}]
    assert list(store.rows("q")) == [2]
    copy = store.clone()
    copy.query_of = lambda model: lambda: [{"id": 3}]
    assert (copy.models(), list(store.rows("q")), list(copy.rows("q"))) == ([], [2], [3])


@pytest.mark.usefixtures("quick_switches")
def test_copies_are_read_while_others_are_written() -> None:
    """Each thread writes its own copy, and copies of it, while all the others read what they share with it."""
    store = Store()
    store.insert_all("a", [{"x": n % 7} for n in range(500)])
    wanted, faults = sum(n % 7 for n in range(500)), list[BaseException]()
    begin = threading.Barrier(8)

    def work(own: Store) -> None:
        begin.wait(HANG)
        try:
            for turn in range(20):
                mark = own.mark()
                own.assign("a", {"x": dict.fromkeys(range(1, 500, 50), 100 + turn)})
                own.delete("a", 500)
                later = own.clone()
                assert sorted(row["x"] for row in later.in_order("a"))[-10:] == [100 + turn] * 10
                own.rollback(mark)
                assert sum(row["x"] for row in own.rows("a").values()) == wanted
                assert len(later.rows("a")) == 499
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(store.clone(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG)
    assert not faults
    assert not any(thread.is_alive() for thread in threads)
    assert sum(row["x"] for row in store.rows("a").values()) == wanted


def test_a_table_that_a_copy_uses_first_is_there_for_later_copies() -> None:
    store = Store()
    store.defer("a", Made(*({"id": n, "x": n % 3} for n in range(1, SMALL + 10))))
    first = store.clone()
    found = first.having("a", "x", (1,))
    assert first.view("a") is not None
    for copy in (store.clone(), store.clone(), store):
        assert copy.having("a", "x", (1,)) == found
        assert len(copy.rows("a")) == SMALL + 9
