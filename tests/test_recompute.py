"""Stored computed fields stay true when what they depend on changes."""

from __future__ import annotations

import pytest

from mockserver import api, models
from mockserver.addons import summaries
from mockserver.orm.query.order import without
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.writing import recompute
from mockserver.seed import classes
from tests.models import define, one


class Order(models.Model):
    _inherit = "order"

    @api.depends("line_ids.amount")
    def _compute_total(self) -> None:
        for order in self:
            order.total = sum(order.line_ids.mapped("amount"))

    @api.depends("name", "parent_id.path")
    def _compute_path(self) -> None:
        for order in self:
            order.path = f"{order.parent_id.path}/{order.name}" if order.parent_id else str(order.name)


class Line(models.Model):
    _inherit = "line"

    @api.depends("name", "order_id.owner_id.name")
    def _compute_label(self) -> None:
        for line in self:
            line.label = f"{line.order_id.owner_id.name or '-'}: {line.name}"


class Tag(models.Model):
    _inherit = "tag"

    @api.depends("order_ids.name")
    def _compute_uses(self) -> None:
        for tag in self:
            tag.uses = ",".join(tag.order_ids.mapped("name")) or None


@pytest.fixture
def orders(env: Environment) -> Recordset:
    """Orders with lines: `total` adds up the lines, `label` and `path` look through many2one fields."""
    define(env, "owner", {"name": {"type": "char"}})
    define(env, "tag", {"order_ids": {"type": "many2many", "relation": "order", "mirror": "tag_ids"},
                        "uses": {"type": "char"}})  # fmt: skip
    define(env, "line", {
        "name": {"type": "char"}, "amount": {"type": "integer"}, "order_id": {"type": "many2one", "relation": "order"},
        "label": {"type": "char"}, "order_name": {"type": "char", "related": "order_id.name", "readonly": True},
    })  # fmt: skip
    orders = define(env, "order", {
        "name": {"type": "char"}, "total": {"type": "integer"}, "path": {"type": "char"},
        "parent_id": {"type": "many2one", "relation": "order"}, "owner_id": {"type": "many2one", "relation": "owner"},
        "line_ids": {"type": "one2many", "relation": "line", "relation_field": "order_id"},
        "tag_ids": {"type": "many2many", "relation": "tag"},
    })  # fmt: skip
    classes.attach(env.db, map(summaries.of_class, (Order, Line, Tag)))
    return orders


def stored(record: Recordset, name: str) -> object:
    """What the row holds, whatever a read would compute."""
    return record.env.db.store.rows(record._name)[record.id].get(name)


def test_a_total_follows_its_lines(orders: Recordset) -> None:
    order = orders.create({"name": "o", "line_ids": [(0, 0, {"amount": 2}), (0, 0, {"amount": 3})]})
    assert stored(order, "total") == 5
    order.line_ids[0].write({"amount": 10})
    assert stored(order, "total") == 13
    order.line_ids[1].unlink()
    assert stored(order, "total") == 10
    orders.env["line"].create({"order_id": order.id, "amount": 1})
    assert stored(order, "total") == 11
    order.write({"line_ids": [(5,)]})
    assert stored(order, "total") == 0
    assert stored(orders.create({}), "total") == 0


def test_a_record_whose_total_changes_counts_as_changed_now(env: Environment, orders: Recordset) -> None:
    clock = env.db.clock
    clock.freeze("2026-01-31 12:00:00")
    order, other = orders.create([{"name": "A"}, {"name": "B"}])
    line = orders.env["line"].create({"name": "1", "amount": 5, "order_id": order.id})
    clock.freeze("2026-01-31 13:00:00")
    line.with_user(1).write({"amount": 7})
    assert (str(order.write_date), order.write_uid.id) == ("2026-01-31 13:00:00", 1)
    assert str(other.write_date) == "2026-01-31 12:00:00"
    clock.freeze("2026-01-31 14:00:00")
    line.write({"name": "one"})
    assert str(order.write_date) == "2026-01-31 13:00:00"  # the total is the same
    line.unlink()
    assert str(order.write_date) == "2026-01-31 14:00:00"


def test_a_line_that_moves_leaves_one_total_and_joins_the_other(orders: Recordset) -> None:
    first, second = orders.create([{"line_ids": [(0, 0, {"amount": 2})]}, {"line_ids": [(0, 0, {"amount": 3})]}])
    first.line_ids.write({"order_id": second.id})
    assert (stored(first, "total"), stored(second, "total")) == (0, 5)
    first.write({"line_ids": [(4, second.line_ids.ids[0])]})
    assert (stored(first, "total"), stored(second, "total")) == (2, 3)
    second.line_ids.write({"order_id": False})
    assert stored(second, "total") == 0


def test_a_path_follows_all_the_way_down(orders: Recordset) -> None:
    at = top = orders.create({"name": "0"})
    for level in range(1, 6):
        at = orders.create({"name": str(level), "parent_id": at.id})
    assert stored(at, "path") == "0/1/2/3/4/5"
    top.write({"name": "x"})
    assert stored(at, "path") == "x/1/2/3/4/5"
    at.parent_id.write({"parent_id": False})
    assert stored(at, "path") == "4/5"
    at.parent_id.unlink()
    assert stored(at, "path") == "5"


def test_a_path_through_two_relations(orders: Recordset) -> None:
    ann, bob = orders.env["owner"].create([{"name": "Ann"}, {"name": "Bob"}])
    order = orders.create({"name": "o", "owner_id": ann.id, "line_ids": [(0, 0, {"name": "l"})]})
    line = order.line_ids
    assert stored(line, "label") == "Ann: l"
    ann.write({"name": "Anna"})
    assert stored(line, "label") == "Anna: l"
    order.write({"owner_id": bob.id})
    assert stored(line, "label") == "Bob: l"
    bob.unlink()
    assert stored(line, "label") == "-: l"
    order.unlink()
    assert stored(line, "label") == "-: l"


def test_a_stored_related_field_follows_its_target(orders: Recordset) -> None:
    order = orders.create({"name": "o", "line_ids": [(0, 0, {"name": "l"})]})
    line = order.line_ids
    assert stored(line, "order_name") == "o"
    order.write({"name": "p"})
    assert stored(line, "order_name") == "p"
    line.write({"order_id": False})
    assert stored(line, "order_name") is None
    assert one(line, "order_name") is False


def test_a_mirror_is_followed_too(orders: Recordset) -> None:
    tag = orders.env["tag"].create({})
    order = orders.create({"name": "o"})
    tag.write({"order_ids": [(4, order.id)]})
    assert stored(tag, "uses") == "o"
    order.write({"name": "p"})
    assert stored(tag, "uses") == "p"
    order.write({"tag_ids": [(5,)]})
    assert stored(tag, "uses") is None
    order.write({"tag_ids": [(4, tag.id)]})
    assert stored(tag, "uses") == "p"
    order.unlink()
    assert stored(tag, "uses") is None


def test_a_value_given_at_creation_stays_until_what_it_depends_on_changes(orders: Recordset) -> None:
    order = orders.create({"name": "o", "path": "given"})
    assert stored(order, "path") == "given"
    order.write({"name": "p"})
    assert stored(order, "path") == "p"
    order.write({"path": "written"})
    assert stored(order, "path") == "written"


def test_a_value_written_with_what_it_depends_on_stays(orders: Recordset) -> None:
    order = orders.create({"name": "o"})
    order.write({"name": "p", "path": "written"})
    assert stored(order, "path") == "written"


def test_what_is_undone_is_undone_with_all_that_followed(orders: Recordset) -> None:
    parent = orders.create({"name": "a"})
    child = orders.create({"name": "b", "parent_id": parent.id})
    with pytest.raises(ValueError, match="Invalid field"):
        orders.create({"name": "c", "line_ids": [(0, 0, {"amount": 1}), (0, 0, {"nope": 1})]})
    with pytest.raises(ValueError, match="Invalid field"), orders.env.db.transaction():
        parent.write({"name": "x"})
        assert stored(child, "path") == "x/b"
        parent.write({"nope": 1})
    assert stored(child, "path") == "a/b"


def test_a_search_finds_a_computed_value_by_its_column(orders: Recordset) -> None:
    parent = orders.create({"name": "a"})
    child = orders.create({"name": "b", "parent_id": parent.id})
    parent.write({"name": "z"})
    assert orders.search([("path", "=", "z/b")]) == child
    assert orders.search([], order="path desc").ids == [child.id, parent.id]


def test_totals_wait_for_the_end_of_a_block(orders: Recordset) -> None:
    order = orders.create({"name": "A", "line_ids": [(0, 0, {"name": "x", "amount": 1}), (0, 0, {"amount": 2})]})
    first, second = order.line_ids
    with recompute.postponed(orders.env, "order"):
        first.amount = 10
        with recompute.postponed(orders.env):  # its end is not that of the outer block
            first.name = "y"
            second.amount = 20
        assert stored(first, "label") == "-: y"
        assert stored(order, "total") == 3
    assert stored(order, "total") == 30
    with recompute.postponed(orders.env, "tag"):
        first.amount = 5
        assert stored(order, "total") == 25


def test_lines_are_sorted_without_regard_to_their_record() -> None:
    assert without("order_id, sequence desc, id", "order_id") == " sequence desc, id"
    assert without("order_id", "order_id") == "id"
    assert without("sequence, id", "order_id") == "sequence, id"


def test_a_method_computes_all_new_records_of_a_call_at_once_whatever_was_given_of_each(orders: Recordset) -> None:
    runs: list[tuple[str, ...]] = []

    class Seen(models.Model):
        _inherit = "order"

        def _compute_path(self) -> None:
            runs.append(tuple(self.mapped("name")))
            super()._compute_path()  # type: ignore[misc]

    classes.attach(orders.env.db, [summaries.of_class(Seen)])
    made = orders.env["order"].create([{"name": "a"}, {"name": "b", "path": "given"}, {"name": "c", "total": 7}])
    assert runs == [("a", "c")]
    assert [stored(order, "path") for order in made] == ["a", "given", "c"]
    assert [stored(order, "total") for order in made] == [0, 0, 7]


def test_what_is_derived_from_a_table_follows_its_rows(env: Environment) -> None:
    owners = define(env, "owner", {"name": {"type": "char"}})
    calls: list[int] = []

    def number() -> int:
        calls.append(1)
        return len(env.db.store.rows("owner"))

    def derived() -> int:
        return env.db.derived(("number",), ["owner"], number)

    assert (derived(), derived(), len(calls)) == (0, 0, 1)
    owner = owners.create({"name": "o"})
    assert (derived(), derived(), len(calls)) == (1, 1, 2)
    with pytest.raises(ValueError, match="Invalid field"), env.db.transaction():
        owners.create({"name": "p"})
        assert derived() == 2
        owner.write({"nope": 1})
    assert derived() == 1


def test_a_method_that_computes_fields_of_each_other_runs_once_for_a_change(env: Environment) -> None:
    runs: list[tuple[int, ...]] = []

    class Fee(models.Model):
        _inherit = "fee"

        @api.depends("price", "net")
        @api.computes("net", "tax")
        def _compute_amounts(self) -> None:
            runs.append(self._ids)
            for fee in self:
                fee.net = fee.price * 2
                fee.tax = fee.net * 3

    fees = define(env, "fee", {name: {"type": "integer"} for name in ("price", "net", "tax")})
    classes.attach(env.db, [summaries.of_class(Fee)])
    fee = fees.create({"price": 1})
    assert (stored(fee, "net"), stored(fee, "tax"), runs) == (2, 6, [fee._ids])
    runs.clear()
    fee.write({"price": 5})
    assert (stored(fee, "net"), stored(fee, "tax"), runs) == (10, 30, [fee._ids])
