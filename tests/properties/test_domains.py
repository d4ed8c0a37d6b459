"""Compiled domains and order clauses against the naive evaluator, on small random databases."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import example, given, strategies as st

from mockserver.orm.query.domain import normalize
from tests.properties.budget import examples
from tests.properties.worlds import RICH, World, database, domains, naive, orders, worlds

WORLD: World = {
    "category": {1: {"name": "a"}},
    "tag": {1: {"name": "a", "active": True}, 2: {"name": "a"}},
    "item": {
        1: {"name": "a", "active": True, "category_id": 1, "tag_ids": (1,), "flag": True},
        2: {"name": "b ", "active": True, "parent_id": 1, "tag_ids": (2,)},
        3: {"name": "a", "parent_id": 2, "flag": False, "number": 0},
    },
}


def _search(world: World, domain: Any, active_test: bool, **kwargs: Any) -> list[int]:
    records = database(world).env(context={"active_test": active_test})["item"]
    return list(records.search(domain, **kwargs).ids)


@examples(150)
@given(worlds(), domains("item"), st.booleans())
@example(WORLD, [("flag", "!=", True)], False)
@example(WORLD, ["!", ("flag", "=?", True)], False)
@example(WORLD, ["!", ("parent_id", "=like", "a")], False)
@example(WORLD, ["!", ("category_id", "=ilike", "zz")], False)
@example(WORLD, ["!", ("category_id", "child_of", False)], False)
@example(WORLD, ["!", ("tag_ids", "=like", "a")], False)
@example(WORLD, ["!", ("tag_ids", "=?", 1)], False)
@example(WORLD, ["!", ("display_name", "=like", "a")], False)
def test_a_search_finds_what_the_naive_evaluator_finds(world: World, domain: Any, active_test: bool) -> None:
    expected = naive(world)
    for asked in (domain, ["!", *normalize(domain)]):
        found = _search(world, asked, active_test, order="id")
        assert found == sorted(expected.search("item", asked, active_test)), asked


@examples(150)
@given(domains("item"), st.booleans())
def test_a_search_among_many_kinds_of_rows_finds_what_the_naive_evaluator_finds(domain: Any, active_test: bool) -> None:
    expected = naive(RICH)
    items = database(RICH).env(context={"active_test": active_test})["item"]
    for asked in (domain, ["!", *normalize(domain)]):
        assert items.search(asked, order="id").ids == sorted(expected.search("item", asked, active_test)), asked


@examples(100)
@given(worlds(), domains("item", depth=1), orders("item"), st.booleans())
@example(WORLD, [], "parent_id nulls first", False)
@example(WORLD, [], "category_id desc nulls last, id desc", False)
def test_a_search_orders_as_the_naive_sorter(world: World, domain: Any, order: str, active_test: bool) -> None:
    expected = naive(world)
    found = _search(world, domain, active_test, order=order)
    lowered = order.lower()
    assert found == expected.sorted("item", expected.search("item", domain, active_test), lowered)


@examples(50)
@given(worlds(), orders("item") | st.none(), st.integers(0, 9), st.integers(0, 9) | st.sampled_from([None, False]))
def test_limit_and_offset_cut_a_piece_out(world: World, order: str | None, offset: int, limit: int | None) -> None:
    expected = naive(world).sorted("item", world["item"], order and order.lower())
    piece = expected[offset : offset + limit] if limit else expected[offset:]
    assert _search(world, [], False, order=order, offset=offset, limit=limit) == piece


@examples(60)
@given(worlds(), domains("item", depth=1), st.booleans(), st.integers(0, 4))
def test_search_count_counts_what_search_finds(world: World, domain: Any, active_test: bool, limit: int) -> None:
    records = database(world).env(context={"active_test": active_test})["item"]
    assert records.search_count(domain, limit=limit) == len(records.search(domain, limit=limit))


@examples(100)
@given(domains("item"))
def test_normalizing_twice_is_normalizing_once(domain: Any) -> None:
    once = normalize(domain)
    assert normalize(once) == once


@examples(60)
@given(worlds(), domains("item", depth=1), st.booleans())
def test_a_double_negation_changes_nothing(world: World, domain: Any, active_test: bool) -> None:
    whole = normalize(domain)
    twice = ["!", "!", *whole]
    # the outer conjunction is written out, so that `active` is mentioned in both or in none
    assert _search(world, twice, active_test) == _search(world, whole, active_test)


@examples(60)
@given(worlds(), domains("item", depth=1), domains("item", depth=1))
def test_a_negated_and_is_the_or_of_the_negations(world: World, left: Any, right: Any) -> None:
    left, right = normalize(left), normalize(right)
    negated = _search(world, ["!", "&", *left, *right], False)
    assert negated == _search(world, ["|", "!", *left, "!", *right], False)


@examples(60)
@given(worlds(), domains("item"))
def test_a_domain_is_never_changed_by_a_search(world: World, domain: Any) -> None:
    before = copy.deepcopy(domain)
    _search(world, domain, True)
    assert domain == before


@examples(60)
@given(worlds(), st.lists(domains("item", depth=1), min_size=2, max_size=3))
def test_indexes_that_earlier_searches_built_change_no_result(world: World, several: list[Any]) -> None:
    db = database(world)
    items = db.env()["item"]
    with_indexes = [items.search(domain).ids for domain in several]
    for domain, found in zip(several, with_indexes, strict=True):
        db.store._indexes.clear()
        assert items.search(domain).ids == found
