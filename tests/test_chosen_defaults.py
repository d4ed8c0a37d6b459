"""ir.default: who has which default, and what may be one.  Source: recorded in misc-config (17.0)."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import MockServer
from mockserver.errors import ValidationError
from mockserver.orm.query import field_rows
from mockserver.orm.records.environment import Environment


def test_the_users_own_default_comes_before_that_of_all(env: Environment) -> None:
    partners = env["res.partner"]
    env["ir.default"].set("res.partner", "city", "mine", True)
    env["ir.default"].set("res.partner", "city", "all")
    assert partners.default_get(["city"]) == {"city": "mine"}
    assert partners.with_user(6).default_get(["city"]) == {"city": "all"}
    assert partners.with_context(default_city="asked").create({"name": "A"}).city == "asked"
    assert partners.create({"name": "B"}).city == "mine"
    assert partners.create({"name": "C", "city": False}).city is False


def test_a_default_that_is_set_again_is_replaced(env: Environment) -> None:
    defaults = env["ir.default"]
    defaults.set("res.partner", "color", 3)
    defaults.set("res.partner", "color", 4)
    assert [d.json_value for d in defaults.search([("field_id.name", "=", "color")])] == ["4"]
    assert env["res.users"].default_get(["color"]) == {"color": 4}  # by the partner


@pytest.mark.parametrize(("field", "value"), [("color", "bad"), ("type", "wrong"), ("country_id", "Belgium")])
def test_a_value_that_the_field_cannot_hold_is_refused(env: Environment, field: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=rf"Invalid value for res\.partner\.{field}: {value}"):
        env["ir.default"].set("res.partner", field, value)


def test_ids_of_a_many2many_are_links_and_a_deleted_record_is_no_default(env: Environment) -> None:
    tag = env["res.partner.category"].create({"name": "Tag"})
    title = env["res.partner.title"].create({"name": "Captain"})
    env["ir.default"].set("res.partner", "category_id", [tag.id])
    env["ir.default"].set("res.partner", "title", title.id)
    made = env["res.partner"].create({"name": "A"})
    assert (made.category_id.ids, made.title.ids) == (tag.ids, title.ids)
    title.unlink()
    assert env["res.partner"].default_get(["title", "category_id"]) == {"category_id": [(6, 0, tag.ids)]}


def test_no_row_of_a_field_is_made_to_find_the_chosen_defaults() -> None:
    env = MockServer().env
    store = env.db.store
    (field_id,) = field_rows.ids_of(store, "res.partner", "color")
    store.insert("ir.default", {"field_id": field_id, "json_value": "3"})
    assert env["res.partner"].create({"name": "A"}).color == 3
    env["res.partner.category"].create({"name": "Tag"}).unlink()
    assert store.is_unused(field_rows.TABLE)
    assert field_rows.described(store, field_id) == ("res.partner", "color")
    assert store.rows(field_rows.TABLE)[field_id]["name"] == "color"
    assert field_rows.described(store, field_id) == ("res.partner", "color")
