"""The routes of a browser: login, logout, actions, exports, menus, translations, and what needs no session."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from mockserver.dialects.web import csrf
from tests.dialects.wire import LOGIN, PASSWORD, UID, Answer, Wire

FORM = "application/x-www-form-urlencoded"


def post(wire: Wire, path: str, **params: Any) -> Any:
    return wire.json(path, {"id": 1, "params": params}).json()


def submit(wire: Wire, path: str, **values: str) -> Answer:
    return wire.http("POST", path, urlencode({"csrf_token": wire.csrf_token, **values}), FORM)


def get(wire: Wire, path: str, **params: str) -> Answer:
    return wire.http("GET", path, QUERY_STRING=urlencode(params))


@pytest.fixture
def visitor(wire: Wire) -> Wire:
    """A browser that has seen the login page."""
    page = get(wire, "/web/login")
    wire.cookie = page.headers["Set-Cookie"].partition(";")[0]
    assert f'name="csrf_token" value="{wire.csrf_token}"'.encode() in page.body
    return wire


# -- the login page


def test_the_form_logs_in(visitor: Wire) -> None:
    before = visitor.cookie
    answer = submit(visitor, "/web/login", login=LOGIN, password=PASSWORD)
    assert (answer.status, answer.headers["Location"]) == (303, "/web")
    visitor.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert visitor.cookie != before
    assert post(visitor, "/web/session/get_session_info")["result"]["uid"] == UID


def test_the_form_of_a_user_with_two_factor_authentication_leads_to_its_second_page(visitor: Wire) -> None:
    database = visitor.app.databases["mock"]
    with database.transaction():
        database.env(UID).sudo()["res.users"].browse(UID).write({"totp_secret": "JBSWY3DP"})
    answer = submit(visitor, "/web/login", login=LOGIN, password=PASSWORD)
    assert (answer.status, answer.headers["Location"]) == (303, "/web/login/totp")
    assert b"API key" in get(visitor, "/web/login/totp").body
    assert get(visitor, "/web").status == 303  # nobody is logged in


@pytest.mark.parametrize("values", [{"login": LOGIN, "password": "bad"}, {"login": "", "password": ""}])
def test_a_wrong_password_shows_the_form_again(visitor: Wire, values: dict[str, str]) -> None:
    answer = submit(visitor, "/web/login", **values)
    assert answer.status == 200
    assert b"Wrong login/password" in answer.body
    assert csrf.token(visitor.cookie.partition("=")[2]).encode() in answer.body


def test_a_form_without_the_token_of_its_session_is_refused(visitor: Wire) -> None:
    for token in ("", "bad", csrf.token("another")):
        answer = submit(visitor, "/web/login", login=LOGIN, password=PASSWORD, csrf_token=token)
        assert (answer.status, b"invalid CSRF token" in answer.body) == (400, True)


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/web/health", "/web/health"), ("https://evil.test/x?y=1", "/x?y=1"), ("//evil.test/x", "/x"),
        ("/\\evil.test", "/evil.test"), ("a\r\nb", "/ab"), ("http://[", "/web"),
    ],
)  # fmt: skip
def test_a_login_leads_to_an_address_of_this_server(visitor: Wire, asked: str, location: str) -> None:
    answer = submit(visitor, "/web/login", login=LOGIN, password=PASSWORD, redirect=asked)
    assert answer.headers["Location"] == location


def test_what_a_visitor_sent_does_not_become_html(wire: Wire) -> None:
    body = get(wire, "/web/login", redirect='"><script>', login="<b>").body
    assert b"<script>" not in body
    assert b"<b>" not in body


def test_a_logout_ends_the_session(wire: Wire) -> None:
    wire.login()
    answer = get(wire, "/web/session/logout")
    assert (answer.status, answer.headers["Location"]) == (303, "/web")
    assert post(wire, "/web/session/check")["error"]["code"] == 100


def test_the_page_of_the_client_has_what_scripts_read(wire: Wire) -> None:
    wire.login()
    body = get(wire, "/web").body.decode()
    assert re.findall('csrf_token: "([^"]+)"', body) == [wire.csrf_token]
    found = re.search(r"odoo.__session_info__ = (.*);</script>", body)
    assert found is not None
    assert json.loads(found[1])["uid"] == UID


def test_18_has_another_address(wires: Callable[[str], Wire]) -> None:
    wire = wires("odoo-18.0")
    assert get(wire, "/").headers["Location"] == "/odoo"
    assert get(wire, "/odoo/contacts").headers["Location"] == "/web/login?redirect=%2Fodoo%2Fcontacts%3F"
    assert get(wires("odoo-17.0"), "/odoo").status == 404


def test_a_portal_user_does_not_reach_the_client(wire: Wire) -> None:
    env = wire.app.databases["mock"].env(UID)
    portal = env.ref("base.group_portal")
    assert portal is not None
    env["res.users"].create({"name": "P", "login": "p", "password": "p-secret", "groups_id": [(6, 0, portal.ids)]})
    page = get(wire, "/web/login")
    wire.cookie = page.headers["Set-Cookie"].partition(";")[0]
    answer = submit(wire, "/web/login", login="p", password="p-secret")
    assert answer.headers["Location"] == "/web/login_successful"
    wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert get(wire, "/web").headers["Location"] == "/web/login_successful"


# -- actions


def test_an_action_is_loaded_by_either_id(wire: Wire) -> None:
    wire.login()
    by_name = post(wire, "/web/action/load", action_id="base.action_res_users")["result"]
    assert (by_name["xml_id"], by_name["view_mode"]) == ("base.action_res_users", "list,kanban,form")
    assert by_name["views"] == [[False, "list"], [False, "kanban"], [False, "form"]]
    assert "create_uid" not in by_name
    assert post(wire, "/web/action/load", action_id=by_name["id"])["result"] == by_name


def test_a_server_action_is_run(wire: Wire) -> None:
    wire.login()
    env = wire.app.databases["mock"].env(UID)
    values = {"name": "A", "model_id": env["ir.model"].search([("model", "=", "res.partner")]).id, "state": "code"}
    action = env["ir.actions.server"].create({**values, "code": "pass"})
    assert post(wire, "/web/action/run", action_id=action.id)["result"] is False


# -- exports


def test_what_can_be_exported(wire: Wire) -> None:
    wire.login()
    fields = {f["id"]: f for f in post(wire, "/web/export/get_fields", model="res.partner")["result"]}
    assert fields["id"]["string"] == "External ID"
    assert fields["country_id"]["children"] is True
    assert fields["country_id"]["value"] == "country_id/id"
    assert "commercial_partner_id" not in fields, "what is read-only cannot be imported again"
    below = post(wire, "/web/export/get_fields", **fields["country_id"]["params"], parent_field_type="many2one")
    assert sorted(f["id"] for f in below["result"]) == ["country_id/id", "country_id/name"]
    every = post(wire, "/web/export/get_fields", model="res.partner", import_compat=False)["result"]
    assert {".id", "commercial_partner_id"} <= {f["id"] for f in every}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_exported(wire: Wire, kind: str) -> None:
    wire.login()
    env = wire.app.databases["mock"].env(UID)
    tags = env["res.partner.category"].create([{"name": "=one", "color": 3}, {"name": "two", "color": 0}])
    data = {
        "model": "res.partner.category", "ids": tags.ids, "domain": [], "import_compat": False,
        "fields": [{"name": "name", "label": " Tag "}, {"name": "color", "label": "Color"}],
    }  # fmt: skip
    answer = submit(wire, f"/web/export/{kind}", data=json.dumps(data))
    assert answer.status == 200
    assert answer.headers["Content-Disposition"].endswith(f".{kind}")
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.body.decode())))
        assert rows == [["Tag", "Color"], ["'=one", "3"], ["two", "0"]]
    else:
        with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
            sheet = book.read("xl/sheet1.xml").decode()
        assert '<t xml:space="preserve">=one</t>' in sheet
        assert "<v>3</v>" in sheet


def test_groups_cannot_be_exported_as_csv(wire: Wire) -> None:
    wire.login()
    data = {
        "model": "res.partner", "ids": [], "domain": [], "import_compat": False, "groupby": ["country_id"],
        "fields": [{"name": "name", "label": "Name"}],
    }  # fmt: skip
    assert submit(wire, "/web/export/csv", data=json.dumps(data)).status == 400


# -- menus, translations, static files


def test_menus_are_those_of_the_user(wire: Wire) -> None:
    wire.login()
    menus = get(wire, "/web/webclient/load_menus/1").json()
    settings = menus[str(menus["root"]["children"][-1])]
    assert settings["xmlid"] == "base.menu_administration"
    assert (settings["appID"], settings["actionModel"]) == (settings["id"], "ir.actions.act_window")
    env = wire.app.databases["mock"].env(UID)
    env["res.users"].create({"name": "U", "login": "u", "password": "u-secret"})
    params = {"db": "mock", "login": "u", "password": "u-secret"}
    answer = wire.json("/web/session/authenticate", {"params": params})
    wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    shown = get(wire, "/web/webclient/load_menus/1").json()
    assert str(settings["id"]) not in shown


def test_an_unknown_language_has_no_parameters(wire: Wire) -> None:
    told = get(wire, "/web/webclient/translations/1", lang="xx_XX", mods="web").json()
    assert told == {"lang": "xx_XX", "lang_parameters": None, "modules": {}, "multi_lang": told["multi_lang"]}


def test_an_attachment_of_an_address_of_the_server_is_sent_itself(wire: Wire) -> None:
    wire.login()
    made = wire.app.databases["mock"].env(UID)["ir.attachment"]
    own = made.create({"name": "own", "type": "url", "url": "/web/static/img/logo2.png"})
    other = made.create({"name": "other", "type": "url", "url": "https://x.test/a.png"})
    assert get(wire, f"/web/content/{own.id}").headers["Content-Type"] == "image/png"
    answer = get(wire, f"/web/content/{other.id}")
    assert (answer.status, answer.headers["Location"]) == (301, "https://x.test/a.png")


def test_resequence_numbers_all_or_nothing(wire: Wire) -> None:
    wire.login()
    banks = wire.app.databases["mock"].env(UID)["res.partner.bank"]
    made = banks.create([{"acc_number": f"A{number}", "partner_id": 1} for number in range(3)])
    ids = list(reversed(made.ids))
    assert post(wire, "/web/dataset/resequence", model="res.partner.bank", ids=ids, offset=5)["result"] is True
    assert made.mapped("sequence") == [7, 6, 5]
    assert post(wire, "/web/dataset/resequence", model="res.partner.bank", ids=ids, field="nope")["result"] is False
