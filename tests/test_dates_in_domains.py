"""Dates in domains: as the database reads them until 18, as the server reads them since 19, and parts of dates."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import DatabaseError
from mockserver.orm.query.dates import iso, postgres, relative
from mockserver.orm.query.dates.parts import NAMES, Part
from mockserver.orm.query.periods import SUNDAY
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.models import define

NOW = datetime(2024, 2, 29, 23, 30, 15, tzinfo=timezone.utc)  # a Thursday; in Brussels it is Friday, half past midnight
MOMENTS = st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 31)).map(
    lambda at: at.replace(microsecond=0)
)


def environment(profile: str) -> Environment:
    """An environment of a version, at a fixed time, of a user whose weeks begin on Sunday."""
    clock = Clock()
    clock.freeze(NOW)
    return seed.build("dates", profile=profiles.get(profile), clock=clock).env(1)


@pytest.fixture(scope="module")
def env19() -> Environment:
    return environment("odoo-19.0").with_context(tz="Europe/Brussels")


def events(env: Environment) -> Recordset:
    """Three events, the last one without a date."""
    model = define(env, "event", {"at": {"type": "datetime"}, "day": {"type": "date"}, "done": {"type": "boolean"},
                                  "name": {"type": "char"}, "file": {"type": "binary"},
                                  "parent_id": {"type": "many2one", "relation": "event"}})  # fmt: skip
    first = model.create({"name": "a", "at": "2024-01-31 23:30:00", "day": "2024-01-31", "done": True})
    model.create({"name": "b", "at": "2024-03-01 00:00:00", "day": "2024-03-01", "parent_id": first.id})
    model.create({"name": ""})
    return model


def found(records: Recordset, *domain: Any, **context: Any) -> str:
    """The names of what a domain finds; the nameless one is `-`."""
    return "".join(record.name or "-" for record in records.with_context(**context).search(list(domain), order="id"))


# -- as the database reads them


def database(text: str, *, timed: bool = True) -> str:
    return postgres.read(text, timed=timed, now=NOW)


@given(MOMENTS)
def test_the_database_reads_one_moment_in_every_form(at: datetime) -> None:
    day, clock, stored = f"{at:%Y}-{at:%m}-{at:%d}".zfill(10), f"{at:%H:%M:%S}", at.isoformat(" ")
    plain = day.replace("-", "")
    forms = [f"{day} {clock}", f"{day}T{clock}Z", f"  {day}   {clock}.000 ", f"{plain}T{clock}", f"{plain} {clock[:2]}"
             f"{clock[3:5]}{clock[6:]}", f"{at.month}/{at.day}/{day[:4]} {clock}", f"['{day} {clock}']",
             f"{at:%B} {at.day}, {day[:4]} {clock} UTC", f"{at.day}-{at:%b}-{day[:4]} {clock}+01:00",
             f"{day[:4]}.{at:%j} {clock}", f"{day} {at:%I:%M:%S %p}"]  # fmt: skip
    assert {database(form) for form in forms} == {stored}
    assert {database(form, timed=False) for form in forms} == {day}


@pytest.mark.parametrize(
    ("text", "time", "day"),
    [
        ("now", "2024-02-29 23:30:15", "2024-02-29"),
        ("today", "2024-02-29 00:00:00", "2024-02-29"),
        ("tomorrow 08:00", "2024-03-01 08:00:00", "2024-03-01"),
        ("2024-02-29 24:00", "2024-03-01 00:00:00", "2024-02-29"),
        ("2024-02-01 00:00:00.25", "2024-02-01 00:00:00.25", "2024-02-01"),
        ("02-01-69", "2069-02-01 00:00:00", "2069-02-01"),
        ("epoch", "1970-01-01 00:00:00", "1970-01-01"),
    ],
)
def test_what_the_database_reads(text: str, time: str, day: str) -> None:
    assert (database(text), database(text, timed=False)) == (time, day)


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-02", "2024-02-01 00", "True", "12:00", "2024-W05-4", "+1d", "5 5 5 5"]
)
def test_what_is_no_date_for_the_database(text: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        database(text)
    assert refused.value.name == "errors.InvalidDatetimeFormat"


@pytest.mark.parametrize(
    "text", ["2024-02-30", "31/01/2024", "0", "2024-02-01 25:00", "2024-02-01 00:00+99", "2024-00-01"]
)
def test_dates_that_do_not_exist_for_the_database(text: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        database(text)
    assert refused.value.name == "errors.DatetimeFieldOverflow"


# -- as the server reads them


DAYS = st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%G-W%V-%u", "%GW%V%u"])
CLOCKS = st.sampled_from(["%H:%M:%S", "%H%M%S", "%H:%M", "%H", "%H:%M:%S.5", "%H:%M:%S,123456789", "", "%H:%M:%S?"])


def outcome(parse: Callable[[str], date], text: str) -> object:
    try:
        return parse(text)
    except ValueError as error:
        return str(error)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="reads fewer forms before")
@given(MOMENTS, DAYS, st.sampled_from("T _-x"), CLOCKS)
def test_iso_texts_are_read_as_python_reads_them(at: datetime, day: str, separator: str, clock: str) -> None:
    for text in (at.strftime(day), at.strftime(f"{day}{separator}{clock}")):
        own: Callable[[str], date] = date.fromisoformat if len(text) <= 10 else datetime.fromisoformat
        assert outcome(iso.read, text) == outcome(own, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", datetime(2024, 2, 29, 23, 30, 15)),
        ("today", date(2024, 3, 1)),
        ("today -1y", date(2023, 3, 1)),
        ("today -1d +1m", date(2024, 3, 29)),
        ("today =31d", date(2024, 3, 31)),
        ("today =2m =31d", date(2024, 2, 29)),
        ("today +3H", datetime(2024, 3, 1, 3, 0)),
        ("today +48H", date(2024, 3, 3)),
        ("=1d", datetime(2024, 2, 29, 23, 0)),
        ("=6H", datetime(2024, 3, 1, 5, 0)),
        ("=30M -90S", datetime(2024, 2, 29, 23, 28, 30)),
        ("+2w -1d", datetime(2024, 3, 13, 23, 30, 15)),
        ("today =monday", date(2024, 2, 26)),
        ("today +monday", date(2024, 3, 4)),
        ("today -friday", date(2024, 3, 1)),
        ("today =week_start", date(2024, 2, 25)),
        ("=sunday", datetime(2024, 2, 24, 23, 0)),
        ("2024-W09-5", date(2024, 3, 1)),
    ],
)
def test_relative_dates_count_in_the_zone_of_the_user(env19: Environment, text: str, expected: date) -> None:
    assert relative.read(env19, text)[0] == expected


@pytest.mark.parametrize(
    "text", ["tomorrow", "today -", "3d", "+3x", "=1w", "=13m", "+99999y", "today today", "+ 3d", "=-1d"]
)
def test_terms_that_are_none(env19: Environment, text: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid term '.*' in expression date: '"):
        relative.read(env19, text)


def test_a_day_of_the_user_and_the_midnight_of_today() -> None:
    model = events(environment("odoo-19.0"))
    brussels = {"tz": "Europe/Brussels"}
    assert found(model, ("at", "<=", "2024-01-31"), **brussels) == ""
    assert found(model, ("at", "<=", "2024-02-01"), **brussels) == "a"
    assert found(model, ("at", ">", "2024-02-29"), **brussels) == "b"
    assert found(model, ("at", "<=", "today"), **brussels) == "a"
    assert found(model, ("at", "=", "2024-03-01")) == "b"
    assert found(model, ("at", "not in", ["2024-03-01", False]), tz="UTC") == "a"
    assert found(model, ("at", "<=", "9999-12-31")) == "ab"
    with pytest.raises(OverflowError, match="date value out of range"):
        found(model, ("at", "=", "9999-12-31 23:59:59"))


# -- parts


NAIVE_PARTS: dict[str, Callable[[datetime], str]] = {
    "year_number": lambda at: str(at.year), "quarter_number": lambda at: str(-(-at.month // 3)),
    "month_number": lambda at: at.strftime("%m"), "iso_week_number": lambda at: at.strftime("%V"),
    "day_of_year": lambda at: at.strftime("%j"), "day_of_month": lambda at: at.strftime("%d"),
    "day_of_week": lambda at: at.strftime("%w"), "hour_number": lambda at: at.strftime("%H"),
    "minute_number": lambda at: at.strftime("%M"), "second_number": lambda at: at.strftime("%S"),
}  # fmt: skip


@given(MOMENTS, st.sampled_from(["America/New_York", "Asia/Kolkata", None]))
def test_parts_of_a_time_in_a_zone(at: datetime, name: str | None) -> None:
    assume(1 < at.year < 9999)
    zone = ZoneInfo(name) if name else None
    local = at.replace(tzinfo=timezone.utc).astimezone(zone or timezone.utc)
    for part in NAMES:
        found = Part(part, has_time=True, zone=zone, first_weekday=SUNDAY).number(at.isoformat(" "))
        assert found == int(NAIVE_PARTS[part](local))


def test_days_of_the_week_count_from_the_first_of_the_language() -> None:
    monday = Part("day_of_week", has_time=False, zone=None, first_weekday=0)
    assert [monday.number(f"2024-01-0{day}") for day in range(1, 8)] == list(range(7))


def test_parts_without_a_date_and_with_sets() -> None:
    model = events(environment("odoo-19.0"))
    assert found(model, ("at.month_number", "!=", 3)) == "a-"
    assert found(model, ("at.month_number", "=", False)) == "-"
    assert found(model, "!", ("at.month_number", "<", 3)) == "b-"
    with pytest.raises(ValueError, match="the granularity month is not supported"):
        found(model, ("at.month", "=", 1))


# -- values as sets, since 19


def test_empty_patterns_and_truths_of_19() -> None:
    model = events(environment("odoo-19.0"))
    assert found(model, ("name", "=like", "")) == found(model, ("name", "=like", False)) == "-"
    assert found(model, ("name", "not =ilike", "")) == "ab"
    assert found(model, ("parent_id", "ilike", "")) == "b"
    assert found(model, ("parent_id", "not like", "")) == "a-"
    assert found(model, ("done", "=", "yes")) == "a"
    assert found(model, ("done", "=", "no")) == found(model, ("done", "=", None)) == "b-"
    assert found(model, ("name", "=?", 0)) == "ab-"
    assert found(model, ("id", "any", [("name", "=", "a")])) == "a"
    assert found(model, ("id", "not any", [("name", "=", "a")])) == "b-"
    assert found(model, ("file", "=", "aGVsbG8=")) == "ab-"


@pytest.mark.parametrize(
    ("leaf", "error", "text"),
    [
        (("name", "=like", 5), TypeError, r"The pattern to match must be a string in condition \('name', '=like', 5\)"),
        (("done", ">", 0), ValueError, "Cannot compare 'done' to <class 'int'> which is not a collection of length 1"),
        (("parent_id", "<", "a"), TypeError, "Inequality not supported for relational field using a string"),
        (("day", ">", 5), ValueError, "Failed to cast 5 into a date"),
        (("at", ">", ["2024-01-01"]), TypeError, r"strptime\(\) argument 1 must be str, not list"),
    ],
)
def test_what_19_refuses(leaf: tuple[Any, ...], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        found(events(environment("odoo-19.0")), leaf)
