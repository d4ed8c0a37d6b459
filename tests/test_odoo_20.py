"""What differs in Odoo 20.0, which was not recorded: docs/sources/odoo-20.md."""

from __future__ import annotations

import base64
import xmlrpc.client
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import MockServer, profiles
from mockserver.cli.log import log
from mockserver.cli.serve import RpcNotice
from mockserver.errors import AccessError, ValidationError
from mockserver.orm.fields.pictures import grey_png
from mockserver.orm.records.environment import Environment
from mockserver.profiles.rules import RULES
from mockserver.report.profiles import difference

KEY = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def twenty() -> MockServer:
    return MockServer(profile="odoo-20.0", api_key=KEY)


@pytest.fixture
def odoo(twenty: MockServer) -> Iterator[MockServer]:
    twenty.remember()
    yield twenty
    twenty.reset()


@pytest.fixture
def env(odoo: MockServer) -> Environment:
    return odoo.env


def ref(env: Environment, xmlid: str) -> int:
    found = env.ref(xmlid)
    assert found is not None
    return found.id


def rpc(odoo: MockServer, service: str, method: str, *args: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "params": {"service": service, "method": method, "args": args}}
    answer = odoo.requests_session().post(f"{odoo.base_url}/jsonrpc", json=body)
    reply: dict[str, Any] = answer.json()
    return reply


def call(odoo: MockServer, model: str, method: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    return rpc(odoo, "object", "execute_kw", odoo.db, odoo.uid, odoo.password, model, method, args, kwargs)


def error(reply: dict[str, Any]) -> tuple[str, str]:
    data = reply["error"]["data"]
    return data["name"], data["message"]


def test_every_difference_says_that_it_is_inferred() -> None:
    entries = [rule for rule in RULES if 20 in rule.values]
    assert len(entries) >= 5
    assert [rule.name for rule in entries if "Inferred: odoo-20 §" not in rule.source] == []


# -- the protocols


def test_the_version_is_that_of_20(odoo: MockServer) -> None:
    told = {"server_version": "20.0", "server_version_info": [20, 0, 0, "final", 0, ""]}
    assert rpc(odoo, "common", "version")["result"] == {**told, "server_serie": "20.0", "protocol_version": 1}
    page = odoo.requests_session().get(f"{odoo.base_url}/web/version").json()
    assert page == {"version_info": [20, 0, 0, "final", 0, ""], "version": "20.0"}


def test_the_service_db_is_an_unknown_service(odoo: MockServer) -> None:
    assert error(rpc(odoo, "db", "list")) == ("builtins.ValueError", "Invalid service name: db")
    assert error(rpc(odoo, "nope", "list")) == ("builtins.ValueError", "Invalid service name: nope")
    with pytest.raises(xmlrpc.client.Fault, match="Invalid service name: db"):
        odoo.xmlrpc("db").list()
    assert odoo.requests_session().post(f"{odoo.base_url}/web/database/list", json={"params": {}}).json()["result"] == [
        odoo.db
    ]


def test_none_is_a_result_of_null(odoo: MockServer) -> None:
    reply = call(odoo, "ir.config_parameter", "set_str", "my.key", "x")
    assert reply == {"jsonrpc": "2.0", "id": 1, "result": None}


def test_the_log_says_once_that_a_protocol_ends(capsys: pytest.CaptureFixture[str]) -> None:
    for name, told in (("odoo-18.0", False), ("odoo-19.0", True), ("odoo-20.0", True)):
        assert profiles.get(name).rules.rpc_notice is told
    odoo = MockServer(profile="odoo-20.0")
    odoo.app.observe(RpcNotice())
    for _ in range(2):
        rpc(odoo, "common", "version")
        odoo.xmlrpc("common").version()
    log.flush()
    assert capsys.readouterr().err.splitlines() == [
        "mockserver: notice: Odoo 22 removes JSON-RPC; use JSON-2 with an API key",
        "mockserver: notice: Odoo 22 removes XML-RPC; use JSON-2 with an API key",
    ]


# -- methods and operators


@pytest.mark.parametrize(
    ("model", "method", "args"),
    [
        ("res.partner", "check_access_rights", ["read"]),
        ("res.partner", "check_access_rule", [[1], "read"]),
        ("res.partner", "check_field_access_rights", ["read", ["name"]]),
        ("res.partner", "toggle_active", [[1]]),
        ("res.users", "toggle_active", [[2]]),
        ("ir.config_parameter", "get_param", ["web.base.url"]),
        ("ir.config_parameter", "set_param", ["a", "b"]),
    ],
)
def test_a_removed_method_does_not_exist(odoo: MockServer, model: str, method: str, args: list[Any]) -> None:
    text = f"The method '{model}.{method}' does not exist"
    assert error(call(odoo, model, method, *args)) == ("builtins.AttributeError", text)


def test_settings_are_read_and_written_by_type(odoo: MockServer) -> None:
    def answer(method: str, *args: Any) -> Any:
        return call(odoo, "ir.config_parameter", method, *args)["result"]

    for kind, value, text in (("str", "x", "x"), ("int", 7, "7"), ("float", 1.5, "1.5"), ("bool", True, "True")):
        answer(f"set_{kind}", f"my.{kind}", value)
        assert answer(f"get_{kind}", f"my.{kind}") == value
        assert answer("get_str", f"my.{kind}") == text
    assert [answer(f"get_{kind}", "my.other") for kind in ("str", "int", "float", "bool")] == ["", 0, 0.0, False]
    answer("set_bool", "my.bool", False)
    assert answer("get_bool", "my.bool") is False
    assert answer("get_int", "my.str") == 0


def test_read_group_gives_rows(odoo: MockServer, env: Environment) -> None:
    us = ref(env, "base.us")
    env["res.partner"].create([{"name": f"P{n}", "country_id": us, "color": n, "ref": "g"} for n in (1, 2)])
    rows = call(odoo, "res.partner", "read_group", [["ref", "=", "g"]], ["country_id"], ["color:sum", "__count"])
    assert rows["result"] == [[us, 3, 2]]
    old = call(odoo, "res.partner", "read_group", [["ref", "=", "g"]], ["ref"], ["__count"])
    assert old["result"] == [["g", 2]]
    nothing = call(odoo, "res.partner", "read_group", [])
    assert error(nothing) == ("builtins.ValueError", "Need groupby or aggregates.")
    assert call(odoo, "res.partner", "formatted_read_group", [["ref", "=", "g"]], ["ref"], ["__count"])["result"]


@pytest.mark.parametrize("operator", ["<>", "==", "ILIKE"])
def test_other_writings_of_operators_are_refused(odoo: MockServer, operator: str) -> None:
    name, text = error(call(odoo, "res.partner", "search", [["name", operator, "x"]]))
    assert (name, text) == ("builtins.ValueError", f"Invalid operator in condition ('name', '{operator}', 'x')")


# -- fields and values


def test_fields_that_are_gone_or_have_another_name(odoo: MockServer, env: Environment) -> None:
    gone = {
        "res.partner": ["company_type", "company_name", "company_registry"],
        "res.partner.bank": ["acc_number", "acc_holder_name", "acc_type", "bank_id", "currency_id"],
        "res.company": ["company_registry", "layout_background"],
        "res.currency": ["date"],
        "res.country": ["zip_required"],
        "ir.attachment": ["datas"],
        "ir.actions.report": ["report_file"],
        "res.groups": ["model_access", "rule_groups"],
        "ir.model": ["rule_ids"],
    }
    assert {model: [name for name in names if name in env[model]._model.fields] for model, names in gone.items()} == {
        model: [] for model in gone
    }
    assert "res.bank" not in env
    partner = env["res.partner"].create({"name": "Anna"})
    values = {"account_number": "BE71 0961", "partner_id": partner.id, "bank_name": "KBC"}
    account = env["res.partner.bank"].create(values)
    assert account.read(["display_name", "sanitized_account_number", "holder_name", "account_type"]) == [
        {
            "id": account.id,
            "display_name": "BE71 0961 - KBC",
            "sanitized_account_number": "BE710961",
            "holder_name": "Anna",
            "account_type": "bank",
        }
    ]
    assert env["res.partner.bank"].search([("account_number", "=", "be710961")]) == account
    text = "Invalid field 'company_type' on 'res.partner'"
    assert error(call(odoo, "res.partner", "read", [partner.id], ["company_type"])) == ("builtins.ValueError", text)


def test_the_bank_accounts_of_merged_contacts_are_told_apart_by_their_numbers(env: Environment) -> None:
    kept, gone = env["res.partner"].create([{"name": "Anna"}, {"name": "Anna"}])
    both = {kept: ["BE71 0961"], gone: ["be710961", "BE72"]}
    values = [{"account_number": number, "partner_id": own.id} for own, numbers in both.items() for number in numbers]
    accounts = env["res.partner.bank"].create(values)
    wizard = env["base.partner.merge.automatic.wizard"]
    wizard.create({"partner_ids": [(6, 0, (kept | gone).ids)], "dst_partner_id": kept.id}).action_merge()
    assert accounts.exists() == accounts[0] | accounts[2]
    assert kept.bank_ids == accounts[0] | accounts[2]


def test_a_contact_with_a_bank_account_is_read_with_accounting() -> None:
    server = MockServer(profile="odoo-20.0", fixtures=["account"])
    contacts = server.env["res.partner"].create([{"name": "Anna"}, {"name": "Ben"}])
    values = [{"account_number": "BE71 0961", "partner_id": contact.id} for contact in contacts]
    account = server.env["res.partner.bank"].create(values)[0]
    assert (
        contacts[0].read(["duplicated_bank_account_partners_count"])[0]["duplicated_bank_account_partners_count"] == 1
    )
    assert account.duplicate_bank_partner_ids == contacts[1]


def test_a_binary_field_reads_as_content_and_size(odoo: MockServer, env: Environment) -> None:
    picture = base64.b64encode(grey_png(3, 3)).decode()
    partner = env["res.partner"].create({"name": "Anna", "image_1920": picture})
    told = {"content": picture, "size": len(base64.b64decode(picture))}
    context = {"bin_size": True}
    reply = call(odoo, "res.partner", "read", [partner.id], ["image_1920"], context=context)
    assert reply["result"] == [{"id": partner.id, "image_1920": told}]
    read = odoo.xmlrpc("object").execute_kw
    assert read(odoo.db, odoo.uid, odoo.password, "res.partner", "read", [[1], ["image_1920"]])
    empty = env["res.partner"].create({"name": "Berta"})
    assert empty.read(["image_1920"]) == [{"id": empty.id, "image_1920": False}]


def test_a_file_is_kept_as_raw_alone(env: Environment) -> None:
    made = env["ir.attachment"].create({"name": "a.txt", "raw": "hello", "datas": "b3RoZXI="})
    assert made.read(["raw", "file_size"]) == [
        {"id": made.id, "raw": {"content": "aGVsbG8=", "size": 5}, "file_size": 5}
    ]
    assert made.copy().read(["raw"])[0]["raw"] == {"content": "aGVsbG8=", "size": 5}
    ignored = env["ir.attachment"].create({"name": "b.txt", "datas": "b3RoZXI="})
    assert ignored.read(["raw"]) == [{"id": ignored.id, "raw": False}]


# -- access rights


def test_one_model_has_rights_and_rules(odoo: MockServer, env: Environment) -> None:
    assert "ir.model.access" not in env
    assert "ir.rule" not in env
    assert error(call(odoo, "ir.rule", "search", []))[1] == "Object ir.rule doesn't exist"
    answer = odoo.requests_session().post(
        f"{odoo.base_url}/json/2/ir.model.access/search",
        json={"domain": []},
        headers={"Authorization": f"bearer {KEY}"},
    )
    assert answer.status_code == 404
    of_users = [("model_id.model", "=", "res.currency"), ("operation", "=", "r"), ("group_id", "!=", False)]
    access = env["ir.access"].search(of_users, limit=1)
    assert access.kind == "permission"
    assert (access.for_read, access.for_write) == (True, False)
    rule = ref(env, "base.res_partner_rule")
    assert env["ir.access"].browse(rule).read(["kind", "group_id", "operation"]) == [
        {"id": rule, "kind": "restriction", "group_id": False, "operation": "crud"}
    ]


def user(env: Environment, login: str, *groups_of_user: str) -> Environment:
    groups = [(6, 0, [ref(env, group) for group in groups_of_user])]
    return env.with_user(env["res.users"].create({"name": login, "login": login, "group_ids": groups}).id)


def model(env: Environment) -> Any:
    return env["ir.model"].create(
        {
            "name": "Note",
            "model": "x_note",
            "field_id": [
                (0, 0, {"name": "x_name", "ttype": "char", "field_description": "Name"}),
                (0, 0, {"name": "x_open", "ttype": "boolean", "field_description": "Open"}),
            ],
        }
    )


def test_rows_of_groups_add_up_and_those_without_limit(env: Environment) -> None:
    note, internal = model(env).id, ref(env, "base.group_user")
    sudo = env.sudo()
    notes = sudo["x_note"].create([{"x_name": "a", "x_open": True}, {"x_name": "b", "x_open": False}])
    ann = user(env, "ann", "base.group_user")["x_note"]
    add = env["ir.access"].create
    with pytest.raises(AccessError, match=r"You are not allowed to access 'Note' \(x_note\) records\."):
        ann.search([])
    add({"name": "for all", "model_id": note, "operation": "crud"})
    with pytest.raises(AccessError, match="No group currently allows this operation"):
        ann.search([])
    row = add({"name": "open", "model_id": note, "group_id": internal, "operation": "ru",
               "domain": "[('x_open', '=', True)]"})  # fmt: skip
    assert ann.search([]).mapped("x_name") == ["a"]
    with pytest.raises(AccessError, match="doesn't have 'read' access to:\n- Note"):
        ann.browse(notes.ids).read(["x_name"])
    with pytest.raises(AccessError):
        ann.create({"x_name": "c"})
    everyone = add({"name": "all", "model_id": note, "group_id": ref(env, "base.group_everyone"), "operation": "r"})
    assert ann.search([]).mapped("x_name") == ["a", "b"]
    add({"name": "limit", "model_id": note, "operation": "r", "domain": "[('x_name', '!=', 'a')]"})
    assert ann.search([]).mapped("x_name") == ["b"]
    everyone.write({"active": False})
    assert ann.search([]).mapped("x_name") == []
    assert row.write({"operation": "u"}) is True
    with pytest.raises(AccessError):
        ann.search([])


def test_a_domain_on_accesses_and_a_bad_domain_are_refused(env: Environment) -> None:
    own = ref(env, "base.model_ir_access")
    with pytest.raises(ValidationError, match="Accesses with domain can not be applied on model Access itself"):
        env["ir.access"].create({"name": "x", "model_id": own, "operation": "r", "domain": "[('id', '=', 1)]"})
    partner = ref(env, "base.model_res_partner")
    with pytest.raises(ValidationError, match=r"Invalid domain \[\('nope', '=', 1\)\]: "):
        env["ir.access"].create({"name": "x", "model_id": partner, "operation": "r", "domain": "[('nope', '=', 1)]"})


@pytest.mark.parametrize(
    "groups", [("base.group_user",), ("base.group_portal",), ("base.group_user", "base.group_partner_manager")]
)
def test_users_may_do_what_they_may_in_19(groups: tuple[str, ...]) -> None:
    """The rights of the base data, turned into rows of `ir.access`, allow the same."""
    before, after = (user(MockServer(profile=name).env, "ann", *groups) for name in ("odoo-19.0", "odoo-20.0"))
    both = [name for name in before.db.registry if name in after and name != "res.bank"]
    assert len(both) > 50
    for name in both:
        modes = [mode for mode in ("read", "write", "create", "unlink") if before[name].has_access(mode)]
        assert [mode for mode in ("read", "write", "create", "unlink") if after[name].has_access(mode)] == modes, name
        if "read" in modes and not before[name]._model.abstract and name != "res.groups":
            assert after[name].search_count([]) == before[name].search_count([]), name


# -- the reports


def test_the_difference_to_19_tells_it_all() -> None:
    told = difference(profiles.get("odoo-19.0"), profiles.get("odoo-20.0"))
    for text in (
        "result null",
        "the service db over XML-RPC",
        "ir.access in place of ir.model.access and ir.rule",
        "- check_access_rights(operation",
        "~ read_group",
        "+ ir.config_parameter.get_str(",
        "the db service: removed in 20.0",
        "use has_access",
    ):
        assert text in told, text
