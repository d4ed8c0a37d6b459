"""JSON-2 beside what the recording has: keys, databases, sessions, paths, bodies.  Source: versions.md §11.2-11.4."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mockserver.profiles import PROFILES
from mockserver.server.app import create_app
from tests.dialects.wire import DB, JSON, KEY, Answer, Wire

Wires = Callable[[str], Wire]


@pytest.fixture
def wire(wires: Wires) -> Wire:
    return wires("odoo-19.0")


def error(answer: Answer) -> tuple[int, str, str]:
    body = answer.json()
    assert list(body) == ["name", "message", "arguments", "context", "debug"]
    return answer.status, body["name"], body["message"]


@pytest.mark.parametrize("profile", [profile.name for profile in PROFILES.values() if profile.generation < 19])
def test_no_earlier_server_has_it(wires: Wires, profile: str) -> None:
    answer = wires(profile).json2("res.partner", "search", {"domain": []}, content_type="text/plain")
    to_login = PROFILES[profile].generation == 18  # which has /json for the data of pages
    assert (answer.status, answer.media_type) == (303 if to_login else 404, "text/html")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_written_in_any_case(wire: Wire, scheme: str) -> None:
    answer = wire.json2("res.users", "context_get", {}, HTTP_AUTHORIZATION=f"{scheme} {KEY}")
    assert (answer.status, answer.json()["uid"]) == (200, wire.uid)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "admin"])
def test_without_a_key_nobody_is_known(wire: Wire, header: str | None) -> None:
    answer = wire.json2("res.partner", "search", {"domain": []}, HTTP_AUTHORIZATION=header)
    text = "User not authenticated, use an API Key with a Bearer Authorization header."
    assert error(answer) == (401, "werkzeug.exceptions.Unauthorized", text)
    assert answer.json()["arguments"] == [text, 401]
    assert answer.headers["WWW-Authenticate"] == "bearer"


@pytest.mark.parametrize("key", ["wrong", KEY.upper(), KEY[:39], "admin"])
def test_a_wrong_key_or_a_password_is_refused(wire: Wire, key: str) -> None:
    answer = wire.json2("res.partner", "search", {"domain": []}, key)
    assert error(answer) == (401, "werkzeug.exceptions.Unauthorized", "Invalid apikey")
    assert answer.headers["WWW-Authenticate"] == "bearer"


@pytest.mark.parametrize("body", [None, "null", "[]", "[1]", "5", "true", "{}"])
def test_another_body_has_no_arguments(wire: Wire, body: str | None) -> None:
    assert wire.json2("res.users", "context_get", body).json()["uid"] == wire.uid


def test_no_body_needs_no_content_type(wire: Wire) -> None:
    assert wire.json2("res.users", "context_get", content_type="").status == 200
    assert wire.json2("res.users", "context_get", content_type="text/plain").status == 200


def test_another_content_type_is_refused_before_the_key_is_looked_at(wire: Wire) -> None:
    answer = wire.json2("res.users", "context_get", {}, "wrong", content_type="text/plain")
    assert (answer.status, answer.media_type, answer.headers["Accept"]) == (415, "text/html", JSON)


def test_a_broken_body_is_told_after_the_key(wire: Wire) -> None:
    assert wire.json2("res.users", "context_get", "{x", "wrong").status == 401
    answer = wire.json2("res.users", "context_get", "{x")
    where = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
    text = f"could not parse the body as json: {where}"
    assert error(answer) == (400, "werkzeug.exceptions.BadRequest", text)
    assert answer.json()["arguments"] == [text, 400]


@pytest.mark.parametrize(
    ("verb", "path"),
    [("GET", "/json/2/res.partner/search"), ("PUT", "/json/2/res.partner/search"), ("POST", "/json/2"),
     ("POST", "/json/2/res.partner"), ("POST", "/json/2/res.partner/search/1"), ("GET", "/json/2")],
)  # fmt: skip
def test_another_path_or_verb_asks_what_was_meant(wire: Wire, verb: str, path: str) -> None:
    answer = wire.http(verb, path, "", JSON, HTTP_X_ODOO_DATABASE=DB)
    text = "Did you mean POST /json/2/<model>/<method>?"
    assert error(answer) == (404, "werkzeug.exceptions.NotFound", text)


def test_the_path_wins_over_the_body(wire: Wire) -> None:
    body = {"__model__": "res.country", "__method__": "unlink", "domain": [["login", "=", "admin"]]}
    assert wire.json2("res.users", "search", body).json() == [wire.uid]


def test_the_only_database_needs_no_header(wire: Wire) -> None:
    assert wire.json2("res.users", "context_get", {}, HTTP_X_ODOO_DATABASE=None).status == 200


def test_one_of_several_needs_the_header() -> None:
    wire = Wire(create_app(profile="odoo-19.0", db=["one", "two"], api_key=KEY))
    answer = wire.json2("res.users", "context_get", {}, HTTP_X_ODOO_DATABASE=None)
    assert (answer.status, answer.media_type) == (404, "text/html")
    assert b"No database is selected" in answer.body
    assert wire.json2("res.users", "context_get", {}, HTTP_X_ODOO_DATABASE="two").status == 200


def test_a_session_on_another_database_contradicts_the_header() -> None:
    wire = Wire(create_app(profile="odoo-19.0", db=[DB, "two"], api_key=KEY))
    wire.login()
    answer = wire.json2("res.users", "context_get", {}, HTTP_X_ODOO_DATABASE="two")
    assert answer.status == 403
    assert b"session_id cookie" in answer.body
    assert b"x-odoo-database header" in answer.body


def test_a_session_does_where_a_browser_tells_its_origin(wire: Wire) -> None:
    wire.login()
    typed = {"SITE": "same-origin", "DEST": "document", "MODE": "navigate", "USER": "?1"}

    def ask(**changed: str | None) -> Answer:
        headers: dict[str, Any] = {f"HTTP_SEC_FETCH_{name}": value for name, value in {**typed, **changed}.items()}
        return wire.json2("res.users", "context_get", {}, HTTP_AUTHORIZATION=None, **headers)

    assert ask().json()["uid"] == ask(SITE="none").json()["uid"] == wire.uid
    for name, value in (("SITE", None), ("SITE", "cross-site"), ("MODE", "cors"), ("DEST", "empty"), ("USER", None)):
        assert error(ask(**{name: value}))[0] == 401


@pytest.mark.parametrize("ids", [2, [2]])
def test_ids_are_one_or_many(wire: Wire, ids: Any) -> None:
    assert wire.json2("res.users", "read", {"ids": ids, "fields": ["login"]}).json() == [{"id": 2, "login": "admin"}]


def test_create_gives_a_list_whatever_is_created(wire: Wire) -> None:
    one = wire.json2("res.partner", "create", {"vals_list": {"name": "One"}}).json()
    two = wire.json2("res.partner", "create", {"vals_list": [{"name": "Two"}, {"name": "Three"}]}).json()
    assert (len(one), len(two)) == (1, 2)
    names = wire.json2("res.partner", "read", {"ids": one + two, "fields": ["name"]}).json()
    assert [row["name"] for row in names] == ["One", "Two", "Three"]


def test_the_arguments_of_an_override_are_those_that_it_shows(wire: Wire) -> None:
    answer = wire.json2("res.users", "create", {})
    assert error(answer) == (422, "werkzeug.exceptions.UnprocessableEntity", "missing a required argument: 'vals_list'")
    answer = wire.json2("res.users", "write", {"ids": [2], "vals": {}, "parent": 1})
    assert error(answer)[2] == "got an unexpected keyword argument 'parent'"


def test_none_is_null_and_the_text_is_unescaped(wire: Wire) -> None:
    assert wire.json2("res.partner", "wire_awkward", {"name": "none"}).body == b"null"
    assert wire.json2("res.partner", "wire_echo", {"value": "Grüße"}).body == '"Grüße"'.encode()


def test_a_value_that_json_cannot_carry_is_a_breakdown(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.dialects.conftest import AWKWARD

    monkeypatch.setitem(AWKWARD, "latin", b"\xe4")
    answer = wire.json2("res.partner", "wire_awkward", {"name": "latin"})
    assert (answer.status, answer.media_type) == (500, "text/html")


def test_a_failed_call_leaves_nothing(wire: Wire) -> None:
    before = wire.json2("res.partner", "search_count", {"domain": []}).json()
    assert wire.json2("res.partner", "create", {"vals_list": [{"name": "One"}, {"nope": 1}]}).status == 500
    assert wire.json2("res.partner", "search_count", {"domain": []}).json() == before


def test_an_observer_sees_the_call(wire: Wire) -> None:
    seen: list[Any] = []
    stop = wire.app.observe(seen.append)
    wire.json2("res.partner", "search_count", {"domain": []})
    assert (seen[0].dialect, seen[0].target, seen[0].outcome) == ("json2", "res.partner.search_count", "ok")
    stop()


def test_an_expired_key_is_refused(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    env = wire.app.databases[DB].env(wire.uid).sudo()
    key = env["res.users.apikeys"].search([])
    key.call("write", {"expiration_date": env.db.clock.now()})
    real = wire.app.clock.moment
    monkeypatch.setattr(wire.app.clock, "moment", lambda: real() + timedelta(seconds=5))
    assert wire.json2("res.users", "context_get", {}).status == 401


# -- what models and methods there are


@pytest.mark.parametrize("profile", ["odoo-18.0", "odoo-17.0"])
def test_before_19_there_is_no_doc(wires: Wires, profile: str) -> None:
    assert wires(profile).http("GET", "/doc-bearer/res.partner.json").status == 404


def test_doc_bearer_wants_a_key(wire: Wire) -> None:
    assert error(wire.http("GET", "/doc-bearer/res.partner.json"))[0] == 401
    assert wire.http("GET", "/doc-bearer/no.such.json", HTTP_AUTHORIZATION=f"Bearer {KEY}").status == 404


def test_doc_wants_a_session(wire: Wire) -> None:
    assert error(wire.http("GET", "/doc/res.partner.json")) == (
        403, "odoo.http.SessionExpiredException", "Session expired"
    )  # fmt: skip
    wire.login()
    assert wire.http("GET", "/doc/res.partner.json").json()["model"] == "res.partner"
    assert wire.http("GET", "/doc").media_type == "text/html"


def test_a_model_tells_fields_and_methods(wire: Wire) -> None:
    doc = wire.http("GET", "/doc-bearer/res.users.json", HTTP_AUTHORIZATION=f"Bearer {KEY}").json()
    assert (doc["model"], doc["fields"]["login"]["type"]) == ("res.users", "char")
    search, read, write = (doc["methods"][name] for name in ("search", "read", "write"))
    assert list(search["parameters"]) == ["domain", "offset", "limit", "order"]
    assert (search["api"], read["api"], write["api"]) == (["model", "readonly"], ["readonly"], [])
    assert write["parameters"] == {"vals": {"annotation": "ValuesType"}}
    assert (write["signature"], write["return"]) == (
        "(vals) -> typing.Literal[True]", {"annotation": "typing.Literal[True]"}
    )  # fmt: skip
    assert (search["module"], doc["methods"]["web_read"]["module"]) == ("core", "web")
    assert doc["methods"]["change_password"]["model"] == "res.users"
    assert read["parameters"]["fields"]["default"] is None
    assert read["signature"].startswith("(fields=None")
    assert not {name for name in doc["methods"] if name.startswith("_") or name == "exists"}


def test_the_index_tells_every_model(wire: Wire) -> None:
    index = wire.http("GET", "/doc-bearer/index.json", HTTP_AUTHORIZATION=f"Bearer {KEY}").json()
    models = {model["model"]: model for model in index["models"]}
    assert models["res.partner"]["fields"]["name"] == {"string": "Name"}
    assert "search" in models["res.partner"]["methods"]
    assert "base" in index["modules"]
    assert json.dumps(index)


# -- other requests


def test_options_is_a_call_and_a_list_of_types_begins_with_the_one_that_counts(wire: Wire) -> None:
    key = {"HTTP_AUTHORIZATION": f"bearer\t{KEY}"}
    assert error(wire.http("OPTIONS", "/json/2/res.partner/search_count", **key))[0::2] == (
        422, "missing a required argument: 'domain'"
    )  # fmt: skip
    answer = wire.json2("res.users", "search_count", {"domain": []}, content_type="application/json, text/plain")
    assert answer.status == 200


def test_half_of_a_surrogate_pair_breaks_the_server(wire: Wire) -> None:
    answer = wire.json2("res.partner", "search", {"domain": [["ref", "=", "\ud800"]]})
    assert (answer.status, answer.media_type) == (500, "text/html")
    assert wire.json2("res.partner", "search", {"domain": [["ref", "=", "\U0001f600"]]}).json() == []


def test_the_data_of_pages_is_disabled(wire: Wire) -> None:
    assert wire.http("POST", "/json/3/x").status == 303
    assert wire.http("GET", "/json/1/x").headers["WWW-Authenticate"] == "bearer"
    assert wire.http("GET", "/json/1/x", HTTP_AUTHORIZATION=f"bearer {KEY}").status == 404
    wire.login()
    assert wire.http("GET", "/json/x").status == 404


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        ([False], [{"id": False, "login": False}]),
        ([0, 2], [{"id": 0, "login": False}, {"id": 2, "login": "admin"}]),
        ([1.5], []),
    ],
)
def test_ids_that_are_none(wire: Wire, ids: Any, read: Any) -> None:
    assert wire.json2("res.users", "read", {"ids": ids, "fields": ["login"]}).json() == read


def test_a_context_is_null_or_a_mapping(wire: Wire) -> None:
    assert wire.json2("res.users", "context_get", {"context": None}).status == 200
    assert error(wire.json2("res.users", "context_get", {"context": False}))[1:] == (
        "builtins.TypeError", "'bool' object is not iterable"
    )  # fmt: skip
