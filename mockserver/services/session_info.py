"""What `/web/session/authenticate` and `get_session_info` tell a logged-in client.

Source: versions.md §5; the keys are those recorded in core-envelope (17.0).
"""

from __future__ import annotations

import hashlib
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.environment import Environment
from mockserver.services.sessions import Session

ACTIVE_IDS_LIMIT = 20_000
MAX_UPLOAD = 128 * 1024 * 1024  # bytes

# what never changes here: settings of modules and of the profiler
_FIXED: dict[str, Any] = {
    "support_url": "https://www.odoo.com/buy",
    "active_ids_limit": ACTIVE_IDS_LIMIT,
    "profile_session": None,
    "profile_collectors": None,
    "profile_params": None,
    "max_file_upload_size": MAX_UPLOAD,
    "home_action_id": False,
    "iap_company_enrich": False,
    "is_quick_edit_mode_enabled": False,
    "notification_type": "email",
    "odoobot_initialized": True,
    "tour_disable": True,
    "web_tours": [],
    "websocket_worker_version": "17.0-1",
}


def session_info(database: Database, session: Session, base_url: str) -> dict[str, Any]:
    """The session information of the profile; `base_url` is told when the database does not know its own."""
    with database.lock:
        env = database.env(session.uid, session.context)
        info = {**_identity(env), **_server(database, env, base_url), **_FIXED, **_companies(env)}
        info["user_context"] = session.context
        info["bundle_params"] = {"lang": session.context["lang"]}
    return {key: info[key] for key in database.profile.session_info_keys if key in info}


def _identity(env: Environment) -> dict[str, Any]:
    user = env.user
    system, internal = _in_group(env, "base.group_system"), _in_group(env, "base.group_user")
    return {
        "uid": user.id,
        "is_system": system,
        "is_admin": system or _in_group(env, "base.group_erp_manager"),
        "is_public": _in_group(env, "base.group_public"),
        "is_internal_user": internal,
        "name": user.name,
        "username": user.login,
        "partner_id": user.partner_id.id or None,
        "partner_display_name": user.partner_id.display_name,
        # one element in a list: so it is recorded
        "user_id": [user.id],
        "user_settings": {"id": user.id, "user_id": {"id": user.id}},
    }


def _server(database: Database, env: Environment, base_url: str) -> dict[str, Any]:
    return {
        "db": database.name,
        "server_version": database.profile.server_version,
        "server_version_info": list(database.profile.version_info),
        "web.base.url": _parameter(database, "web.base.url") or base_url,
        "currencies": _currencies(database),
        "cache_hashes": {
            "translations": hashlib.sha1(env.user.lang.encode() if env.user.lang else b"").hexdigest(),
            "load_menus": hashlib.sha256(database.name.encode()).hexdigest(),
        },
    }


def _companies(env: Environment) -> dict[str, Any]:
    """Internal users only."""
    if not _in_group(env, "base.group_user"):
        return {}
    allowed = {
        str(company.id): {
            "id": company.id,
            "name": company.name,
            "sequence": company.sequence,
            "child_ids": list(company.child_ids.ids),
            "parent_id": company.parent_id.id or False,
        }
        for company in env.user.company_ids
    }
    return {
        "user_companies": {
            "current_company": env.user.company_id.id,
            "allowed_companies": allowed,
            "disallowed_ancestor_companies": {},
        },
        "show_effect": True,
        "display_switch_company_menu": len(allowed) > 1,
    }


def _currencies(database: Database) -> dict[str, Any]:
    """Active currencies: `{"1": {"symbol", "position", "digits": [69, decimal places]}}`."""
    return {
        str(id_): {
            "symbol": row.get("symbol", False),
            "position": row.get("position", "after"),
            "digits": [69, row.get("decimal_places", 2)],
        }
        for id_, row in sorted(database.store.rows("res.currency").items())
        if row.get("active")
    }


def _parameter(database: Database, key: str) -> str | None:
    rows = database.store.rows("ir.config_parameter")
    return next((row.get("value") for row in rows.values() if row.get("key") == key), None)


def _in_group(env: Environment, xmlid: str) -> bool:
    group = env.ref(xmlid, raise_if_not_found=False)
    return group is not None and group.id in env.user.groups_id.ids
