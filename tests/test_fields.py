"""Every field type: written, read, emptied, refused."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from mockserver.errors import DatabaseError, UserError, ValidationError
from mockserver.orm.fields.binary import human_size
from mockserver.orm.fields.numbers import Float, round_half_up
from mockserver.orm.fields.texts import Char
from mockserver.orm.records.environment import Environment, Recordset
from tests.models import define, extend, one
from tests.typed import calls

FIELDS: dict[str, dict[str, Any]] = {
    "char": {"type": "char"}, "short": {"type": "char", "size": 3}, "text": {"type": "text"}, "html": {"type": "html"},
    "integer": {"type": "integer"}, "float": {"type": "float"}, "rate": {"type": "float", "digits": [16, 2]},
    "monetary": {"type": "monetary", "currency_field": "currency_id"}, "boolean": {"type": "boolean"},
    "date": {"type": "date"}, "datetime": {"type": "datetime"}, "binary": {"type": "binary"},
    "image": {"type": "image"},
    "selection": {"type": "selection", "selection": [["a", "A"], ["b", "B"]]},
    "currency_id": {"type": "many2one", "relation": "res.currency"},
    "many2one": {"type": "many2one", "relation": "res.partner"},
    "one2many": {"type": "one2many", "relation": "item", "relation_field": "parent_id"},
    "parent_id": {"type": "many2one", "relation": "item"},
    "many2many": {"type": "many2many", "relation": "res.partner"},
    "reference": {"type": "reference", "selection": [["res.partner", "P"], ["res.users", "U"]]},
    "res_model": {"type": "char"}, "res_id": {"type": "many2one_reference"},
    "json": {"type": "json"},
    "stored_nowhere": {"type": "char", "store": False},
    "per_company": {"type": "char", "company_dependent": True, "store": False},
    "translated": {"type": "char", "translate": True},
}  # fmt: skip


@pytest.fixture
def items(env: Environment) -> Recordset:
    return define(env, "item", FIELDS)


EMPTY = {
    "char": False, "text": False, "html": False, "integer": 0, "float": 0.0, "monetary": 0.0, "boolean": False,
    "date": False, "datetime": False, "binary": False, "image": False, "selection": False, "many2one": False,
    "one2many": [], "many2many": [], "reference": False, "res_id": 0, "json": False, "per_company": False,
    "translated": False,
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_a_field_that_was_never_written_reads_as_its_empty_value(items: Recordset, name: str) -> None:
    found = one(items.create({}), name)
    assert found == EMPTY[name]
    assert type(found) is type(EMPTY[name])


@pytest.mark.parametrize("value", [False, None])
@pytest.mark.parametrize("name", EMPTY)
def test_a_field_is_emptied_with_false_and_with_null(items: Recordset, name: str, value: Any) -> None:
    record = items.create(FULL)
    record.write({name: value})
    assert one(record, name) == EMPTY[name]


FULL = {
    "char": "c", "text": "t", "html": "<p>h</p>", "integer": 7, "float": 1.25, "monetary": 2.5, "boolean": True,
    "date": "2024-01-31", "datetime": "2024-01-31 23:59:59", "binary": "aGVsbG8=", "selection": "a",
    "image": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "reference": "res.partner,1", "res_id": 3, "json": {"a": [1, None, {"b": True}]}, "per_company": "here",
    "translated": "word",
}  # fmt: skip


@pytest.mark.parametrize("name", FULL)
def test_a_value_reads_as_it_was_written(items: Recordset, name: str) -> None:
    assert one(items.create({name: FULL[name]}), name) == FULL[name]
    record = items.create({})
    record.write({name: FULL[name]})
    assert one(record, name) == FULL[name]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("char", "", ""), ("char", 0, "0"), ("char", 1.5, "1.5"), ("char", True, "True"), ("char", " a ", " a "),
        ("short", "abcdef", "abc"), ("text", "a\nb", "a\nb"), ("text", "", ""), ("html", "", ""),
        ("html", "plain", "<p>plain</p>"), ("html", "<script>x</script>", ""),
        ("integer", "12", 12), ("integer", True, 1), ("integer", 3.9, 3), ("integer", "", 0),
        ("integer", -(2**31), -(2**31)), ("integer", 2**31 - 1, 2**31 - 1),
        ("float", "2.5", 2.5), ("float", 3, 3.0), ("float", "", 0.0), ("rate", 1.005, 1.01), ("rate", 2.675, 2.68),
        ("rate", -0.125, -0.13), ("float", 1.005, 1.005),
        ("boolean", "maybe", True), ("boolean", "", False), ("boolean", 0, False), ("boolean", "false", True),
        ("date", "2024-03-04 10:00:00", "2024-03-04"), ("date", "2024-03-04T10:00:00Z", "2024-03-04"),
        ("date", "", False), ("date", "2024-3-4", "2024-03-04"),
        ("datetime", "2024-03-04", "2024-03-04 00:00:00"), ("datetime", "2024-03-04 10", "2024-03-04 10:00:00"),
        ("datetime", "2024-03-04 10:11", "2024-03-04 10:11:00"), ("datetime", "", False),
        ("binary", "aGVs\nbG8=", "aGVsbG8="), ("binary", "", False), ("selection", "", False),
        ("reference", "", False), ("res_id", "4", 4),
        ("date", "0001-01-01", "1-01-01"), ("datetime", "0987-06-05 04:03:02", "987-06-05 04:03:02"),
        ("json", [], False), ("json", 0, False), ("json", {}, False),
        ("json", "text", "text"), ("json", [1, 2], [1, 2]),
    ],
)  # fmt: skip
def test_a_value_is_converted_when_it_is_written(items: Recordset, name: str, value: Any, expected: Any) -> None:
    record = items.create({name: value})
    assert one(record, name) == expected
    record.write({name: False})
    record.write({name: value})
    found = one(record, name)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("creating", [True, False])
@pytest.mark.parametrize(
    ("name", "value", "error", "text"),
    [
        ("integer", "abc", ValueError, "invalid literal for int() with base 10: 'abc'"),
        ("integer", "1.5", ValueError, "invalid literal for int() with base 10: '1.5'"),
        ("integer", 2**31, DatabaseError, "integer out of range\n"),
        ("integer", -(2**31) - 1, DatabaseError, "integer out of range\n"),
        ("res_id", 2**31, DatabaseError, "integer out of range\n"),
        ("float", "abc", ValueError, "could not convert string to float: 'abc'"),
        ("monetary", "abc", ValueError, "could not convert string to float: 'abc'"),
        ("date", "not a date", ValueError, "time data 'not a date' does not match format '%Y-%m-%d'"),
        ("date", "2024-W01-1", ValueError, "time data '2024-W01-1' does not match format '%Y-%m-%d'"),
        ("date", "2023-02-29", ValueError, "day is out of range for month"),
        ("datetime", "2024-03-04 10:11:12.5", ValueError, "unconverted data remains: .5"),
        ("datetime", "2024-03-04 10:11:12Z", ValueError, "unconverted data remains: Z"),
        ("datetime", "2024-03-04T10:11:12", ValueError,
         "time data '2024-03-04T10:11:12' does not match format '%Y-%m-%d %H:%M:%S'"),
        ("selection", "c", ValueError, "Wrong value for item.selection: 'c'"),
        ("selection", 1, ValueError, "Wrong value for item.selection: 1"),
        ("reference", "res.partner", ValueError, "not enough values to unpack (expected 2, got 1)"),
        ("reference", "res.company,1", ValueError, "Wrong value for item.reference: 'res.company,1'"),
        ("reference", "res.partner,x", ValueError, "invalid literal for int() with base 10: 'x'"),
        ("many2many", "abc", ValueError, "Wrong value for item.many2many: abc"),
        ("one2many", 5, ValueError, "Wrong value for item.one2many: 5"),
        ("char", "a\0b", ValueError, "A string literal cannot contain NUL (0x00) characters."),
        ("text", "\0", ValueError, "A string literal cannot contain NUL (0x00) characters."),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused(
    items: Recordset, name: str, value: Any, error: type[Exception], text: str, creating: bool
) -> None:
    record = items.create({})
    with pytest.raises(error) as caught:
        items.create({name: value}) if creating else record.write({name: value})
    assert str(caught.value) == text
    assert items.search([]) == record


def test_a_binary_value_that_is_no_base64_is_refused(items: Recordset) -> None:
    with pytest.raises(ValueError, match="padding"):
        items.create({"binary": "abc"})


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0.00 bytes"), (5, "5.00 bytes"), (1023, "1023.00 bytes"), (1024, "1.00 Kb"), (1536, "1.50 Kb"),
     (3 * 1024**2, "3.00 Mb"), (5 * 1024**3, "5.00 Gb")],
)  # fmt: skip
def test_a_size_is_shown_for_people(size: int, text: str) -> None:
    assert human_size(size) == text


def test_bin_size_shows_the_size_of_every_binary_field(items: Recordset) -> None:
    record = items.create({"binary": base64.b64encode(b"x" * 1536).decode(), "char": "c"})
    assert one(record, "binary", "image", "char", bin_size=True) == ("1.50 Kb", False, "c")
    # the key for one field counts for columns only; this field's values are attachments.  Source: attach-images (17.0)
    assert len(one(record, "binary", bin_size_binary=True)) == 2048


def test_a_number_beyond_32_bits_reads_as_float(items: Recordset) -> None:
    record = items.create({})
    items.env.db.store.put("item", {"id": record.id, "integer": 3_000_000_000})
    found = one(record, "integer")
    assert found == 3000000000.0
    assert type(found) is float


@pytest.mark.parametrize(
    ("number", "places", "expected"), [(0.5, 0, 1.0), (-0.5, 0, -1.0), (2.5, 0, 3.0), (1.115, 2, 1.12)]
)
def test_halves_are_rounded_away_from_zero(number: float, places: int, expected: float) -> None:
    assert round_half_up(number, places) == expected


def test_a_number_is_cast_to_text_as_the_database_does() -> None:
    field = Float(name="f")
    assert [field.to_text(value) for value in (1.0, 1.5, -2.0, float("nan"), float("inf"))] == [
        "1", "1.5", "-2", "NaN", "Infinity",
    ]  # fmt: skip


# -- monetary


def test_a_monetary_value_is_rounded_to_its_currency(items: Recordset) -> None:
    usd, jpy = (items.env.ref(f"base.{code}") for code in ("USD", "JPY"))
    assert usd is not None
    assert jpy is not None
    record = items.create({"currency_id": usd.id, "monetary": 1.005})
    assert one(record, "monetary") == 1.01
    record.write({"monetary": 7.666})
    assert one(record, "monetary") == 7.67
    record.write({"currency_id": jpy.id, "monetary": 7.5})
    assert one(record, "monetary") == 8.0
    assert one(items.create({"monetary": 1.23456}), "monetary") == 1.23456


# -- relations


def test_a_many2one_reads_with_the_name_of_its_target(items: Recordset) -> None:
    record = items.create({"many2one": 1})
    name = items.env["res.partner"].browse(1).display_name
    assert one(record, "many2one") == [1, name]
    assert record.read(["many2one"], load=None) == [{"id": record.id, "many2one": 1}]
    assert items.create({}).read(["many2one"], load="")[0]["many2one"] is False


def test_a_many2one_takes_what_the_database_would_cast(items: Recordset) -> None:
    assert one(items.create({"many2one": "1"}), "many2one")[0] == 1
    assert one(items.create({"many2one": 0}), "many2one") is False
    with pytest.raises(DatabaseError, match=r'^invalid input syntax for type integer: "BE"\n'):
        items.create({"many2one": "BE"})
    with pytest.raises(DatabaseError, match="invalid input syntax for type integer"):
        items.create({"many2one": [1, "YourCompany"]})


@pytest.mark.parametrize("value", ["1", "BE", [1, "YourCompany"], 0, False])
def test_a_write_of_anything_but_an_id_empties_a_many2one(items: Recordset, value: Any) -> None:
    record = items.create({"many2one": 1})
    record.write({"many2one": value})
    assert one(record, "many2one") is False


def test_a_many2one_to_a_record_that_is_not_there_is_refused(items: Recordset) -> None:
    record = items.create({})
    for call in calls(lambda: items.create({"many2one": 99999}), lambda: record.write({"many2one": 99999})):
        with pytest.raises(ValidationError) as caught:
            call()
        assert str(caught.value) == (
            "The operation cannot be completed: another model requires the record being deleted. If possible, archive"
            " it instead.\n\nModel:  (item)\nConstraint: item_many2one_fkey\n"
        )


def test_a_reference_to_a_record_that_is_not_there_is_written_as_empty(items: Recordset) -> None:
    record = items.create({"reference": "res.partner,1"})
    record.write({"reference": "res.partner,99999"})
    assert one(record, "reference") is False
    record.write({"reference": "res.users,1"})
    assert one(record, "reference") == "res.users,1"


def test_a_reference_outlives_its_record(items: Recordset) -> None:
    partner = items.env["res.partner"].create({"name": "Gone"})
    record = items.create({"reference": f"res.partner,{partner.id}", "res_id": partner.id})
    partner.unlink()
    assert one(record, "reference", "res_id") == (f"res.partner,{partner.id}", partner.id)


# -- where values stand


def test_a_json_value_is_nobody_elses(items: Recordset) -> None:
    value = {"a": [1]}
    record = items.create({"json": value})
    value["a"].append(2)
    assert one(record, "json") == {"a": [1]}
    one(record, "json")["a"].append(3)
    record.json["a"].append(4)
    assert one(record, "json") == {"a": [1]}


def test_a_field_that_is_stored_nowhere_forgets_what_is_written(items: Recordset) -> None:
    record = items.create({"stored_nowhere": "x"})
    record.write({"stored_nowhere": "y"})
    assert one(record, "stored_nowhere") is False


def test_a_related_field_reads_and_writes_its_target(env: Environment) -> None:
    items = define(env, "item", {
        "partner_id": {"type": "many2one", "relation": "res.partner"},
        "email": {"type": "char", "related": "partner_id.email", "store": False},
        "city": {"type": "char", "related": "partner_id.city"},
        "country": {"type": "char", "related": "partner_id.country_id.name", "store": False, "readonly": True},
    })  # fmt: skip
    partner = env["res.partner"].create({"name": "P", "email": "a@x.test", "city": "Gent"})
    record = items.create({"partner_id": partner.id})
    assert one(record, "email", "city", "country") == ("a@x.test", "Gent", False)
    record.write({"email": "b@x.test", "city": "Ieper"})
    assert (partner.email, partner.city) == ("b@x.test", "Ieper")
    partner.write({"city": "Brugge", "country_id": env.ref("base.be").id})  # type: ignore[union-attr]
    assert one(record, "email", "city", "country") == ("b@x.test", "Brugge", "Belgium")
    assert items.search([("city", "=", "Brugge"), ("country", "=", "Belgium"), ("email", "like", "b@")]) == record
    assert one(items.create({}), "email", "city", "country") == (False, False, False)


def test_an_image_that_is_none_is_refused(items: Recordset) -> None:
    with pytest.raises(UserError, match=r"^This file could not be decoded as an image file"):
        items.create({"image": base64.b64encode(b"hello").decode()})


def test_a_field_type_is_defined_once() -> None:
    with pytest.raises(ValueError, match="field type 'char' is defined twice"):
        type("Again", (Char,), {"type": "char"})


def test_a_selection_that_the_data_decides_is_checked_against_it(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "P"})
    with pytest.raises(ValueError, match=r"^Wrong value for res.partner.lang: 'fr_FR'$"):
        partner.write({"lang": "fr_FR"})
    env["res.lang"].with_context(active_test=False).search([("code", "=", "fr_FR")]).write({"active": True})
    partner.write({"lang": "fr_FR", "tz": "Europe/Brussels"})
    assert one(partner, "lang", "tz") == ("fr_FR", "Europe/Brussels")
    with pytest.raises(ValueError, match=r"Wrong value for res.partner.tz"):
        partner.write({"tz": "Europe/Nowhere"})


# -- defaults


def test_defaults_fill_what_is_not_given(env: Environment) -> None:
    items = extend(
        env, "res.partner.category", {"note": {"type": "char"}, "when": {"type": "date"}, "by": {"type": "integer"}},
        defaults={"note": "n", "when": {"call": "today"}, "by": {"call": "user"}, "active": True},
    )  # fmt: skip
    made = items.with_user(2).create([{"name": "a"}, {"name": "b", "note": False, "by": 9}])
    assert [one(record, "note", "by") for record in made] == [("n", 2), (False, 9)]
    assert one(made[0], "when") == env.db.clock.today().isoformat()


def test_the_context_gives_defaults_before_the_model_does(items: Recordset) -> None:
    made = items.with_context(default_char="c", default_integer=5, default_nope=1).create([{}, {"char": "own"}])
    assert [one(record, "char", "integer") for record in made] == [("c", 5), ("own", 5)]
    assert items.with_context(default_char="c").default_get(["char", "integer", "nope"]) == {"char": "c"}


def test_a_default_reaches_the_record_that_is_delegated_to(env: Environment) -> None:
    user = env["res.users"].sudo().with_context(default_city="Gent").create({"name": "U", "login": "u"})
    assert user.partner_id.city == "Gent"
