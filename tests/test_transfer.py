"""export_data and load: tables of texts out of and into the records."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import MissingError, UserError
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import Model
from mockserver.seed import build as seed
from tests.sales import sales


@pytest.fixture
def env() -> Environment:
    return sales()


def export(env: Environment, ids: list[int], fields: list[str], model: str = "shop.sale") -> list[list[Any]]:
    datas: list[list[Any]] = env[model].browse(ids).call("export_data", fields)["datas"]
    return datas


def load(env: Environment, fields: list[str], data: list[list[Any]], model: str = "shop.sale") -> dict[str, Any]:
    result: dict[str, Any] = env[model].call("load", fields, data)
    return result


def error(env: Environment, fields: list[str], row: list[Any], model: str = "shop.sale") -> dict[str, Any]:
    """The only message of a load of one row, which must have changed nothing."""
    before = env[model].search_count([])
    result = load(env, fields, [row], model)
    assert result["ids"] is False
    assert env[model].search_count([]) == before
    (message,) = result["messages"]
    assert message["type"] == "error"
    return dict(message)


# -- export_data


def test_a_row_holds_plain_values_labels_and_names(env: Environment) -> None:
    fields = ["name", "amount", "quantity", "day", "at", "customer_id", "customer_id/name", "state", "paid", "tag_ids"]
    assert export(env, [2, 4], fields) == [
        ["S1", 20.0, 2, "2024-01-20", "2024-01-20 23:30:00", "One", "One", "Done", False, "Red,Blue"],
        ["S3", 0.0, 0, "", "", "", "", "", False, ""],
    ]


def test_ids_are_exported_as_text_and_external_ids_made_up_once(env: Environment) -> None:
    fields = [".id", "id", "customer_id/.id", "customer_id/id"]
    row = ["1", "__export__.shop_sale_1_00000000", "1", "__export__.shop_customer_1_00000000"]
    assert export(env, [1], fields) == [row]
    assert export(env, [1], fields) == [row]
    data = env["ir.model.data"].search([("model", "=", "shop.sale")])
    assert data.mapped("res_id") == [1]
    found = env.ref("__export__.shop_sale_1_00000000")
    assert found is not None
    assert found.name == "S0"


def test_an_external_id_that_exists_is_exported(env: Environment) -> None:
    load(env, ["id", "name"], [["shop.first", "F"]])
    assert export(env, [7], ["id"]) == [["shop.first"]]


def test_the_lines_of_a_one2many_spread_over_rows(env: Environment) -> None:
    fields = ["name", "sale_ids/name", "sale_ids/quantity", "rank"]
    assert export(env, [1, 2], fields, "shop.customer") == [
        ["One", "S0", 1, 1], ["", "S1", 2, ""], ["Two", "S2", 3, 2], ["", "S4", 4, ""],
    ]  # fmt: skip


def test_a_many2many_fills_one_cell_unless_the_context_says_otherwise(env: Environment) -> None:
    assert export(env, [2], ["tag_ids/id", "name"]) == [
        ["__export__.shop_tag_1_00000000,__export__.shop_tag_2_00000000", "S1"]
    ]
    assert export(env.with_context(import_compat=False), [2], ["name", "tag_ids/name"]) == [["S1", "Red"], ["", "Blue"]]


def test_a_reference_is_exported_for_another_import_or_by_name(env: Environment) -> None:
    env["shop.sale"].browse(1).write({"about": "shop.customer,2"})
    assert export(env, [1, 2], ["about"]) == [["shop.customer,2"], [""]]
    named = env.with_context(import_compat=False)
    assert export(named, [1, 2], ["about", "about/rank"]) == [["Two", 2], ["", ""]]


@pytest.mark.parametrize("path", ["customer_id:id", "customer_id.id"])
def test_other_spellings_of_a_path_are_understood(env: Environment, path: str) -> None:
    expected = "1" if "." in path else "__export__.shop_customer_1_00000000"
    assert export(env, [1], [path]) == [[expected]]


def test_an_unknown_field_is_a_value_error(env: Environment) -> None:
    with pytest.raises(ValueError, match=r"Invalid field 'nope' on model 'shop\.sale'"):
        export(env, [1], ["nope"])


def test_a_missing_record_cannot_be_exported(env: Environment) -> None:
    with pytest.raises(MissingError):
        export(env, [999], ["name"])


def test_who_is_in_no_group_may_not_export(env: Environment) -> None:
    with pytest.raises(UserError, match="You don't have the rights to export data"):
        env["shop.sale"].with_user(5).browse(1).call("export_data", ["name"])


# -- load


def test_texts_are_converted_by_field_type(env: Environment) -> None:
    fields = ["name", "amount", "quantity", "day", "at", "state", "paid"]
    result = load(env, fields, [["L", "1.5", "7", "2024-03-01", "2024-03-01 10:00:00", "done", "Yes"]])
    assert result == {"ids": [7], "messages": [], "nextrow": 0}
    assert env["shop.sale"].browse(7).read(fields) == [
        {"id": 7, "name": "L", "amount": 1.5, "quantity": 7, "day": "2024-03-01", "at": "2024-03-01 10:00:00",
         "state": "d", "paid": True}
    ]  # fmt: skip


def test_an_empty_cell_empties_the_field(env: Environment) -> None:
    load(env, ["name", "state", "customer_id"], [["L", "", ""]])
    sale = env["shop.sale"].browse(7)
    assert (sale.state, sale.customer_id.id) == (False, False)


@pytest.mark.parametrize(
    ("field", "value", "text", "more"),
    [
        ("quantity", "abc", "'abc' does not seem to be an integer for field 'Quantity'", None),
        ("amount", "1,5", "'1,5' does not seem to be a number for field 'Amount'", None),
        ("day", "01/02/2024", "'01/02/2024' does not seem to be a valid date for field 'Day'",
         "Use the format '2012-12-31'"),
        ("at", "soon", "'soon' does not seem to be a valid datetime for field 'At'",
         "Use the format '2012-12-31 23:59:59'"),
        ("state", "open", "Value 'open' not found in selection field 'State'", ["New", "Done"]),
        ("paid", "perhaps", "Unknown value 'perhaps' for boolean field 'Paid'", "Use '1' for yes and '0' for no"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_converted_gives_a_message(
    env: Environment, field: str, value: str, text: str, more: Any
) -> None:
    expected = {
        "rows": {"from": 0, "to": 0}, "record": 0, "type": "error", "field": field, "message": text,
        "field_name": env["shop.sale"]._model.fields[field].string,
    }  # fmt: skip
    assert error(env, ["name", field], ["L", value]) == expected | ({"moreinfo": more} if more else {})


def test_all_rows_or_none_are_loaded_and_every_error_is_told(env: Environment) -> None:
    result = load(env, ["name", "quantity"], [["A", "1"], ["B", "x"], ["C", "y"]])
    assert result["ids"] is False
    assert [message["rows"]["from"] for message in result["messages"]] == [1, 2]
    assert env["shop.sale"].search_count([]) == 6


def test_a_text_with_a_percent_sign_is_told_as_it_is(env: Environment) -> None:
    assert error(env, ["quantity"], ["5%s%"])["message"].startswith("'5%s%' does not seem")


def test_datetimes_are_read_in_the_time_zone_of_the_context(env: Environment) -> None:
    load(env.with_context(tz="Europe/Brussels"), ["name", "at"], [["L", "2024-07-01 00:30:00"]])
    assert env["shop.sale"].browse(7).at == "2024-06-30 22:30:00"


def test_an_external_id_creates_the_first_time_and_updates_the_second(env: Environment) -> None:
    assert load(env, ["id", "name"], [["mine", "A"], ["shop.yours", "B"]])["ids"] == [7, 8]
    assert load(env, ["id", "name"], [["shop.yours", "B2"], ["mine", "A2"]])["ids"] == [8, 7]
    assert env["shop.sale"].browse([7, 8]).mapped("name") == ["A2", "B2"]
    found = env.ref("__import__.mine")
    assert found is not None
    assert found.id == 7


def test_the_external_id_of_a_deleted_record_is_used_again(env: Environment) -> None:
    load(env, ["id", "name"], [["mine", "A"]])
    env.db.store.delete("shop.sale", 7)
    assert load(env, ["id", "name"], [["mine", "B"]])["ids"] == [8]
    assert env["ir.model.data"].search([("name", "=", "mine")]).mapped("res_id") == [8]


def test_an_external_id_of_another_model_is_refused(env: Environment) -> None:
    load(env, ["id", "name"], [["mine", "Tag"]], "shop.tag")
    assert "found record of different model shop.tag" in error(env, ["id", "name"], ["mine", "Sale"])["message"]


def test_update_mode_leaves_records_alone_that_are_not_to_be_updated(env: Environment) -> None:
    load(env.with_context(noupdate=True), ["id", "name"], [["mine", "A"]])
    load(env.with_context(mode="update"), ["id", "name"], [["mine", "B"]])
    assert env["shop.sale"].browse(7).name == "A"


def test_a_database_id_updates_the_record(env: Environment) -> None:
    assert load(env, [".id", "name"], [["1", "New name"], ["", "Another"]])["ids"] == [1, 7]
    assert env["shop.sale"].browse([1, 7]).mapped("name") == ["New name", "Another"]


def test_an_unknown_database_id_is_an_error(env: Environment) -> None:
    assert error(env, [".id", "name"], ["99", "X"]) == {
        "rows": {"from": 0, "to": 0}, "record": 0, "type": "error", "field": ".id",
        "message": "Unknown database identifier '99'",
    }  # fmt: skip


def test_a_many2one_is_found_by_name_external_id_and_database_id(env: Environment) -> None:
    load(env, ["id", "name"], [["cust", "Three"]], "shop.customer")
    for field, value in (("customer_id", "Three"), ("customer_id/id", "cust"), ("customer_id/.id", "3")):
        (id_,) = load(env, ["name", field], [["L", value]])["ids"]
        assert env["shop.sale"].browse(id_).customer_id.id == 3


@pytest.mark.parametrize(
    ("field", "value", "text", "model"),
    [
        ("customer_id", "Nobody", "No matching record found for name 'Nobody' in field 'Customer'", "shop.customer"),
        ("customer_id/id", "x.y", "No matching record found for external id 'x.y' in field 'Customer'",
         "ir.model.data"),
        ("customer_id/.id", "77", "No matching record found for database id '77' in field 'Customer'",
         "ir.model.data"),
        ("customer_id/.id", "z", "Invalid database id 'z' for the field 'Customer'", "ir.model.data"),
        ("tag_ids", "Red,Pink", "No matching record found for name 'Pink' in field 'Tags'", "shop.tag"),
    ],
)  # fmt: skip
def test_a_relation_that_leads_nowhere_is_an_error(
    env: Environment, field: str, value: str, text: str, model: str
) -> None:
    message = error(env, ["name", field], ["L", value])
    assert message["message"] == text
    assert message["moreinfo"]["res_model"] == model


def test_several_matches_of_a_name_are_a_warning(env: Environment) -> None:
    env["shop.customer"].create({"name": "One", "rank": 9})
    result = load(env, ["name", "customer_id"], [["L", "One"]])
    assert result["ids"] == [7]
    assert result["messages"] == [
        {"rows": {"from": 0, "to": 0}, "record": 0, "type": "warning", "field": "customer_id",
         "message": "Found multiple matches for value 'One' in field 'Customer' (2 matches)"}
    ]  # fmt: skip


def test_a_name_is_created_where_the_context_allows_it(env: Environment) -> None:
    allowed = env.with_context(name_create_enabled_fields={"customer_id": True})
    load(allowed, ["name", "customer_id"], [["L", "Fresh"]])
    assert env["shop.sale"].browse(7).customer_id.name == "Fresh"


def test_a_many2many_takes_a_list_of_names_or_external_ids(env: Environment) -> None:
    load(env, ["id", "name"], [["a", "Aqua"], ["b", "Beige"]], "shop.tag")
    load(env, ["name", "tag_ids"], [["L", "Red,Blue"]])
    load(env, ["name", "tag_ids/id"], [["M", "a,b"]])
    assert env["shop.sale"].browse([7]).tag_ids.ids == [1, 2]
    assert env["shop.sale"].browse([8]).tag_ids.mapped("name") == ["Aqua", "Beige"]


def test_rows_without_own_values_add_lines_to_the_record_above(env: Environment) -> None:
    fields = ["name", "sale_ids/name", "sale_ids/quantity"]
    data = [["Big", "L1", "3"], ["", "L2", "4"], ["Small", "", ""]]
    assert load(env, fields, data, "shop.customer")["ids"] == [3, 4]
    assert env["shop.customer"].browse(3).sale_ids.mapped("quantity") == [3, 4]
    assert env["shop.customer"].browse(4).sale_ids.ids == []


def test_an_error_in_a_line_names_both_fields(env: Environment) -> None:
    message = error(env, ["name", "sale_ids/quantity"], ["Big", "many"], "shop.customer")
    assert message["message"] == "'many' does not seem to be an integer for field 'Sales/Quantity'"
    assert (message["field"], message["field_name"]) == ("sale_ids", "Sales")


def test_a_one2many_of_names_links_records_that_exist(env: Environment) -> None:
    assert load(env, ["name", "sale_ids"], [["Big", "S0,S5"]], "shop.customer")["ids"] == [3]
    assert env["shop.customer"].browse(3).sale_ids.mapped("name") == ["S0", "S5"]


def test_a_later_row_refers_to_an_earlier_one(env: Environment) -> None:
    fields = ["id", "name", "sale_ids/id", "sale_ids/name"]
    assert load(env, fields, [["c1", "One more", "s1", "Line"]], "shop.customer")["ids"] == [3]
    result = load(env, ["id", "name", "parent_id/id"], [["top", "Top", ""], ["low", "Low", "top"]], _tree(env))
    assert result["messages"] == []
    assert env["shop.tree"].browse(result["ids"][1]).parent_id.name == "Top"


def _tree(env: Environment) -> str:
    parent = {"type": "many2one", "relation": "shop.tree"}
    env.db.add_model(Model.define("shop.tree", {"name": {"type": "char"}, "parent_id": parent}))
    return "shop.tree"


def test_a_many2one_cannot_be_made_by_its_fields(env: Environment) -> None:
    message = error(env, ["name", "parent_id/name"], ["Low", "Top"], _tree(env))
    assert message["message"] == "Can not create Many-To-One records indirectly, import the field separately"
    assert "field_name" not in message
    message = error(env, ["parent_id", "parent_id/id"], ["Top", "top"], "shop.tree")
    assert message["message"] == (
        "Ambiguous specification for field 'Parent Id', only provide one of name, external id or database id"
    )


def test_a_missing_or_repeated_value_is_a_message_of_its_own(env: Environment) -> None:
    message = error(env, ["rank"], ["1"], "shop.customer")
    assert (message["field"], message["message"]) == ("name", "Missing required value for the field 'Name' (name)")
    load(env, ["name", "code"], [["A", "c"]], "shop.customer")
    message = error(env, ["name", "code"], ["B", "c"], "shop.customer")
    assert message["message"] == (
        "The value for the field 'code' already exists (this is probably 'Code' in the current model)."
    )


def test_a_new_record_names_the_parent_that_it_brings(env: Environment) -> None:
    load(env, ["id", "name", "size"], [["d1", "Detail", "2"]], "shop.sale.detail")
    parent = env.ref("__import__.d1_shop_sale")
    assert parent is not None
    assert parent.name == "Detail"


def test_an_unknown_column_is_a_key_error_and_changes_nothing(env: Environment) -> None:
    with pytest.raises(KeyError, match="nope"):
        load(env, ["name", "nope"], [["A", "B"]])
    assert env["shop.sale"].search_count([]) == 6


def test_too_many_errors_end_the_import(env: Environment) -> None:
    result = load(env, ["rank"], [["1"]] * 30, "shop.customer")
    assert len(result["messages"]) == 11
    assert result["messages"][-1]["type"] == "warning"


def test_a_limit_tells_where_to_go_on(env: Environment) -> None:
    rows = [["A"], ["B"], ["C"]]
    limited = env.with_context(_import_limit=2)
    assert load(limited, ["name"], rows) == {"ids": [7, 8], "messages": [], "nextrow": 2}
    assert load(limited, ["name"], rows[2:]) == {"ids": [9], "messages": [], "nextrow": 0}


def test_nothing_to_load_is_no_error(env: Environment) -> None:
    assert load(env, ["name"], []) == {"ids": [], "messages": [], "nextrow": 0}


def test_new_lines_get_their_external_ids_so_a_second_import_updates_them() -> None:
    env = seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock()).env(2)
    columns = ["id", "name", "child_ids/id", "child_ids/name"]
    load(env, columns, [["p1", "Parent", "k1", "One"], ["", "", "m.k2", "Two"]], "res.partner")
    load(env, columns, [["p1", "Parent", "k1", "Uno"], ["", "", "m.k2", "Due"]], "res.partner")
    parent = env["res.partner"].search([("name", "=", "Parent")])
    assert sorted(parent.child_ids.mapped("name")) == ["Due", "Uno"]
    assert env.ref("__import__.k1") in parent.child_ids
    again = load(env, ["id", "name"], [["p2", "First"], ["p2", "Last"]], "res.partner")["ids"]
    assert again[0] == again[1]
    assert env["res.partner"].browse(again[0]).name == "Last"
