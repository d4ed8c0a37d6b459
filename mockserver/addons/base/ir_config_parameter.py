"""ir.config_parameter: settings by key.

Source: 17.0.  Inferred: the methods by type, from 20 on, with their defaults: odoo-20 §5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Environment
from mockserver.orm.rights.access import check_access
from mockserver.orm.storage.store import Row

Number = TypeVar("Number", int, float)

# keys that every database has
PROTECTED = (
    "database.secret", "database.uuid", "database.create_date", "web.base.url", "base.login_cooldown_after",
    "base.login_cooldown_duration",
)  # fmt: skip


_FALSE = ("false", "0", "no", "off")


def _number(kind: Callable[[Any], Number], value: Any, default: Number) -> Number:
    try:
        return kind(value) if value else default
    except ValueError:
        return default


def _row(env: Environment, key: Any) -> Row | None:
    ids = env.db.store.having("ir.config_parameter", "key", (key,))
    return env.db.store.get("ir.config_parameter", next(iter(ids))) if ids else None


def parameter(env: Environment, key: str) -> Any:
    """Return the value of a setting, always text; False if it is missing or empty."""
    return (_row(env, key) or {}).get("value") or False


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model(until=19)
    def get_param(self, key: str, default: Any = False) -> Any:
        """Return the value of a setting, always text; `default` if it is missing or empty."""
        return self._get(key, default)

    @api.model(until=19)
    def set_param(self, key: str, value: Any) -> Any:
        """Set a setting and return the old value or False.  A value of False or None deletes it."""
        return self._set(key, value)

    @api.model(since=20)
    def get_str(self, key: str, default: str = "") -> str:
        """Return the value of a setting; `default` if it is missing or empty."""
        return str(self._get(key, default))

    @api.model(since=20)
    def get_int(self, key: str, default: int = 0) -> int:
        """Return the value of a setting as a whole number; `default` if it is missing or none."""
        return _number(int, self._get(key), default)

    @api.model(since=20)
    def get_float(self, key: str, default: float = 0.0) -> float:
        """Return the value of a setting as a number; `default` if it is missing or none."""
        return _number(float, self._get(key), default)

    @api.model(since=20)
    def get_bool(self, key: str, default: bool = False) -> bool:
        """Return whether a setting is true; `default` if it is missing or empty."""
        value = self._get(key)
        return str(value).lower() not in _FALSE if value else default

    @api.model(since=20)
    def set_str(self, key: str, value: str) -> None:
        """Set a setting; an empty text deletes it."""
        self._set(key, value or False)

    @api.model(since=20)
    def set_int(self, key: str, value: int) -> None:
        """Set a setting to a whole number."""
        self._set(key, int(value))

    @api.model(since=20)
    def set_float(self, key: str, value: float) -> None:
        """Set a setting to a number."""
        self._set(key, float(value))

    @api.model(since=20)
    def set_bool(self, key: str, value: bool) -> None:
        """Set a setting to `True`, or delete it."""
        self._set(key, bool(value))

    def _get(self, key: str, default: Any = False) -> Any:
        check_access(self, "read")
        return parameter(self.env, key) or default

    def _set(self, key: str, value: Any) -> Any:
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
