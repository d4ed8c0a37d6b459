"""Access rights per model and per field: who may read, write, create and unlink.

Record rules are in `record_rules.py`.  Source: versions.md §9.1, §9.3.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from mockserver.errors import AccessError
from mockserver.orm.rights import tables
from mockserver.orm.rights.refusals import field_refusal, model_refusal

if TYPE_CHECKING:
    from mockserver.orm.database import Database
    from mockserver.orm.fields.base import Field
    from mockserver.orm.records.environment import Environment, Recordset

MODES = ("read", "write", "create", "unlink")
# changes in these tables may change access rights
_TABLES = ("ir.model.access", "ir.rule", "ir.access", "res.groups", "res.users", "ir.model")
# applies in developer mode only, which no external call uses
DEVELOPERS_ONLY = "base.group_no_one"
_FIELD = re.compile(r"\w*")


def refresh(db: Database) -> None:
    """Clear the caches of access rights if the tables that they depend on have changed."""
    if db.access_seen == db.store.changes:
        return
    db.access_seen = db.store.changes
    stamp = tuple(map(db.store.versions.get, _TABLES))
    if db.access_stamp != stamp:
        db.access_stamp = stamp
        db.access_cache.clear()
        db.limits.clear()
        db.groups.clear()


def user_groups(env: Environment) -> frozenset[int]:
    """Return the ids of the user's groups, with all implied groups."""
    refresh(env.db)
    known = env.db.groups.get(env.uid)
    if known is None:
        user = env.db.store.get("res.users", env.uid) or {}
        known = env.db.groups[env.uid] = frozenset(with_implied(env, user.get(groups_field(env), ())))
    return known


def groups_field(env: Environment) -> str:
    """Return the field of res.users that holds the groups: `groups_id`, and `group_ids` from 19 on."""
    model = env.db.registry.get("res.users")
    return "group_ids" if model is not None and "group_ids" in model.fields else "groups_id"


def with_implied(env: Environment, groups: Iterable[int]) -> set[int]:
    """Return the groups and all groups that they imply, directly or indirectly."""
    rows = env.db.store.rows("res.groups")
    found: set[int] = set()
    pending = list(groups)
    while pending:
        id_ = pending.pop()
        if id_ not in found and id_ in rows:
            found.add(id_)
            pending += rows[id_].get("implied_ids", ())
    return found


def in_group(env: Environment, xmlid: str) -> bool:
    """Return whether the user is in the group with the external id; False for an unknown one."""
    group = env.ref(xmlid, raise_if_not_found=False)
    return group is not None and bool(group._ids) and group._ids[0] in user_groups(env)


def in_groups(env: Environment, groups: str) -> bool:
    """Return whether the user is in one of the comma-separated groups, and in none of those prefixed with `!`."""
    refresh(env.db)
    key = (env.uid, groups)
    known = env.db.access_cache.get(key)
    if known is None:
        known = env.db.access_cache[key] = _is_in_groups(env, groups)
    return known


def _is_in_groups(env: Environment, groups: str) -> bool:
    wanted = [name.strip() for name in groups.split(",")]
    refused = [name[1:] for name in wanted if name.startswith("!")]
    if any(name != DEVELOPERS_ONLY and in_group(env, name) for name in refused):
        return False
    named = [name for name in wanted if not name.startswith("!")]
    return not named or any(name != DEVELOPERS_ONLY and in_group(env, name) for name in named)


def allowed(env: Environment, model: str, mode: str) -> bool:
    """Return whether the user may read, write, create or unlink (`mode`) records of the model."""
    if env.su:
        return True
    db = env.db
    refresh(db)
    key = (env.uid, model, mode)
    known = db.access_cache.get(key)
    if known is None:
        known = db.access_cache[key] = _is_granted(env, model, mode)
    return known


def _is_granted(env: Environment, model: str, mode: str) -> bool:
    if env.db.profile.rules.wizards_open and model in env.db.registry and env.db.registry[model].transient:
        return True
    groups = user_groups(env)
    if any(group is None or group in groups for group in tables.groups_with_right(env.db, model, mode)):
        return True
    return env.db.profile.custom_models_open and _is_custom(env, model) and not tables.has_rights(env.db, model)


def _is_custom(env: Environment, model: str) -> bool:
    store = env.db.store
    rows = store.rows("ir.model")
    return any(rows[i].get("state") == "manual" for i in store.having("ir.model", "model", (model,)))


def check_mode(mode: str) -> None:
    """Raise AssertionError for an unknown access mode."""
    if mode not in MODES:
        raise AssertionError("Invalid access mode")


def check_access(records: Recordset, mode: str) -> None:
    """Raise the server's AccessError if the user has no right to `mode` on the model."""
    if not allowed(records.env, records._name, mode):
        raise refusal(records, mode)


def refusal(records: Recordset, mode: str) -> AccessError:
    """Return the error that `check_access` raises."""
    env = records.env
    granting = dict.fromkeys(group for group in tables.groups_with_right(env.db, records._name, mode) if group)
    return model_refusal(records, mode, env.sudo()["res.groups"].browse(granting))


# -- fields


def sees(env: Environment, field: Field) -> bool:
    """Return whether the field's groups allow the user to access it."""
    if field.internal:
        return False
    return not field.groups or env.su or (field.groups != "." and in_groups(env, field.groups))


def check_fields(records: Recordset, mode: str, names: Collection[str]) -> None:
    """Raise the server's AccessError for fields restricted to other groups; unknown names are ignored."""
    restricted = records._model.restricted
    if not restricted or records.env.su or restricted.keys().isdisjoint(names):
        return
    refused = [restricted[name] for name in names if name in restricted and not sees(records.env, restricted[name])]
    if refused:
        raise field_refusal(records, mode, refused)


def check_domain(records: Recordset, tokens: Iterable[Any]) -> None:
    """Raise the error of `check_fields` for the fields of a normalised domain, those in paths included."""
    env = records.env
    if not env.db.registry.restricted or env.su:
        return
    for token in tokens:
        if isinstance(token, str) or len(token) != 3 or not isinstance(token[0], str):
            continue
        if token[0] in records._model.fields and token[0] not in records._model.restricted and "any" not in token[1]:
            continue
        at: Recordset | None = records
        for name in token[0].split("."):
            if at is None or name not in at._model.fields:
                at = None
                break
            check_fields(at, "read", (name,))
            comodel = at._model.fields[name].comodel
            at = env[comodel] if comodel in env else None  # noqa: SIM401 (not a mapping)
        if at is not None and token[1] in ("any", "not any"):
            check_domain(at, token[2])


def check_order(records: Recordset, clause: Any) -> None:
    """Raise the error of `check_fields` for an order clause, or specifications of groups joined by commas."""
    if records._model.restricted and isinstance(clause, str):
        check_fields(records, "read", [_FIELD.match(part.strip())[0] for part in clause.split(",")])  # type: ignore[index]
