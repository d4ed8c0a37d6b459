"""Flectra's rest_api: what holds for every route, tokens, databases.  Source: rest-flectra §1, §2, §4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

import pytest

from mockserver.addons.rest_flectra.oauth_access_token import random_token
from mockserver.clock import Clock
from mockserver.server.app import create_app
from tests.dialects.flectra import LOGIN_PATH, LOGOUT_PATH, Flectra, is_page, told
from tests.dialects.wire import DB, Wire

PROFILE = "flectra-1.6"
LOGIN = {"username": "admin", "password": "admin", "db": DB}
NO_HEADER = (400, "access_token_not_found", "Missing access token in request header!")
INVALID = (401, "invalid_token", "Token is expired or invalid!")
NONE_GIVEN = (400, "no_access_token", "No access token was provided in request!")
EMPTY = (400, "empty_db_or_username_or_password", "Empty value of 'db' or 'username' or 'password'!")
NO_DATABASE = (400, "invalid_database", "Invalid database!")
NOT_FOUND = "object_not_found_in_flectra"


class Held(Clock):
    """A clock that stands still until it is moved, and whose tokens count."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
        self.given = 0

    def moment(self) -> datetime:
        return self.at

    def token(self, length: int = 40) -> str:
        self.given += 1
        return f"{self.given * 7919:x}".rjust(length, "3")[-length:]


@pytest.fixture(scope="module")
def _held() -> tuple[Held, Wire, object]:
    clock = Held()
    wire = Wire(create_app(demo=True, profile=PROFILE, clock=clock))
    return clock, wire, wire.app.snapshot()


@pytest.fixture
def held(_held: tuple[Held, Wire, object]) -> Iterator[tuple[Held, Flectra]]:
    """A clock that stands still, and a client without a token."""
    clock, wire, snapshot = _held
    start = clock.at
    yield clock, Flectra(wire)
    clock.at = start
    wire.app.restore(snapshot)  # type: ignore[arg-type]


@pytest.fixture
def client(wires: Callable[[str], Wire]) -> Flectra:
    """A client without a token."""
    return Flectra(wires(PROFILE))


@pytest.fixture
def admin(client: Flectra) -> Flectra:
    """A client with the administrator's token."""
    return client.login()


# -- logging in


def test_a_login_tells_the_user_and_a_token(client: Flectra) -> None:
    answer = client.form("POST", LOGIN_PATH, LOGIN)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    token = answer.json()["access_token"]
    assert (len(token), token.isalnum(), token.isascii()) == (30, True, True)
    assert answer.body.decode() == (
        '{"uid": 1, "user_context": {"lang": "en_US", "tz": "Europe/Brussels", "uid": 1}, "company_id": 1, '
        f'"access_token": "{token}", "expires_in": "600"}}'
    )


def test_a_user_without_a_time_zone_has_false(client: Flectra) -> None:
    told = client.form("POST", LOGIN_PATH, {"username": "demo", "password": "demo", "db": DB}).json()
    assert told["user_context"] == {"lang": "en_US", "tz": False, "uid": 5}


def test_a_login_reads_the_query_and_both_kinds_of_form(client: Flectra) -> None:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in LOGIN.items()
    )
    multipart = client.wire.http("POST", LOGIN_PATH, f"{parts}--b--\r\n", "multipart/form-data; boundary=b")
    query = client.form("POST", f"{LOGIN_PATH}?username=admin&password=admin&db={DB}")
    assert multipart.json() == query.json() == client.form("POST", f"{LOGIN_PATH}/", LOGIN).json()


def test_the_body_counts_more_than_the_query(client: Flectra) -> None:
    assert client.form("POST", f"{LOGIN_PATH}?username=nobody&password=x", LOGIN).status == 200


def test_the_only_database_needs_no_name(client: Flectra) -> None:
    assert client.form("POST", LOGIN_PATH, {"username": "admin", "password": "admin"}).status == 200


@pytest.mark.parametrize("name", ["username", "password"])
@pytest.mark.parametrize("value", ["", None])
def test_a_login_with_nothing_for_a_name_is_refused(client: Flectra, name: str, value: str | None) -> None:
    sent = {key: held for key, held in {**LOGIN, name: value}.items() if held is not None}
    assert told(client.form("POST", LOGIN_PATH, sent)) == EMPTY


@pytest.mark.parametrize("body", ["", '{"username": "admin", "password": "admin", "db": "mock"}'])
def test_a_login_without_a_form_is_empty(client: Flectra, body: str) -> None:
    assert told(client.wire.http("POST", LOGIN_PATH, body)) == EMPTY


@pytest.mark.parametrize(("login", "password"), [("admin", "nope"), ("ghost", "admin")])
def test_a_wrong_login_is_unauthorised(client: Flectra, login: str, password: str) -> None:
    answer = client.form("POST", LOGIN_PATH, {"username": login, "password": password, "db": DB})
    assert told(answer) == (401, "flectra_user_authentication_failed", "flectra User authentication failed!")
    assert "Cache-Control" not in answer.headers


def test_an_unknown_database_is_invalid(client: Flectra) -> None:
    assert told(client.form("POST", LOGIN_PATH, {**LOGIN, "db": "nosuchdb"})) == NO_DATABASE


def test_whatever_else_goes_wrong_while_logging_in_is_an_invalid_database(client: Flectra) -> None:
    env = client.wire.app.databases[DB].env()
    env["ir.config_parameter"].set_param("oauth2_access_token_expires_in", "soon")
    assert told(client.form("POST", LOGIN_PATH, LOGIN)) == NO_DATABASE


@pytest.mark.parametrize("path", [LOGIN_PATH, LOGOUT_PATH])
@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE"])
def test_another_verb_takes_the_path_of_a_login_for_a_model(admin: Flectra, path: str, verb: str) -> None:
    assert told(Flectra(admin.wire).form(verb, path)) == NO_HEADER
    assert told(admin.form(verb, path)) == (404, NOT_FOUND, "Modal auth Not Found!")


# -- tokens


def test_the_same_token_comes_back_until_it_expires_and_is_not_extended(held: tuple[Held, Flectra]) -> None:
    clock, client = held
    first = client.login()
    clock.at += timedelta(seconds=599)
    assert client.login().token == first.token
    assert first.value("GET", "res.partner/1")
    clock.at += timedelta(seconds=2)
    assert first.error("GET", "res.partner/1") == INVALID
    assert client.login().token != first.token


def test_the_life_of_a_token_is_a_system_parameter(held: tuple[Held, Flectra]) -> None:
    clock, client = held
    client.wire.app.databases[DB].env()["ir.config_parameter"].set_param("oauth2_access_token_expires_in", "20")
    assert client.form("POST", LOGIN_PATH, LOGIN).json()["expires_in"] == "20"
    admin = client.login()
    clock.at += timedelta(seconds=21)
    assert admin.error("GET", "res.partner/1") == INVALID


def test_only_the_newest_token_of_a_user_counts(held: tuple[Held, Flectra]) -> None:
    clock, client = held
    old = client.login()
    clock.at += timedelta(seconds=601)
    new = client.login()
    env = client.wire.app.databases[DB].env()
    rows = env["oauth.access_token"].search([("token", "=", old.token)])
    rows.write({"expires": "2030-01-01 00:00:00"})
    assert old.error("GET", "res.partner/1") == INVALID
    assert new.form("POST", LOGOUT_PATH).status == 200
    assert old.value("GET", "res.partner/1")


def test_users_have_a_token_each(client: Flectra) -> None:
    admin, demo = client.login(), client.login("demo", "demo")
    assert admin.token != demo.token
    assert admin.value("GET", "res.partner/1") == demo.value("GET", "res.partner/1")


def test_a_token_is_a_row_that_a_restored_state_does_not_have(client: Flectra) -> None:
    app = client.wire.app
    before = app.snapshot()
    admin = client.login()
    app.restore(before)
    assert admin.error("GET", "res.partner/1") == INVALID
    row = app.databases[DB].env()["oauth.access_token"].search([])
    assert len(row) == 0


def test_a_clock_that_repeats_itself_gives_the_same_token() -> None:
    assert random_token(Held()) == random_token(Held())
    clock = Held()
    assert len({random_token(clock) for _ in range(50)}) == 50


def test_a_deleted_token_is_gone(admin: Flectra) -> None:
    answer = admin.form("POST", LOGOUT_PATH)
    assert answer.body == b'{"desc": "Token Successfully Deleted", "delete": true}'
    assert admin.error("GET", "res.partner/1") == INVALID
    assert told(admin.form("POST", LOGOUT_PATH)) == NONE_GIVEN


@pytest.mark.parametrize("token", ["", "nope"])
def test_no_token_to_delete_is_refused(client: Flectra, token: str) -> None:
    assert told(Flectra(client.wire, token).form("POST", LOGOUT_PATH)) == NONE_GIVEN


def test_an_expired_token_can_still_be_deleted(held: tuple[Held, Flectra]) -> None:
    clock, client = held
    admin = client.login()
    clock.at += timedelta(days=1)
    assert admin.form("POST", LOGOUT_PATH).status == 200


# -- the header


def test_the_header_counts_in_both_spellings_and_nothing_else(admin: Flectra) -> None:
    other = Flectra(admin.wire)
    assert other.form("GET", "/api/res.partner/1", HTTP_ACCESS_TOKEN=admin.token).status == 200
    assert told(other.form("GET", f"/api/res.partner?access_token={admin.token}")) == NO_HEADER
    assert told(other.form("GET", "/api/res.partner", {"access_token": admin.token})) == NO_HEADER
    assert told(other.form("GET", "/api/res.partner", HTTP_AUTHORIZATION=f"Bearer {admin.token}")) == NO_HEADER
    assert told(other.form("GET", "/api/res.partner", HTTP_ACCESS_TOKEN="")) == NO_HEADER


def test_the_checks_come_in_their_order(admin: Flectra) -> None:
    wrong = Flectra(admin.wire, "nope")
    assert told(Flectra(admin.wire).form("GET", "/api/no.such.model")) == NO_HEADER
    assert wrong.error("GET", "no.such.model") == INVALID
    assert wrong.error("GET", "res.partner", parent_id="abc") == INVALID
    assert admin.error("GET", "no.such.model") == (404, NOT_FOUND, "Modal no.such.model Not Found!")
    # a relational value is read before the model's mark is looked at
    assert admin.breaks("GET", "oauth.access_token", user_id="abc")
    assert admin.error("GET", "oauth.access_token", user_id=1)[2] == "Enable Rest API For oauth.access_token!"
    # and the mark before the id
    assert admin.error("DELETE", "oauth.access_token/abc")[2] == "Enable Rest API For oauth.access_token!"


# -- what holds for all


def test_an_answer_in_json_has_a_cookie_and_a_page_has_none(admin: Flectra) -> None:
    for answer in (admin("GET", "res.partner/1"), admin("GET", "no.such.model"), admin.form("POST", LOGIN_PATH, LOGIN)):
        assert answer.headers["Set-Cookie"].startswith("session_id=")
    assert is_page(admin("GET", "res.partner", limit="abc"), 500)


def test_answers_are_escaped_ascii(admin: Flectra) -> None:
    admin.value("PUT", "res.partner/1", name="Café €")
    body = admin("GET", "res.partner/1", field="['name']").body
    assert body == b'[{"id": 1, "name": "Caf\\u00e9 \\u20ac"}]'


@pytest.mark.parametrize("verb", ["PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/api/res.partner", "/api/res.partner/1", LOGIN_PATH])
def test_other_verbs_are_told_those_that_there_are(admin: Flectra, verb: str, path: str) -> None:
    answer = admin.form(verb, path)
    assert is_page(answer, 405)
    assert answer.headers["Allow"] == "POST, PUT, HEAD, GET, DELETE"


def test_nothing_answers_a_head(admin: Flectra) -> None:
    answer = admin("HEAD", "res.partner")
    assert (answer.status, answer.body) == (500, b"")
    assert Flectra(admin.wire)("HEAD", "res.partner").status == 400


@pytest.mark.parametrize("path", ["/api", "/api/res.partner/1/name"])
def test_other_paths_are_not_found(admin: Flectra, path: str) -> None:
    assert is_page(admin.form("GET", path), 404)


@pytest.mark.parametrize("path", ["/api/res.partner/", "/api/res.partner/1/"])
def test_a_slash_at_the_end_does_not_matter(admin: Flectra, path: str) -> None:
    assert admin.form("GET", path).status == 200


@pytest.mark.parametrize(
    ("verb", "path"),
    [("POST", LOGIN_PATH), ("GET", "/api/res.partner"), ("POST", "/api/res.partner"), ("PUT", "/api/a/1")],
)
@pytest.mark.parametrize("body", ['{"limit": 1}', '{"params": {"name": "x"}}', "[" * 100_000])
def test_json_is_refused_by_the_framework(client: Flectra, verb: str, path: str, body: str) -> None:
    answer = client.wire.http(verb, path, body, "application/json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Set-Cookie"].startswith("session_id=")
    error = answer.json()["error"]
    assert (answer.json()["jsonrpc"], answer.json()["id"]) == ("2.0", None)
    assert (error["code"], error["message"]) == (200, "Flectra Server Error")
    assert error["data"].pop("debug").endswith("werkzeug.exceptions.BadRequest: 400: Bad Request\n")
    assert error["data"] == {
        "name": "werkzeug.exceptions.BadRequest", "message": "400: Bad Request", "arguments": [],
        "exception_type": "internal_error",
    }  # fmt: skip


def test_what_is_no_json_or_no_object_where_json_is_announced_is_a_page(client: Flectra) -> None:
    assert is_page(client.wire.http("POST", LOGIN_PATH, "", "application/json"), 400)
    assert is_page(client.wire.http("POST", LOGIN_PATH, "{", "application/json"), 400)
    assert is_page(client.wire.http("POST", LOGIN_PATH, "[1]", "application/json"), 500)


# -- databases


@pytest.fixture(scope="module")
def two() -> Flectra:
    """A client of a server with two databases."""
    return Flectra(Wire(create_app(demo=True, profile=PROFILE, db=("one", "two"))))


def test_of_several_databases_a_login_names_one(two: Flectra) -> None:
    assert told(two.form("POST", LOGIN_PATH, {"username": "admin", "password": "admin"})) == EMPTY
    assert told(two.form("POST", LOGIN_PATH, {**LOGIN, "db": "three"})) == NO_DATABASE
    wrong = {"username": "admin", "password": "x", "db": "two"}
    assert two.form("POST", LOGIN_PATH, wrong).status == 401


def test_of_several_databases_the_cookie_of_the_login_tells_which(two: Flectra) -> None:
    answer = two.form("POST", LOGIN_PATH, {**LOGIN, "db": "two"})
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    client = Flectra(two.wire, answer.json()["access_token"])
    found = client.form("GET", "/api/res.partner?limit=1", HTTP_COOKIE=cookie)
    assert found.json()["count"] == 1
    assert found.headers["Set-Cookie"].partition(";")[0] == cookie
    assert is_page(client("GET", "res.partner", limit=1), 500)
    assert is_page(client("GET", "res.partner", limit=1, db="two"), 500)
    assert is_page(client.form("POST", LOGOUT_PATH), 500)
    assert told(two.form("POST", LOGOUT_PATH)) == NONE_GIVEN
    assert told(two.form("GET", "/api/res.partner")) == NO_HEADER
    assert client.form("POST", LOGOUT_PATH, HTTP_COOKIE=cookie).status == 200


def test_of_several_databases_a_web_session_tells_which(two: Flectra) -> None:
    params = {"db": "two", "login": "admin", "password": "admin"}
    opened = two.wire.json("/web/session/authenticate", {"params": params})
    cookie = opened.headers["Set-Cookie"].partition(";")[0]
    answer = two.form("POST", LOGIN_PATH, params | {"username": "admin"}, HTTP_COOKIE=cookie)
    assert answer.headers["Set-Cookie"].partition(";")[0] == cookie
    client = Flectra(two.wire, answer.json()["access_token"])
    assert client.form("GET", "/api/res.partner/1", HTTP_COOKIE=cookie).status == 200


def test_the_cookie_of_a_login_is_a_web_session(client: Flectra) -> None:
    answer = client.form("POST", LOGIN_PATH, LOGIN)
    client.wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    told = client.wire.json("/web/session/get_session_info", {"params": {}}).json()
    assert (told["result"]["uid"], told["result"]["db"]) == (1, DB)


# -- the flag


def flag(admin: Flectra, model: str) -> dict[str, object]:
    found = admin.value("GET", "ir.model", filters=f"[('model', '=', '{model}')]", field="['rest_api']")
    return found["results"][0]  # type: ignore[no-any-return]


def test_the_models_that_were_there_first_are_served_and_later_ones_are_not() -> None:
    admin = Flectra(Wire(create_app(["sale"], demo=True, profile=PROFILE))).login()
    found = admin.value("GET", "ir.model", field="['model', 'rest_api']")["results"]
    served = {row["model"] for row in found if row["rest_api"]}
    assert {"base", "ir.model", "ir.http", "res.partner", "res.users", "res.company"} <= served
    others = {row["model"] for row in found} - served
    assert {"sale.order", "product.product", "oauth.access_token"} <= others
    assert {"ir.rule", "ir.model.fields", "res.groups", "res.lang"} & others == set()
    assert admin.error("GET", "sale.order") == (404, NOT_FOUND, "Enable Rest API For sale.order!")


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
def test_a_model_is_switched_over_the_api_itself(admin: Flectra, verb: str) -> None:
    path = f"ir.model/{flag(admin, 'res.partner.title')['id']}"
    assert admin.value("PUT", path, rest_api="") == {"desc": "Record Updated successfully!", "update": True}
    assert admin.error(verb, "res.partner.title") == (404, NOT_FOUND, "Enable Rest API For res.partner.title!")
    assert flag(admin, "res.partner.title")["rest_api"] is False
    admin.value("PUT", path, rest_api="True")
    assert admin.value("GET", "res.partner.title")["count"] == 5


def test_a_model_is_switched_over_rpc(admin: Flectra) -> None:
    def write(rest_api: bool) -> None:
        wire = admin.wire
        found = wire.xmlrpc("object", "execute", (DB, 1, "admin", "ir.model", "search", [["model", "=", "res.bank"]]))
        wire.xmlrpc("object", "execute", (DB, 1, "admin", "ir.model", "write", found, {"rest_api": rest_api}))

    write(False)
    assert admin.error("GET", "res.bank") == (404, NOT_FOUND, "Enable Rest API For res.bank!")
    write(True)
    assert admin.value("GET", "res.bank")["count"] == 3


def test_a_model_made_over_rpc_is_served(admin: Flectra) -> None:
    made = {"name": "Thing", "model": "x_thing", "state": "manual"}
    admin.wire.xmlrpc("object", "execute", (DB, 1, "admin", "ir.model", "create", made))
    assert flag(admin, "x_thing")["rest_api"] is True
    assert admin.error("GET", "x_thing") == (404, NOT_FOUND, "No Record found in x_thing!")


@pytest.mark.parametrize("profile", ["flectra-2.0", "odoo-14.0", "odoo-17.0", "odoo-19.0"])
def test_any_server_may_choose_it(profile: str) -> None:
    admin = Flectra(Wire(create_app(demo=True, profile=profile, rest="flectra_rest"))).login()
    made = admin.value("POST", "res.partner", name="Anywhere", color="7")["id"]
    read = admin.value("GET", f"res.partner/{made}", field="['name', 'color', 'nofield']")
    assert read == [{"id": made, "name": "Anywhere", "color": 7}]
    assert admin.form("GET", "/flectra_rest/api/res.partner/1").status == 200
