"""What a product does beyond its generation, as the document of its API prints it."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from mockserver.services.call import Call, execute

MODES = ("read", "write", "create", "unlink")


def database(name: str) -> Database:
    return seed.build("test", profile=profiles.get(name).with_demo(True), clock=Clock())


def custom(env: Environment) -> tuple[Recordset, Recordset]:
    """`(row of ir.model, its model)` of a new custom model without access rights."""
    model = env["ir.model"].create({"name": "Custom Model", "model": "x_custom", "state": "manual"})
    return model, env["x_custom"]


def able(records: Recordset) -> list[str]:
    return [mode for mode in MODES if records.call("check_access_rights", mode, raise_exception=False)]


def test_flectra_2_lets_everybody_use_a_custom_model_without_access_rights() -> None:
    db = database("flectra-2.0")
    _, things = custom(db.env(db.profile.admin_id))
    assert able(things) == list(MODES)


def test_one_access_right_ends_that() -> None:
    db = database("flectra-2.0")
    env = db.env(db.profile.admin_id)
    model, things = custom(env)
    env["ir.model.access"].create({"name": "readers", "model_id": model.id, "perm_read": True})
    assert able(things) == ["read"]


def test_its_models_of_modules_stay_closed() -> None:
    db = database("flectra-2.0")
    env = db.env(db.profile.admin_id)
    rights = env["ir.model.access"].sudo().search([("model_id.model", "=", "res.partner.industry")])
    assert rights
    rights.unlink()
    assert able(env["res.partner.industry"]) == []


@pytest.mark.parametrize("name", ["odoo-13.0", "odoo-17.0"])
def test_odoo_refuses_a_custom_model_without_access_rights(name: str) -> None:
    db = database(name)
    _, things = custom(db.env(db.profile.admin_id))
    with pytest.raises(AccessError):
        things.create({"x_name": "test record"})


@pytest.mark.parametrize(
    ("name", "tail"),
    [
        ("flectra-1.6", "(Document model: res.users)"),
        ("odoo-11.0", "(Document model: res.users) - (Operation: unlink, User: 5)"),
    ],
)
def test_flectra_1_does_not_tell_who_was_refused_what(name: str, tail: str) -> None:
    db = database(name)
    with pytest.raises(AccessError) as caught:
        db.env(5)["res.users"].browse(6).unlink()
    assert str(caught.value).endswith(f"\n\n{tail}")


def search_read(db: Database, *args: Any) -> Any:
    call = Call("test", "object", "search_read", list(args), uid=db.profile.admin_id, model="res.partner")
    return execute(db, call)


def test_cloudoffix_takes_the_arguments_of_search_for_search_read() -> None:
    db = database("cloudoffix-11.0")
    partners = db.env(db.profile.admin_id)["res.partner"]
    first, second = (partners.create({"name": name}).id for name in ("John Doe", "John Farewell"))
    johns = [["name", "ilike", "john"]]
    assert search_read(db, johns, 0, 0, "create_date DESC", True) == 2
    assert search_read(db, johns, 0, 0, "name DESC") == [second, first]
    assert search_read(db, johns, 1, 0, "name DESC") == [first]
    assert search_read(db, johns, ["name"], 0, 1, "name") == [{"id": first, "name": "John Doe"}]
    assert search_read(db, johns, False, 0, 1, "name")[0].keys() > {"id", "name", "email"}


def test_odoo_11_does_not() -> None:
    with pytest.raises(AttributeError, match="'bool' object has no attribute 'split'"):
        search_read(database("odoo-11.0"), [["name", "ilike", "john"]], 0, 0, "create_date DESC", True)
