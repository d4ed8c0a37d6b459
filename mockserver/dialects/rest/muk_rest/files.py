"""The routes of muk_rest that answer a file: a printed report, or the content of a binary field.

Source: rest-muk §3.
"""

from __future__ import annotations

from typing import Any

from mockserver.dialects import Reply
from mockserver.dialects.rest.muk_rest.parameters import Parameters
from mockserver.dialects.web.pages import attachment_disposition
from mockserver.errors import HTTPError
from mockserver.orm.database import Database
from mockserver.services import Call
from mockserver.services.files import ATTACHMENT, FileReference, read_file
from mockserver.services.reports import REPORT, render

ENDPOINTS = frozenset({"report", "binary"})
FIELD = "datas"  # if a request names none
_TEXTS = ("xmlid", "filename", "filename_field", "mimetype")


class Elsewhere(HTTPError):
    """The attachment has only an address: the add-on fails in place of redirecting to it."""

    status, title = 301, "Moved Permanently"


class NotModified(HTTPError):
    """The client has the content already: the add-on fails in place of answering 304."""

    status, title = 304, "Not Modified"


def parse(dialect: str, endpoint: str, params: Parameters, database: Database, uid: int) -> Call:
    """Return the call that reads a field or prints records."""
    call = Call(dialect, "file", "read", db=database.name, uid=uid)
    if endpoint == "binary":
        call.model = params.get("model", ATTACHMENT)
        call.args = [params.number("id")], params.get("field", FIELD)
        call.kwargs = {name: params.get(name, "") for name in (*_TEXTS, "unique")}
        return call
    for name in ("args", "kwargs"):  # they must be JSON, and have no effect
        params.json(name)
    ids = params.json("ids", [])
    call.service, call.method, call.model = "report", "render", REPORT
    call.args = params.get("report"), ids if isinstance(ids, list) else [ids]
    call.kwargs = {"kind": "html" if params.get("type") == "html" else "pdf", "context": params.json("context")}
    return call


def answer(database: Database, call: Call, known: str | None) -> Reply:
    """Return the file; `known` is the ETag that the client sent.  Raises what reading and printing raise."""
    assert call.uid is not None
    return _report(database, call, call.uid) if call.service == "report" else _binary(database, call, call.uid, known)


def _report(database: Database, call: Call, uid: int) -> Reply:
    xmlid, ids = call.args
    env = database.env(uid, call.kwargs["context"])
    report = env.ref(xmlid)
    known = report is not None and report._name == REPORT
    document = render(env, report.id if report is not None and known else xmlid, ids, call.kwargs["kind"])
    return Reply("200 OK", document.mimetype, document.content)


def _binary(database: Database, call: Call, uid: int, known: str | None) -> Reply:
    (id_,), field = call.args
    texts: dict[str, Any] = {name: call.kwargs[name] for name in _TEXTS}
    file = read_file(database.env(uid), FileReference(call.model or ATTACHMENT, id_, field=field, **texts))
    if file.url:
        raise Elsewhere()
    etag = f'"{file.etag}"'
    if known == etag:
        raise NotModified()
    seconds = database.profile.rules.unique_seconds if call.kwargs["unique"] else 0
    mimetype = "".join(char for char in file.mimetype if " " <= char <= "~")  # it may come from the client
    headers = (
        ("X-Content-Type-Options", "nosniff"),
        ("ETag", etag),
        ("Cache-Control", f"max-age={seconds}"),
        ("Content-Disposition", attachment_disposition(file.name)),
    )
    return Reply("200 OK", mimetype, file.content, headers)
