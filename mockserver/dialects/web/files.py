"""`/web/content`, `/web/image`, uploads and the company's logo.

Differs: ranges, `Last-Modified` and 416 are supported in every version, while older
servers support only the ETag.
Source: versions.md §1.4; the source of Odoo 11.0, 15.0 and 17.0 (addons/web, ir.binary, http.Stream).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import NotFound
from werkzeug.urls import iri_to_uri
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from mockserver.dialects import HTML, Reply, Request, Route
from mockserver.dialects.web import csrf
from mockserver.dialects.web.form import form, parameters, query
from mockserver.dialects.web.pages import HttpDialect, attachment_disposition, conditional_reply
from mockserver.errors import AccessError, UserError
from mockserver.orm.records.environment import Environment
from mockserver.services import Call
from mockserver.services.files import ATTACHMENT, File, FileReference, digest, locate, read_file
from mockserver.services.images import placeholder, read_image
from mockserver.services.static import picture

_POST = frozenset({"POST"})
_UNQUOTED = "!#$&+-.^_`|~"  # in a file name of a header
_FALSE = ("", "0", "false", "no", "off", "n", "f")
_RECORDS = ("/<xmlid>", "/<int:id>", "/<int:id>-<unique>", "/<model>/<int:id>/<field>")
_SIZE = "/<int:width>x<int:height>"
_NAMES = ("field", "filename", "filename_field", "mimetype", "access_token")
_SCRIPT = """<script language="javascript" type="text/javascript">
    var win = window.top.window;
    win.jQuery(win).trigger(%s, %s);
</script>"""


def _routes(root: str, endpoint: str, forms: tuple[str, ...]) -> tuple[Route, ...]:
    """Return the routes below `root`: the root itself, and each way to name a record combined with each of `forms`."""
    return Route(root, endpoint), *(Route(root + record + form, endpoint) for record in _RECORDS for form in forms)


class Files(HttpDialect):
    """Downloads of files of records, and uploads."""

    name = "files"
    routes = (
        *_routes("/web/content", "content", ("", "/<filename>")),
        *_routes("/web/image", "image", ("", "/<filename>", _SIZE, f"{_SIZE}/<filename>")),
        Route("/web/binary/image", "image", until=15),
        Route("/web/binary/upload_attachment", "upload", _POST),
        Route("/web/binary/company_logo", "logo"),
        Route("/logo", "logo"),
        Route("/logo.png", "logo"),
    )

    # -- the request

    def parse(self, request: Request) -> Call:
        """Return the call that reads a field or creates attachments."""
        if request.route.endpoint == "upload":
            return self._parse_upload(request)
        if request.route.endpoint == "logo":
            return Call(self.name, "page", "logo", kwargs=query(request))
        env = self.session_env(request)
        params = {**parameters(request), **{name: str(value) for name, value in request.arguments.items()}}
        reference = _reference(params)
        model, id_ = locate(env, reference) or (reference.model, reference.id)
        field = reference.field or self.profile.rules.content_field
        return Call(self.name, "file", "read", [[id_], [field]], params, env.db.name, env.uid, model=model)

    def _parse_upload(self, request: Request) -> Call:
        session = self.require_session(request)
        values, _, uploads = form(request)
        csrf.check(request, session.sid, values)
        names = ("callback", "model", "id") if self.profile.rules.upload_needs_callback else ("model", "id")
        model, id_ = self.required("Binary.upload_attachment", names, values)[-2:]
        files = [_attachment(file.filename or "", file.read(), model, id_) for file in uploads if file.name == "ufile"]
        if not files:
            self.required("Binary.upload_attachment", ("ufile",), {})
        call = Call(self.name, "file", "create", files, db=session.db, uid=session.uid, model=ATTACHMENT)
        call.kwargs = {"callback": values.get("callback", "")}
        return call

    # -- the call

    def perform(self, request: Request, call: Call) -> Any:
        """Perform the call and return the `Reply`."""
        return _ACTIONS[request.route.endpoint](self, request, call)

    def _env(self, call: Call) -> Environment:
        assert call.uid is not None
        return self.services.databases.connect(call.db).env(call.uid)

    def _content(self, request: Request, call: Call) -> Reply:
        try:
            file = read_file(self._env(call), _reference(call.kwargs))
        except UserError as error:
            raise NotFound() from error
        return self._send(request, file, call.kwargs)

    def _image(self, request: Request, call: Call) -> Reply:
        params = call.kwargs
        width, height, crop = _number(params, "width"), _number(params, "height"), _flag(params, "crop")
        reference = _reference(params)
        try:
            file = read_image(self._env(call), reference, width, height, crop)
        except UserError as error:
            if _flag(params, "download"):
                raise NotFound() from error
            file = placeholder(reference.field, width, height, crop)
        return self._send(request, file, params)

    def _logo(self, request: Request, call: Call) -> Reply:
        """Return the logo of the company in the parameters or of the session's company; everybody may see it."""
        try:
            env = self.session_env(request)
            company = _number(call.kwargs, "company") or env.user.company_id.id
            file = read_image(env.sudo(), FileReference("res.company", company, field="logo_web", filename="logo"))
        except (NotFound, UserError, ValueError):
            file = placeholder(width=180, height=48, crop=True)
        return self._send(request, file, {})

    def _upload(self, request: Request, call: Call) -> Reply:
        answer = json.dumps([self._store_upload(call, values) for values in call.args])
        callback = call.kwargs["callback"]
        if callback:
            # "<" is escaped so that client input cannot end the script
            answer = _SCRIPT % tuple(text.replace("<", "\\u003c") for text in (json.dumps(callback), answer))
        return Reply("200 OK", HTML, answer.encode())

    def _store_upload(self, call: Call, values: Mapping[str, Any]) -> dict[str, Any]:
        """Store one upload and return its description, or an error."""
        env = self._env(call)
        try:
            values = {**values, "res_id": int(values["res_id"])}
            with env.db.transaction():
                one = Call(self.name, "file", "create", [dict(values)], {}, call.db, call.uid, model=ATTACHMENT)
                one.watched = call.watched
                made = env[ATTACHMENT].browse(self.services.execute(one))
                call.changes = (*call.changes, *one.changes)
        except AccessError:
            return {"error": "You are not allowed to upload an attachment here."}
        except Exception:
            return {"error": "Something horrible happened"}
        row = made.sudo()
        return {"filename": row.name, "mimetype": row.mimetype, "id": row.id, "size": row.file_size}

    # -- the answer

    def render(self, request: Request, value: Any) -> Reply:
        """Return the `Reply` of the call unchanged."""
        assert isinstance(value, Reply)
        return value

    def _send(self, request: Request, file: File, params: Mapping[str, Any]) -> Reply:
        own = picture(file.url) if file.url else None
        if own is not None:  # of the server itself, which is spared the redirection
            file = replace(file, content=own, mimetype="image/png", etag=digest(own), public=True)
        elif file.url:
            moved = redirect(file.url, 301)
            return Reply(moved.status, HTML, moved.get_data(), (("Location", iri_to_uri(file.url)),))
        response = Response(file.content, content_type=_content_type(file.mimetype))
        response.set_etag(file.etag)
        if isinstance(file.modified, datetime):
            response.last_modified = file.modified
        response.headers["X-Content-Type-Options"] = "nosniff"
        if self.profile.rules.files_inline:
            self._set_stream_headers(response, file, params)
        else:
            seconds = self.profile.rules.unique_seconds if params.get("unique") else 0
            response.headers["Cache-Control"] = f"max-age={seconds}"
            if _flag(params, "download"):
                response.headers["Content-Disposition"] = attachment_disposition(file.name)
        return conditional_reply(request, response)

    def _set_stream_headers(self, response: Response, file: File, params: Mapping[str, Any]) -> None:
        """Set the headers that newer servers send."""
        how = "attachment" if _flag(params, "download") else "inline"
        names = {"filename": file.name}
        if not file.name.isascii():
            names["filename"] = unicodedata.normalize("NFKD", file.name).encode("ascii", "ignore").decode()
            names["filename*"] = f"UTF-8''{quote(file.name, safe=_UNQUOTED)}"
        response.headers.set("Content-Disposition", how, **names)
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        cache = response.cache_control
        if not params.get("unique"):
            cache.no_cache = cache.private = True
            return
        cache.max_age = self.profile.rules.unique_seconds
        cache.immutable = True
        if file.public:
            cache.public = True
        else:
            cache.private = True


def _reference(params: Mapping[str, Any]) -> FileReference:
    """Return the file that the parameters name; raises ValueError for an id that is not a number."""
    id_ = int(params["id"]) if params.get("id") else None
    texts = {name: params.get(name, "") for name in _NAMES}
    return FileReference(params.get("model") or ATTACHMENT, id_, params.get("xmlid", ""), **texts)


def _number(params: Mapping[str, Any], name: str) -> int:
    return int(params.get(name) or 0)


def _flag(params: Mapping[str, Any], name: str) -> bool:
    return str(params.get(name, "")).lower() not in _FALSE


def _content_type(mimetype: str) -> str:
    """Return the content type without characters that a header cannot have; text gets a charset."""
    clean = "".join(char for char in mimetype if " " <= char <= "~")
    return f"{clean}; charset=utf-8" if clean.startswith("text/") and "charset" not in clean else clean


def _attachment(filename: str, content: bytes, model: str, id_: str) -> dict[str, Any]:
    return {"name": filename, "raw": content, "res_model": model, "res_id": id_}


_ACTIONS: dict[str, Callable[[Files, Request, Call], Reply]] = {
    "content": Files._content,
    "image": Files._image,
    "logo": Files._logo,
    "upload": Files._upload,
}
