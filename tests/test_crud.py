"""create, read, write, unlink, copy, search and what goes with them."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.errors import DatabaseError, MissingError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.services.call import Call, execute
from tests.models import define, extend, names, one
from tests.typed import calls

GONE = 99999


def rpc(env: Environment, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
    """A call as it comes over the wire."""
    return execute(env.db, Call("test", "object", method, args, kwargs, uid=env.uid, model=model))


@pytest.fixture
def items(env: Environment) -> Recordset:
    """A model without record rules."""
    return define(env, "item", {
        "name": {"type": "char"}, "color": {"type": "integer"}, "active": {"type": "boolean"},
        "tag_ids": {"type": "many2many", "relation": "item"}, "parent_id": {"type": "many2one", "relation": "item"},
        "child_ids": {"type": "one2many", "relation": "item", "relation_field": "parent_id", "copy": False},
    }, defaults={"active": True})  # fmt: skip


# -- create


def test_create_takes_one_or_many(env: Environment) -> None:
    one_id = rpc(env, "res.partner", "create", {"name": "a"})
    assert type(one_id) is int
    assert rpc(env, "res.partner", "create", [{"name": "b"}, {"name": "c"}]) == [one_id + 1, one_id + 2]
    assert rpc(env, "res.partner", "create", []) == []


@pytest.mark.parametrize(
    ("vals_list", "error", "text"),
    [("x", AttributeError, "'str' object has no attribute 'get'"),
     ([1], AttributeError, "'int' object has no attribute 'get'"),
     (5, TypeError, "'int' object is not iterable"), (False, TypeError, "'bool' object is not iterable"),
     ({"nope": 1}, ValueError, "Invalid field 'nope' on model 'item'")],
)  # fmt: skip
def test_create_refuses_what_is_no_mapping(items: Recordset, vals_list: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        items.create(vals_list)
    assert str(caught.value) == text


def test_one_bad_record_of_many_leaves_none(items: Recordset) -> None:
    with pytest.raises(ValueError, match="Invalid field"):
        items.create([{"name": "good"}, {"nope": 1}])
    assert not items.search([])


def test_the_first_record_that_is_bad_gives_the_error(env: Environment) -> None:
    dated = define(env, "dated", {"count": {"type": "integer"}, "day": {"type": "date"}})
    # the fields are converted one by one for all records
    with pytest.raises(ValueError, match="does not match format"):
        dated.create([{"count": 1, "day": "2026-13-41"}, {"count": "one", "day": "2026-01-01"}])
    with pytest.raises(ValueError, match="invalid literal"):
        dated.create([{"day": "2026-01-01", "count": "one"}, {"day": "2026-13-41", "count": 2}])
    assert not dated.search([])


def test_equal_values_of_different_types_stay_what_they_are(items: Recordset) -> None:
    made = items.create([{"name": name, "color": color} for name, color in ((1, 1), (True, True), (1.0, 2), (1, 2.0))])
    assert [(item.name, item.color) for item in made] == [("1", 1), ("True", 1), ("1.0", 2), ("1", 2)]


def test_log_fields_tell_who_and_when_and_are_not_written(items: Recordset) -> None:
    record = items.with_user(1).create({"name": "a", "create_uid": 2, "create_date": "2000-01-01 00:00:00", "id": 77})
    assert record.id == 1
    assert record.create_uid.id == record.write_uid.id == 1
    assert record.create_date == record.write_date == record.read(["write_date"])[0]["write_date"]
    record.with_user(1).write({"write_date": "2000-01-01 00:00:00", "create_uid": 2, "id": 5})
    assert (record.create_uid.id, record.create_date > "2020") == (1, True)


def test_a_write_changes_only_the_write_fields_of_the_log(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "a"})
    partner.with_user(1).write({"name": "b"})
    assert (partner.create_uid.id, partner.write_uid.id) == (2, 1)


# -- read


def test_read_keeps_the_order_and_the_duplicates_of_the_ids(items: Recordset) -> None:
    a, b = items.create([{"name": "a"}, {"name": "b"}])
    found = items.browse([b.id, a.id, b.id, GONE]).read(["name"])
    assert found == [{"id": b.id, "name": "b"}, {"id": a.id, "name": "a"}, {"id": b.id, "name": "b"}]


@pytest.mark.parametrize("ids", [[], False, None, 0])
def test_no_ids_read_nothing(env: Environment, ids: Any) -> None:
    assert rpc(env, "res.partner", "read", ids, ["name"]) == []


def test_one_id_reads_as_a_list_of_one(env: Environment) -> None:
    assert rpc(env, "res.partner", "read", 1, ["id"]) == [{"id": 1}]
    assert rpc(env, "res.partner", "read", ["1"], ["id"]) == [{"id": 1}]


def test_the_id_comes_first_and_the_fields_as_asked(items: Recordset) -> None:
    record = items.create({"name": "a"})
    assert list(record.read(["name", "color", "id", "name"])[0]) == ["id", "name", "color"]
    wanted: list[Any] = [[], None, False]
    for everything in wanted:
        assert set(record.read(everything)[0]) == set(record._model.fields)


@pytest.mark.parametrize("name", ["nope", "parent_id.name", "__class__", ""])
def test_an_unknown_field_is_refused(items: Recordset, name: str) -> None:
    record = items.create({})
    for call in calls(lambda: record.read([name]), lambda: record.write({name: 1}), lambda: items.create({name: 1}),
                      lambda: items.search_read([], [name]), lambda: items.search_fetch([], [name])):  # fmt: skip
        with pytest.raises(ValueError, match=f"(?m)^Invalid field '{name}' on model 'item'$"):
            call()


@pytest.mark.parametrize("load", [None, "", False, "anything"])
def test_another_load_than_the_classic_gives_bare_ids(items: Recordset, load: Any) -> None:
    parent = items.create({"name": "p"})
    child = items.create({"parent_id": parent.id})
    assert child.read(["parent_id"]) == [{"id": child.id, "parent_id": [parent.id, "p"]}]
    assert child.read(["parent_id"], load) == [{"id": child.id, "parent_id": parent.id}]
    assert items.search_read([("parent_id", "!=", False)], ["parent_id"], load=load) == [
        {"id": child.id, "parent_id": parent.id}
    ]


def test_a_nameless_target_reads_as_false(items: Recordset) -> None:
    parent = items.create({})
    assert one(items.create({"parent_id": parent.id}), "parent_id") == [parent.id, False]


# -- write and unlink


@pytest.mark.parametrize("method", ["write", "unlink"])
def test_a_missing_record_matters_only_where_rules_are(env: Environment, items: Recordset, method: str) -> None:
    args: tuple[Any, ...] = ({},) if method == "write" else ()
    assert items.browse(GONE).call(method, *args) is True
    assert items.browse([]).call(method, *args) is True
    with pytest.raises(MissingError) as caught:
        env["res.partner"].browse([1, GONE]).call(method, *args)
    assert str(caught.value) == f"Record does not exist or has been deleted.\n(Record: res.partner({GONE},), User: 2)"
    assert env["res.partner"].browse(1).exists()


def test_existing_records_are_written_beside_missing_ones(items: Recordset) -> None:
    record = items.create({"name": "a"})
    assert items.browse([GONE, record.id, record.id]).write({"name": "b"}) is True
    assert record.name == "b"
    assert items.browse([GONE, record.id]).unlink() is True
    assert not record.exists()


def test_a_write_on_a_missing_record_still_checks_the_fields(items: Recordset) -> None:
    with pytest.raises(ValueError, match=r"^Invalid field 'nope' on model 'item'$"):
        items.browse(GONE).write({"nope": 1})


def test_a_failing_write_changes_none_of_the_records(env: Environment) -> None:
    first, second = env["res.country"].sudo().search([("code", "in", ["BE", "FR"])], order="code")
    with pytest.raises(ValidationError, match="The code of the country must be unique!"):
        (first | second).write({"code": "ZZ"})
    assert (first.code, second.code) == ("BE", "FR")


def test_ids_as_text_are_read_as_the_database_would(items: Recordset) -> None:
    record = items.create({"name": "a"})
    assert items.browse([str(record.id)]).write({"name": "b"}) is True  # type: ignore[list-item]
    assert record.name == "b"
    with pytest.raises(DatabaseError, match='invalid input syntax for type integer: "x"'):
        items.browse(["x"]).unlink()  # type: ignore[list-item]


def test_exists_keeps_what_is_there(items: Recordset) -> None:
    a, b = items.create([{}, {}])
    assert items.browse([b.id, GONE, a.id]).exists().ids == [b.id, a.id]
    assert rpc(items.env, "item", "exists", [GONE]) == []


# -- copy


def test_a_copy_takes_the_columns_but_not_the_lines(items: Recordset) -> None:
    parent, tag = items.create([{"name": "p"}, {"name": "t"}])
    record = items.create({"name": "a", "color": 3, "parent_id": parent.id, "tag_ids": [(6, 0, [tag.id])]})
    items.create({"parent_id": record.id})
    copied = record.copy({"color": 4})
    assert one(copied, "name", "color", "parent_id", "tag_ids", "child_ids") == ("a", 4, [parent.id, "p"], [tag.id], [])
    assert copied.id != record.id


def test_a_copy_keeps_links_to_archived_records(items: Recordset) -> None:
    tag = items.create({"name": "t", "active": False})
    copied = items.create({"tag_ids": [(4, tag.id)]}).copy()
    assert one(copied, "tag_ids", active_test=False) == [tag.id]


def test_a_copy_takes_the_lines_of_a_one2many_that_says_so(env: Environment) -> None:
    define(env, "line", {"name": {"type": "char"}, "order_id": {"type": "many2one", "relation": "order"},
                         "secret": {"type": "char", "copy": False}})  # fmt: skip
    orders = define(env, "order", {"line_ids": {"type": "one2many", "relation": "line", "relation_field": "order_id",
                                                "copy": True}})  # fmt: skip
    order = orders.create({"line_ids": [(0, 0, {"name": "a", "secret": "s"}), (0, 0, {"name": "b"})]})
    copied = order.copy()
    assert names(copied.line_ids) == ["a", "b"]
    assert copied.line_ids.mapped("secret") == [False, False]
    assert names(order.line_ids) == ["a", "b"]
    assert not order.copy({"line_ids": False}).line_ids


def test_copy_data_is_what_copy_would_create(items: Recordset) -> None:
    record = items.create({"name": "a", "tag_ids": [(4, 1)]})
    assert rpc(items.env, "item", "copy_data", [record.id], {"color": 9}) == {
        "name": "a", "color": 9, "active": True, "tag_ids": [(6, 0, [1])], "parent_id": False,
    }  # fmt: skip


def test_a_copy_over_the_wire_is_one_id(items: Recordset) -> None:
    a, b = items.create([{}, {}])
    assert rpc(items.env, "item", "copy", a.id) == b.id + 1
    assert rpc(items.env, "item", "copy", [a.id], {"name": "c"}) == b.id + 2
    with pytest.raises(ValueError, match=r"^Expected singleton: item\(1, 2\)$"):
        items.browse([a.id, b.id]).copy()
    with pytest.raises(MissingError, match=r"\(Record: item\(99999,\), User: 1\)$"):
        items.browse(GONE).copy()


def test_a_function_gives_the_default_of_each_new_record(env: Environment) -> None:
    numbers = iter(range(10))
    items = define(env, "x.item", {"code": {"type": "integer"}, "name": {"type": "char"}},
                   defaults={"code": lambda self: next(numbers), "name": "new"})  # fmt: skip
    assert items.create([{}, {"code": 7}, {}, {"name": "own"}]).read(["code", "name"]) == [
        {"id": 1, "code": 0, "name": "new"},
        {"id": 2, "code": 7, "name": "new"},
        {"id": 3, "code": 1, "name": "new"},
        {"id": 4, "code": 2, "name": "own"},
    ]


def test_a_field_that_is_not_copied_takes_its_default(env: Environment) -> None:
    extend(
        env, "res.partner.category", {"code": {"type": "char", "copy": False}}, defaults={"code": "new", "active": True}
    )
    record = env["res.partner.category"].create({"name": "a", "code": "old"})
    assert record.copy().code == "new"


def test_a_copied_user_gets_a_partner_of_its_own(env: Environment) -> None:
    user = env["res.users"].sudo().create({"name": "U", "login": "u", "city": "Gent"})
    copied = user.copy({"login": "v"})
    assert copied.partner_id != user.partner_id
    assert copied.partner_id.city == "Gent"


# -- search and its shortcuts


def test_search_read_takes_any_falsy_domain_for_all(items: Recordset) -> None:
    items.create([{"name": "a"}, {"name": "b"}])
    every: list[Any] = [[], None, False, "", 0, {}]
    for domain in every:
        assert [row["name"] for row in items.search_read(domain, ["name"], order="id desc")] == ["b", "a"]
    assert items.search_read([], ["name"], 1, 1, "id") == [{"id": 2, "name": "b"}]


def test_search_fetch_answers_with_ids(items: Recordset) -> None:
    items.create([{"name": "a"}, {"name": "b"}])
    assert rpc(items.env, "item", "search_fetch", [], ["name"], 0, 1, "id desc") == [2]


def test_default_get_gives_only_what_has_a_default(items: Recordset) -> None:
    assert items.default_get(["active", "name", "nope"]) == {"active": True}
    assert items.default_get([]) == {}


# -- archiving


def test_archiving_and_back(items: Recordset) -> None:
    a, b = items.create([{"name": "a"}, {"name": "b", "active": False}])
    both = a | b
    assert both.toggle_active() is None
    assert (a.active, b.active) == (False, True)
    both.action_archive()
    assert both.mapped("active") == [False, False]
    both.action_unarchive()
    assert both.mapped("active") == [True, True]


def test_archiving_by_x_active(env: Environment) -> None:
    items = define(env, "x_item", {"x_active": {"type": "boolean"}}, defaults={"x_active": True})
    record = items.create({})
    record.action_archive()
    assert record.x_active is False
    record.toggle_active()
    assert record.x_active is True


# -- delegation


def test_a_delegated_field_is_written_on_the_parent(env: Environment) -> None:
    users = env["res.users"].sudo()
    user = users.create({"name": "Ann", "login": "ann", "city": "Gent", "child_ids": [(0, 0, {"name": "kid"})]})
    partner = user.partner_id
    assert (partner.name, partner.city, names(partner.child_ids)) == ("Ann", "Gent", ["kid"])
    user.write({"name": "Anna", "email": "a@x.test"})
    assert one(user, "name", "email", "display_name") == ("Anna", "a@x.test", "Anna")
    assert (partner.name, partner.email) == ("Anna", "a@x.test")
    partner.write({"name": "Anne"})
    assert user.name == "Anne"
    assert users.search([("name", "=", "Anne"), ("email", "ilike", "A@X")]) == user
    assert users.search([("partner_id.name", "=", "Anne")]) == user
    assert [row["name"] for row in users.search_read([("login", "=", "ann")], ["name"])] == ["Anne"]


def test_a_parent_that_is_given_is_used_and_written(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "Bob", "city": "Gent"})
    user = env["res.users"].sudo().create({"partner_id": partner.id, "login": "bob", "email": "b@x.test"})
    assert user.partner_id == partner
    assert (user.name, partner.email, partner.city) == ("Bob", "b@x.test", "Gent")
