"""x2many commands 0–6 and lists of ids."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.errors import DatabaseError, MissingError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from tests.cost import calls
from tests.models import define, names, one


@pytest.fixture
def orders(env: Environment) -> Recordset:
    define(env, "tag", {"name": {"type": "char"}, "order_ids": {"type": "many2many", "relation": "order",
                                                                "mirror": "tag_ids"}})  # fmt: skip
    define(env, "line", {
        "name": {"type": "char"}, "order_id": {"type": "many2one", "relation": "order"},
        "owner_id": {"type": "many2one", "relation": "order", "ondelete": "cascade"},
    })  # fmt: skip
    orders = define(env, "order", {
        "name": {"type": "char"}, "tag_ids": {"type": "many2many", "relation": "tag"},
        "line_ids": {"type": "one2many", "relation": "line", "relation_field": "order_id"},
        "owned_ids": {"type": "one2many", "relation": "line", "relation_field": "owner_id"},
    })  # fmt: skip
    orders.env["tag"].create([{"name": name} for name in "xyz"])
    return orders


X, Y, Z = 1, 2, 3
MISSING = 99999


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ([(4, Y)], [X, Y]), ([(4, X)], [X]), ([[4, Y], [4, Z]], [X, Y, Z]), ([(3, X)], []), ([(3, Y)], [X]),
        ([(5,)], []),
        ([(6, 0, [Y, Z])], [Y, Z]), ([(6, False, [])], []), ([Y, Z], [Y, Z]), ((Y,), [Y]), (False, []), (None, []),
        ([], [X]),
        ([(5, 0, 0), (4, Y, 0)], [Y]), ([(4, Y), (5,)], []), ([(2, X)], []), ([(1, X, {"name": "new"})], [X]),
        ([(9, X)], [X]),
        ([(6, 0, [Z, Y, Z])], [Y, Z]), ([(6, 0, [Y]), (3, Y), (4, Z)], [Z]),
    ],
)  # fmt: skip
def test_a_many2many_command(orders: Recordset, commands: Any, expected: list[int]) -> None:
    order = orders.create({"tag_ids": [X]})
    order.write({"tag_ids": commands})
    assert one(order, "tag_ids") == expected


def test_a_many2many_command_reaches_the_comodel(orders: Recordset) -> None:
    order, tags = orders.create({"tag_ids": [X]}), orders.env["tag"]
    order.write({"tag_ids": [(0, 0, {"name": "new"}), (1, X, {"name": "renamed"}), (2, Y)]})
    assert names(order.tag_ids) == ["renamed", "new"]
    assert names(tags.search([])) == ["renamed", "z", "new"]


def test_a_record_made_for_several_is_linked_to_each(orders: Recordset) -> None:
    several = orders.create([{}, {}])
    several.write({"tag_ids": [(0, 0, {"name": "shared"}), (4, X)]})
    first, second = (one(order, "tag_ids") for order in several)
    assert first == second == [X, 4]
    assert orders.env["tag"].search_count([]) == 4


def test_each_of_several_gets_a_line_of_its_own(orders: Recordset) -> None:
    several = orders.create([{}, {}])
    several.write({"line_ids": [(0, 0, {"name": "l"})]})
    assert [len(order.line_ids) for order in several] == [1, 1]
    line = orders.env["line"].create({"name": "moving"})
    several.write({"line_ids": [(4, line.id)]})
    assert [line in order.line_ids for order in several] == [False, True]


def test_the_other_side_of_a_many2many(orders: Recordset) -> None:
    first, second = orders.create([{"tag_ids": [X]}, {}])
    tag = orders.env["tag"].browse(X)
    assert tag.order_ids == first
    tag.write({"order_ids": [(4, second.id)]})
    assert tag.order_ids.ids == [first.id, second.id]
    assert second.tag_ids == tag
    tag.write({"order_ids": [(3, first.id)]})
    assert (first.tag_ids.ids, second.tag_ids.ids) == ([], [X])
    made = orders.env["tag"].create({"name": "n", "order_ids": [(6, 0, first.ids), (0, 0, {"name": "third"})]})
    assert names(made.order_ids) == [False, "third"]
    assert first.tag_ids == made
    tag.write({"order_ids": [(5,)]})
    assert not second.tag_ids


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ([(0, 0, {"name": "c"})], "abc"), ([(1, 1, {"name": "A"})], "Ab"), ([(2, 1)], "b"), ([(3, 1)], "b"),
        ([(4, 3)], "abo"),
        ([(4, 1)], "ab"), ([(5,)], ""), ([(6, 0, [2, 3])], "bo"), ([2, 3], "bo"), ([], "ab"), (False, ""), (None, ""),
        ([(5,), (0, 0, {"name": "n"})], "n"), ([(0, 0, {"name": "n"}), (5,)], ""), ([(0, 0, {"name": "n"}),
        (6, 0, [1])], "a"),
        ([(7, 1)], "ab"),
    ],
)  # fmt: skip
def test_a_one2many_command(orders: Recordset, commands: Any, expected: str) -> None:
    order = orders.create({"line_ids": [(0, 0, {"name": "a"}), (0, 0, {"name": "b"})]})
    orders.env["line"].create({"name": "o"})
    order.write({"line_ids": commands})
    assert "".join(names(order.line_ids)) == expected


def test_a_line_that_is_unlinked_loses_its_owner_or_goes_with_it(orders: Recordset) -> None:
    lines = orders.env["line"]
    owned = [(0, 0, {"name": "a"}), (0, 0, {"name": "b"})]
    order = orders.create({"line_ids": [(0, 0, {"name": "kept"})], "owned_ids": owned})
    kept, a, b = lines.search([], order="id")
    order.write({"line_ids": [(3, kept.id)], "owned_ids": [(3, a.id)]})
    assert kept.order_id.id is False
    assert not a.exists()
    order.write({"owned_ids": [(6, 0, [])]})
    assert not b.exists()


def test_a_command_acts_on_a_line_of_another_owner_too(orders: Recordset) -> None:
    first, second = orders.create([{"line_ids": [(0, 0, {"name": "l"})]}, {}])
    line = first.line_ids
    second.write({"line_ids": [(1, line.id, {"name": "changed"})]})
    assert (line.name, line.order_id) == ("changed", first)
    second.write({"line_ids": [(3, line.id)]})
    assert not line.order_id


def test_commands_in_create_have_nothing_to_take_away(orders: Recordset) -> None:
    line = orders.env["line"].create({"name": "l"})
    order = orders.create({"tag_ids": [(5,), (3, X), (4, Y)], "line_ids": [(5,), (4, line.id)]})
    assert one(order, "tag_ids", "line_ids") == ([Y], [line.id])
    assert one(orders.create({"tag_ids": [(6, 0, [X, Y])]}), "tag_ids") == [X, Y]
    assert one(orders.create({"tag_ids": False, "line_ids": None}), "tag_ids", "line_ids") == ([], [])


def test_a_missing_member_of_a_command_is_an_index_error(orders: Recordset) -> None:
    order = orders.create({})
    for commands in ([(6, 0)], [(4,)], [(0, 0)]):
        for name in ("tag_ids", "line_ids"):
            with pytest.raises(IndexError):
                order.write({name: commands})


def test_a_link_to_nothing_is_refused(orders: Recordset) -> None:
    order = orders.create({})
    for commands in ([(4, MISSING)], [(6, 0, [X, MISSING])], [MISSING]):
        with pytest.raises(ValidationError,
                           match=r"Model: Unknown \(unknown\)\nConstraint: order_tag_rel_tag_id_fkey\n$"):  # fmt: skip
            order.write({"tag_ids": commands})
    assert one(order, "tag_ids") == []
    with pytest.raises(MissingError, match=r"^Record does not exist or has been deleted\.\n\(Record: line\(99999,"):
        order.write({"line_ids": [(4, MISSING)]})


@pytest.mark.parametrize("value", ["abc", 5, {"a": 1}, True])
def test_what_is_no_list_is_refused(orders: Recordset, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^Wrong value for order.tag_ids: "):
        orders.create({"tag_ids": value})


@pytest.mark.parametrize("value", [["abc"], [{"name": "x"}], [1, (4, 2)]])
def test_a_list_of_other_things_is_taken_for_ids(orders: Recordset, value: Any) -> None:
    with pytest.raises(DatabaseError, match=r"^invalid input syntax for type integer"):
        orders.create({"tag_ids": value})


def test_a_failing_line_leaves_nothing_of_the_whole(orders: Recordset) -> None:
    before = {name: len(orders.env.db.store.rows(name)) for name in ("order", "line", "tag")}
    with pytest.raises(ValueError, match="Invalid field 'nope' on model 'line'"):
        orders.create({
            "name": "o", "tag_ids": [(0, 0, {"name": "new"})],
            "line_ids": [(0, 0, {"name": "good"}), (0, 0, {"nope": 1})],
        })  # fmt: skip
    assert {name: len(orders.env.db.store.rows(name)) for name in before} == before
    assert orders.env.db.store.having("line", "name", ("good",)) == set()


def test_lines_come_in_the_order_of_their_model(env: Environment) -> None:
    define(env, "line", {"name": {"type": "char"}, "order_id": {"type": "many2one", "relation": "order"},
                         "active": {"type": "boolean"}}, order="name desc", defaults={"active": True})  # fmt: skip
    orders = define(env, "order", {"line_ids": {"type": "one2many", "relation": "line", "relation_field": "order_id"}})
    order = orders.create({"line_ids": [(0, 0, {"name": name}) for name in "bac"]})
    assert names(order.line_ids) == ["c", "b", "a"]
    order.line_ids[0].write({"active": False})
    assert names(order.line_ids) == ["b", "a"]
    assert names(order.with_context(active_test=False).line_ids) == ["c", "b", "a"]
    assert one(order, "line_ids", active_test=False) == [3, 1, 2]


def test_a_one2many_over_a_many2one_reference_keeps_to_its_own_model(env: Environment) -> None:
    define(env, "note", {"name": {"type": "char"}, "res_model": {"type": "char"},
                         "res_id": {"type": "many2one_reference"}})  # fmt: skip
    notes_field = {"note_ids": {"type": "one2many", "relation": "note", "relation_field": "res_id"}}
    define(env, "other", notes_field)
    items = define(env, "item", notes_field)
    other = items.env["other"].create({"note_ids": [(0, 0, {"name": "theirs"})]})
    item = items.create({"note_ids": [(0, 0, {"name": "ours"})]})
    assert (item.id, other.id) == (1, 1)
    assert names(item.note_ids) == ["ours"]
    assert items.search([("note_ids.name", "=", "theirs")]).ids == []
    assert items.search([("note_ids", "!=", False)]) == item
    item.write({"note_ids": [(5,)]})
    assert (names(item.note_ids), names(other.note_ids)) == ([], ["theirs"])


@pytest.mark.parametrize("lines", [False, True])
def test_many_records_by_one_call_cost_in_proportion_to_their_number(env: Environment, lines: bool) -> None:
    partners = env["res.partner"]

    def create(number: int) -> int:
        values = [{"name": f"Contact {i}", "city": "Namur"} for i in range(number)]
        company = {"name": "Company", "child_ids": [(0, 0, line) for line in values]}
        return calls(lambda: partners.create(company if lines else values))

    create(1)  # what is made on first use
    assert create(80) < 4.2 * create(20)
