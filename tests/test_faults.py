"""Faults as values, their aim, their counts, their JSON; what clients make of them is in `clients/test_faults.py`."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import threading
import xmlrpc.client
from collections.abc import Iterator
from typing import Any
from xml.parsers.expat import ExpatError

import pytest

import mockserver
from mockserver import (
    AccessError,
    Delay,
    Garbage,
    HttpError,
    MockServer,
    RedirectWarning,
    Reset,
    SerializationFailure,
    ServerError,
    SessionExpired,
    SlowBody,
    Timeout,
    Truncate,
    UserError,
    ValidationError,
)
from mockserver.server.exchange import WIRE, NoAnswer
from mockserver.testing.faults.fault import FaultError, as_fault
from mockserver.testing.faults.forms import read, to_json
from tests.typed import wrong
from tests.waiting import HANG, no_waits, until


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def odoo(shared: MockServer) -> Iterator[MockServer]:
    shared.reset()
    yield shared
    shared.faults.clear()
    assert shared.errors == []


def execute(server: MockServer, method: str = "search_count", *args: Any, model: str = "res.partner") -> Any:
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
        return models.execute_kw(server.db, server.uid, server.password, model, method, list(args or ([],)))


def outcomes(server: MockServer, count: int, method: str = "search_count", model: str = "res.partner") -> str:
    """A letter for each of so many calls: `.` for an answer, `F` for a fault of the call, `H` for an HTTP error."""
    letters = []
    for _ in range(count):
        try:
            execute(server, method, model=model)
            letters.append(".")
        except xmlrpc.client.Fault:
            letters.append("F")
        except xmlrpc.client.ProtocolError:
            letters.append("H")
    return "".join(letters)


# -- which calls meet it ----------------------------------------------------------------------------


def test_without_an_aim_every_call_meets_it(odoo: MockServer) -> None:
    armed = odoo.faults.add(HttpError(503))
    assert outcomes(odoo, 2) == "HH"
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common, pytest.raises(xmlrpc.client.ProtocolError):
        common.version()
    assert (armed.hits, armed.calls) == (3, 3)


def test_model_and_method_choose_the_calls(odoo: MockServer) -> None:
    odoo.faults.add(UserError("no"), model="res.partner", method="search_count")
    assert outcomes(odoo, 1, "search") == "."
    assert outcomes(odoo, 1, model="res.users") == "."
    assert outcomes(odoo, 1) == "F"


def test_patterns_choose_several(odoo: MockServer) -> None:
    odoo.faults.add(UserError("no"), model="res.partner*", method="search*")
    assert outcomes(odoo, 1, model="res.partner.category") == "F"
    assert outcomes(odoo, 1, "search") == "F"
    assert outcomes(odoo, 1, model="res.users") == "."


def test_the_dialect_chooses_the_wire(odoo: MockServer) -> None:
    armed = odoo.faults.add(UserError("no"), dialect="json*", required=False)
    assert outcomes(odoo, 1) == "."
    params = {
        "service": "object",
        "method": "execute_kw",
        "args": [odoo.db, 2, "admin", "res.partner", "search_count", [[]]],
    }
    assert post(odoo, "/jsonrpc", params)["error"]["data"]["message"] == "no"
    assert (armed.hits, armed.calls) == (1, 1)


def post(server: MockServer, path: str, params: dict[str, Any], cookie: str = "") -> Any:
    connection = http.client.HTTPConnection(server.host, server.port)
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    connection.request("POST", path, json.dumps({"jsonrpc": "2.0", "id": 1, "params": params}), headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    answer["cookie"] = (response.getheader("Set-Cookie") or "").partition(";")[0]
    return answer


def test_a_service_stands_where_a_call_has_no_model(odoo: MockServer) -> None:
    odoo.faults.add(HttpError(502), model="common", method="authenticate")
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
        version: Any = common.version()
        assert version["server_serie"] == "17.0"
        with pytest.raises(xmlrpc.client.ProtocolError):
            common.authenticate(odoo.db, odoo.login, odoo.password, {})


@pytest.mark.parametrize(
    ("aim", "expected"),
    [
        ({"nth": 2}, ".F...."),
        ({"every": 2}, ".F.F.F"),
        ({"times": 2}, "FF...."),
        ({"every": 2, "times": 1}, ".F...."),
        ({"probability": 1}, "FFFFFF"),
        ({"probability": 0.5}, "..FF.F"),
        ({"probability": 0.5, "seed": 7}, "FF.F.F"),
    ],
    ids=str,
)
def test_of_the_calls_that_fit_some_are_chosen(odoo: MockServer, aim: dict[str, Any], expected: str) -> None:
    armed = odoo.faults.add(UserError("no"), model="res.partner", **aim)
    assert outcomes(odoo, 1, model="res.users") == "."
    assert outcomes(odoo, 6) == expected
    assert (armed.hits, armed.calls) == (expected.count("F"), 6)


def test_a_list_takes_turns_and_none_lets_a_call_through(odoo: MockServer) -> None:
    odoo.faults.add([HttpError(503), UserError("no"), None, HttpError(429)], method="search_count")
    assert outcomes(odoo, 6) == "HF.H.."


def test_a_list_begins_again_while_times_allow(odoo: MockServer) -> None:
    odoo.faults.add([HttpError(503), UserError("no")], method="search_count", times=3)
    assert outcomes(odoo, 5) == "HFH.."


def test_two_faults_of_one_call_each_wait_for_their_turn(odoo: MockServer) -> None:
    first = odoo.fail("res.partner", "search_count", UserError("no"), times=1)
    second = odoo.fail("res.partner", "search_count", HttpError(503), times=1)
    assert outcomes(odoo, 3) == "FH."
    assert (first.calls, second.calls) == (3, 3)


def test_a_delay_and_another_fault_meet_in_one_call(odoo: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = no_waits(monkeypatch)
    odoo.faults.add(Delay(0.05), model="res.partner")
    odoo.faults.add(HttpError(503), method="search_count")
    assert outcomes(odoo, 1) == "H"
    assert waits == [0.05]


def test_parallel_calls_are_counted_one_by_one(odoo: MockServer) -> None:
    armed = odoo.faults.add(UserError("no"), every=4)
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(outcomes(odoo, 10))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "".join(seen).count("F") == 10
    assert (armed.hits, armed.calls) == (10, 40)


def test_env_meets_no_fault(odoo: MockServer) -> None:
    odoo.faults.add(UserError("no"), model="res.partner", required=False)
    assert odoo.env["res.partner"].search_count([]) > 0


def test_what_a_client_sends_as_names_does_no_harm(odoo: MockServer) -> None:
    odoo.faults.add(UserError("no"), model="res.partner", required=False)
    names: list[Any] = [["res.partner"], {"a": 1}, 7, "\n" * 500]
    for model in names:
        with pytest.raises(xmlrpc.client.Fault):
            execute(odoo, model=model)


# -- names and numbers that make no sense -----------------------------------------------------------


@pytest.mark.parametrize(
    ("aim", "text"),
    [
        ({"model": "res.parner"}, "there is no model 'res.parner'; did you mean 'res.partner'?"),
        ({"model": "res.parner.*"}, "no model matches 'res.parner.*'"),
        ({"model": ""}, "model is a name, not ''"),
        ({"method": "serach_read"}, "there is no method 'serach_read'; did you mean 'search_read'?"),
        (
            {"model": "res.partner", "method": "wriet"},
            "there is no method of res.partner 'wriet'; did you mean 'write'?",
        ),
        ({"model": "common", "method": "autenticate"}, "did you mean 'authenticate'?"),
        ({"method": "serach_*"}, "no method matches 'serach_*'"),
        ({"dialect": "xml-rpc"}, "there is no dialect 'xml-rpc'; did you mean 'xmlrpc'?"),
        ({"nth": 0}, "nth is a whole number above 0, not 0"),
        ({"times": True}, "times is a whole number above 0, not True"),
        ({"probability": 2}, "probability is a number above 0, at most 1, not 2"),
        ({"nth": 1, "every": 2}, "nth and every exclude each other"),
        ({"seed": "x"}, "seed is a whole number, not 'x'"),
    ],
    ids=str,
)
def test_a_wrong_aim_is_refused_at_once(odoo: MockServer, aim: dict[str, Any], text: str) -> None:
    with pytest.raises(FaultError) as caught:
        odoo.faults.add(Reset(), **aim)
    assert text in str(caught.value)
    assert len(odoo.faults) == 0


def test_a_method_that_is_like_no_other_may_be_one_of_an_add_on(odoo: MockServer) -> None:
    odoo.fail("res.partner", "action_confirm", UserError("The order has no lines."))
    with pytest.raises(xmlrpc.client.Fault, match="The order has no lines"):
        execute(odoo, "action_confirm", [1])


def test_any_name_passes_when_asked(odoo: MockServer) -> None:
    odoo.faults.add(UserError("no"), model="x_none", method="serach", known=False)
    assert outcomes(odoo, 1, "serach", model="x_none") == "F"


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Delay(-1), "Delay: seconds is a number from 0 to 86400, not -1"),
        (lambda: Delay(wrong("1")), "Delay: seconds is a number from 0 to 86400, not '1'"),
        (lambda: Timeout(float("nan")), "Timeout: seconds is a number from 0 to 86400, not nan"),
        (lambda: HttpError(200), "HttpError: status is a number from 400 to 599, not 200"),
        (lambda: HttpError(503, retry_after="1\r\nX: y"), "HttpError: retry_after is seconds, or one line of text"),
        (lambda: Truncate(1), "Truncate: part is a number from 0 to 1, below 1, not 1"),
        (lambda: SlowBody(1, 0), "SlowBody: pieces is a whole number above 0, not 0"),
        (lambda: Reset(after=wrong(1)), "Reset: after is True or False, not 1"),
        (lambda: Reset() + Delay(1), "Reset() ends the call: Delay(1) cannot follow it"),
        (
            lambda: Delay(1, after=True) + HttpError(503),
            "Delay(1, after=True) comes after the call, and HttpError(503) before it: swap them",
        ),
        (lambda: as_fault([None]), "a list of faults has at least one that is not None"),
        (lambda: as_fault(wrong(Reset)), "a fault, an exception or a list of them is wanted"),
        (lambda: as_fault(wrong(UserError)), "; write UserError(…)"),
        (lambda: as_fault(wrong("Reset")), "is wanted, not 'Reset'"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(make: Any, text: str) -> None:
    with pytest.raises(FaultError) as caught:
        make()
    assert text in str(caught.value)


# -- a call that is performed, and one that is not ------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "performed"),
    [
        (HttpError(503), False),
        (HttpError(503, after=True), True),
        (UserError("no"), False),
        (Delay(0.01) + HttpError(503), False),
        (Delay(0.01) + HttpError(503, after=True), True),
        (Delay(0.01, after=True), True),
        (Truncate(), True),
        (Garbage(), True),
        (SlowBody(0.01), True),
    ],
    ids=str,
)
def test_what_is_lost_is_the_call_or_its_answer(odoo: MockServer, fault: Any, performed: bool) -> None:
    odoo.fail("res.partner", "create", fault)
    before = odoo.env["res.partner"].search_count([])
    with contextlib.suppress(xmlrpc.client.Error, ExpatError, http.client.HTTPException):
        execute(odoo, "create", {"name": "Azure"})
    assert (odoo.env["res.partner"].search_count([]) - before == 1) is performed


def test_an_expired_session_is_gone(odoo: MockServer) -> None:
    login = {"db": odoo.db, "login": odoo.login, "password": odoo.password}
    first = post(odoo, "/web/session/authenticate", login)["cookie"]
    call = {"model": "res.partner", "method": "search_count", "args": [[]], "kwargs": {}}
    odoo.fail("res.partner", "search_count", SessionExpired(), times=1)
    for _ in range(2):  # the fault, and then the session that is really gone
        assert post(odoo, "/web/dataset/call_kw", call, first)["error"]["code"] == 100
    second = post(odoo, "/web/session/authenticate", login)["cookie"]
    assert post(odoo, "/web/dataset/call_kw", call, second)["result"] > 0


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (HttpError(502), 502, "<h1>502 Bad Gateway</h1>"),
        (HttpError(502, after=True), 502, "<h1>502 Bad Gateway</h1>"),
        (UserError("no"), 422, '"name": "odoo.exceptions.UserError"'),
        (ServerError("no"), 500, '"name": "builtins.RuntimeError"'),
    ],
    ids=str,
)
def test_a_dialect_of_plain_http_tells_a_fault_in_its_way(fault: Any, status: int, body: str) -> None:
    with MockServer(profile="odoo-19.0", api_key="k" * 40) as server:
        server.fail("res.partner", "search_count", fault, dialect="json2")
        connection = http.client.HTTPConnection(server.host, server.port)
        headers = {"Content-Type": "application/json", "Authorization": f"bearer {server.api_key}"}
        connection.request("POST", "/json/2/res.partner/search_count", b'{"domain": []}', headers)
        response = connection.getresponse()
        assert (response.status, body in response.read().decode()) == (status, True)
        connection.close()


# -- what a transport without a socket is told ------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind", "seconds", "arrives"),
    [
        (Timeout(3), "timeout", 3, (b"", b"")),
        (Reset(), "reset", 0, (b"", b"")),
        (Delay(1) + Reset(after=True), "reset", 0, (b"", b"")),
        (Delay(1, after=True), "delay", 1, (b"head", b"12345678")),
        (Delay(1, after=True) + Timeout(2, after=True), "timeout", 3, (b"", b"")),
        (Truncate(0.25), "truncated", 0, (b"head", b"12")),
        (SlowBody(2), "slow", 2, (b"head", b"12345678")),
    ],
    ids=str,
)
def test_a_wire_describes_itself(
    odoo: MockServer, monkeypatch: pytest.MonkeyPatch, fault: Any, kind: str, seconds: float, arrives: Any
) -> None:
    monkeypatch.setattr(threading.Event, "wait", lambda *_: False)
    odoo.faults.add(fault)
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": "/web/webclient/version_info"}
    environ.update({"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "2"})
    environ.update({"wsgi.input": __import__("io").BytesIO(b"{}"), "wsgi.url_scheme": "http", "HTTP_HOST": "x"})
    try:
        odoo.app(environ, lambda *_: lambda _: None)
        wire = environ[WIRE]
    except NoAnswer as cut:
        wire = cut.wire
    assert wire.kind == ("answer" if kind == "delay" else kind)
    assert (wire.seconds, wire.arrives(b"head", b"12345678")) == (seconds, arrives)


# -- unused faults ------------------------------------------------------------------------------------------


def test_a_fault_that_no_call_met_is_a_problem_told_once(odoo: MockServer) -> None:
    odoo.faults.add(Delay(0.1) + HttpError(503), model="res.partner", method="create", nth=2)
    execute(odoo, "create", {"name": "Azure"})
    for _ in range(2):
        execute(odoo, "search_read", [], ["name"])
    execute(odoo, "search_count", model="res.users")
    assert odoo.problems() == [
        "no call met the fault Delay(0.1) + HttpError(503) at res.partner.create nth=2\n"
        "  calls that matched: 1\n"
        "  other calls: res.partner.search_read over xmlrpc (2×), res.users.search_count over xmlrpc (1×)\n"
        "  if no call is needed, add it with required=False"
    ]
    assert odoo.problems() == []


def test_the_nearest_calls_are_those_of_the_same_model_or_method(odoo: MockServer) -> None:
    odoo.fail("res.partner", "write", UserError("no"), dialect="xmlrpc")
    for model in ("res.users", "res.company", "res.country"):
        execute(odoo, model=model)
    execute(odoo, "read", [1], ["name"])
    text = odoo.problems()[0].splitlines()[1]
    assert text.startswith("  the nearest calls: res.partner.read over xmlrpc (1×), ")
    assert text.endswith(" and 1 more")


def test_without_any_call_that_is_what_is_told(odoo: MockServer) -> None:
    odoo.faults.add([Reset(), None, UserError("no")], dialect="json2")
    assert odoo.problems()[0].splitlines()[:2] == [
        "no call met the fault [Reset(), None, UserError('no')] at any call over json2",
        "  there was no call at all",
    ]


def test_faults_that_were_met_or_need_not_be_are_no_problem(odoo: MockServer) -> None:
    odoo.faults.add(UserError("no"), model="res.partner", times=5)
    odoo.faults.add(UserError("no"), model="res.users", required=False)
    odoo.faults.add(UserError("no"), model="res.company").remove()
    odoo.faults.add(UserError("no"), model="res.country", probability=1e-9)
    outcomes(odoo, 1)
    outcomes(odoo, 1, model="res.country")
    assert odoo.problems() == []


def test_an_unused_fault_fails_the_test_of_pytest(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from mockserver import HttpError

        def test_unused(mockserver):
            mockserver.faults.add(HttpError(503), model="res.partner")

        def test_next(mockserver):
            assert len(mockserver.faults) == 0
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["no call met the fault HttpError(503) at res.partner.[*]"])


def test_an_unused_fault_fails_a_with_block() -> None:
    with pytest.raises(AssertionError, match="no call met the fault"), MockServer() as server:
        server.faults.add(Reset())


# -- one server, many tests ---------------------------------------------------------------------------------


def test_no_guard_stands_while_no_fault_is_there(odoo: MockServer) -> None:
    assert not odoo.app.guarded
    armed, _ = odoo.faults.add(Reset(), nth=9), odoo.faults.add(Reset(), nth=9)
    assert len(odoo.app._guards.current) == 1
    armed.remove()
    assert len(odoo.app._guards.current) == 1
    odoo.faults.clear()
    assert not odoo.app.guarded


def test_inside_paused_nothing_is_met_or_counted(odoo: MockServer) -> None:
    armed = odoo.faults.add(UserError("no"), times=1)
    with odoo.faults.paused():
        assert outcomes(odoo, 2) == ".."
    assert armed.calls == 0
    assert outcomes(odoo, 2) == "F."


def test_a_delayed_call_does_not_reach_into_the_next_test(odoo: MockServer) -> None:
    armed = odoo.fail("res.partner", "create", Delay(60), times=1)
    caught: list[Exception] = []

    def create() -> None:
        try:
            execute(odoo, "create", {"name": "Late"})
        except Exception as error:
            caught.append(error)

    thread = threading.Thread(target=create)
    thread.start()
    until(lambda: armed.hits)
    # xmlrpc.client tries once more when its connection is closed, and that would be a call of the next test
    odoo.faults.add(HttpError(503), required=False)
    odoo.faults.release()
    thread.join(HANG)
    assert type(caught[0]) is xmlrpc.client.ProtocolError
    assert odoo.env["res.partner"].search_count([("name", "=", "Late")]) == 0


@pytest.mark.parametrize("fault", [Delay(60), Timeout(60), SlowBody(60)], ids=str)
def test_the_server_stops_without_waiting_for_a_fault(fault: Any) -> None:
    server = MockServer().start()
    armed = server.faults.add(fault)
    client = socket.create_connection((server.host, server.port))
    client.sendall(b"GET /web/login HTTP/1.1\r\nHost: x\r\n\r\n")
    until(lambda: armed.hits)
    server.stop()
    client.close()
    assert [thread for thread in threading.enumerate() if "_serve" in thread.name] == []


# -- down ---------------------------------------------------------------------------------------------------


def refused(server: MockServer) -> bool:
    try:
        socket.create_connection((server.host, server.port)).close()
    except ConnectionRefusedError:
        return True
    return False


def test_down_refuses_connections_and_the_port_comes_back(odoo: MockServer) -> None:
    url = odoo.url
    with odoo.down():
        assert (refused(odoo), odoo.url, odoo.running) == (True, url, True)
    assert (refused(odoo), odoo.url, outcomes(odoo, 1)) == (False, url, ".")


def test_down_closes_what_is_open(odoo: MockServer) -> None:
    client = socket.create_connection((odoo.host, odoo.port))
    client.settimeout(HANG)
    client.sendall(b"HEAD /web/login HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.recv(12) == b"HTTP/1.1 200"
    while not client.recv(4096).endswith(b"\r\n\r\n"):
        pass
    with odoo.down():
        assert client.recv(1) == b""
    client.close()


def test_down_for_some_seconds_comes_back_by_itself(odoo: MockServer) -> None:
    with odoo.down(HANG) as outage:
        assert (refused(odoo), outage.over) == (True, False)
    outage = odoo.down(0.05)
    until(lambda: outage.over)
    assert not refused(odoo)
    assert outcomes(odoo, 1) == "."


def test_the_next_test_finds_the_server_up(odoo: MockServer) -> None:
    odoo.down()
    odoo.reset()
    assert outcomes(odoo, 1) == "."
    odoo.down(60)
    odoo.up()
    odoo.up()
    assert outcomes(odoo, 1) == "."


def test_down_twice_is_refused(odoo: MockServer) -> None:
    with odoo.down(), pytest.raises(RuntimeError, match="the server is already down"):
        odoo.down()


def test_a_server_that_is_down_can_be_stopped_and_started() -> None:
    server = MockServer().start()
    server.down(60)
    server.stop()
    server.start()
    assert outcomes(server, 1) == "."
    server.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name == "mockserver outage"] == []


def test_a_server_that_starts_during_an_outage_is_up() -> None:
    server = MockServer()
    server.down()
    server.start()
    assert outcomes(server, 1) == "."
    server.up()
    assert outcomes(server, 1) == "."
    server.stop()


# -- JSON -----------------------------------------------------------------------------------------------------

FAULTS = [
    Delay(0.1),
    Timeout(2, after=True),
    HttpError(503, retry_after=2),
    Reset(after=True),
    Truncate(0.1),
    Garbage(whole=True),
    SlowBody(2, pieces=3),
    Delay(0.1) + HttpError(503),
    as_fault([Reset(), None, Delay(1) + Reset()]),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_survives_json(fault: Any) -> None:
    assert read(json.loads(json.dumps(to_json(fault)))) == fault


@pytest.mark.parametrize(
    "error",
    [
        UserError("no"),
        AccessError("no"),
        ValidationError("no", "driver"),
        RedirectWarning("no", 7, "Go", {"a": 1}),
        SessionExpired(),
        SerializationFailure(),
        ServerError(),
        ValueError("no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_json(error: Exception) -> None:
    found: Any = read(json.loads(json.dumps(to_json(as_fault(error)))))
    assert type(found.error) is type(error)
    assert (found.error.args, vars(found.error)) == (error.args, vars(error))


def test_an_armed_fault_is_told_as_json_that_adds_it_again(odoo: MockServer) -> None:
    aim: dict[str, Any] = {"model": "res.partner", "method": "create", "nth": 2}
    told = odoo.faults.add(HttpError(503), **aim, required=False).as_dict()
    fault = {"type": "HttpError", "status": 503, "retry_after": None, "after": False}
    number = told.pop("id")
    assert told == {"fault": fault, **aim, "required": False, "calls": 0, "hits": 0}
    again = odoo.faults.add_json(json.loads(json.dumps({"id": number, **told})))
    assert again.as_dict() == {"id": number + 1, **told}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Reset", "a fault is an object with a type, or a list of them, not 'Reset'"),
        ({}, 'a fault has a type, such as {"type": "Reset"}; {} has none'),
        ({"type": "Rest"}, "there is no fault 'Rest'; did you mean 'Reset'? (known: Delay, "),
        ({"type": ["Reset"]}, "there is no fault ['Reset']"),
        ({"type": "Delay"}, "Delay needs 'seconds'"),
        ({"type": "Delay", "second": 1}, "Delay has no parameter 'second'; did you mean 'seconds'? (it takes seconds"),
        ({"type": "Delay", "seconds": "1"}, "Delay: seconds is a number from 0 to 86400, not '1'"),
        ({"type": "UserError", "message": 1}, "UserError: message is text, not 1"),
        ({"type": "SerializationFailure", "a": 1}, "has no parameter 'a' (it takes no parameters)"),
        ({"together": []}, 'faults in one call are {"together": [fault, …]}'),
        ({"together": [{"type": "Reset"}, {"type": "Reset"}]}, "Reset() ends the call"),
        ([None], "a list of faults has at least one that is not None"),
    ],
    ids=str,
)
def test_json_that_makes_no_sense_is_refused(data: Any, text: str) -> None:
    with pytest.raises(FaultError) as caught:
        read(data)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ([], 'a fault with its aim is {"fault": …, "model": …, …}, not []'),
        ({"fault": {"type": "Reset"}, "modle": "x"}, "a fault has no 'modle'; did you mean 'model'? (known: fault, "),
        ({"fault": {"type": "Reset"}, "required": 1}, "required is true or false, not 1"),
        ({"fault": {"type": "Reset"}, "model": 7}, "model is a name, not 7"),
        ({"fault": {"type": "Reset"}, "nth": "2"}, "nth is a whole number above 0, not '2'"),
    ],
    ids=str,
)
def test_a_json_aim_that_makes_no_sense_is_refused(odoo: MockServer, data: Any, text: str) -> None:
    with pytest.raises(FaultError) as caught:
        odoo.faults.add_json(data)
    assert text in str(caught.value)


# -- names --------------------------------------------------------------------------------------------------


def test_the_names_of_the_package_are_those_of_the_module() -> None:
    from mockserver.testing import faults

    names = [name for name in faults.__all__ if name != "Fault"]
    assert [getattr(mockserver, name) for name in names] == [getattr(faults, name) for name in names]


def test_the_package_imports_no_fault_before_it_is_asked_for() -> None:
    program = "import sys, mockserver; assert 'mockserver.testing' not in sys.modules; mockserver.Delay(1)"
    subprocess.run([sys.executable, "-c", program], check=True)
