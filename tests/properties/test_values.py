"""Every field type: what is written comes back in its documented form, and writing that again changes nothing.

Source: versions.md §7.3, §9.5; recorded in core-types (17.0).
"""

from __future__ import annotations

import base64
import copy
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema.model import Model
from tests.properties.budget import examples

TARGETS = 4  # ids 1 to 4 exist, the last one archived
DEFINITION = [{"name": "size", "type": "integer", "string": "Size"}, {"name": "tone", "type": "char", "string": "Tone"}]

MODELS = [
    Model.define(
        "target",
        {
            "name": {"type": "char"}, "active": {"type": "boolean"},
            "owner_id": {"type": "many2one", "relation": "thing"},
        },
        log_access=False,
    ),
    Model.define("kind", {"name": {"type": "char"}, "definition": {"type": "properties_definition"}}, log_access=False),
    Model.define(
        "thing",
        {
            "char": {"type": "char"}, "short": {"type": "char", "size": 3}, "text": {"type": "text"},
            "html": {"type": "html"}, "integer": {"type": "integer"}, "float": {"type": "float"},
            "rounded": {"type": "float", "digits": [16, 2]}, "monetary": {"type": "monetary"},
            "boolean": {"type": "boolean"}, "date": {"type": "date"}, "datetime": {"type": "datetime"},
            "binary": {"type": "binary"}, "image": {"type": "image"}, "json": {"type": "json"},
            "selection": {"type": "selection", "selection": [["a", "A"], ["b", "B"]]},
            "many2one": {"type": "many2one", "relation": "target"},
            "one2many": {"type": "one2many", "relation": "target", "relation_field": "owner_id"},
            "many2many": {"type": "many2many", "relation": "target"},
            "reference": {"type": "reference", "selection": [["target", "Target"]]},
            "many2one_reference": {"type": "many2one_reference"},
            "kind_id": {"type": "many2one", "relation": "kind"},
            "properties": {"type": "properties", "definition_record": "kind_id"},
        },
        log_access=False,
    ),
]  # fmt: skip

PRINTABLE = st.characters(codec="utf-8", exclude_characters="\x00")
TEXT = st.text(PRINTABLE, max_size=8)
INT32 = st.integers(-(2**31), 2**31 - 1)
FLOATS = st.floats(-1e12, 1e12).map(lambda number: round(number, 6)) | st.integers(-(10**9), 10**9)
NOTHING = st.sampled_from([False, None])
MARKUP = [
    "<p>", "</p>", "<b>", "</b>", "<br>", "<script>", "</script>", "<style>", "<!--", "-->", "<unknown>", "</a>",
    '<a href="javascript:x()" onclick="y">', '<img src="a&b">', "x", " ", '"', "<", ">", "&", "&lt;", "&amp;amp;",
]  # fmt: skip
IDS = st.lists(st.integers(1, TARGETS), unique=True)
BYTES = st.binary(max_size=12)
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)).map(lambda moment: moment.replace(microsecond=0))
JSON_VALUES = st.recursive(
    st.integers() | TEXT | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6,
)  # fmt: skip


class Markup(HTMLParser):
    """The elements of a text, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, attrs))


@pytest.fixture(scope="module")
def thing() -> Recordset:
    """One record; the targets are there, and a kind that defines two properties."""
    db = Database("values", profiles.get("odoo-17.0"), Clock())
    db.add_model(*MODELS)
    env = db.env()
    env["target"].create([{"name": f"target {n}", "active": n < TARGETS} for n in range(1, TARGETS + 1)])
    kind = env["kind"].create({"name": "kind", "definition": DEFINITION})
    created: Recordset = env["thing"].create({"kind_id": kind.id})
    return created


def _read(thing: Recordset, name: str, load: str = "_classic_read") -> Any:
    [record] = thing.read([name], load=load)
    return record[name]


def _check(thing: Recordset, name: str, written: Any, expected: Any) -> None:
    """Written over whatever was there, it reads as expected; and so when what was read is written again."""
    before = copy.deepcopy(written)
    thing.write({name: written})
    _same(_read(thing, name), expected)
    assert written == before, "the caller's value was changed"
    row = _row(thing)
    thing.write({name: _read(thing, name, load="")})
    assert _row(thing) == row
    _same(_read(thing, name), expected)


def _row(thing: Recordset) -> dict[str, Any]:
    """What is stored; a many2many without its order, which means nothing."""
    row = thing.env.db.store.rows("thing")[thing.id]
    return {name: set(value) if isinstance(value, tuple) else value for name, value in row.items()}


def _same(found: Any, expected: Any) -> None:
    """Equal, and of the same type: False is not 0 on the wire."""
    assert found == expected
    assert type(found) is type(expected)


@examples(60)
@given(name=st.sampled_from(["char", "text"]), value=TEXT | NOTHING | INT32)
@example(name="char", value="")
def test_text_reads_back_as_text_and_nothing_as_false(thing: Recordset, name: str, value: Any) -> None:
    _check(thing, name, value, False if value is None or value is False else str(value))


@examples(30)
@given(value=st.text(PRINTABLE))
def test_a_char_above_its_size_is_cut(thing: Recordset, value: str) -> None:
    _check(thing, "short", value, value[:3])


@examples(150)
@given(value=st.text(PRINTABLE, max_size=20) | st.lists(st.sampled_from(MARKUP), max_size=9).map("".join))
def test_html_is_harmless_and_cleaning_it_twice_is_cleaning_it_once(thing: Recordset, value: str) -> None:
    thing.write({"html": value})
    clean = _read(thing, "html")
    seen = Markup()
    seen.feed(clean)
    seen.close()
    assert not {"script", "style", "unknown"} & {tag for tag, _ in seen.tags}
    assert not any(name == "onclick" or "javascript:" in value for _, attrs in seen.tags for name, value in attrs)
    thing.write({"html": clean})
    _same(_read(thing, "html"), clean)


@examples(40)
@given(value=INT32 | NOTHING | INT32.map(str) | st.booleans())
def test_an_integer_reads_back_as_an_integer(thing: Recordset, value: Any) -> None:
    _check(thing, "integer", value, int(value or 0))


@examples(40)
@given(value=FLOATS | NOTHING | FLOATS.map(str))
def test_a_float_without_digits_is_kept_as_it_is(thing: Recordset, value: Any) -> None:
    _check(thing, "float", value, float(value or 0.0))


@examples(60)
@given(value=FLOATS | NOTHING)
@example(value=2.675)
@example(value=-0.125)
def test_a_float_with_digits_is_rounded_half_away_from_zero(thing: Recordset, value: Any) -> None:
    expected = Decimal(repr(float(value or 0.0))).quantize(Decimal("0.01"), ROUND_HALF_UP)
    _check(thing, "rounded", value, float(expected))


@examples(30)
@given(value=FLOATS | NOTHING)
def test_an_amount_without_a_currency_is_kept_as_it_is(thing: Recordset, value: Any) -> None:
    _check(thing, "monetary", value, float(value or 0.0))


@examples(30)
@given(value=st.booleans() | NOTHING | TEXT | INT32)
def test_a_boolean_is_pythons_truth(thing: Recordset, value: Any) -> None:
    _check(thing, "boolean", value, bool(value))


@examples(40)
@given(moment=MOMENTS, longer=st.booleans())
def test_a_date_is_the_first_ten_characters(thing: Recordset, moment: datetime, longer: bool) -> None:
    text = str(moment)
    _check(thing, "date", text if longer else text[:10], text[:10])


@examples(60)
@given(moment=MOMENTS, length=st.sampled_from([10, 13, 16, 19]))
def test_a_datetime_may_leave_out_what_is_small(thing: Recordset, moment: datetime, length: int) -> None:
    text = str(moment)[:length]
    _check(thing, "datetime", text, text + "1000-01-01 00:00:00"[length:])


@examples(30)
@given(name=st.sampled_from(["date", "datetime"]), moment=MOMENTS, tail=st.sampled_from(["Z", "+00:00", ".123456"]))
def test_a_datetime_with_more_is_refused_and_nothing_changes(
    thing: Recordset, name: str, moment: datetime, tail: str
) -> None:
    before = _read(thing, "datetime")
    with pytest.raises(ValueError, match=r"unconverted data remains|does not match format"):
        thing.write({"datetime": str(moment) + tail})
    with pytest.raises(ValueError, match="does not match format"):
        thing.write({"datetime": (moment + timedelta(0)).isoformat()})
    _same(_read(thing, "datetime"), before)


@pytest.mark.parametrize(
    "name", ["date", "datetime", "binary", "selection", "many2one", "reference", "json", "char", "text", "html"]
)
@pytest.mark.parametrize("nothing", [False, None])
def test_nothing_reads_as_false(thing: Recordset, name: str, nothing: Any) -> None:
    _check(thing, name, nothing, False)
    assert name not in thing.env.db.store.rows("thing")[thing.id]


@examples(40)
@given(name=st.just("binary"), data=BYTES)  # images are decoded
@example(name="binary", data=b"")
def test_a_binary_reads_back_as_its_base64_text(thing: Recordset, name: str, data: bytes) -> None:
    text = base64.b64encode(data).decode()
    _check(thing, name, text, text or False)
    [sized] = thing.with_context(bin_size=True).read([name])
    assert sized[name] == (f"{len(data):.2f} bytes" if data else False)


@examples(20)
@given(value=st.sampled_from(["a", "b"]) | NOTHING | st.just(""))
def test_a_selection_reads_back_as_its_value(thing: Recordset, value: Any) -> None:
    _check(thing, "selection", value, value or False)


@examples(20)
@given(value=TEXT.filter(lambda text: text not in ("", "a", "b")))
def test_another_value_is_refused_and_nothing_changes(thing: Recordset, value: str) -> None:
    before = _read(thing, "selection")
    with pytest.raises(ValueError, match=r"^Wrong value for thing\.selection: "):
        thing.write({"selection": value})
    _same(_read(thing, "selection"), before)


@examples(20)
@given(value=st.integers(1, TARGETS) | NOTHING)
def test_a_many2one_reads_back_as_id_and_name(thing: Recordset, value: Any) -> None:
    _check(thing, "many2one", value, [value, f"target {value}"] if value else False)


@examples(40)
@given(name=st.sampled_from(["one2many", "many2many"]), ids=IDS, plain=st.booleans())
def test_an_x2many_reads_back_as_ids_in_order_without_the_archived(
    thing: Recordset, name: str, ids: list[int], plain: bool
) -> None:
    written = ids if plain and ids else [(6, 0, ids)]
    every = thing.with_context(active_test=False)
    # archived lines do not show, and so would be lost where what was read is written again
    _check(every, name, written, sorted(ids))
    assert _read(thing, name) == sorted(id_ for id_ in ids if id_ < TARGETS)


@examples(20)
@given(id_=st.integers(0, TARGETS) | NOTHING)
def test_a_reference_reads_back_as_model_and_id(thing: Recordset, id_: Any) -> None:
    _check(thing, "reference", f"target,{id_}" if id_ is not None and id_ is not False else id_,
           f"target,{id_}" if id_ else False)  # fmt: skip


@examples(20)
@given(value=INT32 | NOTHING)
def test_a_many2one_reference_reads_back_as_an_integer(thing: Recordset, value: Any) -> None:
    _check(thing, "many2one_reference", value, int(value or 0))


@examples(60)
@given(value=JSON_VALUES)
def test_json_reads_back_as_it_was_and_what_is_empty_as_false(thing: Recordset, value: Any) -> None:
    _check(thing, "json", value, value or False)


@examples(40)
@given(values=st.fixed_dictionaries({}, optional={"size": INT32, "tone": TEXT}))
def test_properties_read_back_as_their_definitions_with_values(thing: Recordset, values: dict[str, Any]) -> None:
    shown = [{**definition, "value": values.get(definition["name"], False)} for definition in DEFINITION]
    thing.write({"properties": values})
    assert _read(thing, "properties") == shown
    thing.write({"properties": _read(thing, "properties")})
    assert _read(thing, "properties") == shown
