"""The dates that a leaf on a date or datetime is compared with, in stored form.

Until 18 the database reads them, since 19 the server does, in the user's time zone.
Source: versions.md §8.7; recorded in dates-domains (17.0), temporal (18.0, 19.0) and json2-domains (19.0).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.query import conditions
from mockserver.orm.query.conditions import NEVER, Condition
from mockserver.orm.query.dates import postgres, relative
from mockserver.orm.query.periods import named_zone, to_utc
from mockserver.orm.schema.model import LOG_FIELDS

if TYPE_CHECKING:
    from mockserver.orm.query.operators import Leaf
    from mockserver.orm.records.environment import Environment

_SECOND = timedelta(seconds=1)


def equal(env: Environment, field: Field, value: Any) -> str | None:
    """Return the stored form of one value that is compared for equality; None for no value."""
    if value is None or value is False:
        return None
    if not env.db.profile.rules.server_reads_dates:
        return _for_database(env, field, value)
    if field.timed:
        at = _time(env, value)[0]
        at + _SECOND  # the server asks for the second that begins then; raises OverflowError for the last one
        return _text(at)
    return _day(env, value).isoformat()


def by_second(leaf: Leaf) -> bool:
    """Return whether a time with a fraction equals the second in which it lies, as it does since 19.0."""
    return leaf.field.name in LOG_FIELDS and leaf.field.timed and leaf.rules.server_reads_dates


def inequality(leaf: Leaf) -> Condition:
    """Return the condition of `<`, `<=`, `>` or `>=`; a day stands for its end with `>` and `<=`, else its start.

    Since 19.0 a time stands for its second in the same way, so the fraction of `write_date` is not compared.
    """
    env, field, name, symbol, value = leaf.env, leaf.field, leaf.name, leaf.operator, leaf.value
    if value is None or value is False:
        return NEVER
    if not env.db.profile.rules.server_reads_dates:
        if field.timed and isinstance(value, str) and len(value) == 10:
            value += " 23:59:59" if symbol in (">", "<=") else " 00:00:00"
        return conditions.compares(name, symbol, _for_database(env, field, value))
    if isinstance(value, (list, tuple)):
        raise _listed(env, field, value)
    if not field.timed:
        return conditions.compares(name, symbol, _day(env, value).isoformat())
    at, whole_day = _time(env, value)
    if symbol in (">", "<="):
        symbol = {">": ">=", "<=": "<"}[symbol]
        try:
            at += timedelta(days=1) if whole_day else _SECOND
        except OverflowError:
            return NEVER if symbol == ">=" else conditions.not_null(name)
    return conditions.compares(name, symbol, _text(at))


def _for_database(env: Environment, field: Field, value: Any) -> str:
    if isinstance(value, datetime) and not field.timed:
        value = value.date()
    return postgres.read(str(value), timed=field.timed, now=env.db.clock.moment())


def _day(env: Environment, value: Any) -> date:
    if isinstance(value, str):
        value, _ = relative.read(env, value)
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise ValueError(f"Failed to cast {value!r} into a date")
    return value


def _time(env: Environment, value: Any) -> tuple[datetime, bool]:
    """Return the time in UTC, and whether it stands for a day, which begins at midnight in the user's time zone.

    A relative date such as `today` stands for its midnight.
    """
    absolute = True
    if isinstance(value, str):
        value, absolute = relative.read(env, value)
    if isinstance(value, datetime):
        return value.replace(microsecond=0), False
    if not isinstance(value, date):
        raise ValueError(f"Failed to cast {value!r} into a datetime")
    midnight = datetime.combine(value, time())
    zone = named_zone(env.tz)
    if zone is None or value.year in (1, 9999):
        return midnight, absolute
    return to_utc(midnight, zone), absolute


def _text(at: datetime) -> str:
    return at.isoformat(" ", "seconds")


def _listed(env: Environment, field: Field, values: Any) -> Exception:
    """Return the error of an inequality with a list, or that of the first value in it that is no date."""
    for value in values:
        equal(env, field, value)
    if field.timed:
        return TypeError("strptime() argument 1 must be str, not list")
    return TypeError("'OrderedSet' object is not subscriptable")
