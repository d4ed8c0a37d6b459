"""odoo-connect: a requests session on `/jsonrpc`, parameters by name, `load='raw'`, `read_group(lazy=False)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import odoo_connect
import pytest
from odoo_connect.explore import GLOBAL_CACHE, explore

from mockserver import MockServer

pytestmark = pytest.mark.mockserver(demo=True)


@pytest.fixture
def connect(mockserver: MockServer) -> Iterator[Callable[..., Any]]:
    opened = []

    def connect(**how: Any) -> Any:
        login = {"database": mockserver.db, "username": "admin", "password": "admin", **how}
        client = odoo_connect.connect(mockserver.url, **login)
        opened.append(client)
        return client

    yield connect
    GLOBAL_CACHE.get().clear()
    for client in opened:
        client.session.close()


@pytest.fixture
def odoo(connect: Callable[..., Any]) -> Any:
    return connect()


def test_a_login_knows_the_user(odoo: Any) -> None:
    assert (odoo.is_connected(), odoo.username, odoo.major_version) == (True, "admin", 17)
    assert {key: odoo.user[key] for key in ("id", "login", "name", "partner_id")} == {
        "id": 2,
        "login": "admin",
        "name": "Mitchell Admin",
        "partner_id": [3, "YourCompany, Mitchell Admin"],
    }


def test_wrong_credentials_and_an_unknown_database_are_refused(connect: Callable[..., Any]) -> None:
    with pytest.raises(odoo_connect.OdooServerError, match="Failed to authenticate user admin"):
        connect(password="wrong")
    with pytest.raises(odoo_connect.OdooServerError, match='FATAL:  database "absent" does not exist'):
        connect(database="absent")


def test_the_only_database_is_found_when_none_is_named(connect: Callable[..., Any]) -> None:
    client = connect(database=None, monodb=True)
    assert (client.database, client.list_databases()) == ("mock", ["mock"])


@pytest.mark.mockserver(demo=True, db=["mock", "second"])
def test_with_two_databases_one_has_to_be_named(connect: Callable[..., Any]) -> None:
    assert connect(database="second").user["login"] == "admin"
    assert connect(database="mock").list_databases() == ["mock", "second"]


def test_models_are_called_by_name_with_named_parameters(odoo: Any) -> None:
    partners = odoo["res.partner"]
    ids = partners.create([{"name": "Named 2"}, {"name": "Named 1"}])
    domain = [("id", "in", ids)]
    assert partners.search(domain, order="name") == ids[::-1]
    assert partners.search_read(domain, ["name"], limit=1) == [{"id": ids[1], "name": "Named 1"}]
    assert partners.write(ids, {"city": "Gent"}) is True
    assert partners.read(ids, ["city"]) == [{"id": id_, "city": "Gent"} for id_ in ids]
    assert partners.unlink(ids) is True
    assert partners.search(domain) == []


def test_the_context_of_the_client_goes_with_every_call(odoo: Any) -> None:
    partners = odoo["res.partner"]
    partner = partners.create({"name": "Sleeper", "active": False})
    assert partners.search([("name", "=", "Sleeper")]) == []
    odoo.context["active_test"] = False
    assert partners.search([("name", "=", "Sleeper")]) == [partner]


def test_relations_are_read_as_a_tree_of_raw_ids(odoo: Any) -> None:
    partners = odoo["res.partner"]
    belgium = odoo.ref("base.be", ["name", "code"])
    assert (belgium["name"], belgium["code"]) == ("Belgium", "BE")
    company = partners.create({"name": "Acme", "is_company": True, "country_id": belgium["id"]})
    person = partners.create({"name": "Ann", "parent_id": company})
    assert partners.read(person, ["parent_id"], load="raw") == [{"id": person, "parent_id": company}]
    assert partners.read_dict(person, ["name", "parent_id.country_id.code"]) == {
        "id": person,
        "name": "Ann",
        "parent_id": {"id": company, "country_id": {"id": belgium["id"], "code": "BE"}},
    }
    assert partners.search_read_dict([("id", "=", company)], ["child_ids.name", "parent_id"]) == [
        {"id": company, "child_ids": [{"id": person, "name": "Ann"}], "parent_id": False}
    ]
    with pytest.raises(ValueError, match=r"No record found for unique ID base\.nope"):
        odoo.ref("base.nope")


def test_groups_are_read_by_several_fields_at_once(odoo: Any) -> None:
    partners = odoo["res.partner"]
    belgium = odoo.ref("base.be", ["name"])["id"]
    made = [
        {"name": "A", "country_id": belgium, "color": 1, "date": "2024-02-29"},
        {"name": "B", "country_id": belgium, "color": 2, "date": "2024-03-01"},
        {"name": "C", "color": 4, "date": "2024-03-31"},
    ]
    domain = [("id", "in", partners.create(made))]
    by_country = partners.read_group_dict(domain, ["color:sum"], ["country_id"])
    assert [(group["country_id"], group["color"], group["__count"]) for group in by_country] == [
        (belgium, 3, 2),
        (False, 4, 1),
    ]
    by_month = partners.read_group_dict(domain, None, ["date:month"])
    assert [(group["date:month"], group["__count"]) for group in by_month] == [("2024-02", 1), ("2024-03", 2)]


def test_records_are_explored_through_attributes(odoo: Any) -> None:
    partners: Any = explore(odoo["res.partner"])
    [belgium] = explore(odoo["res.country"]).search([("code", "=", "BE")]).ids
    record = partners.create({"name": "Explored", "country_id": belgium})
    assert (record.name, record.email, record.active) == ("Explored", None, True)
    assert record.country_id.code == "BE"
    record.city = "Gent"
    assert record.city == "Gent"
    record.country_id = partners.browse()
    assert not record.country_id
    assert partners.name_search("Explored").ids == record.ids
    assert partners.search([("city", "=", "Gent"), ("name", "=", "Explored")]).mapped("name") == ["Explored"]
    record.unlink()
    assert record.exists().ids == []


def test_an_error_has_the_message_and_the_trace_of_the_server(odoo: Any) -> None:
    with pytest.raises(odoo_connect.OdooServerError) as caught:
        odoo["res.partner"].no_such_method()
    assert str(caught.value) == "The method 'res.partner.no_such_method' does not exist"
    assert (caught.value.get_data() or {})["name"] == "builtins.AttributeError"
    assert str(caught.value.get_remote_trace()).startswith("Traceback (most recent call last):\n")
    with pytest.raises(odoo_connect.OdooServerError, match="not found"):
        odoo.get_model("no.such.model", check=True)


def test_load_imports_rows_of_text(odoo: Any) -> None:
    result = odoo["res.partner"].execute(
        "load", fields=["id", "name", "country_id"], data=[["__test__.a", "Loaded", "Belgium"]]
    )
    assert result["messages"] == []
    assert odoo.ref("__test__.a", ["name", "country_id"])["name"] == "Loaded"
