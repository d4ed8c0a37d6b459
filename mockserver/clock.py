"""The one source of time, tokens and randomness, so that a test can hold them still."""

from __future__ import annotations

import random
import secrets
from datetime import date, datetime, timedelta, timezone
from types import TracebackType

DATETIME_FORMAT = "%Y-%m-%d %H:%M:%S"
DATE_FORMAT = "%Y-%m-%d"


class Clock:
    """Now, and fresh tokens.  Times are UTC, in the server's text form, whole seconds.

        odoo.clock.freeze("2026-01-31 12:00:00")
        odoo.clock.tick(60)

    With a `seed` the tokens come in an order that is the same in every run, for tests; without one nobody can
    guess them.
    """

    def __init__(self, seed: str | None = None) -> None:
        self._seed = seed
        self.frozen: datetime | None = None
        self._offset = timedelta()
        self.remember()
        self.reset()

    def remember(self) -> None:
        """Let `reset` come back to the time that the clock shows now, or to the machine's if it shows that."""
        self._remembered = self.frozen, self._offset

    def reset(self, seed: str | None = None) -> None:
        """Show the time of `remember`, and give the tokens from the first one; of another `seed`, if given."""
        self._seed = seed or self._seed
        self.rewind()
        self._random = secrets.SystemRandom() if self._seed is None else random.Random(self._seed)

    def rewind(self) -> None:
        """Show the time of `remember`."""
        self.frozen, self._offset = self._remembered

    # -- reading

    def moment(self) -> datetime:
        """The present, aware, in UTC."""
        return self.frozen or datetime.now(timezone.utc) + self._offset

    def now(self) -> str:
        """`YYYY-MM-DD HH:MM:SS`, UTC."""
        return self.moment().strftime(DATETIME_FORMAT)

    def today(self) -> date:
        """Today's date, UTC."""
        return self.moment().date()

    def token(self, length: int = 40) -> str:
        """`length` hexadecimal characters."""
        return f"{self._random.getrandbits(4 * length):0{length}x}"

    def stable_token(self, name: str, length: int = 40) -> str:
        """A token that depends on its name, not on how many were given before; a fresh one without a seed."""
        source = self._random if self._seed is None else random.Random(f"{self._seed} {name}")
        return f"{source.getrandbits(4 * length):0{length}x}"

    # -- setting

    def freeze(self, moment: str | date | None = None) -> Frozen:
        """Stand still: at the present, or at a moment (ISO text, date or datetime; UTC unless it says otherwise).

        After a `with` block the clock is as it was before.  Raises ValueError for a text that is no moment.
        """
        stood = Frozen(self)
        self.frozen = self.moment() if moment is None else _parse_moment(moment)
        return stood

    def tick(self, step: float | timedelta = 1) -> None:
        """Move a frozen clock on, by seconds or a timedelta; one that runs goes ahead by as much from now on."""
        step = step if isinstance(step, timedelta) else timedelta(seconds=step)
        if self.frozen is not None:
            self.frozen += step
        else:
            self._offset += step

    def thaw(self) -> None:
        """Run on from the moment at which the clock stands."""
        if self.frozen is not None:
            self._offset = self.frozen - datetime.now(timezone.utc)
            self.frozen = None


class Frozen:
    """A clock that stands still; as a context it stands until the end of the block, and then is as it was."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before = clock.frozen

    def __enter__(self) -> Clock:
        return self._clock

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clock.frozen = self._before


def _parse_moment(given: str | date) -> datetime:
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given.replace("Z", "+00:00"))
        except ValueError:
            raise ValueError(f"{given!r} is no moment: write such as '2026-01-31 12:00:00' or '2026-01-31'") from None
    if not isinstance(given, datetime):
        given = datetime(given.year, given.month, given.day)
    return given.replace(tzinfo=timezone.utc) if given.tzinfo is None else given.astimezone(timezone.utc)
