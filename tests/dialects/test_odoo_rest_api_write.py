"""odoo-rest-api: POST, PUT, DELETE and functions.  Source: rest-yezy §5-8, §10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.dialects.odoo_rest import Api, told
from tests.dialects.wire import DB, Wire

Wires = Callable[[str], Wire]
NEW, OLD = "odoo-17.0", "odoo-15.0"
PARTNERS = "/api/res.partner/"
INVALID = "odoo.exceptions.ValidationError"


@pytest.fixture(params=[OLD, NEW])
def api(wires: Wires, request: pytest.FixtureRequest) -> Api:
    return Api(wires(request.param))


@pytest.fixture
def env(api: Api) -> Any:
    return api.wire.app.databases[DB].env(2)


@pytest.fixture
def tags(env: Any) -> list[int]:
    """Six tags whose order by name is the reverse of that by id."""
    return list(env["res.partner.category"].create([{"name": name} for name in "fedcba"]).ids)


@pytest.fixture
def partner(api: Api) -> str:
    """The path of a contact."""
    return f"{PARTNERS}{api.result('POST', PARTNERS, data={'name': 'Anna'})}"


def tagged(api: Api, path: str) -> list[int]:
    return list(api.get(path, query="{category_id}")["category_id"])


# -- POST


def test_create_answers_the_id(api: Api) -> None:
    id_ = api.result("POST", PARTNERS, data={"name": "Anna"})
    assert type(id_) is int
    assert api.get(f"{PARTNERS}{id_}", query="{name}") == {"name": "Anna"}


def test_create_understands_commands_and_ids(api: Api, tags: list[int]) -> None:
    for value in ([[6, 0, tags[:1]]], tags[:1]):
        id_ = api.result("POST", PARTNERS, data={"name": "x", "category_id": value})
        assert tagged(api, f"{PARTNERS}{id_}") == tags[:1]
    id_ = api.result("POST", PARTNERS, data={"name": "x", "child_ids": [[0, 0, {"name": "kid"}]]})
    assert api.get(f"{PARTNERS}{id_}", query="{child_ids{name}}") == {"child_ids": [{"name": "kid"}]}


def test_the_context_of_create_counts(api: Api) -> None:
    id_ = api.result("POST", PARTNERS, data={"name": "x"}, context={"default_city": "Ctxville"})
    assert api.get(f"{PARTNERS}{id_}", query="{city}") == {"city": "Ctxville"}
    assert api.failure("POST", PARTNERS, data={"name": "x"}, context=[1])[0] == "builtins.TypeError"
    assert type(api.result("POST", PARTNERS, data={"name": "x"}, context=None)) is int


def test_what_create_refuses(api: Api, tags: list[int]) -> None:
    count = len(api.rows(PARTNERS, query="{id}"))
    missing = "`data` parameter is not found on POST request body"
    assert api.failure("POST", PARTNERS, nodata={}) == (INVALID, missing)
    assert api.json("POST", PARTNERS, {"data": {"name": "x"}}).json()["error"]["data"]["message"] == missing
    assert api.failure("POST", PARTNERS, data=None)[0] == "builtins.TypeError"
    assert api.failure("POST", PARTNERS, data={"name": "x", "nofield": 1}) == (
        "builtins.ValueError", "Invalid field 'nofield' on model 'res.partner'",
    )  # fmt: skip
    assert api.failure("POST", PARTNERS, data={"name": "x", "type": "nonsense"}) == (
        "builtins.ValueError", "Wrong value for res.partner.type: 'nonsense'",
    )  # fmt: skip
    assert api.failure("POST", PARTNERS, data={"name": "x", "category_id": {"push": tags}})[0] == "builtins.ValueError"
    assert api.failure("POST", "/api/res.country/", data={})[0] == INVALID
    assert api.failure("POST", "/api/res.country/", data={"name": "dup", "code": "BE"})[0] == INVALID
    name, text = api.failure("POST", PARTNERS, data=[{"name": "l1"}, {"name": "l2"}])
    assert name == "builtins.ValueError"
    assert text.startswith("Expected singleton: res.partner(")
    assert len(api.rows(PARTNERS, query="{id}")) == count


# -- PUT


@pytest.mark.parametrize("many", [False, True])
def test_a_write_is_true_or_false_and_nothing_else(api: Api, partner: str, many: bool) -> None:
    id_ = int(partner.rpartition("/")[2])

    def put(data: Any, **more: Any) -> Any:
        if many:
            return api.result("PUT", PARTNERS, filter=[["id", "=", id_]], data=data, **more)
        return api.result("PUT", partner, data=data, **more)

    assert put({"name": "Renamed", "country_id": 21}) is True
    assert api.get(partner, query="{name, country_id}") == {"name": "Renamed", "country_id": 21}
    assert put({"country_id": False}) is True
    assert put({}) is True
    assert put({"name": "x"}, context={"lang": "en_US"}) is True
    assert put({"nofield": "x"}) is False
    assert put({"name": "y", "type": "nonsense"}) is False
    assert put({"name": {"push": [1]}}) is True
    assert put({"name": "z", "child_ids": [[0, 0, {"name": "kid"}]]}) is False
    assert api.get(partner, query="{country_id, child_ids}") == {"country_id": False, "child_ids": []}


def test_a_write_to_nobody(api: Api) -> None:
    assert api.result("PUT", f"{PARTNERS}999999", data={"name": "x"}) is False
    for data in ({"name": "x"}, {"nofield": "x"}, {"category_id": {"push": 1}}, None):
        assert api.result("PUT", PARTNERS, filter=[["id", "=", 999999]], data=data) is True


def test_the_context_of_a_write_counts(api: Api, partner: str) -> None:
    for path, more in ((partner, {}), (PARTNERS, {"filter": [["name", "=", "Anna"]]})):
        data = {"child_ids": {"push": []}, "comment": "x"}
        assert api.result("PUT", path, data=data, context={"lang": "en_US"}, **more) is True
        assert api.failure("PUT", path, data=data, context=7, **more)[0] == "builtins.TypeError"


def test_what_a_write_needs(api: Api, partner: str) -> None:
    missing = (INVALID, "`data` parameter is not found on PUT request body")
    assert api.failure("PUT", partner) == missing
    assert api.failure("PUT", PARTNERS, filter=[]) == missing
    assert api.failure("PUT", PARTNERS, data={}) == ("builtins.KeyError", "filter")
    assert api.failure("PUT", PARTNERS, data={}, filter='[["id", "=", 1]]')[0] == "builtins.AssertionError"
    assert api.failure("PUT", PARTNERS, data={}, filter=[["nofield", "=", 1]])[0] == "builtins.ValueError"


@pytest.mark.parametrize("many", [False, True])
def test_the_recorded_chain_of_operations(api: Api, partner: str, tags: list[int], many: bool) -> None:
    one, two, three, four, five, six = tags
    id_ = int(partner.rpartition("/")[2])

    def after(value: Any) -> list[int]:
        path, more = (PARTNERS, {"filter": [["id", "=", id_]]}) if many else (partner, {})
        assert api.result("PUT", path, data={"category_id": value}, **more) is True
        return tagged(api, partner)

    assert after([one, two]) == [two, one]
    assert after({"push": [three, four]}) == [four, three, two, one]
    assert after({"pop": [one]}) == [four, three, two]
    assert after({"push": [five], "pop": [two]}) == [five, four, three]
    assert after({"push": [six], "pop": [four], "delete": [five]}) == [six, three]
    assert after({"delete": [six], "push": [one]}) == [three, one]
    assert after([]) == []
    kept = {row["id"] for row in api.rows("/api/res.partner.category", query="{id}")}
    assert kept & set(tags) == {one, two, three, four}


def test_operations_on_lines(api: Api, partner: str, env: Any) -> None:
    lines = env["res.partner"].create([{"name": name} for name in ("A", "B", "C")]).ids
    first, second, third = lines
    assert api.result("PUT", partner, data={"child_ids": {"push": lines}}) is True
    assert api.get(partner, query="{child_ids}") == {"child_ids": lines}
    assert api.result("PUT", partner, data={"child_ids": {"pop": [first], "delete": [second]}}) is True
    assert api.get(partner, query="{child_ids}") == {"child_ids": [third]}
    assert env["res.partner"].browse(lines).exists().ids == [first, third]
    assert api.result("PUT", partner, data={"child_ids": [first]}) is True
    assert api.get(partner, query="{child_ids}") == {"child_ids": [first]}


def test_operations_that_are_none(api: Api, partner: str, tags: list[int]) -> None:
    changed = ("builtins.RuntimeError", "dictionary changed size during iteration")
    for value in ({"frob": [1]}, {"push": tags[:1], "frob": [1]}):
        assert api.failure("PUT", partner, data={"category_id": value}) == changed
    assert tagged(api, partner) == []
    skipped = {"frob": [1], "push": tags[:1]}
    assert api.result("PUT", PARTNERS, filter=[["name", "=", "Anna"]], data={"category_id": skipped}) is True
    assert tagged(api, partner) == tags[:1]
    for path, more in ((partner, {}), (PARTNERS, {"filter": [["name", "=", "Anna"]]})):
        failure = api.failure("PUT", path, data={"category_id": {"push": 1}}, **more)
        assert failure == ("builtins.TypeError", "'int' object is not iterable")
        name, text = api.failure("PUT", path, data={"category_id": {"push": [999999]}}, **more)
        assert name == "psycopg2.errors.InFailedSqlTransaction"
        assert text.startswith("current transaction is aborted")
        assert api.result("PUT", path, data={"category_id": [[4, tags[1]]]}, **more) is False
    assert tagged(api, partner) == tags[:1]


# -- DELETE


def test_delete_one(api: Api, partner: str) -> None:
    answer = api.plain("DELETE", partner)
    assert (answer.status, answer.body) == (200, b'{"result": true}')
    kind, text = told(api.plain("DELETE", f"{partner}/").json())
    id_ = partner.rpartition("/")[2]
    assert kind == "MissingError"
    assert text == f"Record does not exist or has been deleted.\n(Record: res.partner({id_},), User: 2)"


def test_deletes_that_are_refused(api: Api) -> None:
    kind, text = told(api.plain("DELETE", "/api/res.users/1").json())
    assert (kind, text[:35]) == ("UserError", "You can not remove the admin user a")
    state = api.rows("/api/res.country.state", query="{id, country_id}", limit=1)[0]
    answer = api.plain("DELETE", f"/api/res.country/{state['country_id']}")
    kind, text = told(answer.json())
    assert kind == "ForeignKeyViolation"
    assert text.startswith('update or delete on table "res_country" violates foreign key constraint')
    answer = api.plain("DELETE", f"{PARTNERS}1/")
    assert (answer.status, answer.media_type) == (500, "text/html")


def test_delete_many(api: Api) -> None:
    for name in ("d1", "d2"):
        api.result("POST", PARTNERS, data={"name": name})
    for name in ("d1", "zzzz"):
        answer = api.plain("DELETE", PARTNERS, filter=f'[["name", "=", "{name}"]]')
        assert (answer.status, answer.json()) == (200, {"result": True})
    form = "application/x-www-form-urlencoded"
    answer = api.wire.http("DELETE", PARTNERS, "filter=%5B%5B%22name%22%2C%22%3D%22%2C%22d2%22%5D%5D", form)
    assert answer.json() == {"result": True}
    assert api.rows(PARTNERS, query="{id}", filter='[["name", "in", ["d1", "d2"]]]') == []


@pytest.mark.parametrize("model", ["res.partner", "no.such.model"])
def test_the_filter_of_a_delete_is_read_first(api: Api, model: str) -> None:
    for params in ({}, {"filter": ""}, {"filter": "[('id','=',1)]"}):
        answer = api.plain("DELETE", f"/api/{model}/", **params)
        assert (answer.status, answer.media_type) == (500, "text/html")


# -- functions


def test_functions_of_a_model(api: Api) -> None:
    assert api.result("POST", "/object/res.partner/search_count", args=[[["id", "in", [1, 3]]]]) == 2
    assert api.result("POST", "/object/res.partner/search", args=[[["id", "in", [1]]]]) == "res.partner(1,)"
    two = api.result("POST", "/object/res.partner/search", args=[[["id", "in", [1, 3]]]], kwargs={"order": "id"})
    assert two == "res.partner(1, 3)"
    [row] = api.result("POST", "/object/res.partner/search_read", args=[[["id", "=", 1]], ["name", "create_date"]])
    assert set(row) == {"id", "name", "create_date"}
    assert (row["create_date"][10], row["create_date"][13]) == (" ", ":")
    name = api.get(f"{PARTNERS}1", query="{name}")["name"]
    found = api.result("POST", "/object/res.partner/name_search", kwargs={"name": name, "limit": 1})
    assert found == [[1, name]]
    assert api.result("POST", "/object/res.partner/create", args=[{"name": "x"}]).startswith("res.partner(")


def test_functions_of_a_record(api: Api, partner: str) -> None:
    path = partner.replace("/api/", "/object/")
    id_ = int(partner.rpartition("/")[2])
    assert api.result("POST", f"{path}/name_get") == [[id_, "Anna"]]
    assert api.result("POST", f"{path}/read", args=[["name"]]) == [{"id": id_, "name": "Anna"}]
    assert api.result("POST", f"{path}/write", args=[{"name": "Berta"}]) is True
    assert api.get(partner, query="{name}") == {"name": "Berta"}
    assert api.result("POST", f"{path}/copy").startswith("res.partner(")
    assert api.result("POST", f"{path}/exists/") == f"res.partner({id_},)"


def test_functions_are_not_hidden_from_anybody(wires: Wires) -> None:
    api = Api(wires("odoo-19.0"))
    over_rpc = {"model": "res.partner", "method": "exists", "args": [[1]], "kwargs": {}}
    assert "error" in api.wire.json("/web/dataset/call_kw", {"params": over_rpc}).json()
    assert api.result("POST", "/object/res.partner/1/exists") == "res.partner(1,)"


def test_functions_that_fail(api: Api) -> None:
    for name in ("nofunction", "_get_default_color", "__class__"):
        failure = api.failure("POST", f"/object/res.partner/{name}")
        assert failure == ("builtins.AttributeError", f"'res.partner' object has no attribute '{name}'")
    name, text = api.failure("POST", "/object/res.partner/search")
    assert name == "builtins.TypeError"
    assert "search() missing 1 required positional argument" in text
    assert api.failure("POST", "/object/res.partner/999999/name_get")[0] == "odoo.exceptions.MissingError"
    wrong: list[Any] = [[], [1], "x", {"context": {}}]
    for kwargs in wrong:
        name, _ = api.failure("POST", "/object/res.partner/search_count", args=[[]], kwargs=kwargs)
        assert name == "builtins.TypeError"
    assert api.failure("POST", "/object/res.partner/search_count", args=1)[0] == "builtins.TypeError"


def test_a_function_that_answers_nothing_has_no_result(wires: Wires) -> None:
    envelope = Api(wires(NEW)).sent("POST", "/object/res.partner/1/fetch", args=[["name"]])
    assert envelope == {"jsonrpc": "2.0", "id": None}


def test_context_beside_a_function_is_ignored(api: Api) -> None:
    count = api.result("POST", "/object/res.users/search_count", args=[[]])
    context = {"active_test": False}
    assert api.result("POST", "/object/res.users/search_count", args=[[]], context=context) == count
