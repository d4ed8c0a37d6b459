"""`/web/database/…`: forms, redirects, the file of a backup, and the page that tells an error."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from mockserver.clock import Clock
from mockserver.profiles import PROFILES
from mockserver.server.app import App, create_app
from tests.dialects.wire import Answer, Wire

Wires = Callable[[str], Wire]
FORM = "application/x-www-form-urlencoded"
CREATE = {"master_pwd": "admin", "name": "fresh", "lang": "en_US", "password": "pw", "login": "boss"}


def send(wire: Wire, action: str, **fields: str) -> Answer:
    return wire.http("POST", f"/web/database/{action}", urlencode(fields), FORM)


def upload(wire: Wire, data: bytes, **fields: Any) -> Answer:
    fields["backup_file"] = FileStorage(io.BytesIO(data), "backup.zip")
    boundary, body = encode_multipart(fields)
    return wire.http("POST", "/web/database/restore", body, f"multipart/form-data; boundary={boundary}")


def names(wire: Wire) -> list[str]:
    return sorted(wire.app.databases)  # from 20 on there is no service that lists them


def error(answer: Answer) -> str:
    """The text of the page's alert."""
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    found = re.search(r'role="alert">(.*?)</p>', answer.body.decode(), re.DOTALL)
    assert found, answer.body
    return found.group(1)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_database_is_made_and_its_administrator_logged_in(wires: Wires, profile: str) -> None:
    wire = wires(profile)
    answer = send(wire, "create", **CREATE)
    assert (answer.status, answer.headers["Location"], answer.body) == (303, "/web", b"")
    assert names(wire) == ["fresh", "mock"]
    assert wire.rpc("common", "login", ["fresh", "boss", "pw"])["result"] == wire.uid
    wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    info = wire.json("/web/session/get_session_info", {"params": {}}).json()["result"]
    assert (info["db"], info["username"]) == ("fresh", "boss")


def test_country_and_phone_and_demo_are_taken(wire: Wire) -> None:
    assert send(wire, "create", **CREATE, country_code="be", phone="+32 2 290 34 90", demo="1").status == 303
    company = wire.app.databases["fresh"].env(2).company
    assert company.country_id.code == "BE"


def test_the_login_is_admin_when_left_out(wire: Wire) -> None:
    send(wire, "create", **{key: value for key, value in CREATE.items() if key != "login"})
    assert wire.rpc("common", "login", ["fresh", "admin", "pw"])["result"] == 2


def test_a_copy_is_made_and_a_database_dropped(wire: Wire) -> None:
    answer = send(wire, "duplicate", master_pwd="admin", name="mock", new_name="twin")
    assert (answer.status, answer.headers["Location"]) == (303, "/web/database/manager")
    assert names(wire) == ["mock", "twin"]
    answer = send(wire, "drop", master_pwd="admin", name="mock")
    assert (answer.status, answer.headers["Location"]) == (303, "/web/database/manager")
    assert names(wire) == ["twin"]


def test_dropping_what_is_not_there_is_no_error(wire: Wire) -> None:
    assert send(wire, "drop", master_pwd="admin", name="nowhere").status == 303


class Noon(Clock):
    def moment(self) -> datetime:
        return datetime(2026, 2, 3, 12, 4, 5, tzinfo=timezone.utc)


def test_a_backup_is_a_file_that_restores() -> None:
    wire = Wire(create_app(clock=Noon()))
    wire.app.databases["mock"].env(2)["res.partner"].create({"name": "Saved"})
    answer = send(wire, "backup", master_pwd="admin", name="mock", backup_format="zip")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/octet-stream; charset=binary"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''mock_2026-02-03_12-04-05.zip"
    assert "dump.json" in zipfile.ZipFile(io.BytesIO(answer.body)).namelist()

    restored = upload(wire, answer.body, master_pwd="admin", name="back", copy="true")
    assert (restored.status, restored.headers["Location"]) == (303, "/web/database/manager")
    assert wire.app.databases["back"].env(2)["res.partner"].search([("name", "=", "Saved")]).name == "Saved"


def test_a_dump_of_another_format_restores_too(wire: Wire) -> None:
    answer = send(wire, "backup", master_pwd="admin", name="mock", backup_format="dump")
    assert answer.headers["Content-Disposition"].endswith(".dump")
    assert upload(wire, answer.body, master_pwd="admin", name="back").status == 303
    assert names(wire) == ["back", "mock"]


@pytest.mark.parametrize("format", ["../../etc", "a b", "x\r\nSet-Cookie: a=b", "ä"])
def test_a_format_of_another_alphabet_stays_out_of_the_header(wire: Wire, format: str) -> None:
    answer = send(wire, "backup", master_pwd="admin", name="mock", backup_format=format)
    assert re.fullmatch(r"attachment; filename\*=UTF-8''mock_[\d_-]+\.dump", answer.headers["Content-Disposition"])


def test_the_master_password_is_changed_for_every_wire(wire: Wire) -> None:
    answer = send(wire, "change_password", master_pwd="admin", master_pwd_new="secret")
    assert (answer.status, answer.headers["Location"]) == (303, "/web/database/manager")
    assert error(send(wire, "drop", master_pwd="admin", name="mock")).startswith("Database deletion error: Access ")
    assert wire.rpc("db", "duplicate_database", ["secret", "mock", "twin"])["result"] is True
    assert send(wire, "drop", master_pwd="secret", name="twin").status == 303


WRONG = {
    "create": ("Database creation error", CREATE),
    "duplicate": ("Database duplication error", {"name": "mock", "new_name": "x1"}),
    "drop": ("Database deletion error", {"name": "mock"}),
    "backup": ("Database backup error", {"name": "mock"}),
    "change_password": ("Master password update error", {"master_pwd_new": "x"}),
}


@pytest.mark.parametrize("action", WRONG)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_wrong_master_password_is_told_on_the_page(wires: Wires, profile: str, action: str) -> None:
    wire = wires(profile)
    head, fields = WRONG[action]
    denied = PROFILES[profile].rules.access_denied
    assert error(send(wire, action, **{**fields, "master_pwd": "nope"})) == f"{head}: {denied}"
    assert names(wire) == ["mock"]


def test_a_wrong_master_password_restores_nothing(wire: Wire) -> None:
    assert error(upload(wire, b"x", master_pwd="nope", name="new")) == "Database restore error: Access Denied"


@pytest.mark.parametrize(
    ("action", "fields", "text"),
    [
        ("create", {**CREATE, "name": "mock"}, "Database creation error: database &#x27;mock&#x27; already exists!"),
        (
            "create",
            {**CREATE, "name": "no name!"},
            "Database creation error: Invalid database name. "
            "Only alphanumerical characters, underscore, hyphen and dot are allowed.",
        ),
        ("duplicate", {"name": "mock", "new_name": "mock"}, "Database duplication error: database &#x27;mock&#x27;"),
        ("duplicate", {"name": "nowhere", "new_name": "x1"}, "Database duplication error: "),
        ("backup", {"name": "nowhere"}, "Database backup error: "),
        ("backup", {"name": "<script>"}, "Database backup error: "),
    ],
)
def test_what_the_service_refuses_is_told_on_the_page(
    wire: Wire, action: str, fields: dict[str, str], text: str
) -> None:
    told = error(send(wire, action, **{"master_pwd": "admin", **fields}))
    assert told.startswith(text)
    assert "<" not in told
    assert names(wire) == ["mock"]


def test_a_file_that_is_no_backup_is_told_on_the_page(wire: Wire) -> None:
    told = error(upload(wire, b"PK\x03\x04 no zip", master_pwd="admin", name="new"))
    assert told.startswith("Database restore error: this is not a dump of a database")
    told = error(upload(wire, b"{}", master_pwd="admin", name="mock"))
    assert told == "Database restore error: Database already exists"


@pytest.mark.parametrize("action", [*WRONG, "restore"])
def test_a_field_that_is_left_out_is_named(wire: Wire, action: str) -> None:
    answer = send(wire, action, master_pwd="admin")
    assert answer.status == 400
    assert b"The form has no field" in answer.body


def test_a_backup_file_must_be_uploaded(wire: Wire) -> None:
    answer = send(wire, "restore", master_pwd="admin", name="x1", backup_file="text")
    assert answer.status == 400
    assert b"send the form as multipart/form-data" in answer.body


@pytest.mark.parametrize("action", [*WRONG, "restore"])
def test_only_a_post_is_a_form(wire: Wire, action: str) -> None:
    answer = wire.http("GET", f"/web/database/{action}")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/web/database/manager", "/web/database/selector"])
def test_the_pages_list_the_databases(path: str) -> None:
    app: App = create_app(db=["one", "two"])
    answer = Wire(app).http("GET", path)
    assert (answer.status, answer.media_type) == (200, "text/html")
    assert b"<li>one</li><li>two</li>" in answer.body
    assert b"alert" not in answer.body


def test_observers_see_the_call_of_the_service(wire: Wire) -> None:
    seen: list[str] = []
    wire.app.observe(lambda exchange: seen.append(f"{exchange.dialect} {exchange.target} {exchange.outcome}"))
    send(wire, "duplicate", master_pwd="admin", name="mock", new_name="twin")
    send(wire, "drop", master_pwd="x", name="twin")
    wire.http("GET", "/web/database/manager")
    assert seen == [
        "database db.duplicate_database ok",
        "database db.drop AccessDenied",
        "database GET /web/database/manager ok",
    ]
