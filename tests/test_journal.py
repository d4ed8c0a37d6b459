"""The journal: what a test can ask about the calls that were made, and about what they changed."""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.error
import urllib.request
import xmlrpc.client
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from mockserver import (
    AccessError,
    Delay,
    Garbage,
    HttpError,
    MockServer,
    Reset,
    SlowBody,
    Timeout,
    Truncate,
    UserError,
)
from mockserver.orm.schema import api
from mockserver.testing import journal
from mockserver.testing.journal.report import section

Execute = Callable[..., Any]


@pytest.fixture(scope="module")
def served() -> Iterator[MockServer]:
    with MockServer(demo=True, profile="odoo-19.0", api_key="k" * 40, rest="odoo_rest_api") as server:
        yield server


@pytest.fixture
def odoo(served: MockServer) -> MockServer:
    served.reset()
    return served


@pytest.fixture
def execute(odoo: MockServer) -> Iterator[Execute]:
    """`execute(model, method, *args, **kwargs)` as the administrator over XML-RPC; a fault is raised."""
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy:
        yield lambda model, method, *args, **kwargs: proxy.execute_kw(
            odoo.db, odoo.uid, odoo.password, model, method, args, kwargs
        )


def post(url: str, body: Any, **headers: str) -> Any:
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


# -- a call


def test_a_call_is_told_in_the_words_of_the_orm(odoo: MockServer, execute: Execute) -> None:
    id_ = execute("res.partner", "create", {"name": "Azure Interior"})
    execute("res.partner", "write", [id_], {"email": "a@b.example"}, context={"lang": "en_US"})
    call = odoo.calls.last
    assert (call.dialect, call.db, call.uid, call.login) == ("xmlrpc", "mock", odoo.uid, "admin")
    assert (call.service, call.model, call.method, call.target) == (
        "object",
        "res.partner",
        "write",
        "res.partner.write",
    )
    assert call.ids == [id_]
    assert call.args == {"vals": {"email": "a@b.example"}}
    assert call.positional == ()
    assert call.vals == {"email": "a@b.example"}
    assert call.context == {"lang": "en_US"}
    assert call.answer is True
    assert call.error is None
    assert call.outcome == "ok"
    assert call.number == 2
    assert 0 < call.duration < 5


def test_its_time_is_that_of_the_servers_clock(odoo: MockServer, execute: Execute) -> None:
    odoo.clock.freeze("2026-01-31 12:00:00")
    execute("res.partner", "search", [])
    assert odoo.calls.last.time == datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


def test_arguments_have_the_methods_names_without_its_defaults(odoo: MockServer, execute: Execute) -> None:
    execute("res.partner", "search_read", [["name", "=", "Azure"]], ["name"], limit=5)
    assert odoo.calls.last.args == {"domain": [["name", "=", "Azure"]], "fields": ["name"], "limit": 5}
    assert odoo.calls.last.domain == [["name", "=", "Azure"]]
    assert odoo.calls.last.ids == []


def test_what_has_no_name_stays_positional(odoo: MockServer, execute: Execute) -> None:
    with pytest.raises(xmlrpc.client.Fault):
        execute("res.partner", "action_frobnicate", [3], "now")
    with pytest.raises(xmlrpc.client.Fault):
        execute("res.partner", "unlink", [3], "surplus")
    unknown, surplus = odoo.calls
    assert (unknown.ids, unknown.args, unknown.positional) == ([3], {}, ("now",))
    assert (surplus.ids, surplus.args, surplus.positional) == ([3], {}, ("surplus",))
    assert surplus.outcome == "TypeError"


def test_a_domain_and_values_are_found_under_older_names_too() -> None:
    with MockServer(profile="odoo-12.0") as old, xmlrpc.client.ServerProxy(f"{old.url}/xmlrpc/2/object") as proxy:
        proxy.execute("mock", old.uid, "admin", "res.partner", "search", [["name", "=", "x"]])
        assert old.calls.last.args == {"args": [["name", "=", "x"]]}
        assert old.calls.last.domain == [["name", "=", "x"]]
        old.assert_called("res.partner", "search", domain=[("name", "=", "x")])


def test_a_context_by_position_is_the_context() -> None:
    with MockServer(profile="odoo-11.0") as old, xmlrpc.client.ServerProxy(f"{old.url}/xmlrpc/2/object") as proxy:
        proxy.execute(
            "mock", old.uid, "admin", "res.partner", "read", [1], ["name"], "_classic_read", {"lang": "en_US"}
        )
        assert old.calls.last.context == {"lang": "en_US"}
        assert old.calls.last.args == {"fields": ["name"], "load": "_classic_read"}


def test_an_error_is_told_with_the_call(odoo: MockServer, execute: Execute) -> None:
    with pytest.raises(xmlrpc.client.Fault):
        execute("res.country", "write", [1], {"no_such_field": 1})
    call = odoo.calls.last
    assert isinstance(call.error, ValueError)
    assert call.outcome == "ValueError"
    assert call.answer is None
    assert list(call.changes) == []


def test_a_call_tells_what_it_changed(odoo: MockServer, execute: Execute) -> None:
    partner = odoo.env["res.partner"].create({"name": "Azure", "phone": "1"})
    execute("res.partner", "write", [partner.id], {"phone": "2"})
    change = odoo.calls.last.changes[0]
    assert (change.kind, change.model, change.id) == ("written", "res.partner", partner.id)
    assert change.fields == {"phone": ("1", "2")}
    execute("res.partner", "search", [])
    assert not odoo.calls.last.changes


def test_a_call_that_is_read_later_tells_what_was_so_when_it_was_made(odoo: MockServer, execute: Execute) -> None:
    partner = odoo.env["res.partner"].create({"name": "Azure", "phone": "1"})
    odoo.clock.freeze("2026-01-31 12:00:00")
    execute("res.partner", "write", [partner.id], {"phone": "2"})
    odoo.clock.tick(60)
    execute("res.partner", "write", [partner.id], {"phone": "3"})
    odoo.clock.thaw()
    odoo.clock.tick(3600)
    execute("res.partner", "unlink", [partner.id])
    odoo.clock.tick(3600)
    odoo.env["res.users"].browse(odoo.uid).login = "renamed"
    first, second, third = odoo.calls
    assert [call.number for call in odoo.calls] == [1, 2, 3]
    assert first.changes[0].fields == {"phone": ("1", "2")}
    assert second.changes[0].fields == {"phone": ("2", "3")}
    assert (third.changes[0].kind, third.changes[0].id) == ("deleted", partner.id)
    assert (second.time - first.time).total_seconds() == 60
    assert 3600 <= (third.time - second.time).total_seconds() < 7200
    assert {call.login for call in odoo.calls} == {"admin"}
    assert odoo.calls[0] is first
    execute("res.partner", "search", [])
    assert [call.number for call in odoo.calls] == [1, 2, 3, 4]


def test_a_row_that_a_call_writes_in_a_nested_transaction_is_told_once(odoo: MockServer, execute: Execute) -> None:
    @odoo.on_call("res.partner", "rename_twice")
    def rename_twice(partners: Any) -> bool:
        partners.write({"name": "B"})
        with partners.env.db.transaction():
            partners.write({"name": "C"})
            partners.copy().unlink()
        return True

    partner = odoo.env["res.partner"].create({"name": "A"})
    execute("res.partner", "rename_twice", [partner.id])
    changes = odoo.calls.last.changes
    assert [change.id for change in changes.of("res.partner")] == [partner.id]
    assert changes[0].fields["name"] == ("A", "C")


# -- every wire


def test_the_wire_makes_no_difference(odoo: MockServer, execute: Execute) -> None:
    vals, key = {"name": "Azure"}, {"Authorization": f"bearer {odoo.api_key}"}
    execute("res.partner", "create", vals)
    login = odoo.db, odoo.uid, odoo.password
    post(f"{odoo.url}/jsonrpc", {"params": {"service": "object", "method": "execute", "args": [
        *login, "res.partner", "create", vals]}})  # fmt: skip
    post(f"{odoo.url}/json/2/res.partner/create", {"vals_list": [vals]}, **key)
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    for path, params in (
        ("authenticate", {"db": odoo.db, "login": odoo.login, "password": odoo.password}),
        ("call_kw", {"model": "res.partner", "method": "create", "args": [vals], "kwargs": {}}),
    ):
        url = f"{odoo.url}/web/{'session' if path == 'authenticate' else 'dataset'}/{path}"
        body = json.dumps({"params": params}).encode()
        opener.open(urllib.request.Request(url, body, {"Content-Type": "application/json"})).close()
    found = odoo.calls.of("res.partner", "create")
    assert [call.dialect for call in found] == ["xmlrpc", "jsonrpc", "json2", "web"]
    assert [call.login for call in found] == ["admin"] * 4
    assert [call.vals for call in found] == [vals, vals, [vals], vals]
    assert [call.changes.created("res.partner").count for call in found] == [1] * 4
    assert odoo.assert_called("res.partner", "create", vals__contains=vals, count=4) == found
    odoo.assert_called("session", "authenticate", user="admin", count=1)


def test_calls_of_services_are_calls(odoo: MockServer) -> None:
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
        common.version()
        common.authenticate(odoo.db, "admin", "admin", {})
    assert [call.target for call in odoo.calls] == ["common.version", "common.authenticate"]
    assert odoo.calls.last.model is None
    assert odoo.calls.last.db == odoo.db
    assert odoo.calls.of("common", "version").last.answer["server_serie"] == "19.0"


def test_pages_are_no_calls_and_what_is_refused_is_told_apart(odoo: MockServer) -> None:
    urllib.request.urlopen(f"{odoo.url}/web/login").close()
    with pytest.raises(urllib.error.HTTPError):
        post(f"{odoo.url}/jsonrp", {})
    post(f"{odoo.url}/web/dataset/call_kw", {"params": {}}, Cookie="session_id=gone")
    assert odoo.calls == []
    assert [call.target for call in odoo.calls.refused] == ["POST /jsonrp", "POST /web/dataset/call_kw"]
    assert [call.outcome for call in odoo.calls.refused] == ["NotFound", "SessionExpired"]


def test_a_call_with_a_wrong_password_shows_what_was_asked(odoo: MockServer) -> None:
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy:
        with pytest.raises(xmlrpc.client.Fault):
            proxy.execute_kw("mock", 2, "guess", "res.partner", "write", [[1], {"name": "x"}], {"context": {}})
        with pytest.raises(xmlrpc.client.Fault):
            proxy.execute("mock", 2, "guess", "res.partner", "write", [1], {"name": "x"})
    assert len(odoo.calls) == 2
    for call in odoo.calls:
        assert (call.model, call.method, call.ids, call.vals) == ("res.partner", "write", [1], {"name": "x"})
        assert call.outcome == "AccessDenied"
    assert "guess" not in repr(odoo.calls)


@pytest.mark.parametrize(
    "params",
    [(), ("mock",), ("mock", 2, "x", ["res.partner"], {"m": 1}, 7, "k"), (["mock"], "u", "x", 1, 2), ("mock", 2, "x")],
)
def test_arguments_that_make_no_sense_are_no_trouble(odoo: MockServer, params: tuple[Any, ...]) -> None:
    for path, method in (("object", "execute_kw"), ("object", "execute"), ("common", "authenticate"), ("db", "drop")):
        url = f"{odoo.url}/xmlrpc/2/{path}"
        with xmlrpc.client.ServerProxy(url, allow_none=True) as proxy, pytest.raises(xmlrpc.client.Fault):
            getattr(proxy, method)(*params)
    assert len(odoo.calls) == 4
    assert len([line for line in repr(odoo.calls).splitlines() if not line.startswith("   note: ")]) == 4


# -- many calls


def test_calls_are_a_sequence(odoo: MockServer, execute: Execute) -> None:
    for method in ("search", "search_count", "search"):
        execute("res.partner", method, [])
    calls = odoo.calls
    assert (len(calls), calls.count, bool(calls)) == (3, 3, True)
    assert [call.method for call in calls] == ["search", "search_count", "search"]
    assert calls[0].number == 1
    assert calls[-1] is calls.last
    assert [call.number for call in calls[1:]] == [2, 3]
    assert calls.of("res.partner", "search")[1:].count == 1
    assert calls.of(method="search").count == 2
    assert calls.of("res.users").count == 0
    assert [call.number for call in reversed(calls)] == [3, 2, 1]
    assert calls[0] in calls
    with pytest.raises(LookupError, match="no call of this kind was made"):
        _ = calls.of("res.users").last


def test_each_call_is_one_line(odoo: MockServer, execute: Execute) -> None:
    assert repr(odoo.calls) == "no calls"
    execute("res.partner", "search", [["name", "=", "A\nB"]], limit=1)
    execute("res.partner", "read", [1], ["name"])
    with pytest.raises(xmlrpc.client.Fault):
        execute("res.partner", "wri\nte", [1], {"name": "x" * 500})
    assert repr(odoo.calls).splitlines() == [
        "1. xmlrpc admin res.partner.search(domain=[['name', '=', 'A\\nB']], limit=1) -> []",
        "2. xmlrpc admin res.partner.read([1], fields=['name']) -> [{'id': 1, 'name': 'YourCompany'}]",
        "3. xmlrpc admin res.partner.wri?te([1], {'name': 'xxxxxxxxxxx...'}) raised AttributeError: The method 're...",
        "   note: the mock has no method wri?te of res.partner; did you mean 'write'?",
    ]


def test_the_journal_keeps_so_many_and_tells_how_many_it_does_not() -> None:
    with MockServer(journal=2) as odoo, xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
        for _ in range(5):
            common.version()
        assert (len(odoo.calls), odoo.calls.dropped, odoo.calls.size) == (2, 3, 2)
        assert [call.number for call in odoo.calls] == [4, 5]
        assert repr(odoo.calls).startswith("(3 earlier calls not kept)\n4. xmlrpc common.version()")
        assert section(odoo.calls).startswith("(3 earlier calls not shown)\n4. ")
        odoo.assert_called("common", "version")
        odoo.assert_not_called("res.partner", "unlink")
        with pytest.raises(AssertionError, match="3 earlier calls"):
            odoo.assert_called("common", "version", count=2)
        with pytest.raises(AssertionError, match="3 earlier calls"):
            odoo.assert_not_called("common", "version", error=True)
        odoo.reset()
        assert (len(odoo.calls), odoo.calls.dropped) == (0, 0)


def test_large_calls_leave_room_for_fewer(odoo: MockServer, execute: Execute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MAX_BYTES", 50_000)
    for _ in range(3):
        execute("res.partner", "search", [["name", "=", "x" * 30_000]])
    assert (len(odoo.calls), odoo.calls.dropped) == (1, 2)
    assert odoo.calls.last.size > 30_000


def test_a_journal_that_is_off_costs_nothing_and_says_so() -> None:
    with MockServer(journal=False) as odoo, xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
        common.version()
        assert (odoo.app._observers.current, odoo.app._change_observers.current, odoo.calls.count) == ((), (), 0)
        with pytest.raises(AssertionError, match="the journal is off"):
            odoo.assert_called("common", "version")
        with pytest.raises(AssertionError, match="the journal is off"):
            odoo.assert_not_called("common", "version")
        assert section(odoo.calls) == "(the journal is off)"
        odoo.calls.enabled = True
        common.version()
        odoo.assert_called("common", "version", count=1)
        odoo.reset()
        assert odoo.calls.enabled is False


def test_a_journal_that_was_switched_off_is_on_again_in_the_next_test(odoo: MockServer, execute: Execute) -> None:
    execute("res.partner", "search", [])
    odoo.calls.enabled = False
    execute("res.partner", "search", [])
    assert odoo.calls.count == 1
    odoo.reset()
    execute("res.partner", "search", [])
    assert odoo.calls.count == 1


def test_threads_lose_no_call(odoo: MockServer) -> None:
    def work() -> None:
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            for _ in range(25):
                common.version()
                repr(odoo.calls[-3:])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [call.number for call in odoo.calls] == list(range(1, 101))


def test_what_a_method_does_to_its_arguments_does_not_show(odoo: MockServer, execute: Execute) -> None:
    def greedy(self: Any, vals_list: Any) -> Any:
        vals_list["name"] = vals_list.pop("name").upper()
        vals_list["category_id"].append(7)
        return 1

    database = odoo.database(odoo.db)
    database.registry = database.registry.with_method("res.partner", api.Method("create", greedy, takes_ids=False))
    execute("res.partner", "create", {"name": "Azure", "category_id": [[6, 0, []]]})
    assert odoo.calls.last.vals == {"name": "Azure", "category_id": [[6, 0, []]]}


def test_an_override_takes_the_names_of_what_it_hides(odoo: MockServer, execute: Execute) -> None:
    database = odoo.database(odoo.db)
    own = api.Method("write", lambda self, *args, **kwargs: True, takes_ids=True)
    database.registry = database.registry.with_method("res.partner", own)
    execute("res.partner", "write", [1], {"name": "x"})
    assert odoo.calls.last.vals == {"name": "x"}


# -- what faults did


def lines_of(odoo: MockServer, *faults: Any) -> list[str]:
    """What the journal says of a `search_count` that meets each of the faults, without number and duration."""
    for fault in faults:
        armed = odoo.fail("res.partner", "search_count", fault, times=1)
        with contextlib.suppress(Exception):
            proxy = odoo.xmlrpc_transport()
            with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object", transport=proxy) as models:
                models.execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", "search_count", [[["id", "=", 1]]])
        armed.remove()
    # xmlrpc.client sends a request once more by itself when its connection breaks
    return [line.partition("search_count")[2] for line in repr(odoo.calls).splitlines() if ": " in line]


def test_an_answer_that_was_lost_is_told_with_the_answer(odoo: MockServer) -> None:
    told = lines_of(
        odoo,
        Reset(after=True),
        HttpError(502, after=True),
        Timeout(0.01, after=True),
        Truncate(),
        Garbage(whole=True),
        SlowBody(0.01),
        Delay(0.01),
        Delay(0.01, after=True),
        Delay(0.01) + Reset(after=True),
    )
    call = "(domain=[['id', '=', 1]]) -> 1, "
    assert told == [
        f"{call}answer lost: Reset(after=True)",
        f"{call}answer lost: HttpError(502, after=True)",
        f"{call}answer lost: Timeout(0.01, after=True)",
        f"{call}answer cut short: Truncate()",
        f"{call}answer garbled: Garbage(whole=True)",
        f"{call}answer slow: SlowBody(0.01)",
        f"{call}late: Delay(0.01)",
        f"{call}answer late: Delay(0.01, after=True)",
        f"{call}late: Delay(0.01), answer lost: Reset(after=True)",
    ]


def test_a_fault_that_took_the_calls_place_is_told_as_it_was_written(odoo: MockServer) -> None:
    told = lines_of(odoo, Reset(), Timeout(0.01), HttpError(503), Delay(0.01) + HttpError(503), UserError("Not today."))
    call = "(domain=[['id', '=', 1]]) not performed: "
    assert told == [
        f"{call}Reset()",
        f"{call}Timeout(0.01)",
        f"{call}HttpError(503)",
        f"{call}Delay(0.01) + HttpError(503)",
        f"{call}UserError('Not today.')",
    ]
    assert [entry.outcome for entry in odoo.calls if entry.faults] == [
        "Reset",
        "Timeout",
        "HttpError",
        "HttpError",
        "UserError",
    ]


def test_a_call_has_the_faults_that_it_met(odoo: MockServer) -> None:
    error = UserError("Not today.")
    lines_of(odoo, Reset(after=True), Delay(0.01) + HttpError(503), error)
    found = [entry.faults for entry in odoo.calls if entry.faults]
    assert found == [(Reset(after=True),), (Delay(0.01), HttpError(503)), (error,)]
    for fault in (Reset, "Reset", Reset(after=True), HttpError, "HttpError", UserError, "UserError", error):
        odoo.assert_called("res.partner", "search_count", fault=fault, count=1)
    odoo.assert_called(fault=True, count=3)
    odoo.assert_not_called(fault=Reset())
    odoo.assert_not_called(fault=Truncate)
    odoo.assert_called(error=HttpError, count=1)
    odoo.assert_called(error="HttpError", count=1)
    odoo.assert_called(error=UserError, count=1)
    odoo.assert_not_called(error=Reset)  # that call worked: it is its answer that was lost


def test_a_call_that_met_no_fault_has_none(odoo: MockServer, execute: Execute) -> None:
    execute("res.partner", "search", [])
    assert odoo.calls.last.faults == ()
    odoo.assert_called("res.partner", "search", fault=False)


def test_a_call_that_was_cut_short_shows_who_made_it(odoo: MockServer) -> None:
    user = odoo.user("sales@x")
    odoo.fail("res.partner", "search", HttpError(503), times=2)
    asked = [odoo.db, user.uid, "sales@x", "res.partner", "search", []]
    params = {"service": "object", "method": "execute", "args": asked}
    with pytest.raises(urllib.error.HTTPError):
        post(f"{odoo.url}/jsonrpc", {"params": params})
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy, pytest.raises(xmlrpc.client.ProtocolError):
        proxy.execute_kw(odoo.db, 999_999, "x", "res.partner", "search", [[]])
    assert repr(odoo.calls).splitlines() == [
        "1. jsonrpc sales@x res.partner.search(domain=[]) not performed: HttpError(503)",
        "2. xmlrpc uid 999999 res.partner.search(domain=[]) not performed: HttpError(503)",
    ]
    odoo.assert_called("res.partner", "search", user=user, count=1)
    odoo.assert_called("res.partner", "search", user="sales@x", count=1)


def test_it_shows_where_a_state_was_restored(odoo: MockServer, execute: Execute) -> None:
    for name in ("one", "two"):
        with odoo.snapshot():
            execute("res.partner", "create", {"name": name})
            execute("res.partner", "search_count", [["name", "=", name]])
    execute("res.partner", "search_count", [])
    shown = [line.partition("(")[0] for line in section(odoo.calls).splitlines()]
    assert shown == [
        "1. xmlrpc admin res.partner.create",
        "2. xmlrpc admin res.partner.search_count",
        "-- restored --",
        "3. xmlrpc admin res.partner.create",
        "4. xmlrpc admin res.partner.search_count",
        "-- restored --",
        "5. xmlrpc admin res.partner.search_count",
    ]
    assert repr(odoo.calls).count("-- restored --") == 2
    odoo.snapshot().restore()
    assert section(odoo.calls).endswith("\n-- restored --")


# -- secrets


def test_no_password_and_no_key_is_in_it(odoo: MockServer, execute: Execute) -> None:
    secret = "correct-horse"
    user = odoo.user("sales@x", password=secret)
    execute("res.users", "write", [user.uid], {"password": secret})
    execute("res.users", "search", [["password", "=", secret]])
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
        common.authenticate(odoo.db, "sales@x", secret, {})
        common.login(odoo.db, "sales@x", secret)
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/db") as db:
        for method, args in (
            ("create_database", (secret, "new", False, "en_US", secret)),
            ("change_admin_password", (secret, secret)),
            ("no_such_method", (secret,)),
        ):
            with pytest.raises(xmlrpc.client.Fault):
                getattr(db, method)(*args)
    post(f"{odoo.url}/web/session/authenticate", {"params": {"db": odoo.db, "login": "sales@x", "password": secret}})
    post(f"{odoo.url}/json/2/res.partner/search", {"domain": []}, Authorization=f"bearer {odoo.api_key}")
    shown = "".join(
        f"{call!r}{call.args}{call.positional}{call.answer}{[(c, c.old, c.new, c.fields) for c in call.changes]}"
        for call in odoo.calls
    )
    shown += repr(odoo.changes) + "".join(f"{change.old}{change.new}{change.fields}" for change in odoo.changes)
    assert secret not in shown
    assert odoo.api_key not in shown
    assert len(odoo.calls) == 9
    assert "password='***'" in repr(odoo.calls)


def test_a_secret_can_be_asked_for_and_is_not_told(odoo: MockServer, execute: Execute) -> None:
    execute("res.users", "write", [odoo.uid], {"password": "correct-horse"})
    odoo.assert_called("res.users", "write", vals={"password": "correct-horse"})
    with pytest.raises(AssertionError) as failure:
        odoo.assert_called("res.users", "write", vals={"password": "battery-staple"})
    assert "vals.password: ***, expected ***" in str(failure.value)
    assert "battery" not in str(failure.value)


# -- assertions that hold


def test_a_call_is_found_by_what_it_had(odoo: MockServer, execute: Execute) -> None:
    partner = odoo.env["res.partner"].create({"name": "Azure"})
    execute("res.partner", "write", [partner.id, 1], {"country_id": 20, "city": "Brussels"}, context={"lang": "en_US"})
    execute("res.partner", "search", ["|", ["name", "=", "a"], ["name", "in", ["b", "c"]]], 0, 80)
    with pytest.raises(xmlrpc.client.Fault):
        execute("res.partner", "create", {"no_such_field": 1})
    belgium = odoo.ref("base.be")
    for criteria in (
        {"ids": [1, partner.id]},
        {"ids": partner | partner.browse(1)},
        {"vals__contains": {"country_id": belgium}},
        {"vals__contains": {"city": mock.ANY}},
        {"vals": {"country_id": 20, "city": "Brussels"}},
        {"user": "admin"},
        {"user": odoo.uid},
        {"user": odoo.env.user},
        {"user": SimpleNamespace(uid=odoo.uid)},
        {"dialect": "xmlrpc", "db": "mock"},
        {"context": {"lang": "en_US"}},
        {"context__contains": {"lang": "en_US"}},
        {"error": False},
        {"args": {"vals__contains": {"city": "Brussels"}}},
        {"count": 1},
    ):
        odoo.assert_called("res.partner", "write", **criteria)
    domain = ["|", ("name", "=", "a"), ("name", "in", ("b", "c"))]
    assert odoo.assert_called("res.partner", "search", domain=domain, limit=80).last.answer == []
    odoo.assert_called("res.partner", "search", domain__contains=[("name", "=", "a")])
    odoo.assert_called("res.partner", "create", error=ValueError, count=1)
    odoo.assert_called("res.partner", "create", error="ValueError", count=1)
    odoo.assert_called("res.partner", "create", error=True)
    odoo.assert_called(error=AccessError, count=0)
    odoo.assert_called(method="write")
    odoo.assert_not_called("res.partner", "unlink")
    odoo.assert_not_called(method="unlink")
    odoo.assert_not_called("res.partner", "write", ids=[7])
    odoo.assert_not_called("account.move")
    odoo.assert_order(["res.partner.write", ("res.partner", "create")])
    odoo.assert_order([("res.partner", "search", {"limit": 80}), ("res.partner", "create", {"error": True})])


def test_one_of_several_records_that_are_created_is_enough(odoo: MockServer, execute: Execute) -> None:
    execute("res.partner", "create", [{"name": "A", "city": "X"}, {"name": "B", "city": "Y"}])
    odoo.assert_called("res.partner", "create", vals__contains={"name": "B", "city": "Y"})
    odoo.assert_not_called("res.partner", "create", vals__contains={"name": "A", "city": "Y"})


def test_part_of_a_text_is_enough_where_a_part_is_asked_for(odoo: MockServer, execute: Execute) -> None:
    execute("res.partner", "name_search", "Azure Interior")
    odoo.assert_called("res.partner", "name_search", name__contains="Inter")
    odoo.assert_not_called("res.partner", "name_search", name__contains="inter")


# -- changes


def test_the_changes_of_a_test_are_told_by_kind(odoo: MockServer, execute: Execute) -> None:
    assert repr(odoo.changes) == "no changes"
    first = execute("res.partner", "create", {"name": "Azure"})
    execute("res.partner", "write", [1], {"email": "new@b.example", "category_id": [[6, 0, [1]]]})
    execute("res.partner.category", "unlink", [2])
    changes = odoo.changes
    assert changes.created("res.partner").ids == [first]
    assert changes.written("res.partner").ids[0] == 1  # then those who had the category
    assert changes.deleted.of("res.partner.category").ids == [2]
    assert not changes.deleted("res.partner")
    assert changes.created[0].new is not None
    assert changes.created[0].new["name"] == "Azure"
    assert changes.created[0].old is None
    fields = changes.written("res.partner")[0].fields
    assert fields["email"][1] == "new@b.example"
    assert fields["category_id"] == (False, (1,))
    assert "write_date" not in fields
    assert changes.by_model().keys() >= {"res.partner", "res.partner.category"}
    assert len(changes) == changes.count == len(list(changes))
    assert f"created res.partner({first}) 'Azure'" in repr(changes).splitlines()


def test_a_change_that_is_undone_is_none(odoo: MockServer) -> None:
    partner = odoo.env["res.partner"].create({"name": "Azure"})
    company = odoo.ref("base.main_company")
    name = company.name
    company.write({"name": "Other"})
    assert odoo.changes.written("res.company").count == 1
    company.write({"name": name})
    partner.unlink()
    assert not odoo.changes("res.partner")
    assert not odoo.changes("res.company")


def test_what_a_test_arranges_is_a_change_unless_it_counts_from_then(odoo: MockServer, execute: Execute) -> None:
    partner = odoo.env["res.partner"].create({"name": "Azure", "phone": "1"})
    assert odoo.changes.created("res.partner").count == 1
    later = odoo.changes.since_now()
    assert not later
    partner.write({"phone": "2"})
    execute("res.partner", "create", {"name": "Other"})
    assert later.written("res.partner")[0].fields == {"phone": ("1", "2")}
    assert later.created("res.partner").count == 1
    assert odoo.changes.created("res.partner").count == 2
    assert not later.since_now()


def test_changes_outlive_a_snapshot_that_is_restored(odoo: MockServer) -> None:
    company = odoo.ref("base.main_company")
    with odoo.snapshot():
        company.write({"name": "Inside"})
        later = odoo.changes.since_now()
        assert odoo.changes.written("res.company").count == 1
    assert not odoo.changes
    assert later.written("res.company")[0].fields["name"][0] == "Inside"
    company.write({"name": "Inside"})
    assert not later.written("res.company")


def test_what_is_made_before_the_start_is_no_change() -> None:
    odoo = MockServer()
    odoo.env["res.partner"].create({"name": "Before"})
    assert not odoo.changes
    with odoo:
        assert not odoo.changes
        odoo.env["res.partner"].create({"name": "After"})
        assert odoo.changes.created("res.partner").count == 1


def test_changes_tell_the_database(served: MockServer) -> None:
    with MockServer(db=["one", "two"]) as odoo:
        odoo.database("two").env()["res.partner"].create({"name": "There"})
        assert odoo.changes.of("res.partner", db="one").count == 0
        assert odoo.changes.of("res.partner", db="two")[0].db == "two"


# -- the report of a failed test


def test_a_failed_test_shows_its_calls(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import xmlrpc.client, pytest

        def ask(server):
            with xmlrpc.client.ServerProxy(server.url + "/xmlrpc/2/common") as common:
                common.version()

        def test_one(mockserver):
            ask(mockserver)
            assert False

        def test_two(mockserver, mockserver_factory):
            ask(mockserver_factory())
            assert False

        def test_three(mockserver):
            ask(mockserver)

        @pytest.mark.mockserver(journal=False)
        def test_four(mockserver):
            ask(mockserver)
            assert False

        def test_five():
            assert False
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=4, passed=1)
    lines = result.outlines
    titles = [line.strip("- ") for line in lines if "mockserver calls" in line]
    assert titles[0] == titles[3] == "mockserver calls"
    assert [title.partition(" (")[0] for title in titles] == ["mockserver calls"] * 4
    calls = [line for line in lines if line.startswith("1. xmlrpc common.version() -> {")]
    assert len(calls) == 2
    assert all(line.endswith(" ms") for line in calls)
    assert lines.count("no calls") == 1
    assert lines.count("(the journal is off)") == 1


def test_passwords_in_a_table_to_import_are_hidden(odoo: MockServer, execute: Execute) -> None:
    rows = [["anna", "Anna", "s3cret"], ["bert", "Bert", ""]]
    execute("res.users", "load", ["login", "name", "password"], rows)
    call = odoo.calls.last
    assert call.args["data"] == [["anna", "Anna", "***"], ["bert", "Bert", ""]]
    assert call.argument("data") == call.args["data"]
    assert "s3cret" not in repr(odoo.calls)


def test_the_names_of_calls_that_are_not_kept_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.testing.journal.MAX_TALLY", 5)
    with MockServer(journal=1) as odoo, odoo.xmlrpc() as models:
        for number in range(20):
            with contextlib.suppress(xmlrpc.client.Fault):
                models.execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", f"method{number}", [])
        assert (odoo.calls.dropped, len(odoo.calls._tally)) == (19, 6)
        assert odoo.calls.of("res.partner", "method1").dropped == 1 + 14  # it may be one of those
