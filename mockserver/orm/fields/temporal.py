"""Field types for dates and times; all times are UTC, in the server's text format.

Source: versions.md §7.3, §8.7; recorded in core-types (17.0).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT
from mockserver.orm.fields import json_values, kind
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.importing import FIELD, Importing, Problem
from mockserver.orm.fields.spaces import Known, Moments, Space

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset

# years of four digits only, as `strftime` does not pad others
_CANONICAL = re.compile(r"[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


class Date(Field):
    type = "date"
    dated = True
    sql_type = "date"
    aggregates = kind.ORDERED
    holds = "date"
    property_column = "value_datetime"
    json_value = json_values.DAY
    operators = kind.INEQUALITIES

    @staticmethod
    def today(records: Recordset) -> str:
        """Return the current date of the server's clock: `default=fields.Date.today`, or `fields.Date.today(self)` in a
        method."""
        return records.env.db.clock.today().isoformat()

    context_today = today

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        if isinstance(value, date):  # of XML-RPC
            return value.strftime(DATE_FORMAT)
        return _parse(value[:10], DATE_FORMAT).strftime(DATE_FORMAT)

    def to_property(self, value: Any) -> Any:
        return f"{value} 00:00:00"

    def from_property(self, value: Any) -> Any:
        return value[:10]

    def from_text(self, value: Any, source: Importing) -> Any:
        try:
            return self.to_store(value)
        except ValueError:
            raise Problem(
                f"'{value}' does not seem to be a valid date for field '{FIELD}'",
                {"moreinfo": "Use the format '2012-12-31'"},
            ) from None

    def space(self, known: Known) -> Space | None:
        return Moments(form=lambda moment: moment.strftime(DATE_FORMAT))


class Datetime(Field):
    type = "datetime"
    dated = True
    timed = True
    sql_type = "timestamp without time zone"
    aggregates = kind.ORDERED
    holds = "date"
    property_column = "value_datetime"
    json_value = json_values.TIME
    operators = kind.INEQUALITIES

    @staticmethod
    def now(records: Recordset) -> str:
        """Return the current time of the server's clock, in UTC: `default=fields.Datetime.now`, or
        `fields.Datetime.now(self)`."""
        return records.env.db.clock.now()

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        if isinstance(value, datetime):  # of XML-RPC
            return value.strftime(DATETIME_FORMAT)
        if isinstance(value, str) and _CANONICAL.fullmatch(value) and _exists(value):
            return value
        # the pattern is two characters shorter than the text: `%Y` stands for four digits, the others for two
        return _parse(value, DATETIME_FORMAT[: len(value) - 2]).strftime(DATETIME_FORMAT)

    def from_text(self, value: Any, source: Importing) -> Any:
        try:
            local = datetime.strptime(self.to_store(value), DATETIME_FORMAT)
        except ValueError:
            raise Problem(
                f"'{value}' does not seem to be a valid datetime for field '{FIELD}'",
                {"moreinfo": "Use the format '2012-12-31 23:59:59'"},
            ) from None
        return source.to_utc(local).strftime(DATETIME_FORMAT)

    def space(self, known: Known) -> Space | None:
        return Moments(form=lambda moment: moment.strftime(DATETIME_FORMAT))


def _exists(text: str) -> bool:
    """Return whether there is such a time; much faster than `strptime`, whose errors are the server's."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _parse(text: str, pattern: str) -> datetime:
    moment = datetime.strptime(text, pattern)
    if moment.year < 1000:  # strftime does not pad it to four digits
        raise ValueError(f"time data {text!r} does not match format {pattern!r}")
    return moment
