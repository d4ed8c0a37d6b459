"""muk_rest: every route, what refuses a call, tokens, and where parameters may stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockserver.clock import Clock
from mockserver.server.app import create_app
from tests.dialects.muk import FORM, Muk
from tests.dialects.wire import DB, JSON, Answer, Wire

ERROR_TYPE = "application/json;charset=utf-8"
TOKEN_ROUTES = [
    ("GET", "life"), ("POST", "refresh"), ("POST", "close"), ("GET", "search"), ("GET", "read"), ("POST", "create"),
    ("PUT", "write"), ("DELETE", "unlink"), ("POST", "call"), ("GET", "report"),
]  # fmt: skip
ANY_VERB = ["database/list", "life", "search", "read"]
ONE_VERB = {
    "change_master_password": "POST", "database/create": "POST", "database/duplicate": "POST", "database/drop": "POST",
    "database/backup": "POST", "database/restore": "POST", "authenticate": "POST", "refresh": "POST", "close": "POST",
    "create": "POST", "write": "PUT", "unlink": "DELETE", "call": "POST",
}  # fmt: skip
# what satisfies the parameters that a route must have
NEEDED: dict[str, Any] = {"ids": [1], "method": "name_get", "report": "base.x"}


@pytest.fixture
def muk(wires: Callable[[str], Wire]) -> Iterator[Muk]:
    wire = wires("odoo-11.0")
    # between two seconds, as a clock mostly is: of an hour, 3599 whole ones are left
    with wire.app.clock.freeze("2024-05-06 07:08:09.500000"):
        yield Muk(wire).login()


@pytest.fixture
def clock(muk: Muk) -> Iterator[Clock]:
    """The server's clock, which stands still."""
    with muk.wire.app.clock.freeze("2024-05-06 07:08:09") as clock:
        yield clock


def refused(answer: Answer) -> tuple[int, str]:
    """Status and word of an error, whose form is checked."""
    assert answer.headers["Content-Type"] == ERROR_TYPE
    assert "Set-Cookie" not in answer.headers
    body = answer.json()
    assert answer.body.decode() == json.dumps(body, indent=4)
    assert list(body) == ["error"]
    return answer.status, body["error"]


# -- the form of an answer


def test_the_version_is_told_to_anybody(wires: Callable[[str], Wire]) -> None:
    answer = wires("odoo-11.0").http("GET", "/api")
    assert answer.status == 200
    assert answer.json() == {
        "api_version": 1,
        "server_serie": "11.0",
        "server_version": "11.0",
        "server_version_info": [11, 0, 0, "final", 0, ""],
    }


def test_a_value_is_sorted_indented_escaped_json_with_a_session_cookie(muk: Muk) -> None:
    muk.value("POST", "/api/create", values={"name": "Größe ✓", "zip": "1"})
    answer = muk("GET", "/api/read", domain=[["zip", "=", "1"]], fields=["zip", "name"])
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    id_ = answer.json()[0]["id"]
    assert answer.body.decode() == (
        f'[\n    {{\n        "id": {id_},\n        "name": "Gr\\u00f6\\u00dfe \\u2713",\n        "zip": "1"\n    }}\n]'
    )
    assert answer.headers["Set-Cookie"].startswith("session_id=")
    assert answer.headers["Set-Cookie"].endswith("HttpOnly; Path=/")


def test_no_cookie_goes_back_when_the_session_came_in_the_query(muk: Muk) -> None:
    assert "Set-Cookie" not in muk("GET", "/api/life", session_id="a" * 40).headers


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_the_version_wants_a_csrf_token_of_a_verb_that_changes(muk: Muk, verb: str) -> None:
    answer = muk.send(verb, "/api")
    assert (answer.status, answer.media_type) == (400, "text/html")
    assert b"Session expired (invalid CSRF token)" in answer.body


# -- paths and verbs


@pytest.mark.parametrize(
    "path",
    ["/api/nothing", "/api/nothing/here/at/all", "/api/create/res.partner", "/api/search/res.partner/abc",
     "/api/read/res.partner/1/2/3/4", "/api/database", "/api/authenticate/x"],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_path_that_there_is_not_is_an_unknown_command(muk: Muk, verb: str, path: str) -> None:
    assert refused(muk(verb, path)) == (404, "unknown_command")


@pytest.mark.parametrize("route", ONE_VERB)
@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_verb_than_the_routes_own_is_an_unknown_command(muk: Muk, route: str, verb: str) -> None:
    answer = muk.send(verb, f"/api/{route}")
    if verb == ONE_VERB[route]:
        assert answer.status == 400
    else:
        assert refused(answer) == (404, "unknown_command")


@pytest.mark.parametrize("route", ANY_VERB)
@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_other_routes_take_every_verb(muk: Muk, route: str, verb: str) -> None:
    assert muk(verb, f"/api/{route}", count="1").status == 200


@pytest.mark.parametrize("path", ["/api/", "/api/life/", "/api/search/res.partner/1/", "/muk_rest/api/life"])
def test_a_slash_at_the_end_and_the_prefix_of_its_own_change_nothing(muk: Muk, path: str) -> None:
    assert muk("GET", path).status == 200


def test_a_double_slash_leads_to_the_single_one(muk: Muk) -> None:
    answer = muk("GET", "/api//life")
    assert answer.status in (301, 308)
    assert "/api/life" in answer.headers["Location"]
    assert "muk_rest" not in answer.headers["Location"]


# -- where parameters stand


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_a_form_is_read_whatever_the_verb(muk: Muk, verb: str) -> None:
    answer = muk.wire.http(verb, "/api/life", f"token={muk.token}", FORM)
    assert answer.status == 200


def test_a_form_wins_over_the_query_and_a_first_value_over_a_second(muk: Muk) -> None:
    def read(query: str, body: str) -> list[int]:
        answer = muk.wire.http("POST", "/api/read", f"{body}&token={muk.token}", FORM, QUERY_STRING=query)
        return [record["id"] for record in answer.json()]

    assert read("id=1", "") == [1]
    assert read("id=1", "id=3") == [3]
    assert read("id=1&id=3", "") == [1]
    assert read("", "id=3&id=1") == [3]


def test_a_multipart_form_is_a_form(muk: Muk) -> None:
    part = f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{muk.token}\r\n--b--\r\n'
    assert muk.wire.http("POST", "/api/refresh", part, "multipart/form-data; boundary=b").status == 200


@pytest.mark.parametrize("content_type", ["", "text/plain"])
def test_a_body_of_another_type_is_not_looked_at(muk: Muk, content_type: str) -> None:
    answer = muk.wire.http("POST", "/api/refresh", f"token={muk.token}", content_type)
    assert refused(answer) == (400, "arguments_missing ['token']")


def test_headers_are_no_parameters(muk: Muk) -> None:
    answer = muk.send("GET", "/api/life", HTTP_TOKEN=muk.token, HTTP_AUTHORIZATION=f"Bearer {muk.token}")
    assert refused(answer) == (400, "arguments_missing ['token']")


@pytest.mark.parametrize("body", ["[1]", "5", '"text"', '{"params": 5}'])
def test_json_that_is_no_call_breaks_the_framework_down(muk: Muk, body: str) -> None:
    answer = muk.wire.http("POST", "/api/search", body, JSON)
    assert (answer.status, answer.media_type) == (500, "text/html")


def test_json_of_any_depth_is_refused_as_other_json(muk: Muk) -> None:
    answer = muk.wire.http("POST", "/api/search", "[" * 100_000, JSON)
    assert answer.status == 200
    assert answer.json()["error"]["data"]["message"] == "400: Bad Request"


@pytest.mark.parametrize("content_type", [JSON, "application/json-rpc", "application/json; charset=utf-8"])
@pytest.mark.parametrize("path", ["/api", "/api/authenticate", "/api/search", "/api/nothing"])
def test_json_is_answered_as_json_rpc_that_this_is_no_route_for_it(muk: Muk, path: str, content_type: str) -> None:
    answer = muk.wire.http("POST", path, '{"id": 5, "params": {}}', content_type)
    assert (answer.status, answer.media_type) == (200, JSON)
    text = "400: Bad Request"
    debug = answer.json()["error"]["data"].pop("debug")
    assert answer.json() | {"error": None} == {"jsonrpc": "2.0", "id": 5, "error": None}
    assert debug.endswith(f"werkzeug.exceptions.BadRequest: {text}\n")
    told = answer.json()["error"]
    assert (told["code"], told["message"]) == (200, "Odoo Server Error")
    assert told["data"] == {
        "name": "werkzeug.exceptions.BadRequest", "debug": debug, "message": text, "arguments": [],
        "exception_type": "internal_error",
    }  # fmt: skip


@pytest.mark.parametrize(("verb", "body"), [("POST", "{"), ("GET", "")])
def test_json_that_is_none_is_a_bad_request(muk: Muk, verb: str, body: str) -> None:
    answer = muk.wire.http(verb, "/api/life", body, JSON)
    assert (answer.status, answer.media_type) == (400, "text/html")
    assert b"Invalid JSON data: &#39;" + body.encode() in answer.body


# -- required parameters, then the database, then the token


@pytest.mark.parametrize("empty", [{}, {"token": ""}], ids=["absent", "empty"])
@pytest.mark.parametrize(
    ("verb", "route", "missing"),
    [
        ("GET", "life", ["token"]), ("POST", "refresh", ["token"]), ("POST", "close", ["token"]),
        ("GET", "search", ["token"]), ("GET", "search/res.partner/1", ["token"]), ("GET", "read", ["token"]),
        ("POST", "create", ["token"]), ("PUT", "write", ["ids", "token"]), ("DELETE", "unlink", ["ids", "token"]),
        ("POST", "call", ["method", "token"]), ("GET", "report", ["report", "ids", "token"]),
        ("GET", "report/res.partner/base.x", ["ids", "token"]), ("POST", "authenticate", ["db", "login", "password"]),
        ("POST", "change_master_password", ["password_new"]),
        ("POST", "database/create", ["database_name", "admin_login", "admin_password"]),
        ("POST", "database/duplicate", ["database_old", "database_new"]), ("POST", "database/drop", ["database_name"]),
        ("POST", "database/backup", ["database_name"]),
        ("POST", "database/restore", ["backup_file", "database_name"]),
    ],
)  # fmt: skip
def test_missing_parameters_are_listed(
    muk: Muk, verb: str, route: str, missing: list[str], empty: dict[str, str]
) -> None:
    assert refused(muk.send(verb, f"/api/{route}", empty)) == (400, f"arguments_missing {missing}")


@pytest.mark.parametrize(("verb", "route"), [*TOKEN_ROUTES, ("GET", "binary")])
def test_a_database_that_there_is_not_is_refused_before_the_token(muk: Muk, verb: str, route: str) -> None:
    sent = {**NEEDED, "token": "wrong", "db": "nowhere"}
    assert refused(muk.send(verb, f"/api/{route}", sent)) == (404, "invalid_db")


@pytest.mark.parametrize(("verb", "route"), [*TOKEN_ROUTES, ("GET", "binary")])
def test_an_unknown_token_is_refused_before_the_work(muk: Muk, verb: str, route: str) -> None:
    sent = {**NEEDED, "token": "wrong", "domain": "no json", "values": "no json"}
    assert refused(muk.send(verb, f"/api/{route}", sent)) == (403, "token_invalid")


def test_binary_without_a_token_is_forbidden(muk: Muk) -> None:
    assert refused(muk.send("GET", "/api/binary")) == (403, "token_invalid")


def test_with_several_databases_the_parameter_or_the_session_says_which(muk: Muk) -> None:
    databases = muk.wire.app.databases
    databases.add(databases[DB].clone("other"))
    assert refused(muk("GET", "/api/life")) == (404, "invalid_db")
    assert muk.value("GET", "/api/life", db=DB) == 3599
    assert muk.value("GET", "/api/life", db="other") == 3599, "a copy has the tokens of the original"
    muk.wire.cookie = f"session_id={muk.wire.app.sessions.open(DB, 'admin', 'admin').sid}"
    assert muk.value("GET", "/api/life") == 3599


def test_a_database_without_the_add_on_is_invalid(muk: Muk) -> None:
    database = muk.wire.app.databases[DB]
    database.registry = database.registry.evolve(without=["muk_rest.token"])
    assert refused(muk("GET", "/api/life")) == (404, "invalid_db")


# -- logging in


def test_a_login_gives_a_token_and_a_session(muk: Muk) -> None:
    answer = muk.send("POST", "/api/authenticate", {"db": DB, "login": "admin", "password": "admin"})
    assert answer.status == 200
    assert list(answer.json()) == ["token"]
    token = answer.json()["token"]
    assert len(token) == 86
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    sid = answer.headers["Set-Cookie"].partition(";")[0].removeprefix("session_id=")
    session = muk.wire.app.sessions.get(sid)
    assert session is not None
    assert session.uid == muk.wire.uid


@pytest.mark.parametrize("wrong", [{"login": "nobody"}, {"password": "wrong"}])
def test_a_wrong_login_is_refused(muk: Muk, wrong: dict[str, str]) -> None:
    sent = {"db": DB, "login": "admin", "password": "admin", **wrong}
    assert refused(muk.send("POST", "/api/authenticate", sent)) == (401, "invalid_login")


def test_a_login_to_no_database_is_refused(muk: Muk) -> None:
    sent = {"db": "nowhere", "login": "admin", "password": "admin"}
    assert refused(muk.send("POST", "/api/authenticate", sent)) == (404, "invalid_db")


# -- tokens


def test_tokens_of_one_user_live_side_by_side_and_one_is_closed_alone(muk: Muk) -> None:
    first = muk.token
    second = muk.login().token
    assert first != second
    assert muk.send("POST", "/api/close", {"token": first}).json() is True
    assert refused(muk.send("GET", "/api/life", {"token": first})) == (403, "token_invalid")
    assert muk.send("GET", "/api/life", {"token": second}).status == 200


def test_a_token_ends_an_hour_after_its_making_or_its_last_refresh(muk: Muk, clock: Clock) -> None:
    muk.login()
    assert muk.value("GET", "/api/life") == 3600
    clock.tick(41)
    assert muk.value("GET", "/api/life") == 3559, "using it does not make it live longer"
    clock.tick(0.5)
    assert muk.value("GET", "/api/life") == 3558
    assert muk.value("POST", "/api/refresh") is True
    assert muk.value("GET", "/api/life") == 3599, "it is as a fresh one, the rest is not added"
    clock.tick(3600)
    for verb, route in TOKEN_ROUTES:
        assert refused(muk(verb, f"/api/{route}", **NEEDED)) == (403, "token_invalid")


def test_the_document_s_life_with_the_token_in_the_path(muk: Muk) -> None:
    assert muk.send("GET", f"/api/life/{muk.token}").json() == 3599
    assert refused(muk.send("GET", "/api/life/unknown")) == (403, "token_invalid")
    assert muk.value("GET", "/api/life/unknown") is False, "the valid one opens, the one of the path is looked at"
    assert refused(muk.send("GET", f"/api/life/{muk.token}", {"token": "unknown"})) == (403, "token_invalid")


@pytest.mark.parametrize(("verb", "route"), [("GET", "life"), ("POST", "refresh"), ("POST", "close")])
def test_blanks_around_a_token_open_but_find_nothing(muk: Muk, verb: str, route: str) -> None:
    assert muk.send(verb, f"/api/{route}", {"token": f" {muk.token} "}).json() is False
    assert muk.value("GET", "/api/life") == 3599


def test_blanks_around_a_token_do_no_harm_to_calls(muk: Muk) -> None:
    assert muk.send("GET", "/api/read", {"token": f" {muk.token}\n", "id": "1", "fields": ["id"]}).json() == [{"id": 1}]


def test_tokens_are_rows_that_a_reset_takes_back(muk: Muk) -> None:
    app = muk.wire.app
    env = app.databases[DB].env(1)
    assert env["muk_rest.token"].search([("token", "=", muk.token)]).user_id.id == muk.wire.uid
    start = app.snapshot()
    other = Muk(muk.wire).login()
    app.restore(start)
    assert refused(other("GET", "/api/life")) == (403, "token_invalid")
    assert muk.value("GET", "/api/life") == 3599


def test_the_token_of_a_user_that_is_gone_is_gone(muk: Muk) -> None:
    env = muk.wire.app.databases[DB].env(1)
    user = env["res.users"].create({"name": "Short", "login": "short", "password": "short"})
    short = Muk(muk.wire).login("short", "short")
    user.unlink()
    assert refused(short("GET", "/api/life")) == (403, "token_invalid")


def test_a_clock_with_a_seed_gives_the_same_token_again() -> None:
    def token() -> str:
        return Muk(Wire(create_app(profile="odoo-11.0", clock=Clock("seed")))).login().token

    assert token() == token()


@pytest.mark.parametrize("profile", ["cloudoffix-11.0", "flectra-1.6", "odoo-14.0", "odoo-17.0", "odoo-19.0"])
def test_it_can_be_chosen_for_every_profile(profile: str) -> None:
    app = create_app(profile=profile, rest="muk_rest")
    muk = Muk(Wire(app)).login()
    assert muk.send("GET", "/api").json()["server_version"] == app.profile.server_version
    [record] = muk.value("POST", "/api/create", values={"name": "Anna"})
    assert muk.value("PUT", "/api/write", ids=[record["id"]], values={"name": "Bea"}) is True
    assert muk.value("GET", f"/api/read/res.partner/{record['id']}", fields=["name"]) == [
        {"id": record["id"], "name": "Bea"}
    ]
    assert muk.value("DELETE", "/api/unlink", ids=[record["id"]]) is True
    wrong = muk.send("POST", "/api/authenticate", {"db": DB, "login": "admin", "password": "wrong"})
    assert wrong.status == (401 if app.profile.generation == 11 else 403)
