"""odoo-rest-api: what its routes have in common, and the login.  Source: rest-yezy §1, §2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.server.app import create_app
from tests.dialects.odoo_rest import Api, failed, told
from tests.dialects.wire import DB, JSON, LOGIN, PASSWORD, Wire

Wires = Callable[[str], Wire]
NEW, OLD = "odoo-17.0", "odoo-15.0"
FORM = "application/x-www-form-urlencoded"
CREDENTIALS = {"login": LOGIN, "password": PASSWORD, "db": DB}
NO_MODEL = "The model `no.such.model` does not exist."
# every route of the JSON kind, with parameters that would do
JSON_ROUTES = [
    ("POST", "/api/res.partner/", {"data": {"name": "x"}}),
    ("PUT", "/api/res.partner/", {"filter": [], "data": {}}),
    ("PUT", "/api/res.partner/1/", {"data": {"name": "x"}}),
    ("POST", "/object/res.partner/search_count", {"args": [[]]}),
    ("POST", "/object/res.partner/1/name_get", {}),
]
PLAIN_ROUTES = [
    ("GET", "/api/res.partner/"),
    ("GET", "/api/res.partner/1"),
    ("GET", "/api/res.partner/1/image_128"),
    ("DELETE", "/api/res.partner/1/"),
    ("DELETE", "/api/res.partner/"),
]


# -- the login


@pytest.mark.parametrize("profile", ["odoo-12.0", OLD, NEW, "odoo-18.0", "odoo-19.0"])
@pytest.mark.parametrize("path", ["/auth", "/auth/"])
def test_a_login_tells_the_session_and_gives_the_cookie(wires: Wires, profile: str, path: str) -> None:
    answer = wires(profile).json(path, {"id": 7, "params": CREDENTIALS})
    envelope = answer.json()
    assert (answer.status, envelope["jsonrpc"], envelope["id"]) == (200, "2.0", 7)
    assert envelope["result"]["username"] == LOGIN
    assert envelope["result"]["db"] == DB
    assert envelope["result"]["user_context"]["uid"] == envelope["result"]["uid"] == 2
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("session_id=")
    assert "HttpOnly" in cookie
    assert "Path=/" in cookie


def test_a_session_of_the_add_on_is_one_of_the_web_client(wires: Wires) -> None:
    api = Api(wires(NEW))
    assert api.wire.json("/web/session/get_session_info", {"params": {}}).json()["result"]["uid"] == 2
    assert api.wire.json("/web/session/destroy", {"params": {}}).json() == {"jsonrpc": "2.0", "id": None}
    assert api.status("/api/res.partner/1", query="{id}") == 303


@pytest.mark.parametrize("profile", [OLD, NEW])
def test_the_three_parameters_of_a_login_are_missed_in_their_order(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    given: dict[str, str] = {}
    for name in ("login", "password", "db"):
        denied = failed(wire.json("/auth/", {"params": given}).json())
        assert denied == ("odoo.exceptions.AccessDenied", f"`{name}` is required.")
        given[name] = CREDENTIALS[name]
    unwrapped = failed(wire.json("/auth/", CREDENTIALS).json())
    assert unwrapped == ("odoo.exceptions.AccessDenied", "`login` is required.")


def test_a_wrong_password_is_denied_with_status_200(wires: Wires) -> None:
    answer = wires(NEW).json("/auth/", {"params": {**CREDENTIALS, "password": "nope"}})
    assert answer.status == 200
    assert failed(answer.json()) == ("odoo.exceptions.AccessDenied", "Access Denied")
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_database_is_the_error_of_its_driver(wires: Wires) -> None:
    name, text = failed(wires(NEW).json("/auth/", {"params": {**CREDENTIALS, "db": "nosuchdb"}}).json())
    assert name == "psycopg2.OperationalError"
    assert 'FATAL:  database "nosuchdb" does not exist' in text


def test_credentials_of_any_kind_are_refused_and_not_tripped_over(wires: Wires) -> None:
    wrong: list[Any] = [None, [], {}, 7, True, "x" * 10_000]
    for value in wrong:
        for name in CREDENTIALS:
            answer = wires(NEW).json("/auth/", {"params": {**CREDENTIALS, name: value}})
            assert answer.status == 200
            assert "error" in answer.json()


# -- sessions


@pytest.mark.parametrize("profile", [OLD, NEW])
@pytest.mark.parametrize(("verb", "path", "params"), JSON_ROUTES)
def test_json_without_a_session_is_expired(
    wires: Wires, profile: str, verb: str, path: str, params: dict[str, Any]
) -> None:
    api = Api(wires(profile), login="")
    for cookie in ("", "session_id=0123456789"):
        api.wire.cookie = cookie
        envelope = api.sent(verb, path, **params)
        assert envelope["error"]["code"] == 100
        assert failed(envelope) == ("odoo.http.SessionExpiredException", "Session expired")


@pytest.mark.parametrize(("verb", "path"), PLAIN_ROUTES)
def test_plain_requests_without_a_session_are_sent_to_the_login(wires: Wires, verb: str, path: str) -> None:
    api = Api(wires(NEW), login="")
    for cookie in ("", "session_id=0123456789"):
        api.wire.cookie = cookie
        answer = api.plain(verb, path)
        assert answer.status == 303
        assert answer.headers["Location"] == "/web/login?redirect=" + path.replace("/", "%2F") + "%3F"
        assert b"Redirecting..." in answer.body


def test_the_way_back_has_the_query_string_as_it_was_sent(wires: Wires) -> None:
    answer = Api(wires(NEW), login="").plain("GET", "/api/res.partner/", query="{id, name}")
    back = "%2Fapi%2Fres.partner%2F%3Fquery%3D%257Bid%252C%2Bname%257D"
    assert answer.headers["Location"] == f"/web/login?redirect={back}"


def test_older_servers_lead_back_to_the_whole_url(wires: Wires) -> None:
    answer = Api(wires(OLD), login="").plain("GET", "/api/res.partner/1")
    assert answer.status == 303
    assert answer.headers["Location"].endswith("?redirect=http%3A%2F%2F127.0.0.1%3A8069%2Fapi%2Fres.partner%2F1")


@pytest.mark.parametrize(("profile", "status"), [(OLD, 200), (NEW, 303)])
def test_the_session_id_comes_by_header_or_query_in_older_servers(wires: Wires, profile: str, status: int) -> None:
    api = Api(wires(profile))
    sid, api.wire.cookie = api.wire.cookie.partition("=")[2], ""
    path = "/api/res.partner/1"
    assert api.status(path, query="{id}", session_id=sid) == status
    answer = api.wire.http("GET", path, QUERY_STRING="query={id}", HTTP_X_OPENERP_SESSION_ID=sid)
    assert answer.status == status


# -- content types


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", "application/json-rpc"])
def test_json_may_be_called_by_its_other_names(wires: Wires, content_type: str) -> None:
    answer = Api(wires(NEW)).json("POST", "/api/res.partner/", {"params": {"data": {"name": "x"}}}, content_type)
    assert type(answer.json()["result"]) is int
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(("verb", "path", "params"), JSON_ROUTES)
def test_a_form_is_refused_where_json_belongs(wires: Wires, verb: str, path: str, params: dict[str, Any]) -> None:
    for api in (Api(wires(NEW)), Api(wires(NEW), login="")):
        answer = api.json(verb, path, "name=x", FORM)
        assert answer.status == 400
        assert answer.media_type == "text/html"
        text = answer.body.decode().replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
        assert "Request inferred type is compatible with ['http'] but '/" in text
        assert "<string:model>/" in text
        assert "is type='json'" in text
    assert Api(wires(OLD)).json(verb, path, "name=x", FORM).status == 400


def test_what_is_no_json_is_refused_as_text(wires: Wires) -> None:
    for body in ("{bad", ""):
        answer = Api(wires(NEW)).json("POST", "/api/res.partner/", body)
        assert (answer.status, answer.body, answer.media_type) == (400, b"Invalid JSON data", "text/html")
        old = Api(wires(OLD)).json("POST", "/api/res.partner/", body)
        assert old.status == 400
        assert b"Invalid JSON data: " in old.body


def test_json_that_is_no_object_is_refused(wires: Wires) -> None:
    api, old = Api(wires(NEW)), Api(wires(OLD))
    assert (api.json("POST", "/api/res.partner/", [1, 2]).status, old.json("POST", "/auth/", [1]).status) == (400, 500)
    name, _ = failed(api.json("POST", "/api/res.partner/", {"params": [1]}).json())
    assert name == "builtins.TypeError"
    assert old.json("POST", "/api/res.partner/", {"params": [1]}).status == 500


@pytest.mark.parametrize(("verb", "path"), PLAIN_ROUTES)
def test_json_on_plain_routes_is_refused_by_older_servers(wires: Wires, verb: str, path: str) -> None:
    api = Api(wires(OLD))
    empty = api.json(verb, path, "")
    assert (empty.status, empty.media_type) == (400, "text/html")
    assert b"Invalid JSON data: &#39;&#39;" in empty.body
    answer = api.json(verb, path, "{}")
    assert answer.status == 200
    assert answer.json()["error"]["data"]["name"] == "werkzeug.exceptions.BadRequest"
    api.wire.cookie = ""
    assert api.json(verb, path, "{}").json()["error"]["code"] == 100


def test_json_on_plain_routes_is_passed_over_by_newer_servers(wires: Wires) -> None:
    api = Api(wires(NEW))
    for body in ("", "{}"):
        answer = api.wire.http("GET", "/api/res.partner/1", body, JSON, QUERY_STRING="query={id}")
        assert answer.json() == {"id": 1}


# -- bodies


@pytest.mark.parametrize(("profile", "content_type"), [(OLD, JSON), (NEW, f"{JSON}; charset=utf-8")])
def test_the_two_kinds_of_success(wires: Wires, profile: str, content_type: str) -> None:
    api = Api(wires(profile))
    created = api.json("POST", "/api/res.partner/", {"id": "a", "params": {"data": {"name": "Böll"}}})
    assert created.headers["Content-Type"] == content_type
    assert created.body == b'{"jsonrpc": "2.0", "id": "a", "result": %d}' % created.json()["result"]
    read = api.plain("GET", f"/api/res.partner/{created.json()['result']}", query="{name}")
    assert read.headers["Content-Type"] == JSON
    assert read.body == b'{"name": "B\\u00f6ll"}'


def test_the_query_string_is_not_read_with_json(wires: Wires) -> None:
    api = Api(wires(NEW))
    answer = api.wire.http("POST", "/api/res.partner/", '{"params": {}}', JSON, QUERY_STRING="data={}")
    assert "`data` parameter is not found" in failed(answer.json())[1]


# -- paths and verbs


@pytest.mark.parametrize(("verb", "path", "params"), JSON_ROUTES)
def test_slashes_at_the_end_do_not_matter(wires: Wires, verb: str, path: str, params: dict[str, Any]) -> None:
    api = Api(wires(NEW))
    for form in (path.rstrip("/"), path.rstrip("/") + "/"):
        assert "error" not in api.sent(verb, form, **params)


@pytest.mark.parametrize("path", ["/api/res.partner/abc", "/api/res.partner/1.5", "/api/res.partner/abc/image_128"])
@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
def test_an_id_that_is_no_number_is_no_path(wires: Wires, path: str, verb: str) -> None:
    answer = Api(wires(NEW)).json(verb, path, "{}")
    assert (answer.status, answer.media_type) == (404, "text/html")


def test_paths_that_the_add_on_does_not_have(wires: Wires) -> None:
    api = Api(wires(NEW))
    for path in ("/api", "/api/", "/object/res.partner", "/api/res.partner/1/name/x", "/object/m/1/f/x"):
        assert api.plain("GET", path).status == 404
    assert api.plain("GET", f"/api/res.partner/{'9' * 5000}").status == 404


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("GET", "/auth/", {"POST", "OPTIONS"}),
        ("PATCH", "/api/res.partner/", {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}),
        ("POST", "/api/res.partner/1/", {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}),
        ("PUT", "/api/res.partner/1/image_128", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/object/res.partner/search", {"POST", "OPTIONS"}),
        ("GET", "/object/res.partner/1/read", {"POST", "OPTIONS"}),
    ],
)
def test_a_wrong_verb_is_told_the_right_ones(wires: Wires, verb: str, path: str, allowed: set[str]) -> None:
    for api in (Api(wires(NEW)), Api(wires(NEW), login="")):
        answer = api.json(verb, path, "{}")
        assert (answer.status, answer.media_type) == (405, "text/html")
        assert set(answer.headers["Allow"].split(", ")) == allowed


def test_options_is_sent_to_the_login_and_there_is_no_cors(wires: Wires) -> None:
    answer = Api(wires(NEW), login="").plain("OPTIONS", "/api/res.partner/")
    assert answer.status == 303
    assert not any(name.startswith("Access-Control") for name in answer.headers)
    assert Api(wires(NEW)).plain("OPTIONS", "/api/res.partner/").status == 200
    assert Api(wires(OLD), login="").plain("OPTIONS", "/api/res.partner/").status == 405


def test_head_follows_get(wires: Wires) -> None:
    answer = Api(wires(NEW)).plain("HEAD", "/api/res.partner/", query="{id}", limit=1)
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, b"", JSON)
    assert int(answer.headers["Content-Length"]) > 20


# -- models and rights


@pytest.mark.parametrize("profile", [OLD, NEW])
def test_an_unknown_model_by_each_route(wires: Wires, profile: str) -> None:
    api = Api(wires(profile))
    for verb, path in (
        ("GET", ""), ("GET", "/1"), ("GET", "/1/x"), ("DELETE", "/1"), ("DELETE", "/?filter"),
    ):  # fmt: skip
        params = {"filter": "[]"} if path == "/?filter" else {}
        answer = api.plain(verb, "/api/no.such.model" + path.partition("?")[0], **params)
        assert answer.status == 200
        assert told(answer.json()) == ("KeyError", NO_MODEL)
        assert answer.json()["error"]["data"]["name"] == "'no.such.model'"
        assert answer.json()["error"]["data"]["arguments"] == ["no.such.model"]
    for verb, path in (("POST", "/"), ("PUT", "/"), ("PUT", "/1")):
        failure = api.failure(verb, "/api/no.such.model" + path, data={}, filter=[])
        assert failure == ("odoo.exceptions.ValidationError", NO_MODEL)
    for path in ("search", "1/read"):
        failure = api.failure("POST", f"/object/no.such.model/{path}")
        assert failure == ("builtins.KeyError", "no.such.model")


@pytest.mark.parametrize(("profile", "status"), [(OLD, 500), (NEW, 403)])
def test_what_access_rights_refuse(wires: Wires, profile: str, status: int) -> None:
    api = Api(wires(profile), "demo", "demo")
    for path in ("/api/ir.config_parameter/", "/api/ir.config_parameter/1"):
        answer = api.plain("GET", path, query="{key}")
        assert (answer.status, answer.media_type) == (status, "text/html")
        assert (b"System Parameter" in answer.body) is (status == 403)
    name, _ = api.failure("POST", "/api/res.users/", data={"name": "x", "login": "xx"})
    assert name == "odoo.exceptions.AccessError"
    assert api.result("PUT", "/api/res.users/2/", data={"login": "x"}) is False
    assert api.result("PUT", "/api/res.groups/", filter=[["id", "=", 1]], data={"name": "x"}) is False
    kind, text = told(api.plain("DELETE", "/api/res.users/2/").json())
    assert kind == "AccessError"
    assert "(res.users)" in text
    name, _ = api.failure("POST", "/object/ir.config_parameter/search", args=[[]])
    assert name == "odoo.exceptions.AccessError"


def test_the_add_on_is_there_under_its_own_prefix_too() -> None:
    wire = Wire(create_app(demo=True, rest="odoo_rest_api", profile="odoo-17.0"))
    answer = wire.json("/odoo_rest_api/auth/", {"params": CREDENTIALS})
    wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert wire.http("GET", "/odoo_rest_api/api/res.partner/1", QUERY_STRING="query={id}").json() == {"id": 1}


def test_an_exchange_tells_the_call(wires: Wires) -> None:
    api, seen = Api(wires(NEW)), []
    api.wire.app.observe(lambda exchange: seen.append((exchange.dialect, exchange.target, exchange.outcome)))
    api.rows("/api/res.partner/", query="{id}")
    api.get("/api/res.partner/1", query="{name}")
    api.result("POST", "/api/res.partner", data={"name": "x"})
    api.result("PUT", "/api/res.partner", filter=[["name", "=", "x"]], data={"name": "y"})
    api.plain("DELETE", "/api/res.partner", filter='[["name", "=", "y"]]')
    api.result("POST", "/object/res.partner/search_count", args=[[]])
    assert [target for _, target, _ in seen] == [
        f"res.partner.{name}" for name in ("search", "read", "create", "write", "unlink", "search_count")
    ]
    assert {(dialect, outcome) for dialect, _, outcome in seen} == {("odoo_rest_api", "ok")}
