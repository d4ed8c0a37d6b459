"""Groups for the periods that have no records, which `fill_temporal` in the context asks for.

It is true for the gaps between the groups, or `{"fill_from": date, "fill_to": date, "min_groups": number}`.
Source: recorded in dates-groups (17.0); source of Odoo, BaseModel._read_group_fill_temporal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mockserver.orm.bulk.group_by import parse
from mockserver.orm.query.periods import GRANULARITIES, Periods, next_start

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset

Group = dict[str, Any]


def filled(records: Recordset, found: list[Group], keys: Mapping[str, str], measures: Mapping[str, Any]) -> list[Group]:
    """Return the groups with empty ones for the missing periods of the first key, those without a date at the end.

    `keys` are the explicit specifications by key, `measures` the values of an empty group.
    """
    wanted = records.env.context.get("fill_temporal")
    options = wanted if isinstance(wanted, dict) else {}
    if not keys or not (isinstance(wanted, dict) or (found and wanted)):
        return found
    first = next(iter(keys))
    name, _, granularity = parse(keys[first])
    field = records._model.fields[name]
    if not field.dated or granularity not in GRANULARITIES:
        return found
    unknown = next((name for name in options if name not in _OPTIONS), None)
    if unknown is not None:
        raise TypeError(f"BaseModel._read_group_fill_temporal() got an unexpected keyword argument {unknown!r}")
    periods = Periods.of(records.env, granularity, has_time=field.timed)
    existing = [group[first] for group in found if group[first] is not None]
    _refuse_times(records, options, existing, timed=field.timed)
    starts = list(_starts(periods, existing, **{name: options.get(name) or False for name in _OPTIONS}))
    if not starts:
        return found
    by_start: dict[datetime | None, list[Group]] = {start: [] for start in sorted({*existing, *starts})}
    for group in found:
        by_start.setdefault(group[first], []).append(group)
    empty = {**measures, **{key: None for key in keys if key != first}}
    nothing = by_start.pop(None, [])
    return [group for start, own in by_start.items() for group in own or [{**empty, first: start}]] + nothing


MAX_FILLED = 100_000
_OPTIONS = ("fill_from", "fill_to", "min_groups")


def _refuse_times(records: Recordset, options: Mapping[str, Any], existing: Sequence[Any], *, timed: bool) -> None:
    """Raise Python's error where the server compares the bounds, which it reads as dates, with times."""
    if not timed or not records.env.db.profile.rules.fill_bounds_are_dates:
        return
    if options.get("fill_from") or options.get("fill_to"):
        if records.env.context.get("tz"):
            raise AttributeError("'datetime.date' object has no attribute 'tzinfo'")
        if existing:
            raise TypeError("can't compare datetime.datetime to datetime.date")


def _starts(
    periods: Periods, existing: Sequence[datetime], *, fill_from: Any, fill_to: Any, min_groups: Any
) -> Iterator[datetime]:
    """Return the starts of the periods that must have a group."""
    start = _bound(periods, fill_from) if fill_from else existing[0] if existing else None
    end = _bound(periods, fill_to) if fill_to else existing[-1] if existing else None
    start, end = start or end, end or start
    if start is None or end is None:
        return
    missing = min_groups - 1 if min_groups > 0 else -1
    room = MAX_FILLED
    while start <= end or missing >= 0:
        if not room:
            raise ValueError(f"fill_temporal asks for more than {MAX_FILLED} groups")
        yield start
        start, missing, room = next_start(start, periods.granularity), missing - 1, room - 1


def _bound(periods: Periods, text: str) -> datetime:
    return periods.containing(datetime.strptime(text[:10], "%Y-%m-%d"))
