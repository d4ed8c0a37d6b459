"""oauth.access_token: tokens as rows; only a user's newest is valid.

Source: rest-flectra §2.
"""

from __future__ import annotations

import string
from datetime import timedelta

from mockserver import models
from mockserver.clock import DATETIME_FORMAT, Clock
from mockserver.orm.storage.store import Row

MODEL = "oauth.access_token"
LIFE = "oauth2_access_token_expires_in"  # the system parameter; seconds
USUAL_LIFE = "600"
LENGTH = 30
_ALPHABET = string.ascii_letters + string.digits


def random_token(clock: Clock) -> str:
    """Return random letters and digits, generated from the clock's token."""
    number, characters = int(clock.token(2 * LENGTH), 16), []
    for _ in range(LENGTH):
        number, index = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[index])
    return "".join(characters)


class AccessToken(models.Model):
    _inherit = MODEL

    def _life(self) -> str:
        """Return the lifetime of tokens in seconds, as text: the system parameter."""
        return str(self.env["ir.config_parameter"].get_param(LIFE, USUAL_LIFE))

    def _issue(self, uid: int) -> str:
        """Return the user's present token, or a new one where that is missing or has expired."""
        newest = self._newest(uid)
        if newest is not None and not self._expired(newest):
            return str(newest["token"])
        token = random_token(self.env.db.clock)
        expires = self.env.db.clock.moment() + timedelta(seconds=int(self._life()))
        self.create({"token": token, "user_id": uid, "expires": expires.strftime(DATETIME_FORMAT), "scope": "userinfo"})
        return token

    def _owner(self, token: str) -> int | None:
        """Return the user of a token; None if it is unknown or expired, or the user has a newer one."""
        rows = self.env.db.store.rows(MODEL)
        for id_ in self.env.db.store.having(MODEL, "token", (token,)):
            uid = rows[id_].get("user_id")
            newest = self._newest(uid) if uid is not None else None
            if newest is not None and newest["token"] == token and not self._expired(newest):
                return uid
        return None

    def _forget(self, token: str) -> bool:
        """Delete a token, expired or not; return whether it existed."""
        ids = self.env.db.store.having(MODEL, "token", (token,))
        return bool(ids) and self.browse(sorted(ids)).unlink()

    def _newest(self, uid: int) -> Row | None:
        ids = self.env.db.store.having(MODEL, "user_id", (uid,))
        return self.env.db.store.get(MODEL, max(ids)) if ids else None

    def _expired(self, row: Row) -> bool:
        return str(row.get("expires", "")) < self.env.db.clock.now()
