"""`/web/database/…`: the forms that create, copy, back up and drop databases.

They are calls of the `db` service with its master password.  Success is answered by a redirect, or the file of a
backup; an error by status 200 and the manager's page with the error's text.
Source: versions.md §1.4, §4.2.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from werkzeug.exceptions import BadRequest

from mockserver import errors
from mockserver.dialects import HTML, Reply, Request, Route, page
from mockserver.dialects.web.form import Form, form, query
from mockserver.dialects.web.pages import attachment_disposition
from mockserver.dialects.web.session import SessionDialect
from mockserver.services import Call

POST = frozenset({"POST"})
MANAGER, HOME = "/web/database/manager", "/web"
_BACKUP_TYPE = "application/octet-stream; charset=binary"
_FILE_TIME = "%Y-%m-%d_%H-%M-%S"
_TRUE = {"y", "yes", "t", "true", "on", "1"}
_FORMAT = re.compile(r"[A-Za-z0-9]{1,10}")


class Action(NamedTuple):
    """A form's action: names of `required` fields, the beginning `failed` of an error text, further `arguments`."""

    method: str
    required: tuple[str, ...]
    failed: str
    arguments: Callable[[dict[str, str], Form], list[Any]]


def _create(values: dict[str, str], sent: Form) -> list[Any]:
    demo = bool(values.get("demo"))
    login = values.get("login") or "admin"
    return [values["name"], demo, values["lang"], values["password"], login, values.get("country_code") or None]


def _restore(values: dict[str, str], sent: Form) -> list[Any]:
    data = base64.b64encode(sent.files["backup_file"].read()).decode()
    return [values["name"], data, values.get("copy", "").lower() in _TRUE]


ACTIONS = {
    "create": Action("create_database", ("name", "lang", "password"), "Database creation error", _create),
    "duplicate": Action(
        "duplicate_database",
        ("name", "new_name"),
        "Database duplication error",
        lambda values, sent: [values["name"], values["new_name"]],
    ),
    "drop": Action("drop", ("name",), "Database deletion error", lambda values, sent: [values["name"]]),
    "backup": Action(
        "dump",
        ("name",),
        "Database backup error",
        lambda values, sent: [values["name"], values.get("backup_format") or "zip"],
    ),
    "restore": Action("restore", ("backup_file", "name"), "Database restore error", _restore),
    "change_password": Action(
        "change_admin_password",
        ("master_pwd_new",),
        "Master password update error",
        lambda values, sent: [values["master_pwd_new"]],
    ),
}


class DatabasePages(SessionDialect):
    """Forms with `master_pwd` and `name`, and the two pages that list the databases.

    Differs: a real server whose master password is still `admin` accepts any password and makes it the new one.
    """

    name = "database"
    routes = (
        *(Route(f"/web/database/{endpoint}", endpoint, POST) for endpoint in ACTIONS),
        Route(MANAGER, "manager"),
        Route("/web/database/selector", "selector"),
    )

    def parse(self, request: Request) -> Call:
        """Return the call of `db`; raises werkzeug's BadRequest for a missing field.

        Differs: the real server answers 500 for a missing field, without naming it.
        """
        endpoint = request.route.endpoint
        action = ACTIONS.get(endpoint)
        if action is None:
            return Call(self.name, "page", endpoint)
        sent = form(request)
        values = {**query(request), **sent.values}
        missing = [name for name in ("master_pwd", *action.required) if name not in values and name not in sent.files]
        if missing:
            raise BadRequest(f"The form has no field {', '.join(missing)}")
        if "backup_file" in action.required and "backup_file" not in sent.files:
            raise BadRequest("The field backup_file is not an uploaded file: send the form as multipart/form-data")
        arguments = [values["master_pwd"], *action.arguments(values, sent)]
        return Call(self.name, "db", action.method, arguments, db=values.get("name"))

    def perform(self, request: Request, call: Call) -> Reply:
        """Perform the action; return the page, the redirect or the file."""
        if call.service == "page":
            return self._page()
        value = self.services.rpc(call)
        endpoint = request.route.endpoint
        if endpoint == "backup":
            return self._file(call, value)
        if endpoint != "create":
            return _redirect(MANAGER)
        _, name, _, _, password, login, _ = call.args
        request.session = self.services.sessions.open(name, login, password, self.session_id(request))
        return self.with_cookie(request, _redirect(HOME))

    def render(self, request: Request, value: Any) -> Reply:
        """Return the finished answer."""
        reply: Reply = value
        return reply

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return the manager's page with the error's text."""
        action = ACTIONS[request.route.endpoint]
        text = errors.message(error, self.profile) or type(error).__name__
        return self._page(f"{action.failed}: {text}")

    def _page(self, error: str = "") -> Reply:
        rows = "".join(f"<li>{html.escape(name)}</li>" for name in sorted(self.services.databases))
        alert = f'<p class="alert alert-danger" role="alert">{html.escape(error)}</p>' if error else ""
        forms = ", ".join(f"<code>/web/database/{endpoint}</code>" for endpoint in ACTIONS)
        return page("Databases", f"{alert}<ul>{rows}</ul><p>Send a form to {forms}.</p>")

    def _file(self, call: Call, content: str) -> Reply:
        name, kind = call.args[1:]
        ending = kind if _FORMAT.fullmatch(kind) else "dump"
        moment = self.services.databases.clock.moment().strftime(_FILE_TIME)
        headers = (("Content-Disposition", attachment_disposition(f"{name}_{moment}.{ending}")),)
        return Reply("200 OK", _BACKUP_TYPE, base64.b64decode(content), headers)


def _redirect(path: str) -> Reply:
    return Reply("303 See Other", HTML, b"", (("Location", path),))
