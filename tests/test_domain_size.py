"""Domains that are long or deep: what they find, what they cost, and where they are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.orm.query.domain import MAX_DEPTH, MAX_ITEMS
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.work import FREE, MAX_TESTS, Work
from tests.cost import calls, cost
from tests.models import define

LEAF = ("name", "=", "a")
Builder = Callable[[int], list[Any]]


@pytest.fixture
def items(env: Environment) -> Recordset:
    """`a` and `b`, each its own parent and child."""
    items = define(env, "item", {
        "name": {"type": "char"}, "parent_id": {"type": "many2one", "relation": "item"},
        "child_ids": {"type": "one2many", "relation": "item", "relation_field": "parent_id"},
    })  # fmt: skip
    for item in items.create([{"name": "a"}, {"name": "b"}]):
        item.write({"parent_id": item.id})
    return items


def nested(depth: int, name: str = "parent_id", operator: str = "any") -> list[Any]:
    domain: list[Any] = [LEAF]
    for _ in range(depth):
        domain = [(name, operator, domain)]
    return domain


def path(depth: int) -> list[Any]:
    return [("parent_id." * depth + "name", "=", "a")]


def alternating(depth: int) -> list[Any]:
    """`depth` changes between `|` and `&`."""
    domain: list[Any] = [LEAF, LEAF]
    for level in range(depth + 1):
        domain = ["&|"[level % 2], *([LEAF] if level else []), *domain]
    return domain


DEEP: dict[str, Builder] = {
    "any": nested,
    "not any": lambda depth: nested(depth, operator="not any"),
    "any of lines": lambda depth: nested(depth, "child_ids"),
    "path": path,
    "any in paths": lambda depth: [("parent_id." * (depth // 2) + "parent_id", "any", nested(depth - depth // 2 - 1))],
    "alternating": alternating,
}
deep = pytest.mark.parametrize("build", DEEP.values(), ids=DEEP)


@deep
def test_a_deep_domain_is_read_as_far_as_the_limit(items: Recordset, build: Builder) -> None:
    assert items.search(build(MAX_DEPTH)).mapped("name") == ["a"]


@deep
@pytest.mark.parametrize("more", [2, 200, 500])
def test_a_deeper_domain_is_refused(items: Recordset, build: Builder, more: int) -> None:
    with pytest.raises(ValueError, match=rf"^The domain nests more than {MAX_DEPTH} levels deep"):
        items.search(build(MAX_DEPTH + more))


@deep
def test_twice_the_depth_costs_twice_as_much(items: Recordset, build: Builder) -> None:
    once, twice = (calls(lambda n=depth: items.search(build(n))) for depth in (20, 40))  # type: ignore[misc]
    assert twice < 2.5 * once


LONG: dict[str, Builder] = {
    "or": lambda length: ["|"] * (length - 1) + [LEAF] * length,
    "or to the right": lambda length: ["|", LEAF] * (length - 1) + [LEAF],
    "pairs": lambda length: ["|", LEAF, LEAF] * (length // 2),
}


@pytest.mark.parametrize("build", LONG.values(), ids=LONG)
def test_a_long_domain_costs_what_its_length_says(items: Recordset, build: Builder) -> None:
    def search(length: int) -> None:
        assert items.search(build(length)).mapped("name") == ["a"]

    # five times as long; 25 times as much would be its square
    assert cost(lambda: search(MAX_ITEMS // 2)) < 15 * min(cost(lambda: search(MAX_ITEMS // 10)) for _ in range(2))


def test_a_domain_of_too_many_items_is_refused(items: Recordset) -> None:
    with pytest.raises(ValueError, match=r"^A domain of 10001 items; this server reads 10000 at most$"):
        items.search(["|"] * 5000 + [LEAF] * 5001)
    inner = [LEAF] * 3000
    with pytest.raises(ValueError, match=r"^A domain of 12006 items"):
        items.search(
            [("parent_id", "any", [("parent_id", "any", inner)]) for _ in range(2)] + [("parent_id", "any", inner)] * 2
        )


def test_every_field_of_a_nested_domain_is_checked_before_any_leaf(items: Recordset) -> None:
    for domain in (
        [("name", "~", 1), ("parent_id", "any", [("parent_id", "any", [("nope", "=", 1)])])],
        [("name", "~", 1), ("parent_id.parent_id", "any", [("parent_id.nope", "=", 1)])],
    ):
        with pytest.raises(ValueError, match=r"^Invalid field item.nope"):
            items.search(domain)


# -- what a search may cost


@pytest.fixture
def words(env: Environment) -> Recordset:
    """400 records, `Word 0` and so on, of which every tenth has no name."""
    words = define(env, "word", {
        "name": {"type": "char"}, "size": {"type": "integer"}, "word_id": {"type": "many2one", "relation": "word"},
    })  # fmt: skip
    words.create([{"name": f"Word {i}" if i % 10 else False, "size": i} for i in range(400)])
    return words


def any_leaf(leaves: list[Any]) -> list[Any]:
    return ["|"] * (len(leaves) - 1) + leaves


PATTERNS = [
    ("ilike", "ORD 1{}"), ("=ilike", "word 2{}"), ("=ilike", "word 3{}%"), ("=ilike", "%rd 4{}"), ("like", "Word 5{}"),
    ("ilike", "nothing {}"), ("like", "word {}"), ("=ilike", "w_rd 6{}"), ("not ilike", "word {}"), ("ilike", "%"),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "pattern"), PATTERNS)
def test_many_patterns_of_a_field_find_what_each_of_them_finds(words: Recordset, operator: str, pattern: str) -> None:
    leaves = [("name", operator, pattern.format(i)) for i in range(12)]
    each = {id_ for leaf in leaves for id_ in words.search([leaf]).ids}
    for _ in range(3):  # by a scan, then by columns
        assert set(words.search(any_leaf(leaves)).ids) == each
        both = any_leaf([*leaves, ("size", "=", 7), ("size", "=", 8)])
        assert set(words.search(both).ids) == each | set(words.search([("size", "in", [7, 8])]).ids)


def test_many_ids_of_which_one_must_match_are_found_as_one_list(words: Recordset) -> None:
    ids = words.search([]).ids
    assert words.search(any_leaf([("id", "=", id_) for id_ in ids[5:300]])).ids == ids[5:300]


def test_thousands_of_patterns_of_a_field_cost_what_its_texts_are_long(words: Recordset) -> None:
    def work(number: int) -> int:
        domain = any_leaf([("name", "ilike", f"nothing {i}") for i in range(number)])
        condition = words.env.condition(words._model, domain)
        rows = words.env.rows(words._model, [])
        return calls(lambda: condition.filter(rows))

    assert work(4_000) < 2 * work(400)


@pytest.mark.parametrize(
    "leaf",
    [
        lambda i: ("size", ">", i), lambda i: ("name", "=ilike", f"%o%{i}%"), lambda i: ("word_id", "ilike", f"{i}"),
        lambda i: ("word_id.size", ">", i), lambda i: ("word_id", "any", any_leaf([("size", ">", i)] * 5)),
    ],
    ids=["a comparison", "a pattern", "a name", "a path", "a domain"],
)  # fmt: skip
def test_too_many_tests_of_records_are_refused(
    words: Recordset, monkeypatch: pytest.MonkeyPatch, leaf: Callable[[int], Any]
) -> None:
    monkeypatch.setattr("mockserver.orm.storage.work.MAX_TESTS", 50_000)
    for _ in range(2):
        words.search(any_leaf([leaf(1 - i) for i in range(3)]))
        with pytest.raises(ValueError, match=r"A search of .* this server does 50000 tests at most for more than 200"):
            words.search(any_leaf([leaf(1000 + i) for i in range(290)]))
    assert words.search([("size", "=", 399)]).ids == [words.search([]).ids[-1]]


def test_few_conditions_may_be_tested_on_any_number_of_records(
    words: Recordset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.orm.storage.work.MAX_TESTS", 100)
    assert len(words.search([("size", ">", -i) for i in range(1, FREE)])) == 400
    with pytest.raises(ValueError, match="A search of"):
        words.search([("size", ">", -i) for i in range(1, FREE + 2)])


def test_a_search_of_a_million_records_is_far_from_the_limit() -> None:
    work = Work()
    work.begin()
    for _ in range(FREE // 3):
        work.add(3, 1_000_000)  # a pattern
    with pytest.raises(ValueError, match="A search of"):
        work.add(3, MAX_TESTS)
