from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from mockserver.dialects import Request
from mockserver.errors import UserError
from mockserver.profiles import UnknownProfile
from mockserver.server import listeners
from mockserver.server.app import App, create_app
from mockserver.server.exchange import Exchange, RawExchange
from mockserver.services import Call
from tests.dialects.wire import Wire


@pytest.fixture(scope="module")
def served() -> tuple[App, Any]:
    app = create_app(db=["one", "two"], login="boss", password="secret", master_password="master")
    return app, app.snapshot()


@pytest.fixture
def wire(served: tuple[App, Any]) -> Wire:
    app, start = served
    app.restore(start)
    app._observers.current = ()
    return Wire(app)


def result(envelope: dict[str, Any]) -> Any:
    assert "error" not in envelope, envelope
    return envelope["result"]


def create(wire: Wire, db: str, name: str) -> int:
    params = [db, 2, "secret", "res.partner", "create", {"name": name}]
    id_: int = result(wire.rpc("object", "execute", params))
    return id_


def count(wire: Wire, db: str, name: str) -> int:
    params = [db, 2, "secret", "res.partner", "search_count", [["name", "=", name]]]
    number: int = result(wire.rpc("object", "execute", params))
    return number


def test_create_app_serves_every_database_with_its_login(wire: Wire) -> None:
    assert result(wire.rpc("db", "list", [])) == ["one", "two"]
    for db in ("one", "two"):
        assert result(wire.rpc("common", "authenticate", [db, "boss", "secret", {}])) == 2
        assert result(wire.rpc("common", "login", [db, "admin", "admin"])) is False


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(UnknownProfile, match=r"odoo-17\.0"):
        create_app(profile="odoo-71.0")


def test_databases_are_independent(wire: Wire) -> None:
    create(wire, "one", "Only here")
    assert (count(wire, "one", "Only here"), count(wire, "two", "Only here")) == (1, 0)


def test_restore_brings_back_rows_databases_names_and_master_password(wire: Wire) -> None:
    start = wire.app.snapshot()
    create(wire, "one", "Gone after the reset")
    for method, args in (
        ("change_admin_password", ["master", "other"]),
        ("drop", ["other", "two"]),
        ("duplicate_database", ["other", "one", "three"]),
        ("rename", ["other", "one", "four"]),
    ):
        assert result(wire.rpc("db", method, args)) is True
    assert result(wire.rpc("db", "list", [])) == ["four", "three"]

    wire.app.restore(start)

    assert result(wire.rpc("db", "list", [])) == ["one", "two"]
    assert count(wire, "one", "Gone after the reset") == 0
    assert wire.app.databases["one"].name == "one"
    assert result(wire.rpc("db", "drop", ["master", "nothing"])) is False


def test_observers_are_told_of_every_request(wire: Wire) -> None:
    seen: list[Exchange] = []
    wire.app.observe(seen.append)
    wire.rpc("common", "version", [])
    wire.rpc("object", "execute_kw", ["one", 2, "secret", "res.partner", "search", [[]]])
    wire.rpc("object", "execute_kw", ["one", 2, "wrong", "res.partner", "search", [[]]])
    wire.xmlrpc("common", "nope", ())
    wire.json("/web/session/authenticate", {"params": {"db": "one", "login": "boss", "password": "secret"}})
    wire.http("GET", "/nowhere")
    wire.http("GET", "/")
    wire.http("POST", "/xmlrpc/2/common", "junk")
    assert [(e.dialect, e.target, e.outcome) for e in seen] == [
        ("jsonrpc", "common.version", "ok"),
        ("jsonrpc", "res.partner.search", "ok"),
        ("jsonrpc", "object.execute_kw", "AccessDenied"),
        ("xmlrpc", "common.nope", "Exception"),
        ("web", "session.authenticate", "ok"),
        ("http", "GET /nowhere", "NotFound"),
        ("web", "GET /", "ok"),
        ("xmlrpc", "POST /xmlrpc/2/common", "ExpatError"),
    ]
    assert all(e.seconds > 0 for e in seen)
    call = seen[1].call
    assert call is not None
    assert (call.db, call.uid, call.model, call.method) == ("one", 2, "res.partner", "search")


def test_an_observer_is_told_until_it_is_stopped(wire: Wire) -> None:
    seen: list[Exchange] = []
    function = seen.append
    stop, stop_too = wire.app.observe(function), wire.app.observe(function)
    wire.rpc("common", "version", [])
    stop()
    stop()
    wire.rpc("common", "version", [])
    stop_too()
    wire.rpc("common", "version", [])
    assert len(seen) == 3


def test_an_observer_that_fails_breaks_neither_the_answer_nor_others(wire: Wire) -> None:
    seen: list[Exchange] = []

    def fails(exchange: Exchange) -> None:
        raise OSError("the disk is full")

    def fails_the_test(exchange: Exchange) -> None:
        pytest.fail("not this call")

    for function in (fails, fails_the_test, seen.append):
        wire.app.observe(function)
    assert result(wire.rpc("db", "list", [])) == ["one", "two"]
    assert [exchange.target for exchange in seen] == ["db.list"]
    errors, wire.app.errors[:] = list(wire.app.errors), []
    assert [str(error) for error in errors] == ["the disk is full", "not this call"]


def test_a_tap_that_fails_breaks_neither_the_answer_nor_others(wire: Wire) -> None:
    seen: list[RawExchange] = []

    def fails(passed: RawExchange) -> None:
        raise OSError("the disk is full")

    stops = [wire.app.tap(fails), wire.app.tap(seen.append)]
    extra = {"wsgi.input_terminated": True}
    body = '{"params": {"service": "db", "method": "list", "args": []}}'
    assert wire.http("POST", "/jsonrpc", body, "application/json", **extra).json()["result"] == ["one", "two"]
    for stop in stops:
        stop()
    wire.http("POST", "/jsonrpc", body, "application/json", **extra)
    assert ([passed.body for passed in seen], len(wire.app.errors)) == ([body.encode()], 1)
    wire.app.errors.clear()


def test_errors_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "MAX_ERRORS", 2)
    told: list[BaseException] = []
    errors = listeners.Errors()
    errors.on_append = told.append
    for number in range(3):
        errors.append(ValueError(number))
    assert ([str(error) for error in errors], len(told)) == (["0", "1"], 3)


def test_a_guard_answers_in_the_place_of_a_call_until_it_is_stopped(wire: Wire) -> None:
    order: list[str] = []

    def refuses(request: Request, call: Call) -> None:
        order.append("second")
        raise UserError("closed today")

    stop = wire.app.guard(refuses)
    stop_first = wire.app.guard(lambda request, call: order.append("first"), first=True)
    assert wire.app.guarded
    assert wire.rpc("db", "list", [])["error"]["data"]["message"] == "closed today"
    assert order == ["first", "second"]
    stop()
    stop_first()
    assert not wire.app.guarded
    assert result(wire.rpc("db", "list", [])) == ["one", "two"]


def test_a_call_tells_its_changes_while_somebody_wants_them(wire: Wire) -> None:
    seen: list[Exchange] = []
    stop, stop_changes = wire.app.observe(seen.append), wire.app.observe(lambda exchange: None, changes=True)
    create(wire, "one", "Watched")
    stop_changes()
    create(wire, "one", "Not watched")
    stop()
    assert [len(exchange.call.changes) > 0 for exchange in seen if exchange.call] == [True, False]


def test_functions_come_and_go_while_threads_call_them() -> None:
    told: listeners.Listeners[Callable[[object], object]] = listeners.Listeners()
    errors: list[BaseException] = []
    kept: list[object] = []
    told.add(kept.append)

    def come_and_go() -> None:
        for _ in range(200):
            stop = told.add(lambda event: None)
            told.notify(errors, "event")
            stop()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(told.current), len(kept), errors) == (1, 800, [])


def test_what_a_client_sent_cannot_break_a_log_line(wire: Wire) -> None:
    seen: list[Exchange] = []
    wire.app.observe(seen.append)
    wire.rpc("common", "x\ny\x1b[2J" + "z" * 1000, [])
    assert seen[0].target.startswith("common.x?y?[2Jzzz")
    assert len(seen[0].target) == 120


def test_a_request_without_length_and_end_has_no_body(wire: Wire) -> None:
    answer = wire.http("POST", "/jsonrpc", b"{}", "application/json", CONTENT_LENGTH="")
    assert (answer.status, answer.body) == (400, b"Invalid JSON data")


def test_a_body_whose_end_the_server_knows_needs_no_length(wire: Wire) -> None:
    extra = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    body = '{"params": {"service": "db", "method": "list", "args": []}}'
    assert wire.http("POST", "/jsonrpc", body, "application/json", **extra).json()["result"] == ["one", "two"]


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "١"])
def test_a_length_that_is_no_number_is_a_bad_request(wire: Wire, length: str) -> None:
    assert wire.http("POST", "/jsonrpc", b"{}", "application/json", CONTENT_LENGTH=length).status == 400


def test_remembered_paths_are_limited(wire: Wire) -> None:
    for number in range(600):
        wire.http("POST", f"/xmlrpc/2/{number}", b"")
    assert len(wire.app._targets) <= 512
    assert wire.http("POST", "/xmlrpc/2/600", b"").status == 200
