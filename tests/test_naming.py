"""name_search, name_create, name_get, display names."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import MissingError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed.build import build
from tests.models import define, one


@pytest.fixture
def items(env: Environment) -> Recordset:
    items = define(env, "item", {"name": {"type": "char"}, "color": {"type": "integer"}, "active": {"type": "boolean"}},
                   order="name desc", defaults={"active": True})  # fmt: skip
    items.create([{"name": "Ape"}, {"name": "ape 2", "color": 1}, {"name": "Bee"}, {"name": False},
                  {"name": "old ape", "active": False}])  # fmt: skip
    return items


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((), [4, 2, 3, 1]), (("",), [4, 2, 3, 1]), (("ape",), [2, 1]), (("APE",), [2, 1]), (("zzz",), []),
        (("ape", [("color", "=", 1)]), [2]), (("Ape", None, "="), [1]), (("ape", [], "like"), [2]),
        (("Ape", [], "!="), [4, 2, 3]),
        (("ape", [], "not ilike"), [4, 3]), (("", [], "="), []), (("", [], "!="), [2, 3, 1]),
        (("ape", [], "ilike", 1), [2]),
        (("", None, "ilike", None), [4, 2, 3, 1]), (("A%", [], "=like"), [1]), ((False,), [4, 2, 3, 1]),
        (("ape", ["|", ("color", "=", 1), ("name", "=", "Ape")]), [2, 1]),
    ],
)  # fmt: skip
def test_a_name_search(items: Recordset, args: tuple[Any, ...], expected: list[int]) -> None:
    found = items.name_search(*args)
    assert [id_ for id_, _ in found] == expected
    assert all(name == (items.browse(id_).name) for id_, name in found)


def test_a_name_search_by_keyword(items: Recordset) -> None:
    assert items.name_search(name="Bee", args=[], operator="=", limit=5) == [[3, "Bee"]]
    with pytest.raises(TypeError, match="unexpected keyword argument 'domain'"):
        items.name_search(name="Bee", domain=[])


def test_archived_records_are_not_found_by_name_unless_asked_for(items: Recordset) -> None:
    assert items.name_search("old") == []
    assert items.with_context(active_test=False).name_search("old") == [[5, "old ape"]]


def test_a_model_without_a_name_finds_all(env: Environment) -> None:
    items = define(env, "item", {"code": {"type": "char"}})
    items.create([{"code": "a"}, {"code": "b"}])
    assert items.name_search("zzz") == [[1, "item,1"], [2, "item,2"]]
    assert items.name_create("a") is False


def test_a_partner_is_found_by_name_email_reference_or_number(env: Environment) -> None:
    company = env["res.partner"].create({"name": "Zenith", "is_company": True, "ref": "Zref", "vat": "Zvat",
                                         "email": "z@mail.test"})  # fmt: skip
    contact = env["res.partner"].create({"name": "Zoe", "parent_id": company.id})
    assert env["res.partner"].name_search("Zen") == [[company.id, "Zenith"], [contact.id, "Zenith, Zoe"]]
    for text in ("Zref", "Zvat", "z@mail"):
        assert [company.id, "Zenith"] in env["res.partner"].name_search(text)
    assert env["res.partner"].search([("parent_id", "=", "Zref")]) == contact


def test_name_create_makes_a_record(items: Recordset) -> None:
    assert items.name_create("New") == [6, "New"]
    assert items.browse(6).read(["name", "active"]) == [{"id": 6, "name": "New", "active": True}]


def test_name_get_fails_for_what_is_gone(items: Recordset) -> None:
    assert items.browse([2, 1, 2]).name_get() == [[2, "ape 2"], [1, "Ape"], [2, "ape 2"]]
    assert items.browse([4]).name_get() == [[4, False]]
    assert items.browse([]).name_get() == []
    with pytest.raises(MissingError):
        items.browse([1, 99]).name_get()


@pytest.mark.parametrize(
    ("fields", "values", "expected"),
    [
        ({"name": {"type": "char"}}, {"name": "n"}, "n"), ({"name": {"type": "char"}}, {"name": ""}, False),
        ({"name": {"type": "integer"}}, {"name": 5}, "5"),
        ({"name": {"type": "date"}}, {"name": "2024-01-02"}, "2024-01-02"),
        ({"name": {"type": "selection", "selection": [["a", "Label"]]}}, {"name": "a"}, "Label"),
        ({"name": {"type": "many2one", "relation": "res.country"}}, {"name": 20}, "Belgium"),
        ({"x_name": {"type": "char"}}, {"x_name": "x"}, "x"), ({"code": {"type": "char"}}, {"code": "c"}, "item,1"),
    ],
)  # fmt: skip
def test_the_name_of_a_record(env: Environment, fields: Any, values: Any, expected: Any) -> None:
    record = define(env, "item", fields).create(values)
    assert one(record, "display_name") == expected
    assert record.name_get() == [[1, expected]]


def test_display_name_cannot_be_written_nor_limit_a_search(items: Recordset) -> None:
    items.browse(1).write({"display_name": "other"})
    assert items.browse(1).name == "Ape"
    assert len(items.search([("display_name", "=", "Bee")])) == 4


@pytest.mark.parametrize(("profile", "found"), [("odoo-17.0", False), ("odoo-18.0", True)])
def test_display_name_limits_a_search_since_18(profile: str, found: bool) -> None:
    known = profiles.get(profile)
    env = build("t", profile=known, clock=Clock()).env(known.admin_id)
    assert (env["res.country"].search([("display_name", "=", "Belgium")]).mapped("code") == ["BE"]) is found
    with pytest.raises(ValueError, match=r"\('display_name', 'nope', 'x'\)" if found else "nope"):
        env["res.partner.industry"].name_search("x", operator="nope")
