"""OdooRPC: `/jsonrpc` with `execute` and `execute_kw`, records read with `load='_classic_write'`."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import odoorpc
import pytest

from mockserver import MockServer

pytestmark = pytest.mark.mockserver(demo=True)


def connect(server: MockServer) -> odoorpc.ODOO:
    return odoorpc.ODOO(server.host, port=server.port)


@pytest.fixture
def odoo(mockserver: MockServer) -> odoorpc.ODOO:
    client = connect(mockserver)
    client.login(mockserver.db, mockserver.login, mockserver.password)
    return client


@pytest.fixture
def partners(odoo: odoorpc.ODOO) -> Any:
    return odoo.env["res.partner"]


def error(caught: pytest.ExceptionInfo[odoorpc.error.RPCError]) -> tuple[str, str]:
    """The class that the server names, and the message."""
    data = caught.value.info["data"]
    return data["name"], data["message"]


# -- login -----------------------------------------------------------------------------------------


def test_the_version_and_the_databases_are_told_before_the_login(mockserver: MockServer) -> None:
    client = connect(mockserver)
    assert client.version == "17.0"
    assert client.db.list() == [mockserver.db]


def test_a_login_gives_the_uid_and_the_context_of_the_user(odoo: odoorpc.ODOO, mockserver: MockServer) -> None:
    assert (odoo.env.db, odoo.env.uid, odoo.env.lang) == (mockserver.db, 2, "en_US")
    assert odoo.env.context == {"lang": "en_US", "tz": "Europe/Brussels", "uid": 2}
    user = odoo.env.user
    assert (user.id, user.login, user.name) == (2, "admin", "Mitchell Admin")
    assert user.company_id == odoo.env.ref("base.main_company")


def test_a_wrong_password_is_an_error_and_leaves_the_client_logged_out(mockserver: MockServer) -> None:
    client = connect(mockserver)
    with pytest.raises(odoorpc.error.RPCError, match="Wrong login ID or password"):
        client.login(mockserver.db, "admin", "wrong")
    with pytest.raises(odoorpc.error.InternalError, match="Login required"):
        _ = client.env


def test_an_unknown_database_is_the_message_of_postgresql(mockserver: MockServer) -> None:
    with pytest.raises(odoorpc.error.RPCError) as caught:
        connect(mockserver).login("absent", "admin", "admin")
    name, message = error(caught)
    assert name == "psycopg2.OperationalError"
    assert message.endswith('FATAL:  database "absent" does not exist\n')


def test_the_cookie_of_a_web_session_is_kept_until_it_is_destroyed(odoo: odoorpc.ODOO, mockserver: MockServer) -> None:
    who = {"db": mockserver.db, "login": "admin", "password": "admin"}
    assert odoo.json("/web/session/authenticate", who)["result"]["uid"] == 2
    assert odoo.json("/web/session/get_session_info", {})["result"]["username"] == "admin"
    search = {"model": "res.partner", "method": "search_count", "args": [[("id", "<", 0)]], "kwargs": {}}
    assert odoo.json("/web/dataset/call_kw", search)["result"] == 0
    assert "result" not in odoo.json("/web/session/destroy", {})
    with pytest.raises(odoorpc.error.RPCError) as caught:
        odoo.json("/web/dataset/call_kw", search)
    assert (caught.value.info["code"], caught.value.info["message"]) == (100, "Odoo Session Expired")
    assert error(caught)[0] == "odoo.http.SessionExpiredException"


def test_a_logout_forgets_the_login(odoo: odoorpc.ODOO) -> None:
    assert odoo.logout() is True
    assert odoo.logout() is False
    with pytest.raises(odoorpc.error.InternalError, match="Login required"):
        odoo.execute("res.partner", "search", [])


def test_a_connection_that_was_saved_is_made_again(odoo: odoorpc.ODOO, tmp_path: Path) -> None:
    file = str(tmp_path / "odoorpcrc")
    odoo.save("mock", rc_file=file)
    again = odoorpc.ODOO.load("mock", rc_file=file)
    assert (again.env.db, again.env.uid) == (odoo.env.db, 2)


# -- records ---------------------------------------------------------------------------------------


def test_a_record_shows_its_fields_as_python_values(odoo: odoorpc.ODOO, partners: Any) -> None:
    record = partners.browse(partners.create({"name": "Azure Interior", "date": "2024-02-29"}))
    assert (record.name, record.email, record.active, record.color) == ("Azure Interior", False, True, 0)
    assert record.date == datetime.date(2024, 2, 29)
    assert isinstance(record.create_date, datetime.datetime)
    assert record.partner_latitude == 0.0
    assert record.type == "contact"
    assert len(record.country_id) == 0
    assert record.create_uid == odoo.env.user


def test_relations_are_browsed_from_record_to_record(odoo: odoorpc.ODOO, partners: Any) -> None:
    belgium = odoo.env.ref("base.be")
    company = partners.create({"name": "Acme", "is_company": True, "country_id": belgium.id})
    people = [partners.create({"name": name, "parent_id": company}) for name in ("Ann", "Bob")]
    assert partners.browse(people[0]).parent_id.country_id.code == "BE"
    assert partners.browse(company).child_ids.ids == people
    assert [person.name for person in partners.browse(company).child_ids] == ["Ann", "Bob"]
    assert partners.browse(company).country_id == belgium


def test_an_attribute_that_is_set_is_written(odoo: odoorpc.ODOO, partners: Any, mockserver: MockServer) -> None:
    record = partners.browse(partners.create({"name": "Before"}))
    record.name = "After"
    record.date = datetime.date(2024, 5, 6)
    record.is_company = True
    record.country_id = odoo.env.ref("base.fr")
    [row] = mockserver.env["res.partner"].browse(record.id).read(["name", "date", "is_company", "country_id"])
    assert row == {
        "id": record.id,
        "name": "After",
        "date": "2024-05-06",
        "is_company": True,
        "country_id": [mockserver.ref("base.fr").id, "France"],
    }
    record.country_id = False
    assert partners.read(record.id, ["country_id"]) == [{"id": record.id, "country_id": False}]


def test_changes_wait_for_a_commit_when_auto_commit_is_off(odoo: odoorpc.ODOO, partners: Any) -> None:
    record = partners.browse(partners.create({"name": "Before"}))
    odoo.config["auto_commit"] = False
    record.name, record.city = "After", "Gent"
    assert partners.read(record.id, ["name", "city"]) == [{"id": record.id, "name": "Before", "city": False}]
    odoo.env.commit()
    assert partners.read(record.id, ["name", "city"]) == [{"id": record.id, "name": "After", "city": "Gent"}]


def test_tags_are_added_and_removed_with_plus_and_minus(odoo: odoorpc.ODOO, partners: Any) -> None:
    tags = odoo.env["res.partner.category"]
    one, two = tags.create({"name": "One"}), tags.create({"name": "Two"})
    record = partners.browse(partners.create({"name": "Tagged", "category_id": [(6, 0, [one])]}))
    record.category_id += tags.browse(two)
    assert sorted(partners.browse(record.id).category_id.ids) == [one, two]
    record.category_id -= tags.browse(one)
    assert partners.browse(record.id).category_id.ids == [two]
    record.category_id = [(5, 0, 0), (0, 0, {"name": "Three"})]
    assert [tag.name for tag in partners.browse(record.id).category_id] == ["Three"]
    record.category_id = [one, two]
    assert sorted(partners.browse(record.id).category_id.ids) == [one, two]
    record.category_id = False
    assert partners.browse(record.id).category_id.ids == []


def test_a_record_that_does_not_exist_cannot_be_browsed(partners: Any) -> None:
    with pytest.raises(ValueError, match=r"There is no 'res.partner' record with IDs \[99999999\]"):
        partners.browse(99999999)


def test_an_empty_recordset_has_the_default_values(partners: Any) -> None:
    empty = partners.browse([])
    assert (empty.id, empty.type, empty.active, empty.name) == (None, "contact", True, False)


def test_methods_of_records_and_of_models_are_called_by_name(partners: Any) -> None:
    ids = [partners.create({"name": name}) for name in ("Method B", "Method A")]
    assert partners.search([("id", "in", ids)], order="name") == ids[::-1]
    assert partners.search_count([("id", "in", ids)]) == 2
    assert partners.name_search("Method A") == [[ids[1], "Method A"]]
    records = partners.browse(ids)
    assert records.write({"city": "Gent"}) is True
    assert records.read(["city"]) == [{"id": id_, "city": "Gent"} for id_ in ids]
    assert records.exists() == ids
    assert records.action_archive() is None
    assert partners.search([("id", "in", ids)]) == []
    assert partners.with_context(active_test=False).search([("id", "in", ids)]) == ids[::-1]
    assert records.unlink() is True
    assert partners.with_context(active_test=False).search([("id", "in", ids)]) == []


def test_a_copy_says_so_in_its_name(partners: Any) -> None:
    original = partners.create({"name": "Original", "city": "Gent"})
    copied = partners.copy(original)
    assert partners.read(copied, ["name", "city"]) == [{"id": copied, "name": "Original (copy)", "city": "Gent"}]


def test_execute_takes_positions_and_execute_kw_names(odoo: odoorpc.ODOO) -> None:
    partner = odoo.execute("res.partner", "create", {"name": "Executed"})
    assert odoo.execute("res.partner", "search", [("name", "=", "Executed")], 0, 1, "id") == [partner]
    assert odoo.execute_kw("res.partner", "read", [[partner]], {"fields": ["name"]}) == [
        {"id": partner, "name": "Executed"}
    ]
    assert odoo.execute_kw("res.partner", "search", [], {"domain": [("id", "=", partner)]}) == [partner]


def test_the_context_of_the_environment_goes_with_every_call(odoo: odoorpc.ODOO, partners: Any) -> None:
    partner = partners.create({"name": "Sleeper", "active": False})
    assert partners.search([("name", "=", "Sleeper")]) == []
    assert partners.with_context(active_test=False).search([("name", "=", "Sleeper")]) == [partner]
    assert partners.search([("name", "=", "Sleeper")], context={"active_test": False}) == [partner]
    odoo.env.context["active_test"] = False
    assert partners.search([("name", "=", "Sleeper")]) == [partner]


# -- what the server has -----------------------------------------------------------------------------


def test_an_external_id_gives_its_record(odoo: odoorpc.ODOO) -> None:
    assert odoo.env.ref("base.main_company").name == "YourCompany"
    assert odoo.env.ref("base.USD").name == "USD"
    with pytest.raises(odoorpc.error.RPCError) as caught:
        odoo.env.ref("base.no_such_id")
    assert error(caught) == ("builtins.ValueError", "External ID not found in the system: base.no_such_id")


def test_the_external_id_of_an_archived_record_looks_like_a_forbidden_one(odoo: odoorpc.ODOO) -> None:
    # check_object_reference searches without active_test=False
    with pytest.raises(odoorpc.error.RPCError) as caught:
        odoo.env.ref("base.EUR")
    assert error(caught) == (
        "odoo.exceptions.AccessError",
        'Not enough access rights on the external ID "base.EUR"',
    )


def test_a_model_is_in_the_environment_when_the_server_has_it(odoo: odoorpc.ODOO) -> None:
    assert "res.partner" in odoo.env
    assert "no.such.model" not in odoo.env


def test_fields_get_makes_the_fields_of_a_model(partners: Any) -> None:
    fields = partners.fields_get(["name", "child_ids", "country_id", "type"])
    assert {name: field["type"] for name, field in fields.items()} == {
        "name": "char",
        "child_ids": "one2many",
        "country_id": "many2one",
        "type": "selection",
    }
    assert (fields["child_ids"]["relation"], fields["child_ids"]["relation_field"]) == ("res.partner", "parent_id")
    assert ["contact", "Contact"] in fields["type"]["selection"]
    assert str(partners._columns["country_id"]) == "many2one(string='Country', relation='res.country')"


def test_reports_are_listed_by_model(odoo: odoorpc.ODOO) -> None:
    assert odoo.report.list()["ir.model"] == [
        {"name": "Model Overview", "report_name": "base.report_irmodeloverview", "report_type": "qweb-pdf"}
    ]


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "name", "message"),
    [
        (("no.such.model", "search", []), "odoo.exceptions.UserError", "Object no.such.model doesn't exist"),
        (
            ("res.partner", "no_such_method", []),
            "builtins.AttributeError",
            "The method 'res.partner.no_such_method' does not exist",
        ),
        (
            ("res.partner", "_search", []),
            "odoo.exceptions.AccessError",
            "Private methods (such as 'res.partner._search') cannot be called remotely.",
        ),
        (
            ("res.partner", "create", {}),
            "odoo.exceptions.ValidationError",
            "The operation cannot be completed: Contacts require a name",
        ),
        (
            ("res.partner", "write", [99999999], {"name": "x"}),
            "odoo.exceptions.MissingError",
            "Record does not exist or has been deleted.\n(Record: res.partner(99999999,), User: 2)",
        ),
        (
            ("res.partner", "search", [("nope", "=", 1)]),
            "builtins.ValueError",
            "Invalid field res.partner.nope in leaf ('nope', '=', 1)",
        ),
    ],
)
def test_an_error_names_its_class_and_its_message(
    odoo: odoorpc.ODOO, call: tuple[Any, ...], name: str, message: str
) -> None:
    with pytest.raises(odoorpc.error.RPCError) as caught:
        odoo.execute(*call)
    assert str(caught.value) == message
    assert error(caught) == (name, message)
    assert (caught.value.info["code"], caught.value.info["message"]) == (200, "Odoo Server Error")
    assert caught.value.info["data"]["debug"].startswith("Traceback (most recent call last):\n")
    assert caught.value.info["data"]["arguments"] == [message]


def test_a_model_that_does_not_exist_is_an_error_when_it_is_named(odoo: odoorpc.ODOO) -> None:
    with pytest.raises(odoorpc.error.RPCError, match=r"Object no\.such\.model doesn't exist"):
        _ = odoo.env["no.such.model"]


# -- databases -------------------------------------------------------------------------------------


def test_databases_are_made_dumped_restored_duplicated_and_dropped(mockserver: MockServer) -> None:
    client = connect(mockserver)
    client.db.create("admin", "made", demo=False, lang="en_US", admin_password="secret")
    client.login("made", "admin", "secret")
    client.env["res.partner"].create({"name": "In the dump"})
    dumped = client.db.dump("admin", "made")
    assert zipfile.is_zipfile(io.BytesIO(dumped.getvalue()))
    client.db.restore("admin", "restored", dumped)
    client.db.duplicate("admin", "made", "twin")
    assert client.db.list() == ["made", "mock", "restored", "twin"]
    for name in ("restored", "twin"):
        client.login(name, "admin", "secret")
        assert client.env["res.partner"].search_count([("name", "=", "In the dump")]) == 1
    assert client.db.drop("admin", "twin") is True
    assert client.db.drop("admin", "twin") is False
    assert client.db.list() == ["made", "mock", "restored"]


def test_the_master_password_is_asked_and_can_be_changed(mockserver: MockServer) -> None:
    client = connect(mockserver)
    with pytest.raises(odoorpc.error.RPCError) as caught:
        client.db.create("wrong", "made")
    assert error(caught) == ("odoo.exceptions.AccessDenied", "Access Denied")
    client.db.change_password("admin", "better")
    with pytest.raises(odoorpc.error.RPCError, match="Access Denied"):
        client.db.duplicate("admin", mockserver.db, "twin")
    client.db.duplicate("better", mockserver.db, "twin")
    assert client.db.list() == ["mock", "twin"]
