"""Access rights per model: who may read, write, create and unlink.

Source: versions.md §9.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.errors import AccessError

if TYPE_CHECKING:
    from mockserver.orm.environment import Environment, Recordset

MODES = ("read", "write", "create", "unlink")
_VERBS = {"read": "access", "write": "modify", "create": "create", "unlink": "delete"}
# a change in one of these tables may change who may do what
_TABLES = ("ir.model.access", "res.groups", "res.users", "ir.model")


def user_groups(env: Environment) -> frozenset[int]:
    """Ids of the user's groups, with all that they imply."""
    store = env.db.store
    user = store.get("res.users", env.uid)
    groups = store.rows("res.groups")
    found: set[int] = set()
    pending = list((user or {}).get("groups_id", ()))
    while pending:
        id_ = pending.pop()
        if id_ not in found and id_ in groups:
            found.add(id_)
            pending += groups[id_].get("implied_ids", ())
    return frozenset(found)


def allowed(env: Environment, model: str, mode: str) -> bool:
    """Whether the user may do that with records of the model."""
    if env.su:
        return True
    db = env.db
    stamp = tuple(map(db.store.versions.get, _TABLES))
    if db.access_stamp != stamp:
        db.access_stamp = stamp
        db.access_cache.clear()
    key = (env.uid, model, mode)
    known = db.access_cache.get(key)
    if known is None:
        known = db.access_cache[key] = _granted(env, model, mode)
    return known


def _granted(env: Environment, model: str, mode: str) -> bool:
    groups = user_groups(env)
    return any(group is None or group in groups for group in _granting(env, model, mode))


def _granting(env: Environment, model: str, mode: str) -> list[int | None]:
    """The groups to which an access right on the model is given; None stands for everybody."""
    store = env.db.store
    rows = store.rows("ir.model.access")
    models = store.having("ir.model", "model", (model,))
    rights = [rows[i] for i in sorted(store.having("ir.model.access", "model_id", models))]
    return [right.get("group_id") for right in rights if right.get("active", True) and right.get(f"perm_{mode}")]


def check_access(records: Recordset, mode: str) -> None:
    """Raise the server's AccessError when the user may not do that."""
    if not allowed(records.env, records._name, mode):
        raise AccessError(refusal(records, mode))


def refusal(records: Recordset, mode: str) -> str:
    """The text of the AccessError."""
    env = records.env
    named = env.sudo()["res.groups"].browse(dict.fromkeys(g for g in _granting(env, records._name, mode) if g))
    if named:
        pairs = sorted((group.category_id.name or "", group.name) for group in named)
        # those without a category come last
        pairs.sort(key=lambda pair: not pair[0])
        lines = "\n".join("\t- " + "/".join(filter(None, pair)) for pair in pairs)
        groups = f"This operation is allowed for the following groups:\n{lines}"
    else:
        groups = "No group currently allows this operation."
    return (
        f"You are not allowed to {_VERBS[mode]} '{records._model.description}' ({records._name}) records.\n\n"
        f"{groups}\n\nContact your administrator to request access if necessary."
    )
