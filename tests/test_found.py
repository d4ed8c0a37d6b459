"""Searches by columns, masks and places give what a scan of the rows gives, whatever has been written before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver.orm.fields.texts import Char
from mockserver.orm.query import conditions, finding, order as orders, references
from mockserver.orm.query.conditions import Condition
from mockserver.orm.query.order import Term
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage import sheet, view
from mockserver.orm.storage.store import Row, Store
from tests.models import define
from tests.properties.budget import examples

TEXTS = ["", "a", "A", "aB", "Σας", "ΑΣ", "İx", "b a", "%", "under_score", "100%", "a\nb", "ﬁ"]
NAMES = {
    "name": st.sampled_from(TEXTS) | st.text("abΣİ ", max_size=4),
    "town": st.sampled_from(["Namur", "namur", "Mons", ""]),
    "color": st.integers(-2, 3),
    "amount": st.sampled_from([0.0, 0.5, 1.0, -3.25]),
    "active": st.booleans(),
    "parent": st.integers(1, 8),
}
Model = str
THING: Model = "x.thing"


@st.composite
def row_values(draw: st.DrawFn) -> Row:
    """Values of a row; an absent one is NULL."""
    return {name: draw(values) for name, values in NAMES.items() if draw(st.integers(0, 4))}


def leaves() -> st.SearchStrategy[Callable[[Store], Condition]]:
    """Conditions as the leaves of domains give them."""
    name, text = st.sampled_from(["name", "town"]), st.sampled_from(TEXTS)
    pattern = st.sampled_from(["%a%", "a%", "%a", "a", "%ΑΣ%", "%σ%", "_", "a%b", "%", "%i%", "\\%", "%zz%"])
    number = st.sampled_from(["color", "parent"])

    def value_of(field: str) -> st.SearchStrategy[Callable[[Store], Condition]]:
        values = NAMES[field]
        sets = st.frozensets(values, max_size=4)
        return st.one_of(
            values.map(lambda v: lambda store: conditions.equals(field, v)),
            st.tuples(values, st.booleans()).map(lambda p: lambda store: conditions.differs(field, p[0], null=p[1])),
            st.tuples(sets, st.booleans()).map(lambda p: lambda store: conditions.is_in(field, p[0], null=p[1])),
            st.tuples(sets, st.booleans()).map(lambda p: lambda store: conditions.not_in(field, p[0], null=p[1])),
            st.tuples(st.sampled_from(["<", "<=", ">", ">="]), values).map(
                lambda p: lambda store: conditions.compares(field, p[0], p[1])
            ),
            st.sampled_from([conditions.is_null, conditions.not_null, conditions.is_true, conditions.is_false]).map(
                lambda make: lambda store: make(field)
            ),
        )

    return st.one_of(
        st.sampled_from(sorted(NAMES)).flatmap(value_of),
        st.tuples(name, pattern, st.booleans()).map(lambda p: lambda store: conditions.matches(p[0], p[1], fold=p[2])),
        st.tuples(name, pattern, st.booleans(), st.booleans()).map(
            lambda p: lambda store: conditions.mismatches(p[0], p[1], fold=p[2], null=p[3])
        ),
        st.tuples(number, st.frozensets(st.integers(1, 8), max_size=3)).map(
            lambda p: lambda store: references_to(store, *p)
        ),
        text.map(lambda v: lambda store: conditions.ALWAYS if v else conditions.NEVER),
        st.frozensets(st.integers(1, 60), max_size=5).map(lambda ids: lambda store: conditions.id_not_in(ids)),
    )


def references_to(store: Store, name: str, ids: frozenset[int]) -> Condition:
    return references.refers_to(store, THING, name, ids)


def joined(
    part: st.SearchStrategy[Callable[[Store], Condition]],
) -> st.SearchStrategy[Callable[[Store], Condition]]:
    several = st.lists(part, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda all_: lambda store: conditions.all_of([make(store) for make in all_])),
        several.map(lambda any_: lambda store: conditions.any_of([make(store) for make in any_])),
        part.map(lambda make: lambda store: conditions.complement(make(store))),
    )


CONDITIONS = st.recursive(leaves(), joined, max_leaves=5)


def terms() -> st.SearchStrategy[list[Term]]:
    def term(name: str, descending: bool, nulls_first: bool) -> Term:
        null = False if name == "active" else None
        return Term(lambda row: null if row.get(name) is None else row[name], descending, nulls_first, name, null)

    one = st.builds(term, st.sampled_from(sorted(NAMES)), st.booleans(), st.booleans())
    by_id = st.booleans().map(lambda down: Term(lambda row: row["id"], down, False, "id"))
    return st.tuples(st.lists(one, max_size=2), st.lists(by_id, max_size=1)).map(lambda p: [*p[0], *p[1]])


CHANGES = st.one_of(
    st.tuples(st.just("create"), st.lists(row_values(), min_size=1, max_size=3)),
    st.tuples(st.just("write"), st.tuples(st.integers(0, 60), row_values())),
    st.tuples(st.just("assign"), st.tuples(st.integers(0, 60), st.integers(-2, 3) | st.none())),
    st.tuples(st.just("unlink"), st.integers(0, 60)),
    st.tuples(st.just("mark"), st.none()),
    st.tuples(st.just("rollback"), st.none()),
    st.tuples(st.just("clone"), st.none()),
    st.tuples(st.just("search"), st.tuples(CONDITIONS, terms(), st.integers(0, 6), st.integers(0, 12))),
)


@contextmanager
def eager() -> Iterator[None]:
    """Small tables have columns too, and everything is built as soon as it may be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view, "SMALL", 1)
        patch.setattr(sheet, "FEW", 3)
        patch.setattr(sheet, "_LOOKUPS", 1)
        patch.setattr(sheet, "_TEXTS", 1)
        patch.setattr(finding, "_HEAD", 4)
        patch.setattr(finding, "_PIECE", 3)
        patch.setattr(orders, "_FEW", 2)
        patch.setattr(orders, "_SAMPLE", 3)
        yield


def check(store: Store, condition: Condition, keys: list[Term], offset: int, limit: int) -> None:
    """Search often enough for everything to be built, and compare with a scan each time."""
    rows = in_order(store)
    kept = condition.filter(rows)
    sorted_ = orders.sort_by(kept, keys)
    page = sorted_[offset : offset + limit] if limit else sorted_[offset:]
    for _ in range(4):
        assert list(finding.find(store, THING, condition).rows()) == list(kept)
        assert len(finding.find(store, THING, condition)) == len(kept)
        assert list(finding.find(store, THING, condition).page(keys, offset, limit)) == list(page)
        tally = finding.find(store, THING, condition).tally("town")
        if tally is not None:
            assert sum(tally.values()) == len(kept)
            assert all(number == sum(row.get("town") == town for row in kept) for town, number in tally.items())


def change(store: Store, what: str, value: Any) -> None:
    """Write to the store what an example says, if there is a row for it."""
    ids = sorted(store.rows(THING))
    if what == "create":
        store.insert_all(THING, [dict(row) for row in value])
    elif what == "write" and ids:
        store.put(THING, {**value[1], "id": ids[value[0] % len(ids)]})
    elif what == "assign" and ids:
        store.assign(THING, {"color": {ids[value[0] % len(ids)]: value[1]}})
    elif what == "unlink" and ids:
        store.delete(THING, ids[value % len(ids)])


def in_order(store: Store) -> list[Row]:
    return [row for _, row in sorted(store.rows(THING).items())]


@examples(60)
@given(st.lists(row_values(), max_size=25), st.lists(CHANGES, max_size=12))
def test_a_search_finds_what_a_scan_finds(first: list[Row], changes: list[tuple[str, Any]]) -> None:
    with eager():
        store, marks = Store(), list[int]()
        store.insert_all(THING, [dict(row) for row in first])
        others: list[tuple[Store, list[Row]]] = []
        for what, value in changes:
            if what == "mark":
                marks.append(store.mark())
            elif what == "rollback" and marks:
                store.rollback(marks.pop())
            elif what == "clone":
                others.append((store, in_order(store)))
                store, marks = store.clone(), []
            elif what == "search":
                make, keys, offset, limit = value
                check(store, make(store), keys, offset, limit)
            else:
                change(store, what, value)
        every = conditions.any_of([conditions.is_true("active"), conditions.is_false("active")])
        for other, rows in others:
            assert list(finding.find(other, THING, every).rows()) == rows


# -- in databases


def found(model: Recordset, *domain: Any, **kwargs: Any) -> list[str]:
    """The names that a search finds, each time the same, however often it is asked."""
    times = [[row["name"] for row in model.search_read(list(domain), ["name"], **kwargs)] for _ in range(5)]
    assert all(again == times[0] for again in times)
    return times[0]


@pytest.fixture
def things(env: Environment) -> Recordset:
    things = define(env, "thing", {
        "name": {"type": "char", "translate": True}, "rank": {"type": "integer"}, "active": {"type": "boolean"},
        "day": {"type": "date"}, "parent_id": {"type": "many2one", "relation": "thing"},
    }, order="rank desc, name")  # fmt: skip
    names = [f"Thing {number}" for number in range(300)]
    things.create([{"name": name, "rank": number % 7, "active": True} for number, name in enumerate(names)])
    return things


def test_true_and_one_are_different_values_of_a_domain(things: Recordset) -> None:
    assert len(found(things, ("rank", "=", 1))) == 43
    assert len(found(things, ("rank", "=", True))) == 43
    assert len(found(things, ("rank", "in", [True, 2]))) == len(found(things, ("rank", "in", [1, 2]))) == 86
    assert len(found(things, (1, "=", 1))) == 300


def test_archived_records_are_left_out_where_the_context_says_so(things: Recordset) -> None:
    assert found(things, ("name", "=", "Thing 7")) == ["Thing 7"]
    things.search([("name", "=", "Thing 7")]).write({"active": False})
    assert found(things, ("name", "=", "Thing 7")) == []
    assert found(things.with_context(active_test=False), ("name", "=", "Thing 7")) == ["Thing 7"]


def test_a_translated_name_is_found_in_its_language(things: Recordset) -> None:
    env = things.env
    things.env["res.lang"].search([("code", "=", "fr_FR"), ("active", "=", False)]).write({"active": True})
    french = things.with_context(lang="fr_FR")
    one = things.search([("name", "=", "Thing 7")])
    one.with_context(lang="fr_FR").write({"name": "Chose"})
    assert [found(things, ("name", "=", "Thing 7")), found(things, ("name", "=", "Chose"))] == [["Thing 7"], []]
    assert [found(french, ("name", "=", "Thing 7")), found(french, ("name", "=", "Chose"))] == [[], ["Chose"]]
    assert found(french, order="name", limit=2)[0] == "Chose"
    assert found(env["thing"], order="name", limit=2) == ["Thing 0", "Thing 1"]


def test_a_page_of_an_order_is_a_part_of_the_whole_order(things: Recordset) -> None:
    whole = found(things, order="rank, name desc")
    assert found(things, order="rank, name desc", offset=120, limit=80) == whole[120:200]
    assert found(things, offset=290, limit=80) == found(things)[290:]
    assert found(things, order="id", offset=10**30, limit=10**30) == []
    assert found(things, ("rank", ">", 3), order="id", limit=3) == ["Thing 4", "Thing 5", "Thing 6"]


def test_a_search_sees_what_a_call_that_failed_has_not_left(things: Recordset) -> None:
    before = found(things, ("rank", "=", 3), limit=5)
    with pytest.raises(ValueError, match="stop"), things.env.db.transaction():
        things.create({"name": "A", "rank": 3, "active": True})
        assert found(things, ("rank", "=", 3), limit=5)[0] == "A"
        raise ValueError("stop")
    assert found(things, ("rank", "=", 3), limit=5) == before


def test_a_copy_of_a_database_finds_its_own_records(things: Recordset) -> None:
    db = things.env.db
    assert found(things, ("rank", "=", 3), ("name", "ilike", "thing 3"))[0] == "Thing 3"
    copied = db.clone("copy").env()["thing"]
    things.search([("name", "=", "Thing 3")]).unlink()
    copied.create({"name": "A thing 3", "rank": 3, "active": True})
    assert found(things, ("rank", "=", 3), ("name", "ilike", "thing 3"))[0] == "Thing 31"
    assert found(copied, ("rank", "=", 3), ("name", "ilike", "thing 3"))[:2] == ["A thing 3", "Thing 3"]


def test_a_field_that_is_defined_anew_is_searched_anew(things: Recordset) -> None:
    assert len(found(things, ("rank", ">", 5))) == 42
    db = things.env.db
    db.add_model(db.registry["thing"].extended([Char(name="rank", model="thing")]))
    assert len(found(things, ("name", "=", "Thing 7"))) == 1


def test_groups_are_counted_as_their_records_are(things: Recordset) -> None:
    first = things.search([], limit=1)
    things.search([("rank", "=", 2)]).write({"parent_id": first.id})
    for _ in range(4):
        groups = things.read_group([("rank", "<", 4)], ["parent_id"], ["parent_id"])
        assert [group["parent_id_count"] for group in groups] == [129, 43]
        first.write({"rank": 6})
        ranks = things.read_group([], ["rank:sum"], ["rank"])
        assert sum(group["rank_count"] for group in ranks) == 300


def test_many_writes_between_searches_make_a_new_sheet(things: Recordset) -> None:
    for turn in range(4):
        records = things.search([("rank", "=", turn)])
        records.write({"rank": turn + 1})
        assert found(things, ("rank", "=", turn)) == []
        assert len(found(things, ("rank", "=", turn + 1), order="id", limit=500)) == 43 * (turn + 2)
