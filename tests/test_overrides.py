"""Overrides, answers and models in Python, as a client of the server meets them."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock

import pytest
import requests

from mockserver import AccessError, MissingError, MockServer, RedirectWarning, UserError, models
from tests.waiting import HANG, until


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    with MockServer(demo=True, fixtures=["demo"], db=["mock", "other"]) as server:
        yield server


@pytest.fixture
def odoo(shared: MockServer) -> MockServer:
    shared.reset()
    return shared


def call(server: MockServer, model: str, method: str, *args: Any, db: str | None = None, **kwargs: Any) -> Any:
    """`execute_kw` over XML-RPC as the admin."""
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object", allow_none=True) as models:
        return models.execute_kw(db or server.db, server.uid, server.password, model, method, list(args), kwargs)


def fault(server: MockServer, *args: Any, **kwargs: Any) -> tuple[int, str]:
    """Code and last line of the fault that the call gets."""
    with pytest.raises(xmlrpc.client.Fault) as caught:
        call(server, *args, **kwargs)
    return caught.value.faultCode, caught.value.faultString.strip().splitlines()[-1]


# -- on_call ----------------------------------------------------------------------------------------


def test_a_model_gets_a_method_that_works_on_ids(odoo: MockServer) -> None:
    @odoo.on_call("sale.order", "action_confirm")
    def confirm(records: Any) -> Any:
        return records.write({"state": "sale"})

    id_ = odoo.ref("demo.order_hotel").id
    assert call(odoo, "sale.order", "action_confirm", [id_]) is True
    assert odoo.env["sale.order"].browse(id_).state == "sale"


def test_a_model_gets_a_method_that_works_on_the_model(odoo: MockServer) -> None:
    @odoo.on_call("sale.order", "get_totals", ids=False)
    def totals(records: Any, year: Any, currency: Any = "EUR") -> Any:
        return [records.ids, year, currency]

    assert call(odoo, "sale.order", "get_totals", 2024, currency="USD") == [[], 2024, "USD"]


def test_parent_is_the_method_that_is_hidden_with_the_same_arguments(odoo: MockServer) -> None:
    @odoo.on_call("res.partner", "create")
    def create(records: Any, parent: Any, vals: Any) -> Any:
        return parent()

    id_ = call(odoo, "res.partner", "create", {"name": "A"})
    assert odoo.env["res.partner"].browse(id_).name == "A"


def test_parent_takes_other_arguments_and_other_records(odoo: MockServer) -> None:
    @odoo.on_call("res.partner", "create")
    def create(records: Any, parent: Any, vals: Any) -> Any:
        return parent({**vals, "comment": "imported"})

    @odoo.on_call("res.partner", "search_read")
    def archived_too(records: Any, parent: Any, *args: Any, **kwargs: Any) -> Any:
        return parent.on(records.with_context(active_test=False))()

    id_ = call(odoo, "res.partner", "create", {"name": "A", "active": False})
    assert "imported" in odoo.env["res.partner"].browse(id_).comment
    found = call(odoo, "res.partner", "search_read", [["id", "=", id_]], fields=["name"])
    assert found == [{"id": id_, "name": "A"}]


def test_a_later_override_hides_an_earlier_one_and_reaches_it(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "ping")(lambda records: ["first"])
    odoo.on_call("res.partner", "ping")(lambda records, parent: ["second", *parent()])
    assert call(odoo, "res.partner", "ping", [3]) == ["second", "first"]


@pytest.mark.parametrize("every", ["*", None])
def test_an_override_for_every_model_stands_behind_that_of_one(odoo: MockServer, every: str | None) -> None:
    odoo.on_call("res.partner", "search_count")(lambda records, parent, domain: -parent())
    odoo.on_call(every, "search_count")(lambda records, parent, domain: 1000 + parent())
    assert call(odoo, "res.partner", "search_count", [["id", "=", 3]]) == -1001
    assert call(odoo, "res.users", "search_count", [["id", "=", 2]]) == 1001


def test_a_method_of_a_model_of_its_own_is_the_parent_of_an_override_for_every_model(odoo: MockServer) -> None:
    odoo.on_call("*", "write")(lambda records, parent, vals: parent())
    assert call(odoo, "res.partner", "write", [3], {"name": "B"}) is True
    assert odoo.env["res.partner"].browse(3).name == "B"


def test_an_override_is_in_every_database_and_in_those_made_later(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "ping", ids=False)(lambda records: records.env.db.name)
    odoo.database("third")
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/db") as db:
        db.duplicate_database("admin", "mock", "fourth")
        db.restore("admin", "fifth", db.dump("admin", "mock", "zip"))
    names = ["mock", "other", "third", "fourth", "fifth"]
    assert [call(odoo, "res.partner", "ping", db=name) for name in names] == names


def test_a_reset_and_a_snapshot_undo_an_override(odoo: MockServer) -> None:
    with odoo.snapshot():
        odoo.on_call("res.partner", "ping")(lambda records: 1)
        assert call(odoo, "res.partner", "ping", [3]) == 1
    assert fault(odoo, "res.partner", "ping", [3])[1] == "AttributeError: The method 'res.partner.ping' does not exist"
    odoo.on_call("res.partner", "ping")(lambda records: 1)
    odoo.reset()
    assert fault(odoo, "res.partner", "ping", [3])[1] == "AttributeError: The method 'res.partner.ping' does not exist"
    odoo.database("later")
    assert "does not exist" in fault(odoo, "res.partner", "ping", [3], db="later")[1]


def test_a_call_that_fails_in_an_override_leaves_no_trace(odoo: MockServer) -> None:
    @odoo.on_call("res.partner", "create")
    def create(records: Any, parent: Any, vals: Any) -> Any:
        parent()
        raise UserError("Too late.")

    count = odoo.env["res.partner"].search_count([])
    assert fault(odoo, "res.partner", "create", {"name": "A"}) == (2, "Too late.")
    assert odoo.env["res.partner"].search_count([]) == count


def test_a_private_name_stays_private_unless_said_otherwise(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "_score")(lambda records: 7)
    odoo.on_call("res.partner", "_open", private=False)(lambda records: 8)
    odoo.on_call("res.partner", "closed", private=True)(lambda records: 9)
    assert fault(odoo, "res.partner", "_score", [3])[0] == 4
    assert fault(odoo, "res.partner", "closed", [3])[0] == 4
    assert call(odoo, "res.partner", "_open", [3]) == 8
    partner = odoo.env["res.partner"].browse(3)
    assert (partner._score(), partner.closed()) == (7, 9)


def test_named_arguments_reach_an_override_over_json2() -> None:
    with MockServer(profile="odoo-19.0") as odoo:
        odoo.on_call("res.partner", "rate")(lambda records, parent, points, why="": [records.ids, points, why])
        headers = {"Authorization": f"bearer {odoo.api_key}", "X-Odoo-Database": odoo.db}
        body: dict[str, Any] = {"ids": [3], "points": 5, "why": "x"}
        url = f"{odoo.url}/json/2/res.partner/rate"
        assert requests.post(url, json=body, headers=headers, timeout=HANG).json() == [[3], 5, "x"]
        refused = requests.post(url, json={"ids": [3]}, headers=headers, timeout=HANG)
        assert (refused.status_code, refused.json()["message"]) == (422, "missing a required argument: 'points'")


def test_a_mock_object_is_an_override_too(odoo: MockServer) -> None:
    mock = Mock(return_value=[1, 2])
    odoo.on_call("res.partner", "search")(mock)
    assert call(odoo, "res.partner", "search", [["name", "=", "A"]], limit=2) == [1, 2]
    mock.assert_called_once_with(odoo.env["res.partner"], [["name", "=", "A"]], limit=2)


# -- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UserError("No."), (2, "No.")),
        (AccessError("Not you."), (4, "Not you.")),
        (MissingError("Gone."), (2, "Gone.")),
        (RedirectWarning("Set it up.", 7, "Go"), (2, "('Set it up.', 7, 'Go', None)")),
    ],
)
def test_an_error_of_odoo_is_answered_as_such(odoo: MockServer, error: Exception, told: tuple[int, str]) -> None:
    @odoo.on_call("res.partner", "ping")
    def ping(records: Any) -> Any:
        raise error

    assert fault(odoo, "res.partner", "ping", [3]) == told
    assert odoo.errors == []


def test_a_mistake_of_an_override_is_a_server_error_and_raised_in_the_test() -> None:
    with pytest.raises(ZeroDivisionError, match="division by zero") as caught, MockServer() as odoo:

        @odoo.on_call("res.partner", "ping")
        def ping(records: Any) -> Any:
            return 1 / 0

        assert fault(odoo, "res.partner", "ping", [3]) == (1, "ZeroDivisionError: division by zero")
    assert caught.traceback[-1].name == "ping"


def test_errors_of_an_override_are_answered_in_json_too(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "ping", ids=False)(lambda records: 1 / 0)
    odoo.respond("res.partner", "pong", UserError("No."), ids=False)
    names = []
    for method in ("ping", "pong"):
        args = [odoo.db, odoo.uid, odoo.password, "res.partner", method, []]
        params: dict[str, Any] = {"service": "object", "method": "execute_kw", "args": args}
        answer = requests.post(f"{odoo.url}/jsonrpc", json={"params": params}, timeout=HANG).json()
        names.append((answer["error"]["data"]["name"], answer["error"]["data"]["message"]))
    assert names == [("builtins.ZeroDivisionError", "division by zero"), ("odoo.exceptions.UserError", "No.")]
    assert [type(error) for error in odoo.errors] == [ZeroDivisionError]
    odoo.errors.clear()


def test_a_mistake_that_a_client_met_several_times_fails_the_test_once(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import xmlrpc.client

        def test_it(mockserver):
            @mockserver.on_call("res.partner", "ping", ids=False)
            def ping(records):
                return {}["no such key"]

            with xmlrpc.client.ServerProxy(mockserver.url + "/xmlrpc/2/object") as models:
                for _ in range(3):
                    try:
                        models.execute_kw(mockserver.db, 2, "admin", "res.partner", "ping", [])
                    except xmlrpc.client.Fault:
                        pass
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([">*return {}*", "E*KeyError: 'no such key'"])


def test_a_mistake_met_in_the_test_itself_is_not_raised_again(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "ping")(lambda records: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        odoo.env["res.partner"].browse(3).ping()
    assert odoo.errors == []


def test_what_the_hidden_method_raises_is_no_mistake(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "create")(lambda records, parent, vals: parent({**vals, "name": "A"}))
    text = "ValueError: Invalid field 'x_no' on model 'res.partner'"
    assert fault(odoo, "res.partner", "create", {"x_no": 1})[1] == text
    assert odoo.errors == []


def test_a_mistake_behind_parent_is_that_of_the_override_there(odoo: MockServer) -> None:
    def first(records: Any) -> Any:
        raise KeyError("mine")

    odoo.on_call("res.partner", "ping")(first)
    odoo.on_call("res.partner", "ping")(lambda records, parent: parent())
    fault(odoo, "res.partner", "ping", [3])
    assert [repr(error) for error in odoo.errors] == ["KeyError('mine')"]
    odoo.errors.clear()


def test_arguments_that_a_new_method_does_not_take_are_the_clients_mistake(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "ping")(lambda records: 1)
    text = "TypeError: BaseModel.ping() takes 1 positional argument but 2 were given"
    assert fault(odoo, "res.partner", "ping", [3], 4)[1] == text
    assert odoo.errors == []


def test_arguments_that_only_the_hidden_method_takes_are_a_mistake_of_the_test(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "create")(lambda records, parent: parent())
    text = "BaseModel.create() takes 2 positional arguments but 3 were given"
    assert fault(odoo, "res.partner", "create", {"name": "A"})[1] == f"TypeError: {text}"
    assert [str(error) for error in odoo.errors] == [text]
    odoo.errors.clear()


def test_arguments_that_an_override_chose_for_parent_are_its_own_mistake(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "search_count")(lambda records, parent, domain: parent(domain, 1, 2, 3))
    fault(odoo, "res.partner", "search_count", [])
    assert [type(error) for error in odoo.errors] == [TypeError]
    odoo.errors.clear()


def test_parent_of_a_new_method_says_that_there_is_none(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "ping")(lambda records, parent: parent())
    text = "res.partner.ping has no parent: the server has no such method of its own"
    assert fault(odoo, "res.partner", "ping", [3])[1] == f"TypeError: {text}"
    assert [str(error) for error in odoo.errors] == [text]
    odoo.errors.clear()


@pytest.mark.parametrize(
    ("model", "method", "message"),
    [
        ("sale.ordr", "x", "there is no model 'sale.ordr'; did you mean 'sale.order'?"),
        ("project.task", "x", "there is no model 'project.task'; the pack 'project' has it: fixtures=[\"project\"]"),
        ("res.partner", "a b", "a method has a name such as 'action_confirm', not 'a b'"),
    ],
)
def test_a_name_that_cannot_be_meant_is_told_at_once(odoo: MockServer, model: str, method: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        odoo.on_call(model, method)
    assert str(caught.value) == message


def test_a_method_is_not_said_to_take_ids_where_it_does_not(odoo: MockServer) -> None:
    with pytest.raises(ValueError, match=r"res\.partner\.search of this server takes no ids: leave ids=True out"):
        odoo.on_call("res.partner", "search", ids=True)


async def _asynchronous(records: Any) -> None:
    pass


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (7, "an override is a function (records, …), not 7"),
        (_asynchronous, "an override is a plain function, not an asynchronous one"),
        (lambda: None, "an override takes the records first: (records, …), not ()"),
    ],
)
def test_what_is_no_override_is_told_at_once(odoo: MockServer, function: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        odoo.on_call("res.partner", "ping")(function)
    assert str(caught.value) == message


def test_on_call_without_its_arguments_says_how_it_is_written(odoo: MockServer) -> None:
    with pytest.raises(TypeError, match=r"on_call takes a model and a method: @mockserver\.on_call"):
        odoo.on_call(lambda records: 1, "x")  # type: ignore[arg-type]


# -- respond ----------------------------------------------------------------------------------------


def test_respond_answers_with_a_value(odoo: MockServer) -> None:
    odoo.respond("sale.order", "action_ship", True)
    odoo.respond("res.partner", "search", [7, 8])
    assert call(odoo, "sale.order", "action_ship", [1]) is True
    assert call(odoo, "res.partner", "search", [], limit=5) == [7, 8]


def test_several_answers_come_in_turn_and_the_last_one_stays(odoo: MockServer) -> None:
    odoo.respond("res.partner", "ping", 1, UserError("Not now."), lambda records: records.ids)
    assert call(odoo, "res.partner", "ping", [3]) == 1
    assert fault(odoo, "res.partner", "ping", [3]) == (2, "Not now.")
    assert [call(odoo, "res.partner", "ping", [id_]) for id_ in (3, 1)] == [[3], [1]]


def test_an_answer_that_is_a_function_has_a_parent(odoo: MockServer) -> None:
    odoo.respond("res.partner", "search_count", lambda records, parent, domain: parent() + 1000)
    assert call(odoo, "res.partner", "search_count", [["id", "=", 3]]) == 1001


def test_a_python_error_as_an_answer_is_meant(odoo: MockServer) -> None:
    odoo.respond("res.partner", "ping", ValueError("a bug of an add-on"))
    assert fault(odoo, "res.partner", "ping", [3]) == (1, "ValueError: a bug of an add-on")
    assert fault(odoo, "res.partner", "ping", [3]) == (1, "ValueError: a bug of an add-on")
    assert odoo.errors == []


def test_respond_wants_an_answer_and_no_class_of_errors(odoo: MockServer) -> None:
    with pytest.raises(TypeError, match=r"respond needs an answer: respond\(model, method, value\)"):
        odoo.respond("res.partner", "ping")
    with pytest.raises(TypeError, match=r"an answer is an error with its text, UserError\('…'\), not its class"):
        odoo.respond("res.partner", "ping", UserError)


# -- JSON -------------------------------------------------------------------------------------------


def test_an_override_as_json_is_added_listed_and_taken_back(odoo: MockServer) -> None:
    forms: list[dict[str, Any]] = [
        {"model": "sale.order", "method": "action_ship", "answer": {"done": True}},
        {"model": "*", "method": "ping", "ids": False, "answers": [{"answer": 1}, {"error": {"type": "AccessDenied"}}]},
    ]
    for form in forms:
        odoo.overrides.add_json(form)
    odoo.on_call("res.partner", "ping", optional=True)(_plain)
    assert call(odoo, "sale.order", "action_ship", [1]) == {"done": True}
    assert call(odoo, "res.users", "ping") == 1
    assert fault(odoo, "res.users", "ping")[0] == 3
    listed = odoo.overrides.as_list()
    forms[1]["answers"][1]["error"]["message"] = "Access Denied"
    assert listed == [
        {"id": 1, **forms[0], "calls": 1},
        {"id": 2, **forms[1], "calls": 2},
        {"id": 3, "model": "res.partner", "method": "ping", "optional": True, "function": "_plain", "calls": 0},
    ]
    first = odoo.overrides.numbered(1)
    assert first is not None
    odoo.overrides.remove(first)
    assert "does not exist" in fault(odoo, "sale.order", "action_ship", [1])[1]
    assert [one["id"] for one in odoo.overrides.as_list()] == [2, 3]
    assert call(odoo, "res.partner", "ping") == 5
    odoo.overrides.clear()
    assert odoo.overrides.as_list() == []
    assert "does not exist" in fault(odoo, "res.partner", "ping")[1]


def _plain(records: Any) -> int:
    return 5


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ([], 'an override is {"model": …, "method": …, "answer": …}, not []'),
        ({"modl": "x"}, "an override has no 'modl'; did you mean 'model'?"),
        ({"model": "res.partner"}, "an override has a 'method', which is a text"),
        ({"model": "res.partner", "method": "x"}, "an override has one of 'answer', 'error' and 'answers'"),
        (
            {"model": "res.partner", "method": "x", "error": {"type": "UserEror", "message": "x"}},
            "error: there is no fault 'UserEror'; did you mean 'UserError'?",
        ),
        ({"model": "res.partner", "method": "x", "error": {"type": "Reset"}}, "an error is one of UserError, "),
        ({"model": "res.partner", "method": "x", "answers": []}, "'answers' is a list of"),
        ({"model": "res.partner", "method": "x", "answer": 1, "ids": "no"}, "'ids' is true or false, not 'no'"),
        ({"model": "res.prtner", "method": "x", "answer": 1}, "there is no model 'res.prtner'; did you mean"),
    ],
)
def test_a_wrong_json_form_is_told(odoo: MockServer, form: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        odoo.overrides.add_json(form)
    assert message in str(caught.value)


# -- overrides that nothing called --------------------------------------------------------------------


def test_an_override_that_nothing_called_fails_the_test(odoo: MockServer) -> None:
    odoo.respond("res.partner", "name_serach", [])
    call(odoo, "res.partner", "name_search", "Acme")
    call(odoo, "res.partner", "name_search", "Brico")
    assert odoo.problems() == [
        "no call met the override res.partner.name_serach\n"
        "  res.partner has no method 'name_serach'; did you mean 'name_search'?\n"
        "  the nearest calls: res.partner.name_search over xmlrpc (2×)\n"
        "  if no call is needed, add it with optional=True"
    ]
    assert not odoo.problems()  # told once


def test_an_override_without_any_call_says_so(odoo: MockServer) -> None:
    odoo.on_call("res.partner", "write")(_plain)
    assert odoo.problems() == [
        "no call met the override res.partner.write\n  there was no call at all\n"
        "  if no call is needed, add it with optional=True"
    ]


def test_overrides_that_need_not_be_called(odoo: MockServer) -> None:
    odoo.respond("res.partner", "ping", 1, optional=True)
    odoo.overrides.add_json({"model": "*", "method": "pong", "answer": 1, "optional": True})
    odoo.respond("res.partner", "copy", 1)  # hidden by the next one
    odoo.respond("res.partner", "copy", 2)
    assert odoo.env["res.partner"].browse(1).copy() == 2  # a call through env counts
    odoo.respond("res.partner", "unlink", True)
    odoo.overrides.remove(list(odoo.overrides)[-1])
    assert not odoo.problems()


def test_an_override_json_has_a_flag_optional(odoo: MockServer) -> None:
    with pytest.raises(ValueError, match="'optional' is true or false, not 'no'"):
        odoo.overrides.add_json({"model": "*", "method": "pong", "answer": 1, "optional": "no"})


# -- several threads --------------------------------------------------------------------------------


def test_an_override_that_is_added_during_a_reset_is_gone_after_it(odoo: MockServer) -> None:
    """The thread has enlisted it and waits for the database, which the reset has."""
    with ThreadPoolExecutor(1) as threads:
        with odoo.database("mock").lock, odoo.database("other").lock:
            adding = threads.submit(odoo.respond, "res.partner", "search_count", -1)
            until(odoo.overrides.as_list)
            odoo.reset()
        adding.result(HANG)
    assert odoo.overrides.as_list() == []
    assert (
        call(odoo, "res.partner", "search_count", []) == call(odoo, "res.partner", "search_count", [], db="other") > 0
    )


def test_the_control_api_answers_who_adds_an_override_during_a_reset() -> None:
    body: dict[str, Any] = {"model": "res.partner", "method": "search_count", "answer": -1}
    with MockServer(control=True) as odoo, ThreadPoolExecutor(1) as threads:
        with odoo.database("mock").lock:
            answer = threads.submit(requests.post, f"{odoo.url}/_mock/overrides", json=body, timeout=HANG)
            until(odoo.overrides.as_list)
            odoo.reset()
        assert answer.result(HANG).status_code == 201
        assert answer.result(HANG).json() == {"id": 1, **body, "calls": 0}
        assert odoo.overrides.as_list() == []
        assert call(odoo, "res.partner", "search_count", []) > 0


def test_overrides_that_threads_add_and_remove_at_once_are_those_that_are_listed(odoo: MockServer) -> None:
    def one(records: Any, parent: Any, *args: Any) -> int:
        return int(parent()) + 1

    with ThreadPoolExecutor(8) as threads:
        with odoo.database("mock").lock:
            adding = [threads.submit(odoo.on_call("res.partner", "search_count"), one) for _ in range(8)]
            until(lambda: len(odoo.overrides.as_list()) == 8)
            for number in (2, 5):
                assert odoo.overrides.remove_numbered(number)
                assert not odoo.overrides.remove_numbered(number)
        for added in adding:
            added.result(HANG)
        odoo.on_call("res.partner", "search_count")(one)
    own = len(odoo.env["res.partner"].search([]))
    assert call(odoo, "res.partner", "search_count", []) == own + 7
    assert len({override["id"] for override in odoo.overrides.as_list()}) == 7


def test_a_model_that_is_defined_during_a_reset_is_gone_after_it(odoo: MockServer) -> None:
    class Machine(models.Model):
        _name = "x.machine"
        _description = "Machine"

    before = odoo.app.databases.additions
    with ThreadPoolExecutor(1) as threads:
        with odoo.database("mock").lock, odoo.database("other").lock:
            defining = threads.submit(odoo.model, Machine)
            until(lambda: odoo.app.databases.additions != before)
            odoo.reset()
        defining.result(HANG)
    assert odoo.app.databases.additions == before
    assert "x.machine" not in odoo.database("mock").registry
    assert "x.machine" not in odoo.database("other").registry
