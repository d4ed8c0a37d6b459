"""odoo-rest-api: reading.  Source: rest-yezy §3, §4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.dialects.rest.odoo_rest_api import query as queries, serialise
from mockserver.orm.schema.model import Model
from tests.dialects.odoo_rest import Api, told
from tests.dialects.wire import DB, JSON, Wire

Wires = Callable[[str], Wire]
NEW, OLD = "odoo-17.0", "odoo-15.0"
PARTNERS = "/api/res.partner/"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"


@pytest.fixture
def api(wires: Wires) -> Api:
    return Api(wires(NEW))


@pytest.fixture
def env(api: Api) -> Any:
    return api.wire.app.databases[DB].env(2)


@pytest.fixture
def family(env: Any) -> Any:
    """A parent with two children, one of them with two tags."""
    tags = env["res.partner.category"].create([{"name": "Zulu"}, {"name": "Alpha"}])
    children = [{"name": "B"}, {"name": "A", "category_id": [(6, 0, tags.ids)]}]
    values = {"name": "Parent", "is_company": True, "child_ids": [(0, 0, child) for child in children]}
    return env["res.partner"].create(values)


# -- parameters


def test_a_list_in_its_envelope(api: Api) -> None:
    found = api.get(PARTNERS, query="{id, name}", limit=2)
    assert list(found) == ["count", "prev", "current", "next", "total_pages", "result"]
    assert found | {"result": None} == {
        "count": 2, "prev": None, "current": 1, "next": None, "total_pages": 1, "result": None,
    }  # fmt: skip
    assert all(list(record) == ["id", "name"] for record in found["result"])


def test_an_empty_list_has_one_page(api: Api) -> None:
    found = api.get(PARTNERS, filter='[["name", "=", "zzzz"]]')
    assert (found["count"], found["current"], found["total_pages"], found["result"]) == (0, 1, 1, [])


def test_parameters_come_by_form_too(api: Api) -> None:
    form = "application/x-www-form-urlencoded"
    answer = api.wire.http("GET", PARTNERS, "query=%7Bid%7D&limit=1", form)
    assert [list(record) for record in answer.json()["result"]] == [["id"]]


def test_other_parameters_are_ignored(api: Api) -> None:
    plain = api.get(PARTNERS, query="{id}", limit=3)
    ignored = {"include": "name", "exclude": "id", "fields": '["name"]', "context": '{"active_test": false}'}
    assert api.get(PARTNERS, query="{id}", limit=3, **ignored) == plain


def test_a_filter_is_a_domain_in_json(api: Api) -> None:
    assert {row["id"] for row in api.rows(PARTNERS, query="{id}", filter='[["id", "in", [1, 3]]]')} == {1, 3}
    companies = api.rows(PARTNERS, query="{is_company}", filter='[["is_company", "=", true]]')
    assert companies
    assert all(company["is_company"] for company in companies)
    assert api.get("/api/res.country", query="{id}", filter="[]") == api.get("/api/res.country", query="{id}")


@pytest.mark.parametrize(
    "text", ["", "[('id', '=', 1)]", '[["id", "=", True]]', '{"a": 1}', "null", "7", '"x"', '[["nofield", "=", 1]]',
             '[["id", "~", 1]]', "[" * 100_000],
)  # fmt: skip
def test_another_filter_is_a_breakdown(api: Api, text: str) -> None:
    answer = api.plain("GET", PARTNERS, query="{id}", filter=text)
    assert (answer.status, answer.media_type) == (500, "text/html")


def test_an_order_is_json_and_counts_with_a_filter_alone(api: Api) -> None:
    names = [row["name"] for row in api.rows(PARTNERS, query="{name}", filter="[]", order='"name desc"')]
    assert names == sorted(names, reverse=True)
    usual = api.rows(PARTNERS, query="{name}")
    assert api.rows(PARTNERS, query="{name}", order='"name desc"') == usual
    assert api.status(PARTNERS, query="{name}", order="name desc") == 500
    assert api.status(PARTNERS, query="{name}", filter="[]", order="name desc") == 500
    found = api.rows(
        "/api/res.country", query="{code}", filter='[["code", "in", ["BE", "FR", "NL"]]]', order='"code desc, id"'
    )
    assert [row["code"] for row in found] == ["NL", "FR", "BE"]


@pytest.mark.parametrize(("profile", "status"), [(OLD, 500), (NEW, 400)])
def test_a_bad_order_is_told_by_newer_servers(wires: Wires, profile: str, status: int) -> None:
    answer = Api(wires(profile)).plain("GET", PARTNERS, query="{id}", filter="[]", order='"name sideways"')
    assert (answer.status, answer.media_type) == (status, "text/html")
    assert (b"(name sideways)" in answer.body) is (status == 400)


def test_archived_records_are_left_out_unless_asked_for(api: Api) -> None:
    assert all(row["active"] for row in api.rows("/api/res.users", query="{active}"))
    archived = api.rows("/api/res.users", query="{login, active}", filter='[["active", "=", false]]')
    assert {"login": "__system__", "active": False} in archived


@pytest.mark.parametrize(
    ("parameters", "ids", "places"),
    [
        ({"page_size": 5}, [1, 2, 3, 4, 5], (None, 1, 2, 3)),
        ({"page_size": 5, "page": 2}, [6, 7, 8, 9, 10], (1, 2, 3, 3)),
        ({"page_size": 5, "page": 3}, [11, 12], (2, 3, None, 3)),
        ({"page_size": 5, "page": 99}, [], (None, 99, None, 3)),
        ({"page_size": 5, "page": 0}, [], (None, 0, 1, 3)),
        ({"page_size": -2}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], (None, 1, None, -6)),
        ({"page": 2, "limit": 2}, [1, 2], (None, 1, None, 1)),
        ({"page": "abc", "limit": 1}, [1], (None, 1, None, 1)),
        ({"page_size": 5, "limit": 2}, [1, 2], (None, 1, 2, 3)),
        ({"limit": 0}, [], (None, 1, None, 1)),
        ({"limit": -10}, [1, 2], (None, 1, None, 1)),
        ({}, list(range(1, 13)), (None, 1, None, 1)),
    ],
)
def test_pages(api: Api, parameters: dict[str, Any], ids: list[int], places: tuple[Any, ...]) -> None:
    database = api.wire.app.databases[DB]
    database.add_model(Model.define("x.counted", {"name": {"type": "char"}}, profile=database.profile))
    env = database.env(1)
    model = database.store.insert("ir.model", {"model": "x.counted"})
    env["ir.model.access"].create({"name": "x", "model_id": model, "perm_read": True})
    for number in range(1, 13):
        database.store.insert("x.counted", {"id": number})
    found = api.get("/api/x.counted", query="{id}", **parameters)
    assert [row["id"] for row in found["result"]] == ids
    assert found["count"] == len(ids)
    assert (found["prev"], found["current"], found["next"], found["total_pages"]) == places


@pytest.mark.parametrize(
    "parameters", [{"page_size": 0}, {"page_size": "abc"}, {"page_size": 2, "page": "abc"}, {"limit": "abc"},
                   {"page_size": ""}, {"limit": "9" * 5000}],
)  # fmt: skip
def test_numbers_that_are_none_are_a_breakdown(api: Api, parameters: dict[str, Any]) -> None:
    assert api.status(PARTNERS, query="{id}", **parameters) == 500


# -- the language of queries


def test_which_fields_are_given_and_in_which_order(api: Api) -> None:
    path = "/api/res.country.group/1"
    everything = list(api.get(path))
    assert everything == list(api.get(path, query="{*}"))
    assert set(everything) == set(api.get(path, query="{*, name}"))
    assert {"id", "name", "country_ids", "display_name", "create_date"} <= set(everything)
    assert list(api.get(path, query="{name, id}")) == ["name", "id"]
    assert list(api.get(path, query="{id, id}")) == ["id"]
    assert api.get(path, query="{}") == {}
    assert set(api.get(path, query="{-name, -id}")) == set(everything) - {"name", "id"}
    assert set(api.get(path, query="{*, -name}")) == set(everything) - {"name"}


def test_blocks_lead_to_other_records(api: Api, family: Any) -> None:
    asked = "{name, child_ids{name, category_id{name}, parent_id{id, name}}}"
    parent = {"id": family.id, "name": "Parent"}
    assert api.get(f"{PARTNERS}{family.id}", query=asked) == {
        "name": "Parent",
        "child_ids": [
            {"name": "A", "category_id": [{"name": "Alpha"}, {"name": "Zulu"}], "parent_id": parent},
            {"name": "B", "category_id": [], "parent_id": parent},
        ],
    }


def test_an_empty_many2one_is_a_record_of_nothing(api: Api, family: Any) -> None:
    asked = "{parent_id{id, name, color, child_ids, create_date, active, country_id, parent_id{id}, user_ids{name}}}"
    assert api.get(f"{PARTNERS}{family.id}", query=asked) == {
        "parent_id": {
            "id": False, "name": False, "color": 0, "child_ids": [], "create_date": False, "active": False,
            "country_id": False, "parent_id": {"id": False}, "user_ids": [],
        }
    }  # fmt: skip
    everything = api.get(f"{PARTNERS}{family.id}", query="{parent_id{*}}")["parent_id"]
    assert everything["name"] is False
    assert everything["child_ids"] == []


def test_a_block_beside_all_fields_is_lost(api: Api) -> None:
    state = api.rows("/api/res.country.state", query="{id, country_id}", limit=1)[0]
    path = f"/api/res.country.state/{state['id']}"
    assert api.get(path, query="{*, country_id{code}}")["country_id"] == state["country_id"]
    assert api.get(path, query="{-name, country_id{code}}")["country_id"] == state["country_id"]
    excluded = api.get(path, query="{-country_id, country_id{code}}")
    assert list(excluded["country_id"]) == ["code"]
    assert "name" in excluded


def test_of_two_wishes_for_a_field_the_last_counts(api: Api) -> None:
    path = "/api/res.country.state/1"
    assert list(api.get(path, query="{country_id{code}, country_id{name}}")["country_id"]) == ["name"]
    assert list(api.get(path, query="{country_id, id, country_id{name}}")) == ["country_id", "id"]
    assert type(api.get(path, query="{country_id{name}, country_id}")["country_id"]) is int


@pytest.mark.parametrize(
    "query", ["{nofield}", "{id, -name}", "{-nofield}", "{name{id}}", "{id{id}}", "{create_date{id}}", "{*, nofield}",
              "{child_ids{nofield}, parent_id{nofield}}"],
)  # fmt: skip
def test_fields_that_cannot_be_given_are_a_breakdown(api: Api, query: str) -> None:
    for path in (PARTNERS, f"{PARTNERS}1"):
        answer = api.plain("GET", path, query=query)
        assert (answer.status, answer.media_type) == (500, "text/html")
    # where there is no record nobody looks at its fields
    assert api.rows(PARTNERS, query=query, filter='[["id", "=", 0]]') == []


@pytest.mark.parametrize("path", [PARTNERS, f"{PARTNERS}1", f"{PARTNERS}?none"])
def test_a_query_that_cannot_be_read_is_refused_in_json(api: Api, path: str) -> None:
    path, _, none = path.partition("?")
    answer = api.get(path, query="{id, name", **({"filter": '[["id", "=", 0]]'} if none else {}))
    assert told(answer) == ("SyntaxError", "QuerySyntaxError: expecting '}' on {id, name")
    assert answer["error"]["data"]["name"] == "QuerySyntaxError: expecting '}' on {id, name"


@pytest.mark.parametrize("query", ["{a" * 21 + "}" * 21, "{" + "a" * 10_000 + "}", "{" * 9_000])
def test_queries_of_any_size_are_refused(api: Api, query: str) -> None:
    assert told(api.get(PARTNERS, query=query))[0] == "SyntaxError"


def test_blocks_that_multiply_are_refused(api: Api) -> None:
    asked = "{name}"
    for name in ("country_id", "state_ids") * 8:
        asked = "{" + name + asked + "}"
    kind, text = told(api.get("/api/res.country", query=asked))
    assert kind == "SyntaxError"
    assert str(serialise.MAX_NESTED) in text


# -- values


def test_the_shapes_of_flat_values(api: Api, family: Any, env: Any) -> None:
    values = {"date": "2024-02-29", "comment": False, "partner_latitude": 1.5, "image_1920": PNG, "color": 3}
    family.write(values | {"country_id": env.ref("base.be").id})
    expected = {
        "id": family.id, "name": "Parent", "date": "2024-02-29", "comment": False, "partner_latitude": 1.5,
        "image_1920": PNG, "color": 3, "country_id": env.ref("base.be").id, "parent_id": False,
        "child_ids": family.child_ids.ids, "active": True, "type": "contact", "street": False,
    }  # fmt: skip
    assert api.get(f"{PARTNERS}{family.id}", query="{" + ", ".join(expected) + "}") == expected


def test_moments_are_told_to_the_minute_with_dashes(api: Api, family: Any) -> None:
    date, time = family.create_date.split(" ")
    record = api.get(f"{PARTNERS}{family.id}", query="{create_date, child_ids{write_date}}")
    assert record["create_date"] == f"{date}-{time[:5].replace(':', '-')}"
    assert record["child_ids"][0]["write_date"] == record["create_date"]
    nobody = api.rows("/api/res.users", query="{login_date}", filter='[["login", "=", "demo"]]')
    assert nobody == [{"login_date": False}]


@pytest.mark.parametrize(("profile", "status"), [(OLD, 500), (NEW, 403)])
def test_all_fields_of_users_cannot_be_read(wires: Wires, profile: str, status: int) -> None:
    admin = Api(wires(profile))
    demo = Api(admin.wire, "demo", "demo")
    for path in ("/api/res.users/", "/api/res.users/2"):
        assert admin.status(path) == 500
        assert admin.status(path, query="{-name}") == 500
        assert admin.status(path, query="{id, name, company_id{name}}") == 200
        refused = demo.plain("GET", path)
        assert refused.status == status
        assert (b"(res.users.log)" in refused.body) is (status == 403)


# -- one record


def test_one_record_has_no_envelope(api: Api) -> None:
    assert api.get(f"{PARTNERS}1", query="{id}") == {"id": 1}
    assert api.get(f"{PARTNERS}1/", query="{id}") == {"id": 1}


@pytest.mark.parametrize(("profile", "status"), [(OLD, 500), (NEW, 400)])
def test_a_missing_record_is_told_by_newer_servers(wires: Wires, profile: str, status: int) -> None:
    api = Api(wires(profile))
    for query in ("{id, name}", "{*}"):
        answer = api.plain("GET", f"{PARTNERS}999999", query=query)
        assert (answer.status, answer.media_type) == (status, "text/html")
        text = b"Record does not exist or has been deleted.<br>(Record: res.partner(999999,), User: 2)"
        assert (text in answer.body) is (status == 400)
    assert api.get(f"{PARTNERS}999999", query="{id}") == {"id": 999999}
    assert api.get(f"{PARTNERS}999999", query="{}") == {}
    assert api.get(f"{PARTNERS}-1", query="{id}") == {"id": -1}


def test_a_file_is_its_base64_text_as_a_page(api: Api, family: Any) -> None:
    family.write({"image_1920": PNG})
    for end in ("", "/"):
        answer = api.plain("GET", f"{PARTNERS}{family.id}/image_1920{end}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert answer.body.decode() == PNG


@pytest.mark.parametrize("path", ["3/image_1920", "1/name", "1/country_id", "1/id", "1/nofield", "999999/image_1920"])
def test_anything_but_a_file_is_a_breakdown(api: Api, path: str) -> None:
    answer = api.plain("GET", PARTNERS + path)
    assert (answer.status, answer.media_type) == (500, "text/html")


# -- the parser alone


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("", "{"), ("id,name", "{"), ("(page){id}", "{"), ("-{id}", "{"),
        ("{id, name", "}"), ("{id,}", "}"), ("{,id}", "}"), ("{id name}", "}"), ("{- name}", "}"), ("{-*}", "}"),
        ("{id, -country_id{code}}", "}"), ("{country_id.code}", "}"), ("{rel{id}", "}"), ("{rel(x: 1)}", "}"),
        ("{rel(x){id}}", "}"), ("{{id}}", "}"), ('{"id"}', "}"), ("{id} x", ","), ("{id}}", ","), ("{}{}", ","),
    ],
)  # fmt: skip
def test_what_the_parser_expects(text: str, sign: str) -> None:
    with pytest.raises(queries.QuerySyntaxError) as refused:
        queries.parse(text)
    assert refused.value.args == (f"QuerySyntaxError: expecting {sign!r} on {text}",)


def test_space_is_free_and_arguments_say_nothing() -> None:
    plain = queries.parse("{id,name,rel{a,-b},*,-c}")
    assert plain == queries.parse(" {\n id ,\tname , rel { a , -b } , * , -c } \n")
    assert plain == queries.parse("""(page: 1, x: "y)") {id, name, rel (a: 'b', c: -1.5,d:true) {a, -b}, *, -c}""")
    assert plain == queries.parse("(){id, name, rel( ){a, -b}, *, -c}")
    assert plain.everything
    assert plain.excluded == ["c"]
    assert list(plain.included) == ["id", "name", "rel"]
    assert plain.included["rel"] == queries.Block({"a": None}, ["b"])


def test_json_is_the_type_of_every_refusal(api: Api) -> None:
    assert api.plain("GET", PARTNERS, query="").headers["Content-Type"] == JSON
