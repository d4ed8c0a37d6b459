"""Field types for dates and times; all times are UTC, in the server's text format.

Rows hold years of four digits, so that texts sort as times do; `read` shows the year 1 as `1-01-01`.  `create_date` and
`write_date` are held to the microsecond and shown to the second, so until 18 a record is later than what `read` shows.

Source: versions.md §7.3, §8.7; recorded in core-types (17.0), json2-values (19.0).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT
from mockserver.orm.fields import json_values, kind
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.importing import FIELD, Importing, Problem
from mockserver.orm.fields.spaces import Known, Moments, Space
from mockserver.profiles import Rules

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset

_CANONICAL = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_CANONICAL_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Date(Field):
    type = "date"
    dated = True
    stored_alone = False
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

    @staticmethod
    def context_today(records: Recordset) -> str:
        """Return the current date in the time zone of the context or of the user."""
        moment = records.env.db.clock.moment()
        zone = records.env.tz
        return (moment.astimezone(ZoneInfo(zone)) if zone else moment).date().isoformat()

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        if isinstance(value, date):  # of XML-RPC
            return value.isoformat()[:10]
        day = value[:10]
        if isinstance(day, str) and _CANONICAL_DAY.fullmatch(day) and _exists(day):
            return day
        return datetime.strptime(day, DATE_FORMAT).date().isoformat()

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        return False if value is None else value.lstrip("0")

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
    stored_alone = False
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
            return value.isoformat(" ", "seconds")[:19]
        if isinstance(value, str) and _CANONICAL.fullmatch(value) and _exists(value):
            return value
        # the pattern is two characters shorter than the text: `%Y` stands for four digits, the others for two
        return datetime.strptime(value, DATETIME_FORMAT[: len(value) - 2]).isoformat(" ")

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        return False if value is None else value[:19].lstrip("0")

    def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
        return value[:19] if value else ""

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
    """Return whether there is such a time or day; much faster than `strptime`, whose errors are the server's."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
