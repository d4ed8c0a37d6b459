"""What rows must satisfy, and what happens to the rows around one that goes."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import api, models
from mockserver.addons import summaries
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import classes
from tests.models import define, one
from tests.typed import calls

PREFIX = "The operation cannot be completed: "
MANDATORY = (
    "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another model"
    " requires the record being deleted. If possible, archive it instead.\n\nModel: Item (item)\nField: Code (code)\n"
)
REQUIRED_BY = (
    PREFIX + "another model requires the record being deleted. If possible, archive it instead.\n\n"
    "Model: {}\nConstraint: {}\n"
)


def item(env: Environment, fields: dict[str, Any], **attributes: Any) -> Recordset:
    return define(env, "item", {"name": {"type": "char"}, **fields}, description="Item", **attributes)


def follower(env: Environment, **attributes: Any) -> tuple[Recordset, Recordset]:
    """Sources, and items whose mandatory code is that of their source."""
    sources = define(env, "source", {"code": {"type": "char"}, "kind": {"type": "char"}})
    related = {"code": {"type": "char", "related": "source_id.code", "store": True, "required": True}}
    link = {"source_id": {"type": "many2one", "relation": "source"}}
    return sources, item(env, {**link, **related}, **attributes)


# -- mandatory fields


@pytest.mark.parametrize("type_", ["char", "text", "date", "datetime", "boolean", "integer", "float", "json"])
def test_a_required_field_left_out_is_refused(env: Environment, type_: str) -> None:
    items = item(env, {"code": {"type": type_, "required": True}})
    with pytest.raises(ValidationError) as caught:
        items.create({"name": "a"})
    assert str(caught.value) == MANDATORY
    assert not items.search([])


def test_a_required_field_is_not_emptied(env: Environment) -> None:
    items = item(env, {"code": {"type": "char", "required": True}})
    record = items.create({"code": "x"})
    with pytest.raises(ValidationError) as caught:
        record.write({"name": "b", "code": False})
    assert str(caught.value) == MANDATORY
    assert one(record, "name", "code") == (False, "x")


@pytest.mark.parametrize("change", ["write", "unlink", "link"])
def test_a_required_field_is_not_emptied_by_what_it_follows(env: Environment, change: str) -> None:
    sources, items = follower(env)
    source = sources.create({"code": "x", "kind": "a"})
    record = items.create({"source_id": source.id})
    with pytest.raises(ValidationError) as caught, env.db.transaction():
        if change == "write":
            source.write({"kind": "b", "code": False})
        elif change == "unlink":
            source.unlink()
        else:
            record.write({"source_id": sources.create({}).id})
    assert str(caught.value) == MANDATORY
    assert (record.code, record.source_id.kind) == ("x", "a")
    source.write({"code": "y"})
    assert record.code == "y"


def test_a_form_may_have_empty_required_fields(env: Environment) -> None:
    sources, items = follower(env)
    record = items.create({"source_id": sources.create({"code": "x"}).id})
    shown: dict[str, Any] = {"source_id": {}, "code": {}}
    for form in (record, items):
        found = form.call("onchange", {"source_id": False, "code": "x"}, ["source_id"], shown)
        assert found == {"value": {"code": False}}
    assert record.code == "x"


def test_a_required_field_of_a_parent_is_not_emptied_by_what_it_follows(env: Environment) -> None:
    sources, _ = follower(env)
    item_id = {"type": "many2one", "relation": "item", "required": True}
    children = define(env, "child", {"item_id": item_id}, inherits={"item": "item_id"})
    child = children.create({"source_id": sources.create({"code": "x"}).id})
    assert child.code == "x"
    with pytest.raises(ValidationError) as caught, env.db.transaction():
        child.write({"source_id": False})
    assert str(caught.value) == MANDATORY
    assert child.code == "x"


def test_a_required_field_may_be_empty_until_the_end_of_a_change(env: Environment) -> None:
    class Item(models.Model):
        _inherit = "item"

        @api.depends("source_id.code")
        def _compute_other(self) -> None:
            for record in self:
                record.other = record.source_id.code

        @api.depends("other", "name")
        def _compute_code(self) -> None:
            for record in self:
                record.code = record.other if record.name else record.other or "none"

    sources = define(env, "source", {"code": {"type": "char"}})
    link = {"source_id": {"type": "many2one", "relation": "source"}}
    computed = {"other": {"type": "char"}, "code": {"type": "char", "required": True}}
    items = item(env, {**link, **computed})
    classes.attach(env.db, [summaries.of_class(Item)])
    source = sources.create({"code": "x"})
    record = items.create({"source_id": source.id})
    source.write({"code": False})
    assert (record.other, record.code) == (False, "none")
    source.write({"code": "y"})
    record.write({"name": "named"})
    with pytest.raises(ValidationError) as caught, env.db.transaction():
        source.write({"code": False})
    assert str(caught.value) == MANDATORY
    assert items.browse(record.id).code == "y"


@pytest.mark.parametrize(
    ("type_", "value", "read"), [("char", "", ""), ("integer", False, 0), ("boolean", False, False)]
)
def test_only_null_is_missing(env: Environment, type_: str, value: Any, read: Any) -> None:
    items = item(env, {"code": {"type": type_, "required": True}})
    assert one(items.create({"code": value}), "code") == read


def test_a_default_satisfies_a_required_field(env: Environment) -> None:
    items = item(env, {"code": {"type": "char", "required": True}}, defaults={"code": "d"})
    assert one(items.create({}), "code") == "d"
    with pytest.raises(ValidationError):
        items.create({"code": False})


# -- unique and check


def test_a_unique_field_refuses_the_same_value_twice(env: Environment) -> None:
    items = item(env, {"code": {"type": "char"}}, constraints=[{"name": "u", "unique": ["code"],
                                                                "message": "Once only!"}])  # fmt: skip
    first, second = items.create([{"code": "a"}, {"code": "b"}])
    for refused in calls(lambda: items.create({"code": "a"}), lambda: second.write({"code": "a"}),
                         lambda: items.create([{"code": "c"}, {"code": "c"}])):  # fmt: skip
        with pytest.raises(ValidationError) as caught:
            refused()
        assert str(caught.value) == PREFIX + "Once only!"
    first.write({"code": "a"})
    assert items.search([]).mapped("code") == ["a", "b"]
    assert len(items.create([{"code": False}, {"code": False}])) == 2


def test_a_unique_pair_holds_over_both_and_null_is_never_equal(env: Environment) -> None:
    items = item(env, {"code": {"type": "char"}, "year": {"type": "integer"}},
                 constraints=[{"name": "u", "unique": ["code", "year"], "message": "No!"}])  # fmt: skip
    items.create([{"code": "a", "year": 1}, {"code": "a", "year": 2}, {"code": "a"}, {"code": "a"}])
    with pytest.raises(ValidationError):
        items.search([], limit=1).write({"year": 2})


def test_a_unique_field_that_follows_another_stays_unique(env: Environment) -> None:
    only = {"name": "code", "unique": ["code"], "message": "The code is taken."}
    sources, items = follower(env, constraints=[only])
    first, second = sources.create([{"code": "x"}, {"code": "y"}])
    mine, _ = items.create([{"source_id": first.id}, {"source_id": second.id}])
    for change in calls(lambda: first.write({"code": "y"}), lambda: mine.write({"source_id": second.id})):
        with pytest.raises(ValidationError) as caught, env.db.transaction():
            change()
        assert str(caught.value) == PREFIX + "The code is taken."
    assert mine.code == "x"
    first.write({"code": "z"})
    assert mine.code == "z"


def test_a_value_is_free_again_after_its_record_has_gone(env: Environment) -> None:
    items = item(env, {"code": {"type": "char"}}, constraints=[{"name": "u", "unique": ["code"],
                                                                "message": "Once only!"}])  # fmt: skip
    record = items.create({"code": "a"})
    record.unlink()
    other = items.create({"code": "a"})
    other.write({"code": "b"})
    assert items.create({"code": "a"}).code == "a"


def test_a_check_looks_at_each_row(env: Environment) -> None:
    items = item(env, {"size": {"type": "integer"}}, constraints=[{"name": "c", "check": "size < 10",
                                                                   "message": "Too big"}])  # fmt: skip
    record = items.create({"size": 9})
    for refused in calls(lambda: items.create({"size": 10}), lambda: record.write({"size": 11})):
        with pytest.raises(ValidationError, match=f"^{PREFIX}Too big$"):
            refused()
    assert items.search([]) == record


def test_a_rule_runs_when_one_of_its_fields_is_written(env: Environment) -> None:
    seen: list[list[int]] = []

    class Item(models.Model):
        _inherit = "item"

        @api.constrains("size")
        def _check_size(self) -> None:
            seen.append(self.ids)

    items = item(env, {"size": {"type": "integer"}})
    classes.attach(env.db, [summaries.of_class(Item)])
    records = items.create([{"size": 1}, {"name": "b"}])
    records.write({"size": 2})
    records.write({"name": "c"})
    assert seen == [[1, 2], [1, 2]]  # once for all records of a call, as on the real server


# -- what hangs on a record that goes


def test_set_null_empties_the_reference(env: Environment) -> None:
    items = item(env, {"parent_id": {"type": "many2one", "relation": "item"}})
    parent = items.create({})
    child = items.create({"parent_id": parent.id})
    parent.unlink()
    assert one(child, "parent_id") is False
    assert items.search([("parent_id", "=", False)]) == child


def test_restrict_refuses(env: Environment) -> None:
    items = item(env, {"parent_id": {"type": "many2one", "relation": "item", "ondelete": "restrict"}})
    parent = items.create({})
    child = items.create({"parent_id": parent.id})
    with pytest.raises(ValidationError) as caught:
        parent.unlink()
    assert str(caught.value) == REQUIRED_BY.format("Item (item)", "item_parent_id_fkey")
    assert parent.exists()
    (child | parent).unlink()
    assert not items.search([])


def test_a_required_many2one_restricts_by_itself(env: Environment) -> None:
    owners = define(env, "owner", {"name": {"type": "char"}})
    items = item(env, {"owner_id": {"type": "many2one", "relation": "owner", "required": True}})
    owner = owners.create({})
    items.create({"owner_id": owner.id})
    with pytest.raises(ValidationError, match="Constraint: item_owner_id_fkey"):
        owner.unlink()


def test_cascade_goes_down_all_levels(env: Environment) -> None:
    items = item(env, {"parent_id": {"type": "many2one", "relation": "item", "ondelete": "cascade"}})
    top = items.create({})
    at = top
    for _ in range(50):
        at = items.create({"parent_id": at.id})
    other = items.create({})
    top.unlink()
    assert items.search([]) == other


def test_a_deep_cascade_is_no_trouble(env: Environment) -> None:
    items = item(env, {"parent_id": {"type": "many2one", "relation": "item", "ondelete": "cascade"}})
    at = top = items.create({})
    for _ in range(2000):
        at = items.create({"parent_id": at.id})
    top.unlink()
    assert not items.search([])


def test_cascade_goes_round_a_loop_once(env: Environment) -> None:
    items = item(env, {"parent_id": {"type": "many2one", "relation": "item", "ondelete": "cascade"}})
    a, b = items.create([{}, {}])
    a.write({"parent_id": b.id})
    b.write({"parent_id": a.id})
    a.unlink()
    assert not items.search([])


def test_a_restrict_below_a_cascade_saves_all(env: Environment) -> None:
    items = item(env, {"parent_id": {"type": "many2one", "relation": "item", "ondelete": "cascade"}})
    notes = define(env, "note", {"item_id": {"type": "many2one", "relation": "item", "ondelete": "restrict"}},
                   description="Note")  # fmt: skip
    top = items.create({})
    child = items.create({"parent_id": top.id})
    notes.create({"item_id": child.id})
    with pytest.raises(ValidationError, match=r"Model: Note \(note\)\nConstraint: note_item_id_fkey\n$"):
        top.unlink()
    assert items.search([]) == top | child


def test_a_cascade_empties_what_points_to_the_rows_it_takes(env: Environment) -> None:
    items = item(env, {"parent_id": {"type": "many2one", "relation": "item", "ondelete": "cascade"},
                       "friend_ids": {"type": "many2many", "relation": "item"},
                       "best_id": {"type": "many2one", "relation": "item"}})  # fmt: skip
    top = items.create({})
    child = items.create({"parent_id": top.id})
    other = items.create({"best_id": child.id, "friend_ids": [(6, 0, [top.id, child.id])]})
    keeps = items.create({"friend_ids": [(6, 0, [child.id, other.id])]})
    top.unlink()
    assert one(other, "best_id", "friend_ids") == (False, [])
    assert one(keeps, "friend_ids") == [other.id]
    assert items.search([("friend_ids", "!=", False)]) == keeps


def test_external_ids_and_attachments_go_with_their_record(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "P"})
    data = env["ir.model.data"].sudo()
    data.create([
        {"module": "x", "name": "p", "model": "res.partner", "res_id": partner.id},
        {"module": "x", "name": "u", "model": "res.users", "res_id": partner.id},
    ])  # fmt: skip
    env["ir.attachment"].create({"name": "a", "res_model": "res.partner", "res_id": partner.id})
    partner.unlink()
    assert data.search([("module", "=", "x")]).mapped("name") == ["u"]
    assert not env["ir.attachment"].search([("res_id", "=", partner.id)])


# -- hierarchies


def test_a_parent_store_refuses_a_loop(env: Environment) -> None:
    categories = env["res.partner.category"]
    top = categories.create({"name": "top"})
    child = categories.create({"name": "child", "parent_id": top.id})
    leaf = categories.create({"name": "leaf", "parent_id": child.id})
    for looping in calls(lambda: top.write({"parent_id": leaf.id}), lambda: top.write({"parent_id": top.id}),
                         lambda: (top | child).write({"parent_id": child.id})):  # fmt: skip
        with pytest.raises(UserError, match=r"^Recursion Detected\.$"):
            looping()
    assert leaf.parent_path == f"{top.id}/{child.id}/{leaf.id}/"


def test_a_partner_is_not_its_own_ancestor(env: Environment) -> None:
    partners = env["res.partner"]
    a = partners.create({"name": "a"})
    b = partners.create({"name": "b", "parent_id": a.id})
    c = partners.create({"name": "c", "parent_id": b.id})
    for looping in calls(lambda: a.write({"parent_id": c.id}), lambda: a.write({"parent_id": a.id}),
                         lambda: a.write({"child_ids": [(4, a.id)]})):  # fmt: skip
        with pytest.raises(ValidationError, match=r"^You cannot create recursive Partner hierarchies\.$"):
            looping()
    assert one(a, "parent_id") is False
    assert a.complete_name == "a"
