"""A type of field is one class: what is declared here works everywhere, and nothing else is told of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mockserver import addons
from mockserver.contract.pull.scrub import kind_of
from mockserver.errors import DatabaseError
from mockserver.orm.database import Database
from mockserver.orm.fields import kind
from mockserver.orm.fields.base import TYPES, Field
from mockserver.orm.fields.importing import FIELD, Importing, Problem
from mockserver.orm.fields.json_values import JsonValue
from mockserver.orm.fields.spaces import Known, Space, Whole
from mockserver.orm.fields.texts import Char
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.profiles import Rules
from mockserver.seed import build as seed
from mockserver.seed.files import FixtureError
from mockserver.testing.strategies import domains, vals
from tests.models import one

DEFINITION: dict[str, Any] = {
    "fields": {
        "name": {"type": "char"},
        "color": {"type": "color", "required": True, "translate": True},
        "length": {"type": "duration", "string": "Length"},
        "shade": {"type": "color", "company_dependent": True, "store": False},
    }
}
RECORDS: list[dict[str, Any]] = [
    {"model": "track", "xmlid": "t.a", "values": {"name": "A", "color": "#FF0000", "length": 90}},
    {"model": "track", "xmlid": "t.b", "values": {"name": "B", "color": "#ff0000", "length": 30}},
    {"model": "track", "xmlid": "t.c", "values": {"name": "C", "color": "#0000ff"}},
]


@pytest.fixture(autouse=True)
def two_types() -> Iterator[None]:
    """A type derived from one that there is, and a new one; both are gone after the test."""
    _declare_color()
    _declare_duration()
    yield
    del TYPES["color"], TYPES["duration"]


def _declare_color() -> None:
    class Color(Char):
        type = "color"

        def to_store(self, value: Any, *, creating: bool = False) -> Any:
            text = super().to_store(value)
            if text and not (len(text) == 7 and text.startswith("#")):
                raise ValueError(f"{value!r} is no color")
            return text.lower() if text else None

        def space(self, known: Known) -> Space | None:
            return Whole(low=0, high=0xFFFFFF, form=lambda number: f"#{number:06x}")


def _declare_duration() -> None:
    class Duration(Field):
        """Minutes, which clients see as `h:mm`."""

        type = "duration"
        sql_type = "interval"
        aggregates = kind.SUMMED
        json_value = JsonValue(lambda value: isinstance(value, int), "a number of minutes")
        holds = "number"
        operators = kind.INEQUALITIES

        def to_store(self, value: Any, *, creating: bool = False) -> Any:
            if not isinstance(value, str):
                return int(value) if value else None
            hours, _, minutes = value.partition(":")
            return int(hours) * 60 + int(minutes)

        def to_read(self, value: Any, bin_size: bool = False) -> Any:
            return False if value is None else f"{value // 60}:{value % 60:02}"

        def from_text(self, value: Any, source: Importing) -> Any:
            try:
                return self.to_store(value)
            except ValueError:
                raise Problem(f"'{value}' is no duration for field '{FIELD}'", {}) from None

        def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
            return f"{value} h" if value else ""

        def space(self, known: Known) -> Space | None:
            return Whole(low=1, high=600)

        def _describe_own(self) -> dict[str, Any]:
            return {"unit": "minutes"}


@pytest.fixture
def tracks(env: Environment) -> Recordset:
    seed.load(env.db, {"models": {"track": DEFINITION}, "records": RECORDS}, source="test")
    return env.db.env(1)["track"]


def test_it_is_created_read_and_refused(tracks: Recordset) -> None:
    made = tracks.create({"color": "#ABCDEF", "length": "2:05"})
    assert one(made, "color", "length") == ("#abcdef", "2:05")
    made.write({"length": False})
    assert one(made, "length") is False
    with pytest.raises(ValueError, match="'red' is no color"):
        made.write({"color": "red"})


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ([("color", "=", "#ff0000")], ["A", "B"]),
        ([("color", "ilike", "FF00")], ["A", "B"]),
        ([("length", "<", "1:00")], ["B"]),
        ([("length", "in", [90, False])], ["A", "C"]),
        ([("length", "=like", "9%")], ["A"]),
    ],
)
def test_it_is_searched(tracks: Recordset, domain: list[Any], found: list[str]) -> None:
    assert [track["name"] for track in tracks.search(domain)] == found


def test_each_company_has_its_own(tracks: Recordset) -> None:
    other = tracks.env["res.company"].create({"name": "Other"})
    made = tracks.create({"color": "#000000", "shade": "#AA0000"})
    made.with_company(other.id).write({"shade": "#00AA00"})
    assert (made.shade, made.with_company(other.id).shade) == ("#aa0000", "#00aa00")


def test_it_is_sorted(tracks: Recordset) -> None:
    assert [track["name"] for track in tracks.search([], order="color desc, length")] == ["B", "A", "C"]


def test_it_is_described(tracks: Recordset) -> None:
    described = tracks.call("fields_get", ["color", "length"])
    assert (described["color"]["type"], described["color"]["translate"]) == ("color", True)
    assert (described["length"]["type"], described["length"]["unit"]) == ("duration", "minutes")


def test_it_is_grouped_and_aggregated(tracks: Recordset) -> None:
    groups = tracks.call("read_group", [], ["length:sum"], ["color"])
    assert [(g["color"], g["color_count"], g["length"]) for g in groups] == [("#0000ff", 1, False), ("#ff0000", 2, 120)]
    with pytest.raises(DatabaseError, match=r"function sum\(character varying\) does not exist"):
        tracks.call("read_group", [], ["color:sum"], [])
    with pytest.raises(DatabaseError, match=r"function bool_or\(interval\) does not exist"):
        tracks.call("read_group", [], ["length:bool_or"], [])


def test_it_is_exported_and_loaded(tracks: Recordset) -> None:
    columns = ["name", "color", "length"]
    exported = tracks.search([]).call("export_data", columns)["datas"]
    assert exported == [["A", "#ff0000", "1:30 h"], ["B", "#ff0000", "0:30 h"], ["C", "#0000ff", ""]]
    loaded = tracks.call("load", columns, [["D", "#00FF00", "0:07"]])
    assert one(tracks.browse(loaded["ids"][0]), *columns) == ("D", "#00ff00", "0:07")
    refused = tracks.call("load", columns, [["E", "#00ff00", "long"]])
    assert [message["message"] for message in refused["messages"]] == ["'long' is no duration for field 'Length'"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"color": 3}, "a color takes a text, not 3"),
        ({"color": "#000000", "length": "1:30"}, "a duration takes a number of minutes, not '1:30'"),
        ({"length": 3}, "a track needs a value here"),
        ({"color": "red"}, "'red' is no color"),
    ],
)
def test_a_fixture_is_checked(tracks: Recordset, values: dict[str, Any], problem: str) -> None:
    with pytest.raises(FixtureError, match=problem):
        seed.load(tracks.env.db, {"records": [{"model": "track", "values": values}]}, source="test")


def test_it_survives_an_export_and_a_dump(tracks: Recordset) -> None:
    exported = json.loads(json.dumps(seed.export(tracks.env.db)))
    assert exported["models"]["track"]["fields"]["length"] == {"type": "duration", "string": "Length"}
    assert [record["values"].get("length") for record in exported["records"] if record["model"] == "track"] == [
        90, 30, None,
    ]  # fmt: skip
    db = tracks.env.db
    copy = Database.undump(json.loads(json.dumps(db.dump())), "copy", db.profile, db.clock, addons.ByName())
    assert one(copy.env(1)["track"].browse(tracks.search([]).ids[0]), "length") == "1:30"


def test_values_and_domains_are_made_for_it(tracks: Recordset) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(vals("track", of=tracks.env.db), domains("track", of=tracks.env.db))
    def check(values: dict[str, Any], domain: list[Any]) -> None:
        made = tracks.create(values)
        assert one(made, "color") == values["color"]
        assert made.search_count(domain) <= made.search_count([])
        seen.update(values)
        seen.update(leaf[0] for leaf in domain if isinstance(leaf, tuple))

    seen: set[str] = set()
    check()
    assert {"color", "length"} <= seen


def test_what_it_holds_is_scrubbed_as_its_like(tracks: Recordset) -> None:
    assert kind_of("track", "color", {"type": "color"}) == "name"
    assert kind_of("track", "length", {"type": "duration"}) is None


def test_a_type_is_defined_once() -> None:
    with pytest.raises(ValueError, match="field type 'color' is defined twice"):
        type("Other", (Char,), {"type": "color"})
