"""What is long is not kept from call to call: a server that runs for days would fill the memory with it."""

from __future__ import annotations

import gc
from itertools import permutations
from weakref import ref

import pytest

from mockserver.orm.query import finding, order as orders
from mockserver.orm.query.like import like, searched
from mockserver.orm.query.short import SHORT
from mockserver.orm.records.environment import Environment
from mockserver.orm.rights.record_rules import MAX_COMPANIES
from mockserver.orm.writing.defaults import chosen_defaults

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


def test_what_the_rules_say_of_long_lists_of_companies_is_not_kept(env: Environment) -> None:
    def found(companies: list[int]) -> int:
        partners = env.db.env(env.uid, {"allowed_company_ids": companies})["res.partner"]
        return int(partners.search_count([]))

    short, long = [1] * MAX_COMPANIES, [1] * (MAX_COMPANIES + 1)
    assert found(short) == found(long) > 0
    kept = [key[-1] for key in env.db.limits if key[1] == "res.partner"]
    assert tuple(short) in kept
    assert tuple(long) not in kept


def test_defaults_for_any_condition_are_not_kept(env: Environment) -> None:
    before = len(env.db._derived)
    for number in range(5):
        assert chosen_defaults(env, "res.partner", f"country_id={number}") == {}
    assert len(env.db._derived) == before


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
