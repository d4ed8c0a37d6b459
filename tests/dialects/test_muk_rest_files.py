"""muk_rest: reports and contents of binary fields."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from mockserver.orm.fields.pictures import grey_png
from mockserver.orm.records.environment import Environment, Recordset
from tests.dialects.muk import Muk
from tests.dialects.wire import DB, Wire

REPORT = "base.report_ir_model_overview"
CONTENT = b"\x89PNG\r\n\x1a\nno picture"


@pytest.fixture
def muk(wires: Callable[[str], Wire]) -> Muk:
    return Muk(wires("odoo-11.0")).login()


@pytest.fixture
def env(muk: Muk) -> Environment:
    return muk.wire.app.databases[DB].env(1)


@pytest.fixture
def file(env: Environment) -> Recordset:
    datas = base64.b64encode(CONTENT).decode()
    created: Recordset = env["ir.attachment"].create({"name": "A", "datas": datas, "datas_fname": "größe.png"})
    return created


# -- reports


@pytest.mark.parametrize("kind", [{}, {"type": "pdf"}, {"type": "other"}, {"type": ""}])
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("", {"report": REPORT}), ("/ir.model", {"report": REPORT}), (f"/ir.model/{REPORT}", {}),
        (f"/ir.model/{REPORT}", {"report": "wins.not"}), ("", {"report": REPORT, "model": "ir.model"}),
    ],
)  # fmt: skip
def test_a_report_is_a_pdf(muk: Muk, path: str, sent: dict[str, str], kind: dict[str, str]) -> None:
    answer = muk("GET", f"/api/report{path}", ids=[1, 2], **sent, **kind)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.body.startswith(b"%PDF")
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert "Set-Cookie" in answer.headers


@pytest.mark.parametrize("ids", ["[1]", "1"])
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_report_is_html_when_that_is_asked_for(muk: Muk, verb: str, ids: str) -> None:
    more = {"args": "[1]", "kwargs": '{"a": 1}', "context": '{"lang": "en_US"}'}
    answer = muk(verb, "/api/report", report=REPORT, ids=ids, type="html", **more)
    assert (answer.status, answer.media_type) == (200, "text/html")
    assert b'data-oe-id="1"' in answer.body


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ({"report": "base.nothing"}, "ValueError: External ID not found in the system: base.nothing"),
        ({"report": "base.main_company"}, None),
        ({"ids": "no json"}, None),
        ({"ids": [999999]}, None),
        ({"ids": ["x"]}, None),
        ({"context": "no json"}, None),
        ({"args": "no json"}, None),
        ({"kwargs": "no json"}, None),
    ],
)
def test_a_report_that_fails(muk: Muk, sent: dict[str, Any], line: str | None) -> None:
    told = muk.failure("GET", "/api/report", **{"report": REPORT, "ids": [1], **sent})
    assert line is None or told == line


# -- contents


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("", {"id": "{id}"}),
        ("", {"model": "ir.attachment", "id": "{id}", "field": "datas"}),
        ("", {"xmlid": "muk.file"}),
        ("/muk.file", {}),
        ("/{id}", {}),
        ("/{id}-abc", {}),
        ("/ir.attachment/{id}/datas", {}),
    ],
)
@pytest.mark.parametrize("filename", ["", "own.png"])
def test_every_path_to_a_file(muk: Muk, file: Recordset, path: str, sent: dict[str, str], filename: str) -> None:
    file.env["ir.model.data"].create({"module": "muk", "name": "file", "model": file._name, "res_id": file.id})
    path = path.format(id=file.id) + (f"/{filename}" if filename and path else "")
    values = {name: value.format(id=file.id) for name, value in sent.items()}
    answer = muk("GET", f"/api/binary{path}", **values, **({"filename": filename} if filename and not path else {}))
    assert answer.status == 200, answer.body
    assert answer.body == CONTENT
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["ETag"] == f'"{file.checksum}"'
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    named = filename or "gr%C3%B6%C3%9Fe.png"
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{named}"
    seconds = int(answer.headers["Cache-Control"].removeprefix("max-age="))
    assert seconds > 1000 if "-abc" in path else seconds == 0


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
def test_a_file_by_every_verb(muk: Muk, file: Recordset, verb: str) -> None:
    assert muk(verb, f"/api/binary/{file.id}").body == CONTENT


def test_parameters_of_a_file(muk: Muk, env: Environment, file: Recordset) -> None:
    answer = muk("GET", "/api/binary", id=str(file.id), filename_field="name", mimetype="text/x\r\ny", unique="1")
    assert answer.headers["Content-Type"] == "text/xy"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''A")
    assert answer.headers["Cache-Control"] != "max-age=0"
    assert muk("GET", "/api/binary", id=str(file.id), data="ignored").body == CONTENT


def test_a_binary_field_of_any_model(muk: Muk, env: Environment) -> None:
    env["res.partner"].browse(1).write({"image": base64.b64encode(grey_png(9, 9)).decode()})
    answer = muk("GET", "/api/binary/res.partner/1/image")
    assert answer.body == grey_png(9, 9)
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''res.partner-1-image.png"


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"id": "999999"}, {"id": "x"}, {"id": "0"}, {"id": "-1"}, {"xmlid": "no.thing"},
        {"model": "no.such.model", "id": "1"}, {"model": "res.partner", "id": "1"},
        {"model": "res.partner", "id": "1", "field": "name"}, {"model": "res.partner", "id": "1", "field": "nofield"},
        {"model": "res.partner", "id": "1", "field": "image"},
    ],
)  # fmt: skip
def test_a_file_that_there_is_not_is_a_traceback(muk: Muk, sent: dict[str, str]) -> None:
    assert muk.failure("GET", "/api/binary", **sent)


def test_what_is_not_modified_and_what_is_elsewhere_fail_too(muk: Muk, env: Environment, file: Recordset) -> None:
    sent = {"token": muk.token, "id": str(file.id)}
    answer = muk.send("GET", "/api/binary", sent, HTTP_IF_NONE_MATCH=f'"{file.checksum}"')
    assert answer.status == 400
    assert answer.json()["error"].endswith("werkzeug.exceptions.NotModified: 304: Not Modified\n")
    link = env["ir.attachment"].create({"name": "L", "type": "url", "url": "http://example.com"})
    assert muk.failure("GET", f"/api/binary/{link.id}") == "werkzeug.exceptions.Elsewhere: 301: Moved Permanently"


def test_a_file_that_the_user_may_not_have(muk: Muk, env: Environment, file: Recordset) -> None:
    group = env.ref("base.group_portal")
    assert group is not None
    env["res.users"].create({"name": "P", "login": "p", "password": "p", "groups_id": [(6, 0, group.ids)]})
    told = Muk(muk.wire).login("p", "p").failure("GET", f"/api/binary/{file.id}")
    assert told.startswith("odoo.exceptions.AccessError: ")
