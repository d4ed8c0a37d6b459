"""res.users.apikeys: API keys, the wizard that creates one, and the password check before it.

Source: versions.md §11.1; `addons/base/models/res_users.py` (19.0) for texts and for what the wizards answer.

Differs: a password check counts for ten minutes in all sessions of the user, not only in the one that made it; a key is
stored in plain text and never shown.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.clock import DATETIME_FORMAT
from mockserver.errors import AccessDenied, AccessError, UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import in_group, user_groups

if TYPE_CHECKING:
    from typing_extensions import Self

    from mockserver.orm.database import Database

Action = dict[str, Any]

KEY_LENGTH = 40  # hexadecimal characters
_MODEL = "res.users.apikeys"
_ALLOWED = "base.enable_programmatic_api_keys"
_LIMIT = "base.programmatic_api_keys_limit"
_USUAL_LIMIT = 10
_CONFIRMED = "confirmed"  # when the password of an identity check was right; no field, so that clients cannot set it
_CONFIRMED_FOR = timedelta(minutes=10)
_CLOSE: Action = {"type": "ir.actions.act_window_close"}


def owner(database: Database, key: Any, scope: str = "rpc") -> int | None:
    """Return the id of the key's active user; None for an unknown or expired key, or one of another scope."""
    if not isinstance(key, str) or not key:
        return None
    rows, users = database.store.rows(_MODEL), database.store.rows("res.users")
    for id_ in sorted(database.store.having(_MODEL, "key", (key,))):
        row = rows[id_]
        if row.get("scope") in (None, scope) and not _expired(database, row):
            user = users.get(row["user_id"], {})
            return row["user_id"] if user.get("active") else None
    return None


def _expired(database: Database, row: Mapping[str, Any]) -> bool:
    until = row.get("expiration_date")
    return until is not None and until < database.clock.now()


def generate_key(env: Environment, name: Any, scope: Any = None, until: str | None = None) -> str:
    """Create a key of the current user and return its text; `until` is when it expires."""
    _check_expiration(env, until)
    key = env.db.clock.token(KEY_LENGTH)
    values = {"name": name, "scope": scope, "key": key}
    if env.db.profile.rules.api_keys_expire:
        values["expiration_date"] = until
    env.sudo()[_MODEL].create(values)
    return key


def _check_expiration(env: Environment, until: str | None) -> None:
    """Raise ValidationError unless the key expires within the days that the groups allow; administrators are exempt."""
    if not env.db.profile.rules.api_keys_expire or in_group(env, "base.group_system") or env.su:
        return
    if not until:
        raise ValidationError("The API key must have an expiration date")
    rows = env.db.store.rows("res.groups")
    days = max((rows[id_].get("api_key_duration") or 0.0 for id_ in user_groups(env)), default=0.0) or 1.0
    if until > (env.db.clock.moment() + timedelta(days=days)).strftime(DATETIME_FORMAT):
        raise ValidationError(f"You cannot exceed {days} days.")


# -- keys created and revoked by programs


def _check_programs(env: Environment) -> None:
    allowed = str(_parameter(env, _ALLOWED) or "").lower() in ("1", "true", "t", "yes", "y", "on")
    if not (allowed or env.su or in_group(env, "base.group_system")):
        raise UserError("Programmatic API keys are not enabled")


def _parameter(env: Environment, key: str) -> str | None:
    rows = env.db.store.rows("ir.config_parameter").values()
    return next((row.get("value") for row in rows if row.get("key") == key), None)


def _moment(value: Any) -> str | None:
    """Return a date or a date and time as the store holds it; raises ValueError for another text."""
    if not value:
        return None
    text = str(value) if len(str(value)) > 10 else f"{value} 00:00:00"
    return datetime.strptime(text, DATETIME_FORMAT).strftime(DATETIME_FORMAT)


# -- wizards


def _ask(records: Recordset, method: str) -> Action:
    """Return what the method returns if the user's password was checked lately, else the window that asks for it."""
    env = records.env
    lately = (env.db.clock.moment() - _CONFIRMED_FOR).strftime(DATETIME_FORMAT)
    checks = env.db.store.rows("res.users.identitycheck").values()
    if any(row.get("create_uid") == env.uid and (row.get(_CONFIRMED) or "") > lately for row in checks):
        return _CHECKED[records._name, method](records)
    request = json.dumps([records._name, list(records._ids), method])
    wizard = records.env.sudo()["res.users.identitycheck"].create({"request": request})
    return {
        "type": "ir.actions.act_window",
        "res_model": "res.users.identitycheck",
        "res_id": wizard.id,
        "name": env.db.profile.rules.identity_check_name,
        "target": "new",
        "views": [[False, "form"]],
    }


def _make_key(wizard: Recordset) -> Action:
    wizard.check_access_make_key()
    row = wizard.sudo()._rows()[0]
    key = generate_key(wizard.env, row["name"], None, _until(wizard.env.db, row))
    wizard.sudo().unlink()
    return {
        "type": "ir.actions.act_window",
        "res_model": "res.users.apikeys.show",
        "name": "API Key Ready",
        "views": [[False, "form"]],
        "target": "new",
        "context": {"default_key": key},
    }


def _until(database: Database, row: Mapping[str, Any]) -> str | None:
    """Return when the wizard's key expires: at the date given, else after the chosen days; 0 means never."""
    if row.get("expiration_date"):
        return str(row["expiration_date"])
    days = int(row.get("duration") or 0)
    return f"{database.clock.today() + timedelta(days=days)} 00:00:00" if days > 0 else None


def _remove(keys: Recordset) -> Action:
    own = all(row["user_id"] == keys.env.uid for row in keys.sudo()._rows())
    if not own and not in_group(keys.env, "base.group_system"):
        raise AccessError("You can not remove API keys unless they're yours or you are a system user")
    keys.sudo().unlink()
    return dict(_CLOSE)


# the methods that may run after a password check
_CHECKED: dict[tuple[Any, Any], Callable[[Recordset], Action]] = {
    ("res.users.apikeys.description", "make_key"): _make_key,
    (_MODEL, "remove"): _remove,
}


def _same(secret: Any, attempt: Any) -> bool:
    if not (isinstance(secret, str) and isinstance(attempt, str) and secret):
        return False
    return hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), attempt.encode("utf-8", "surrogatepass"))


class APIKeys(models.Model):
    _inherit = "res.users.apikeys"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create keys, by default of the current user; `key` is generated if not given."""
        keys = self.browse()
        clock = self.env.db.clock
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            given = {"user_id": self.env.uid, **vals}
            keys |= super().create({**given, "key": vals.get("key") or clock.token(KEY_LENGTH)})
        for row in keys._rows():
            # an ordinary field here, though it has the name of a log field
            self.env.db.store.put(_MODEL, {**row, "create_date": row.get("create_date") or clock.now()})
        return keys

    @api.model(since=19)
    def generate(self, key: Any, scope: Any, name: Any, expiration_date: Any) -> str:
        """Return a new key for the owner of a key; raises AccessDenied for another user's key."""
        env = self.env
        _check_programs(env)
        rows = env.db.store.rows(_MODEL).values()
        limit = _parameter(env, _LIMIT)
        most = int(limit) if limit and limit.isdigit() else _USUAL_LIMIT
        if sum(row["user_id"] == env.uid and not _expired(env.db, row) for row in rows) >= most:
            raise UserError(f"Limit of {most} API keys is reached for programmatic creation")
        if owner(env.db, key, scope or "rpc") != env.uid:
            raise AccessDenied("The provided API key is invalid or does not belong to the current user.")
        return generate_key(env, name, scope or None, _moment(expiration_date))

    @api.model(since=19)
    def revoke(self, key: Any) -> bool:
        """Delete a key; raises AccessDenied for an unknown one."""
        _check_programs(self.env)
        if not key:
            raise AssertionError("key required")
        store = self.env.db.store
        for id_ in sorted(store.having(_MODEL, "key", (key,)) if isinstance(key, str) else ()):
            if not _expired(self.env.db, store.rows(_MODEL)[id_]):
                _remove(self.browse(id_))
                return True
        raise AccessDenied("The provided API key is invalid.")

    @api.over_http
    def remove(self) -> Action:
        """Delete keys, after a check of the password."""
        return _ask(self, "remove")


class APIKeyDescription(models.Model):
    _inherit = "res.users.apikeys.description"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create wizards; raises ValidationError where the user may not have a key until then."""
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            int(vals.get("duration") or 0)  # raises Python's error for a text that is no number
        made = super().create(vals_list)
        for row in made._rows():
            _check_expiration(self.env, _until(self.env.db, row))
        return made

    @api.over_http
    def make_key(self) -> Action:
        """Make a key of that name, after a check of the password."""
        return _ask(self, "make_key")

    def check_access_make_key(self) -> None:
        """Raise AccessError for portal and public users."""
        if not in_group(self.env, "base.group_user"):
            raise AccessError("Only internal users can create API keys")


class CheckIdentity(models.Model):
    _inherit = "res.users.identitycheck"

    def run_check(self) -> Action:
        """Run the requested method if the password of the context, or else of the wizard, is right."""
        wizard = self.sudo()
        wizard.ensure_one()
        row = wizard._rows()[0]
        password = self.env.context.get("password") or row.get("password")
        user = self.env.db.store.get("res.users", self.env.uid) or {}
        if not _same(user.get("password"), password):
            raise UserError("Incorrect Password, try again or click on Forgot Password to reset your password.")
        wizard.write({"password": False})
        self.env.db.store.put(wizard._name, {**wizard._rows()[0], _CONFIRMED: self.env.db.clock.now()})
        name, ids, method = json.loads(row.get("request") or "[null, [], null]")
        found = _CHECKED.get((name, method))
        if found is None:
            raise UserError("There is nothing to go on with.")
        return found(self.env[name].browse(ids))
