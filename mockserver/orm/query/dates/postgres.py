"""Read a text as PostgreSQL reads a date or a timestamp, with the date style `ISO, MDY` and in UTC.

The text is cut into parts; numbers become year, month and day by their place and length.  A time zone must be known,
and has no effect.
Source: documentation of PostgreSQL, "Date/Time Input Interpretation"; recorded in dates-domains (17.0) and temporal
(18.0).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from mockserver.errors import DatabaseError
from mockserver.orm.query.periods import named_zone

# texts that sort before and after every date
EARLIEST, LATEST = "-", "~"
_TOKEN = re.compile(
    r"\s+"
    r"|(?P<time>\d+:[\d:]*(?:\.\d*)?)"
    r"|(?P<date>\d+(?P<mark>[-/.])(?:\d+(?P=mark)[\d\-/.]*|[a-z][a-z0-9]*(?:(?P=mark)\w*)*)|\d+[-/]\d*)"
    r"|(?P<number>\d+(?:\.\d*)?|\.\d+)"
    r"|(?P<zone>[+-]\s*\d[\d:]*)"
    r"|(?P<signed>[+-]\s*[a-z]+)"
    r"|(?P<word>[a-z]+(?:[-/_.+][-/_.+:a-z0-9]*)?)"
    r"|[!-/:-@\[-`{-~]",
    re.ASCII,
)
_ZONES = frozenset(
    ("z", "zulu", "utc", "gmt", "ut", "uct", "wet", "west", "cet", "cest", "eet", "eest", "msk", "bst", "jst",
     "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt")
)  # fmt: skip
_MONTHS = {name.lower(): month for month, name in enumerate(calendar.month_abbr) if month}
_MONTHS |= {name.lower(): month for month, name in enumerate(calendar.month_name) if month} | {"sept": 9}
_WEEKDAYS = {name.lower() for name in (*calendar.day_abbr, *calendar.day_name)}
_IGNORED = _WEEKDAYS | {"at", "on", "tues", "weds", "thur", "thurs"}
# which part a number is where some of year, month and day are known
_PLACES = {(True, False, False): "month", (True, True, False): "day", (False, False, True): "month"}
_DAYS = {"yesterday": -1, "today": 0, "now": 0, "tomorrow": 1}


class _NoDate(Exception):
    """The text has no date, or more than one."""


class _OutOfRange(Exception):
    """A part of the date does not exist."""


def read(text: str, *, timed: bool, now: datetime) -> str:
    """Return the date, or with `timed` the date and time, in the form in which rows hold it.

    Raises the database's error for a text that is not a date.
    """
    kind = "timestamp" if timed else "date"
    try:
        return _Reading(now).read(text.lower(), timed)
    except _NoDate:
        problem = f'invalid input syntax for type {kind}: "{text}"\n'
        raise DatabaseError("errors.InvalidDatetimeFormat", problem) from None
    except (_OutOfRange, ValueError, OverflowError):
        raise DatabaseError("errors.DatetimeFieldOverflow", f'date/time field value out of range: "{text}"\n') from None


@dataclass
class _Reading:
    """What was found so far in a text."""

    now: datetime
    year: int | None = None
    month: int | None = None
    day: int | None = None
    day_of_year: int | None = None
    clock: timedelta | None = None
    fixed: str | None = None  # the result of a word
    short_year: bool = False
    named_month: bool = False
    before_christ: bool = False
    half: str = ""  # am or pm
    time_follows: bool = False  # after a "t"
    seen: set[str] = field(default_factory=set)

    def read(self, text: str, timed: bool) -> str:
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                raise _NoDate
            at = token.end()
            for kind, take in _TAKERS.items():
                if token[kind] is not None:
                    take(self, token[kind])
        if self.fixed is not None:
            return self.fixed if timed else self.fixed[:10]
        moment = self._moment()
        if moment is None:
            return EARLIEST if self.before_christ else LATEST
        return _stored(moment) if timed else self._date_alone()

    # -- parts of the text

    def take_time(self, text: str) -> None:
        parts = text.split(":")
        whole, _, fraction = parts[-1].partition(".")
        if not all(part.isdigit() for part in (*parts[:-1], whole)) or len(parts) > 3:
            raise _NoDate
        numbers = [*map(int, parts[:-1]), int(whole)]
        if len(numbers) == 2 and "." in text:
            numbers.insert(0, 0)
        self._set_clock(numbers + [0] * (3 - len(numbers)), fraction)

    def take_date(self, text: str) -> None:
        if self.month is not None and self.day is not None:
            raise _NoDate
        fields = [part for part in re.split(r"(\d+|[a-z]+)", text) if part.isalnum()]
        for name in fields:
            if name.isalpha():
                self._take_month(name)
        for digits in fields:
            if digits.isdigit():
                self._take_part(digits)
        if not self._is_complete():
            raise _NoDate

    def take_number(self, text: str) -> None:
        whole, point, fraction = text.partition(".")
        if self.time_follows:
            self.time_follows = False
            self._take_clock_digits(whole, fraction)
        elif point and not self._has_date() and whole:
            self.take_date(text)
        elif len(whole) >= 6 and not (self._is_complete() and self.clock is not None):
            if self._is_complete() or point:
                self._take_clock_digits(whole, fraction)
            else:
                self._mark("year", "month", "day")
                self.year, self.month, self.day = int(whole[:-4]), int(whole[-4:-2]), int(whole[-2:])
                self.short_year = len(whole) == 6
        elif point:
            self._take_clock_digits(whole, fraction)
        else:
            self._take_part(whole)

    def take_zone(self, text: str) -> None:
        hours, _, minutes = text[1:].strip().partition(":")
        if int(hours if len(hours) < 3 else hours[:-2]) > 15 or int((minutes or "0")[:2]) > 59:
            raise _OutOfRange
        self._mark("zone")

    def take_signed(self, text: str) -> None:
        if text[1:].strip() not in ("infinity", "inf"):
            raise _NoDate
        self.fixed = EARLIEST if text[0] == "-" else LATEST

    def take_word(self, word: str) -> None:
        if word in _MONTHS:
            self._take_month(word)
        elif word in _DAYS:
            self._take_day(word)
        elif word in _WORDS:
            part, value = _WORDS[word]
            self._mark(part)
            setattr(self, part, value)
        elif word == "t" and self._is_complete():
            self.time_follows = True
        elif word in _ZONES or ("/" in word and named_zone(_as_zone(word)) is not None):
            self._mark("zone")
        elif word not in _IGNORED:
            raise _NoDate

    # -- year, month and day

    def _has_date(self) -> bool:
        return any(part is not None for part in (self.year, self.month, self.day))

    def _is_complete(self) -> bool:
        return self.day_of_year is not None or None not in (self.year, self.month, self.day)

    def _mark(self, *parts: str) -> None:
        """Note that these parts were found; raises the error for one that was found before."""
        if not self.seen.isdisjoint(parts):
            raise _NoDate
        self.seen.update(parts)

    def _take_day(self, word: str) -> None:
        self._mark("year", "month", "day", *(("clock",) if word == "now" else ()))
        day = self.now + timedelta(days=_DAYS[word])
        self.year, self.month, self.day = day.year, day.month, day.day
        if word == "now":
            self.clock = timedelta(hours=day.hour, minutes=day.minute, seconds=day.second, microseconds=day.microsecond)

    def _take_month(self, name: str) -> None:
        if name not in _MONTHS:
            raise _NoDate
        if self.month is not None and not self.named_month and self.day is None:
            self.day, self.month = self.month, None
            self.seen = self.seen - {"month"} | {"day"}
        self._mark("month")
        self.month, self.named_month = _MONTHS[name], True

    def _take_part(self, digits: str) -> None:
        """Take one number for the year, month or day, by the parts that are known."""
        value, long = int(digits), len(digits) > 2
        known = (self.year is not None, self.month is not None, self.day is not None)
        if known == (True, False, False) and len(digits) == 3 and 1 <= value <= 366:
            self._mark("month", "day")
            self.day_of_year = value
        elif known == (True, True, False) and self.named_month and long and self.short_year:
            self._mark("day")
            self.day, self.year, self.short_year = self.year, value, False
        elif self._is_complete():
            self._take_clock_digits(digits, "")
        else:
            self._set_part(self._place(known, long), value, long)

    def _place(self, known: tuple[bool, bool, bool], long: bool) -> str:
        if known == (False, False, False):
            return "year" if long else "month"
        if known == (False, True, False):
            return "year" if self.named_month and long else "day"
        return _PLACES.get(known, "year")

    def _set_part(self, part: str, value: int, long: bool) -> None:
        self._mark(part)
        setattr(self, part, value)
        if part == "year":
            self.short_year = not long

    # -- the time of day

    def _take_clock_digits(self, digits: str, fraction: str) -> None:
        """Take `hhmm` or `hhmmss`."""
        if len(digits) not in (4, 6):
            raise _NoDate
        self._set_clock([int(digits[:2]), int(digits[2:4]), int(digits[4:] or 0)], fraction)

    def _set_clock(self, numbers: list[int], fraction: str) -> None:
        hours, minutes, seconds = numbers
        self._mark("clock")
        self.time_follows = False
        micros = round(float(f"0.{fraction or 0}") * 1_000_000)
        clock = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=micros)
        if minutes > 59 or seconds > 60 or clock > timedelta(days=1):
            raise _OutOfRange
        self.clock = clock

    # -- the result

    def _moment(self) -> datetime | None:
        """Return the date and time; None for a year that Python does not have."""
        if (self.month is not None and not 1 <= self.month <= 12) or (self.day is not None and not 1 <= self.day <= 31):
            raise _OutOfRange
        if self.time_follows or not self._is_complete():
            raise _NoDate
        day = self._day()
        return None if day is None else datetime.combine(day, datetime.min.time()) + self._time_of_day()

    def _day(self) -> date | None:
        year = self.year or 0
        if self.short_year and not self.before_christ:
            year += 2000 if year < 70 else 1900
        if year <= 0:
            raise _OutOfRange
        if self.day_of_year is not None:
            return date(year, 1, 1) + timedelta(days=self.day_of_year - 1)
        if self.before_christ or year > 9999:
            date(2000, self.month or 0, self.day or 0)  # raises ValueError for a day that no year has
            return None
        return date(year, self.month or 0, self.day or 0)

    def _date_alone(self) -> str:
        day = self._day()
        assert day is not None
        self._time_of_day()
        return day.isoformat()

    def _time_of_day(self) -> timedelta:
        clock, noon = self.clock or timedelta(), timedelta(hours=12)
        if not self.half:
            return clock
        if clock >= noon + timedelta(hours=1):
            raise _OutOfRange
        return clock % noon + (noon if self.half == "pm" else timedelta())


# the words that set one thing
_WORDS: dict[str, tuple[str, Any]] = {
    "am": ("half", "am"), "pm": ("half", "pm"), "ad": ("before_christ", False), "bc": ("before_christ", True),
    "allballs": ("clock", timedelta()), "infinity": ("fixed", LATEST), "inf": ("fixed", LATEST),
    "epoch": ("fixed", "1970-01-01 00:00:00"),
}  # fmt: skip
_TAKERS: dict[str, Callable[[_Reading, str], None]] = {
    "time": _Reading.take_time, "date": _Reading.take_date, "number": _Reading.take_number,
    "zone": _Reading.take_zone, "signed": _Reading.take_signed, "word": _Reading.take_word,
}  # fmt: skip


def _as_zone(word: str) -> str:
    return "/".join(part.title() for part in word.split("/"))


def _stored(moment: datetime) -> str:
    whole, point, fraction = moment.isoformat(" ").partition(".")
    return whole + point + fraction.rstrip("0")
