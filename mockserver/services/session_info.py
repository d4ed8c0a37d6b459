"""The session information that `/web/session/authenticate` and `get_session_info` return.

Source: versions.md §5; the keys of 17.0 are those recorded in core-envelope, those of CloudOffix are from the
document of its API.
"""

from __future__ import annotations

import hashlib
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment
from mockserver.orm.rights.access import in_group
from mockserver.profiles import Profile
from mockserver.services.session_companies import companies
from mockserver.services.sessions import Session

ACTIVE_IDS_LIMIT = 20_000
MAX_UPLOAD = 128 * 1024 * 1024  # bytes

# constant values: settings of modules, of the profiler and of the product
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
    "tour_enabled": False,
    "current_tour": False,
    "web_tours": [],
    "out_of_office_message": False,
    "storeData": {},
    "quick_login": True,
    "test_mode": False,
    "expiration_date": False,
    "expiration_reason": False,
    "contracted_module_list": None,
    "contract_validation": True,
    "mfa_login_needed": None,
    "is_saas_client": "yes",
    "expiration_datetime": 35,
    "trial": "False",
    "background_css": False,
}
# the settings of a user of the module `mail`
_SETTINGS: dict[str, Any] = {
    "is_discuss_sidebar_category_channel_open": True,
    "is_discuss_sidebar_category_chat_open": True,
    "push_to_talk_key": False,
    "use_push_to_talk": False,
    "voice_active_duration": 200,
    "volume_settings_ids": [["ADD", []]],
}
_VIEWS = ("list", "form", "graph", "pivot", "kanban", "calendar", "search")


def session_info(database: Database, session: Session, base_url: str) -> dict[str, Any]:
    """Return the session information; `base_url` is used if the database has no `web.base.url`."""
    profile = database.profile
    with database.lock:
        env = database.env(session.uid, session.context)
        internal = in_group(env, "base.group_user")
        info = {
            **_FIXED,
            **_server(database, env, base_url),
            **_identity(env),
            **_client(database, env),
            **companies(env),
        }
        info["session_id"] = session.sid
        info["user_context"] = session.context
    keys = profile.session_info_keys(internal=internal, system=info["is_system"], models=database.registry)
    return {key: info[key] for key in keys}


def failed_login_info(database: Database, sid: str, base_url: str) -> dict[str, Any]:
    """Return the answer to a failed login in servers where it is not an error: `uid` is false, the rest is empty.

    Source: versions.md §5.
    """
    empty: dict[str, Any] = dict.fromkeys(database.profile.session_info_keys(), False)
    info: dict[str, Any] = {
        "session_id": sid,
        "company_id": None,
        "partner_id": None,
        "user_context": {},
        "db": database.name,
        "currencies": {},
        **_version(database.profile),
    }
    info["web.base.url"] = _parameter(database, "web.base.url") or base_url
    return {key: info.get(key, _FIXED.get(key, value)) for key, value in empty.items()}


def _identity(env: Environment) -> dict[str, Any]:
    user = env.user
    system = in_group(env, "base.group_system")
    return {
        "uid": user.id,
        "is_system": system,
        "is_superuser": user.id == env.db.profile.superuser_id,
        "is_admin": system or in_group(env, "base.group_erp_manager"),
        "is_public": in_group(env, "base.group_public"),
        "is_internal_user": in_group(env, "base.group_user"),
        "name": user.name,
        "username": user.login,
        "company_id": user.company_id.id,
        "partner_id": user.partner_id.id or None,
        "partner_display_name": user.partner_id.display_name,
        "partner_write_date": user.partner_id.write_date,
        # a list with one element, as recorded
        "user_id": [user.id],
        "user_settings": {**_SETTINGS, "id": user.id, "user_id": {"id": user.id}},
    }


def _version(profile: Profile) -> dict[str, Any]:
    return {"server_version": profile.server_version, "server_version_info": list(profile.version_info)}


def _server(database: Database, env: Environment, base_url: str) -> dict[str, Any]:
    return {
        "db": database.name,
        **_version(database.profile),
        "web.base.url": _parameter(database, "web.base.url") or base_url,
        "currencies": _currencies(database),
        "registry_hash": hashlib.sha256(database.name.encode()).hexdigest(),
        "websocket_worker_version": f"{database.profile.server_version}-1",
    }


def _client(database: Database, env: Environment) -> dict[str, Any]:
    """Return the values for the web client's caches and views."""
    lang = env.user.lang
    return {
        "bundle_params": {"lang": lang or "en_US"},
        "cache_hashes": {
            "translations": hashlib.sha1(lang.encode() if lang else b"").hexdigest(),
            "load_menus": hashlib.sha256(database.name.encode()).hexdigest(),
        },
        # until 14 it is the text of a parameter
        "show_effect": "True" if database.profile.rules.effect_is_text else True,
        "view_info": {
            view: {"display_name": view.title(), "icon": "", "multi_record": view != "form"} for view in _VIEWS
        },
        "groups": {"base.group_allow_export": in_group(env, "base.group_allow_export")},
    }


def _currencies(database: Database) -> dict[str, Any]:
    """Return the active currencies: `{"1": {"symbol", "position", "digits": [69, decimal places]}}`."""
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
