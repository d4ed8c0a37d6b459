"""Files of records over plain HTTP: paths, rights, headers, uploads, images."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from mockserver.server.app import App
from mockserver.server.exchange import Exchange
from tests.dialects.wire import Answer, Wire
from tests.properties.budget import examples

TEXT = b"hello, file"
DATAS = base64.b64encode(TEXT).decode()
ETAG = hashlib.sha1(TEXT).hexdigest()
BOUNDARY = "----part"


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind)
    return out.getvalue()


def size(content: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(content)).size


def attach(app: App, **values: Any) -> int:
    env = app.databases["mock"].env(app.profile.admin_id)
    made: int = env["ir.attachment"].create({"name": "note.txt", "datas": DATAS, **values}).id
    return made


def get(wire: Wire, path: str, method: str = "GET", headers: dict[str, str] | None = None, **params: Any) -> Answer:
    return wire.http(method, path, QUERY_STRING=urlencode(params), **(headers or {}))


def upload(wire: Wire, *files: tuple[str, bytes], field: str = "ufile", **values: str) -> Answer:
    values.setdefault("csrf_token", wire.csrf_token)
    parts = [f'Content-Disposition: form-data; name="{n}"\r\n\r\n{v}'.encode() for n, v in values.items()]
    parts += [
        f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode() + content
        for name, content in files
    ]
    body = b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()
    return wire.http("POST", "/web/binary/upload_attachment", body, f"multipart/form-data; boundary={BOUNDARY}")


# -- paths and parameters


@pytest.fixture
def note(app: App) -> int:
    """A public attachment with the external id `test.note`."""
    id_ = attach(app, public=True)
    values = {"module": "test", "name": "note", "model": "ir.attachment", "res_id": id_}
    app.databases["mock"].env(1)["ir.model.data"].create(values)
    return id_


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/web/content?id={id}", "note.txt"),
        ("/web/content?xmlid=test.note", "note.txt"),
        ("/web/content?model=ir.attachment&id={id}&field=datas&filename=q.txt", "q.txt"),
        ("/web/content/test.note", "note.txt"),
        ("/web/content/test.note/other.txt", "other.txt"),
        ("/web/content/{id}", "note.txt"),
        ("/web/content/{id}/", "note.txt"),
        ("/web/content/{id}/other.txt", "other.txt"),
        ("/web/content/{id}-0a1b", "note.txt"),
        ("/web/content/{id}-0a1b/other.txt", "other.txt"),
        ("/web/content/ir.attachment/{id}/datas", "note.txt"),
        ("/web/content/ir.attachment/{id}/raw/other.txt", "other.txt"),
        ("/web/image/{id}", "note.txt"),
    ],
)
def test_every_form_of_the_path_leads_to_the_file(wire: Wire, note: int, path: str, name: str) -> None:
    path, _, query = path.format(id=note).partition("?")
    answer = wire.http("GET", path, QUERY_STRING=query)
    assert (answer.status, answer.body) == (200, TEXT)
    assert answer.headers["Content-Disposition"] == f"inline; filename={name}"


def test_the_headers_of_a_file(wire: Wire, note: int) -> None:
    answer = get(wire, f"/web/content/{note}")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Length"] == str(len(TEXT))
    assert answer.headers["ETag"] == f'"{ETAG}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Date" not in answer.headers  # whoever sends the answer adds the clock's


def test_a_unique_address_may_be_kept_for_a_year(wire: Wire, note: int) -> None:
    cache = get(wire, f"/web/content/{note}", unique="x").headers["Cache-Control"]
    assert set(cache.split(", ")) == {"public", "max-age=31536000", "immutable"}


@pytest.mark.parametrize(
    ("flag", "how"), [("1", "attachment"), ("true", "attachment"), ("0", "inline"), ("", "inline")]
)
def test_download_asks_for_an_attachment(wire: Wire, note: int, flag: str, how: str) -> None:
    answer = get(wire, f"/web/content/{note}", download=flag)
    assert answer.headers["Content-Disposition"] == f"{how}; filename=note.txt"


def test_a_name_of_other_letters_is_encoded(wire: Wire, note: int) -> None:
    answer = get(wire, f"/web/content/{note}", filename="Größe.txt")
    assert answer.headers["Content-Disposition"] == "inline; filename=Groe.txt; filename*=UTF-8''Gr%C3%B6%C3%9Fe.txt"


def test_a_name_cannot_break_out_of_its_header(wire: Wire, note: int) -> None:
    answer = get(wire, f"/web/content/{note}", filename='a"\r\nSet-Cookie: x=1.txt', mimetype="text/plain\r\nX: y")
    assert "Set-Cookie" not in answer.headers
    assert all("\n" not in value for value in answer.headers.values())


def test_the_mimetype_can_be_told(wire: Wire, note: int) -> None:
    answer = get(wire, f"/web/content/{note}", mimetype="application/x-note")
    assert answer.headers["Content-Type"] == "application/x-note"


def test_another_field_may_name_the_file(app: App, wire: Wire) -> None:
    id_ = attach(app, public=True, description="told.txt")
    answer = get(wire, f"/web/content/{id_}", filename_field="description")
    assert answer.headers["Content-Disposition"] == "inline; filename=told.txt"


def test_a_file_without_a_name_is_named_after_its_record(app: App, wire: Wire) -> None:
    wire.login()
    env = app.databases["mock"].env(2)
    id_ = env["res.partner"].create({"name": "P", "image_1920": base64.b64encode(picture(2, 2)).decode()}).id
    answer = get(wire, f"/web/content/res.partner/{id_}/image_1920", filename_field="ref")
    assert answer.headers["Content-Disposition"] == f"inline; filename=res_partner-{id_}-image_1920.png"


def test_an_attachment_that_is_an_address_is_a_redirection(app: App, wire: Wire) -> None:
    id_ = attach(app, public=True, type="url", datas=False, url="https://example.com/x")
    answer = get(wire, f"/web/content/{id_}")
    assert (answer.status, answer.headers["Location"]) == (301, "https://example.com/x")


def test_an_address_beyond_latin_1_is_quoted(app: App, wire: Wire) -> None:
    id_ = attach(app, public=True, type="url", datas=False, url="https://example.com/€中?q=ä b")
    answer = get(wire, f"/web/content/{id_}")
    assert answer.headers["Location"] == "https://example.com/%E2%82%AC%E4%B8%AD?q=%C3%A4%20b"


def test_a_form_may_be_posted(wire: Wire, note: int) -> None:
    answer = wire.http("POST", "/web/content", f"id={note}", "application/x-www-form-urlencoded")
    assert answer.body == TEXT


# -- what is not there


@pytest.mark.parametrize(
    "path",
    [
        "/web/content",
        "/web/content/999999",
        "/web/content/no.such",
        "/web/content/res.partner/3/image_1920",
        "/web/content/res.partner/999999/image_1920",
        "/web/content/no.such.model/1/datas",
        "/web/content/res.partner/1/name",
        "/web/content/res.partner/1/nofield",
    ],
)
def test_what_is_no_file_is_not_found(wire: Wire, path: str) -> None:
    wire.login()
    answer = get(wire, path)
    assert (answer.status, answer.media_type) == (404, "text/html")


def test_an_id_that_is_no_number_breaks_down(wire: Wire) -> None:
    assert get(wire, "/web/content", id="x").status == 500


@pytest.mark.parametrize(("profile", "status"), [("odoo-15.0", 404), ("odoo-16.0", 200)])
def test_an_attachment_without_content(wires: Callable[[str], Wire], profile: str, status: int) -> None:
    wire = wires(profile)
    id_ = attach(wire.app, public=True, datas=False)
    assert get(wire, f"/web/content/{id_}").status == status


# -- rights


def test_a_visitor_sees_public_attachments_alone(app: App, wire: Wire) -> None:
    assert get(wire, f"/web/content/{attach(app)}").status == 404
    assert get(wire, f"/web/content/{attach(app, public=True)}").status == 200


def test_an_access_token_opens_a_file(app: App, wire: Wire) -> None:
    id_ = attach(app, access_token="secret")
    assert get(wire, f"/web/content/{id_}").status == 404
    assert get(wire, f"/web/content/{id_}", access_token="wrong").status == 404
    assert get(wire, f"/web/content/{id_}", access_token="secret").body == TEXT


def test_a_wrong_token_closes_even_a_public_file(wire: Wire, note: int) -> None:
    assert get(wire, f"/web/content/{note}", access_token="wrong").status == 404


def test_a_visitor_does_not_see_files_of_records(app: App, wire: Wire) -> None:
    env = app.databases["mock"].env(2)
    id_ = env["res.partner"].create({"name": "P", "image_1920": base64.b64encode(picture(2, 2)).decode()}).id
    assert get(wire, f"/web/content/res.partner/{id_}/image_1920").status == 404
    wire.login()
    assert get(wire, f"/web/content/res.partner/{id_}/image_1920").status == 200


def sales(app: App) -> tuple[Wire, int]:
    """A logged-in user without further rights."""
    env = app.databases["mock"].env(2)
    group = env.ref("base.group_user")
    assert group is not None
    values = {"name": "Sales", "login": "sales", "password": "sales", "groups_id": [(6, 0, group.ids)]}
    uid = env["res.users"].create(values).id
    wire = Wire(app)
    params = {"db": "mock", "login": "sales", "password": "sales"}
    answer = wire.json("/web/session/authenticate", {"params": params})
    wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return wire, uid


def test_an_attachment_of_no_record_is_for_its_creator_and_administrators(app: App, wire: Wire) -> None:
    user, uid = sales(app)
    own = app.databases["mock"].env(uid)["ir.attachment"].create({"name": "o", "datas": DATAS}).id
    assert get(user, f"/web/content/{own}").status == 200
    assert get(user, f"/web/content/{attach(app)}").status == 404
    wire.login()
    assert get(wire, f"/web/content/{own}").status == 200


def test_an_attachment_of_a_record_follows_the_rights_on_it(app: App) -> None:
    user, _ = sales(app)
    partner = attach(app, res_model="res.partner", res_id=1)
    server = attach(app, res_model="ir.cron", res_id=1)
    assert get(user, f"/web/content/{partner}").status == 200
    assert get(user, f"/web/content/{server}").status == 404


def test_without_a_session_there_is_no_choosing_among_databases(app: App, wire: Wire, note: int) -> None:
    app.databases.duplicate("mock", "second")
    assert get(wire, f"/web/content/{note}").status == 404
    assert get(wire, "/logo").status == 200
    wire.login()
    assert get(wire, f"/web/content/{note}").status == 200


# -- conditions and ranges


def test_what_the_client_has_is_not_sent_again(wire: Wire, note: int) -> None:
    answer = get(wire, f"/web/content/{note}", headers={"HTTP_IF_NONE_MATCH": f'"{ETAG}"'})
    assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", f'"{ETAG}"')
    assert "Content-Type" not in answer.headers
    assert "Content-Length" not in answer.headers
    assert get(wire, f"/web/content/{note}", headers={"HTTP_IF_NONE_MATCH": '"other"'}).status == 200


def test_a_changed_file_is_sent(app: App, wire: Wire, note: int) -> None:
    changed = base64.b64encode(b"changed").decode()
    app.databases["mock"].env(2)["ir.attachment"].browse(note).write({"datas": changed})
    answer = get(wire, f"/web/content/{note}", headers={"HTTP_IF_NONE_MATCH": f'"{ETAG}"'})
    assert (answer.status, answer.body) == (200, b"changed")


def test_a_file_not_changed_since_is_not_sent_again(wire: Wire, note: int) -> None:
    modified = get(wire, f"/web/content/{note}").headers["Last-Modified"]
    assert get(wire, f"/web/content/{note}", headers={"HTTP_IF_MODIFIED_SINCE": modified}).status == 304


@pytest.mark.parametrize(
    ("asked", "body", "told"),
    [
        ("bytes=0-4", TEXT[:5], "bytes 0-4/11"),
        ("bytes=7-", TEXT[7:], "bytes 7-10/11"),
        ("bytes=-4", TEXT[-4:], "bytes 7-10/11"),
        ("bytes=3-100", TEXT[3:], "bytes 3-10/11"),
    ],
)
def test_a_range_is_a_part(wire: Wire, note: int, asked: str, body: bytes, told: str) -> None:
    answer = get(wire, f"/web/content/{note}", headers={"HTTP_RANGE": asked})
    assert (answer.status, answer.body, answer.headers["Content-Range"]) == (206, body, told)
    assert answer.headers["Content-Length"] == str(len(body))


def test_a_range_beyond_the_end_cannot_be_satisfied(wire: Wire, note: int) -> None:
    answer = get(wire, f"/web/content/{note}", headers={"HTTP_RANGE": "bytes=50-60"})
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */11")


def test_head_tells_the_length_alone(wire: Wire, note: int) -> None:
    answer = get(wire, f"/web/content/{note}", "HEAD")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "11")


# -- versions


def test_older_servers_are_terse_about_files(wires: Callable[[str], Wire]) -> None:
    wire = wires("odoo-11.0")
    id_ = attach(wire.app, public=True, datas_fname="old.txt")
    plain = get(wire, f"/web/content/{id_}")
    assert plain.headers["Cache-Control"] == "max-age=0"
    assert "Content-Disposition" not in plain.headers
    download = get(wire, f"/web/content/{id_}", download="true", unique="x")
    assert download.headers["Content-Disposition"] == "attachment; filename*=UTF-8''old.txt"
    assert download.headers["Cache-Control"] == "max-age=604800"


def test_an_old_attachment_is_named_by_its_file_name(wires: Callable[[str], Wire]) -> None:
    wire = wires("flectra-1.6")
    id_ = attach(wire.app, public=True, mimetype="text/plain")
    answer = get(wire, f"/web/content/{id_}", download="true")
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''ir.attachment-{id_}-datas.txt"


@pytest.mark.parametrize(("profile", "status"), [("odoo-15.0", 200), ("odoo-16.0", 404)])
def test_the_old_address_of_images_ends_with_15(wires: Callable[[str], Wire], profile: str, status: int) -> None:
    answer = get(wires(profile), "/web/binary/image", model="res.partner", id=1, field="image_128")
    assert answer.status == status


# -- images


def pictured(app: App, content: bytes, **values: Any) -> int:
    env = app.databases["mock"].env(app.profile.admin_id)
    image = base64.b64encode(content).decode()
    made: int = env["res.partner"].create({"name": "P", "image_1920": image, **values}).id
    return made


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("image_1920", (400, 200)),
        ("image_128", (128, 64)),
        ("image_1920/100x100", (100, 50)),
        ("image_1920/0x20", (40, 20)),
        ("image_1920/800x800", (400, 200)),
        ("image_1920/50x50/name.png", (50, 25)),
        ("image_1920?width=100&height=100&crop=true", (100, 100)),
        ("image_1920?width=40", (40, 20)),
        ("avatar_128", (128, 64)),
    ],
)
def test_an_image_comes_in_the_size_asked_for(app: App, wire: Wire, path: str, expected: tuple[int, int]) -> None:
    wire.login()
    path, _, query = path.partition("?")
    answer = wire.http("GET", f"/web/image/res.partner/{pictured(app, picture(400, 200))}/{path}", QUERY_STRING=query)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert size(answer.body) == expected


def test_each_size_has_an_etag_of_its_own(app: App, wire: Wire) -> None:
    wire.login()
    path = f"/web/image/res.partner/{pictured(app, picture(400, 200))}/image_1920"
    assert get(wire, path).headers["ETag"] != get(wire, f"{path}/10x10").headers["ETag"]


def test_a_scaled_image_keeps_its_format(app: App, wire: Wire) -> None:
    wire.login()
    answer = get(wire, f"/web/image/res.partner/{pictured(app, picture(400, 200, 'JPEG'))}/image_1920/40x40")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert size(answer.body) == (40, 20)


def test_an_svg_goes_out_as_it_is(app: App, wire: Wire) -> None:
    content = b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"
    wire.login()
    assert get(wire, f"/web/image/res.partner/{pictured(app, content)}/image_128").body == content


def test_what_cannot_be_scaled_is_a_placeholder(app: App, wire: Wire) -> None:
    broken = base64.b64encode(b"no picture").decode()
    at = f"/web/image/{attach(app, public=True, name='a.png', datas=broken)}"
    assert get(wire, at).body == b"no picture"
    assert size(get(wire, f"{at}/20x10").body) == (10, 10)


def test_without_pillow_images_go_out_as_they_are(app: App, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture(400, 200)
    monkeypatch.setitem(sys.modules, "PIL", None)
    wire.login()
    assert get(wire, f"/web/image/res.partner/{pictured(app, content)}/image_128").body == content


def test_an_attachment_that_is_no_image_is_told_no_type(wire: Wire, note: int) -> None:
    assert get(wire, f"/web/image/{note}").headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/web/image", (256, 256)),
        ("/web/image/res.partner/1/image_128", (128, 128)),
        ("/web/image/res.partner/999999/image_1920/30x20", (20, 20)),
        ("/web/image/no.such/12x12", (12, 12)),
        ("/web/image/res.partner/1/name", (256, 256)),
        ("/web/image/999999/99999x99999", (256, 256)),
        ("/web/image/999999?width=-5", (256, 256)),
    ],
)
def test_a_placeholder_stands_for_an_image_that_is_not_there(wire: Wire, path: str, expected: tuple[int, int]) -> None:
    path, _, query = path.partition("?")
    answer = wire.http("GET", path, QUERY_STRING=query)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert size(answer.body) == expected


def test_a_download_has_no_placeholder(wire: Wire) -> None:
    assert get(wire, "/web/image/res.partner/1/image_128", download="1").status == 404


def test_old_sizes_are_made_of_the_image(wires: Callable[[str], Wire]) -> None:
    wire = wires("odoo-12.0")
    wire.login()
    env = wire.app.databases["mock"].env(2)
    id_ = env["res.partner"].create({"name": "P", "image": base64.b64encode(picture(400, 200)).decode()}).id
    assert size(get(wire, f"/web/image/res.partner/{id_}/image_small").body) == (64, 32)


@pytest.mark.parametrize("path", ["/logo", "/logo.png", "/web/binary/company_logo"])
def test_the_logo_of_the_company_is_for_everybody(app: App, wire: Wire, path: str) -> None:
    assert size(get(wire, path).body) == (180, 48)
    env = app.databases["mock"].env(2)
    env["res.company"].browse(1).partner_id.write({"image_1920": base64.b64encode(picture(30, 10)).decode()})
    answer = get(wire, path)
    assert size(answer.body) == (30, 10)
    assert answer.headers["Content-Disposition"] == "inline; filename=logo.png"
    assert size(get(wire, path, company=1).body) == (30, 10)
    assert size(get(wire, path, company=999).body) == (180, 48)
    assert size(get(wire, path, company="x").body) == (180, 48)


# -- uploads


def test_an_upload_makes_an_attachment(app: App, wire: Wire) -> None:
    wire.login()
    answer = upload(wire, ("a.txt", b"one"), model="res.partner", id="1")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    [told] = answer.json()
    assert told == {"filename": "a.txt", "mimetype": "text/plain", "id": told["id"], "size": 3}
    row = app.databases["mock"].env(2)["ir.attachment"].browse(told["id"])
    assert (row.name, row.res_model, row.res_id, row.create_uid.id) == ("a.txt", "res.partner", 1, 2)
    assert get(wire, f"/web/content/{told['id']}").body == b"one"


def test_several_files_may_come_at_once(wire: Wire) -> None:
    wire.login()
    told = upload(wire, ("a.txt", b"one"), ("b.txt", b""), model="res.partner", id="0").json()
    assert [(one["filename"], one["size"]) for one in told] == [("a.txt", 3), ("b.txt", 0)]


def test_a_callback_gets_a_script(wire: Wire) -> None:
    wire.login()
    text = upload(wire, ("</script>.txt", b"x"), model="res.partner", id="1", callback="done</script>").body.decode()
    assert text.startswith("<script")
    assert text.count("</script>") == 1
    assert 'trigger("done\\u003c/script>", [{' in text


def test_an_upload_needs_a_login(wire: Wire) -> None:
    answer = upload(wire, ("a.txt", b"x"), model="res.partner", id="1")
    assert answer.status == 303
    assert answer.headers["Location"] == "/web/login?redirect=%2Fweb%2Fbinary%2Fupload_attachment%3F"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"model": "res.partner"}, "ufile"), ({"id": "1"}, "ufile"), ({"model": "res.partner", "id": "1"}, "other")],
)
def test_an_upload_without_its_parameters_breaks_down(wire: Wire, values: dict[str, str], field: str) -> None:
    wire.login()
    assert upload(wire, ("a.txt", b"x"), field=field, **values).status == 500


def test_an_upload_that_fails_says_so(wire: Wire) -> None:
    wire.login()
    assert upload(wire, ("a.txt", b"x"), model="res.partner", id="x").json() == [
        {"error": "Something horrible happened"}
    ]


def test_an_upload_where_the_user_may_not_write_is_refused(app: App) -> None:
    user, _ = sales(app)
    told = upload(user, ("a.txt", b"x"), model="res.company", id="1").json()
    assert told == [{"error": "You are not allowed to upload an attachment here."}]
    assert app.databases["mock"].env(2)["ir.attachment"].search([("name", "=", "a.txt")]).ids == []


def test_an_upload_is_not_a_get(wire: Wire) -> None:
    assert get(wire, "/web/binary/upload_attachment").status == 405


def test_a_callback_is_needed_until_13(wires: Callable[[str], Wire]) -> None:
    wire = wires("odoo-13.0")
    wire.login()
    assert upload(wire, ("a.txt", b"x"), model="res.partner", id="1").status == 500
    answer = upload(wire, ("a.txt", b"x"), model="res.partner", id="1", callback="cb")
    assert 'trigger("cb", [{"filename": "a.txt"' in answer.body.decode()


# -- what others see of it


def test_observers_see_reads_and_uploads(app: App, wire: Wire, note: int) -> None:
    seen: list[Exchange] = []
    wire.login()
    app.observe(seen.append)
    get(wire, f"/web/content/{note}")
    get(wire, "/web/image/res.partner/1/image_128")
    upload(wire, ("a.txt", b"x"), model="res.partner", id="1")
    get(wire, "/logo")
    targets = [(exchange.dialect, exchange.target, exchange.outcome) for exchange in seen]
    assert targets == [
        ("files", "ir.attachment.read", "ok"),
        ("files", "res.partner.read", "ok"),
        ("files", "ir.attachment.create", "ok"),
        ("files", "GET /logo", "ok"),
    ]


def test_an_attachment_over_rpc_is_a_file(wire: Wire) -> None:
    values = {"name": "rpc.txt", "datas": DATAS, "public": True}
    params = ("mock", 2, "admin", "ir.attachment", "create", [values])
    id_ = wire.rpc("object", "execute_kw", list(params))["result"]
    assert get(wire, f"/web/content/{id_}").body == TEXT


def test_the_script_of_an_upload_is_json_inside(wire: Wire) -> None:
    wire.login()
    text = upload(wire, ("a.txt", b"x"), model="res.partner", id="1", callback="cb").body.decode()
    told = json.loads(text.partition('trigger("cb", ')[2].partition(");")[0])
    assert told[0]["filename"] == "a.txt"


def test_a_header_may_choose_the_database_from_19_on(wires: Callable[[str], Wire]) -> None:
    wire = wires("odoo-19.0")
    id_ = attach(wire.app, public=True)
    wire.app.databases.duplicate("mock", "second")
    assert get(wire, f"/web/content/{id_}").status == 404
    assert get(wire, f"/web/content/{id_}", headers={"HTTP_X_ODOO_DATABASE": "second"}).body == TEXT
    assert get(wire, f"/web/content/{id_}", headers={"HTTP_X_ODOO_DATABASE": "other"}).status == 404
    wire.login()
    assert get(wire, f"/web/content/{id_}", headers={"HTTP_X_ODOO_DATABASE": "second"}).status == 403


@pytest.mark.parametrize(("asked", "expected"), [("10x0", (10, 1)), ("5x5", (5, 1))])
def test_a_very_flat_image_keeps_a_line(app: App, wire: Wire, asked: str, expected: tuple[int, int]) -> None:
    wire.login()
    answer = get(wire, f"/web/image/res.partner/{pictured(app, picture(900, 2))}/image_1920/{asked}")
    assert size(answer.body) == expected


_ODD = st.sampled_from(["", "0", "-1", "1", "x", "é", "\x00", "..", "%00", "9" * 400, "test.note", "res.partner", "[]"])
_NAMES = st.sampled_from(
    ["model", "id", "xmlid", "field", "filename", "mimetype", "unique", "download", "width", "crop"]
)


@given(
    root=st.sampled_from(["/web/content", "/web/image", "/report/pdf", "/report/text", "/report/download", "/logo"]),
    parts=st.lists(_ODD, max_size=4),
    params=st.dictionaries(_NAMES, _ODD, max_size=4),
)
@examples(80, reset=True)
def test_any_address_is_answered(app: App, root: str, parts: list[str], params: dict[str, str]) -> None:
    wire = Wire(app)
    path = "/".join([root, *parts]).encode().decode("latin-1")
    answer = wire.http("GET", path, QUERY_STRING=urlencode(params))
    assert answer.status in (200, 303, 308, 404) or (answer.status == 500 and params.keys() & {"id", "width"})
