"""Authentication by password or API key.  Passwords are stored as plain text: hashing would protect nothing here."""

from __future__ import annotations

import hmac
from typing import Any

from mockserver.addons.base.res_users_apikeys import owner
from mockserver.errors import AccessDenied, MissingError
from mockserver.orm.database import Database
from mockserver.orm.storage.store import Row


def login(database: Database, login: Any, password: Any, *, keys: bool = False) -> int | None:
    """Return the user's id, or None for a wrong login, a wrong password or an archived user.

    The login is case-sensitive.  `keys`: an API key of the user is accepted in place of the password, which is
    never the case where a person logs in; it alone is accepted of a user with two-factor authentication.
    Source: versions.md §4.1, §11.1.
    """
    if not isinstance(login, str):
        return None
    for uid in sorted(database.store.having("res.users", "login", [login])):
        user = database.store.rows("res.users")[uid]
        right = user.get("active") and same_secret(user.get("password"), password)
        if right and not (keys and has_second_factor(user)):
            return uid
        if keys and key_owner(database, password) == uid:
            return uid
    return None


def has_second_factor(user: Row) -> bool:
    """Return whether the password alone does not log the user in: two-factor authentication is on."""
    return bool(user.get("totp_secret"))


def key_owner(database: Database, key: Any) -> int | None:
    """Return the id of the user who owns an API key; None for an unknown key or a server without API keys."""
    return owner(database, key) if database.profile.api_keys else None


def check(database: Database, uid: int, password: Any) -> None:
    """Raise AccessDenied unless the password or API key is the user's, or another error for an unknown id.

    Of a user with two-factor authentication, only an API key is accepted.
    Source: versions.md §4.3; recorded in core-errors (1.6, 17.0).
    """
    if not password:
        raise AccessDenied()
    user = database.store.rows("res.users").get(uid)
    if user is None:
        raise _unknown_user_error(database, uid)
    right = same_secret(user.get("password"), password) and not has_second_factor(user)
    if not user.get("active") or not (right or key_owner(database, password) == uid):
        raise AccessDenied()


def _unknown_user_error(database: Database, uid: int) -> Exception:
    kind = database.profile.rules.unknown_uid
    if kind == "MissingError" and not uid:
        return AccessDenied()  # the id of nobody, which a failed login gives
    if kind == "MissingError":
        return MissingError(f"Record does not exist or has been deleted.\n(Record: res.users({uid},), User: {uid})")
    # the real server's SQL query gives no row, and its code does not check that
    return TypeError("cannot unpack non-iterable NoneType object") if kind == "TypeError" else AccessDenied()


def fingerprint(database: Database, uid: int) -> tuple[Any, ...] | None:
    """Return values that end a session when they change; None for a deleted or archived user."""
    user = database.store.rows("res.users").get(uid)
    if user is None or not user.get("active"):
        return None
    return user.get("login"), user.get("password")


def same_secret(secret: Any, attempt: Any) -> bool:
    """Return whether both are the same non-empty text."""
    if not (isinstance(secret, str) and isinstance(attempt, str) and secret):
        return False
    # JSON can contain lone surrogates, which plain UTF-8 cannot encode
    return hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), attempt.encode("utf-8", "surrogatepass"))
