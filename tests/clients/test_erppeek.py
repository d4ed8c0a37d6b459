"""ERPpeek: positional `execute` over the old XML-RPC path and over `/jsonrpc`.

Its records (`browse`) need `fields_get_keys`, which Odoo 17 does not have: that too is shown here.
"""

from __future__ import annotations

import xmlrpc.client
from typing import Any

import erppeek
import pytest

from mockserver import MockServer

# its XML-RPC proxies are left to the garbage collector with their sockets open
pytestmark = [
    pytest.mark.usefixtures("open_sockets"),
    pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning"),
]


@pytest.fixture(params=["", "/jsonrpc"], ids=["xmlrpc", "jsonrpc"])
def client(request: pytest.FixtureRequest, mockserver: MockServer) -> erppeek.Client:
    return erppeek.Client(mockserver.url + request.param, mockserver.db, mockserver.login, mockserver.password)


def refusal(client: erppeek.Client, *call: Any) -> str:
    with pytest.raises((xmlrpc.client.Fault, erppeek.ServerError)) as caught:
        client.execute(*call)
    error = caught.value
    return str(error.faultCode if isinstance(error, xmlrpc.client.Fault) else error.args[0]["data"]["message"])


def test_it_logs_in_and_knows_the_version_and_the_databases(client: erppeek.Client, mockserver: MockServer) -> None:
    assert (client.server_version, client.user, client.db.list()) == ("17.0", "admin", [mockserver.db])


def test_a_wrong_password_is_an_error_of_its_own(mockserver: MockServer) -> None:
    with pytest.raises(erppeek.Error, match="Invalid username or password"):
        erppeek.Client(mockserver.url, mockserver.db, "admin", "wrong")


def test_records_are_created_searched_read_written_and_deleted(client: erppeek.Client) -> None:
    partner = client.create("res.partner", {"name": "Peek"})
    assert client.search("res.partner", ["name = Peek"]) == [partner]
    assert client.count("res.partner", ["name = Peek"]) == 1
    assert client.read("res.partner", partner, "name country_id") == {
        "id": partner,
        "name": "Peek",
        "country_id": False,
    }
    assert client.write("res.partner", [partner], {"city": "Gent"}) is True
    assert client.read("res.partner", ["name = Peek"], "city") == ["Gent"]
    assert client.unlink("res.partner", [partner]) is True
    assert client.search("res.partner", ["name = Peek"]) == []


def test_models_modules_and_access_are_told(client: erppeek.Client) -> None:
    assert {"ResPartner", "ResPartnerCategory", "ResPartnerBank"} <= client.models("res.partner").keys()
    assert "base" in client.modules("base")["installed"]
    assert client.access("res.partner", "write") is True


def test_browsing_meets_a_method_that_the_server_no_longer_has(client: erppeek.Client) -> None:
    text = "The method 'res.partner.fields_get_keys' does not exist"
    assert refusal(client, "res.partner", "fields_get_keys") == text
    with pytest.raises((xmlrpc.client.Fault, erppeek.ServerError)):
        _ = client.model("res.partner").browse(1).name
