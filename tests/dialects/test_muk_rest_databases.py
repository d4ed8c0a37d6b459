"""muk_rest: the routes that make, copy, save and drop databases, and the master password."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.dialects.muk import Muk
from tests.dialects.wire import DB, Answer, Wire

DENIED = "odoo.exceptions.AccessDenied: Access denied"
MADE = {"database_name": "rest", "admin_login": "boss", "admin_password": "secret"}


@pytest.fixture
def muk(wires: Callable[[str], Wire]) -> Muk:
    return Muk(wires("odoo-11.0")).login()


def databases(muk: Muk) -> list[str]:
    listed = muk.send("GET", "/api/database/list").json()
    assert listed["incompatible_databases"] == []
    return list(listed["databases"])


def restore(muk: Muk, content: bytes | None, **values: str) -> Answer:
    """A multipart form with the file and the values."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in values.items()]
    if content is not None:
        head = b'name="backup_file"; filename="b.zip"\r\nContent-Type: application/zip\r\n\r\n'
        parts.append(head + content)
    body = b"".join(b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return muk.wire.http("POST", "/api/database/restore", body, "multipart/form-data; boundary=b")


def failure(answer: Answer) -> str:
    assert answer.status == 400
    return str(answer.json()["error"].rstrip("\n").split("\n")[-1])


def test_databases_are_listed_to_anybody(wires: Callable[[str], Wire]) -> None:
    answer = wires("odoo-11.0").http("GET", "/api/database/list")
    assert answer.json() == {"databases": [DB], "incompatible_databases": []}


@pytest.mark.parametrize("more", [{}, {"master_password": "admin"}], ids=["without password", "with password"])
def test_create_duplicate_and_drop(muk: Muk, more: dict[str, str]) -> None:
    assert muk.value("POST", "/api/database/create", **MADE, **more) is True
    assert databases(muk) == [DB, "rest"]
    assert Muk(muk.wire).login("boss", "secret", "rest").value("GET", "/api/life", db="rest") in (3598, 3599)
    names = {"database_old": "rest", "database_new": "rest_new"}
    assert muk.value("POST", "/api/database/duplicate", **names, **more) is True
    assert databases(muk) == [DB, "rest", "rest_new"]
    assert muk.value("POST", "/api/database/drop", database_name="rest", **more) is True
    assert databases(muk) == [DB, "rest_new"]
    assert muk.value("POST", "/api/database/drop", database_name="rest", **more) is True, "and one that is not there"


def test_create_takes_a_language_a_country_and_demo(muk: Muk) -> None:
    assert muk.value("POST", "/api/database/create", **MADE, lang="de_DE", country_code="de", demo="no") is True
    env = muk.wire.app.databases["rest"].env(1)
    assert env["res.users"].search([("login", "=", "boss")]).lang == "de_DE"
    assert env.company.country_id.code == "DE"


@pytest.mark.parametrize(
    ("route", "sent", "line"),
    [
        ("create", {**MADE, "database_name": "-x"}, "Exception: Invalid database name."),
        ("create", {**MADE, "database_name": "x"}, "Exception: Invalid database name."),
        ("create", {**MADE, "database_name": "a b"}, "Exception: Invalid database name."),
        ("create", {**MADE, "database_name": "../x", "master_password": "no"}, "Exception: Invalid database name."),
        ("create", {**MADE, "database_name": DB},
         f"odoo.service.db.DatabaseExists: database '{DB}' already exists!"),
        ("duplicate", {"database_old": DB, "database_new": "é"}, "Exception: Invalid database name."),
        ("duplicate", {"database_old": DB, "database_new": DB},
         f"odoo.service.db.DatabaseExists: database '{DB}' already exists!"),
        ("duplicate", {"database_old": "nowhere", "database_new": "there"},
         'psycopg2.OperationalError: FATAL:  database "nowhere" does not exist'),
        ("backup", {"database_name": "nowhere"},
         'psycopg2.OperationalError: FATAL:  database "nowhere" does not exist'),
    ],
)  # fmt: skip
def test_what_the_service_refuses(muk: Muk, route: str, sent: dict[str, Any], line: str) -> None:
    told = muk.send("POST", f"/api/database/{route}", sent)
    assert line in told.json()["error"].split("\n")
    assert told.status == 400
    assert databases(muk) == [DB]


@pytest.mark.parametrize(
    ("route", "sent"),
    [
        ("create", MADE), ("duplicate", {"database_old": DB, "database_new": "new"}), ("drop", {"database_name": DB}),
        ("backup", {"database_name": DB}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("wrong", ["wrong", ""])
def test_a_wrong_master_password_is_refused(muk: Muk, route: str, sent: dict[str, Any], wrong: str) -> None:
    assert failure(muk.send("POST", f"/api/database/{route}", {**sent, "master_password": wrong})) == DENIED
    assert databases(muk) == [DB]


def test_the_master_password_is_changed(muk: Muk) -> None:
    path = "/api/change_master_password"
    assert failure(muk.send("POST", path, {"password_new": "pw", "password_old": "wrong"})) == DENIED
    assert muk.send("POST", path, {"password_new": "pw"}).json() is True, "the old one may be left out"
    sent = {"database_name": DB, "master_password": "admin"}
    assert failure(muk.send("POST", "/api/database/drop", sent)) == DENIED
    assert muk.send("POST", path, {"password_new": "pw2", "password_old": "pw"}).json() is True
    assert muk.send("POST", "/api/database/drop", {**sent, "master_password": "pw2"}).json() is True
    assert databases(muk) == []


def test_a_backup_is_a_file_that_restore_takes(muk: Muk) -> None:
    [made] = muk.value("POST", "/api/create", values={"name": "Saved"})
    with muk.wire.app.clock.freeze("2024-05-06 07:08:09"):
        answer = muk.send("POST", "/api/database/backup", {"database_name": DB})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/octet-stream; charset=binary"
    named = f"attachment; filename*=UTF-8''{DB}_2024-05-06_07-08-09.zip"
    assert answer.headers["Content-Disposition"] == named
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert "dump.json" in zipfile.ZipFile(io.BytesIO(answer.body)).namelist()

    assert restore(muk, answer.body, database_name="back").json() is True
    assert databases(muk) == ["back", DB]
    [found] = muk.value("GET", f"/api/read/res.partner/{made['id']}", db="back", fields=["name"])
    assert found["name"] == "Saved", "with the token of the original"


@pytest.mark.parametrize("format", ["dump", "other"])
def test_a_backup_in_another_format_is_named_after_it(muk: Muk, format: str) -> None:
    answer = muk.send("POST", "/api/database/backup", {"database_name": DB, "backup_format": format})
    assert answer.headers["Content-Disposition"].endswith(f".{format}")
    assert restore(muk, answer.body, database_name="back").json() is True


def test_a_format_does_no_harm_in_a_header(muk: Muk) -> None:
    answer = muk.send("POST", "/api/database/backup", {"database_name": DB, "backup_format": "a\r\nSet-Cookie: b"})
    assert "\n" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("copy", ["", "y", "yes", "1", "true", "t", "on", "n", "no", "0", "false", "f", "off", "True"])
def test_restore_takes_a_copy_word_and_any_master_password(muk: Muk, copy: str) -> None:
    content = muk.send("POST", "/api/database/backup", {"database_name": DB}).body
    assert restore(muk, content, database_name="back", copy=copy, master_password="wrong").json() is True


def test_what_restore_refuses(muk: Muk) -> None:
    content = muk.send("POST", "/api/database/backup", {"database_name": DB}).body
    assert failure(restore(muk, content, database_name=DB)) == "Exception: Database already exists"
    assert failure(restore(muk, content, database_name="back", copy="perhaps")).startswith("ValueError: ")
    assert failure(restore(muk, b"no backup", database_name="back")).startswith("ValueError: ")
    assert restore(muk, None, database_name="back").json() == {"error": "arguments_missing ['backup_file']"}
    assert restore(muk, content).json() == {"error": "arguments_missing ['database_name']"}
    assert databases(muk) == [DB]
