"""Field types for days and moments; all times are UTC, in the server's text form.

Source: versions.md §7.3, §8.7; recorded in core-types (17.0).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT
from mockserver.errors import DatabaseError
from mockserver.orm.fields.base import Field

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset


class Date(Field):
    type = "date"

    @staticmethod
    def today(records: Recordset) -> str:
        """The day of the server's clock: `default=fields.Date.today`, or `fields.Date.today(self)` in a method."""
        return records.env.db.clock.today().isoformat()

    context_today = today

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        return _parse(value[:10], DATE_FORMAT).strftime(DATE_FORMAT)

    def to_condition(self, value: Any) -> Any:
        return _condition(value, self.to_store)


class Datetime(Field):
    type = "datetime"

    @staticmethod
    def now(records: Recordset) -> str:
        """The time of the server's clock, in UTC: `default=fields.Datetime.now`, or `fields.Datetime.now(self)`."""
        return records.env.db.clock.now()

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        # two letters of the pattern stand for each pair of digits, four for the year
        return _parse(value, DATETIME_FORMAT[: len(value) - 2]).strftime(DATETIME_FORMAT)

    def to_condition(self, value: Any) -> Any:
        return _condition(value, self.to_store)


def _parse(text: str, pattern: str) -> datetime:
    moment = datetime.strptime(text, pattern)
    if moment.year < 1000:  # strftime would not pad it
        raise ValueError(f"time data {text!r} does not match format {pattern!r}")
    return moment


def _condition(value: Any, convert: Callable[[Any], Any]) -> Any:
    """A date literal of a domain; the real server leaves reading it to the database."""
    if not value:
        return None
    if isinstance(value, (datetime, date)):
        return str(value)[:19]
    try:
        return convert(str(value))
    except ValueError as error:
        raise DatabaseError("errors.InvalidDatetimeFormat", f"invalid input syntax for a date: {value!r}\n") from error
