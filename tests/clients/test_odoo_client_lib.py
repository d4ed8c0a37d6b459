"""odoo-client-lib (`import odoolib`): the XML-RPC connector on `/xmlrpc/<service>`, the JSON-RPC one on `/jsonrpc`."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

import odoolib
import pytest
from odoolib.tools import AuthenticationError, JsonRPCException

from mockserver import MockServer

# its XML-RPC connector makes a ServerProxy for each call and leaves the socket to the garbage collector
pytestmark = [
    pytest.mark.mockserver(demo=True),
    pytest.mark.usefixtures("open_sockets"),
    pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning"),
]


def connect(server: MockServer, protocol: str, **other: Any) -> Any:
    login = {"database": server.db, "login": server.login, "password": server.password, **other}
    return odoolib.get_connection(hostname=server.host, port=server.port, protocol=protocol, **login)


@pytest.fixture(params=["xmlrpc", "jsonrpc"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def connection(mockserver: MockServer, protocol: str) -> Any:
    return connect(mockserver, protocol)


@pytest.fixture
def partners(connection: Any) -> Any:
    return connection.get_model("res.partner")


def refusal(connection: Any, model: str, method: str, *args: Any) -> str:
    """The text of an error; the old XML-RPC path has it in the fault's code."""
    with pytest.raises((xmlrpc.client.Fault, JsonRPCException)) as caught:
        getattr(connection.get_model(model), method)(*args)
    error = caught.value
    return str(error.faultCode if isinstance(error, xmlrpc.client.Fault) else error.error["data"]["message"])


def test_the_login_is_checked_and_the_user_known(connection: Any) -> None:
    connection.check_login()
    assert connection.user_id == 2
    assert connection.get_user_context() == {"lang": "en_US", "tz": "Europe/Brussels", "uid": 2}


def test_wrong_credentials_are_an_authentication_error(mockserver: MockServer, protocol: str) -> None:
    with pytest.raises(AuthenticationError, match="Authentication failure"):
        connect(mockserver, protocol, password="wrong").check_login()
    with pytest.raises(AuthenticationError, match="Credentials not provided"):
        connect(mockserver, protocol, login=None).check_login()


def test_a_call_with_a_known_uid_and_a_wrong_password_is_denied(mockserver: MockServer, protocol: str) -> None:
    connection = connect(mockserver, protocol, user_id=2, password="wrong")
    assert refusal(connection, "res.partner", "search", []) == (
        "AccessDenied" if protocol == "xmlrpc" else "Access Denied"
    )


def test_records_are_created_read_written_and_deleted(partners: Any) -> None:
    one, two = partners.create([{"name": "Lib 1"}, {"name": "Lib 2"}])
    assert partners.read([two, one], ["name"]) == [{"id": two, "name": "Lib 2"}, {"id": one, "name": "Lib 1"}]
    assert partners.read(one, ["name", "email"]) == {"id": one, "name": "Lib 1", "email": False}
    assert partners.write([one, two], {"city": "Gent"}) is True
    assert partners.search_count([("city", "=", "Gent"), ("id", "in", [one, two])]) == 2
    assert partners.unlink([one]) is True
    assert partners.read([one, two], ["name"]) == [{"id": two, "name": "Lib 2"}]
    # no record: what the library makes of an empty list
    assert partners.read(one, ["name"]) == []


def test_its_search_read_passes_false_for_no_limit_and_no_order(partners: Any) -> None:
    ids = partners.create([{"name": f"Row {number}"} for number in (3, 1, 2)])
    domain = [("id", "in", ids)]
    assert [row["name"] for row in partners.search_read(domain, ["name"])] == ["Row 1", "Row 2", "Row 3"]
    assert [row["name"] for row in partners.search_read(domain, ["name"], 1, 1, "name desc")] == ["Row 2"]
    [row] = partners.search_read(domain, limit=1)
    assert row["id"] == ids[1]
    assert (row["name"], row["category_id"], row["country_id"]) == ("Row 1", [], False)
    assert partners.search_read([("id", "<", 0)]) == []


def test_the_context_is_passed_by_name(partners: Any) -> None:
    partner = partners.create({"name": "Sleeper", "active": False})
    assert partners.search([("name", "=", "Sleeper")]) == []
    assert partners.search([("name", "=", "Sleeper")], context={"active_test": False}) == [partner]
    found = partners.search_read([("name", "=", "Sleeper")], ["active"], context={"active_test": False})
    assert found == [{"id": partner, "active": False}]


def test_commands_fill_relations(connection: Any, partners: Any) -> None:
    tags = connection.get_model("res.partner.category")
    tag = tags.create({"name": "Known"})
    partner = partners.create({"name": "Tagged", "category_id": [(4, tag), (0, 0, {"name": "New"})]})
    named = tags.read(partners.read(partner, ["category_id"])["category_id"], ["name"])
    assert sorted(row["name"] for row in named) == ["Known", "New"]


def test_any_method_of_any_service_is_called_by_name(connection: Any, mockserver: MockServer) -> None:
    assert connection.get_service("db").list() == [mockserver.db]
    assert connection.get_service("db").db_exist("absent") is False
    assert connection.get_service("common").version()["server_version_info"] == [17, 0, 0, "final", 0, ""]
    found = connection.get_service("object").execute(
        mockserver.db, 2, "admin", "res.partner", "search", [("id", "<", 0)]
    )
    assert found == []


def test_errors_carry_the_text_of_the_server(connection: Any, protocol: str) -> None:
    head = "warning -- UserError\n\n" if protocol == "xmlrpc" else ""
    assert refusal(connection, "no.such.model", "search", []) == f"{head}Object no.such.model doesn't exist"
    assert refusal(connection, "res.partner", "create", {}) == (
        f"{head}The operation cannot be completed: Contacts require a name"
    )
    assert refusal(connection, "res.partner", "nope", []) == "The method 'res.partner.nope' does not exist"


def test_nothing_is_false_over_json_and_a_fault_over_xml(connection: Any, partners: Any, protocol: str) -> None:
    partner = partners.create({"name": "Archive me"})
    if protocol == "jsonrpc":
        assert partners.action_archive([partner]) is False
    else:
        assert refusal(connection, "res.partner", "action_archive", [partner]) == (
            "cannot marshal None unless allow_none is enabled"
        )
    assert partners.read(partner, ["active"]) == {"id": partner, "active": False}
