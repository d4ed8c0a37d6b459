"""`order` clauses, limits and offsets."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.errors import DatabaseError, UserError
from mockserver.orm.records.environment import Environment, Recordset
from tests.models import define

GRAMMAR = (
    'Invalid "order" specified ({}). A valid "order" specification is a comma-separated list of valid field names'
    " (optionally followed by asc/desc for the direction)"
)


@pytest.fixture
def items(env: Environment) -> Recordset:
    define(env, "kind", {"name": {"type": "char"}, "rank": {"type": "integer"}, "main": {"type": "boolean"}},
           order="rank desc, name")  # fmt: skip
    items = define(env, "item", {
        "name": {"type": "char"}, "size": {"type": "float"}, "done": {"type": "boolean"}, "day": {"type": "date"},
        "kind_id": {"type": "many2one", "relation": "kind"}, "kind_ids": {"type": "many2many", "relation": "kind"},
        "parent_id": {"type": "many2one", "relation": "item"}, "odd": {"type": "char", "store": False},
        "barcode": {"type": "char", "company_dependent": True, "store": False},
        "kind_name": {"type": "char", "related": "kind_id.name", "store": False},
    }, order="name")  # fmt: skip
    low, high, also = items.env["kind"].create(
        [{"name": "low", "rank": 1, "main": True}, {"name": "high", "rank": 2}, {"name": "also", "rank": 2}]
    )
    a = items.create({"name": "a", "size": 2, "done": True, "kind_id": low.id, "day": "2024-02-01", "barcode": "1"})
    items.create({"name": "b", "size": 1, "done": False, "kind_id": high.id, "parent_id": a.id, "barcode": "9"})
    items.create({"name": "C", "kind_id": also.id, "day": "2024-01-01", "parent_id": 2})
    items.create({"size": 2})
    return items


def ordered(items: Recordset, order: str | None) -> str:
    return "".join(record.name or "n" for record in items.search([], order=order))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (None, "Cabn"), ("", "Cabn"), ("id", "abCn"), ("id desc", "nCba"), ("name", "Cabn"), ("name desc", "nbaC"),
        ("name DESC", "nbaC"), ("  name   desc  ", "nbaC"), ('"name" desc', "nbaC"), ("size", "banC"),
        ("size desc", "Canb"),
        ("size desc, id desc", "Cnab"), ("size, name desc", "bnaC"), ("done", "bCna"), ("done desc", "abCn"),
        ("day", "Cabn"), ("day desc", "bnaC"),
        ("name nulls first", "nCab"), ("name desc nulls last", "baCn"), ("name ASC NULLS LAST", "Cabn"),
        ("size nulls first, id desc", "Cbna"),
        # a many2one sorts by the order of its comodel, turned by desc
        ("kind_id", "nCba"), ("kind_id desc", "abCn"), ("kind_id.id", "abCn"), ("kind_id.id desc", "nCba"),
        ("kind_id nulls last", "Cban"), ("kind_id desc nulls first", "nabC"), ("kind_id nulls first", "nCba"),
        ("parent_id", "bCan"), ("parent_id, id desc", "bCna"),
        # fields without a column are left out
        ("odd", "abCn"), ("kind_ids", "abCn"), ("odd, name desc", "nbaC"), ("barcode desc", "abCn"),
        ("display_name desc", "abCn"),
    ],
)  # fmt: skip
def test_an_order(items: Recordset, order: str | None, expected: str) -> None:
    assert ordered(items, order) == expected


@pytest.mark.parametrize(
    "order", ["name foo", "name; drop table", "name asc desc", "name nulls", "name nulls middle",
              "-name", "name()", "name desc nulls  ", "a.b.c"],
)  # fmt: skip
def test_a_bad_clause_is_refused(items: Recordset, order: str) -> None:
    with pytest.raises(UserError) as caught:
        items.search([("id", "=", 0)], order=order)
    assert str(caught.value) == GRAMMAR.format(order)


@pytest.mark.parametrize("order", ["name,", ",name", "name,,id", "name foo,"])
def test_an_empty_part_of_an_order_fails_before_the_check_of_the_clause(items: Recordset, order: str) -> None:
    with pytest.raises(IndexError, match=r"^list index out of range$"):
        items.search([], order=order)


@pytest.mark.parametrize("order", ["nope", "name, nope desc", "1", "__class__", "NAME"])
def test_an_unknown_field_is_refused(items: Recordset, order: str) -> None:
    with pytest.raises(ValueError, match=r"^Invalid field '.*' on model 'item'$"):
        items.search([], order=order)


def test_a_loop_of_orders_ends(env: Environment) -> None:
    items = define(env, "item", {"parent_id": {"type": "many2one", "relation": "item"}, "n": {"type": "integer"}},
                   order="parent_id, n desc")  # fmt: skip
    a = items.create({"n": 1})
    b = items.create({"n": 2, "parent_id": a.id})
    c = items.create({"n": 3, "parent_id": a.id})
    # the parent's `n desc` comes first, and NULL before all
    assert items.search([]).ids == [a.id, c.id, b.id]


def test_an_inherited_field_sorts_by_its_owner(env: Environment) -> None:
    users = env["res.users"].sudo().with_context(active_test=False)
    users.create([{"name": "zoe", "login": "1"}, {"name": "abe", "login": "2"}])
    found = users.search([("login", "in", ["1", "2"])], order="name desc")
    assert found.mapped("name") == ["zoe", "abe"]
    assert users.search([("login", "in", ["1", "2"])]).mapped("name") == ["abe", "zoe"]


def test_the_order_of_the_model_takes_over_where_none_is_asked_for(env: Environment) -> None:
    partners = env["res.partner"].create([{"name": "b"}, {"name": "a"}, {"name": "b"}])
    second, first, third = partners.ids
    assert env["res.partner"].search([("id", "in", partners.ids)]).ids == [first, third, second]


@pytest.mark.parametrize(
    ("offset", "limit", "expected"),
    [(0, None, "abCn"), (0, 0, "abCn"), (0, False, "abCn"), (None, None, "abCn"), (False, 2, "ab"), (1, 2, "bC"),
     (3, 9, "n"),
     (9, None, ""), ("1", "2", "bC"), (0, "0", "abCn")],
)  # fmt: skip
def test_a_limit_and_an_offset(items: Recordset, offset: Any, limit: Any, expected: str) -> None:
    found = items.search([], offset=offset, limit=limit, order="id")
    assert "".join(record.name or "n" for record in found) == expected


@pytest.mark.parametrize(
    ("bounds", "name", "text"),
    [({"limit": -1}, "errors.InvalidRowCountInLimitClause", "LIMIT must not be negative\n"),
     ({"offset": -1}, "errors.InvalidRowCountInOffsetClause", "OFFSET must not be negative\n"),
     ({"limit": "abc"}, "errors.InvalidTextRepresentation", 'invalid input syntax for type integer: "abc"\n')],
)  # fmt: skip
def test_a_bad_limit_is_refused_by_the_database(items: Recordset, bounds: dict[str, Any], name: str, text: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        items.search([], **bounds)
    assert caught.value.name == name
    assert str(caught.value).startswith(text)


def test_a_count_goes_up_to_its_limit(items: Recordset) -> None:
    assert items.search_count([]) == 4
    assert items.search_count([], 2) == 2
    assert items.search_count([], limit=9) == 4
    assert items.search_count([], limit=0) == 4
