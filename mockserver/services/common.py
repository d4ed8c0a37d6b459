"""The `common` service: version and login, no password needed.  Source: versions.md §4.1."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.rights.access import in_group
from mockserver.services import auth
from mockserver.services.call import Call
from mockserver.services.db import Databases, dispatch_table

ABOUT = "See http://openerp.com"


def service(databases: Databases) -> Callable[[Call], Any]:
    """Return the function that answers calls of `common`; unknown methods raise `Exception`, as recorded."""
    functions = dispatch_table(f"{databases.profile.package}.service.common", _functions(databases))

    def common(call: Call) -> Any:
        # as on the real server, the prefix makes a method name of another type a TypeError
        function = functions.get("exp_" + call.method)
        if function is None:
            raise Exception(f"Method not found: {call.method}")
        return function(*call.args)

    return common


def _functions(databases: Databases) -> Iterable[Callable[..., Any]]:
    def exp_login(db: str, login: str, password: str) -> int | bool:
        return exp_authenticate(db, login, password, None)

    def exp_authenticate(db: str, login: str, password: str, user_agent_env: Any) -> int | bool:
        database = databases.connect(db)
        uid = auth.login(database, login, password, keys=True)
        if uid is None:
            return False
        if isinstance(user_agent_env, dict) and user_agent_env.get("base_location"):
            _keep_base_url(database, uid, str(user_agent_env["base_location"]))
        return uid

    def exp_version() -> dict[str, Any]:
        return databases.profile.version()

    def exp_about(extended: bool = False) -> Any:
        return [ABOUT, databases.profile.server_version] if extended else ABOUT

    def exp_set_loglevel(loglevel: Any, logger: Any = None) -> bool:
        return True

    return exp_login, exp_authenticate, exp_version, exp_about, exp_set_loglevel


def _keep_base_url(database: Database, uid: int, url: str) -> None:
    """Set the parameter `web.base.url` to the address that an administrator's login sends."""
    with database.transaction():
        env = database.env(uid)
        if not in_group(env, "base.group_system") or "ir.config_parameter" not in database.registry:
            return
        parameters = env["ir.config_parameter"]
        if parameters.search([("key", "=", "web.base.url.freeze")]):
            return
        known = parameters.search([("key", "=", "web.base.url")])
        if known:
            known.write({"value": url})
        else:
            parameters.create({"key": "web.base.url", "value": url})
