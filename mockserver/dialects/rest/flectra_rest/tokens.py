"""Tokens of Flectra's rest_api: rows of `oauth.access_token`, of which the newest of a user counts.

Source: rest-flectra §2.
"""

from __future__ import annotations

import string
from datetime import timedelta

from mockserver.clock import DATETIME_FORMAT, Clock
from mockserver.orm.database import Database
from mockserver.orm.storage.store import Row

MODEL = "oauth.access_token"
LIFE = "oauth2_access_token_expires_in"  # the system parameter; seconds
USUAL_LIFE = "600"
LENGTH = 30
_ALPHABET = string.ascii_letters + string.digits


def fresh(clock: Clock) -> str:
    """Letters and digits that nobody can guess, out of the clock's token."""
    number, characters = int(clock.token(2 * LENGTH), 16), []
    for _ in range(LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[place])
    return "".join(characters)


def life(database: Database) -> str:
    """Seconds that a token lives, as text: the system parameter."""
    return str(database.env()["ir.config_parameter"].call("get_param", LIFE, USUAL_LIFE))


def issue(database: Database, uid: int) -> str:
    """The user's present token, or a new one where that is missing or has expired."""
    newest = _newest(database, uid)
    if newest is not None and not _expired(database, newest):
        return str(newest["token"])
    token = fresh(database.clock)
    expires = database.clock.moment() + timedelta(seconds=int(life(database)))
    values = {"token": token, "user_id": uid, "expires": expires.strftime(DATETIME_FORMAT), "scope": "userinfo"}
    database.env()[MODEL].create(values)
    return token


def owner(database: Database, token: str) -> int | None:
    """Whose token this is; None when it is unknown or expired, or the user has a newer one."""
    rows = database.store.rows(MODEL)
    for id_ in database.store.having(MODEL, "token", (token,)):
        uid = rows[id_].get("user_id")
        newest = _newest(database, uid) if uid is not None else None
        if newest is not None and newest["token"] == token and not _expired(database, newest):
            return uid
    return None


def forget(database: Database, token: str) -> bool:
    """Delete a token, expired or not; whether there was one."""
    ids = database.store.having(MODEL, "token", (token,))
    return bool(ids) and bool(database.env()[MODEL].browse(sorted(ids)).unlink())


def _newest(database: Database, uid: int) -> Row | None:
    ids = database.store.having(MODEL, "user_id", (uid,))
    return database.store.get(MODEL, max(ids)) if ids else None


def _expired(database: Database, row: Row) -> bool:
    return str(row.get("expires", "")) < database.clock.now()
