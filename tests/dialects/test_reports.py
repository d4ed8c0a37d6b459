"""Reports over plain HTTP: converters, downloads, errors, and whose bytes they are."""

from __future__ import annotations

import base64
import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader

from mockserver.server.app import App, create_app
from mockserver.server.exchange import Exchange
from mockserver.services import reports
from tests.dialects.wire import Answer, Wire


def report(app: App, **values: Any) -> int:
    env = app.databases["mock"].env(app.profile.admin_id)
    usual = {"name": "Contact Sheet", "report_name": "test.sheet", "model": "res.partner", **values}
    made: int = env["ir.actions.report"].create(usual).id
    return made


def people(app: App, *names: str) -> list[int]:
    env = app.databases["mock"].env(app.profile.admin_id)
    return [env["res.partner"].create({"name": name}).id for name in names]


def listed(ids: list[int]) -> str:
    return ",".join(map(str, ids))


def get(wire: Wire, path: str, **params: Any) -> Answer:
    return wire.http("GET", path, QUERY_STRING=urlencode(params))


def download(wire: Wire, url: str, kind: str = "qweb-pdf", **params: str) -> Answer:
    body = urlencode({"data": json.dumps([url, kind]), "csrf_token": wire.csrf_token, **params})
    return wire.http("POST", "/report/download", body, "application/x-www-form-urlencoded")


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content), strict=True).pages)


def hidden(answer: Answer) -> Any:
    """The JSON that an error of a download has in its HTML."""
    return json.loads(html.unescape(answer.body.decode()))


@pytest.fixture
def known(wire: Wire) -> Wire:
    wire.login()
    return wire


# -- what is printed


def test_a_pdf_names_the_records(app: App, known: Wire) -> None:
    report(app)
    ids = people(app, "Anna (Ä)", "Борис")
    answer = get(known, f"/report/pdf/test.sheet/{listed(ids)}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    text = pdf_text(answer.body)
    assert ["Contact Sheet", "test.sheet", f"res.partner,{ids[0]}: Anna (Ä)", f"res.partner,{ids[1]}: Борис"] == (
        text.split("\n")[:4]
    )


def test_a_page_names_the_records(app: App, known: Wire) -> None:
    report(app, name="A & B")
    [id_] = people(app, "<b>Anna</b>")
    answer = get(known, f"/report/html/test.sheet/{id_}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = answer.body.decode()
    assert "<h1>A &amp; B</h1>" in page
    assert f'data-oe-model="res.partner" data-oe-id="{id_}"><h2>&lt;b&gt;Anna&lt;/b&gt;</h2>' in page


def test_a_text_names_the_records(app: App, known: Wire) -> None:
    report(app)
    [id_] = people(app, "Änne")
    answer = get(known, f"/report/text/test.sheet/{id_}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain")
    assert answer.body.decode() == f"Contact Sheet\ntest.sheet\nres.partner,{id_}: Änne\n"


def test_a_report_of_no_records_has_its_title(app: App, known: Wire) -> None:
    report(app)
    assert get(known, "/report/text/test.sheet").body == b"Contact Sheet\ntest.sheet\n"


def test_what_is_no_number_among_the_ids_is_left_out(app: App, known: Wire) -> None:
    report(app)
    [id_] = people(app, "Anna")
    assert get(known, f"/report/text/test.sheet/x,{id_},-3,²").body.endswith(f"res.partner,{id_}: Anna\n".encode())


def test_a_report_is_found_by_its_external_id(app: App, known: Wire) -> None:
    values = {"module": "test", "name": "sheet_action", "model": "ir.actions.report", "res_id": report(app)}
    app.databases["mock"].env(1)["ir.model.data"].create(values)
    assert get(known, "/report/text/test.sheet_action").body == b"Contact Sheet\ntest.sheet\n"


def test_a_file_attached_to_the_report_is_what_it_prints(app: App, known: Wire) -> None:
    env = app.databases["mock"].env(2)
    place = {"res_model": "ir.actions.report", "res_id": report(app)}
    for name, content in (("old.pdf", b"%PDF old"), ("new.pdf", b"%PDF new"), ("a.txt", b"text")):
        env["ir.attachment"].create({"name": name, "datas": base64.b64encode(content).decode(), **place})
    assert get(known, "/report/pdf/test.sheet/1").body == b"%PDF new"
    assert get(known, "/report/text/test.sheet/1").body == b"text"
    assert get(known, "/report/html/test.sheet/1").body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize(("uses", "own"), [(True, True), (False, False)])
def test_a_report_may_reload_from_the_attachment_of_its_record(app: App, known: Wire, uses: bool, own: bool) -> None:
    report(app, attachment_use=uses)
    first, second = people(app, "Anna", "Ben")
    datas = base64.b64encode(b"%PDF own").decode()
    values = {"name": "own.pdf", "datas": datas, "res_model": "res.partner", "res_id": first}
    app.databases["mock"].env(2)["ir.attachment"].create(values)
    assert (get(known, f"/report/pdf/test.sheet/{first}").body == b"%PDF own") is own
    assert get(known, f"/report/pdf/test.sheet/{second}").body != b"%PDF own"
    assert get(known, f"/report/pdf/test.sheet/{first},{second}").body != b"%PDF own"


def test_the_context_of_the_request_counts(app: App, known: Wire) -> None:
    report(app, model="res.company")
    answer = get(known, "/report/text/test.sheet/1", context='{"allowed_company_ids": [1]}', options='{"a": 1}')
    assert answer.status == 200


# -- what goes wrong


@pytest.mark.parametrize("path", ["/report/pdf/test.sheet/1", "/report/download", "/report/html/no.such"])
def test_a_report_needs_a_login(wire: Wire, path: str) -> None:
    answer = get(wire, path)
    assert answer.status == 303
    assert answer.headers["Location"] == "/web/login?redirect=" + path.replace("/", "%2F") + "%3F"


def test_the_login_page_leads_back_to_the_whole_address(wire: Wire) -> None:
    answer = wire.http("GET", "/report/pdf/test.sheet/1", QUERY_STRING="a=%7B%7D")
    assert answer.headers["Location"] == "/web/login?redirect=%2Freport%2Fpdf%2Ftest.sheet%2F1%3Fa%3D%257B%257D"


def test_older_servers_name_the_host_in_the_redirection(wires: Callable[[str], Wire]) -> None:
    answer = wires("odoo-15.0").http("GET", "/report/pdf/test.sheet/1", QUERY_STRING="a=1")
    back = "http%3A%2F%2F127.0.0.1%3A8069%2Freport%2Fpdf%2Ftest.sheet%2F1%3Fa%3D1"
    assert answer.headers["Location"] == f"http://127.0.0.1:8069/web/login?redirect={back}"


@pytest.mark.parametrize("path", ["/report/pdf/no.such/1", "/report/html/nodot/1", "/report/text/base.main_company/1"])
def test_an_unknown_report_breaks_down(known: Wire, path: str) -> None:
    answer = get(known, path)
    assert (answer.status, answer.media_type) == (500, "text/html")
    assert b"no.such" not in answer.body


def test_a_report_of_an_unknown_model_breaks_down(app: App, known: Wire) -> None:
    report(app, model="no.such")
    assert get(known, "/report/pdf/test.sheet").status == 500


@pytest.mark.parametrize("name", ["context", "options"])
def test_broken_json_breaks_down(app: App, known: Wire, name: str) -> None:
    report(app)
    assert get(known, "/report/pdf/test.sheet", **{name: "{"}).status == 500


@pytest.mark.parametrize(("profile", "status"), [("odoo-15.0", 500), ("odoo-16.0", 400), ("odoo-17.0", 400)])
def test_a_missing_record(wires: Callable[[str], Wire], profile: str, status: int) -> None:
    wire = wires(profile)
    wire.login()
    report(wire.app)
    answer = get(wire, "/report/pdf/test.sheet/999999")
    assert answer.status == status
    assert (b"does not exist or has been deleted" in answer.body) is (status == 400)


@pytest.mark.parametrize(("profile", "status"), [("odoo-15.0", 500), ("odoo-17.0", 403)])
def test_a_record_that_the_user_may_not_read(wires: Callable[[str], Wire], profile: str, status: int) -> None:
    wire = wires(profile)
    report(wire.app, model="ir.cron")
    env = wire.app.databases["mock"].env(2)
    group = env.ref("base.group_user")
    assert group is not None
    env["res.users"].create({"name": "S", "login": "s", "password": "s", "groups_id": [(6, 0, group.ids)]})
    answer = wire.json("/web/session/authenticate", {"params": {"db": "mock", "login": "s", "password": "s"}})
    wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert get(wire, "/report/pdf/test.sheet/1").status == status


@pytest.mark.parametrize("path", ["/report/xml/test.sheet/1", "/report/barcode/QR/x"])
def test_another_converter_is_no_page(known: Wire, path: str) -> None:
    assert get(known, path).status == 404


# -- downloads


@pytest.mark.parametrize(
    ("kind", "converter", "name", "media_type"),
    [
        ("qweb-pdf", "pdf", "Contact%20Sheet.pdf", "application/pdf"),
        ("qweb-text", "text", "Contact%20Sheet.txt", "text/plain"),
    ],
)
def test_a_download_has_the_name_of_its_report(
    app: App, known: Wire, kind: str, converter: str, name: str, media_type: str
) -> None:
    report(app)
    [id_] = people(app, "Anna")
    answer = download(known, f"/report/{converter}/test.sheet/{id_}?x=1", kind)
    assert (answer.status, answer.media_type) == (200, media_type)
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer.body == get(known, f"/report/{converter}/test.sheet/{id_}").body


def test_a_download_of_no_records(app: App, known: Wire) -> None:
    report(app)
    assert "Contact Sheet" in pdf_text(download(known, "/report/pdf/test.sheet?options=%7B%7D").body)


def test_a_download_of_another_kind_is_empty(known: Wire) -> None:
    answer = download(known, "/report/html/test.sheet/1", "qweb-html")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    ("path", "name", "text"),
    [
        ("no.such/1", "builtins.ValueError", "External ID not found in the system: no.such"),
        ("test.sheet/999999", "odoo.exceptions.MissingError", "Record does not exist or has been deleted."),
    ],
)
def test_the_error_of_a_download_is_json_in_html(app: App, known: Wire, path: str, name: str, text: str) -> None:
    report(app)
    answer = download(known, f"/report/pdf/{path}")
    assert (answer.status, answer.media_type) == (200, "text/html")
    error = hidden(answer)
    assert (error["code"], error["message"], error["data"]["name"]) == (200, "Odoo Server Error", name)
    assert error["data"]["message"].startswith(text)


@pytest.mark.parametrize("data", ["", "{", "[]", '["/report/pdf/test.sheet"]', "3", "[1, [2]]", '[1, "qweb-pdf"]'])
def test_a_download_of_nonsense_breaks_down(known: Wire, data: str) -> None:
    body = urlencode({"data": data, "csrf_token": known.csrf_token})
    answer = known.http("POST", "/report/download", body, "application/x-www-form-urlencoded")
    assert (answer.status, answer.media_type) == (500, "text/html")


def test_a_download_without_data_breaks_down(known: Wire) -> None:
    assert get(known, "/report/download").status == 500
    assert known.http("POST", "/report/download").status == 400, "a form needs its token first"


@pytest.mark.parametrize(("profile", "needed"), [("odoo-14.0", True), ("odoo-15.0", False)])
def test_the_token_of_a_download_comes_back_until_14(wires: Callable[[str], Wire], profile: str, needed: bool) -> None:
    wire = wires(profile)
    wire.login()
    report(wire.app)
    assert (download(wire, "/report/pdf/test.sheet/1").status == 500) is needed
    answer = download(wire, "/report/pdf/test.sheet/1", token="t1")
    assert answer.status == 200
    assert answer.headers.get("Set-Cookie") == ("fileToken=t1; Path=/" if needed else None)


# -- the printer


def test_the_printer_is_there(wire: Wire) -> None:
    wire.login()
    assert wire.json("/report/check_wkhtmltopdf", {"id": 7, "params": {}}).json() == {
        "jsonrpc": "2.0", "id": 7, "result": "ok",
    }  # fmt: skip


def test_only_users_may_ask_for_the_printer(wire: Wire) -> None:
    wire.cookie = "session_id=" + "0" * 40
    error = wire.json("/report/check_wkhtmltopdf", {"params": {}}).json()["error"]
    assert (error["code"], error["data"]["name"]) == (100, "odoo.http.SessionExpiredException")


# -- the service, and what others see of it


def test_observers_see_the_call(app: App, known: Wire) -> None:
    report(app)
    seen: list[Exchange] = []
    app.observe(seen.append)
    get(known, "/report/html/test.sheet/1,2")
    download(known, "/report/pdf/test.sheet/1")
    calls = [(exchange.dialect, exchange.target, exchange.outcome) for exchange in seen]
    assert calls == [
        ("reports", "ir.actions.report._render_qweb_html", "ok"),
        ("reports", "ir.actions.report._render_qweb_pdf", "ok"),
    ]
    assert seen[0].call is not None
    assert seen[0].call.args == ["test.sheet", [1, 2]]


def test_the_service_takes_a_name_an_external_id_and_an_id(app: App) -> None:
    id_ = report(app)
    env = app.databases["mock"].env(2)
    texts = [reports.render(env, reference, [1], "text").content for reference in ("test.sheet", id_)]
    assert texts[0] == texts[1]
    with pytest.raises(ValueError, match="report not found"):
        reports.render(env, 999999)


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-11.0"])
def test_the_fixture_of_the_documentation_prints_its_file(tmp_path: Path, profile: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "files.md").read_text("utf-8")
    found = re.search(r"<!-- fixture: quotation.json -->\n```json\n(.*?)```", page, re.DOTALL)
    assert found is not None
    path = tmp_path / "quotation.json"
    path.write_text(found[1], encoding="utf-8")
    wire = Wire(create_app([str(path)], profile=profile))
    wire.login()
    assert get(wire, "/report/pdf/shop.quotation/1").body == b"%PDF-1.4\n"


def test_the_login_page_leads_back_to_an_address_of_other_letters(wires: Callable[[str], Wire]) -> None:
    path = "/report/pdf/größe".encode().decode("latin-1")
    assert wires("odoo-17.0").http("GET", path).headers["Location"].endswith("%2Fgr%C3%B6%C3%9Fe%3F")
    assert wires("odoo-15.0").http("GET", path).headers["Location"].endswith("%2Fgr%25C3%25B6%25C3%259Fe")
