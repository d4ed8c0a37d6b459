"""The only source of time and tokens, so that a test can control both."""

from __future__ import annotations

import random
import secrets
import time
from datetime import date, datetime, timedelta, timezone
from types import TracebackType

DATETIME_FORMAT = "%Y-%m-%d %H:%M:%S"
DATE_FORMAT = "%Y-%m-%d"

# a moment, or the seconds of the machine's clock and how far ahead the time is
Reading = datetime | tuple[float, timedelta]


def moment_of(reading: Reading) -> datetime:
    """Return the moment at which a clock was read."""
    if isinstance(reading, datetime):
        return reading
    seconds, ahead = reading
    return datetime.fromtimestamp(seconds, timezone.utc) + ahead


class Clock:
    """The current time and new tokens.  Times are UTC, in the server's text form, in whole seconds.

        odoo.clock.freeze("2026-01-31 12:00:00")
        odoo.clock.tick(60)

    With a `seed` the tokens are the same in every run, for tests; without one they are unpredictable.
    """

    def __init__(self, seed: str | None = None) -> None:
        self._seed = seed
        self.frozen: datetime | None = None
        self._offset = timedelta()
        self._told = ""
        self.remember()
        self.reset()

    def remember(self) -> None:
        """Make the present state of the clock, frozen or running, the one that `reset` restores."""
        self._remembered = self.frozen, self._offset

    def reset(self, seed: str | None = None) -> None:
        """Return to the state of `remember` and restart the tokens, with a new `seed` if given."""
        self._seed = seed or self._seed
        self.rewind()
        self._random = secrets.SystemRandom() if self._seed is None else random.Random(self._seed)

    def rewind(self) -> None:
        """Return to the state of `remember`; tokens continue."""
        self.frozen, self._offset = self._remembered

    # -- reading

    def moment(self) -> datetime:
        """Return the current time, timezone-aware, in UTC."""
        return self.frozen or datetime.now(timezone.utc) + self._offset

    def reading(self) -> Reading:
        """Return the current time in a form that takes less to make; `moment_of` returns the moment."""
        return self.frozen or (time.time(), self._offset)

    def now(self) -> str:
        """Return `YYYY-MM-DD HH:MM:SS`, UTC."""
        text, told = self.moment().isoformat(" ", "seconds")[:19], self._told
        if text == told:
            return told  # rows of the same second hold one object
        self._told = text
        return text

    def exact(self) -> str:
        """Return the same with a fraction of a second, unless it is 0: `YYYY-MM-DD HH:MM:SS.ffffff`."""
        text = self.moment().replace(tzinfo=None).isoformat(" ")
        return text.rstrip("0") if "." in text else text

    def today(self) -> date:
        """Return today's date, UTC."""
        return self.moment().date()

    def token(self, length: int = 40) -> str:
        """Return `length` hexadecimal characters."""
        return f"{self._random.getrandbits(4 * length):0{length}x}"

    def stable_token(self, name: str, length: int = 40) -> str:
        """Return a token that depends on the seed and `name` alone; a random one without a seed."""
        source = self._random if self._seed is None else random.Random(f"{self._seed} {name}")
        return f"{source.getrandbits(4 * length):0{length}x}"

    # -- setting

    def freeze(self, moment: str | date | None = None) -> Frozen:
        """Stop the clock at the current time or at `moment` (ISO text, date or datetime; UTC unless it has a timezone).

        As a context manager, restores the clock at the end of the block.  Raises ValueError for invalid text.
        """
        frozen = Frozen(self)
        self.frozen = self.moment() if moment is None else _parse_moment(moment)
        return frozen

    def tick(self, step: float | timedelta = 1) -> None:
        """Advance the clock by seconds or a timedelta; a running clock stays that far ahead."""
        step = step if isinstance(step, timedelta) else timedelta(seconds=step)
        if self.frozen is not None:
            self.frozen += step
        else:
            self._offset += step

    def thaw(self) -> None:
        """Let a frozen clock run again, from the time that it shows."""
        if self.frozen is not None:
            self._offset = self.frozen - datetime.now(timezone.utc)
            self.frozen = None


class Frozen:
    """A frozen clock; as a context manager, restores the clock at the end of the block."""

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
            raise ValueError(
                f"{given!r} is not a date or time: write it like '2026-01-31 12:00:00' or '2026-01-31'"
            ) from None
    if not isinstance(given, datetime):
        given = datetime(given.year, given.month, given.day)
    return given.replace(tzinfo=timezone.utc) if given.tzinfo is None else given.astimezone(timezone.utc)
