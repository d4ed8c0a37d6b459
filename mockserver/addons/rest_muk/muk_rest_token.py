"""muk_rest.token: tokens as rows, so that a copy or a backup of a database carries them.

Source: rest-muk §2.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from mockserver import models

if TYPE_CHECKING:
    from typing_extensions import Self

MODEL = "muk_rest.token"
SECONDS = 3600  # lifetime of a token
_HEX_LENGTH = 128  # 64 bytes, which make a text of 86 characters


class Token(models.Model):
    _inherit = MODEL

    def _issue(self, uid: int) -> str:
        """Create a token for a user; the user's other tokens stay valid."""
        secret = bytes.fromhex(self.env.db.clock.token(_HEX_LENGTH))
        token = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
        self.create({"user_id": uid, "token": token, "lifetime": self._now() + SECONDS})
        return token

    def _find(self, token: str) -> Self:
        """Return the record of a token, valid or not."""
        return self.browse(sorted(self.env.db.store.having(MODEL, "token", (token,)))[:1])

    def _owner(self, token: str) -> int | None:
        """Return the user of a valid token, ignoring blanks around it; None for an unknown or expired one."""
        found = self._find(token.strip())
        return int(found.user_id.id) if found and self._now() < found.lifetime else None

    def _life(self, token: str) -> int | bool:
        """Return the seconds left, truncated; False for an unknown token."""
        found = self._find(token)
        return bool(found) and int(found.lifetime - self.env.db.clock.moment().timestamp())

    def _refresh(self, token: str) -> bool:
        """Extend the token to the lifetime of a new one; return whether it exists."""
        found = self._find(token)
        return bool(found) and found.write({"lifetime": self._now() + SECONDS})

    def _close(self, token: str) -> bool:
        """Delete the token; return whether it existed."""
        found = self._find(token)
        return bool(found) and found.unlink()

    def _now(self) -> int:
        return int(self.env.db.clock.moment().timestamp())
