"""ir.config_parameter: settings by key.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Environment
from mockserver.orm.rights.access import check_access
from mockserver.orm.storage.store import Row

# keys that every database has
PROTECTED = (
    "database.secret", "database.uuid", "database.create_date", "web.base.url", "base.login_cooldown_after",
    "base.login_cooldown_duration",
)  # fmt: skip


def _row(env: Environment, key: Any) -> Row | None:
    ids = env.db.store.having("ir.config_parameter", "key", (key,))
    return env.db.store.get("ir.config_parameter", next(iter(ids))) if ids else None


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def get_param(self, key: str, default: Any = False) -> Any:
        """Return the value of a setting, always text; `default` if it is missing or empty."""
        check_access(self, "read")
        row = _row(self.env, key)
        return (row or {}).get("value") or default

    @api.model
    def set_param(self, key: str, value: Any) -> Any:
        """Set a setting and return the old value or False.  A value of False or None deletes it."""
        row = _row(self.env, key)
        empty = value is False or value is None
        if row is None:
            if not empty:
                self.create({"key": key, "value": value})
            return False
        known = self.browse(row["id"])
        if empty:
            known.unlink()
        elif str(value) != row.get("value"):
            known.write({"value": value})
        return row.get("value", False)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change settings; protected ones keep their key."""
        if "key" in vals:
            kept = [key for key in PROTECTED if key in self.mapped("key")]
            if kept:
                raise ValidationError(f"You cannot rename config parameters with keys {', '.join(kept)}")
        return super().write(vals)

    def unlink(self) -> bool:
        """Delete settings; protected ones raise ValidationError."""
        for key in self.exists().mapped("key"):
            if key in PROTECTED:
                raise ValidationError(f"You cannot delete the {key} record.")
        return super().unlink()
