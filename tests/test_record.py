"""`mockserver record` in front of another instance as the live server, and `--mockserver-record`."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import xmlrpc.client
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import odoorpc
import pytest
import requests
from click.testing import CliRunner

from mockserver import MockServer
from mockserver.cli import main
from mockserver.contract import format as contract_format
from mockserver.contract.record import Recorder
from mockserver.contract.record.field_sources import LiveFields, MockFields
from mockserver.contract.record.hiding import Secrets, without_clock_times
from mockserver.contract.record.proxy import Proxy
from mockserver.contract.report import lines
from mockserver.contract.verify import Mock, Report, fresh, verify
from mockserver.server.exchange import RawExchange
from mockserver.server.serving import KeepAliveServer
from tests.stub import Silence, stub
from tests.test_cli import COMMAND
from tests.waiting import HANG

DB, LOGIN, PASSWORD, KEY = "production", "erp@example.com", "correct-horse-battery", "k" * 40
RPC: dict[str, Any] = {"jsonrpc": "2.0", "method": "call", "id": 1}


class Recording:
    """A proxy in front of a server, and what it has recorded."""

    def __init__(self, url: str, db: str | None = None, timeout: float = HANG) -> None:
        self.source = LiveFields(url, timeout)
        self.recorder = Recorder(self.source, db)
        self.troubles: list[str] = []
        self.labels: list[str] = []
        self.proxy = Proxy(url, self._listen, lambda error: self.troubles.append(str(error)), timeout)
        self.server = KeepAliveServer(self.proxy)
        self.server.start()
        self.url = self.server.url

    def _listen(self, passed: RawExchange) -> None:
        self.labels.append(self.recorder.add(passed))

    def contract(self) -> dict[str, Any]:
        return self.recorder.contract(name="recorded")

    @property
    def steps(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.contract()["steps"]
        return found

    def close(self) -> None:
        self.server.stop()
        self.proxy.close()
        self.source.close()
        assert self.server.errors == []

    def jsonrpc(self, service: str, method: str, *args: Any) -> Any:
        body = {**RPC, "params": {"service": service, "method": method, "args": args}}
        return requests.post(f"{self.url}/jsonrpc", json=body, timeout=HANG).json()

    def call(self, model: str, method: str, *args: Any, password: str = PASSWORD, uid: int = 2, **kwargs: Any) -> Any:
        return self.jsonrpc("object", "execute_kw", DB, uid, password, model, method, args, kwargs).get("result")


@contextlib.contextmanager
def recording(url: str, **options: Any) -> Iterator[Recording]:
    found = Recording(url, **options)
    try:
        yield found
    finally:
        found.close()


def live(profile: str = "odoo-17.0") -> MockServer:
    key = KEY if profile not in ("odoo-11.0", "flectra-1.6") else None
    return MockServer(profile=profile, db=DB, login=LOGIN, password=PASSWORD, api_key=key)


@pytest.fixture(scope="module")
def _erp() -> Iterator[MockServer]:
    with live() as server:
        yield server


@pytest.fixture
def erp(_erp: MockServer) -> MockServer:
    _erp.reset()
    return _erp


@pytest.fixture
def recorded(erp: MockServer) -> Iterator[Recording]:
    with recording(erp.url) as found:
        yield found


def replayed(contract: dict[str, Any], profile: str) -> Report:
    parsed = contract_format.parse(contract, "recorded")
    with fresh(parsed, Mock(profile)) as (client, name):
        return verify(client, parsed, name)


def told(report: Report) -> str:
    return "\n".join(lines(report))


# -- stories of real clients


def over_xmlrpc(url: str) -> None:
    with (
        xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common") as common,
        xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object") as models,
        xmlrpc.client.ServerProxy(f"{url}/xmlrpc/object") as older,
    ):
        uid: Any = common.authenticate(DB, LOGIN, PASSWORD, {})
        assert common.authenticate(DB, LOGIN, "wrong-wrong-wrong", {}) is False

        def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
            return models.execute_kw(DB, uid, PASSWORD, model, method, args, kwargs)

        tag = call("res.partner.category", "create", {"name": "VIP"})
        made = call("res.partner", "create", [{"name": "Anna", "category_id": [(6, 0, [tag])]}, {"name": "Bob"}])
        (germany,) = call("res.country", "search", [["code", "=", "DE"]])
        call("res.partner", "write", [made[0]], {"country_id": germany, "child_ids": [(0, 0, {"name": "Kid"})]})
        fields = ["name", "country_id", "child_ids", "category_id", "create_date", "create_uid"]
        call("res.partner", "search_read", [["id", "in", made], ["category_id", "=", tag]], fields=fields)
        call("res.partner", "name_create", "Carla")
        loaded = call("res.partner", "load", ["name"], [["Dora"], ["Emil"]])["ids"]
        copied = call("res.partner", "copy", loaded[0])
        copied = copied[0] if isinstance(copied, list) else copied  # since 18
        with pytest.raises(xmlrpc.client.Fault):
            call("res.partner", "read", [copied], ["nofield"])
        assert older.execute(DB, uid, PASSWORD, "res.partner", "search_count", [["id", "=", copied]]) == 1
        with pytest.raises(xmlrpc.client.Fault):
            older.execute(DB, uid, PASSWORD, "res.partner", "no_such_method", [copied])
        call("res.partner", "unlink", [*made, copied])


def over_jsonrpc(url: str) -> None:
    def ask(service: str, method: str, *args: Any) -> Any:
        body = {**RPC, "params": {"service": service, "method": method, "args": args}}
        return requests.post(f"{url}/jsonrpc", json=body, timeout=HANG).json().get("result")

    uid = ask("common", "login", DB, LOGIN, PASSWORD)
    made = ask("object", "execute_kw", DB, uid, PASSWORD, "res.partner", "create", [{"name": "Anna"}])
    ask("object", "execute_kw", DB, uid, PASSWORD, "res.partner", "read", [[made], ["name", "write_date"]])
    ask(
        "object",
        "execute_kw",
        DB,
        uid,
        PASSWORD,
        "res.partner",
        "read_group",
        [[["id", "=", made]], ["name"], ["country_id"]],
    )
    ask("object", "execute_kw", DB, uid, PASSWORD, "no.such.model", "read", [[1]])
    ask("object", "execute_kw", DB, uid, PASSWORD, "res.users", "search_read", [[["login", "=", LOGIN]], ["login"]])
    ask("db", "list")


def over_the_web(url: str) -> None:
    with requests.Session() as session:

        def ask(path: str, **params: Any) -> Any:
            return session.post(f"{url}{path}", json={**RPC, "params": params}, timeout=HANG).json().get("result")

        def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
            path = f"/web/dataset/call_kw/{model}/{method}"
            return ask(path, model=model, method=method, args=list(args), kwargs=kwargs)

        session.get(f"{url}/web", timeout=HANG)
        assert ask("/web/session/authenticate", db=DB, login=LOGIN, password="wrong-wrong-wrong") is None
        uid = ask("/web/session/authenticate", db=DB, login=LOGIN, password=PASSWORD)["uid"]
        made = call("res.partner", "create", [{"name": "Anna"}])[0]
        call("res.partner", "read", [made], ["name", "user_id"])
        call("res.partner", "web_search_read", domain=[["id", "=", made]], specification={"name": {}})
        call("res.partner", "no_such_method", [made])
        call("res.users", "read", [uid], ["login"])
        values = {"name": "a.txt", "raw": "hello", "res_model": "res.partner", "res_id": made}
        (file,) = call("ir.attachment", "create", [values])
        assert session.get(f"{url}/web/content/{file}?download=1", timeout=HANG).text == "hello"
        assert session.get(f"{url}/web/image/res.partner/{made}/image_128", timeout=HANG).status_code == 200
        ask("/web/session/get_session_info")
        ask("/web/session/destroy")
        assert call("res.partner", "read", [made], ["name"]) is None


def over_json2(url: str) -> None:
    headers = {"Authorization": f"bearer {KEY}", "X-Odoo-Database": DB}

    def call(method: str, headers: dict[str, str] = headers, **body: Any) -> Any:
        return requests.post(f"{url}/json/2/res.partner/{method}", json=body, headers=headers, timeout=HANG).json()

    made = call("create", vals_list=[{"name": "Anna"}, {"name": "Bob"}])
    call("write", ids=made[:1], vals={"parent_id": made[1]})
    call("search_read", domain=[["parent_id", "=", made[1]]], fields=["name", "parent_id"])
    call("read", ids=made, headers={**headers, "Authorization": "bearer nobodys-key-at-all"})
    call("read", ids=made, headers={})
    call("no_such_method")
    call("unlink", ids=made)


def with_odoorpc(url: str) -> None:
    odoo = odoorpc.ODOO("127.0.0.1", port=int(url.rpartition(":")[2]))
    odoo.login(DB, LOGIN, PASSWORD)
    partners = odoo.env["res.partner"]
    record = partners.browse(partners.create({"name": "Anna"}))
    record.name = "Anna B."
    assert partners.search_read([("id", "=", record.id)], ["name"])[0]["name"] == "Anna B."
    assert odoo.env.user.name


def over_odoo_rest_api(url: str) -> None:
    with requests.Session() as session:
        session.post(f"{url}/auth/", json={"params": {"db": DB, "login": LOGIN, "password": PASSWORD}}, timeout=HANG)
        partners = f"{url}/api/res.partner/"
        body = {"params": {"data": {"name": "Yezy"}}}
        made = session.post(partners, json=body, timeout=HANG).json()["result"]
        session.get(f"{partners}{made}", params={"query": "{id, name}"}, timeout=HANG)
        session.get(partners, params={"query": "{id}", "filter": json.dumps([["id", "=", made]])}, timeout=HANG)
        session.put(f"{partners}{made}/", json={"params": {"data": {"name": "Y"}}}, timeout=HANG)
        assert session.delete(f"{partners}{made}/", timeout=HANG).json() == {"result": True}


def over_flectra_rest(url: str) -> None:
    login = {"db": DB, "username": LOGIN, "password": PASSWORD}
    token = requests.post(f"{url}/api/auth/get_tokens", data=login, timeout=HANG).json()["access_token"]
    headers, partners = {"access_token": token}, f"{url}/api/res.partner"
    made = requests.post(partners, data={"name": "Flectra"}, headers=headers, timeout=HANG).json()["id"]
    asked = {"filters": f"[('id', '=', {made})]", "field": "['name']"}
    assert requests.get(partners, params=asked, headers=headers, timeout=HANG).json()["count"] == 1
    requests.put(f"{partners}/{made}", data={"name": "F"}, headers=headers, timeout=HANG)
    assert requests.delete(f"{partners}/{made}", headers=headers, timeout=HANG).json()["delete"] is True


def over_muk_rest(url: str) -> None:
    login = {"db": DB, "login": LOGIN, "password": PASSWORD}
    token = requests.post(f"{url}/api/authenticate", data=login, timeout=HANG).json()["token"]
    values = {"token": token, "values": json.dumps({"name": "MuK"})}
    (made,) = requests.post(f"{url}/api/create", data=values, timeout=HANG).json()
    domain = {"token": token, "model": "res.partner", "domain": json.dumps([["id", "=", made["id"]]])}
    requests.get(f"{url}/api/read", params=domain, timeout=HANG)
    requests.get(f"{url}/api/life/{token}", params={"token": token}, timeout=HANG)
    requests.get(f"{url}/api/search/res.partner/{made['id']}", params={"token": token}, timeout=HANG)
    requests.put(f"{url}/api/write", data={**values, "ids": json.dumps([made["id"]])}, timeout=HANG)
    assert (
        requests.delete(f"{url}/api/unlink", data={"token": token, "ids": str(made["id"])}, timeout=HANG).json() is True
    )


STORIES = [
    ("odoo-17.0", over_xmlrpc),
    ("odoo-19.0", over_xmlrpc),
    ("odoo-17.0", over_jsonrpc),
    ("odoo-17.0", over_the_web),
    ("odoo-18.0", over_the_web),
    ("odoo-19.0", over_json2),
    ("odoo-17.0", with_odoorpc),
    ("odoo-17.0", over_odoo_rest_api),
    ("flectra-1.6", over_flectra_rest),
    ("odoo-11.0", over_muk_rest),
]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("profile", "story"), STORIES, ids=lambda value: getattr(value, "__name__", value))
def test_what_a_client_did_is_replayed_without_a_difference(profile: str, story: Callable[[str], None]) -> None:
    with live(profile) as server:
        # other ids than those of the mock that the contract meets
        for number in range(7):
            server.env["res.partner"].create({"name": f"in the way {number}"})
        with recording(server.url) as found:
            story(found.url)
            contract = found.contract()
    text = json.dumps(contract)
    for secret in (PASSWORD, KEY, LOGIN, "wrong-wrong-wrong", "nobodys-key-at-all"):
        assert secret not in text
    report = replayed(contract, profile)
    assert report.failed == 0, told(report)
    assert report.passed == len(contract["steps"]) >= 5
    assert report.unscored == 0


def test_another_version_differs_where_it_does() -> None:
    with live("odoo-17.0") as server, recording(server.url) as found:
        over_xmlrpc(found.url)
        contract = found.contract()
    report = replayed(contract, "odoo-19.0")
    assert 0 < report.failed < report.passed
    assert any("copy" in str(verdict.step) for verdict in report.failures)


# -- the contract


def test_ids_become_labels(recorded: Recording) -> None:
    made = recorded.call("res.partner", "create", [{"name": "Anna"}, {"name": "Bob"}])
    recorded.call("res.partner", "write", [made[0]], {"parent_id": made[1], "user_id": 2})
    recorded.call(
        "res.partner", "search", [["parent_id.id", "=", made[1]], "|", ["id", "in", made], ["color", "=", made[1]]]
    )
    create, write, search = recorded.steps
    assert create["as"] == ["partner_1", "partner_2"]
    assert create["shape"] == "ids:res.partner"
    first, second = {"$ref": "partner_1"}, {"$ref": "partner_2"}
    assert write["call"]["args"] == [[first], {"parent_id": second, "user_id": 2}]
    assert search["call"]["args"] == [
        [["parent_id.id", "=", second], "|", ["id", "in", [first, second]], ["color", "=", made[1]]]
    ]
    assert search["expect"] == {"result": ["partner_1"]}


def test_a_record_that_was_found_gets_a_label_where_it_is_used(recorded: Recording) -> None:
    (germany,) = recorded.call("res.country", "search", [["code", "=", "DE"]])
    recorded.call("res.country", "search", [["code", "=", "FR"]])
    recorded.call("res.partner", "create", {"name": "Anna", "country_id": germany})
    search, other, create = recorded.steps
    assert search["as"] == ["country_1"]
    assert "as" not in other
    assert create["call"]["args"] == [{"name": "Anna", "country_id": {"$ref": "country_1"}}]
    assert recorded.recorder.notes(10) == []


def test_ids_that_nothing_showed_are_told(recorded: Recording) -> None:
    recorded.call("res.partner", "read", [3], ["name"])
    recorded.call("res.country", "read", [57], ["name"])
    (step, _) = recorded.steps
    assert step["as"] == ["partner_1"]
    assert recorded.recorder.notes(1) == [
        "the steps use records by ids that must be the same elsewhere: res.country 57 and 1 more"
    ]


def test_an_id_that_is_used_again_is_another_record(recorded: Recording) -> None:
    steps = []
    for name in ("Anna", "Bob"):
        made = recorded.call("res.partner", "create", {"name": name})
        recorded.call("res.partner", "unlink", [made])
    steps = recorded.steps
    assert [step.get("as") for step in steps] == ["partner_1", None, "partner_2", None]


def test_the_fields_are_those_that_tell_ids_from_numbers(recorded: Recording) -> None:
    made = recorded.call("res.partner", "create", {"name": "Anna", "color": 3})
    recorded.call("res.partner", "read", [made], ["color", "country_id"])
    assert recorded.contract()["fields"] == {
        "res.partner": {"country_id": {"type": "many2one", "relation": "res.country"}}
    }


def test_clocks_become_placeholders_unless_they_were_sent(recorded: Recording) -> None:
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    made = recorded.call("res.partner", "create", {"name": now, "ref": "2020-01-01 00:00:00"})
    recorded.call("res.partner", "read", [made], ["name", "ref", "create_date"])
    *_, read = recorded.steps
    (record,) = read["expect"]["result"]
    assert record == {"id": "partner_1", "name": now, "ref": "2020-01-01 00:00:00", "create_date": "<datetime>"}
    moment = datetime(2024, 5, 6, 12, 0, tzinfo=timezone.utc)
    assert without_clock_times(["2024-05-06 12:01:00", "2024-05-06", "2024-05-09", "2024-02-30"], moment, ()) == [
        "<datetime>", "<date>", "2024-05-09", "2024-02-30",
    ]  # fmt: skip


def test_secrets_have_stand_ins_that_are_the_same_throughout(recorded: Recording) -> None:
    made = recorded.call("res.users", "create", {"name": "U", "login": "u@example.com", "password": "hush-hush-hush"})
    uid = recorded.jsonrpc("common", "login", DB, "u@example.com", "hush-hush-hush")["result"]
    assert uid == made
    assert recorded.call("res.users", "read", [uid], ["name"], uid=uid, password="hush-hush-hush")
    recorded.call("ir.config_parameter", "set_param", "my.secret", "sesame-sesame")
    recorded.call("ir.config_parameter", "get_param", "my.secret")
    recorded.call("ir.config_parameter", "get_param", "database.uuid")
    contract = recorded.contract()
    assert "hush" not in json.dumps(contract)
    assert "sesame" not in json.dumps(contract)
    create, login, read, *_ = contract["steps"]
    stand_in = create["call"]["args"][0]["password"]
    assert stand_in.startswith("<secret ")
    assert login["service"]["args"] == ["{db}", "u@example.com", stand_in]
    assert read["service"]["args"][:3] == ["{db}", {"$ref": "users_1"}, stand_in]
    report = replayed(contract, "odoo-17.0")
    assert (report.failed, report.unscored) == (0, 0), told(report)


def test_a_short_password_hides_no_other_text() -> None:
    secrets = Secrets()
    secrets.allow("admin")
    for secret in ("admin", "abc", "long-enough"):
        secrets.stand_in(secret)
    assert [secrets.clean(text) for text in ("admin", "abcd", "a long-enough%2F")] == [
        "admin",
        "abcd",
        "a <secret 3>%2F",
    ]


def test_a_word_hides_only_itself() -> None:
    secrets = Secrets()
    secrets.stand_in("password")
    secrets.collect({"token": "selection", "password": "Selection1"})
    texts = ["a password", "password", "selection", "a Selection1"]
    assert [secrets.clean(text) for text in texts] == ["a password", "<secret 1>", "selection", "a <secret 3>"]


def test_calls_of_other_users_are_not_compared(erp: MockServer, recorded: Recording) -> None:
    user = erp.user("sales@example.com", ["base.group_partner_manager", "base.group_user"], "pssst-pssst")
    recorded.call("res.partner", "search_count", [])
    recorded.call("res.partner", "create", {"name": "Anna"}, uid=user.uid, password="pssst-pssst")
    count, create = recorded.steps
    assert "unscored" not in count
    assert create["unscored"] is True
    assert create["as"] == "partner_1"
    assert any("other users" in note for note in recorded.recorder.notes(10))


def test_what_needs_the_master_password_is_left_out(recorded: Recording) -> None:
    recorded.jsonrpc("db", "drop", "the-master-password", "nothing")
    recorded.jsonrpc("db", "list")
    assert [step["service"]["method"] for step in recorded.steps] == ["list"]
    assert "calls that need the master password are left out (1)" in recorded.recorder.notes(10)


def test_a_session_from_before_the_recording_is_begun_anew(erp: MockServer, recorded: Recording) -> None:
    login = {**RPC, "params": {"db": DB, "login": LOGIN, "password": PASSWORD}}
    with requests.Session() as session:
        session.post(f"{erp.url}/web/session/authenticate", json=login, timeout=HANG)
        recorded.jsonrpc("common", "login", DB, LOGIN, PASSWORD)
        params: dict[str, Any] = {"model": "res.partner", "method": "search_count", "args": [[]], "kwargs": {}}
        assert session.post(f"{recorded.url}/web/dataset/call_kw", json={**RPC, "params": params}, timeout=HANG).ok
    _, begun, call = recorded.steps
    assert begun["http"]["path"] == "/web/session/authenticate"
    assert begun["bind"] == {"session": "cookie:session_id"}
    assert call["http"]["headers"]["Cookie"] == "session_id={session}"
    assert replayed(recorded.contract(), "odoo-17.0").failed == 0


def test_one_database_alone_can_be_recorded(erp: MockServer) -> None:
    erp.database("other")
    with recording(erp.url, db=DB) as found:
        for db in ("other", DB):
            found.jsonrpc("object", "execute_kw", db, 2, PASSWORD, "res.partner", "search_count", [[]])
        assert len(found.steps) == 1
        assert found.recorder.notes(1) == ["requests to other databases (1)"]


def test_what_is_strange_is_passed_on_and_costs_nothing_else(recorded: Recording) -> None:
    strange = [
        ("/jsonrpc", b"{"), ("/jsonrpc", b"[]"), ("/jsonrpc", b'{"params": {"service": [], "method": 1}}'),
        ("/xmlrpc/2/object", b"<a/>"), ("/xmlrpc/2/object", b"\xff"), ("/json/2/x/y", b"[1]"), ("/no", b"\xff"),
        ("/jsonrpc", b'{"params": {"service": "object", "method": "execute_kw", "args": [1, [], {}, "a", "b", 3, 4]}}'),
        ("/jsonrpc", b'{"params": {"service": "common", "method": "login", "args": [[], {}, []]}}'),
    ]  # fmt: skip
    for path, body in strange:
        answer = requests.post(
            f"{recorded.url}{path}", body, headers={"Content-Type": "application/json"}, timeout=HANG
        )
        assert answer.status_code < 600
    recorded.call("res.partner", "search_count", [])
    assert recorded.server.errors == []
    contract = recorded.contract()
    assert contract["steps"][-1]["call"]["method"] == "search_count"
    contract_format.parse(contract, "strange")


def test_the_schema_has_every_key_that_is_written(recorded: Recording) -> None:
    over_the_web(recorded.url)
    over_jsonrpc(recorded.url)
    schema = json.loads((Path(__file__).parent.parent / "fixtures" / "contract-schema.json").read_text())
    keys = schema["$defs"]["step"]["properties"]
    for step in recorded.steps:
        assert step.keys() <= keys.keys()
        for kind in ("call", "service", "http", "json2"):
            assert step.get(kind, {}).keys() <= schema["$defs"][kind]["properties"].keys()
    assert recorded.contract().keys() <= schema["properties"].keys()


# -- the proxy


def test_headers_redirects_and_cookies_are_those_of_the_proxy() -> None:
    answer = (
        303,
        {
            "Location": "http://127.0.0.1:{port}/web/login?a=1#b",
            "Set-Cookie": "session_id=abc; Domain=erp.example.com; Path=/; Secure; HttpOnly",
            "Connection": "X-Gone",
            "X-Gone": "1",
            "X-Kept": "2",
            "Strict-Transport-Security": "max-age=1",
        },
        b"",
    )
    with stub(answer) as server:
        server.answers = [(303, {k: v.replace("{port}", str(server.server_port)) for k, v in answer[1].items()}, b"")]
        with recording(server.url) as found:
            told = requests.post(f"{found.url}/a%2Fb?c=%20d", b"x", allow_redirects=False, timeout=HANG)
    assert server.requests == ["/a%2Fb?c=%20d"]
    assert told.status_code == 303
    assert told.headers["Location"] == f"{found.url}/web/login?a=1#b"
    assert told.headers["Set-Cookie"] == "session_id=abc; Path=/; HttpOnly"
    assert told.headers["X-Kept"] == "2"
    assert "X-Gone" not in told.headers
    assert "Strict-Transport-Security" not in told.headers


def test_a_redirect_to_somewhere_else_stays() -> None:
    proxy = Proxy("https://erp.example.com/odoo", lambda passed: None)
    here = "http://127.0.0.1:8070"
    assert proxy._to_proxy_address("https://erp.example.com/odoo/web", here) == f"{here}/web"
    assert proxy._to_proxy_address("https://erp.example.com:443/odoo", here) == f"{here}/"
    assert proxy._to_proxy_address("/odoo/web?a=1", here) == "/web?a=1"
    for address in (
        "https://other.example.com/odoo/web",
        "https://erp.example.com/shop",
        "http://erp.example.com/odoo",
    ):
        assert proxy._to_proxy_address(address, here) == address
    assert proxy._cookie("a=b; Path=/odoo; secure") == "a=b; Path=/"


def test_a_connection_is_kept(recorded: Recording) -> None:
    with requests.Session() as session:
        for _ in range(3):
            assert session.get(f"{recorded.url}/web", timeout=HANG).status_code == 200
    assert len(recorded.proxy._idle) == 1


def test_several_clients_at_once_are_recorded_each_in_its_order(recorded: Recording) -> None:
    def work(name: str) -> None:
        made = recorded.call("res.partner", "create", {"name": name})
        recorded.call("res.partner", "write", [made], {"name": f"{name} B."})
        recorded.call("res.partner", "read", [made], ["name"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [f"client {number}" for number in range(24)]))
    contract = recorded.contract()
    assert len(contract["steps"]) == 72
    report = replayed(contract, "odoo-17.0")
    assert report.failed == 0, told(report)


def _nobody() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_server_that_is_not_there_is_a_502_that_says_so() -> None:
    url = _nobody()
    with recording(url) as found:
        answer = requests.get(f"{found.url}/web", timeout=HANG)
        assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/plain; charset=utf-8")
        assert answer.text == f"mockserver record: {url} cannot be reached: nothing listens there\n"
        assert found.troubles == [f"{url} cannot be reached: nothing listens there"]
        assert found.recorder.requests == 0


def test_a_server_that_is_slow_is_a_504_and_the_recording_goes_on() -> None:
    good = (200, {"Content-Type": "application/json"}, b"{}")
    with stub(Silence.HELD, good) as server, recording(server.url, timeout=0.2) as found:
        answer = requests.get(f"{found.url}/a", timeout=HANG)
        assert (answer.status_code, answer.text) == (
            504,
            f"mockserver record: {server.url} did not answer within 0.2 s\n",
        )
        (connection,) = found.proxy._idle
        connection.timeout = HANG
        assert requests.get(f"{found.url}/b", timeout=HANG).status_code == 200
        assert [step["http"]["path"] for step in found.steps] == ["/b"]


def test_a_certificate_that_is_not_trusted_is_a_502_that_says_so() -> None:
    with stub((200, {}, b""), tls=True) as server, recording(f"https://localhost:{server.server_port}") as found:
        answer = requests.get(f"{found.url}/a", timeout=HANG)
        assert answer.status_code == 502
        assert "has a certificate that is not trusted: self" in answer.text


# -- the command


@contextlib.contextmanager
def command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running program, and the address that it prints."""
    with subprocess.Popen(
        [*COMMAND, "record", "--port", "0", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield process, line.split()[2]
        finally:
            if process.poll() is None:
                process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_file_is_there_when_the_command_was_ended(erp: MockServer, tmp_path: Path, number: int) -> None:
    target = tmp_path / "contract.json"
    with command("--upstream", erp.url, "-o", str(target)) as (process, url):
        over_jsonrpc(url)
        assert not target.exists()
        process.send_signal(number)
        out, err = process.communicate(timeout=HANG)
    assert process.returncode == 0
    assert out == f"{target}: 7 steps, profile odoo-17.0\n"
    assert [path.name for path in tmp_path.iterdir()] == ["contract.json"]
    assert PASSWORD not in out + err + target.read_text()
    assert err.splitlines()[:2] == ["jsonrpc common.login 200", "jsonrpc res.partner.create 200"]
    result = CliRunner().invoke(main, ["verify", str(target)])
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "7 passed, 0 failed")


def test_without_a_request_nothing_is_written(erp: MockServer, tmp_path: Path) -> None:
    target = tmp_path / "contract.json"
    with command("--upstream", erp.url, "-o", str(target)) as (process, _):
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=HANG)
    assert (process.returncode, err) == (2, f"mockserver: no request came, so nothing was written to {target}\n")
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--upstream", "erp"), "mockserver: 'erp' is not the URL of a server, such as https://erp.example.com"),
        (("--upstream", "http://a:b@c"), "mockserver: http://c: a URL must not hold a login or password"),
        (("--upstream", "http://c", "--profile", "odoo-99.0"), "mockserver: unknown profile 'odoo-99.0'"),
    ],
)
def test_what_cannot_be_recorded_is_refused(arguments: tuple[str, ...], line: str, tmp_path: Path) -> None:
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    result = CliRunner().invoke(main, ["record", *arguments, "-o", str(tmp_path / "c.json")])
    for number, handler in zip((signal.SIGINT, signal.SIGTERM), handlers, strict=True):
        signal.signal(number, handler)
    assert result.exit_code == 2
    assert result.stderr.startswith(line)


# -- pytest

TESTS = """
    import pytest, requests
    from mockserver.errors import UserError

    def call(server, model, method, *args, uid=2, password="admin"):
        params = {"service": "object", "method": "execute_kw", "args": ["mock", uid, password, model, method, args]}
        return requests.post(f"{server.base_url}/jsonrpc", json={"params": params}, timeout=60).json().get("result")

    def test_arranged(mockserver):
        mockserver.clock.freeze("2020-01-01 10:00:00")
        partner = mockserver.env["res.partner"].create({"name": "Arranged"})
        user = mockserver.user("sales@example.com", password="pssst-pssst")
        assert call(mockserver, "res.partner", "read", [partner.id], ["name", "write_date"])
        assert call(mockserver, "res.partner", "search_count", [], uid=user.uid, password="pssst-pssst")

    @pytest.mark.mockserver(fixtures=["crm"])
    def test_faults(mockserver):
        mockserver.fail("crm.lead", "create", UserError("no"), times=1)
        assert call(mockserver, "crm.lead", "create", {"name": "A"}) is None
        assert call(mockserver, "crm.lead", "create", {"name": "A"})

    def test_nothing(mockserver):
        pass
"""


def test_each_test_of_a_run_gets_a_contract(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_sync=TESTS)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--mockserver-record", "contracts")
    result.assert_outcomes(passed=3)
    folder = pytester.path / "contracts"
    result.stdout.fnmatch_lines(["*mockserver record*", f"{folder}: 2 contracts, 3 steps"])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in files]
    assert names == ["data/test_sync.test_arranged.json", "test_sync.test_arranged.json", "test_sync.test_faults.json"]
    assert "pssst" not in "".join(path.read_text() for path in files)
    arranged, faults = (str(folder / name) for name in names[1:])
    assert json.loads(Path(faults).read_text())["fixtures"] == ["crm"]
    verified = CliRunner().invoke(main, ["verify", arranged, faults])
    assert verified.output.splitlines()[-1] == "3 passed, 0 failed", verified.output


def test_a_contract_that_cannot_be_written_fails_its_test_and_leaks_no_server(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if "w" in mode and path.parent.name == "contracts":
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(path, mode, *args, **kwargs)

    opened = Path.open

    pytester.makepyfile(
        test_sync="""
        import pytest, requests
        urls = []

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(mockserver, mockserver_factory, number):
            for server in (mockserver, mockserver_factory()):
                assert len(server.app._taps.current) == 1
                requests.get(server.url + "/web/health")
                urls.append(server.url)

        def test_the_servers_are_those_of_before():
            assert len(set(urls)) == 2
    """
    )
    monkeypatch.setattr(Path, "open", full)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--mockserver-record", "contracts")
    result.assert_outcomes(passed=3, errors=2)
    file = pytester.path / "contracts" / "test_sync.test_it[1].json"
    assert f"mockserver record: cannot write {file}: No space left on device" in result.outlines


def test_the_folder_is_no_file(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_inprocess("--mockserver-record", "contract.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*contract.json is no folder; each test gets a contract of its own in it*"])


def test_a_mock_tells_the_fields_itself(mockserver: MockServer) -> None:
    source, recorder = MockFields(mockserver.database("mock")), Recorder(MockFields(mockserver.database("mock")))
    found = source.fields("res.partner", recorder.accounts)
    assert found is not None
    assert found["country_id"] == {"type": "many2one", "relation": "res.country"}
    assert source.fields("no.such.model", recorder.accounts) is None
    assert recorder.fields("no.such.model") == {}
