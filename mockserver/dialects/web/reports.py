"""`/report/<converter>/<report>[/<ids>]` and `/report/download`.

Differs: there are no barcodes; an unknown converter is 404.  Parameters of a report other than its records and the
context have no effect.
Source: versions.md §1.4; the source of Odoo 11.0, 15.0 and 17.0 (addons/web).
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import unquote

from werkzeug.http import dump_cookie

from mockserver import errors
from mockserver.dialects import HTML, Reply, Request, Route, to_json
from mockserver.dialects.volume import json_value
from mockserver.dialects.web import csrf
from mockserver.dialects.web.form import parameters
from mockserver.dialects.web.pages import HttpDialect, attachment_disposition
from mockserver.services import Call
from mockserver.services.reports import REPORT, Document, render

_CONVERTERS = "<any(html,pdf,text):converter>"
_METHOD = "_render_qweb_"  # the real server's method, without the converter at its end
_DOWNLOADS = {"qweb-pdf": "pdf", "qweb-text": "text"}


class Reports(HttpDialect):
    """Printed reports, for logged-in users."""

    name = "reports"
    routes = (
        Route(f"/report/{_CONVERTERS}/<reportname>", "report"),
        Route(f"/report/{_CONVERTERS}/<reportname>/<docids>", "report"),
        Route("/report/download", "download"),
        Route("/report/check_wkhtmltopdf", "check"),
    )

    # -- the request

    def parse(self, request: Request) -> Call:
        """Return the call that prints; raises the redirect to the login page."""
        endpoint = request.route.endpoint
        if endpoint == "check":
            session, _ = self.as_user(request)
            return self.call(session, "report", "get_wkhtmltopdf_state")
        session = self.require_session(request)
        params = parameters(request)
        csrf.check(request, session.sid, params)
        if endpoint == "report":
            json_value(params.get("options") or "{}")
            names = request.arguments
            method, args = _METHOD + names["converter"], [names["reportname"], _ids(names.get("docids", ""))]
        else:
            method, args = self._download(params)
        context = {**session.context, **json_value(params.get("context") or "{}")}
        kwargs = {"context": context, "token": params.get("token")}
        return Call(self.name, "report", method, args, kwargs, session.db, session.uid, model=REPORT)

    def _download(self, params: dict[str, str]) -> tuple[str, list[Any]]:
        """Return `(method, arguments)` for the report whose address is in the parameter `data`."""
        names = ("data", "token") if self.profile.rules.report_needs_token else ("data",)
        text = self.required("ReportController.report_download", names, params, ("context", "token"))[0]
        url, kind = json_value(text)[:2]
        converter = _DOWNLOADS.get(kind)
        if converter is None:
            return "nothing", []
        report, _, docids = unquote(url.partition(f"/report/{converter}/")[2].partition("?")[0]).partition("/")
        return _METHOD + converter, [report, _ids(docids)]

    # -- the call

    def perform(self, request: Request, call: Call) -> Any:
        """Return a `Document`, None if there is nothing to print, or the state of wkhtmltopdf."""
        if request.route.endpoint == "check":
            return "ok"
        if not call.args:
            return None
        assert call.uid is not None
        env = self.services.databases.connect(call.db).env(call.uid, call.kwargs["context"])
        report, ids = call.args
        return render(env, report, ids, call.method.removeprefix(_METHOD))

    # -- the answer

    def render(self, request: Request, value: Any) -> Reply:
        """Return the document itself, or as a download."""
        if request.route.endpoint == "check":
            return super().render(request, value)
        if value is None:
            return Reply("200 OK", HTML, b"")
        assert isinstance(value, Document)
        content_type = HTML if value.mimetype == "text/html" else value.mimetype
        reply = Reply("200 OK", content_type, value.content)
        return reply if request.route.endpoint == "report" else self._as_download(request, reply, value.name)

    def _as_download(self, request: Request, reply: Reply, name: str) -> Reply:
        headers = [("Content-Disposition", attachment_disposition(name))]
        token = request.call.kwargs["token"] if request.call else None
        if token and self.profile.rules.report_needs_token:
            headers.append(("Set-Cookie", dump_cookie("fileToken", token)))
        return reply._replace(headers=tuple(headers))

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return a page; for a download JSON in HTML with status 200; for the state of wkhtmltopdf a JSON-RPC error."""
        if request.route.endpoint == "check":
            return super(HttpDialect, self).render_error(request, error)
        if request.route.endpoint == "report" or request.call is None:
            return super().render_error(request, error)
        described = errors.error_data(error, self.profile)
        body = {"code": 200, "message": f"{self.profile.brand} Server Error", "data": described}
        return Reply("200 OK", HTML, html.escape(to_json(body, self.profile).decode()).encode())


def _ids(text: str) -> list[int]:
    """Return the numbers in a comma-separated list; skips other parts."""
    return [int(part) for part in text.split(",") if part.isascii() and part.isdigit()]
