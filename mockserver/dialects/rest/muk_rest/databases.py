"""The database routes of muk_rest as calls of the `db` service.

Source: rest-muk §3.

Differs: without a master password the add-on tries "admin"; here the present one is taken, as its document
calls the parameter optional.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from mockserver.dialects import Reply
from mockserver.dialects.rest.muk_rest.parameters import Asked
from mockserver.dialects.web.pages import attachment_disposition
from mockserver.services import Databases

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]+")
_BINARY = "application/octet-stream; charset=binary"

# method of the `db` service, and its arguments
Method = tuple[str, list[Any]]


def change_master_password(asked: Asked, databases: Databases) -> Method:
    """Another master password."""
    return "change_admin_password", [_master(asked, databases, "password_old"), asked.get("password_new")]


def database_list(asked: Asked, databases: Databases) -> Method:
    """The names of all databases."""
    return "list", []


def database_create(asked: Asked, databases: Databases) -> Method:
    """A fresh database; any text of `demo` is a yes."""
    name, lang, code = _name(asked, "database_name"), asked.get("lang", "en_US"), asked.get("country_code")
    arguments = [name, bool(asked.get("demo")), lang, asked.get("admin_password"), asked.get("admin_login"), code]
    return "create_database", [_master(asked, databases), *arguments]


def database_duplicate(asked: Asked, databases: Databases) -> Method:
    """A copy under another name."""
    new = _name(asked, "database_new")
    return "duplicate_database", [_master(asked, databases), asked.get("database_old"), new]


def database_drop(asked: Asked, databases: Databases) -> Method:
    """Nothing is left of a database."""
    return "drop", [_master(asked, databases), asked.get("database_name")]


def database_backup(asked: Asked, databases: Databases) -> Method:
    """A file with the whole database."""
    format = asked.get("backup_format", "zip")
    return "dump", [_master(asked, databases), asked.get("database_name"), format]


def database_restore(asked: Asked, databases: Databases) -> Method:
    """A database from such a file; the master password is not looked at."""
    content = base64.b64encode(asked.files["backup_file"].stream.read()).decode()
    copy = asked.flag("copy")
    return "restore", [databases.master_password, asked.get("database_name"), content, copy]


METHODS: dict[str, Callable[[Asked, Databases], Method]] = {
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
    """What a route answers, from what the service said; `args` are those of the call."""
    if endpoint == "database_list":
        return {"databases": value, "incompatible_databases": []}
    if endpoint != "database_backup":
        return True  # whatever the service says: also for a database that was not there to drop
    _, name, format = args
    file = f"{name}_{databases.clock.moment():%Y-%m-%d_%H-%M-%S}.{format}"
    return Reply("200 OK", _BINARY, base64.b64decode(value), (("Content-Disposition", attachment_disposition(file)),))


def _master(asked: Asked, databases: Databases, name: str = "master_password") -> str:
    given = asked.sent.get(name)
    return databases.master_password if given is None else given


def _name(asked: Asked, parameter: str) -> str:
    name: str = asked.get(parameter)
    if not _NAME.fullmatch(name):
        raise Exception("Invalid database name.")
    return name
