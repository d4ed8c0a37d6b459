"""The database routes of muk_rest as calls of the `db` service.

Source: rest-muk §3.

Differs: without a master password the add-on tries "admin"; here the current one is used, as its document
calls the parameter optional.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from mockserver.dialects import Reply
from mockserver.dialects.rest.muk_rest.parameters import Parameters
from mockserver.dialects.web.pages import attachment_disposition
from mockserver.services import Databases

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]+")
_BINARY = "application/octet-stream; charset=binary"

# method of the `db` service, and its arguments
Method = tuple[str, list[Any]]


def change_master_password(params: Parameters, databases: Databases) -> Method:
    """Change the master password."""
    return "change_admin_password", [_master_password(params, databases, "password_old"), params.get("password_new")]


def database_list(params: Parameters, databases: Databases) -> Method:
    """List the names of all databases."""
    return "list", []


def database_create(params: Parameters, databases: Databases) -> Method:
    """Create a database; any text as `demo` means yes."""
    name, lang, code = _database_name(params, "database_name"), params.get("lang", "en_US"), params.get("country_code")
    arguments = [name, bool(params.get("demo")), lang, params.get("admin_password"), params.get("admin_login"), code]
    return "create_database", [_master_password(params, databases), *arguments]


def database_duplicate(params: Parameters, databases: Databases) -> Method:
    """Copy a database under another name."""
    new = _database_name(params, "database_new")
    return "duplicate_database", [_master_password(params, databases), params.get("database_old"), new]


def database_drop(params: Parameters, databases: Databases) -> Method:
    """Delete a database."""
    return "drop", [_master_password(params, databases), params.get("database_name")]


def database_backup(params: Parameters, databases: Databases) -> Method:
    """Write a file with the whole database."""
    format = params.get("backup_format", "zip")
    return "dump", [_master_password(params, databases), params.get("database_name"), format]


def database_restore(params: Parameters, databases: Databases) -> Method:
    """Create a database from such a file; the master password is not checked."""
    content = base64.b64encode(params.files["backup_file"].stream.read()).decode()
    copy = params.flag("copy")
    return "restore", [databases.master_password, params.get("database_name"), content, copy]


METHODS: dict[str, Callable[[Parameters, Databases], Method]] = {
    function.__name__: function
    for function in (
        change_master_password,
        database_list,
        database_create,
        database_duplicate,
        database_drop,
        database_backup,
        database_restore,
    )
}


def answer(endpoint: str, args: Any, value: Any, databases: Databases) -> Any:
    """Return the answer of a route for the result of the service; `args` are those of the call."""
    if endpoint == "database_list":
        return {"databases": value, "incompatible_databases": []}
    if endpoint != "database_backup":
        return True  # whatever the result is: also when dropping an unknown database
    _, name, format = args
    file = f"{name}_{databases.clock.moment():%Y-%m-%d_%H-%M-%S}.{format}"
    return Reply("200 OK", _BINARY, base64.b64decode(value), (("Content-Disposition", attachment_disposition(file)),))


def _master_password(params: Parameters, databases: Databases, name: str = "master_password") -> str:
    given = params.sent.get(name)
    return databases.master_password if given is None else given


def _database_name(params: Parameters, parameter: str) -> str:
    name: str = params.get(parameter)
    if not _NAME.fullmatch(name):
        raise Exception("Invalid database name.")
    return name
