"""The control API: every route, every refusal, and who may ask."""

from __future__ import annotations

import json
import re
import socket
import xmlrpc.client
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver import MockServer
from mockserver.control import ROUTES, openapi, page
from mockserver.server.loopback import is_loopback
from tests.properties.budget import examples
from tests.waiting import HANG

DESCRIPTION = openapi.description(ROUTES)
PARTNERS = "/databases/mock/models/res.partner"


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(control=True) as server:
        yield server


class Client:
    """Asks as a program of this machine does; every answer is checked against the description."""

    def __init__(self, server: MockServer) -> None:
        self.url = server.url
        self.session = requests.Session()
        self.answered: set[tuple[str, str]] = set()

    def __call__(self, verb: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        data = json.dumps({} if body is None else body) if verb == "POST" else None
        given = {"Content-Type": "application/json"} if verb == "POST" else {}
        answer = self.session.request(verb, f"{self.url}/_mock{path}", data=data, headers=given | headers, timeout=HANG)
        assert answer.status_code == status, answer.text
        route = found(verb, path.partition("?")[0])
        if route:
            told = DESCRIPTION["paths"][f"/_mock{route}"][verb.lower()]["responses"][str(status)]
            schema = told["content"]["application/json"]["schema"]
            Draft202012Validator({**schema, "components": DESCRIPTION["components"]}).validate(answer.json())
            self.answered.add((verb, route))
        return answer.json()

    def refused(self, verb: str, path: str, status: int, body: Any = None, **headers: str) -> str:
        """The sentence of a refusal."""
        (text,) = self(verb, path, body, status, **headers).values()
        return str(text)


def found(verb: str, path: str) -> str | None:
    """The declared path that a path is one of."""
    for route in ROUTES:
        if route.verb == verb and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route.path), path):
            return route.path
    return None


@pytest.fixture
def ask(server: MockServer) -> Iterator[Client]:
    server.reset()
    client = Client(server)
    with client.session:
        yield client


@pytest.fixture
def call(server: MockServer) -> Iterator[Callable[..., Any]]:
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
        yield lambda model, method, *args, **options: models.execute_kw(
            server.db, server.uid, server.password, model, method, list(args), options
        )


def partners(ask: Client, **query: str) -> dict[str, Any]:
    page: dict[str, Any] = ask("GET", f"{PARTNERS}/records?" + "&".join(f"{k}={quote(v)}" for k, v in query.items()))
    return page


# -- health, reset, snapshots, clock ----------------------------------------------------------------


def test_health_tells_what_is_served(ask: Client) -> None:
    health = ask("GET", "/health")
    assert health["profile"] == "odoo-17.0"
    assert (health["status"], health["db"], health["login"], health["databases"]) == ("ok", "mock", "admin", ["mock"])
    assert (health["calls"], health["faults"], health["overrides"], health["errors"]) == (0, 0, 0, [])


def test_a_reset_brings_everything_back(ask: Client, call: Callable[..., Any], server: MockServer) -> None:
    before = partners(ask)["count"]
    call("res.partner", "create", {"name": "Acme"})
    ask("POST", "/faults", {"fault": {"type": "Reset"}, "model": "sale.*", "known": False}, 201)
    ask("POST", "/overrides", {"model": "res.partner", "method": "ping", "answer": 1}, 201)
    ask("POST", "/clock", {"freeze": "2026-01-31"})
    ask("POST", "/snapshot", status=201)
    health = ask("POST", "/reset")
    assert (health["calls"], health["faults"], health["overrides"], health["clock"]["frozen"]) == (0, 0, 0, False)
    assert partners(ask)["count"] == before
    assert ask("GET", "/snapshot") == {"snapshots": []}


def test_a_snapshot_is_restored_by_its_name(ask: Client, server: MockServer) -> None:
    partner = server.env["res.partner"].create({"name": "First"})
    assert ask("POST", "/snapshot", {"name": "one"}, 201)["name"] == "one"
    partner.name = "Second"
    assert ask("POST", "/snapshot", status=201)["name"] == "1"
    partner.name = "Third"
    assert [kept["name"] for kept in ask("GET", "/snapshot")["snapshots"]] == ["one", "1"]
    ask("POST", "/restore")
    assert partner.name == "Second"
    ask("POST", "/restore", {"name": "one"})
    assert partner.name == "First"
    # the later one led to a state that is gone
    assert [kept["name"] for kept in ask("GET", "/snapshot")["snapshots"]] == ["one"]


def test_a_snapshot_can_be_forgotten(ask: Client) -> None:
    ask("POST", "/snapshot", {"name": "a b"}, 201)
    assert ask("DELETE", "/snapshot/a%20b") == {"removed": 1}
    assert ask.refused("DELETE", "/snapshot/a%20b", 404) == "there is no snapshot 'a b'"
    ask("POST", "/snapshot", {"name": "Größe"}, 201)
    assert ask("DELETE", "/snapshot/Gr%C3%B6%C3%9Fe") == {"removed": 1}
    assert ask.refused("DELETE", "/snapshot/%FF", 404) == "there is no snapshot '\ufffd'"


def test_wrong_snapshots_are_refused(ask: Client) -> None:
    assert ask.refused("POST", "/restore", 404) == "no snapshot was taken"
    ask("POST", "/snapshot", {"name": "one"}, 201)
    assert ask.refused("POST", "/snapshot", 409, {"name": "one"}) == "there is a snapshot 'one' already"
    assert ask.refused("POST", "/snapshot", 400, {"name": "a/b"}) == "name is a text without slashes, and not empty"
    assert ask.refused("POST", "/restore", 404, {"name": "two"}) == "there is no snapshot 'two'"
    for _ in range(99):
        ask("POST", "/snapshot", status=201)
    assert ask.refused("POST", "/snapshot", 409) == "there are 100 snapshots already: remove one"


def test_a_reset_in_python_forgets_the_snapshots(ask: Client, server: MockServer) -> None:
    ask("POST", "/snapshot", status=201)
    server.reset()
    assert ask("GET", "/snapshot") == {"snapshots": []}


def test_the_clock_is_frozen_and_moved(ask: Client, server: MockServer) -> None:
    assert ask("GET", "/clock")["frozen"] is False
    assert ask("POST", "/clock", {"freeze": "2026-01-31 12:00:00"}) == {"now": "2026-01-31 12:00:00", "frozen": True}
    assert ask("POST", "/clock", {"tick": 60})["now"] == "2026-01-31 12:01:00"
    assert server.clock.now() == "2026-01-31 12:01:00"
    assert ask("POST", "/clock", {"thaw": True})["frozen"] is False
    assert ask("POST", "/clock", {"freeze": True})["now"].startswith("2026-01-31 12:01:0")
    assert ask("DELETE", "/clock")["frozen"] is False
    assert not ask("GET", "/clock")["now"].startswith("2026-01-31")


def test_a_clock_that_is_put_back_gives_no_token_twice(ask: Client, server: MockServer) -> None:
    token = server.clock.token()
    ask("DELETE", "/clock")
    assert server.clock.token() != token


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "the body needs freeze, tick or thaw"),
        ({"freeze": "soon"}, "'soon' is not a date or time: write it like '2026-01-31 12:00:00' or '2026-01-31'"),
        ({"tick": "1"}, 'tick is a number, not "1"'),
        ({"tick": 1e300}, None),
        ({"tock": 1}, "the body has no key 'tock'; did you mean 'tick'? (known: freeze, tick, thaw)"),
    ],
)
def test_wrong_times_are_refused(ask: Client, body: dict[str, Any], text: str | None) -> None:
    refusal = ask.refused("POST", "/clock", 400, body)
    assert text in (None, refusal)


# -- calls ------------------------------------------------------------------------------------------


def test_calls_are_listed_oldest_first_and_without_answers(ask: Client, call: Callable[..., Any]) -> None:
    call("res.partner", "search_count", [["name", "=", "x"]])
    call("res.partner", "create", {"name": "Acme", "email": "a@x"}, context={"lang": "en_US"})
    told = ask("GET", "/calls")
    assert (told["count"], told["last"], told["dropped"], told["enabled"]) == (2, 2, 0, True)
    assert [one["target"] for one in told["calls"]] == ["res.partner.search_count", "res.partner.create"]
    created = told["calls"][1]
    assert created["args"] == {"vals_list": {"name": "Acme", "email": "a@x"}}
    assert created["context"] == {"lang": "en_US"}
    assert (created["dialect"], created["login"], created["outcome"], created["error"]) == (
        "xmlrpc",
        "admin",
        "ok",
        None,
    )
    assert "answer" not in created


def test_one_call_has_its_answer_and_changes(ask: Client, call: Callable[..., Any]) -> None:
    partner = call("res.partner", "create", {"name": "Acme"})
    call("res.partner", "write", [partner], {"email": "a@x"})
    assert ask("GET", "/calls/1")["answer"] == partner
    written = ask("GET", "/calls/2")
    assert (written["answer"], written["ids"]) == (True, [partner])
    (change,) = written["changes"]
    assert (change["kind"], change["model"], change["id"]) == ("written", "res.partner", partner)
    assert change["fields"]["email"] == [False, "a@x"]
    assert ask.refused("GET", "/calls/3", 404) == "there is no call 3, or it is no longer kept"
    assert ask.refused("GET", "/calls/x", 400) == 'number is a whole number, not "x"'


def test_calls_are_chosen(ask: Client, call: Callable[..., Any], server: MockServer) -> None:
    for number in range(3):
        call("res.partner", "search_count", [["id", "=", number]])
    with pytest.raises(xmlrpc.client.Fault):
        call("res.country", "nope")
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common") as common:
        common.version()

    def numbers(query: str) -> list[int]:
        return [one["number"] for one in ask("GET", f"/calls?{query}")["calls"]]

    assert numbers("model=res.partner") == [1, 2, 3]
    assert numbers("model=res.partner&limit=1") == [3]
    assert numbers("limit=0") == []
    assert numbers("since=3") == [4, 5]
    assert numbers("method=version&model=common") == [5]
    assert numbers("error=true") == [4]
    assert numbers("error=false&db=mock&dialect=xmlrpc") == [1, 2, 3]
    assert ask("GET", "/calls?error=true")["calls"][0]["outcome"] == "AttributeError"
    assert ask.refused("GET", "/calls?modle=x", 400).startswith(
        "/calls has no parameter 'modle'; did you mean 'model'? (known: model, method,"
    )
    assert ask.refused("GET", "/calls?limit=many", 400) == 'limit is a whole number, not "many"'


def test_requests_that_are_no_calls_are_told_apart(ask: Client, server: MockServer) -> None:
    ask.session.post(f"{server.url}/xmlrp/2/object", timeout=HANG)
    told = ask("GET", "/calls")
    assert told["calls"] == []
    assert [one["target"] for one in told["refused"]] == ["POST /xmlrp/2/object"]


def test_older_calls_are_reached_and_counted() -> None:
    with MockServer(control=True, journal=5) as server:
        own = Client(server)
        for _ in range(8):
            with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common") as common:
                common.version()
        told = own("GET", "/calls?limit=2")
        assert [one["number"] for one in told["calls"]] == [7, 8]
        assert (told["kept"], told["dropped"], own("GET", "/health")["calls"]) == (5, 3, 8)
        older = own("GET", "/calls?limit=2&before=7")
        assert ([one["number"] for one in older["calls"]], older["count"], older["last"]) == ([5, 6], 3, 8)


def test_a_call_is_told_as_lines_of_a_test(ask: Client, call: Callable[..., Any], server: MockServer) -> None:
    """The assertion holds, and the override gives the same answer again."""
    call("res.partner", "create", {"name": "A \"B\" 'C'\n", "comment": "x" * 120, "active": True, "ref": False})
    partner = call("res.partner", "search", [["is_company", "=", True]], limit=1)[0]
    call("res.partner", "write", [partner], {"name": "B"})
    server.on_call("res.partner", "pick", ids=False)(lambda records, count=0, **more: [count, more])
    call("res.partner", "pick", count=3, **{"class": "x"})
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common") as common:
        common.version()
    for number in range(1, 6):
        told = ask("GET", f"/calls/{number}")
        found = eval(told["python"]["assertion"], {"mockserver": server})  # noqa: S307
        assert number in [entry.number for entry in found]
        if number == 5:
            assert (told["override"], told["python"]["override"]) == (None, None)
            continue
        assert told["override"]["answer"] == told["answer"]
        if number == 4:
            continue
        exec(told["python"]["override"], {"mockserver": server})  # noqa: S102
        assert call(told["model"], told["method"], *([told["ids"]] if told["ids"] else [])) == told["answer"]
        ask("DELETE", "/overrides")
        ask("POST", "/overrides", told["override"], 201)
        assert call(told["model"], told["method"], *([told["ids"]] if told["ids"] else [])) == told["answer"]
        ask("DELETE", "/overrides")


def test_a_call_that_failed_is_told_with_its_error(ask: Client, call: Callable[..., Any], server: MockServer) -> None:
    for model, method, args in (
        ("res.partner", "create", [{"name": False}]),
        ("res.partner", "nope", []),
        ("res.partner", "pay", [[1], 7]),
        ("res.users", "change_password", ["old", "new"]),
    ):
        with pytest.raises(xmlrpc.client.Fault):
            call(model, method, *args)
    refused, unknown, records, secret = (ask("GET", f"/calls/{number}") for number in range(1, 5))
    assert refused["python"]["assertion"].endswith('error="ValidationError")')
    assert refused["override"]["error"] == {"type": "ValidationError", "message": refused["error"]}
    assert refused["python"]["override"].startswith("from mockserver.errors import ValidationError\n")
    assert unknown["override"] == {"model": "res.partner", "method": "nope", "answer": True, "ids": False}
    assert records["override"] == {"model": "res.partner", "method": "pay", "answer": True}
    assert "***" not in secret["python"]["assertion"]
    assert "# without secrets" in secret["python"]["assertion"]
    for told in (refused, unknown, records, secret):
        assert eval(told["python"]["assertion"], {"mockserver": server})  # noqa: S307


def test_changes_are_told_since_the_start_and_since_a_snapshot(ask: Client, server: MockServer) -> None:
    acme = server.env["res.partner"].create({"name": "Acme"})
    ask("POST", "/snapshot", {"name": "one"}, 201)
    acme.name = "Acme Tools"
    gone = server.env["res.partner"].create({"name": "Gone"})
    country = server.ref("base.be")
    country.name = "Belgique"
    told = ask("GET", "/changes?model=res.partner")
    assert [(one["kind"], one["id"], one["name"]) for one in told["changes"]] == [
        ("created", acme.id, "Acme Tools"),
        ("created", gone.id, "Gone"),
    ]
    assert told["changes"][0]["fields"]["name"] == [False, "Acme Tools"]
    assert {"model": "res.country", "created": 0, "written": 1, "deleted": 0} in told["models"]
    later = ask("GET", "/changes?since=one&kind=written&model=res.partner")
    assert [one["fields"]["name"] for one in later["changes"]] == [["Acme", "Acme Tools"]]
    assert ask("GET", "/changes?limit=1")["count"] > 1
    assert len(ask("GET", "/changes?limit=1")["changes"]) == 1
    ask("POST", "/restore", {"name": "one"})
    assert ask("GET", "/changes?since=one")["changes"] == []
    acme.unlink()
    (deleted,) = ask("GET", "/changes?since=one&model=res.partner")["changes"]
    assert (deleted["kind"], deleted["fields"]["name"]) == ("deleted", ["Acme", False])
    assert ask("GET", "/changes?db=second")["changes"] == []
    assert ask.refused("GET", "/changes?since=two", 404) == "there is no snapshot 'two'"
    assert ask.refused("GET", "/changes?limit=-1", 400) == "limit is a whole number from 0 on"


def test_calls_are_forgotten(ask: Client, call: Callable[..., Any]) -> None:
    call("res.partner", "search_count", [])
    assert ask("DELETE", "/calls") == {"removed": 1}
    assert ask("GET", "/calls")["last"] == 0


def test_what_json_cannot_say_is_told_as_text(ask: Client, server: MockServer, call: Callable[..., Any]) -> None:
    server.respond("res.partner", "odd", {"n": float("inf"), "b": b"abc", "deep": [[1.5]]})
    call("res.partner", "search_count", [["name", "=", xmlrpc.client.DateTime("19700101T00:00:00")]])
    call("res.partner", "odd", [1])
    assert ask("GET", "/calls/1")["args"] == {"domain": [["name", "=", "19700101T00:00:00"]]}
    assert ask("GET", "/calls/2")["answer"] == {"n": "inf", "b": "(3 bytes)", "deep": [[1.5]]}


def test_the_control_api_is_not_in_the_journal_and_meets_no_fault(ask: Client, server: MockServer) -> None:
    ask("POST", "/faults", {"fault": {"type": "HttpError", "status": 503}}, 201)
    ask("GET", "/calls")
    assert (server.calls.count, server.calls.refused.count) == (0, 0)
    assert [armed.calls for armed in server.faults] == [0]


# -- faults and overrides -------------------------------------------------------------------------------


def test_a_fault_is_added_met_and_removed(ask: Client, call: Callable[..., Any]) -> None:
    wanted = {"fault": {"type": "HttpError", "status": 503, "retry_after": 2}, "model": "res.partner", "times": 1}
    added = ask("POST", "/faults", wanted, 201)
    assert (added["calls"], added["hits"], added["times"]) == (0, 0, 1)
    with pytest.raises(xmlrpc.client.ProtocolError, match="503"):
        call("res.partner", "search_count", [])
    assert call("res.country", "search_count", []) == 250
    (fault,) = ask("GET", "/faults")["faults"]
    assert (fault["id"], fault["calls"], fault["hits"]) == (added["id"], 1, 1)
    assert ask("DELETE", f"/faults/{added['id']}") == {"removed": 1}
    assert ask.refused("DELETE", f"/faults/{added['id']}", 404) == f"there is no fault {added['id']}"
    assert ask("GET", "/faults") == {"faults": []}


def test_all_faults_are_removed(ask: Client) -> None:
    for fault in ([{"type": "Reset"}, None], {"together": [{"type": "Delay", "seconds": 0.1}, {"type": "Garbage"}]}):
        ask("POST", "/faults", {"fault": fault}, 201)
    assert ask("DELETE", "/faults") == {"removed": 2}


def test_mail_that_was_sent_is_told_and_forgotten() -> None:
    with MockServer(control=True, fixtures=["mail"]) as server:
        own = Client(server)
        ann = server.env["res.partner"].create({"name": "Ann", "email": "ann@x.example"})
        ann.message_post(body="Hi", subject="Hello", partner_ids=ann.ids, attachments=[("a.txt", b"A")])
        (mail,) = own("GET", "/outbox?model=res.partner&to=ann@x.example")["mails"]
        assert (mail["subject"], mail["body"], mail["to"]) == ("Hello", "<p>Hi</p>", ['"Ann" <ann@x.example>'])
        assert mail["record"] == {"model": "res.partner", "id": ann.id}
        assert mail["attachments"] == [{"name": "a.txt", "size": 1, "content": "QQ=="}]
        assert own("GET", "/outbox?subject=other") == {"mails": [], "count": 0}
        assert own("DELETE", "/outbox") == {"removed": 1}
        assert own("GET", "/outbox")["count"] == 0


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "a fault with its aim is"),
        ([], "a fault with its aim is"),
        ({"fault": {"type": "HttpEror"}}, "there is no fault 'HttpEror'; did you mean 'HttpError'?"),
        ({"fault": {"type": "HttpError"}}, "HttpError needs 'status'"),
        ({"fault": {"type": "Delay", "seconds": -1}}, "Delay: seconds is"),
        ({"fault": {"type": "Reset"}, "modle": "x"}, "a fault has no 'modle'; did you mean 'model'?"),
        (
            {"fault": {"type": "Reset"}, "model": "res.partnr"},
            "there is no model 'res.partnr'; did you mean 'res.partner'?",
        ),
        ({"fault": {"type": "Reset"}, "nth": 0}, "nth is a whole number above 0, not 0"),
    ],
)
def test_wrong_faults_are_refused(ask: Client, body: Any, text: str) -> None:
    assert ask.refused("POST", "/faults", 400, body).startswith(text)


def test_an_override_answers_until_it_is_removed(ask: Client, call: Callable[..., Any]) -> None:
    wanted = {"model": "res.partner", "method": "ping", "answer": {"pong": True}, "ids": False}
    added = ask("POST", "/overrides", wanted, 201)
    assert added == {"id": added["id"], **wanted, "calls": 0}
    assert call("res.partner", "ping") == {"pong": True}
    assert ask("GET", "/overrides")["overrides"] == [{**added, "calls": 1}]
    assert ask("DELETE", f"/overrides/{added['id']}") == {"removed": 1}
    assert ask.refused("DELETE", f"/overrides/{added['id']}", 404) == f"there is no override {added['id']}"
    with pytest.raises(xmlrpc.client.Fault, match="does not exist"):
        call("res.partner", "ping")


def test_an_override_raises_an_error(ask: Client, call: Callable[..., Any]) -> None:
    error = {"type": "UserError", "message": "Not today."}
    ask("POST", "/overrides", {"model": "res.partner", "method": "unlink", "error": error}, 201)
    with pytest.raises(xmlrpc.client.Fault, match="Not today"):
        call("res.partner", "unlink", [1])
    assert ask("GET", "/health")["errors"] == []
    assert ask("DELETE", "/overrides") == {"removed": 1}


def test_a_function_in_python_is_listed_by_its_name(ask: Client, server: MockServer) -> None:
    @server.on_call("res.partner", "ping")
    def pong(records: Any) -> str:
        raise KeyError("mine")

    (told,) = ask("GET", "/overrides")["overrides"]
    assert told["function"].endswith("pong")
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models, pytest.raises(xmlrpc.client.Fault):
        models.execute_kw(server.db, server.uid, server.password, "res.partner", "ping", [[1]])
    assert ask("GET", "/health")["errors"] == ["KeyError: 'mine'"]
    server.errors.clear()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ([], "an override is"),
        ({"model": "res.partner"}, "an override has a 'method', which is a text"),
        ({"model": "res.partner", "method": "ping"}, "an override has one of 'answer', 'error' and 'answers'"),
        ({"model": "res.partnr", "method": "ping", "answer": 1}, "there is no model 'res.partnr'; did you mean"),
        ({"model": "res.partner", "method": "a b", "answer": 1}, "a method has a name such as 'action_confirm'"),
        ({"model": "res.partner", "method": "ping", "error": {"type": "Reset"}}, "an error is one of UserError"),
    ],
)
def test_wrong_overrides_are_refused(ask: Client, body: Any, text: str) -> None:
    assert ask.refused("POST", "/overrides", 400, body).startswith(text)


# -- databases, models, records, fixtures ------------------------------------------------------------------


def test_a_database_is_made_and_dropped(ask: Client, server: MockServer) -> None:
    assert ask("POST", "/databases", {"name": "second"}, 201) == {"name": "second", "first": False}
    names = [one["name"] for one in ask("GET", "/databases")["databases"]]
    assert names == sorted(server.app.databases) == ["mock", "second"]
    assert ask.refused("POST", "/databases", 409, {"name": "second"}) == "database 'second' already exists!"
    assert ask.refused("POST", "/databases", 400, {"name": "../x"}).startswith("Invalid database name.")
    assert ask.refused("POST", "/databases", 400, {}) == "the body needs name: a text"
    assert ask("DELETE", "/databases/second") == {"removed": 1}
    assert ask.refused("DELETE", "/databases/second", 404) == "there is no database 'second'"
    assert (
        ask.refused("DELETE", "/databases/mock", 409)
        == "'mock' is the server's first database, which cannot be dropped"
    )


def test_a_database_is_copied_as_it_is_now(ask: Client, server: MockServer) -> None:
    server.env["res.partner"].create({"name": "Before"})
    copy = {"name": "copy", "copy_of": "mock", "idle_seconds": 60}
    assert ask("POST", "/databases", copy, 201) == {"name": "copy", "first": False}
    before, count = server.database("copy"), [("name", "in", ["Before", "After"])]
    server.env["res.partner"].create({"name": "After"})
    assert before.env()["res.partner"].search_count(count) == 1
    assert ask.refused("POST", "/databases", 409, copy) == "database 'copy' already exists!"
    ask("POST", "/databases", {**copy, "replace": True}, 201)
    assert server.database("copy").env()["res.partner"].search_count(count) == 2
    server.app.databases.leases["copy"].used -= 61
    assert ask("GET", "/databases")["databases"] == [{"name": "mock", "first": True}]


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({"name": "x", "copy_of": "mok"}, 404, "there is no database 'mok'; did you mean 'mock'?"),
        ({"name": "x", "replace": True}, 400, "replace and idle_seconds are for copies"),
        ({"name": "x", "idle_seconds": 5}, 400, "replace and idle_seconds are for copies"),
        ({"name": "mock", "copy_of": "mock", "replace": True}, 409, "'mock' is not replaced"),
        ({"name": "../x", "copy_of": "mock", "replace": True}, 400, "Invalid database name."),
        ({"name": "x", "copy_of": "mock", "idle_seconds": "5"}, 400, "idle_seconds is a number"),
    ],
)
def test_a_copy_that_cannot_be_is_refused(ask: Client, body: dict[str, Any], status: int, text: str) -> None:
    assert ask.refused("POST", "/databases", status, body).startswith(text)


def test_models_are_listed_with_the_number_of_their_records(ask: Client) -> None:
    models = {one["model"]: one for one in ask("GET", "/databases/mock/models")["models"]}
    assert models["res.country"] == {
        "model": "res.country", "description": "Country", "records": 250, "transient": False, "abstract": False,
    }  # fmt: skip
    assert ask.refused("GET", "/databases/mok/models", 404) == "there is no database 'mok'; did you mean 'mock'?"


def test_a_model_has_its_fields(ask: Client) -> None:
    model = ask("GET", PARTNERS)
    assert (model["model"], model["description"]) == ("res.partner", "Contact")
    assert model["fields"]["country_id"]["relation"] == "res.country"
    text = "there is no model 'res.partnr'; did you mean 'res.partner'?"
    assert ask.refused("GET", "/databases/mock/models/res.partnr", 404) == text


def test_records_are_found_by_a_domain(ask: Client, server: MockServer) -> None:
    env = server.env["res.partner"]
    ids = [env.create({"name": f"Acme {n}", "active": n != 2, "email": f"{n}@acme"}).id for n in range(3)]
    domain = json.dumps([["name", "=like", "Acme %"]])
    told = partners(ask, domain=domain, fields="name,active", order="name desc", limit="2")
    assert told == {
        "count": 3,
        "records": [
            {"id": ids[2], "name": "Acme 2", "active": False},
            {"id": ids[1], "name": "Acme 1", "active": True},
        ],
    }
    assert partners(ask, domain=domain, offset="2", order="name", fields="email")["records"] == [
        {"id": ids[2], "email": "2@acme"}
    ]
    assert partners(ask, limit="0")["records"] == []
    assert "country_id" in partners(ask, domain=domain)["records"][0]


def test_files_are_told_by_their_size_and_secrets_not_at_all(ask: Client, server: MockServer) -> None:
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
    server.env["res.partner"].create({"name": "Pictured", "image_1920": pixel})
    (record,) = partners(ask, domain='[["name","=","Pictured"]]', fields="image_1920")["records"]
    assert record["image_1920"] == "69.00 bytes"
    users = ask("GET", "/databases/mock/models/res.users/records?fields=login,password")["records"]
    assert {user["password"] for user in users} <= {False, "", "***"}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("domain=[", 'domain is a domain such as [["name","ilike","azure"]], not "["'),
        ("domain={}", 'domain is a domain such as [["name","ilike","azure"]], not {}'),
        ('domain=[["nme","=",1]]', "ValueError: Invalid field res.partner.nme in leaf ('nme', '=', 1)"),
        ("domain=[1,2]", None),
        ("fields=nme", "UnknownField: Invalid field 'nme' on model 'res.partner'"),
        ("order=nme", None),
        ("limit=-1", "offset and limit are whole numbers from 0 on"),
    ],
)
def test_wrong_questions_for_records_are_refused(ask: Client, query: str, text: str | None) -> None:
    assert text in (None, ask.refused("GET", f"{PARTNERS}/records?{quote(query, safe='=')}", 400))


def test_records_are_found_by_their_name(ask: Client, server: MockServer) -> None:
    acme = server.env["res.partner"].create({"name": "Acme Tools", "email": "info@pump.example", "active": False})
    other = server.env["res.partner"].create({"name": "Other"})

    def ids(**query: str) -> list[int]:
        return [one["id"] for one in partners(ask, fields="name", **query)["records"]]

    assert ids(search="acme t") == ids(search="pump.ex") == [acme.id]
    assert ids(search="acme", domain='[["active", "=", true]]') == []
    assert other.id in ids(search=str(other.id))
    assert partners(ask, search="no such name")["count"] == 0
    assert ask("GET", f"/databases/mock/models/ir.ui.menu/records?search={'9' * 30}")["count"] == 0


def test_a_record_is_written(ask: Client, server: MockServer) -> None:
    acme = server.env["res.partner"].create({"name": "Acme"})
    country = server.ref("base.be").id
    values = {"name": "Acme Tools", "country_id": country, "active": False}
    written = ask("POST", f"{PARTNERS}/records/{acme.id}", {"values": values})["record"]
    assert (written["name"], written["country_id"], written["active"]) == ("Acme Tools", [country, "Belgium"], False)
    assert acme.country_id.id == country


def test_wrong_values_are_refused_as_the_server_words_it(ask: Client, server: MockServer) -> None:
    acme = server.env["res.partner"].create({"name": "Acme"})
    path = f"{PARTNERS}/records/{acme.id}"
    text = "ValidationError: The operation cannot be completed: Contacts require a name"
    assert ask.refused("POST", path, 400, {"values": {"name": False, "ref": "x"}}) == text
    assert acme.ref is False
    assert ask.refused("POST", path, 400, {"values": {"nam": "x"}}) == (
        "ValueError: Invalid field 'nam' on model 'res.partner'"
    )
    assert ask.refused("POST", path, 400, {"values": []}).startswith("values is values by field")
    assert ask.refused("POST", path, 400) == 'the body needs values: values by field, such as {"name": "Acme"}'
    assert ask.refused("POST", f"{PARTNERS}/records/999999", 404, {"values": {}}) == "there is no res.partner 999999"
    assert ask.refused("POST", f"{PARTNERS}/records/x", 400, {"values": {}}) == 'id is a whole number, not "x"'


def test_a_pack_and_a_fixture_of_ones_own_are_loaded(ask: Client, server: MockServer) -> None:
    assert "crm" in ask("GET", "/fixtures")["packs"]
    assert "crm" not in ask("GET", "/fixtures")["loaded"]
    assert ask("POST", "/fixtures", {"fixture": "crm"})["added"] > 10
    assert {"base", "crm", "sales_team"} <= set(ask("GET", "/fixtures")["loaded"])
    assert "crm.lead" in server.database("mock").registry
    own = {"records": [{"model": "res.partner", "xmlid": "my.one", "values": {"name": "Mine"}}]}
    ask("POST", "/databases", {"name": "second"}, 201)
    assert ask("POST", "/fixtures", {"fixture": own, "db": "second"})["db"] == "second"
    assert len(ask("GET", "/fixtures?db=second")["files"]) == 1
    assert ask.refused("GET", "/fixtures?db=third", 404).startswith("there is no database 'third'")
    added = server.database("second").env().ref("my.one")
    assert added is not None
    assert added.name == "Mine"
    exported = ask("GET", "/databases/second/export")
    assert "Mine" in json.dumps(exported)
    ask("POST", "/fixtures", {"fixture": exported})
    assert server.ref("my.one").name == "Mine"


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "the body needs fixture: the name of a pack, or a fixture"),
        ({"fixture": 1}, 400, "fixture is the name of a pack, or a fixture, not 1"),
        ({"fixture": "cmr"}, 400, "there is no pack 'cmr'; did you mean 'crm'?"),
        ({"fixture": "../setup.py"}, 400, "there is no pack '../setup.py'"),
        ({"fixture": {"recrods": []}}, 400, "the fixture: unknown key 'recrods'; did you mean 'records'?"),
        ({"fixture": "crm", "db": "mok"}, 404, "there is no database 'mok'"),
    ],
)
def test_wrong_fixtures_are_refused(ask: Client, body: Any, status: int, text: str) -> None:
    assert ask.refused("POST", "/fixtures", status, body).startswith(text)


# -- form ---------------------------------------------------------------------------------------------------


def test_a_path_that_is_not_there_names_the_nearest(ask: Client) -> None:
    text = "there is no /_mock/faluts; did you mean '/_mock/faults'?; /_mock/openapi.json lists all paths"
    assert ask.refused("GET", "/faluts", 404) == text
    assert ask.refused("GET", "/health/", 404).startswith("there is no /_mock/health/")


def test_a_wrong_verb_is_told_the_right_ones(ask: Client, server: MockServer) -> None:
    assert ask.refused("PUT", "/faults", 405) == "/_mock/faults does not take PUT, it takes DELETE, GET, HEAD, POST"
    answer = ask.session.options(f"{server.url}/_mock/reset", timeout=HANG)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_head_has_no_body(ask: Client, server: MockServer) -> None:
    answer = ask.session.head(f"{server.url}/_mock/health", timeout=HANG)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_post_is_json(ask: Client, content_type: str) -> None:
    text = "the body of a POST is JSON: send Content-Type: application/json"
    assert ask.refused("POST", "/reset", 415, **{"Content-Type": content_type}) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{", "the body is not JSON: line 1 column 2: Expecting property name enclosed in double quotes"),
        (b"\xff", "the body is not UTF-8: byte 0"),
        (b"NaN", "the body is not JSON: there is no NaN in it"),
        (b"[" * 100_000, "the body is not JSON: it is nested too deeply"),
        (b"[]", "the body is a JSON object, not []"),
        (b'{"now": 1}', "the body has no key 'now' (it takes none)"),
    ],
)
def test_a_wrong_body_is_refused(ask: Client, server: MockServer, body: bytes, text: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = ask.session.post(f"{server.url}/_mock/reset", data=body, headers=headers, timeout=HANG)
    assert (answer.status_code, answer.json()) == (400, {"error": text})


def test_an_empty_body_says_nothing(ask: Client, server: MockServer) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert ask.session.post(f"{server.url}/_mock/reset", headers=headers, timeout=HANG).status_code == 200


def test_a_large_body_is_refused(ask: Client, server: MockServer) -> None:
    headers = {"Content-Type": "application/json"}
    answer = ask.session.post(
        f"{server.url}/_mock/fixtures", data=b" " * (16 * 1024**2 + 1), headers=headers, timeout=HANG
    )
    assert answer.status_code == 413
    assert answer.json()["error"]


# -- who may ask ----------------------------------------------------------------------------------------------


def raw(server: MockServer, *headers: str, path: str = "/_mock/health") -> tuple[int, str]:
    """Status and body of a GET with exactly these headers."""
    with socket.create_connection((server.host, server.port), timeout=HANG) as client:
        client.sendall("\r\n".join((f"GET {path} HTTP/1.1", "Connection: close", *headers, "", "")).encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Access-Control" not in head
    return int(head.split()[1]), body.decode()


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]", "odoo.localhost"])
def test_a_local_host_is_answered(server: MockServer, name: str) -> None:
    assert raw(server, f"Host: {name}:{server.port}")[0] == 200
    assert raw(server, f"Host: {name}")[0] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8069", "127.0.0.1.evil.example", "10.0.0.1", "localhost.evil.example",
     "evil@localhost", "localhost:x", "[::1", "", "0.0.0.0", "localhost/x"],
)  # fmt: skip
def test_another_host_is_refused(server: MockServer, host: str) -> None:
    status, body = raw(server, f"Host: {host}")
    assert status == 403
    assert "the control API answers to localhost and 127.0.0.1 only" in json.loads(body)["error"]


def test_no_host_is_refused(server: MockServer) -> None:
    assert raw(server)[0] == 403


def test_the_own_origin_is_answered(server: MockServer) -> None:
    host = f"127.0.0.1:{server.port}"
    assert raw(server, f"Host: {host}", f"Origin: http://{host}", "Sec-Fetch-Site: same-origin")[0] == 200


@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "https://{host}", "http://127.0.0.1:1", "http://localhost"]
)
def test_another_origin_is_refused(server: MockServer, origin: str) -> None:
    host = f"127.0.0.1:{server.port}"
    status, body = raw(server, f"Host: {host}", f"Origin: {origin.format(host=host)}")
    assert status == 403
    assert "the control API answers its own page only" in json.loads(body)["error"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_origin_is_refused_without_its_origin_too(server: MockServer, site: str) -> None:
    host = f"Host: 127.0.0.1:{server.port}"
    assert raw(server, host, f"Sec-Fetch-Site: {site}", "Sec-Fetch-Mode: no-cors")[0] == 403
    assert raw(server, host, f"Sec-Fetch-Site: {site}", "Sec-Fetch-Mode: navigate")[0] == 403


def test_a_link_may_lead_to_the_page(server: MockServer) -> None:
    headers = (f"Host: localhost:{server.port}", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
    assert raw(server, *headers, path="/_mock/")[0] == 200
    assert raw(server, *headers[:2], path="/_mock/")[0] == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For: 127.0.0.1", "Forwarded: for=1.2.3.4", "X-Real-IP: 1.2.3.4"])
def test_a_proxy_is_refused(server: MockServer, header: str) -> None:
    status, body = raw(server, "Host: localhost", header)
    assert status == 403
    assert "answers requests of this machine only, and none through a proxy" in json.loads(body)["error"]


@pytest.mark.parametrize("address", ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "", "localhost"])
def test_another_machine_is_refused(server: MockServer, address: str) -> None:
    told: list[Any] = []

    def start_response(*given: Any) -> Any:
        told.append(given)

    environ = {"PATH_INFO": "/_mock/health", "REQUEST_METHOD": "GET", "HTTP_HOST": "localhost", "REMOTE_ADDR": address}
    assert server._control is not None
    body = b"".join(server._control(environ, start_response))
    assert told[0][0] == "403 Forbidden"
    assert b"this machine only" in body


def test_the_loopback_has_several_forms() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]))


@pytest.mark.parametrize("path", ["/_mockery", "/_moc", "/x/_mock/health"])
def test_a_path_beside_it_is_the_servers_own(ask: Client, server: MockServer, path: str) -> None:
    assert ask.session.get(server.url + path, timeout=HANG).headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_server_has_none_unless_it_is_asked_for(mockserver: MockServer) -> None:
    assert requests.get(f"{mockserver.url}/_mock/health", timeout=HANG).status_code == 404


@pytest.mark.mockserver(control=True)
def test_the_marker_asks_for_it(mockserver: MockServer) -> None:
    assert requests.get(f"{mockserver.url}/_mock/health", timeout=HANG).json()["status"] == "ok"


# -- the page and the description ---------------------------------------------------------------------------------


def test_the_page_has_everything_in_it(ask: Client, server: MockServer) -> None:
    answer = ask.session.get(f"{server.url}/_mock", timeout=HANG)
    assert (answer.history[0].status_code, answer.url) == (308, f"{server.url}/_mock/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    html = answer.text
    assert not re.search(
        r"(?:src|href|action)=[\"']?(?:https?:|//)|@import|url\(|<link(?! rel=\"icon\" href=\"data:)", html
    )
    assert set(re.findall(r"https?://[^\s'\"]+", html)) == {"http://www.w3.org/2000/svg"}
    assert "innerHTML" not in html
    assert "/* page.css */" not in html
    assert " style=" not in html
    assert len(answer.content) < 80_000


def test_the_page_lets_nothing_else_in(ask: Client, server: MockServer) -> None:
    policy = ask.session.get(f"{server.url}/_mock/", timeout=HANG).headers["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert directives["connect-src"] == "'self'"
    assert directives["script-src"].startswith("'sha256-")
    assert "unsafe" not in policy
    assert policy == dict(page.answer().headers)["Content-Security-Policy"]


def test_answers_are_kept_by_nobody_and_embedded_nowhere(ask: Client, server: MockServer) -> None:
    headers = ask.session.get(f"{server.url}/_mock/health", timeout=HANG).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_the_description_is_openapi(ask: Client, server: MockServer) -> None:
    told = ask.session.get(f"{server.url}/_mock/openapi.json", timeout=HANG).json()
    assert told == json.loads(json.dumps(DESCRIPTION))
    OpenAPIV31SpecValidator(told).validate()
    operations = [verb["operationId"] for path in told["paths"].values() for verb in path.values()]
    assert len(set(operations)) == len(operations) == len(ROUTES)


def test_every_schema_of_the_description_is_used() -> None:
    text = json.dumps(DESCRIPTION)
    assert [name for name in DESCRIPTION["components"]["schemas"] if f'schemas/{name}"' not in text] == []


def test_every_route_answers_as_it_is_described(ask: Client, call: Callable[..., Any]) -> None:
    call("res.partner", "create", {"name": "Acme"})
    answer = {"model": "res.partner", "method": "ping", "answer": 1}
    fault = ask("POST", "/faults", {"fault": {"type": "Reset"}, "model": "res.partner", "probability": 0.5}, 201)["id"]
    override = ask("POST", "/overrides", answer, 201)["id"]
    for verb, path, body, status in [
        *(("GET", path, None, 200) for path in ("/health", "/clock", "/snapshot", "/calls", "/calls/1", "/hints")),
        *(("GET", path, None, 200) for path in ("/databases", "/ready", "/changes")),
        *(("GET", path, None, 200) for path in ("/faults", "/overrides", "/fixtures", "/databases/mock/models")),
        *(("GET", path, None, 200) for path in (PARTNERS, f"{PARTNERS}/records", "/databases/mock/export")),
        *(("DELETE", path, None, 200) for path in (f"/faults/{fault}", f"/overrides/{override}")),
        *(("DELETE", path, None, 200) for path in ("/faults", "/overrides", "/calls", "/clock")),
        ("POST", "/clock", {"tick": 1}, 200),
        ("POST", "/save", {}, 200),
        ("POST", "/verify", {"model": "res.partner", "times": 0}, 200),
        ("POST", "/snapshot", {"name": "one"}, 201),
        ("POST", "/restore", {"name": "one"}, 200),
        ("DELETE", "/snapshot/one", None, 200),
        ("POST", "/databases", {"name": "two"}, 201),
        ("POST", f"{PARTNERS}/records/1", {"values": {"ref": "x"}}, 200),
        ("POST", "/fixtures", {"fixture": "product", "db": "two"}, 200),
        ("DELETE", "/databases/two", None, 200),
        ("POST", "/reset", {}, 200),
    ]:
        ask(verb, path, body, status)
    # answered by servers with the packs, here and in test_webhooks.py
    sent = {(verb, path) for verb in ("GET", "DELETE") for path in ("/outbox", "/webhooks")}
    assert ask.answered | sent == {(route.verb, route.path) for route in ROUTES}


WORDS = st.sampled_from(
    ["model", "method", "fault", "type", "answer", "error", "answers", "together", "nth", "times", "seed", "name",
     "fixture", "db", "freeze", "tick", "thaw", "records", "models", "message", "res.partner", "Reset", "HttpError",
     "status", "at_least", "at_most", "ids", "user", "vals", "args", "context"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | WORDS, inner, max_size=4),
    max_leaves=8,
)


@examples(80, reset=True)
@given(body=JSON, path=st.sampled_from([route.path for route in ROUTES if route.verb == "POST"]))
def test_no_body_breaks_it(ask: Client, server: MockServer, body: Any, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = ask.session.post(f"{server.url}/_mock{path}", data=json.dumps(body), headers=headers, timeout=HANG)
    assert answer.status_code in (200, 201, 400, 404, 409)
    assert ("error" in answer.json()) is (answer.status_code >= 400)
    assert server.errors == []
    server.reset()


@examples(40, reset=True)
@given(text=st.text(max_size=20), name=st.sampled_from(["domain", "fields", "order", "limit", "offset"]))
def test_no_query_breaks_it(ask: Client, server: MockServer, text: str, name: str) -> None:
    answer = ask.session.get(f"{server.url}/_mock{PARTNERS}/records", params={name: text}, timeout=HANG)
    assert answer.status_code in (200, 400)
    assert server.errors == []


def test_hints_are_told_as_in_strict_mode(ask: Client, call: Callable[..., Any]) -> None:
    assert ask("GET", "/hints") == {"hints": []}
    with pytest.raises(xmlrpc.client.Fault):
        call("x.pump", "search", [])
    [hint] = ask("GET", "/hints")["hints"]
    assert hint.startswith("there is no model 'x.pump'\ncalled: x.pump.search(")
