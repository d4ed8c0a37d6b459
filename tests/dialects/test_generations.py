"""What differs on the wire between the generations, beside the errors of calls.  Source: versions.md §1-§3, §5."""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Callable
from typing import Any

import pytest

from mockserver.profiles import PROFILES, offered
from tests.dialects.wire import DB, JSON, LOGIN, PASSWORD, Answer, Wire

Wires = Callable[[str], Wire]
VERSION = {"service": "common", "method": "version", "args": []}
PARAMS = {"db": DB, "login": LOGIN, "password": PASSWORD}
COUNT = {"model": "res.partner", "method": "search_count", "args": [[["id", "<", 0]]], "kwargs": {}}
OLD = ["odoo-11.0", "odoo-12.0", "odoo-13.0", "odoo-14.0", "odoo-15.0", "flectra-1.6", "flectra-2.0", "cloudoffix-11.0"]
NEW = ["odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"]
OF_11 = ["odoo-11.0", "flectra-1.6", "cloudoffix-11.0"]


def post(wire: Wire, path: str, params: Any = None, **extra: Any) -> Answer:
    return wire.json(path, {"id": 5, "params": {} if params is None else params}, **extra)


# -- JSON-RPC


@pytest.mark.parametrize("profile", OLD)
def test_until_15_json_is_escaped_and_has_no_charset(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    args = [DB, wire.uid, PASSWORD, "res.partner", "wire_echo", "Grüße"]
    answer = post(wire, "/jsonrpc", {"service": "object", "method": "execute", "args": args})
    assert answer.headers["Content-Type"] == "application/json"
    assert b"Gr\\u00fc\\u00dfe" in answer.body


@pytest.mark.parametrize("profile", NEW)
def test_since_16_json_is_unescaped_and_has_a_charset(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    args = [DB, wire.uid, PASSWORD, "res.partner", "wire_echo", "Grüße"]
    answer = post(wire, "/jsonrpc", {"service": "object", "method": "execute", "args": args})
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Grüße".encode() in answer.body


@pytest.mark.parametrize(("body", "status"), [("[]", 500), ("5", 500), ('{"params": null}', 500),
                                              ('{"params": [1]}', 500), ("{broken", 400), ("", 400)])  # fmt: skip
@pytest.mark.parametrize("profile", OLD)
def test_until_15_json_of_another_shape_is_a_breakdown(wires: Wires, profile: str, body: str, status: int) -> None:
    answer = wires(profile).http("POST", "/jsonrpc", body, JSON)
    assert (answer.status, answer.media_type) == (status, "text/html")


@pytest.mark.parametrize("profile", NEW)
def test_since_16_params_that_are_no_mapping_are_an_error_of_the_call(wires: Wires, profile: str) -> None:
    answer = wires(profile).http("POST", "/jsonrpc", '{"params": null}', JSON)
    assert answer.status == 200
    assert answer.json()["error"]["data"]["name"] == "builtins.TypeError"


@pytest.mark.parametrize("profile", OLD)
@pytest.mark.parametrize("path", ["/web/session/nope", "/nope", "/json/2/res.partner/search", "/web/version"])
def test_until_15_json_to_an_unknown_url_is_answered_in_json(wires: Wires, profile: str, path: str) -> None:
    answer = post(wires(profile), path)
    assert (answer.status, answer.media_type) == (404, JSON)
    error = answer.json()["error"]
    assert (answer.json()["id"], error["code"], error["message"]) == (5, 404, "404: Not Found")
    assert (error["http_status"], error["data"]["name"]) == (404, "werkzeug.exceptions.NotFound")
    assert error["data"]["arguments"] == []


@pytest.mark.parametrize("profile", NEW)
def test_since_16_it_is_a_page(wires: Wires, profile: str) -> None:
    answer = post(wires(profile), "/web/session/nope")
    assert (answer.status, answer.media_type) == (404, "text/html")


@pytest.mark.parametrize("profile", PROFILES)
def test_another_content_type_is_refused(wires: Wires, profile: str) -> None:
    answer = wires(profile).http("POST", "/jsonrpc", json.dumps({"params": VERSION}), "text/plain")
    expected = (415, "application/json, application/json-rpc") if PROFILES[profile].generation >= 19 else (400, None)
    assert (answer.status, answer.headers.get("Accept")) == expected


@pytest.mark.parametrize("profile", PROFILES)
def test_unknown_params_are_dropped_since_13(wires: Wires, profile: str) -> None:
    envelope = post(wires(profile), "/jsonrpc", {**VERSION, "bogus": 1}).json()
    if PROFILES[profile].generation >= 13:
        assert envelope["result"]["protocol_version"] == 1
    else:
        assert envelope["error"]["data"]["message"] == "jsonrpc() got an unexpected keyword argument 'bogus'"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_context_beside_the_arguments_is_ignored(wires: Wires, profile: str) -> None:
    assert "result" in post(wires(profile), "/jsonrpc", {**VERSION, "context": {}}).json()


@pytest.mark.parametrize("profile", PROFILES)
def test_an_unknown_service_is_the_error_of_the_generation(wires: Wires, profile: str) -> None:
    error = wires(profile).rpc("nope", "version", [])["error"]["data"]
    if profile in OLD:
        assert error["name"] == "builtins.UnboundLocalError"
        assert error["message"] == "local variable 'dispatch' referenced before assignment"
    elif profile == "odoo-20.0":
        assert (error["name"], error["message"]) == ("builtins.ValueError", "Invalid service name: nope")
    else:
        assert (error["name"], error["message"]) == ("builtins.KeyError", "nope")


@pytest.mark.parametrize(
    ("profile", "text"),
    [
        ("flectra-1.6", 'FATAL:  database "x" does not exist\n'),
        ("odoo-15.0", 'connection to server at "127.0.0.1", port 5432 failed: FATAL:  database "x" does not exist\n'),
    ],
)
def test_an_unknown_database_is_the_drivers_error(wires: Wires, profile: str, text: str) -> None:
    error = wires(profile).rpc("common", "login", ["x", "a", "b"])["error"]["data"]
    assert (error["name"], error["message"].rstrip()) == ("psycopg2.OperationalError", text.rstrip())


# -- XML-RPC

CALL = xmlrpc.client.dumps((), "version")


@pytest.mark.parametrize("profile", OF_11)
def test_in_11_xmlrpc_stands_before_the_routes(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    assert wire.http("GET", "/xmlrpc/2/common").status == 404
    assert wire.http("POST", "/xmlrpc/2/common", "<junk", "text/xml").status == 500
    answer = wire.http("POST", "/xmlrpc/3/common", CALL, "text/xml")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml")
    with pytest.raises(xmlrpc.client.Fault, match="dispatch"):
        xmlrpc.client.loads(answer.body)
    assert wire.http("POST", "/xmlrpc/2/common", CALL, JSON).status == 200


@pytest.mark.parametrize("profile", ["odoo-12.0", "odoo-15.0", "odoo-18.0"])
def test_since_12_xmlrpc_is_a_route(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    refusal = wire.http("GET", "/xmlrpc/2/common")
    assert (refusal.status, refusal.headers["Allow"]) == (405, "POST" if profile in OLD else "OPTIONS, POST")
    assert wire.http("POST", "/xmlrpc/3/common", CALL, "text/xml").status == 404
    junk = wire.http("POST", "/xmlrpc/2/common", "<junk", "text/xml")
    assert (junk.status, junk.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert wire.http("POST", "/xmlrpc/2/common", CALL, JSON).status == (400 if profile in OLD else 200)


@pytest.mark.parametrize(
    ("profile", "head", "controls"),
    [
        ("odoo-11.0", b"<?xml version='1.0'?>\n", True),
        ("odoo-14.0", b"<?xml version='1.0'?>\n", True),
        ("odoo-15.0", b"<?xml version='1.0'?>\n", False),
        ("odoo-18.0", b'<?xml version="1.0"?>\n', False),
    ],
)
def test_an_xmlrpc_document_is_written_as_the_generation_does(
    wires: Wires, profile: str, head: bytes, controls: bool
) -> None:
    wire = wires(profile)
    params = (DB, wire.uid, PASSWORD, "res.partner", "wire_awkward", ["control"])
    answer = wire.http("POST", "/xmlrpc/2/object", xmlrpc.client.dumps(params, "execute_kw"), "text/xml")
    assert answer.body.startswith(head)
    assert (b"\x1f" in answer.body) is controls


@pytest.mark.parametrize(("profile", "kind"), [("odoo-17.0", "DateTime"), ("odoo-18.0", "datetime")])
def test_a_time_in_a_request_arrives_as_the_generation_reads_it(wires: Wires, profile: str, kind: str) -> None:
    wire = wires(profile)
    value = [xmlrpc.client.DateTime("20240229T13:05:00")]
    answer = wire.xmlrpc("object", "execute_kw", (DB, wire.uid, PASSWORD, "res.partner", "wire_kind", value))
    assert answer == kind


# -- sessions


@pytest.mark.parametrize("profile", OF_11)
def test_in_11_a_failed_login_is_an_answer(wires: Wires, profile: str) -> None:
    answer = post(wires(profile), "/web/session/authenticate", {**PARAMS, "password": "bad"})
    info = answer.json()["result"]
    assert list(info) == list(PROFILES[profile].session_info_keys())
    assert (info["uid"], info["username"], info["currencies"], info["db"]) == (False, False, {}, DB)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("profile", ["odoo-12.0", "odoo-15.0", "odoo-19.0", "flectra-2.0"])
def test_since_12_it_is_an_error(wires: Wires, profile: str) -> None:
    envelope = post(wires(profile), "/web/session/authenticate", {**PARAMS, "password": "bad"}).json()
    assert envelope["error"]["data"]["name"] == f"{PROFILES[profile].package}.exceptions.AccessDenied"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_login_tells_the_keys_of_the_profile(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    info = wire.login()
    assert list(info) == list(PROFILES[profile].session_info_keys())
    assert (info["uid"], info["username"], info["is_system"]) == (wire.uid, LOGIN, True)
    sid = wire.cookie.removeprefix("session_id=")
    assert len(sid) == (84 if PROFILES[profile].generation >= 18 else 40)
    assert info.get("session_id", sid) == sid


def test_cloudoffix_tells_what_its_document_prints(wires: Wires) -> None:
    info = wires("cloudoffix-11.0").login()
    assert list(info) == [
        "session_id", "uid", "is_system", "is_superuser", "user_context", "db", "server_version",
        "server_version_info", "name", "username", "company_id", "partner_id", "user_companies", "currencies",
        "web.base.url", "mfa_login_needed", "is_saas_client", "expiration_datetime", "trial", "background_css",
    ]  # fmt: skip
    assert (info["is_superuser"], info["user_companies"], info["mfa_login_needed"]) == (True, False, None)
    assert (info["is_saas_client"], info["expiration_datetime"], info["trial"]) == ("yes", 35, "False")
    assert info["server_version_info"] == [11, 0, 0, "final", 0, ""]


@pytest.mark.parametrize(
    ("profile", "companies"),
    [
        ("odoo-12.0", False),
        ("odoo-13.0", {"current_company": list, "allowed_companies": list}),
        ("odoo-15.0", {"current_company": int, "allowed_companies": {"id", "name", "sequence"}}),
        ("odoo-18.0", {"current_company": int, "disallowed_ancestor_companies": dict,
                       "allowed_companies": {"id", "name", "sequence", "child_ids", "parent_id"}}),
        ("odoo-19.0", {"current_company": int, "disallowed_ancestor_companies": dict,
                       "allowed_companies": {"id", "name", "sequence", "child_ids", "parent_id", "currency_id"}}),
    ],
)  # fmt: skip
def test_companies_have_the_form_of_the_generation(wires: Wires, profile: str, companies: Any) -> None:
    told = wires(profile).login()["user_companies"]
    if companies is False:
        assert told is False
        return
    assert told.keys() == companies.keys()
    for key, kind in companies.items():
        if isinstance(kind, set):
            assert set(told[key]["1"]) == kind
        else:
            assert isinstance(told[key], kind)


@pytest.mark.parametrize("profile", OLD)
def test_until_15_a_session_travels_by_query_or_header_too(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    wire.login()
    sid, wire.cookie = wire.cookie.removeprefix("session_id="), ""
    by_header = post(wire, "/web/session/get_session_info", HTTP_X_OPENERP_SESSION_ID=sid)
    by_query = post(wire, "/web/session/get_session_info", QUERY_STRING=f"session_id={sid}")
    for answer in (by_header, by_query):
        assert answer.json()["result"]["uid"] == wire.uid
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("profile", NEW)
def test_since_16_only_by_cookie(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    wire.login()
    sid, wire.cookie = wire.cookie.removeprefix("session_id="), ""
    answer = post(wire, "/web/session/get_session_info", HTTP_X_OPENERP_SESSION_ID=sid)
    assert answer.status == 404 or answer.json()["error"]["code"] == 100


@pytest.mark.parametrize("profile", PROFILES)
def test_an_expired_session_keeps_the_id_until_15(wires: Wires, profile: str) -> None:
    envelope = post(wires(profile), "/web/session/check", HTTP_COOKIE="session_id=" + "a" * 40).json()
    assert envelope["error"]["code"] == 100
    assert envelope["error"]["message"] == f"{PROFILES[profile].brand} Session Expired"
    assert envelope["id"] == (5 if profile in OLD else None)


@pytest.mark.parametrize("profile", OLD)
def test_until_15_without_a_session_there_is_an_answer_in_json(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    assert post(wire, "/web/session/get_session_info").json()["error"]["code"] == 100
    answer = post(wire, "/web/dataset/call_kw", COUNT)
    status, code = (200, 100) if profile == "flectra-1.6" else (404, 404)
    assert (answer.status, answer.json()["error"]["code"], answer.json()["id"]) == (status, code, 5)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_second_login_changes_the_session_id_since_12(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    wire.login()
    first = wire.cookie
    wire.login()
    assert (wire.cookie == first) is (profile in OF_11)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_cookie_lives_ninety_days_until_15_and_then_seven(wires: Wires, profile: str) -> None:
    cookie = post(wires(profile), "/web/session/authenticate", PARAMS).headers["Set-Cookie"]
    assert f"Max-Age={(90 if profile in OLD else 7) * 86400};" in cookie


@pytest.mark.parametrize("profile", PROFILES)
def test_an_unknown_model_over_the_web_is_not_found_since_18(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    wire.login()
    answer = post(wire, "/web/dataset/call_kw", {**COUNT, "model": "no.such.model"})
    error = answer.json()["error"]
    assert answer.status == 200
    if PROFILES[profile].generation >= 18:
        assert (error["code"], error["message"], answer.json()["id"]) == (404, "404: Not Found", None)
    else:
        assert (error["code"], error["data"]["name"]) == (200, "builtins.KeyError")


def test_since_18_it_is_told_before_the_login_is_looked_at(wires: Wires) -> None:
    wire, cookie = wires("odoo-18.0"), "session_id=" + "a" * 84
    unknown = post(wire, "/web/dataset/call_kw", {**COUNT, "model": "no.such.model"}, HTTP_COOKIE=cookie)
    assert unknown.json()["error"]["code"] == 404
    assert post(wire, "/web/dataset/call_kw", COUNT, HTTP_COOKIE=cookie).json()["error"]["code"] == 100


# -- routes

SPANS: dict[str, tuple[int, int | None]] = {
    "/web/session/modules": (11, None),
    "/web/session/get_lang_list": (11, None),
    "/web/session/change_password": (11, 15),
    "/web/dataset/call": (11, 16),
    "/web/dataset/search_read": (11, 16),
    "/web/dataset/load": (11, 16),
    "/web/dataset/call_button/a/b": (18, None),
}


@pytest.mark.parametrize("path", SPANS)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_route_exists_in_its_generations(wires: Wires, profile: str, path: str) -> None:
    wire = wires(profile)
    wire.login()
    assert (post(wire, path).status == 200) is offered(PROFILES[profile].generation, *SPANS[path])


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("path", ["/web/version", "/json/version"])
def test_the_version_is_a_plain_page_since_19(wires: Wires, profile: str, path: str) -> None:
    answer, major = wires(profile).http("GET", path), PROFILES[profile].generation
    # 18 has /json for the data of pages, which wants a login
    assert answer.status == (200 if major >= 19 else 303 if major == 18 and path.startswith("/json") else 404)
    if answer.status == 200:
        assert answer.json() == {"version_info": [major, 0, 0, "final", 0, ""], "version": f"{major}.0"}


def test_modules_and_languages_are_lists(wires: Wires) -> None:
    wire = wires("odoo-15.0")
    wire.login()
    assert {"base", "web"} <= set(post(wire, "/web/session/modules").json()["result"])
    assert ["en_US", "English (US)"] in post(wire, "/web/session/get_lang_list").json()["result"]


def test_the_older_dataset_routes_answer_in_their_own_shapes(wires: Wires) -> None:
    wire = wires("odoo-15.0")
    wire.login()
    args = {"model": "res.users", "method": "search", "args": [[["id", "=", 2]]]}
    assert post(wire, "/web/dataset/call", args).json()["result"] == [2]
    search = {"model": "res.country", "fields": ["code"], "domain": [["code", "in", ["BE", "FR"]]], "sort": "code"}
    whole = post(wire, "/web/dataset/search_read", search).json()["result"]
    assert (whole["length"], [row["code"] for row in whole["records"]]) == (2, ["BE", "FR"])
    part = post(wire, "/web/dataset/search_read", {**search, "limit": 1}).json()["result"]
    assert (part["length"], len(part["records"])) == (2, 1)
    assert post(wire, "/web/dataset/search_read", {**search, "domain": [["id", "<", 0]]}).json()["result"] == {
        "length": 0, "records": [],
    }  # fmt: skip
    value = post(wire, "/web/dataset/load", {"model": "res.users", "id": 2, "fields": []}).json()["result"]["value"]
    assert (value["id"], value["login"]) == (2, "admin")


def test_a_button_has_no_keywords_in_11_and_12(wires: Wires) -> None:
    wire = wires("odoo-12.0")
    wire.login()
    button = {"model": "res.partner", "method": "wire_echo", "args": [{"type": "x"}]}
    assert post(wire, "/web/dataset/call_button", button).json()["result"] == {"type": "x"}
    wire = wires("odoo-13.0")
    wire.login()
    assert "kwargs" in post(wire, "/web/dataset/call_button", button).json()["error"]["data"]["message"]


@pytest.mark.parametrize(
    ("old", "new", "again", "answer"),
    [
        ("admin", "better", "better", {"new_password": "better"}),
        ("admin", "", "", {"title": "Change Password", "error": "You cannot leave any password empty."}),
        ("admin", "a", "b", {"title": "Change Password",
                             "error": "The new password and its confirmation must be identical."}),
        ("wrong", "a", "a", {"title": "Change Password", "error":
                             "The old password you provided is incorrect, your password was not changed."}),
    ],
)  # fmt: skip
def test_until_15_there_is_a_page_to_change_the_password(
    wires: Wires, old: str, new: str, again: str, answer: dict[str, str]
) -> None:
    wire = wires("odoo-15.0")
    wire.login()
    fields = [{"name": "old_pwd", "value": old}, {"name": "new_password", "value": new},
              {"name": "confirm_pwd", "value": again}]  # fmt: skip
    assert post(wire, "/web/session/change_password", {"fields": fields}).json()["result"] == answer
    expected = wire.uid if "new_password" in answer else False
    assert wire.rpc("common", "login", [DB, LOGIN, "better"])["result"] == expected


def test_the_header_of_19_names_the_database(wires: Wires) -> None:
    wire = wires("odoo-19.0")
    assert post(wire, "/web/dataset/call_kw", COUNT, HTTP_X_ODOO_DATABASE=DB).json()["error"]["code"] == 100
    wire.login()
    assert post(wire, "/web/dataset/call_kw", COUNT, HTTP_X_ODOO_DATABASE=DB).json()["result"] == 0
    assert post(wire, "/web/dataset/call_kw", COUNT, HTTP_X_ODOO_DATABASE="other").status == 403
