"""Fixtures that call methods, name what those made, and say which packs they are for."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.seed import build as seed
from mockserver.seed.build import FixtureError

ORDER: dict[str, Any] = {
    "records": [
        {"model": "res.partner", "xmlid": "my.anna", "values": {"name": "Anna"}},
        {"model": "product.product", "xmlid": "my.desk", "values": {"name": "Desk", "list_price": 100.0}},
        {"model": "sale.order", "xmlid": "my.order", "values": {"partner_id": {"ref": "my.anna"}}},
        {"model": "sale.order.line", "values": {"order_id": {"ref": "my.order"}, "product_id": {"ref": "my.desk"}}},
    ],
    "calls": [
        {"model": "sale.order", "method": "action_confirm", "records": ["my.order"], "at": "2024-02-01 09:00:00"},
        {
            "model": "sale.advance.payment.inv", "method": "create_invoices",
            "values": {"advance_payment_method": "delivered"},
            "context": {"active_model": "sale.order", "active_ids": [{"ref": "my.order"}]},
        },
        {"model": "account.move", "method": "action_post", "records": ["my.order.invoice_ids"]},
    ],
    "names": [{"xmlid": "my.invoice", "path": "my.order.invoice_ids"}],
}  # fmt: skip


@pytest.fixture
def database() -> Database:
    return seed.build("test", profile=profiles.get("odoo-17.0"), fixtures=["sale"], clock=Clock())


def test_methods_are_called_in_order_when_the_records_are_there(database: Database) -> None:
    seed.load(database, ORDER, source="my.json")
    env: Any = database.env(2)
    order, invoice = env.ref("my.order"), env.ref("my.invoice")
    assert (order.state, order.date_order, order.invoice_ids) == ("sale", "2024-02-01 09:00:00", invoice)
    assert (invoice.state, invoice.amount_untaxed) == ("posted", 100.0)
    assert invoice.message_ids[-1:].author_id == env.user.partner_id


def test_a_call_that_fails_leaves_nothing_of_the_fixture(database: Database) -> None:
    failing = {**ORDER, "calls": [*ORDER["calls"], ORDER["calls"][2]]}
    with pytest.raises(FixtureError, match=r"^my.json: call 4 \(account.move.action_post\): The entry .* draft"):
        seed.load(database, failing, source="my.json")
    assert database.env().ref("my.anna", raise_if_not_found=False) is None


def test_a_call_has_a_span_and_follows_the_records_that_the_profile_has(database: Database) -> None:
    seed.load(
        database,
        {
            "records": [
                {"model": "res.partner", "xmlid": "my.old", "until": 16, "values": {"name": "Old"}},
                {"model": "res.partner", "xmlid": "my.new", "since": 17, "values": {"name": "New"}},
            ],
            "calls": [
                {"model": "res.partner", "method": "write", "records": ["my.old", "my.new"], "args": [{"ref": "both"}]},
                {"model": "res.partner", "method": "write", "records": ["my.old"], "args": [{"ref": "old"}]},
                {"model": "res.partner", "method": "unlink", "records": ["my.new"], "until": 16},
                {
                    "model": "res.partner", "method": "no_such_method", "records": ["my.new"],
                    "versions": [{"since": 17, "method": "write", "kwargs": {"vals": {"city": "Ghent"}}}],
                },
            ],
            "names": [
                {"xmlid": "my.other", "path": "my.old"}, {"xmlid": "my.same", "path": "my.new.commercial_partner_id"},
            ],
        },
        source="my.json",
    )  # fmt: skip
    new: Any = database.env().ref("my.new")
    assert (new.ref, new.city, database.env().ref("my.same")) == ("both", "Ghent", new)


CONFIRM = {"model": "sale.order", "method": "action_confirm"}
POST = {"model": "account.move", "method": "action_post"}
CHILD = {"name": "B", "parent_id": {"ref": "my.anna.child_ids"}}
ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "no method": ({"model": "sale.order"}, ": a call is an object with a 'model' and a 'method'"),
    "unknown key": ({**CONFIRM, "record": []}, ": unknown key 'record'; did you mean 'records'?"),
    "unknown model": ({**CONFIRM, "model": "sale.odrer"}, ": unknown model 'sale.odrer'; did you mean 'sale.order'?"),
    "unknown method": (
        {**CONFIRM, "method": "action_confrim", "records": ["my.order"]},
        " (sale.order.action_confrim): sale.order has no public method of this name; did you mean 'action_confirm'?",
    ),
    "private method": (
        {**CONFIRM, "method": "_write", "records": ["my.order"]},
        " (sale.order._write): sale.order has no public method of this name; did you mean 'write'?",
    ),
    "no records": (
        CONFIRM, " (sale.order.action_confirm): needs the 'records' to call it on, or the 'values' of a new one"
    ),
    "shape": (
        {**CONFIRM, "records": "my.order"}, " (sale.order.action_confirm): 'records' is a list, not 'my.order'"
    ),
    "unknown record": (
        {**CONFIRM, "records": ["my.odrer"]},
        " (sale.order.action_confirm): there is no record with the external id 'my.odrer'; did you mean 'my.order'?",
    ),
    "unknown field": (
        {**POST, "records": ["my.order.invoice_id"]},
        " (account.move.action_post): 'my.order.invoice_id': sale.order has no relational field 'invoice_id'; did you "
        "mean 'invoice_ids'?",
    ),
    "other model": (
        {**POST, "records": ["my.order"]},
        " (account.move.action_post): 'my.order' leads to sale.order, not to account.move",
    ),
    "nothing there": (
        {**POST, "records": ["my.order.invoice_ids"]},
        " (account.move.action_post): my.order.invoice_ids lead to no record",
    ),
    "not one": (
        {"model": "res.partner", "method": "create", "args": [CHILD]},
        " (res.partner.create): 'my.anna.child_ids' leads to 0 records, not to one",
    ),
    "time": (
        {**CONFIRM, "records": ["my.order"], "at": "1 May"},
        " (sale.order.action_confirm): 'at': '1 May' is not a date or time: write it like '2026-01-31 12:00:00' or "
        "'2026-01-31'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("call", "text"), ERRORS.values(), ids=ERRORS)
def test_a_mistake_in_a_call_is_named(database: Database, call: dict[str, Any], text: str) -> None:
    with pytest.raises(FixtureError) as caught:
        seed.load(database, {"records": ORDER["records"], "calls": [call]}, source="my.json")
    assert str(caught.value) == f"my.json: call 1{text}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ({"xmlid": "my.x"}, "name 1: a name is an object with an 'xmlid' and a 'path'"),
        ({"xmlid": "x", "path": "my.order"}, "name 1: 'xmlid' is a text 'module.name', not 'x'"),
        ({"xmlid": "my.anna", "path": "my.order"}, "name 1: 'my.anna' is the external id of another record already"),
        ({"xmlid": "my.x", "path": "my.order.invoice_ids"},
         "name 1: 'my.order.invoice_ids' leads to 0 records, not to one"),
        ({"xmlid": "my.x", "path": 3}, "name 1: a path is a text 'module.name' or 'module.name.field', not 3"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_name_is_named(database: Database, name: dict[str, Any], text: str) -> None:
    with pytest.raises(FixtureError) as caught:
        seed.load(database, {"records": ORDER["records"], "names": [name]}, source="my.json")
    assert str(caught.value) == f"my.json: {text}"


def test_a_fixture_for_packs_is_loaded_where_they_are(database: Database) -> None:
    anna = {"records": [ORDER["records"][0]]}
    seed.load(database, {"packs": ["stock"], **anna}, source="my.json")
    assert database.env().ref("my.anna", raise_if_not_found=False) is None
    seed.load(database, {"packs": ["sale", "account"], **anna}, source="my.json")
    assert database.env().ref("my.anna") is not None
    with pytest.raises(FixtureError, match=r"^my.json: 'packs': unknown pack 'slae'; did you mean 'sale'"):
        seed.load(database, {"packs": ["slae"]}, source="my.json")


def test_a_wrong_record_among_others_is_named(database: Database) -> None:
    """Records of a model that follow each other are created in one call."""
    records = [{"model": "res.country", "values": {"name": code, "code": code}} for code in ("X1", "X2", "BE", "X3")]
    with pytest.raises(FixtureError, match=r"^my.json: record 3 of res.country: "):
        seed.load(database, {"records": records}, source="my.json")
    assert not database.env()["res.country"].search([("code", "in", ["X1", "X2", "X3"])])


def test_an_employee_needs_no_resource_in_a_fixture() -> None:
    """What a model's own create fills in is not missing."""
    database = seed.build("test", profile=profiles.get("odoo-17.0"), fixtures=["hr"], clock=Clock())
    ann = {"model": "hr.employee", "xmlid": "my.ann", "values": {"name": "Ann"}}
    seed.load(database, {"records": [ann]}, source="my.json")
    found: Any = database.env().ref("my.ann")
    assert found.resource_id.name == "Ann"
