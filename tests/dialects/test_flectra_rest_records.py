"""Flectra's rest_api: records by the verbs of HTTP.  Source: rest-flectra §3."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver.server.exchange import Exchange
from tests.dialects.flectra import Flectra, is_page, told
from tests.dialects.wire import Answer, Wire

NOT_FOUND = "object_not_found_in_flectra"
NO_ID = (400, "invalid_object_id", "Invalid object 'id'!")
UPDATED = {"desc": "Record Updated successfully!", "update": True}
DELETED = {"desc": "Record Successfully Deleted!", "delete": True}
NOT_CREATED = "Not created object in flectra! ERROR: "
NOT_UPDATED = "Object Not Updated! ERROR: "
NOT_DELETED = "Not deleted object in flectra! ERROR: "
MULTIPART = "multipart/form-data; boundary=b"


@pytest.fixture
def admin(wires: Callable[[str], Wire]) -> Flectra:
    """A client with the administrator's token."""
    return Flectra(wires("flectra-1.6")).login()


@pytest.fixture
def demo(admin: Flectra) -> Flectra:
    """A client with the token of a user who may not administer."""
    return admin.login("demo", "demo")


def names(admin: Flectra, **sent: object) -> list[str]:
    found = admin.value("GET", "res.partner", field="['name']", **sent)
    assert found["count"] == len(found["results"])
    return [row["name"] for row in found["results"]]


# -- many


def test_a_list_tells_how_many_it_shows(admin: Flectra) -> None:
    answer = admin("GET", "res.partner", limit=2, field="['name', 'email']", order="id")
    begins = (
        '{"count": 2, "results": [{"id": 1, "name": "YourCompany", "email": "info@yourcompany.example.com"}, {"id": '
    )
    assert answer.body.decode().startswith(begins)
    assert len(answer.json()["results"]) == 2


def test_parameters_of_a_list_come_by_form_or_query(admin: Flectra) -> None:
    query = admin.form("GET", "/api/res.partner?limit=3&field=%5B%27name%27%5D&order=name+desc")
    assert query.json() == admin.value("GET", "res.partner", limit=3, field="['name']", order="name desc")
    assert admin.form("GET", "/api/res.partner?limit=3", {"limit": "1"}).json()["count"] == 1


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("[('id', '=', 1)]", [1]),
        ('[["id", "=", 1]]', [1]),
        ("['|', ('id', '=', 1), ('id', '=', 3)]", [1, 3]),
        ("[('id', 'in', [1, 3]), ('is_company', '=', True)]", [1]),
        ("(('id', '=', 1),)", [1]),
    ],
)
def test_filters_are_a_python_literal(admin: Flectra, filters: str, found: list[int]) -> None:
    rows = admin.value("GET", "res.partner", filters=filters, field="['id']", order="id")["results"]
    assert [row["id"] for row in rows] == found


@pytest.mark.parametrize(
    "filters",
    [
        "[['is_company', '=', true]]",
        "name",
        "'abc'",
        "[('nofield', '=', 1)]",
        "[('name', '~~', 1)]",
        "[(",
        "1",
        "[('id', '=', __import__('os').getpid())]",
        "[" * 90_000,
        "[('a',)]",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_domain_is_a_page(admin: Flectra, filters: str) -> None:
    assert admin.breaks("GET", "res.partner", filters=filters)


def test_an_empty_list_is_not_found(admin: Flectra) -> None:
    error = admin.error("GET", "res.partner", filters="[('name', '=', 'zzzz-none')]")
    assert error == (404, NOT_FOUND, "No Record found in res.partner!")


@pytest.mark.parametrize(
    ("field", "keys"),
    [
        ("['name', 'nofield']", ["id", "name"]),
        ("['nofield']", ["id"]),
        ("'name'", ["id"]),
        ("('email',)", ["id", "email"]),
        ("[1]", ["id"]),
        ("{'name': 1}", ["id", "name"]),
    ],
)
def test_field_names_what_is_read_and_unknown_names_are_dropped(admin: Flectra, field: str, keys: list[str]) -> None:
    assert list(admin.value("GET", "res.partner", limit=1, field=field)["results"][0]) == keys
    assert list(admin.value("GET", "res.partner/1", field=field)[0]) == keys


@pytest.mark.parametrize("path", ["res.partner", "res.partner/1"])
@pytest.mark.parametrize("field", ["name,email", "name", "1", "[['name']]", "[", "(" * 1000])
def test_what_is_no_list_of_fields_is_a_page(admin: Flectra, path: str, field: str) -> None:
    assert admin.breaks("GET", path, field=field)


@pytest.mark.parametrize("sent", [{}, {"fields": "['name']"}, {"field": "[]"}, {"field": "None"}, {"field": ""}])
def test_without_field_all_fields_are_read(admin: Flectra, sent: dict[str, str]) -> None:
    [row] = admin.value("GET", "res.currency/1", **sent)
    assert {"name", "symbol", "rounding", "create_date", "display_name", "__last_update"} <= row.keys()


def test_offset_limit_and_order_choose_a_page(admin: Flectra) -> None:
    everybody = names(admin, order="id")
    assert names(admin, order="id", offset=2, limit=2) == everybody[2:4]
    assert names(admin, order="id", limit=0) == everybody
    assert names(admin, order="id desc") == everybody[::-1]


@pytest.mark.parametrize(
    "sent",
    [
        {"limit": "abc"},
        {"limit": "-1"},
        {"limit": "1.5"},
        {"offset": "abc"},
        {"offset": "-1"},
        {"order": "name sideways"},
        {"order": "nofield"},
        {"limit": "9" * 5000},
    ],
    ids=str,
)
def test_a_bad_page_is_a_page_of_its_own(admin: Flectra, sent: dict[str, str]) -> None:
    assert admin.breaks("GET", "res.partner", **sent)


def test_other_names_are_ignored_but_those_of_relations_are_integers(admin: Flectra) -> None:
    assert admin.value("GET", "res.partner", domain="[('id', '=', 1)]", color="red")["count"] > 1
    assert admin.value("GET", "res.partner", parent_id=3)["count"] > 1
    for name in ("parent_id", "child_ids", "category_id"):
        assert admin.breaks("GET", "res.partner", **{name: "abc"})
        assert admin.breaks("GET", "res.partner/1", **{name: ""})


def test_a_json_text_without_a_content_type_is_not_read(admin: Flectra) -> None:
    answer = admin.wire.http("GET", "/api/res.bank", '{"limit": 1}', HTTP_ACCESS_TOKEN=admin.token)
    assert answer.json()["count"] == 3


def test_archived_records_are_left_out_unless_the_filter_names_them(admin: Flectra) -> None:
    rows = admin.value("GET", "res.users", filters="[('active', '=', False)]", field="['login']")["results"]
    assert {"default", "public", "portaltemplate"} == {row["login"] for row in rows}
    seen = admin.value("GET", "res.users", field="['login']")["results"]
    assert "public" not in {row["login"] for row in seen}


def test_values_have_the_shapes_of_search_read(admin: Flectra) -> None:
    made = admin.value("POST", "res.partner", name="Shapes", country_id=21, date="2020-02-03")["id"]
    fields = "['country_id', 'parent_id', 'child_ids', 'date', 'create_date', 'active', 'street2', 'color', 'image']"
    [row] = admin.value("GET", f"res.partner/{made}", field=fields)
    assert [type(part) for part in row.pop("country_id")] == [int, str]
    assert len(row.pop("create_date")) == len("2020-02-03 04:05:06")
    assert row == {
        "id": made, "parent_id": False, "child_ids": [], "date": "2020-02-03", "active": True, "street2": False,
        "color": 0, "image": False,
    }  # fmt: skip


@pytest.mark.parametrize("model", ["ir.http", "base"])
def test_an_abstract_model_has_nothing_to_read(admin: Flectra, model: str) -> None:
    assert admin.breaks("GET", model)
    assert admin.breaks("GET", f"{model}/1")


# -- one


@pytest.mark.parametrize("path", ["res.partner/1", "res.partner?id=1", "res.partner/1?id=3"])
def test_one_record_is_a_list_of_one(admin: Flectra, path: str) -> None:
    answer = admin.form("GET", f"/api/{path}", {"field": "['name']"})
    assert answer.body == b'[{"id": 1, "name": "YourCompany"}]'


def test_the_id_may_come_by_form(admin: Flectra) -> None:
    assert admin.value("GET", "res.partner", id=1, field="['name']") == [{"id": 1, "name": "YourCompany"}]


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("id_", ["abc", "0", "1.5", "9" * 5000])
def test_an_id_that_is_no_number_is_invalid(admin: Flectra, verb: str, id_: str) -> None:
    assert admin.error(verb, f"res.partner/{id_}") == NO_ID


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("id_", [999999, -1])
def test_a_missing_record_is_not_found(admin: Flectra, verb: str, id_: int) -> None:
    error = admin.error(verb, f"res.partner/{id_}")
    assert error == (404, NOT_FOUND, f"Record {id_} Not found in res.partner!")


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_an_id_is_needed_to_change_a_record(admin: Flectra, verb: str) -> None:
    assert admin.error(verb, "res.partner") == NO_ID


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["no.such.model", "no.such.model/1"])
def test_an_unknown_model_is_not_found(admin: Flectra, verb: str, path: str) -> None:
    assert admin.error(verb, path, name="x") == (404, NOT_FOUND, "Modal no.such.model Not Found!")


# -- create


def test_a_record_is_made_of_a_form_a_query_or_parts(admin: Flectra) -> None:
    part = '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nParts\r\n--b--\r\n'
    parts = admin.wire.http("POST", "/api/res.partner", part, MULTIPART, HTTP_ACCESS_TOKEN=admin.token)
    made = [
        admin.value("POST", "res.partner", name="Form", email="a@example.com"),
        admin.form("POST", "/api/res.partner?name=Query").json(),
        parts.json(),
    ]
    assert all(list(answer) == ["id"] for answer in made)
    assert names(admin, filters=f"[('id', 'in', {[answer['id'] for answer in made]})]", order="id") == [
        "Parts", "Form", "Query",
    ]  # fmt: skip


def test_an_id_is_no_value_of_a_new_record(admin: Flectra) -> None:
    for path, sent in (("res.partner", {"id": "1"}), ("res.partner/1", {})):
        made = admin.value("POST", path, name="Mine", **sent)["id"]
        assert made > 1
    assert names(admin, filters="[('id', '=', 1)]") == ["YourCompany"]


def test_unknown_names_are_dropped_in_silence(admin: Flectra) -> None:
    made = admin.value("POST", "res.partner", name="X", nofield="x")["id"]
    assert admin.value("PUT", f"res.partner/{made}", nofield="x") == UPDATED


def test_a_website_gets_its_scheme(admin: Flectra) -> None:
    made = admin.value("POST", "res.partner", name="X", website="www.flectrahq.com")["id"]
    assert admin.value("GET", f"res.partner/{made}", field="['website']")[0]["website"] == "http://www.flectrahq.com"
    admin.value("PUT", f"res.partner/{made}", website="https://a.example")
    assert admin.value("GET", f"res.partner/{made}", field="['website']")[0]["website"] == "https://a.example"


@pytest.mark.parametrize(
    ("model", "sent", "text"),
    [
        (
            "res.country.group",
            {},
            'null value in column "name" of relation "res_country_group" violates not-null constraint\n'
            "DETAIL:  Failing row contains (5, null, 1, ",
        ),
        (
            "res.partner",
            {},
            'new row for relation "res_partner" violates check constraint "res_partner_check_name"\n'
            "DETAIL:  Failing row contains (",
        ),
        (
            "res.country",
            {"name": "Dup", "code": "BE"},
            'duplicate key value violates unique constraint "res_country_code_uniq"\n'
            "DETAIL:  Key (code)=(BE) already exists.\n",
        ),
        (
            "res.users",
            {"name": "x", "login": "admin"},
            'duplicate key value violates unique constraint "res_users_login_key"\n'
            "DETAIL:  Key (login)=(admin) already exists.\n",
        ),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_the_database_refuses_is_told_in_its_words(
    admin: Flectra, model: str, sent: dict[str, str], text: str
) -> None:
    status, code, told = admin.error("POST", model, **sent)
    assert (status, code) == (500, "not_created_object_in_flectra")
    assert told.startswith(NOT_CREATED + text)


# -- values that are written


REFUSED = [
    (
        {"country_id": "999999"},
        'insert or update on table "res_partner" violates foreign key constraint "res_partner_country_id_fkey"\n'
        'DETAIL:  Key (country_id)=(999999) is not present in table "res_country".\n',
    ),
    ({"category_id": "3"}, "'int' object is not iterable"),
    ({"child_ids": "3"}, "'int' object is not iterable"),
    ({"color": "seven"}, "invalid literal for int() with base 10: 'seven'"),
    ({"credit_limit": "much"}, "could not convert string to float: 'much'"),
    ({"date": "notadate"}, 'invalid input syntax for type date: "notadate"\n'),
    ({"type": "nonsense"}, "Wrong value for res.partner.type: 'nonsense'"),
]


@pytest.mark.parametrize(("sent", "text"), REFUSED, ids=lambda value: str(value)[:24])
def test_a_value_that_does_not_fit_is_told(admin: Flectra, sent: dict[str, str], text: str) -> None:
    status, code, told = admin.error("POST", "res.partner", name="X", **sent)
    assert (status, code) == (500, "not_created_object_in_flectra")
    assert told.startswith(NOT_CREATED + text)
    status, code, told = admin.error("PUT", "res.partner/3", **sent)
    assert (status, code) == (500, "not_updated_object_in_flectra")
    assert told.startswith(NOT_UPDATED + text)


@pytest.mark.parametrize("value", ["Belgium", "", "[(6, 0, [3])]", "1.5", "None"])
@pytest.mark.parametrize("name", ["country_id", "category_id", "child_ids"])
def test_a_relation_that_is_no_integer_is_a_page(admin: Flectra, name: str, value: str) -> None:
    assert admin.breaks("POST", "res.partner", name="X", **{name: value})
    assert admin.breaks("PUT", "res.partner/3", **{name: value})


def test_values_are_made_of_text(admin: Flectra) -> None:
    sent = {"country_id": "21", "color": "7", "credit_limit": "12.5", "date": "2020-02-03"}
    made = admin.value("POST", "res.partner", name="Types", **sent)["id"]
    [row] = admin.value("GET", f"res.partner/{made}", field=str(list(sent)))
    assert row.pop("country_id")[0] == 21
    assert row == {"id": made, "color": 7, "credit_limit": 12.5, "date": "2020-02-03"}


def test_of_texts_only_the_empty_one_is_false(admin: Flectra) -> None:
    made = admin.value("POST", "res.partner", name="Bool", customer="False", supplier="0", employee="", active="no")
    [row] = admin.value("GET", f"res.partner/{made['id']}", field="['customer', 'supplier', 'employee', 'active']")
    assert row == {"id": made["id"], "customer": True, "supplier": True, "employee": False, "active": True}


def test_an_uploaded_file_is_no_value(admin: Flectra) -> None:
    def send(verb: str, path: str, name: str) -> Answer:
        part = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n'
        return admin.wire.http(verb, path, part, MULTIPART, HTTP_ACCESS_TOKEN=admin.token)

    text = "expected bytes-like object, not FileStorage"
    assert told(send("POST", "/api/res.partner", "image")) == (500, "not_created_object_in_flectra", NOT_CREATED + text)
    assert told(send("PUT", "/api/res.partner/3", "image")) == (
        500,
        "not_updated_object_in_flectra",
        NOT_UPDATED + text,
    )
    assert send("PUT", "/api/res.partner/3", "nofield").json() == UPDATED
    assert is_page(send("POST", "/api/res.partner", "country_id"), 500)
    for name in ("filters", "field", "limit"):
        assert is_page(send("GET", "/api/res.partner", name), 500)


# -- update


@pytest.mark.parametrize(
    ("path", "sent"),
    [("res.partner/3", {}), ("res.partner", {"id": "3"}), ("res.partner?id=3", {}), ("res.partner/3", {"id": "1"})],
)
def test_the_id_of_an_update_comes_by_path_form_or_query(admin: Flectra, path: str, sent: dict[str, str]) -> None:
    answer = admin.form("PUT", f"/api/{path}", {"name": "Changed", **sent})
    assert answer.body == b'{"desc": "Record Updated successfully!", "update": true}'
    assert names(admin, filters="[('id', 'in', [1, 3])]", order="id") == ["YourCompany", "Changed"]


def test_an_update_without_values_is_one(admin: Flectra) -> None:
    assert admin.form("PUT", "/api/res.partner/3").json() == UPDATED


def test_a_mandatory_text_may_become_empty(admin: Flectra) -> None:
    assert admin.value("PUT", "res.country/21", name="") == UPDATED
    assert admin.value("GET", "res.country/21", field="['name']") == [{"id": 21, "name": ""}]


# -- delete


@pytest.mark.parametrize(("path", "sent"), [("/{}", {}), ("", {"id": "{}"}), ("?id={}", {})])
def test_a_record_is_deleted_by_path_form_or_query(admin: Flectra, path: str, sent: dict[str, str]) -> None:
    made = admin.value("POST", "res.partner", name="Gone")["id"]
    filled = {name: value.format(made) for name, value in sent.items()}
    answer = admin.form("DELETE", f"/api/res.partner{path.format(made)}", filled or None)
    assert answer.body == b'{"desc": "Record Successfully Deleted!", "delete": true}'
    error = admin.error("DELETE", f"res.partner/{made}")
    assert error == (404, NOT_FOUND, f"Record {made} Not found in res.partner!")


@pytest.mark.parametrize("sent", [{"name": "x"}, {"parent_id": "1"}, {"nofield": ""}])
def test_a_deletion_takes_no_other_parameter(admin: Flectra, sent: dict[str, str]) -> None:
    assert admin.breaks("DELETE", "res.partner/3", **sent)


def test_a_record_that_is_needed_is_not_deleted(admin: Flectra) -> None:
    status, code, text = admin.error("DELETE", "res.partner/1")
    assert (status, code) == (500, "not_deleted_object_in_flectra")
    column = 'null value in column "partner_id" of relation "res_company" violates not-null constraint\n'
    assert text.startswith(f"{NOT_DELETED}{column}DETAIL:  Failing row contains (")
    [company] = admin.value("GET", "res.company", field="['currency_id']")["results"]
    status, _, text = admin.error("DELETE", f"res.currency/{company['currency_id'][0]}")
    assert text.startswith(NOT_DELETED)


def test_a_rule_of_the_application_is_told_as_a_pair(admin: Flectra) -> None:
    assert admin.error("DELETE", "res.users/1") == (
        500,
        "not_deleted_object_in_flectra",
        f"{NOT_DELETED}('You can not remove the admin user as it is used internally for resources created by Flectra "
        "(updates, module installation, ...)', '')",
    )


def test_what_failed_has_left_nothing(admin: Flectra) -> None:
    before = names(admin, order="id")
    admin.error("POST", "res.users", name="Half", login="admin")
    assert names(admin, order="id") == before


# -- rights


def test_reading_without_the_right_is_a_page(demo: Flectra) -> None:
    assert demo.value("GET", "res.partner", limit=1)["count"] == 1
    assert demo.breaks("GET", "ir.config_parameter")
    assert demo.breaks("GET", "ir.config_parameter/1")


@pytest.mark.parametrize(
    ("verb", "path", "sent", "code", "head", "what"),
    [
        ("POST", "res.users", {"name": "x", "login": "x"}, "not_created", NOT_CREATED, "create this kind of document"),
        ("PUT", "res.users/1", {"signature": "x"}, "not_updated", NOT_UPDATED, "modify this document"),
        ("DELETE", "res.users/6", {}, "not_deleted", NOT_DELETED, "delete this document"),
    ],
)
def test_writing_without_the_right_is_told_as_a_pair(
    demo: Flectra, verb: str, path: str, sent: dict[str, str], code: str, head: str, what: str
) -> None:
    told = (
        f"{head}('Sorry, you are not allowed to {what}. Only users with the following access level are currently "
        "allowed to do that:\\n- Administration/Access Rights\\n\\n(Document model: res.users)', None)"
    )
    assert demo.error(verb, path, **sent) == (500, f"{code}_object_in_flectra", told)


# -- what watches calls sees them


def test_a_request_is_a_call_of_the_model(admin: Flectra) -> None:
    seen: list[Exchange] = []
    stop = admin.wire.app.observe(seen.append)
    made = admin.value("POST", "res.partner", name="Seen")["id"]
    admin("GET", "res.partner", filters="[('id', '=', 1)]", limit=5)
    admin("GET", f"res.partner/{made}", field="['name']")
    admin("PUT", f"res.partner/{made}", color="3")
    admin("DELETE", f"res.partner/{made}")
    admin("DELETE", f"res.partner/{made}")
    admin("GET", "res.partner", limit="abc")
    stop()
    assert [(e.target, e.outcome) for e in seen] == [
        ("res.partner.create", "ok"), ("res.partner.search_read", "ok"), ("res.partner.read", "ok"),
        ("res.partner.write", "ok"), ("res.partner.unlink", "ok"), (f"DELETE /api/res.partner/{made}", "Refusal"),
        ("GET /api/res.partner", "InternalServerError"),
    ]  # fmt: skip
    calls = [e.call for e in seen[:5] if e.call]
    assert [(call.args, call.kwargs) for call in calls] == [
        ([{"name": "Seen"}], {}),
        ([], {"domain": [("id", "=", 1)], "fields": None, "offset": 0, "limit": 5, "order": None}),
        ([[made], ["name"]], {}),
        ([[made], {"color": "3"}], {}),
        ([[made]], {}),
    ]
    assert {(call.dialect, call.db, call.uid) for call in calls} == {("flectra_rest", "mock", 1)}
