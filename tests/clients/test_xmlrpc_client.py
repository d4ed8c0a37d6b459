"""The standard library's `xmlrpc.client`, as the external API's own documentation uses it."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from mockserver import MockServer

UID = 2
MISSING = "Record does not exist or has been deleted.\n(Record: res.partner(99999999,), User: 2)"


class Connection:
    """One login: `call(model, method, *args, **kwargs)` is `execute_kw`; services are attributes."""

    def __init__(self, server: MockServer, opened: ExitStack, path: str = "/xmlrpc/2/", db: str = "") -> None:
        self.db, self.login, self.password = db or server.db, server.login, server.password
        # their answers are of any type
        self.common: Any
        self.object: Any
        self.databases: Any
        self.common, self.object, self.databases = (
            opened.enter_context(xmlrpc.client.ServerProxy(server.url + path + service))
            for service in ("common", "object", "db")
        )

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        return self.object.execute_kw(self.db, UID, self.password, model, method, args, kwargs)

    def fault(self, model: str, method: str, *args: Any, **kwargs: Any) -> xmlrpc.client.Fault:
        with pytest.raises(xmlrpc.client.Fault) as caught:
            self.call(model, method, *args, **kwargs)
        return caught.value

    def refused(self, model: str, method: str, *args: Any) -> tuple[Any, str]:
        """Code and text of the fault; on the old path the code is a text too."""
        fault = self.fault(model, method, *args)
        return fault.faultCode, fault.faultString


@pytest.fixture
def connect(mockserver: MockServer) -> Iterator[Callable[..., Connection]]:
    with ExitStack() as opened:
        yield lambda **how: Connection(mockserver, opened, **how)


@pytest.fixture
def odoo(connect: Callable[..., Connection]) -> Connection:
    return connect()


@pytest.fixture
def old(connect: Callable[..., Connection]) -> Connection:
    return connect(path="/xmlrpc/")


# -- common ----------------------------------------------------------------------------------------


def test_the_version_is_told_without_a_login(odoo: Connection) -> None:
    assert odoo.common.version() == {
        "server_version": "17.0",
        "server_version_info": [17, 0, 0, "final", 0, ""],
        "server_serie": "17.0",
        "protocol_version": 1,
    }
    assert odoo.common.about() == "See http://openerp.com"


def test_the_right_password_gives_the_uid_and_a_wrong_one_false(odoo: Connection) -> None:
    assert odoo.common.authenticate(odoo.db, "admin", "admin", {}) == UID
    assert odoo.common.login(odoo.db, "admin", "admin") == UID
    assert odoo.common.authenticate(odoo.db, "admin", "wrong", {}) is False
    assert odoo.common.authenticate(odoo.db, "nobody", "admin", {}) is False
    assert odoo.common.login(odoo.db, "admin", "wrong") is False


def test_an_empty_list_is_taken_where_php_means_an_empty_mapping(odoo: Connection) -> None:
    assert odoo.common.authenticate(odoo.db, "admin", "admin", []) == UID
    assert odoo.object.execute_kw(odoo.db, UID, "admin", "res.partner", "search_count", [[["id", "<", 0]]], []) == 0
    created = odoo.object.execute_kw(odoo.db, UID, "admin", "res.partner", "create", [{"name": "Php"}], [])
    assert odoo.call("res.partner", "read", [created], ["name"]) == [{"id": created, "name": "Php"}]


def test_the_keywords_may_be_left_out_and_execute_takes_positions_only(odoo: Connection) -> None:
    who = (odoo.db, UID, "admin", "res.partner")
    first = odoo.object.execute_kw(*who, "create", [{"name": "Position B"}])
    second = odoo.object.execute(*who, "create", {"name": "Position A"})
    domain = [["id", "in", [first, second]]]
    assert odoo.object.execute(*who, "search", domain, 0, 1, "name") == [second]
    assert odoo.object.execute(*who, "search_read", domain, ["name"], 1, 5, "name") == [
        {"id": first, "name": "Position B"}
    ]


# -- records ---------------------------------------------------------------------------------------


def test_a_new_partner_reads_with_its_defaults_and_false_for_what_is_empty(odoo: Connection) -> None:
    partner = odoo.call("res.partner", "create", {"name": "Azure Interior"})
    asked = ["name", "email", "active", "color", "type", "parent_id", "child_ids", "date", "partner_latitude"]
    assert odoo.call("res.partner", "read", [partner], asked) == [
        {
            "id": partner,
            "name": "Azure Interior",
            "email": False,
            "active": True,
            "color": 0,
            "type": "contact",
            "parent_id": False,
            "child_ids": [],
            "date": False,
            "partner_latitude": 0.0,
        }
    ]


def test_a_list_of_values_creates_several_and_gives_a_list(odoo: Connection) -> None:
    ids = odoo.call("res.partner", "create", [{"name": "Many 1"}, {"name": "Many 2"}])
    assert [row["name"] for row in odoo.call("res.partner", "read", ids, ["name"])] == ["Many 1", "Many 2"]
    assert odoo.call("res.partner", "create", []) == []


def test_a_many2one_is_an_id_and_a_name_and_an_x2many_is_ids(odoo: Connection, mockserver: MockServer) -> None:
    belgium = mockserver.ref("base.be").id
    company = odoo.call("res.partner", "create", {"name": "Acme", "is_company": True, "country_id": belgium})
    person = odoo.call("res.partner", "create", {"name": "Ann", "parent_id": company})
    assert odoo.call("res.partner", "read", [company, person], ["parent_id", "child_ids", "country_id"]) == [
        {"id": company, "parent_id": False, "child_ids": [person], "country_id": [belgium, "Belgium"]},
        # a contact has its company's address
        {"id": person, "parent_id": [company, "Acme"], "child_ids": [], "country_id": [belgium, "Belgium"]},
    ]
    domain = [["parent_id.country_id.code", "=", "BE"]]
    assert odoo.call("res.partner", "search", domain) == [person]
    assert odoo.call("res.partner", "name_get", [person]) == [[person, "Acme, Ann"]]
    assert odoo.call("res.partner", "read", [person], ["parent_id"], load="_classic_write") == [
        {"id": person, "parent_id": company}
    ]


def test_x2many_commands_change_the_tags_one_after_another(odoo: Connection) -> None:
    one, two = odoo.call("res.partner.category", "create", [{"name": "One"}, {"name": "Two"}])
    partner = odoo.call("res.partner", "create", {"name": "Tagged", "category_id": [[6, 0, [one]]]})

    def after(*commands: Any) -> list[str]:
        assert odoo.call("res.partner", "write", [partner], {"category_id": commands}) is True
        [row] = odoo.call("res.partner", "read", [partner], ["category_id"])
        return [tag["name"] for tag in odoo.call("res.partner.category", "read", sorted(row["category_id"]), ["name"])]

    assert after([4, two, 0]) == ["One", "Two"]
    assert after([3, one, 0]) == ["Two"]
    assert after([0, 0, {"name": "Three"}]) == ["Two", "Three"]
    assert after([1, two, {"name": "Deux"}]) == ["Deux", "Three"]
    assert after([2, two, 0]) == ["Three"]
    assert after([5, 0, 0]) == []
    assert odoo.call("res.partner.category", "search_count", [["id", "=", two]]) == 0


def test_an_archived_record_is_found_only_when_asked_for(odoo: Connection) -> None:
    partner = odoo.call("res.partner", "create", {"name": "Sleeper", "active": False})
    domain = [["name", "=", "Sleeper"]]
    assert odoo.call("res.partner", "search", domain) == []
    assert odoo.call("res.partner", "search", domain, context={"active_test": False}) == [partner]
    assert odoo.call("res.partner", "search", [*domain, ["active", "=", False]]) == [partner]


def test_search_read_takes_its_parameters_by_name(odoo: Connection) -> None:
    odoo.call("res.partner", "create", [{"name": f"Row {number}"} for number in range(5)])
    rows = odoo.call(
        "res.partner",
        "search_read",
        domain=[["name", "=like", "Row _"]],
        fields=["name"],
        offset=1,
        limit=2,
        order="name desc",
    )
    assert [row["name"] for row in rows] == ["Row 3", "Row 2"]
    assert odoo.call("res.partner", "search_count", [["name", "=like", "Row _"]]) == 5


def test_fields_get_tells_the_attributes_asked_for(odoo: Connection) -> None:
    assert odoo.call("res.partner", "fields_get", ["name", "country_id"], ["string", "type", "relation"]) == {
        "name": {"string": "Name", "type": "char"},
        "country_id": {"string": "Country", "type": "many2one", "relation": "res.country"},
    }


def test_text_survives_markup_accents_and_astral_characters(odoo: Connection) -> None:
    name = "Zoë & <Søn> \U0001f600 ]]>"
    partner = odoo.call("res.partner", "create", {"name": name})
    assert odoo.call("res.partner", "read", [partner], ["name"]) == [{"id": partner, "name": name}]
    assert odoo.call("res.partner", "search", [["name", "=", name]]) == [partner]


def test_control_characters_are_left_out_of_an_answer(odoo: Connection, mockserver: MockServer) -> None:
    partner = mockserver.env["res.partner"].create({"name": "Ring\x07 my\x1f bell"})
    assert odoo.call("res.partner", "read", partner.ids, ["name"]) == [{"id": partner.id, "name": "Ring my bell"}]


def test_a_model_its_fields_and_its_access_rights_are_made_over_rpc(odoo: Connection) -> None:
    model = odoo.call("ir.model", "create", {"name": "Custom", "model": "x_custom", "state": "manual"})
    field = {"model_id": model, "name": "x_size", "ttype": "integer", "state": "manual", "required": True}
    odoo.call("ir.model.fields", "create", field)
    fault = odoo.fault("x_custom", "create", {"x_name": "First", "x_size": 3})
    assert fault.faultCode == 4
    assert fault.faultString.startswith("You are not allowed to create 'Custom' (x_custom) records.\n\n")
    rights = {"perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True}
    odoo.call("ir.model.access", "create", {"name": "custom", "model_id": model, **rights})
    record = odoo.call("x_custom", "create", {"x_name": "First", "x_size": 3})
    assert odoo.call("x_custom", "read", [record], ["x_name", "x_size"]) == [
        {"id": record, "x_name": "First", "x_size": 3}
    ]
    assert odoo.call("x_custom", "fields_get", ["x_size"], ["type", "required"]) == {
        "x_size": {"type": "integer", "required": True}
    }


# -- faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "code", "text"),
    [
        (("no.such.model", "search", []), 2, "Object no.such.model doesn't exist"),
        (("res.partner", "create", {}), 2, "The operation cannot be completed: Contacts require a name"),
        (("res.partner", "write", [99999999], {"name": "x"}), 2, MISSING),
        (
            ("res.partner", "_search", []),
            4,
            "Private methods (such as 'res.partner._search') cannot be called remotely.",
        ),
    ],
)
def test_an_odoo_error_is_a_fault_with_its_code_and_its_plain_text(
    odoo: Connection, call: tuple[Any, ...], code: int, text: str
) -> None:
    fault = odoo.fault(*call)
    assert (fault.faultCode, fault.faultString) == (code, text)


@pytest.mark.parametrize(
    ("call", "last_line"),
    [
        (
            ("res.partner", "no_such_method", []),
            "AttributeError: The method 'res.partner.no_such_method' does not exist",
        ),
        (
            ("res.partner", "search", [["nope", "=", 1]]),
            "ValueError: Invalid field res.partner.nope in leaf ('nope', '=', 1)",
        ),
        (
            ("res.partner", "create", {"name": "x", "nope": 1}),
            "ValueError: Invalid field 'nope' on model 'res.partner'",
        ),
        (("res.partner", "read"), "IndexError: tuple index out of range"),
    ],
)
def test_any_other_error_is_fault_1_and_a_traceback_that_ends_with_it(
    odoo: Connection, call: tuple[Any, ...], last_line: str
) -> None:
    fault = odoo.fault(*call)
    assert fault.faultCode == 1
    assert fault.faultString.startswith("Traceback (most recent call last):\n")
    assert fault.faultString.rstrip("\n").splitlines()[-1] == last_line


def test_a_wrong_password_in_a_call_is_fault_3(odoo: Connection) -> None:
    odoo.password = "wrong"
    fault = odoo.fault("res.partner", "search", [])
    assert (fault.faultCode, fault.faultString) == (3, "Access Denied")


def test_an_unknown_database_is_the_message_of_postgresql(odoo: Connection) -> None:
    odoo.db = "absent"
    fault = odoo.fault("res.partner", "search", [])
    assert fault.faultCode == 1
    assert 'FATAL:  database "absent" does not exist' in fault.faultString


def test_a_method_that_returns_nothing_is_a_fault_although_its_work_is_done(odoo: Connection) -> None:
    partner = odoo.call("res.partner", "create", {"name": "Archive me"})
    fault = odoo.fault("res.partner", "action_archive", [partner])
    assert fault.faultCode == 1
    assert fault.faultString.rstrip().endswith("TypeError: cannot marshal None unless allow_none is enabled")
    assert odoo.call("res.partner", "read", [partner], ["active"]) == [{"id": partner, "active": False}]


def test_a_call_that_fails_half_way_leaves_nothing_behind(odoo: Connection) -> None:
    before = odoo.call("res.partner", "search_count", [], context={"active_test": False})
    odoo.fault("res.partner", "create", {"name": "Parent", "child_ids": [[0, 0, {"name": "Good"}], [0, 0, {}]]})
    odoo.fault("res.partner", "create", [{"name": "Good"}, {"name": "Bad", "type": "bogus"}])
    assert odoo.call("res.partner", "search_count", [], context={"active_test": False}) == before


def test_multicall_and_introspection_are_not_served(odoo: Connection) -> None:
    for call in (odoo.common.system.listMethods, lambda: odoo.common.system.multicall([])):
        with pytest.raises(xmlrpc.client.Fault, match=r"Method not found: system\.") as caught:
            call()
        assert caught.value.faultCode == 1


# -- the old path ----------------------------------------------------------------------------------


def test_the_old_path_answers_as_the_new_one(old: Connection) -> None:
    assert old.common.version()["server_serie"] == "17.0"
    assert old.common.login(old.db, "admin", "admin") == UID
    assert old.databases.list() == [old.db]
    partner = old.call("res.partner", "create", {"name": "Old way"})
    assert old.call("res.partner", "read", [partner], ["name"]) == [{"id": partner, "name": "Old way"}]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (("no.such.model", "search", []), "warning -- UserError\n\nObject no.such.model doesn't exist"),
        (
            ("res.partner", "create", {}),
            "warning -- UserError\n\nThe operation cannot be completed: Contacts require a name",
        ),
        (("res.partner", "write", [99999999], {"name": "x"}), f"warning -- MissingError\n\n{MISSING}"),
        (
            ("res.partner", "_search", []),
            "warning -- AccessError\n\nPrivate methods (such as 'res.partner._search') cannot be called remotely.",
        ),
    ],
)
def test_on_the_old_path_the_code_carries_the_text(old: Connection, call: tuple[Any, ...], code: str) -> None:
    assert old.refused(*call) == (code, "")


def test_on_the_old_path_a_wrong_password_is_access_denied(old: Connection) -> None:
    old.password = "wrong"
    assert old.refused("res.partner", "search", []) == ("AccessDenied", "Access Denied")


def test_on_the_old_path_another_error_has_its_text_as_code_and_a_traceback(old: Connection) -> None:
    code, text = old.refused("res.partner", "search", [["nope", "=", 1]])
    assert code == "Invalid field res.partner.nope in leaf ('nope', '=', 1)"
    assert text.startswith("Traceback (most recent call last):\n")


# -- connections and databases ---------------------------------------------------------------------


def test_one_connection_carries_all_calls_faults_too(odoo: Connection) -> None:
    def socket() -> Any:
        return odoo.object("transport")._connection[1].sock

    odoo.call("res.partner", "search_count", [])
    first = socket()
    assert first is not None
    odoo.fault("no.such.model", "search", [])
    odoo.call("res.partner", "search_read", [], ["name"])
    assert socket() is first


@pytest.mark.mockserver(db=["mock", "second"])
def test_two_databases_in_one_server_do_not_see_each_other(connect: Callable[..., Connection]) -> None:
    mock, second = connect(db="mock"), connect(db="second")
    assert mock.databases.list() == ["mock", "second"]
    mock.call("res.partner", "create", {"name": "Only here"})
    domain = [["name", "=", "Only here"]]
    assert (mock.call("res.partner", "search_count", domain), second.call("res.partner", "search_count", domain)) == (
        1,
        0,
    )


def test_a_database_is_made_duplicated_renamed_and_dropped(connect: Callable[..., Connection]) -> None:
    databases = connect().databases
    assert databases.create_database("admin", "made", False, "en_US", "secret", "boss") is True
    made = connect(db="made")
    assert made.common.authenticate("made", "boss", "secret", {}) == UID
    made.password = "secret"
    made.call("res.partner", "create", {"name": "Copied along"})
    assert databases.duplicate_database("admin", "made", "twin") is True
    assert databases.rename("admin", "made", "kept") is True
    assert databases.list() == ["kept", "mock", "twin"]
    assert databases.drop("admin", "kept") is True
    assert databases.drop("admin", "kept") is False
    assert databases.db_exist("kept") is False
    made.db = "twin"
    assert made.call("res.partner", "search_count", [["name", "=", "Copied along"]]) == 1


def test_a_dump_restores_under_another_name(connect: Callable[..., Connection]) -> None:
    odoo = connect()
    partner = odoo.call("res.partner", "create", {"name": "In the dump"})
    content = odoo.databases.dump("admin", odoo.db, "zip")
    odoo.call("res.partner", "unlink", [partner])
    assert odoo.databases.restore("admin", "again", content) is True
    assert connect(db="again").call("res.partner", "read", [partner], ["name"]) == [
        {"id": partner, "name": "In the dump"}
    ]
    assert odoo.call("res.partner", "search", [["id", "=", partner]]) == []


def test_a_model_that_was_removed_is_not_in_the_dump(connect: Callable[..., Connection]) -> None:
    odoo = connect()
    model = odoo.call("ir.model", "create", {"name": "Short-lived", "model": "x_short", "state": "manual"})
    odoo.call("ir.model", "unlink", [model])
    assert odoo.databases.restore("admin", "again", odoo.databases.dump("admin", odoo.db, "zip")) is True
    assert connect(db="again").call("ir.model", "search_count", [["model", "=", "x_short"]]) == 0


def test_a_wrong_master_password_is_fault_3(odoo: Connection) -> None:
    with pytest.raises(xmlrpc.client.Fault) as caught:
        odoo.databases.drop("wrong", odoo.db)
    assert (caught.value.faultCode, caught.value.faultString) == (3, "Access Denied")
    assert odoo.databases.db_exist(odoo.db) is True
