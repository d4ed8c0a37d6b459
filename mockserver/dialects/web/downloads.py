"""Exports as files: `/web/export/csv` and `/web/export/xlsx`.

Differs: until 12.0 the real server has `/web/export/xls`; here there is none.
Source: versions.md §1.4; the source of Odoo, web/controllers/export.py.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from werkzeug.http import dump_cookie

from mockserver.dialects import Reply, Request, Route
from mockserver.dialects.volume import json_value
from mockserver.dialects.web import csrf
from mockserver.dialects.web.form import parameters
from mockserver.dialects.web.pages import HttpDialect
from mockserver.services import Call, exports

_CSV = "text/csv;charset=utf8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNSAFE = re.compile(r"[^\w_.()\[\] -]+")


class Downloads(HttpDialect):
    """Tables of records, for logged-in users."""

    name = "web"
    routes = (Route("/web/export/csv", "csv"), Route("/web/export/xlsx", "xlsx", since=13))

    def parse(self, request: Request) -> Call:
        """Return the call that exports; raises the redirect to the login page."""
        session = self.require_session(request)
        params = parameters(request)
        csrf.check(request, session.sid, params)
        data = json_value(params["data"])
        call = Call(self.name, "export", "export_data", (), data, session.db, session.uid, model=data["model"])
        if "token" in params:
            call.args = (params["token"],)
        return call

    def perform(self, request: Request, call: Call) -> Reply:
        """Return the file."""
        assert call.uid is not None
        session = request.session
        env = self.services.databases.connect(call.db).env(call.uid, session.context if session else {})
        kind = request.route.endpoint
        with env.db.transaction():
            header, rows = exports.table(env, dict(call.kwargs), grouped_refused=kind == "csv")
            description = env.db.registry[str(call.model)].description
        content = exports.as_csv(header, rows) if kind == "csv" else exports.as_xlsx(header, rows)
        name = _UNSAFE.sub("", f"{description} ({call.model})") + f".{kind}"
        headers = [("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name, safe='')}")]
        if call.args:  # of older clients, which wait for it
            headers.append(("Set-Cookie", dump_cookie("fileToken", str(call.args[0]))))
        return Reply("200 OK", _CSV if kind == "csv" else _XLSX, content, tuple(headers))

    def render(self, request: Request, value: Any) -> Reply:
        """Return the `Reply` of the call unchanged."""
        assert isinstance(value, Reply)
        return value
