"""Tokens of muk_rest: rows of `muk_rest.token`, so that a copy or a backup of a database carries them.

Source: rest-muk §2.
"""

from __future__ import annotations

import base64

from mockserver.orm.database import Database
from mockserver.orm.records.environment import Recordset

MODEL = "muk_rest.token"
SECONDS = 3600  # that a token lives
_HEX_LENGTH = 128  # 64 bytes, which make a text of 86 characters


def create(database: Database, uid: int) -> str:
    """A fresh token of a user; those that the user has already stay valid."""
    secret = bytes.fromhex(database.clock.token(_HEX_LENGTH))
    token = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    _tokens(database).call("create", {"user_id": uid, "token": token, "lifetime": _now(database) + SECONDS})
    return token


def owner(database: Database, token: str) -> int | None:
    """The user of a valid token, blanks around it aside; None for an unknown or expired one."""
    found = _find(database, token.strip())
    if not found or _now(database) >= found.lifetime:
        return None
    uid: int = found.user_id.id
    return uid


def life(database: Database, token: str) -> int | bool:
    """Seconds left, cut to a whole number; False for an unknown token."""
    found = _find(database, token)
    return bool(found) and int(found.lifetime - database.clock.moment().timestamp())


def refresh(database: Database, token: str) -> bool:
    """Let the token live from now on as long as a fresh one; whether there is one."""
    found = _find(database, token)
    return bool(found) and bool(found.call("write", {"lifetime": _now(database) + SECONDS}))


def close(database: Database, token: str) -> bool:
    """End the token; whether there was one."""
    found = _find(database, token)
    return bool(found) and bool(found.call("unlink"))


def _now(database: Database) -> int:
    return int(database.clock.moment().timestamp())


def _tokens(database: Database) -> Recordset:
    return database.env().sudo()[MODEL]


def _find(database: Database, token: str) -> Recordset:
    ids = sorted(database.store.having(MODEL, "token", (token,)))
    return _tokens(database).browse(ids[:1])
