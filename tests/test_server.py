"""`MockServer`: what users hold."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import unittest
import xmlrpc.client
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.errors import DatabaseExists, MissingError
from mockserver.profiles import UnknownProfile
from mockserver.server.serving import CannotListen
from mockserver.testing.part import Part


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def odoo(shared: MockServer) -> MockServer:
    shared.reset()
    return shared


def execute(server: MockServer, model: str, method: str, *args: Any, db: str | None = None) -> Any:
    """`execute_kw` over XML-RPC as the admin."""
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
        return models.execute_kw(db or server.db, server.uid, server.password, model, method, list(args))


# -- what a client needs --------------------------------------------------------------------------


def test_what_it_tells_is_enough_to_log_in() -> None:
    with MockServer(db="shop", login="me", password="secret") as server:
        with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common") as common:
            assert common.authenticate(server.db, server.login, server.password, {}) == server.uid
        assert (server.db, server.login, server.password, server.uid) == ("shop", "me", "secret", 2)


def test_environ_serves_a_subprocess(odoo: MockServer) -> None:
    program = (
        "import os, xmlrpc.client\n"
        "common = xmlrpc.client.ServerProxy(os.environ['ODOO_URL'] + '/xmlrpc/2/common')\n"
        "names = ('ODOO_DB', 'ODOO_LOGIN', 'ODOO_PASSWORD')\n"
        "print(common.authenticate(*(os.environ[name] for name in names), {}))\n"
    )
    environ = {**os.environ, **odoo.environ()}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "2\n"


def test_environ_has_both_families_of_names(odoo: MockServer) -> None:
    endings = {"URL": odoo.url, "DB": "mock", "LOGIN": "admin", "USER": "admin", "PASSWORD": "admin"}
    assert odoo.environ() == {
        **{f"ODOO_{name}": value for name, value in endings.items()},
        **{f"MOCKSERVER_{name}": value for name, value in endings.items()},
    }


# -- what a test arranges and reads ---------------------------------------------------------------


def test_what_env_creates_a_client_sees(odoo: MockServer) -> None:
    partner = odoo.env["res.partner"].create({"name": "Azure Interior"})
    assert execute(odoo, "res.partner", "read", partner.ids, ["name"]) == [{"id": partner.id, "name": "Azure Interior"}]


def test_what_a_client_creates_env_sees(odoo: MockServer) -> None:
    created = execute(odoo, "res.partner", "create", {"name": "Gemini", "email": "info@gemini.example"})
    partners = odoo.env["res.partner"].search([("email", "=", "info@gemini.example")])
    assert partners.ids == [created]
    assert partners.name == "Gemini"


def test_ref_finds_a_record_by_external_id(odoo: MockServer) -> None:
    assert odoo.ref("base.main_company").id == 1
    assert odoo.ref("base.user_admin").login == "admin"
    with pytest.raises(ValueError, match=r"there is no record with the external id 'base\.nope'"):
        odoo.ref("base.nope")


def test_env_may_be_used_while_clients_write(odoo: MockServer) -> None:
    before = odoo.env["res.partner"].search_count([])
    failures: list[BaseException] = []

    def wire() -> None:
        try:
            for number in range(20):
                execute(odoo, "res.partner", "create", {"name": f"wire {number}"})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=wire) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(100):
        odoo.env["res.partner"].create({"name": f"env {number}"})
        odoo.env["res.partner"].search([("name", "=like", "wire%")]).mapped("name")
    for thread in threads:
        thread.join()
    assert failures == []
    assert odoo.env["res.partner"].search_count([]) == before + 160


def test_an_error_of_env_leaves_nothing_behind(odoo: MockServer) -> None:
    before = odoo.env["res.partner"].search([]).ids
    with pytest.raises(MissingError):
        odoo.env["res.partner"].create({"name": "half", "child_ids": [(0, 0, {"name": "c"}), (1, 999999999, {})]})
    assert odoo.env["res.partner"].search([]).ids == before


def test_each_database_is_its_own() -> None:
    with MockServer(db=["one", "two"]) as server:
        server.env["res.partner"].create({"name": "Only here"})
        domain = [("name", "=", "Only here")]
        assert execute(server, "res.partner", "search_count", domain, db="one") == 1
        assert execute(server, "res.partner", "search_count", domain, db="two") == 0
        assert server.database("two").env(server.uid)["res.partner"].search(domain).ids == []
        with pytest.raises(ValueError, match="Invalid database name"):
            server.database("no name")


def test_a_database_that_is_not_there_is_made_from_the_same_fixtures() -> None:
    with MockServer(fixtures=["crm"], password="secret") as server:
        second = server.database("second").env(server.uid)
        assert "crm.lead" in second
        assert execute(server, "res.partner", "search_count", [("id", "=", 1)], db="second") == 1
        assert server.database("second") is second.db
        server.reset()
        assert list(server.app.databases) == ["mock"]


def test_a_fixture_file_is_loaded_after_the_base_data(fixture_file: Callable[..., Path]) -> None:
    server = MockServer(fixtures=[str(fixture_file("Mine"))])
    assert server.ref("mine.partner_0").name == "Mine"
    assert server.ref("base.main_company").id == 1


# -- reset ----------------------------------------------------------------------------------------


def test_reset_goes_back_to_the_start(odoo: MockServer) -> None:
    admin = odoo.ref("base.user_admin")
    name, count = admin.partner_id.name, odoo.env["res.partner"].search_count([])
    execute(odoo, "res.partner", "create", {"name": "New"})
    admin.partner_id.write({"name": "Changed"})
    odoo.reset()
    assert odoo.ref("base.user_admin").partner_id.name == name
    assert odoo.env["res.partner"].search_count([]) == count


def test_reset_gives_the_same_ids_again(odoo: MockServer) -> None:
    first = odoo.env["res.partner"].create({"name": "A"}).id
    odoo.reset()
    assert odoo.env["res.partner"].create({"name": "A"}).id == first


def test_reset_brings_databases_back_and_drops_new_ones(odoo: MockServer) -> None:
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/db") as db:
        db.duplicate_database("admin", "mock", "copy")
        db.drop("admin", "mock")
        db.change_admin_password("admin", "other")
        assert db.list() == ["copy"]
        odoo.reset()
        assert db.list() == ["mock"]
        assert db.drop("admin", "nothing") is False


def test_reset_forgets_models_made_over_rpc(odoo: MockServer) -> None:
    odoo.env["ir.model"].create({"name": "Mine", "model": "x_mine"})
    assert "x_mine" in odoo.env
    odoo.reset()
    assert "x_mine" not in odoo.env


def test_what_was_arranged_before_the_start_survives_a_reset() -> None:
    server = MockServer()
    server.env["res.partner"].create({"name": "Before"})
    with server:
        server.env["res.partner"].create({"name": "After"})
        server.reset()
        assert server.env["res.partner"].search_count([("name", "in", ["Before", "After"])]) == 1


def test_reset_before_the_start_changes_nothing() -> None:
    server = MockServer()
    server.env["res.partner"].create({"name": "Before"})
    server.reset()
    assert server.env["res.partner"].search_count([("name", "=", "Before")]) == 1


# -- life -----------------------------------------------------------------------------------------


def test_start_and_stop_serve_unittest() -> None:
    class Suite(unittest.TestCase):
        def setUp(self) -> None:
            self.odoo = MockServer().start()
            self.addCleanup(self.odoo.stop)

        def test_belgium_is_there(self) -> None:
            self.assertEqual(execute(self.odoo, "res.country", "search_count", [("code", "=", "BE")]), 1)

    result = unittest.TestResult()
    Suite("test_belgium_is_there").run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])


def test_an_outage_keeps_the_port_and_the_data() -> None:
    with MockServer() as server:
        url = server.url
        server.env["res.partner"].create({"name": "Kept"})
        server.stop()
        with pytest.raises(ConnectionRefusedError):
            execute_at(url)
        server.start()
        assert server.url == url
        assert execute(server, "res.partner", "search_count", [("name", "=", "Kept")]) == 1
        server.reset()
        assert execute(server, "res.partner", "search_count", [("name", "=", "Kept")]) == 0


def execute_at(url: str) -> None:
    with xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common") as common:
        common.version()


def test_start_and_stop_may_be_called_twice(odoo: MockServer) -> None:
    assert odoo.start() is odoo
    server = MockServer()
    server.start()
    server.stop()
    server.stop()
    assert not server.running


def test_a_stopped_server_has_no_url() -> None:
    with pytest.raises(RuntimeError, match="not running"):
        MockServer().url  # noqa: B018


def test_its_repr_tells_where_it_is(odoo: MockServer) -> None:
    assert repr(odoo) == f"<MockServer {odoo.url} db=mock profile=odoo-17.0>"
    assert repr(MockServer()) == "<MockServer stopped db=mock profile=odoo-17.0>"


def test_a_taken_port_is_named(odoo: MockServer) -> None:
    port = int(odoo.url.rpartition(":")[2])
    with pytest.raises(CannotListen, match=f":{port}: "):
        MockServer(port=port).start()


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"profile": "odo-17.0"}, UnknownProfile, "did you mean odoo-17.0"),
        ({"fixtures": ["nope"]}, ValueError, "unknown fixture pack 'nope'"),
        ({"db": "a b"}, ValueError, "Invalid database name"),
        ({"db": []}, ValueError, "at least one database"),
        ({"db": ["a", "a"]}, DatabaseExists, "already exists"),
    ],
)
def test_a_wrong_option_is_told_before_anything_listens(
    options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        MockServer(**options)


def test_start_and_stop_leave_no_thread() -> None:
    server = MockServer()
    before = threading.active_count()
    for _ in range(5):
        server.start()
        execute_at(server.url)
        server.stop()
        assert threading.active_count() == before


# -- errors of the server itself ------------------------------------------------------------------


def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    raise ZeroDivisionError("of ours")


def get(server: MockServer) -> int:
    client = http.client.HTTPConnection(server.url.removeprefix("http://"))
    client.request("GET", "/")
    status = client.getresponse().status
    client.close()
    return status


def test_an_error_of_the_server_itself_is_raised_at_the_end_of_with(monkeypatch: pytest.MonkeyPatch) -> None:
    server = MockServer()
    with pytest.raises(ZeroDivisionError, match="of ours"), server:
        monkeypatch.setattr(server._http, "app", broken)
        assert get(server) == 500
    assert server.errors == []


def test_an_error_of_the_test_is_not_hidden_by_one_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    server = MockServer()
    with pytest.raises(KeyError, match="of the test"), server:
        monkeypatch.setattr(server._http, "app", broken)
        get(server)
        raise KeyError("of the test")
    assert [str(error) for error in server.errors] == ["of ours"]


def test_an_error_of_an_observer_is_told_at_the_end_and_to_no_client() -> None:
    def fails(exchange: object) -> None:
        raise ZeroDivisionError("of an observer")

    server = MockServer()
    with pytest.raises(ZeroDivisionError, match="of an observer"), server:
        server.app.observe(fails)
        assert get(server) == 303
    assert server.errors == []


def test_begin_and_problems_go_through_all_parts() -> None:
    class Own(Part):
        begun = 0

        def begin(self) -> None:
            self.begun += 1

        def problems(self) -> list[str]:
            return ["a problem of its own"]

    own, server = Own(), MockServer()
    server.parts.append(own)
    with pytest.raises(AssertionError, match="a problem of its own"), server:
        server.reset()
    assert own.begun == 1
