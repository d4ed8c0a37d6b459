"""The domain language, operator by operator."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import DatabaseError
from mockserver.orm.query import conditions
from mockserver.orm.query.domain import normalize, provably_false
from mockserver.orm.query.operators import OPERATORS, Leaf, operator, operators
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.models import define, names

AND_DOMAIN = "Domains to normalize must have a 'domain' form: a list or tuple of domain components"


@pytest.fixture
def items(env: Environment) -> Recordset:
    """A small tree; `e` is archived, `n` has NULL everywhere.

    a ─ b ─ c, d    tags: a x, b x+y, e y    colours: a 1, b 2, c 0
    """
    define(env, "tag", {"name": {"type": "char"}, "active": {"type": "boolean"},
                        "parent_id": {"type": "many2one", "relation": "tag"},
                        "item_ids": {"type": "many2many", "relation": "item", "mirror": "tag_ids"}},
           defaults={"active": True})  # fmt: skip
    items = define(env, "item", {
        "name": {"type": "char"}, "color": {"type": "integer"}, "ratio": {"type": "float"}, "done": {"type": "boolean"},
        "day": {"type": "date"}, "at": {"type": "datetime"}, "active": {"type": "boolean"},
        "kind": {"type": "selection", "selection": [["p", "Plus"], ["m", "Minus"]]},
        "parent_id": {"type": "many2one", "relation": "item"}, "tag_ids": {"type": "many2many", "relation": "tag"},
        "child_ids": {"type": "one2many", "relation": "item", "relation_field": "parent_id"},
        "near_ids": {"type": "many2many", "relation": "item"}, "tag_id": {"type": "many2one", "relation": "tag"},
        "ref": {"type": "reference", "selection": [["item", "I"]]}, "res_id": {"type": "many2one_reference"},
        "parent_name": {"type": "char", "related": "parent_id.name", "store": False}, "odd": {"type": "char",
                                                                                              "store": False},
        "file": {"type": "binary"},
    }, defaults={"active": True})  # fmt: skip
    tags = items.env["tag"]
    x, y = tags.create([{"name": "x"}, {"name": "y"}])
    tags.create({"name": "z", "active": False, "parent_id": x.id})
    a = items.create({"name": "a", "color": 1, "ratio": 1.5, "done": True, "day": "2024-01-01", "kind": "p",
                      "at": "2024-01-01 12:00:00", "tag_ids": [(6, 0, [x.id])], "tag_id": x.id,
                      "res_id": 5})  # fmt: skip
    b = items.create({"name": "b", "color": 2, "ratio": 2.0, "done": False, "day": "2024-01-02", "kind": "m",
                      "at": "2024-01-02 00:00:00", "parent_id": a.id, "tag_ids": [(6, 0, [x.id, y.id])],
                      "ref": f"item,{a.id}", "res_id": 7, "file": "aGk="})  # fmt: skip
    items.create({"name": "c", "color": 0, "ratio": 0.0, "parent_id": b.id, "day": "2023-12-31",
                  "at": "2024-01-01 23:59:59", "near_ids": [(6, 0, [b.id])], "tag_id": tags.with_context(
                      active_test=False).search([("name", "=", "z")]).id})  # fmt: skip
    items.create({"name": "d", "parent_id": a.id})
    items.create({"name": "e", "active": False, "parent_id": b.id, "tag_ids": [(6, 0, [y.id])], "color": 1})
    items.create({})
    return items


def found(items: Recordset, *domain: Any, **context: Any) -> str:
    """The names of what a domain finds; the nameless one is `n`."""
    return "".join(record.name or "n" for record in items.with_context(**context).search(list(domain), order="id"))


ALL = "abcdn"
A, B, C, D, E, N = range(1, 7)
X, Y, Z = 1, 2, 3


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        # text
        (("name", "=", "a"), "a"), (("name", "=", "A"), ""), (("name", "=", "a "), ""), (("name", "!=", "a"), "bcdn"),
        (("name", "<>", "a"), "bcdn"), (("name", "=", False), "n"), (("name", "=", None), "n"),
        (("name", "!=", False), "abcd"),
        (("name", "=", ""), ""), (("name", "!=", ""), "abcd"), (("name", "<", "c"), "ab"), (("name", ">=", "c"), "cd"),
        (("name", "in", ["a", "b"]), "ab"), (("name", "in", ["a", False]), "an"), (("name", "not in", ["a"]), "bcdn"),
        (("name", "not in", ["a", False]), "bcd"), (("name", "in", []), ""), (("name", "not in", []), ALL),
        (("name", "=", ["a", "b"]), "ab"), (("name", "!=", ["a", "b"]), "cdn"), (("name", "=", []), ""),
        (("name", "!=", []), ALL), (("name", "in", False), ""), (("name", "not in", False), "abcd"),
        (("name", "in", True), ""), (("name", "=?", "a"), "a"), (("name", "=?", False), ALL),
        (("name", "=?", None), ALL),
        # the like family
        (("name", "like", "A"), ""), (("name", "ilike", "A"), "a"), (("name", "not like", "a"), "bcdn"),
        (("name", "not ilike", "A"), "bcdn"), (("name", "ilike", ""), ALL), (("name", "ilike", False), ALL),
        (("name", "not ilike", ""), "n"), (("name", "not ilike", False), "n"), (("name", "=like", "a"), "a"),
        (("name", "=ilike", "A"), "a"), (("name", "=like", "_"), "abcd"), (("name", "=like", "%"), "abcd"),
        (("name", "=like", ""), ""), (("name", "=like", False), ""), (("name", "like", 1), ""),
        (("color", "like", "2"), "b"), (("id", "like", "1"), "a"), (("ratio", "=like", "1.5"), "a"),
        (("done", "like", "tru"), "a"), (("day", "like", "2024-"), "ab"), (("kind", "ilike", "P"), "a"),
        # numbers
        (("color", "=", 1), "a"), (("color", "=", "1"), "a"), (("color", "=", False), "dn"), (("color", "=", 0), "c"),
        (("color", "!=", False), "abc"), (("color", "!=", 1), "bcdn"), (("color", "!=", 0), "ab"),
        (("color", ">", 0), "ab"),
        (("color", ">=", 0), "abc"), (("color", "<", 1), "c"), (("color", "<", False), ""),
        (("color", "in", [0, 1]), "ac"),
        (("color", "in", [0, False]), "cdn"), (("color", "not in", [0]), "abdn"), (("color", "=", 3_000_000_000), ""),
        (("ratio", "=", 1.5), "a"), (("ratio", ">", "1.5"), "b"), (("ratio", "=", 0), "c"), (("ratio", "in", [2]), "b"),
        # booleans
        (("done", "=", True), "a"), (("done", "=", False), "bcdn"), (("done", "!=", True), "bcdn"),
        (("done", "!=", False), "a"), (("done", "=", 1), "a"), (("done", "=", None), "cdn"),
        (("done", "in", [True]), "a"),
        (("done", "in", [True, False]), ALL), (("done", "not in", [True]), "bcdn"), (("done", "not in", [False]), "a"),
        (("done", "in", True), "a"), (("done", "not in", True), "bcdn"),
        # dates
        (("day", "=", "2024-01-01"), "a"), (("day", ">", "2024-01-01 23:00:00"), "b"),
        (("day", "<", "2024-01-01"), "c"),
        (("day", "=", False), "dn"), (("day", "!=", "2024-01-01"), "bcdn"),
        (("day", "in", ["2024-01-02", False]), "bdn"),
        (("at", ">", "2024-01-01"), "b"), (("at", "<=", "2024-01-01"), "ac"), (("at", "<", "2024-01-01"), ""),
        (("at", ">=", "2024-01-02"), "b"), (("at", "=", "2024-01-02"), "b"), (("at", "=", "2024-01-01"), ""),
        (("at", ">", "2024-01-01 12:00:00"), "bc"), (("at", "<=", "2024-01-01 23:59:59"), "ac"),
        # selection, reference, many2one_reference, binary
        (("kind", "=", "p"), "a"), (("kind", "!=", "p"), "bcdn"), (("kind", "in", ["p", False]), "acdn"),
        (("kind", "=", False), "cdn"), (("ref", "=", "item,1"), "b"), (("ref", "!=", False), "b"),
        (("res_id", "=", 5), "a"),
        (("res_id", "in", [5, 7]), "ab"), (("file", "!=", False), "b"), (("file", "=", False), "acdn"),
        # id
        (("id", "=", 1), "a"), (("id", "=", "1"), "a"), (("id", "=", False), ""), (("id", "!=", False), ALL),
        (("id", "in", [1, 2]), "ab"), (("id", "in", ["1"]), "a"), (("id", "not in", [1]), "bcdn"),
        (("id", "<", 3), "ab"),
        (("id", "in", [5]), ""), (("id", "!=", 1), "bcdn"),
    ],
)  # fmt: skip
def test_a_leaf_on_a_column(items: Recordset, leaf: tuple[Any, ...], expected: str) -> None:
    assert found(items, leaf) == expected


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        # many2one
        (("parent_id", "=", A), "bd"), (("parent_id", "=", False), "an"), (("parent_id", "!=", False), "bcd"),
        (("parent_id", "=", 0), "an"), (("parent_id", "!=", A), "acn"), (("parent_id", "in", [A, B]), "bcd"),
        (("parent_id", "=", [A, B]), "bcd"), (("parent_id", "in", [A, False]), "abdn"),
        (("parent_id", "not in", [A]), "acn"),
        (("parent_id", "not in", [A, False]), "c"), (("parent_id", "=", "a"), "bd"), (("parent_id", "=", "A"), ""),
        (("parent_id", "!=", "a"), "acn"), (("parent_id", "ilike", "A"), "bd"),
        (("parent_id", "not ilike", "A"), "acn"),
        (("parent_id", "in", ["a", "b"]), "bcd"), (("parent_id", "not in", ["a"]), "acn"),
        (("parent_id", "=", "1"), ""),
        (("parent_id", ">", 1), "c"), (("parent_id", "<", "b"), "c"), (("parent_id", "=?", False), ALL),
        (("parent_id", "=?", A), "bd"), (("parent_id", "ilike", ""), "bcd"), (("parent_id", "ilike", False), ALL),
        (("parent_id", "in", []), ""),
        # the archived comodel record is found through a many2one
        (("tag_id", "=", "z"), "c"), (("tag_id.name", "=", "z"), "c"), (("tag_id", "ilike", "z"), "c"),
        # many2many
        (("tag_ids", "=", X), "ab"), (("tag_ids", "in", [X, Y]), "ab"), (("tag_ids", "in", [Y]), "b"),
        (("tag_ids", "!=", Y), "acdn"), (("tag_ids", "not in", [X]), "cdn"), (("tag_ids", "=", False), "cdn"),
        (("tag_ids", "!=", False), "ab"), (("tag_ids", "=", "y"), "b"), (("tag_ids", "ilike", "Y"), "b"),
        (("tag_ids", "not ilike", "y"), "acdn"), (("tag_ids", "in", ["x", "y"]), "ab"),
        (("tag_ids", "in", [Y, False]), "b"),
        (("tag_ids", "in", []), ""), (("tag_ids", "not in", []), ALL),
        # one2many
        (("child_ids", "=", B), "a"), (("child_ids", "in", [B, C]), "ab"), (("child_ids", "=", False), "cdn"),
        (("child_ids", "!=", False), "ab"), (("child_ids", "!=", B), "bcdn"), (("child_ids", "=", "c"), "b"),
        (("child_ids", "ilike", "D"), "a"), (("child_ids", "not in", [C]), "acdn"),
        # the archived line is not found by name, is there by id
        (("child_ids", "=", "e"), ""), (("child_ids.name", "=", "e"), ""), (("child_ids", "=", E), "b"),
        # paths
        (("parent_id.name", "=", "a"), "bd"), (("parent_id.name", "!=", "a"), "c"),
        (("parent_id.parent_id.name", "=", "a"), "c"),
        (("parent_id.tag_ids", "in", [Y]), "c"), (("child_ids.color", "=", 2), "a"),
        (("tag_ids.item_ids.name", "=", "a"), "ab"),
        (("child_ids.child_ids", "=", C), "a"), (("parent_id.id", "=", A), "bd"),
        (("tag_ids.name", "not in", ["x"]), "b"),
        (("parent_id.active", "=", True), "bcd"), (("parent_name", "=", "a"), "bd"), (("parent_name", "=", False), ""),
        # any, not any
        (("parent_id", "any", [("name", "=", "a")]), "bd"), (("parent_id", "not any", [("name", "=", "a")]), "acn"),
        (("child_ids", "any", [("color", "=", 0)]), "b"), (("child_ids", "not any", [("color", "=", 0)]), "acdn"),
        (("tag_ids", "any", [("name", "=", "y")]), "b"), (("tag_ids", "not any", []), "cdn"),
        (("child_ids", "any", []), "ab"),
        (("child_ids", "any", ["|", ("name", "=", "b"), ("name", "=", "c")]), "ab"),
        (("parent_id", "any", [("parent_id", "any", [("name", "=", "a")])]), "c"),
        # a field that is not stored and cannot be searched limits nothing
        (("odd", "=", "x"), ALL),
    ],
)  # fmt: skip
def test_a_leaf_on_a_relation(items: Recordset, leaf: tuple[Any, ...], expected: str) -> None:
    assert found(items, leaf) == expected


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (("id", "child_of", A), "abcd"), (("id", "child_of", [B]), "bc"), (("id", "child_of", "b"), "bc"),
        (("id", "child_of", False), ""), (("id", "child_of", []), ""), (("id", "child_of", [B, D]), "bcd"),
        (("id", "parent_of", C), "abc"), (("id", "parent_of", [C, D]), "abcd"), (("id", "parent_of", False), ""),
        (("parent_id", "child_of", A), "abcd"), (("parent_id", "child_of", "b"), "bc"),
        (("parent_id", "child_of", False), ""),
        (("parent_id", "parent_of", C), "abc"), (("tag_id", "child_of", X), "ac"), (("tag_id", "child_of", "x"), "ac"),
        (("tag_id", "parent_of", Z), "ac"), (("tag_ids", "child_of", X), "ab"), (("tag_ids", "parent_of", Y), "b"),
        (("near_ids", "child_of", A), "c"), (("near_ids", "child_of", C), ""), (("id", "child_of", E), ""),
    ],
)  # fmt: skip
def test_a_leaf_on_a_hierarchy(items: Recordset, leaf: tuple[Any, ...], expected: str) -> None:
    assert found(items, leaf) == expected


def test_a_hierarchy_goes_on_below_an_archived_record(items: Recordset) -> None:
    items.create({"name": "f", "parent_id": E})
    assert found(items, ("id", "child_of", B)) == "bcf"
    assert found(items, ("id", "child_of", B), active_test=False) == "bcef"


def test_a_hierarchy_with_a_loop_ends(items: Recordset) -> None:
    items.browse(A).write({"parent_id": C})
    assert found(items, ("id", "child_of", A)) == "abcd"
    assert found(items, ("id", "parent_of", A)) == "abc"


def test_a_hierarchy_needs_a_relation(items: Recordset) -> None:
    with pytest.raises(KeyError, match="child_of"):
        items.search([("name", "child_of", 1)])


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ([], ALL), ([("color", ">", 0), ("done", "=", False)], "b"), (["&", ("color", ">", 0),
        ("done", "=", False)], "b"),
        (["|", ("name", "=", "a"), ("name", "=", "d")], "ad"), (["!", ("name", "=", "a")], "bcdn"),
        (["|", ("name", "=", "a"), "&", ("color", "=", 2), ("done", "=", False)], "ab"),
        (["|", ("name", "=", "a"), ("name", "=", "b"), ("color", "=", 2)], "b"),
        (["!", "|", ("name", "=", "a"), ("name", "=", "b")], "cdn"), (["!", "&", ("name", "=", "a"),
        ("color", "=", 1)], "bcdn"),
        (["!", "!", ("name", "=", "a")], "a"), (["!", ("color", "<", 2)], "b"), (["!", ("color", ">=", 1)], "c"),
        (["!", ("name", "in", ["a"])], "bcdn"), (["!", ("name", "=like", "a")], "bcd"), (["!",
        ("name", "=?", "a")], "bcd"),
        (["!", ("name", "=?", False)], ""), (["!", ("parent_id", "child_of", B)], "ad n".replace(" ", "")),
        # a negated path is the negation of the whole: `not any`
        (["!", ("parent_id.name", "=", "a")], "acn"), (["!", ("child_ids.name", "=", "b")], "bcdn"),
        (["!", ("parent_id", "any", [("name", "=", "a")])], "acn"), (["!", ("tag_ids", "child_of", Y)], "acdn"),
        ([[1, "=", 1]], ALL), ([[0, "=", 1]], ""), (["!", [0, "=", 1]], ALL), (["|", [0, "=", 1],
        ("name", "=", "a")], "a"),
        ([["name", "=", "a"]], "a"), (["|", ("name", "in", False), ("name", "=", "a")], "an"),
        (["|", ("name", "in", []), ("name", "=", "a")], "a"),
    ],
)  # fmt: skip
def test_a_domain_of_several_leaves(items: Recordset, domain: list[Any], expected: str) -> None:
    assert found(items, *domain) == expected


def test_archived_records_are_left_out_unless_the_domain_or_the_context_speaks_of_them(items: Recordset) -> None:
    assert found(items) == ALL
    assert found(items, ("active", "=", False)) == "e"
    assert found(items, ("active", "in", [True, False])) == "abcden"
    assert found(items, "|", ("name", "=", "a"), ("active", "=", False)) == "ae"
    assert found(items, active_test=False) == "abcden"
    assert found(items, ("id", "=", E)) == ""
    # a mention behind a path or inside `any` is none
    assert found(items, ("child_ids.active", "=", False)) == "b"
    assert found(items, ("parent_id", "any", [("active", "=", True)]), ("id", "=", E)) == ""


def test_a_provably_false_domain_is_answered_without_a_look_at_its_fields(items: Recordset) -> None:
    assert found(items, ("no_such_field", "in", [])) == ""
    assert found(items, ("no_such_field", "in", False)) == ""
    assert found(items, ("name", "=", "a"), ("nope", "in", [])) == ""
    assert items.search_count([("no_such_field", "in", [])]) == 0
    wrong: list[Any] = [
        ["!", ("nope", "in", [])], [("nope", "not in", [])], ["|", ("nope", "in", []), ("name", "=", "a")]
    ]  # fmt: skip
    for domain in wrong:
        with pytest.raises(ValueError, match=r"Invalid field item.nope in leaf"):
            items.search(domain)


@pytest.mark.parametrize(
    ("domain", "error", "text"),
    [
        (None, AssertionError, AND_DOMAIN), (False, AssertionError, AND_DOMAIN), ("", AssertionError, AND_DOMAIN),
        ({}, AssertionError, AND_DOMAIN), (0, AssertionError, AND_DOMAIN), ("name", AssertionError, AND_DOMAIN),
        ([[]], IndexError, "tuple index out of range"), ([["name"]], IndexError, "tuple index out of range"),
        (["foo"], ValueError, "Invalid field item.f in leaf ('f', 'o', 'o')"),
        ([("name", "=")], ValueError, "not enough values to unpack (expected 3, got 2)"),
        ([("name", "=", 1, 2)], ValueError, "too many values to unpack (expected 3)"),
        ([5], TypeError, "'int' object is not subscriptable"),
        (["&"], ValueError, "Domain ['&'] is syntactically not correct."),
        (["|", ("name", "=", "a")], ValueError, "Domain ['|', ('name', '=', 'a')] is syntactically not correct."),
        (["!"], ValueError, "Domain ['!'] is syntactically not correct."),
        ([("nope", "=", 1)], ValueError, "Invalid field item.nope in leaf ('nope', '=', 1)"),
        ([("parent_id.nope", "=", 1)], ValueError, "Invalid field item.nope in leaf ('nope', '=', 1)"),
        ([("child_ids", "any", [("nope", "=", 1)])], ValueError, "Invalid field item.nope in leaf ('nope', '=', 1)"),
        ([("name", "ILIKE", "a")], ValueError, "Invalid leaf ('name', 'ILIKE', 'a')"),
        ([("name", "==", "a")], ValueError, "Invalid leaf ('name', '==', 'a')"),
        ([("name", "not =like", "a")], ValueError, "Invalid leaf ('name', 'not =like', 'a')"),
        ([("name", ["="], "a")], ValueError, "Invalid leaf ('name', ['='], 'a')"),
        ([("parent_id.name", "~", "a")], ValueError, "Invalid leaf ('name', '~', 'a')"),
        ([("child_ids", "~", 3)], ValueError, "Invalid leaf ('child_ids', '~', 3)"),
        ([("child_ids", "<", 3)], ValueError, "Invalid leaf ('child_ids', '<', 3)"),
        (["!", ("tag_ids", ">=", "x")], ValueError, "Invalid leaf ('tag_ids', '>=', 'x')"),
        ([("parent_id.tag_ids", ">", False)], ValueError, "Invalid leaf ('tag_ids', '>', False)"),
        ([("name.foo", "=", "a")], AssertionError, "Invalid field 'name.foo' in domain term ('name.foo', '=', 'a')"),
        ([("name.__class__", "=", "a")], AssertionError,
         "Invalid field 'name.__class__' in domain term ('name.__class__', '=', 'a')"),
        ([("__class__", "=", "a")], ValueError, "Invalid field item.__class__ in leaf ('__class__', '=', 'a')"),
        ([("name", "in", "abc")], ValueError, "Invalid domain term ('name', 'in', 'abc')"),
        ([("color", "in", 1)], ValueError, "Invalid domain term ('color', 'in', 1)"),
        ([("color", "=", "abc")], ValueError, "invalid literal for int() with base 10: 'abc'"),
        ([("ratio", ">", "abc")], ValueError, "could not convert string to float: 'abc'"),
        ([("name", "=", "\0")], ValueError, "A string literal cannot contain NUL (0x00) characters."),
        ([("name", "like", "\0")], ValueError, "A string literal cannot contain NUL (0x00) characters."),
    ],
)  # fmt: skip
def test_a_bad_domain_is_refused(items: Recordset, domain: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        items.search(domain)
    assert caught.value.args == (text,)


@pytest.mark.parametrize(
    ("leaf", "name"),
    [
        (("id", "=", "abc"), "InvalidTextRepresentation"), (("id", "in", ["abc"]), "InvalidTextRepresentation"),
        (("day", "=", "garbage"), "InvalidDatetimeFormat"), (("at", ">", "garbage"), "InvalidDatetimeFormat"),
        (("name", "=like", "a\\"), "InvalidEscapeSequence"),
    ],
)  # fmt: skip
def test_a_value_that_the_database_refuses(items: Recordset, leaf: tuple[Any, ...], name: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        items.search([leaf])
    assert name in caught.value.name


def test_every_field_is_checked_before_any_operator(items: Recordset) -> None:
    with pytest.raises(ValueError, match=r"^Invalid field item.nope"):
        items.search([("name", "~", 1), ("nope", "=", 1)])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("10%", "10% of it|1000"), ("10\\%", "10% of it"), ("a_b", "a_b|axb"), ("a\\_b", "a_b"), ("\\\\", "back\\slash"),
     ("%", "10% of it|1000|a_b|axb|back\\slash|ÉTÉ|two\nlines"), ("(", ""), ("two_lines", "two\nlines"), ("[a-z]", "")],
)  # fmt: skip
def test_wildcards_in_a_pattern_are_live_and_can_be_escaped(items: Recordset, pattern: str, expected: str) -> None:
    items.with_context(active_test=False).search([]).unlink()
    items.create([{"name": name} for name in ("10% of it", "1000", "a_b", "axb", "back\\slash", "ÉTÉ", "two\nlines")])
    assert "|".join(names(items.search([("name", "like", pattern)], order="id"))) == expected


def test_ilike_folds_case_but_not_accents(items: Recordset) -> None:
    items.create({"name": "ÉTÉ"})
    assert found(items, ("name", "ilike", "été")) == "ÉTÉ"
    assert found(items, ("name", "ilike", "ete")) == ""


def test_x_active_archives_too(env: Environment) -> None:
    items = define(env, "x_item", {"x_name": {"type": "char"}, "x_active": {"type": "boolean"}},
                   defaults={"x_active": True})  # fmt: skip
    items.create([{"x_name": "on"}, {"x_name": "off", "x_active": False}])
    assert items.search([]).mapped("x_name") == ["on"]
    assert items.search([("x_active", "=", False)]).mapped("x_name") == ["off"]


def test_normalizing_writes_every_and_out() -> None:
    leaf = ("a", "=", 1)
    assert normalize([]) == [(1, "=", 1)]
    assert normalize([["a", "=", 1]]) == [leaf]
    assert normalize([leaf, leaf, leaf]) == ["&", "&", leaf, leaf, leaf]
    assert normalize(["|", leaf, leaf, leaf]) == ["&", "|", leaf, leaf, leaf]
    assert normalize((("x", "any", []),)) == [("x", "any", [(1, "=", 1)])]


@pytest.mark.parametrize(
    ("domain", "expected"),
    [([], False), ([("a", "in", [])], True), (["!", ("a", "not in", [])], True), ([("a", "in", [1])], False),
     (["|", ("a", "in", []), ("b", "=", 1)], False), (["&", ("a", "in", []), ("b", "=", 1)], True),
     ([(0, "=", 1)], True)],
)  # fmt: skip
def test_what_is_provably_false(domain: list[Any], expected: bool) -> None:
    assert provably_false(normalize(domain)) is expected


def test_a_very_long_domain_is_no_trouble(items: Recordset) -> None:
    many = ["|"] * 4000 + [("name", "=", "a")] * 4001
    assert found(items, *many) == "a"
    assert found(items, *["!"] * 5000, ("name", "=", "a")) == "a"


def test_a_path_through_a_model_that_is_not_loaded_finds_nothing(env: Environment) -> None:
    assert env["res.company"].search([("account_opening_journal_id", "!=", False)]).ids == []


def test_an_operator_is_one_entry(items: Recordset) -> None:
    @operator("begins")
    def begins(leaf: Leaf) -> conditions.Condition:
        found = conditions.matches(leaf.name, f"{leaf.value}%", fold=False)
        return conditions.complement(found) if leaf.negated else found

    try:
        assert names(items.search([("name", "begins", "a")])) == ["a"]
        others = items.search(["!", ("name", "begins", "a"), ("name", "!=", False)])
        assert "a" not in names(others)
        assert "b" in names(others)
        assert "begins" in operators(items.env.db.profile.rules)
    finally:
        del OPERATORS["begins"]
    with pytest.raises(ValueError, match="begins"):
        items.search([("name", "begins", "a")])


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-16.0", "odoo-17.0"])
def test_a_path_may_begin_with_a_field_of_the_record_that_a_model_delegates_to(profile: str) -> None:
    users = seed.build("t", profile=profiles.get(profile), clock=Clock()).env()["res.users"]
    belgium = users.env.ref("base.be")
    assert belgium is not None
    user = users.create({"name": "Ann", "login": "ann", "country_id": belgium.id})
    assert users.search([("country_id.code", "=", "BE")]) == user
    assert users.search([("country_id.currency_id.name", "=", "EUR"), ("login", "=", "ann")]) == user
