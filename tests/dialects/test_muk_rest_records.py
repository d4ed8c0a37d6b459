"""muk_rest: the six routes of data, each parameter of them, and how values are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from mockserver import api, models
from mockserver.addons import summaries
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import classes
from tests.dialects.muk import Muk
from tests.dialects.wire import DB, Wire

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def muk(wires: Callable[[str], Wire]) -> Muk:
    return Muk(wires("odoo-11.0")).login()


@pytest.fixture
def env(muk: Muk) -> Environment:
    """The administrator, as tests arrange and check."""
    return muk.wire.app.databases[DB].env(1)


@pytest.fixture
def tags(env: Environment) -> Recordset:
    """Five tags in the order of their names, `muk 1` to `muk 5`."""
    tag = env["res.partner.category"]
    for number in range(1, 6):
        tag |= tag.create({"name": f"muk {number}"})
    return tag


TAGS = {"model": "res.partner.category", "domain": [["name", "=like", "muk %"]]}


def names(records: list[dict[str, Any]]) -> list[str]:
    return [record["name"] for record in records]


# -- search and read have these parameters in common


@pytest.mark.parametrize("route", ["search", "read"])
def test_without_a_model_contacts_are_found(muk: Muk, env: Environment, route: str) -> None:
    found = muk.value("GET", f"/api/{route}")
    assert [record["id"] for record in found] == env["res.partner"].search([]).ids


@pytest.mark.parametrize("route", ["search", "read"])
@pytest.mark.parametrize(
    ("path", "sent", "expected"),
    [
        ("", TAGS, "12345"),
        ("/res.partner.category", {"domain": TAGS["domain"]}, "12345"),
        ("/res.partner.category", {**TAGS, "model": "res.partner"}, "12345"),
        ("/res.partner.category/0/2", TAGS, "12"),
        ("/res.partner.category/0/2/1", TAGS, "23"),
        ("/res.partner.category/0/2/1", {**TAGS, "limit": "1", "offset": "3"}, "23"),
        ("/res.partner.category/0/0/3", TAGS, "45"),
        ("", {**TAGS, "limit": "2"}, "12"),
        ("", {**TAGS, "limit": "2", "offset": "3"}, "45"),
        ("", {**TAGS, "limit": "0"}, "12345"),
        ("", {**TAGS, "limit": "", "offset": ""}, "12345"),
        ("", {**TAGS, "offset": "9"}, ""),
        ("", {**TAGS, "order": "name desc"}, "54321"),
        ("", {**TAGS, "order": "parent_id, id desc", "limit": "3"}, "543"),
        ("", {**TAGS, "order": ""}, "12345"),
        ("", {**TAGS, "id": "0"}, "12345"),
        ("", {**TAGS, "id": ""}, "12345"),
        ("", {**TAGS, "context": {"active_test": False}}, "12345"),
        ("", {**TAGS, "domain": ["|", ["name", "=", "muk 2"], ["name", "=", "muk 4"]]}, "24"),
        ("", {**TAGS, "unknown": "parameter"}, "12345"),
    ],
)  # fmt: skip
def test_what_is_found(muk: Muk, tags: Recordset, route: str, path: str, sent: dict[str, Any], expected: str) -> None:
    assert names(muk.value("GET", f"/api/{route}{path}", **sent)) == [f"muk {number}" for number in expected]


@pytest.mark.parametrize("route", ["search", "read"])
def test_an_id_is_found_by_path_and_query_and_is_one_more_condition(muk: Muk, tags: Recordset, route: str) -> None:
    path, third = f"/api/{route}/res.partner.category", tags.ids[2]
    assert names(muk.value("GET", f"{path}/{third}")) == ["muk 3"]
    assert names(muk.value("GET", path, id=str(third))) == ["muk 3"]
    assert names(muk.value("GET", f"{path}/{third}", id=str(tags.ids[0]))) == ["muk 3"], "the path wins"
    domain = ["|", ["name", "=", "muk 2"], ["name", "=", "muk 3"]]
    assert names(muk.value("GET", f"{path}/{third}", domain=domain)) == ["muk 3"]
    assert muk.value("GET", f"{path}/{third}", domain=[["name", "=", "muk 1"]]) == []
    assert muk.value("GET", f"{path}/-{third}") == []


@pytest.mark.parametrize("route", ["search", "read"])
@pytest.mark.parametrize("empty", ["", "[]", "{}"])
def test_an_empty_structure_counts_as_absent(muk: Muk, route: str, empty: str) -> None:
    found = muk.value("GET", f"/api/{route}", domain=empty, context=empty, fields=empty)
    assert found == muk.value("GET", f"/api/{route}")


def test_eighty_are_found_unless_a_limit_says_otherwise(muk: Muk, env: Environment) -> None:
    for number in range(90):
        env["res.partner.category"].create({"name": f"muk {number}"})
    assert len(muk.value("GET", "/api/search", **TAGS)) == 80
    assert len(muk.value("GET", "/api/read", **TAGS)) == 80
    assert len(muk.value("GET", "/api/read", **TAGS, limit="85")) == 85
    assert len(muk.value("GET", "/api/read/res.partner.category/0/0", domain=TAGS["domain"])) == 90


@pytest.mark.parametrize("count", ["1", "true", "false", "0", "any"])
def test_any_text_of_count_asks_search_for_a_number_which_knows_no_limit(muk: Muk, tags: Recordset, count: str) -> None:
    assert muk.value("GET", "/api/search", **TAGS, count=count, limit="2") == 5
    assert len(muk.value("GET", "/api/read", **TAGS, count=count)) == 5, "read does not know it"


def test_an_empty_count_asks_for_records(muk: Muk, tags: Recordset) -> None:
    assert len(muk.value("GET", "/api/search", **TAGS, count="")) == 5


@pytest.mark.parametrize("route", ["search", "read"])
def test_the_context_counts(muk: Muk, env: Environment, route: str) -> None:
    env["res.partner"].create({"name": "Gone", "active": False, "ref": "gone"})
    domain = [["ref", "=", "gone"]]
    assert muk.value("GET", f"/api/{route}", domain=domain) == []
    assert names(muk.value("GET", f"/api/{route}", domain=domain, context={"active_test": False})) == ["Gone"]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        (["name"], {"id", "name"}), (["name", "nofield"], {"id", "name"}), (["nofield"], {"id"}), ('"name"', {"id"}),
        (["id"], {"id"}),
    ],
)  # fmt: skip
def test_read_gives_the_fields_that_there_are_and_the_id(muk: Muk, fields: Any, keys: set[str]) -> None:
    [record] = muk.value("GET", "/api/read/res.partner/1", fields=fields)
    assert record.keys() == keys


def test_read_without_fields_gives_them_all(muk: Muk) -> None:
    [record] = muk.value("GET", "/api/read/res.partner/1")
    assert record.keys() == muk.value("GET", "/api/search/res.partner/1")[0].keys()
    assert len(record) > 50


@pytest.mark.parametrize("route", ["search", "read"])
@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ({"model": "no.such.model"}, "KeyError: 'no.such.model'"),
        ({"domain": "no json"}, "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        ({"domain": "[('id', '=', 1)]"}, "json.decoder.JSONDecodeError: Expecting value: line 1 column 2 (char 1)"),
        ({"context": "{'lang': 'en_US'}"},
         "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ({"domain": [["nofield", "=", 1]]},
         "ValueError: Invalid field 'nofield' in leaf "
         "\"<osv.ExtendedLeaf: ('nofield', '=', 1) on res_partner (ctx: )>\""),
        ({"domain": "5"}, None),
        ({"order": "nofield"}, None),
        ({"order": "name; drop table"}, None),
        ({"limit": "x"}, "ValueError: invalid literal for int() with base 10: 'x'"),
        ({"offset": "x"}, "ValueError: invalid literal for int() with base 10: 'x'"),
        ({"id": "x"}, "ValueError: invalid literal for int() with base 10: 'x'"),
        ({"limit": "-1"}, None),
        ({"offset": "-1"}, None),
        ({"context": "5"}, None),
        ({"domain": "[" * 5000}, None),
        ({"limit": "9" * 5000}, None),
    ],
)  # fmt: skip
def test_what_goes_wrong_in_the_work_is_a_traceback_of_status_400(
    muk: Muk, route: str, sent: dict[str, Any], line: str | None
) -> None:
    told = muk.failure("GET", f"/api/{route}", **sent)
    assert line is None or told == line


@pytest.mark.parametrize("route", ["search", "read"])
def test_rights_are_those_of_the_token_s_user(muk: Muk, env: Environment, route: str) -> None:
    group = env.ref("base.group_portal")
    assert group is not None
    env["res.users"].create({"name": "P", "login": "p", "password": "p", "groups_id": [(6, 0, group.ids)]})
    portal = Muk(muk.wire).login("p", "p")
    assert portal.failure("GET", f"/api/{route}/ir.config_parameter").startswith("odoo.exceptions.AccessError: ")
    assert portal.failure("GET", f"/api/{route}/muk_rest.token").startswith("odoo.exceptions.AccessError: ")


# -- how values are written


@pytest.fixture
def family(env: Environment, tags: Recordset) -> dict[str, Recordset]:
    """A parent with two children and one tag; the children have two tags and none."""
    partners = env["res.partner"]
    parent = partners.create({"name": "Parent", "category_id": [(6, 0, tags.ids[:1])], "image": PIXEL})
    one = partners.create({"name": "One", "parent_id": parent.id, "category_id": [(6, 0, tags.ids[:2])]})
    two = partners.create({"name": "Two", "parent_id": parent.id, "date": "2024-05-06"})
    return {"parent": parent, "one": one, "two": two}


def of(muk: Muk, route: str, record: Recordset) -> dict[str, Any]:
    [found] = muk.value("GET", f"/api/{route}/res.partner/{record.id}")
    return dict(found)


def test_search_writes_relations_as_pairs(muk: Muk, family: dict[str, Recordset], tags: Recordset) -> None:
    parent, one, two = (of(muk, "search", family[name]) for name in ("parent", "one", "two"))
    first, second = tags.ids[:2]
    assert one["parent_id"] == [parent["id"], "Parent"]
    assert parent["parent_id"] == [], "an empty many2one"
    assert two["category_id"] == []
    assert parent["category_id"] == [first, "muk 1"], "one line is a flat pair"
    assert one["category_id"] == [[first, "muk 1"], [second, "muk 2"]]
    assert parent["child_ids"] == [[one["id"], "Parent, One"], [two["id"], "Parent, Two"]]
    assert one["child_ids"] == []


def test_read_writes_relations_as_read_does(muk: Muk, family: dict[str, Recordset], tags: Recordset) -> None:
    parent, one, two = (of(muk, "read", family[name]) for name in ("parent", "one", "two"))
    assert one["parent_id"] == [parent["id"], "Parent"]
    assert parent["parent_id"] is False
    assert two["category_id"] == []
    assert parent["category_id"] == tags.ids[:1]
    assert one["category_id"] == tags.ids[:2]
    assert parent["child_ids"] == [one["id"], two["id"]]


@pytest.mark.parametrize("route", ["search", "read"])
def test_other_values_are_those_of_json(muk: Muk, family: dict[str, Recordset], route: str) -> None:
    parent, two = of(muk, route, family["parent"]), of(muk, route, family["two"])
    assert parent["image"] == PIXEL, "in read too, where the add-on writes nothing that a client could use"
    assert two["image"] is False
    assert two["ref"] is False
    assert two["date"] == "2024-05-06"
    assert parent["date"] is False
    assert two["active"] is True
    assert two["color"] == 0
    assert two["credit_limit"] == 0.0
    assert two["display_name"] == "Parent, Two"
    datetime.strptime(two["create_date"], "%Y-%m-%d %H:%M:%S")
    assert two["__last_update"] == two["write_date"]


def test_names_in_pairs_are_read_whoever_asks(muk: Muk, env: Environment) -> None:
    secret = env["res.partner"].create({"name": "Secret"})
    env["res.partner"].create({"name": "Open", "ref": "open", "parent_id": secret.id})
    env["ir.rule"].create({
        "name": "no secrets", "domain_force": "[('name', '!=', 'Secret')]",
        "model_id": env["ir.model"].search([("model", "=", "res.partner")]).id,
    })  # fmt: skip
    group = env.ref("base.group_user")
    assert group is not None
    env["res.users"].create({"name": "U", "login": "u", "password": "u", "groups_id": [(6, 0, group.ids)]})
    [found] = Muk(muk.wire).login("u", "u").value("GET", "/api/search", domain=[["ref", "=", "open"]])
    assert found["parent_id"] == [secret.id, "Secret"]


# -- create


def test_create_answers_a_list_of_the_full_record(muk: Muk, env: Environment) -> None:
    [record] = muk.value("POST", "/api/create", values={"name": "MuK IT"})
    assert env["res.partner"].browse(record["id"]).name == "MuK IT"
    assert record == muk.value("GET", f"/api/search/res.partner/{record['id']}")[0]
    assert record["create_uid"] == [1, "Administrator"]
    assert record["parent_id"] == []


def test_create_takes_a_model_commands_and_a_context(muk: Muk) -> None:
    context = {"default_color": 7}
    [tag] = muk.value("POST", "/api/create", model="res.partner.category", values={"name": "T"}, context=context)
    assert tag["color"] == 7
    [partner] = muk.value("POST", "/api/create", values={"name": "P", "category_id": [[6, 0, [tag["id"]]]]})
    assert partner["category_id"] == [tag["id"], "T"]


def test_create_drops_unknown_fields_as_this_generation_does(muk: Muk) -> None:
    [record] = muk.value("POST", "/api/create", values={"name": "P", "nofield": 1})
    assert "nofield" not in record


@pytest.mark.parametrize(
    ("sent", "beginning"),
    [
        ({}, "odoo.exceptions.ValidationError: "),
        ({"values": "{}"}, "odoo.exceptions.ValidationError: "),
        ({"values": "no json"}, "json.decoder.JSONDecodeError: "),
        ({"values": [{"name": "A"}]}, ""),
        ({"values": {"name": "A", "type": "zz"}}, "ValueError: Wrong value for res.partner.type: 'zz'"),
        ({"model": "no.such.model", "values": {"name": "A"}}, "KeyError: 'no.such.model'"),
        ({"values": {"name": "A", "parent_id": 99999}}, ""),
    ],
)
def test_a_create_that_fails_leaves_nothing(muk: Muk, env: Environment, sent: dict[str, Any], beginning: str) -> None:
    before = env["res.partner"].search([]).ids
    assert muk.failure("POST", "/api/create", **sent).startswith(beginning)
    assert env["res.partner"].search([]).ids == before


# -- write and unlink


@pytest.mark.parametrize("form", ["[{0}, {1}]", "{0}"])
def test_write_changes_the_records_of_a_list_or_one(muk: Muk, env: Environment, tags: Recordset, form: str) -> None:
    ids = form.format(*tags.ids)
    assert muk.value("PUT", "/api/write", model=tags._name, ids=ids, values={"name": "new"}) is True
    assert [tag.name for tag in tags[:3]] == ["new", "new" if "," in ids else "muk 2", "muk 3"]


def test_write_changes_contacts_unless_a_model_is_named(muk: Muk, env: Environment) -> None:
    assert muk.value("PUT", "/api/write", ids=[1], values={"name": "MuK IT", "category_id": [[5]]}) is True
    assert env["res.partner"].browse(1).name == "MuK IT"


@pytest.mark.parametrize(
    "sent", [{"ids": "[]", "values": {"name": "x"}}, {"ids": "[1]"}, {"ids": "[1]", "values": "{}"}]
)
def test_write_of_nothing_is_true(muk: Muk, env: Environment, sent: dict[str, Any]) -> None:
    before = env["res.partner"].browse(1).name
    assert muk.value("PUT", "/api/write", **sent) is True
    assert env["res.partner"].browse(1).name == before


@pytest.mark.parametrize(
    ("sent", "beginning"),
    [
        ({"ids": [99999], "values": {"name": "x"}},
         "odoo.exceptions.MissingError: ('One of the records you are trying to modify has already been deleted "
         "(Document type: Contact).\\n\\n(Records: (99999,), User: 1)', None)"),
        ({"ids": [1], "values": {"type": "zz"}}, "ValueError: Wrong value for res.partner.type: 'zz'"),
        ({"ids": "1, 2", "values": {"name": "x"}}, "json.decoder.JSONDecodeError: Extra data"),
        ({"ids": [1], "values": {"name": "x"}, "model": "no.such.model"}, "KeyError: 'no.such.model'"),
        ({"ids": [1], "values": "5"}, ""),
        ({"ids": ["x"], "values": {"name": "x"}}, ""),
    ],
)  # fmt: skip
def test_a_write_that_fails(muk: Muk, sent: dict[str, Any], beginning: str) -> None:
    assert muk.failure("PUT", "/api/write", **sent).startswith(beginning)


def test_unlink_deletes_and_does_not_mind_what_is_gone(muk: Muk, tags: Recordset) -> None:
    ids = tags.ids[:2]
    assert muk.value("DELETE", "/api/unlink", model=tags._name, ids=ids) is True
    assert tags.exists().ids == tags.ids[2:]
    assert muk.value("DELETE", "/api/unlink", model=tags._name, ids=ids) is True
    assert muk.value("DELETE", "/api/unlink", model=tags._name, ids=str(tags.ids[2])) is True
    assert muk.value("DELETE", "/api/unlink", ids=[99999]) is True
    assert muk.value("DELETE", "/api/unlink", ids="[]") is True


def test_unlink_takes_its_parameters_from_the_query_too(muk: Muk, tags: Recordset) -> None:
    query = f"token={muk.token}&model={tags._name}&ids=[{tags.ids[0]}]"
    assert muk.wire.http("DELETE", "/api/unlink", QUERY_STRING=query).json() is True
    assert tags.exists().ids == tags.ids[1:]


def test_an_unlink_that_fails(muk: Muk) -> None:
    assert "res_company_partner_id_fkey" in muk.failure("DELETE", "/api/unlink", ids=[1])
    assert muk.failure("DELETE", "/api/unlink", ids=[1], model="no.such.model") == "KeyError: 'no.such.model'"


# -- call


def test_call_answers_full_records_where_the_method_gives_records(muk: Muk, env: Environment) -> None:
    [copy] = muk.value("POST", "/api/call", method="copy", ids=[1])
    assert copy["name"] == f"{env['res.partner'].browse(1).name} (copy)"
    assert copy == muk.value("GET", f"/api/search/res.partner/{copy['id']}")[0]
    found = muk.value("POST", "/api/call", method="search", args=[[["id", "=", 1]]])
    assert found == muk.value("GET", "/api/search/res.partner/1")
    assert muk.value("POST", "/api/call", method="search", args=[[["id", "=", -1]]]) == []


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"method": "search_count", "args": [[["id", "=", 1]]]}, 1),
        ({"method": "search_count", "ids": [1], "args": [[["id", "=", 3]]]}, 1),
        ({"method": "read", "ids": [1], "args": [["lang"]]}, [{"id": 1, "lang": "en_US"}]),
        ({"method": "read", "ids": "1", "kwargs": {"fields": ["lang"]}}, [{"id": 1, "lang": "en_US"}]),
        ({"method": "read", "ids": [1], "args": [["parent_id"]]}, [{"id": 1, "parent_id": False}]),
        ({"method": "read", "args": [["lang"]]}, []),
        ({"method": "name_get", "ids": "[]"}, []),
        ({"method": "write", "ids": [1], "args": [{"ref": "R"}]}, True),
        ({"method": "check_access_rights", "args": ["read"]}, True),
        ({"method": "check_access_rule", "ids": [1], "args": ["read"]}, None),
        ({"method": "fields_get", "args": [["name"], ["type"]]}, {"name": {"type": "char"}}),
        ({"method": "name_get", "model": "res.currency", "ids": [1]}, [[1, "USD"]]),
        ({"method": "search_count", "args": [[["active", "=", False]]], "context": {"active_test": True}}, 0),
    ],
)
def test_call_answers_what_the_method_gives(muk: Muk, env: Environment, sent: dict[str, Any], expected: Any) -> None:
    env["res.partner"].search([("active", "=", False)]).write({"active": True})
    assert muk.value("POST", "/api/call", **sent) == expected


def test_call_reaches_private_methods(muk: Muk) -> None:
    assert muk.value("POST", "/api/call", method="_name_search", args=["YourCompany"])[0] == 1


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ({"method": "nomethod"}, "AttributeError: 'res.partner' object has no attribute 'nomethod'"),
        ({"method": "__class__"}, "AttributeError: 'res.partner' object has no attribute '__class__'"),
        ({"method": "env"}, "AttributeError: 'res.partner' object has no attribute 'env'"),
        ({"method": "read", "model": "no.such.model"}, "KeyError: 'no.such.model'"),
        ({"method": "read", "ids": "no json"}, None),
        ({"method": "read", "args": "no json"}, None),
        ({"method": "read", "kwargs": "no json"}, None),
        ({"method": "read", "args": "5"}, None),
        ({"method": "read", "kwargs": "5"}, None),
        (
            {"method": "read", "kwargs": {"nothing": 1}},
            "TypeError: read() got an unexpected keyword argument 'nothing'",
        ),
        ({"method": "write", "ids": [1]}, "TypeError: write() missing 1 required positional argument: 'vals'"),
    ],
)
def test_a_call_that_fails(muk: Muk, sent: dict[str, Any], line: str | None) -> None:
    told = muk.failure("POST", "/api/call", **sent)
    assert line is None or told == line


def test_what_json_has_no_form_for(muk: Muk) -> None:
    class Odd(models.Model):
        _inherit = "res.partner"

        @api.model
        def odd(self) -> Any:
            return {"date": date(2024, 5, 6), "bytes": b"abc", "high": b"\xff", "records": self, "tuple": (1, 2)}

    muk.wire.app.databases.extend(lambda database: classes.attach(database, [summaries.of_class(Odd)]))
    assert muk.value("POST", "/api/call", model="res.partner", method="odd") == {
        "date": "2024-05-06", "bytes": "abc", "high": "ÿ", "records": "error", "tuple": [1, 2],
    }  # fmt: skip


def test_calls_are_seen_with_their_model_method_and_user(muk: Muk) -> None:
    seen = []
    stop = muk.wire.app.observe(lambda exchange: seen.append((exchange.dialect, exchange.target, exchange.outcome)))
    try:
        muk.value("GET", "/api/search", limit="1")
        muk.value("GET", "/api/read", limit="1")
        muk.value("PUT", "/api/write", ids=[1])
        muk.failure("POST", "/api/call", method="nomethod")
        muk("POST", "/api/close")
    finally:
        stop()
    assert seen == [
        ("muk_rest", "res.partner.search", "ok"),
        ("muk_rest", "res.partner.search_read", "ok"),
        ("muk_rest", "res.partner.write", "ok"),
        ("muk_rest", "res.partner.nomethod", "AttributeError"),
        ("muk_rest", "rest.close", "ok"),
    ]
