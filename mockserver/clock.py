"""The one source of time, tokens and randomness, so that a test can hold them still."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timezone

DATETIME_FORMAT = "%Y-%m-%d %H:%M:%S"
DATE_FORMAT = "%Y-%m-%d"


class Clock:
    """Now, and fresh tokens.  Times are UTC, in the server's text form, whole seconds."""

    def moment(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(timezone.utc)

    def now(self) -> str:
        """`YYYY-MM-DD HH:MM:SS`, UTC."""
        return self.moment().strftime(DATETIME_FORMAT)

    def today(self) -> date:
        """Today's date, UTC."""
        return self.moment().date()

    def token(self, length: int = 40) -> str:
        """`length` hexadecimal characters that nobody can guess."""
        return secrets.token_hex((length + 1) // 2)[:length]
