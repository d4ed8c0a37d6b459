"""ir.config_parameter: settings by key.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import check_access
from mockserver.orm.schema.api import model, record
from mockserver.orm.storage.store import Row

Parent = Any

# keys that every database has
PROTECTED = (
    "database.secret", "database.uuid", "database.create_date", "web.base.url", "base.login_cooldown_after",
    "base.login_cooldown_duration",
)  # fmt: skip


def _row(env: Environment, key: Any) -> Row | None:
    ids = env.db.store.having("ir.config_parameter", "key", (key,))
    return env.db.store.get("ir.config_parameter", next(iter(ids))) if ids else None


@model("ir.config_parameter")
def get_param(self: Recordset, key: str, default: Any = False) -> Any:
    """The value of a setting, always text; `default` where there is none, or an empty one."""
    check_access(self, "read")
    row = _row(self.env, key)
    return (row or {}).get("value") or default


@model("ir.config_parameter")
def set_param(self: Recordset, key: str, value: Any) -> Any:
    """Set a setting; the old value, or False.  A value of False or None deletes it."""
    row = _row(self.env, key)
    empty = value is False or value is None
    if row is None:
        if not empty:
            self.call("create", {"key": key, "value": value})
        return False
    known = self.browse(row["id"])
    if empty:
        known.call("unlink")
    elif str(value) != row.get("value"):
        known.call("write", {"value": value})
    return row.get("value", False)


@record("ir.config_parameter")
def write(self: Recordset, parent: Parent, vals: Mapping[str, Any]) -> bool:
    """Change settings; those of every database keep their key."""
    if "key" in vals:
        kept = [key for key in PROTECTED if key in self.mapped("key")]
        if kept:
            raise ValidationError(f"You cannot rename config parameters with keys {', '.join(kept)}")
    return parent(vals)  # type: ignore[no-any-return]


@record("ir.config_parameter")
def unlink(self: Recordset, parent: Parent) -> bool:
    """Delete settings, save those of every database."""
    for key in self.call("exists").mapped("key"):
        if key in PROTECTED:
            raise ValidationError(f"You cannot delete the {key} record.")
    return parent()  # type: ignore[no-any-return]
