"""Strict mode and `expect_only`: what fails a test, and what it is told to write."""

from __future__ import annotations

import contextlib
import json
import sys
import textwrap
import xmlrpc.client
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import requests

from mockserver import MockServer, known_methods, models
from mockserver.testing.strict import guesses, hints
from tests.cost import costs_like
from tests.waiting import HANG


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    with MockServer(fixtures=["sale"], strict=True) as server:
        yield server


@pytest.fixture
def odoo(shared: MockServer) -> MockServer:
    shared.reset()
    return shared


def call(server: MockServer, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
    """`execute_kw` over XML-RPC as the admin; the last line of a fault."""
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object", allow_none=True) as models:
        try:
            return models.execute_kw(server.db, server.uid, server.password, model, method, list(args), kwargs)
        except xmlrpc.client.Fault as fault:
            return fault.faultString.strip().splitlines()[-1]


def problem(server: MockServer) -> str:
    """The one text that fails the test."""
    (text,) = server.problems()
    assert server.problems() == []
    return text


def text(source: str) -> str:
    return textwrap.dedent(source).strip("\n")


# -- unknown methods --------------------------------------------------------------------------------


def test_an_unknown_method_is_odoos_error_and_a_text_with_the_lines_to_paste(odoo: MockServer) -> None:
    for id_ in (7, 8):
        told = call(odoo, "sale.order", "create_invoice", [id_], "final", date="2024-01-31")
        assert told == "AttributeError: The method 'sale.order.create_invoice' does not exist"
    assert problem(odoo) == text(
        """
        sale.order has no method 'create_invoice'; did you mean 'action_view_invoice'?
        called: sale.order.create_invoice([7], 'final', date='2024-01-31'), and 1 more call
        If the real server has it, say in the test what it does, or only what it answers:

            @mockserver.on_call("sale.order", "create_invoice")
            def create_invoice(records, value1, date):
                return True

            mockserver.respond("sale.order", "create_invoice", True)
        """
    )


def test_the_lines_to_paste_work(odoo: MockServer) -> None:
    call(odoo, "sale.order", "create_invoice", [7], "final", date="2024-01-31")
    lines = problem(odoo).split("\n\n")[1]
    exec(textwrap.dedent(lines), {"mockserver": odoo})  # noqa: S102
    assert call(odoo, "sale.order", "create_invoice", [7], "final", date="2024-01-31") is True
    assert odoo.problems() == []


def test_a_misspelt_method_is_told_with_the_nearest_one(odoo: MockServer) -> None:
    call(odoo, "res.partner", "serch", [["name", "=", "A"]])
    told = problem(odoo)
    assert told.startswith("res.partner has no method 'serch'; did you mean 'search'?\n")
    assert '@mockserver.on_call("res.partner", "serch", ids=False)\n    def serch(records, value1):' in told


def test_a_method_of_another_version_is_told_with_the_versions_that_have_it(odoo: MockServer) -> None:
    call(odoo, "res.partner", "has_access", [3], "read")
    assert problem(odoo).startswith("res.partner has no method 'has_access'; 'has_access' exists from Odoo 18.0 on\n")
    with pytest.raises(ValueError, match=r"has no method 'has_access'; 'has_access' exists from Odoo 18\.0 on$"):
        odoo.expect_only("res.partner.has_access")


def test_a_private_method_is_refused_by_the_real_server_too_and_fails_nothing(odoo: MockServer) -> None:
    assert "cannot be called remotely" in call(odoo, "res.partner", "_write", [3], {})
    assert "does not exist" in call(odoo, "res.partner", "_compute_x", [3])
    assert odoo.problems() == []


# -- unknown models ---------------------------------------------------------------------------------


def test_an_unknown_model_is_told_with_a_fixture_made_of_what_was_sent(odoo: MockServer) -> None:
    vals = {
        "name": "M", "partner_id": 3, "hours": 1.5, "count": 2, "active": True, "since": "2024-01-31",
        "at": "2024-01-31 10:00:00", "notes": "a\nb", "page": "<p>x</p>", "tag_ids": [[6, 0, [1]]],
        "line_ids": [[0, 0, {"name": "l"}]], "x_user_id": 2, "options": {"a": 1}, "nothing": None,
    }  # fmt: skip
    assert call(odoo, "x_machine", "create", vals) == "Object x_machine doesn't exist"
    call(odoo, "x_machine", "search_read", [["price", ">", 9.5]], fields=["name", "code"])
    told = problem(odoo)
    assert told == text(
        """
        there is no model 'x_machine'
        called: CALL
        If the real server has it, say so in a fixture (the types are guessed):

            {"models": {
                "x_machine": {
                  "description": "x_machine",
                  "fields": {
                    "name": {"type": "char"},
                    "partner_id": {"type": "many2one", "relation": "res.partner"},
                    "hours": {"type": "float"},
                    "count": {"type": "integer"},
                    "active": {"type": "boolean"},
                    "since": {"type": "date"},
                    "at": {"type": "datetime"},
                    "notes": {"type": "text"},
                    "page": {"type": "html"},
                    "tag_ids": {"type": "many2many", "relation": "crm.tag"},
                    "line_ids": {"type": "one2many", "relation": "sale.order.line", "relation_field": "machine_id"},
                    "x_user_id": {"type": "many2one", "relation": "res.users"},
                    "options": {"type": "json"},
                    "nothing": {"type": "char"},
                    "price": {"type": "float"},
                    "code": {"type": "char"}
                  }
                }
            }}
        """
    ).replace("CALL", told.splitlines()[1].removeprefix("called: "))
    assert told.splitlines()[1].startswith("called: x_machine.create(vals_list={'name': 'M', 'partner_id': 3, ")
    assert told.splitlines()[1].endswith("'active': True, ...}), and 1 more call")


def test_the_fixture_to_paste_loads(odoo: MockServer) -> None:
    call(odoo, "x_machine", "create", {"name": "M", "partner_id": 3})
    fixture = json.loads(problem(odoo).split("\n\n")[1])
    odoo.load(fixture)
    assert isinstance(call(odoo, "x_machine", "create", {"name": "M", "partner_id": 3}), int)
    assert odoo.problems() == []


def test_a_model_of_a_pack_is_told_with_the_pack(odoo: MockServer) -> None:
    call(odoo, "crm.lead", "search", [])
    assert problem(odoo) == text(
        """
        there is no model 'crm.lead'
        called: crm.lead.search(domain=[])
        The pack 'crm' has it: fixtures=["crm"]
        """
    )


def test_a_misspelt_model_is_told_with_the_nearest_one(odoo: MockServer) -> None:
    call(odoo, "res.patner", "search", [])
    assert problem(odoo).startswith("there is no model 'res.patner'; did you mean 'res.partner'?\n")


# -- unknown fields ---------------------------------------------------------------------------------


def test_unknown_fields_are_told_together(odoo: MockServer) -> None:
    call(odoo, "res.partner", "write", [3], {"emial": "a@b.c", "x_flag": True, "name": "A"})
    call(odoo, "res.partner", "search_read", [["x_score", ">", 7]], fields=["x_flag"])
    assert problem(odoo) == text(
        """
        res.partner has no field 'emial'; did you mean 'email'?
        res.partner has no field 'x_flag'
        res.partner has no field 'x_score'
        called: res.partner.write([3], vals={'emial': 'a@b.c', 'x_flag': True, 'name': 'A'}), and 1 more call
        If the real server has it, say so in a fixture (the types are guessed):

            {"models": {
                "res.partner": {
                  "fields": {
                    "emial": {"type": "char"},
                    "x_flag": {"type": "boolean"},
                    "x_score": {"type": "integer"}
                  }
                }
            }}
        """
    )


@pytest.mark.parametrize(
    ("model", "method", "args", "field"),
    [
        ("res.partner", "search", [["|", ["id", "=", 1], ["parent_id.country_id.x_zone", "=", "EU"]]], "res.country"),
        ("sale.order", "create", [{"order_line": [[0, 0, {"x_zone": "a"}]]}], "sale.order.line"),
        ("sale.order", "read_group", [[], ["x_zone:sum"], ["partner_id"]], "sale.order"),
        ("res.partner", "read_group", [[], ["color:sum"], ["x_zone:month"]], "res.partner"),
        ("res.partner", "read", [[3], ["name", "x_zone"]], "res.partner"),
        ("res.partner", "create", [[{"name": "A"}, {"name": "B", "x_zone": 1}]], "res.partner"),
    ],
)  # fmt: skip
def test_an_unknown_field_is_found_where_a_call_names_it(
    odoo: MockServer, model: str, method: str, args: list[Any], field: str
) -> None:
    call(odoo, model, method, *args)
    assert problem(odoo).startswith(f"{field} has no field 'x_zone'\n")


@pytest.mark.parametrize(
    ("model", "method", "args"),
    [
        ("res.partner", "search", [[["parent_id.name", "ilike", "a"], "|", ["id", "=", 1], ["active", "=", False]]]),
        ("res.partner", "read_group", [[], ["__count", "ids:array_agg(id)"], ["create_date:month"]]),
        ("res.partner", "fields_get", [["x_zone"]]),
        ("res.partner", "web_search_read", [[], {"name": {}}]),
        ("res.partner", "load", [["id", "name", "parent_id/.id", "country_id/id"], []]),
        ("res.users", "create", [{"name": "A", "login": "a", "email": "a@b.c"}]),
        ("res.partner", "write", [[3], "not a mapping"]),
        ("res.partner", "search", [7]),
    ],
)
def test_what_is_known_fails_nothing(odoo: MockServer, model: str, method: str, args: list[Any]) -> None:
    call(odoo, model, method, *args)
    assert odoo.problems() == []


# -- the wires and the ways to ask for it -------------------------------------------------------------


@pytest.mark.parametrize("profile", ["odoo-16.0", "odoo-17.0", "odoo-19.0"])
def test_every_wire_is_watched(profile: str) -> None:
    with MockServer(profile=profile, strict=True) as odoo:
        with requests.Session() as session:
            login = {"db": odoo.db, "login": odoo.login, "password": odoo.password}
            session.post(f"{odoo.url}/web/session/authenticate", json={"params": login}, timeout=HANG)
            for model, method in (("x_web", "search"), ("res.partner", "ping")):
                params: dict[str, Any] = {"model": model, "method": method, "args": [[]], "kwargs": {}}
                session.post(f"{odoo.url}/web/dataset/call_kw", json={"params": params}, timeout=HANG)
                args = [odoo.db, odoo.uid, odoo.password, model.replace("web", "rpc"), f"{method}_2", [[]]]
                params = {"service": "object", "method": "execute_kw", "args": args}
                session.post(f"{odoo.url}/jsonrpc", json={"params": params}, timeout=HANG)
            if profile == "odoo-19.0":
                headers = {"Authorization": f"bearer {odoo.api_key}"}
                for path in ("x_json2/search", "res.partner/ping_3"):
                    requests.post(f"{odoo.url}/json/2/{path}", json={}, headers=headers, timeout=HANG)
        heads = [told.partition("\n")[0] for told in odoo.problems()]
        expected = ["there is no model 'x_web'", "there is no model 'x_rpc'"]
        methods = ["res.partner has no method 'ping'", "res.partner has no method 'ping_2'"]
        if profile == "odoo-19.0":
            expected.append("there is no model 'x_json2'")
            methods.append("res.partner has no method 'ping_3'")
        assert heads == [*expected, *methods]


def test_a_stranger_fails_nothing(odoo: MockServer) -> None:
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models, pytest.raises(xmlrpc.client.Fault):
        models.execute_kw(odoo.db, odoo.uid, "wrong", "x_machine", "search", [[]])
    assert odoo.problems() == []


def test_what_a_client_sends_is_printable_and_has_an_end(odoo: MockServer) -> None:
    vals = {f"f{number}\x1b": "a b" * 5000 for number in range(200)}
    args = [odoo.db, odoo.uid, odoo.password, "x_a\x1b[31m", "create", [vals]]
    params: dict[str, Any] = {"service": "object", "method": "execute_kw", "args": args}
    requests.post(f"{odoo.url}/jsonrpc", json={"params": params}, timeout=HANG)
    for number in range(150):
        call(odoo, "res.partner", f"m{number}", [3])
    told = odoo.problems()
    assert len(told) == 101
    assert all(char == "\n" or char.isprintable() for one in told for char in one)
    assert told[0].count('{"type": "char"}') == 50


def test_the_context_manager_fails_with_the_text() -> None:
    with pytest.raises(AssertionError, match="there is no model 'x_machine'"), MockServer(strict=True) as odoo:
        call(odoo, "x_machine", "search", [])


def test_a_lax_server_fails_nothing() -> None:
    with MockServer() as odoo:
        call(odoo, "x_machine", "search", [])
        assert odoo.problems() == []


SOURCE = """
import xmlrpc.client
import pytest

{marker}
def test_it(mockserver):
    proxy = xmlrpc.client.ServerProxy(mockserver.url + "/xmlrpc/2/object")
    with proxy as models, pytest.raises(xmlrpc.client.Fault):
        models.execute_kw(mockserver.db, mockserver.uid, mockserver.password, "sale.order", "action_ship", [[1]])
    {end}
"""


@pytest.mark.parametrize(
    ("marker", "options", "ini"),
    [
        ("@pytest.mark.mockserver(fixtures=['sale'], strict=True)", [], ""),
        ("@pytest.mark.mockserver(fixtures=['sale'])", ["--mockserver-strict"], ""),
        ("@pytest.mark.mockserver(fixtures=['sale'])", [], "mockserver_strict = true"),
    ],
)
def test_a_test_fails_in_strict_mode(pytester: pytest.Pytester, marker: str, options: list[str], ini: str) -> None:
    pytester.makepyfile(SOURCE.format(marker=marker, end="pass"))
    pytester.makeini(f"[pytest]\n{ini}\n")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["sale.order has no method 'action_ship'*", '    @mockserver.on_call("sale.order", "action_ship")']
    )
    assert "plugin.py" not in result.stdout.str()


def test_the_marker_takes_strictness_back(pytester: pytest.Pytester) -> None:
    marker = "@pytest.mark.mockserver(fixtures=['sale'], strict=False)"
    pytester.makepyfile(SOURCE.format(marker=marker, end="pass"))
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "--mockserver-strict").assert_outcomes(passed=1)


@pytest.mark.parametrize("end", ["assert 1 == 2", "pytest.fail('assert 1 == 2')"])
def test_a_test_that_fails_anyway_shows_the_text_too(pytester: pytest.Pytester, end: str) -> None:
    marker = "@pytest.mark.mockserver(fixtures=['sale'], strict=True)"
    pytester.makepyfile(SOURCE.format(marker=marker, end=end))
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2*", "*mockserver*", "sale.order has no method 'action_ship'*"])


# -- expect_only ------------------------------------------------------------------------------------


def test_a_call_that_is_not_expected_is_refused_and_listed(odoo: MockServer) -> None:
    odoo.expect_only("res.partner.search*", ("res.partner", "create"))
    assert isinstance(call(odoo, "res.partner", "create", {"name": "A"}), int)
    assert call(odoo, "res.partner", "search_count", [["id", "=", 3]]) == 1
    for _ in range(2):
        assert call(odoo, "res.partner", "unlink", [3]) == (
            "mockserver: the test does not expect the call res.partner.unlink; "
            "it expects res.partner.search*, res.partner.create"
        )
    call(odoo, "res.users", "write", [2], {"name": "A", "password": "secret"})
    assert odoo.env["res.partner"].browse(3).exists()
    assert problem(odoo) == text(
        """
        3 calls that this test does not expect; it expects res.partner.search*, res.partner.create:
            res.partner.unlink([3])   (2 times)
            res.users.write([2], vals={'name': 'A', 'password': '***'})
        """
    )


def test_more_calls_of_expect_only_allow_more(odoo: MockServer) -> None:
    odoo.expect_only()
    assert "it expects no call of a model" in call(odoo, "res.partner", "search", [])
    odoo.expect_only("res.*.read")
    odoo.expect_only(("*", "search"))
    assert isinstance(call(odoo, "res.partner", "search", []), list)
    assert isinstance(call(odoo, "res.users", "read", [2], ["name"]), list)
    assert "does not expect the call res.users.write" in call(odoo, "res.users", "write", [2], {})
    assert len(odoo.problems()) == 1
    odoo.reset()
    assert call(odoo, "res.users", "write", [2], {}) is True


def test_logins_are_always_allowed_and_work_on_databases_is_not(odoo: MockServer) -> None:
    odoo.expect_only()
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
        assert common.login(odoo.db, odoo.login, odoo.password) == odoo.uid
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/db") as db:
        with pytest.raises(xmlrpc.client.Fault):
            db.drop("admin", odoo.db)
        odoo.expect_only("db.list")
        assert db.list() == ["mock"]
    login = {"db": odoo.db, "login": odoo.login, "password": odoo.password}
    answer = requests.post(f"{odoo.url}/web/session/authenticate", json={"params": login}, timeout=HANG)
    assert answer.json()["result"]["uid"] == odoo.uid
    assert problem(odoo).endswith("db.drop(master_password='***', db_name='mock')")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("res.parter.search", "there is no model 'res.parter'; did you mean 'res.partner'?"),
        ("crm.lead.create", "there is no model 'crm.lead'; the pack 'crm' has it: fixtures=[\"crm\"]"),
        ("res.partner.serch", "res.partner has no method 'serch'; did you mean 'search'?"),
        ("search", "'search' lacks the model or the method, as in 'res.partner.create'"),
        (5, 'a call is ("res.partner", "create") or "res.partner.create", not 5'),
    ],
)
def test_a_call_that_cannot_come_is_told_at_once(odoo: MockServer, pattern: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        odoo.expect_only(pattern)
    assert str(caught.value) == message


def test_a_method_of_the_test_may_be_expected(odoo: MockServer) -> None:
    odoo.respond("sale.order", "action_ship", True)
    odoo.expect_only("sale.order.action_ship")
    assert call(odoo, "sale.order", "action_ship", [1]) is True
    assert odoo.problems() == []


# -- guesses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "definition"),
    [
        ("country_id", [None], {"type": "many2one", "relation": "res.country"}),
        ("sale_order_id", [1], {"type": "many2one", "relation": "sale.order"}),
        ("phase_id", [1], {"type": "many2one", "relation": "phase"}),
        ("external_id", ["abc"], {"type": "char"}),
        ("is_open", [None], {"type": "boolean"}),
        ("anything", [False], {"type": "boolean"}),
        ("anything", [False, "text"], {"type": "char"}),
        ("partner_ids", [[3, 4]], {"type": "many2many", "relation": "res.partner"}),
        ("picture", ["iVBORw0KGgo" * 20], {"type": "binary"}),
    ],
)
def test_a_type_is_guessed_by_value_and_name(
    odoo: MockServer, name: str, values: list[Any], definition: dict[str, Any]
) -> None:
    registry = odoo.database("mock").registry
    assert guesses.definition(name, values, registry, "x_machine") == definition


@pytest.mark.parametrize("text", ["<a" * 50_000, "<" + "a" * 100_000])
def test_a_guess_costs_what_the_length_of_the_value_says(odoo: MockServer, text: str) -> None:
    registry = odoo.database("mock").registry
    plain = "a " * 50_000
    assert costs_like(
        lambda: guesses.definition("anything", [text], registry, "x_machine"),
        lambda: guesses.definition("anything", [plain], registry, "x_machine"),
    )


@pytest.mark.skipif(sys.version_info < (3, 11), reason="an exception of Python 3.10 has no notes")
def test_a_block_that_fails_has_what_the_server_says_as_a_note() -> None:
    with pytest.raises(ZeroDivisionError) as failure, MockServer(strict=True) as server:
        server.on_call("res.partner", "create")(lambda records, *args: dict[str, Any]()["missing"])
        call(server, "res.partner", "create", {"name": "Azure"})
        call(server, "res.partner", "create_invoice", [7])
        _ = 1 / 0
    own, strict = vars(failure.value)["__notes__"]
    assert own == "the server's own error: KeyError('missing')"
    assert strict.startswith("res.partner has no method 'create_invoice'; did you mean 'create'?\n")


# -- what the mock cannot tell


def gaps_of(odoo: MockServer, model: str, method: str, *args: Any, **kwargs: Any) -> list[str]:
    with contextlib.suppress(xmlrpc.client.Fault):
        odoo.xmlrpc().execute_kw(odoo.db, odoo.uid, odoo.password, model, method, args, kwargs)
    return odoo.calls.last.gaps


def test_the_journal_tells_what_the_mock_does_not_compute() -> None:
    with MockServer() as odoo:
        told = "the mock does not compute res.partner.credit, as the real server does"
        assert gaps_of(odoo, "res.partner", "read", [odoo.uid], ["name", "credit"]) == [told]
        assert gaps_of(odoo, "res.partner", "search_count", [("child_ids.credit", ">", 0)]) == [told]
        assert gaps_of(odoo, "res.users", "export_data", [odoo.uid], ["name", "partner_id/credit"]) == []
        assert gaps_of(odoo, "res.partner", "read", [odoo.uid], ["name", "display_name", "child_ids", "email"]) == []
        assert gaps_of(odoo, "res.partner", "write", [odoo.uid], {"name": "Anna"}) == []
        [every] = gaps_of(odoo, "res.partner", "read", [odoo.uid])
        assert every.startswith("the mock does not compute activity_calendar_event_id,")
        assert every.endswith(" more of res.partner")
        assert f"   note: {told}" in repr(odoo.calls).splitlines()


def test_the_journal_tells_of_methods_that_the_mock_lacks() -> None:
    with MockServer() as odoo:
        told = "the mock lacks the method res.partner.action_view_partner_invoices of the business modules"
        assert gaps_of(odoo, "res.partner", "action_view_partner_invoices", [1]) == [told]


def test_the_journal_tells_what_the_mock_merely_lacks() -> None:
    with MockServer() as odoo:
        assert gaps_of(odoo, "x.pump", "search", []) == [
            "the mock has no model x.pump: a fixture, a model class or `mockserver pull` gives it one"
        ]
        assert gaps_of(odoo, "res.partnr", "search", []) == [
            "the mock has no model res.partnr: did you mean 'res.partner'?"
        ]
        assert gaps_of(odoo, "res.partner", "start_pump", [1]) == [
            "the mock has no method start_pump of res.partner; an override adds it"
        ]
        assert gaps_of(odoo, "res.partner", "serch", [1]) == [
            "the mock has no method serch of res.partner; did you mean 'search'?"
        ]
        assert gaps_of(odoo, "res.partner", "create", {"name": "A", "x_pump": 1}) == [
            "the mock has no field x_pump of res.partner: a fixture adds it"
        ]
        assert gaps_of(odoo, "res.partner", "search", [("parent_id.nmae", "=", "A")]) == [
            "the mock has no field nmae of res.partner: did you mean 'name'?"
        ]
        assert gaps_of(odoo, "res.partner", "_compute_it", [1]) == []  # the real server refuses it too


def test_a_value_that_is_not_kept_is_told() -> None:
    with MockServer() as odoo:
        told = "the mock does not keep what is written to res.partner.credit"
        assert gaps_of(odoo, "res.partner", "write", [1], {"name": "A", "credit": 7}) == [told]
        assert gaps_of(odoo, "res.partner", "create", [{"name": "A"}, {"name": "B", "credit": 7}]) == [told]


def test_a_failed_test_shows_hints_without_strict_mode(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(mockserver):
            models = mockserver.xmlrpc()
            login = mockserver.db, mockserver.uid, mockserver.password
            models.execute_kw(*login, "sale.order", "search", [[]])
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--junit-xml=report.xml")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- mockserver hints -*",
            "there is no model 'sale.order'",
            "called: sale.order.search(*)",
            "The pack 'sale' has it: fixtures=[[]\"sale\"[]]",
        ]
    )
    assert 'name="mockserver hint" value="there is no model' in (pytester.path / "report.xml").read_text()


def test_a_test_that_passes_has_no_hints(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest, xmlrpc.client

        def test_it(mockserver):
            login = mockserver.db, mockserver.uid, mockserver.password
            with pytest.raises(xmlrpc.client.Fault):
                mockserver.xmlrpc().execute_kw(*login, "sale.order", "search", [[]])
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*mockserver hints*")


def test_the_number_of_hints_in_a_report_is_limited() -> None:
    with MockServer() as odoo:
        for number in range(8):
            gaps_of(odoo, f"x.pump{number}", "search", [])
        found = hints(odoo.app, odoo.calls)
    assert len(found) == 6
    assert found[-1] == "and 3 more hints"


def test_a_report_without_rows_is_told() -> None:
    class Report(models.Model):
        _name = "x.report"
        _auto = False

    class WithRows(models.Model):
        _inherit = "x.report"

        def _query_rows(self) -> list[dict[str, Any]]:
            return [{"id": 1}]

    with MockServer(models=[Report]) as odoo:
        assert gaps_of(odoo, "x.report", "search", []) == ["the mock makes no rows of x.report"]
        odoo.model(WithRows)
        assert gaps_of(odoo, "x.report", "search", []) == []


def test_strict_mode_fails_a_test_that_reads_what_is_not_computed() -> None:
    text = (
        "the mock does not compute res.partner.credit, as the real server does\n"
        r"called: res.partner.read\(\[2\], fields=\['credit'\]\), and 1 more call"
    )
    with pytest.raises(AssertionError, match=text), MockServer(strict=True) as odoo:
        for _ in range(2):
            gaps_of(odoo, "res.partner", "read", [2], ["credit"])
        gaps_of(odoo, "res.partner", "read", [2])  # all fields: nobody asked for one of them


def test_strict_mode_tells_that_the_real_server_has_a_method() -> None:
    name = "action_view_partner_invoices"
    text = f"has no method '{name}'\nthe mock lacks the method res.partner.{name} of the business modules"
    with pytest.raises(AssertionError, match=text), MockServer(strict=True) as odoo:
        gaps_of(odoo, "res.partner", "action_view_partner_invoices", [2])


@pytest.mark.parametrize(
    ("method", "generations"),
    [("action_duplicate_accounts", range(11, 17)), ("activity_schedule", range(19, 21)), ("no_such_method", ())],
)
def test_methods_are_known_in_the_versions_that_have_them(method: str, generations: Iterable[int]) -> None:
    found = [number for number in range(11, 21) if known_methods.known("account.account", method, number)]
    assert found == list(generations)


def test_a_name_of_any_length_makes_a_short_hint() -> None:
    long = "x" * 100_000
    with MockServer() as odoo:
        call(odoo, long, long)
        call(odoo, "res.partner", long)
        call(odoo, "res.partner", "read", [1], [long])
        found = hints(odoo.app, odoo.calls)
    assert len(found) == 3
    assert all("x" * 100 in hint and len(hint) < 600 for hint in found)
