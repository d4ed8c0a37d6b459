"""Texts of clients that are long are not kept: a server that runs for days would fill the memory with them."""

from __future__ import annotations

import gc
from itertools import permutations
from weakref import ref

import pytest

from mockserver.orm.query import finding, order as orders
from mockserver.orm.query.like import like, searched
from mockserver.orm.query.short import SHORT
from mockserver.orm.records.environment import Environment

LONG = "x" * (SHORT - 1)  # with the two `%` of a plain pattern


def test_long_patterns_are_not_kept() -> None:
    assert like("short", True) is like("short", True)
    long = ref(like(f"%{LONG}%", True))
    gc.collect()
    assert long() is None
    assert like(f"%{LONG}%", True)(f"a{LONG}b")
    assert searched(f"%{LONG}%") == LONG


def test_long_conditions_and_orders_are_not_kept(env: Environment) -> None:
    partners, kept = env["res.partner"], env.db.kept
    assert partners.search([("name", "=", "Azure Interior")], order="name, id")
    assert kept._conditions
    assert kept._terms
    for domain in ([("name", "=", LONG * 2)], [("name", "ilike", LONG * 2)], [("name", "in", ["a", LONG * 2])]):
        assert not partners.search(domain)
    order = ",".join(["name"] * SHORT)
    assert partners.search([], order=order, limit=5).ids == partners.search([], order="name", limit=5).ids
    assert all(LONG not in str(key) for key in kept._conditions)
    assert order not in {key[1] for key in kept._terms}
    assert orders._plain(order) is not orders._plain(order)


@pytest.fixture
def many_partners(env: Environment) -> Environment:
    """So many that searches keep columns of them."""
    names = [{"name": f"{number % 7}", "city": f"{number % 5}", "ref": f"{number % 3}"} for number in range(5_000)]
    env["res.partner"].create(names)
    return env


def test_the_first_rows_of_few_orders_are_kept(many_partners: Environment) -> None:
    partners = many_partners["res.partner"]
    clauses = [", ".join(clause) for clause in permutations(["name", "city desc", "ref", "id desc", "color"], 3)]
    for clause in clauses * 2:
        partners.search([], order=clause, limit=3)
    view = many_partners.db.store.view("res.partner")
    assert view is not None
    assert 0 < len(view.sheet.derived) <= finding._HEADS < len(clauses)
