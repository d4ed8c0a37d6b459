from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mockserver import profiles
from tests.dialects.wire import DB, LOGIN, PASSWORD, UID, Answer, Wire

PARAMS = {"db": DB, "login": LOGIN, "password": PASSWORD}
COUNT = {"model": "res.partner", "method": "search_count", "args": [[["id", "<", 0]]], "kwargs": {}}
AS_USER = ["/web/session/get_session_info", "/web/session/check", "/web/session/destroy", "/web/dataset/call_kw",
           "/web/dataset/call_kw/res.partner/search_count", "/web/dataset/call_button"]  # fmt: skip


def post(wire: Wire, path: str, params: Any = None, **extra: Any) -> Answer:
    return wire.json(path, {"id": 5, "params": {} if params is None else params}, **extra)


def error(answer: Answer) -> tuple[int, str, str]:
    assert answer.status == 200
    found = answer.json()["error"]
    return found["code"], found["data"]["name"], found["data"]["message"]


def test_a_login_tells_the_recorded_keys_and_sets_the_cookie(wire: Wire) -> None:
    answer = post(wire, "/web/session/authenticate", PARAMS)
    info = answer.json()["result"]
    assert sorted(info) == sorted(profiles.get("odoo-17.0").session_info_keys())
    assert (info["uid"], info["username"], info["db"], info["user_id"]) == (UID, LOGIN, DB, [UID])
    assert (info["is_system"], info["is_admin"], info["is_internal_user"], info["is_public"]) == (
        True,
        True,
        True,
        False,
    )
    assert (info["user_context"]["lang"], info["user_context"]["uid"]) == ("en_US", UID)
    assert (info["server_version"], info["server_version_info"]) == ("17.0", [17, 0, 0, "final", 0, ""])
    company = str(info["user_companies"]["current_company"])
    assert sorted(info["user_companies"]["allowed_companies"][company]) == [
        "child_ids", "id", "name", "parent_id", "sequence",
    ]  # fmt: skip
    cookie = answer.headers["Set-Cookie"]
    assert "Max-Age=604800" in cookie
    assert "HttpOnly" in cookie
    assert "Path=/" in cookie
    sid = cookie.partition(";")[0].removeprefix("session_id=")
    assert len(sid) == 40
    assert int(sid, 16)


@pytest.mark.parametrize(
    "params", [{**PARAMS, "password": "bad"}, {**PARAMS, "login": "Admin"}, {**PARAMS, "login": 5}]
)
def test_a_wrong_login_is_access_denied(wire: Wire, params: dict[str, Any]) -> None:
    assert error(post(wire, "/web/session/authenticate", params)) == (
        200, "odoo.exceptions.AccessDenied", "Access Denied",
    )  # fmt: skip


def test_another_database_than_the_only_one_is_not_found(wire: Wire) -> None:
    refused = (200, "odoo.exceptions.AccessError", "Database not found.")
    assert error(post(wire, "/web/session/authenticate", {**PARAMS, "db": "nodb_x"})) == refused


def test_an_unknown_database_of_several_is_the_drivers_error(wire: Wire) -> None:
    wire.app.databases.duplicate(DB, "second")
    assert error(post(wire, "/web/session/authenticate", {**PARAMS, "db": "nodb_x"}))[1] == "psycopg2.OperationalError"


def test_missing_parameters_are_named(wire: Wire) -> None:
    text = "Session.authenticate() missing 2 required positional arguments: 'login' and 'password'"
    assert error(post(wire, "/web/session/authenticate", {"db": DB})) == (200, "builtins.TypeError", text)


def test_unknown_parameters_are_dropped(wire: Wire) -> None:
    assert (
        post(wire, "/web/session/authenticate", {**PARAMS, "base_location": "x", "y": 1}).json()["result"]["uid"] == 2
    )
    wire.login()
    assert post(wire, "/web/dataset/call_kw", {**COUNT, "path": "x", "context": {}}).json()["result"] == 0


def test_a_cookie_that_is_no_utf_8_hides_no_other_one(wire: Wire) -> None:
    wire.login()
    answer = post(wire, "/web/dataset/call_kw", COUNT, HTTP_COOKIE=f"other=\xff; {wire.cookie}; last=\x80")
    assert answer.json()["result"] == 0
    assert wire.http("GET", "/web/login", HTTP_COOKIE="\x80").status == 200


@pytest.mark.parametrize("path", AS_USER)
def test_without_a_cookie_the_session_is_expired(wire: Wire, path: str) -> None:
    assert error(post(wire, path, COUNT)) == (100, "odoo.http.SessionExpiredException", "Session expired")


@pytest.mark.parametrize("path", AS_USER)
def test_with_several_databases_the_route_does_not_exist(wire: Wire, path: str) -> None:
    wire.app.databases.duplicate(DB, "second")
    answer = post(wire, path, COUNT)
    assert (answer.status, answer.media_type) == (404, "text/html")


@pytest.mark.parametrize("path", AS_USER)
def test_with_an_unknown_cookie_the_session_is_expired(wire: Wire, path: str) -> None:
    answer = post(wire, path, COUNT, HTTP_COOKIE="session_id=" + "a" * 40)
    assert error(answer) == (100, "odoo.http.SessionExpiredException", "Session expired")
    assert answer.json()["error"]["message"] == "Odoo Session Expired"
    assert answer.json()["id"] is None


def test_the_session_tells_the_same_again(wire: Wire) -> None:
    info = wire.login()
    answer = post(wire, "/web/session/get_session_info")
    assert answer.json()["result"] == info
    assert answer.headers["Set-Cookie"].startswith(wire.cookie)


def test_check_and_destroy_answer_without_result(wire: Wire) -> None:
    wire.login()
    assert post(wire, "/web/session/check").json() == {"jsonrpc": "2.0", "id": 5}
    assert post(wire, "/web/session/destroy").json() == {"jsonrpc": "2.0", "id": 5}
    assert error(post(wire, "/web/session/check"))[0] == 100


def test_a_login_ends_the_session_that_came_with_it(wire: Wire) -> None:
    wire.login()
    before = wire.cookie
    wire.login()
    assert wire.cookie != before
    assert error(post(wire, "/web/session/check", HTTP_COOKIE=before))[0] == 100


@pytest.mark.parametrize(
    "path", ["/web/dataset/call_kw", "/web/dataset/call_kw/res.partner/x", "/web/dataset/call_kw/a"]
)
def test_call_kw_takes_any_path(wire: Wire, path: str) -> None:
    wire.login()
    assert post(wire, path, COUNT).json() == {"jsonrpc": "2.0", "id": 5, "result": 0}


def test_call_kw_needs_all_four_parameters(wire: Wire) -> None:
    wire.login()
    params = {"model": "res.partner", "method": "search_count"}
    text = "DataSet.call_kw() missing 2 required positional arguments: 'args' and 'kwargs'"
    assert error(post(wire, "/web/dataset/call_kw", params)) == (200, "builtins.TypeError", text)


def test_call_button_gives_an_action_or_false(wire: Wire) -> None:
    wire.login()
    action = {"type": "ir.actions.act_window"}
    button = {"model": "res.partner", "method": "wire_echo", "kwargs": {}}
    assert post(wire, "/web/dataset/call_button", {**button, "args": [action]}).json()["result"] == action
    assert post(wire, "/web/dataset/call_button", {**button, "args": [True]}).json()["result"] is False


def test_version_and_database_list_need_no_login(wire: Wire) -> None:
    assert post(wire, "/web/webclient/version_info").json()["result"]["server_version"] == "17.0"
    assert post(wire, "/web/database/list").json()["result"] == [DB]


def test_an_unknown_route_is_an_html_404(wire: Wire) -> None:
    answer = post(wire, "/web/session/nope")
    assert (answer.status, answer.media_type) == (404, "text/html")
    assert wire.http("GET", "/web/version").status == 404


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
def test_the_root_leads_to_a_page_for_people(wire: Wire, verb: str) -> None:
    root = wire.http(verb, "/")
    assert (root.status, root.headers["Location"], root.body) == (303, "/web", b"")
    client = wire.http(verb, "/web")
    assert (client.status, client.headers["Location"]) == (303, "/web/login")
    page = wire.http(verb, "/web/login")
    assert (page.status, page.media_type) == (200, "text/html")
    assert (b"/xmlrpc/2/common" in page.body) is (verb == "GET")
    wire.login()
    assert (b"/xmlrpc/2/common" in wire.http(verb, "/web").body) is (verb == "GET")


@pytest.mark.parametrize("change", [{"password": "new"}, {"login": "chief"}, {"active": False}])
def test_a_change_of_the_user_ends_the_session(wire: Wire, change: dict[str, Any]) -> None:
    wire.login()
    store = wire.app.databases[DB].store
    with wire.app.databases[DB].transaction():
        store.put("res.users", {**store.rows("res.users")[UID], **change})
    assert error(post(wire, "/web/session/check"))[0] == 100


def test_a_session_ends_after_a_week_without_use(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.login()
    real = wire.app.clock.moment
    monkeypatch.setattr(wire.app.clock, "moment", lambda: real() + timedelta(days=6.9))
    assert "error" not in post(wire, "/web/session/check").json()
    monkeypatch.setattr(wire.app.clock, "moment", lambda: real() + timedelta(days=13.8))
    assert "error" not in post(wire, "/web/session/check").json()
    monkeypatch.setattr(wire.app.clock, "moment", lambda: real() + timedelta(days=20.9))
    assert error(post(wire, "/web/session/check"))[0] == 100


def test_a_session_on_a_dropped_database_is_expired(wire: Wire) -> None:
    wire.login()
    wire.app.databases.drop(DB)
    assert error(post(wire, "/web/session/check"))[0] == 100


def test_a_reset_ends_sessions(wire: Wire) -> None:
    start = wire.app.snapshot()
    wire.login()
    wire.app.restore(start)
    assert error(post(wire, "/web/session/check"))[0] == 100
