"""Parts of dates: `date.month_number` in a domain, `date:month_number` as a granularity of groups.

A time is taken in the time zone of the context, in UTC without one.
Source: recorded in temporal (18.0, 19.0) and json2-domains (19.0).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mockserver.errors import DatabaseError
from mockserver.orm.query.conditions import ALWAYS, NEVER, Condition, complement
from mockserver.orm.query.periods import SUNDAY, first_weekday, local_time, time_zone
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.query.operators import Leaf
    from mockserver.orm.records.environment import Environment

_PARTS: dict[str, Callable[[datetime], int]] = {
    "year_number": lambda at: at.year,
    "quarter_number": lambda at: (at.month - 1) // 3 + 1,
    "month_number": lambda at: at.month,
    "iso_week_number": lambda at: at.isocalendar()[1],
    "day_of_year": lambda at: at.timetuple().tm_yday,
    "day_of_month": lambda at: at.day,
    "day_of_week": lambda at: (at.weekday() + 1) % 7,
    "hour_number": lambda at: at.hour,
    "minute_number": lambda at: at.minute,
    "second_number": lambda at: at.second,
}
NAMES = tuple(_PARTS)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One part of stored dates; days of the week are counted from the first day of the language's week, from 0."""

    name: str
    has_time: bool
    zone: ZoneInfo | None
    first_weekday: int = SUNDAY
    _known: dict[str, int] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, env: Environment, name: str, *, has_time: bool) -> Part:
        """Return the part in the time zone and language of the context."""
        return cls(name, has_time, time_zone(env) if has_time else None, first_weekday(env))

    def number(self, text: str) -> int:
        """Return the part of a stored date or time."""
        found = self._known.get(text)
        if found is None:
            found = _PARTS[self.name](local_time(text, self.has_time, self.zone))
            if self.name == "day_of_week":
                found = (found - self.first_weekday - 1) % 7
            self._known[text] = found
        return found


def compile_part(leaf: Leaf, name: str, part: str) -> Condition:
    """Return the condition of a leaf on a part of the date field `name`."""
    if part not in _PARTS:
        raise leaf.rules.domain_errors.unknown_part(
            model=leaf.model.name, field=name, part=part, parts=", ".join(NAMES)
        )
    read = Part.of(leaf.env, part, has_time=leaf.model.fields[name].timed).number

    def number(row: Row) -> int | None:
        text = row.get(name)
        return None if text is None else read(text)

    found = (_set_condition if leaf.rules.domain_sets else _plain_condition)(leaf, name, number)
    return complement(found) if leaf.negated else found


def _plain_condition(leaf: Leaf, name: str, number: Callable[[Row], int | None]) -> Condition:
    """Return the condition of a comparison in SQL, which never matches NULL."""
    if leaf.operator not in _COMPARISONS:
        if "in" in leaf.operator or "like" in leaf.operator:
            raise DatabaseError("errors.SyntaxError", f"{leaf.operator!r} cannot be used with a part of a date\n")
        raise KeyError(leaf.operator)
    if leaf.value is None:
        return NEVER
    return _compared(number, _COMPARISONS[leaf.operator], _as_number(leaf.value))


def _set_condition(leaf: Leaf, name: str, number: Callable[[Row], int | None]) -> Condition:
    """Return the condition as on a column: NULL is no value, and not in a list unless False is."""
    symbol, value = leaf.operator, leaf.value
    empty = value is None or value is False
    if symbol in ("child_of", "parent_of"):
        raise leaf.rules.domain_errors.no_hierarchy(operator=symbol, model=leaf.model.name, field=name, leaf=leaf.token)
    if symbol == "=?":
        if empty:
            return ALWAYS
        symbol = "="
    if symbol in ("<", "<=", ">", ">="):
        return NEVER if empty else _compared(number, _COMPARISONS[symbol], _as_number(value))
    if symbol not in ("=", "!=", "in", "not in"):
        raise DatabaseError("errors.UndefinedFunction", f"operator does not exist: double precision {symbol} unknown\n")
    items = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    wanted = {None if item is None or item is False else _as_number(item) for item in items}
    positive = Condition(lambda rows: [row for row in rows if number(row) in wanted], cost=3)
    return positive if symbol in ("=", "in") else complement(positive)


def _compared(number: Callable[[Row], int | None], test: Callable[[Any, Any], bool], value: float) -> Condition:
    return Condition(lambda rows: [r for r in rows if (n := number(r)) is not None and test(n, value)], cost=3)


def _as_number(value: Any) -> float:
    if isinstance(value, bool):
        raise DatabaseError("errors.UndefinedFunction", "operator does not exist: double precision = boolean\n")
    try:
        return float(value)
    except (TypeError, ValueError):
        problem = f'invalid input syntax for type double precision: "{value}"\n'
        raise DatabaseError("errors.InvalidTextRepresentation", problem) from None
