"""Real clients on every product and version: the same calls, and what each generation makes of them.

odoorpc and odooly drive those up to 18, an API key over XML-RPC every one that has keys; `test_json2.py` has 19.
Each table here is `{first generation: what it answers}`.
"""

from __future__ import annotations

import datetime
import xmlrpc.client
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import odooly
import odoorpc
import pytest
import requests

from mockserver import MockServer
from tests.waiting import HANG

PROFILES = [*(f"odoo-{major}.0" for major in range(11, 19)), "flectra-1.6", "flectra-2.0", "cloudoffix-11.0"]
# odooly takes a server below version 8 for something else
ODOOLY_PROFILES = [name for name in PROFILES if name != "flectra-1.6"]
VERSIONS = {"flectra-1.6": "1.6", "flectra-2.0": "13.0"}
MISSING = 99999999


def by_generation(server: MockServer, answers: dict[int, Any]) -> Any:
    """The answer of the last generation named that is not later than the server's."""
    return answers[max(first for first in answers if first <= server.profile.generation)]


def version(server: MockServer) -> str:
    return VERSIONS.get(server.profile.name, server.profile.name.partition("-")[2])


def package(server: MockServer) -> str:
    """Root of the dotted names of the exceptions."""
    return "flectra" if server.profile.name.startswith("flectra") else "odoo"


# -- what the generations answer ---------------------------------------------------------------------

NO_METHOD = {
    11: "type object 'res.partner' has no attribute '{}'",
    15: "The method '{}' does not exist on the model 'res.partner'",
    16: "type object 'res.partner' has no attribute '{}'",
    17: "The method 'res.partner.{}' does not exist",
}
GONE = f"Record does not exist or has been deleted.\n(Record: res.partner({MISSING},), User: 2)"
IN_USE = "You can not remove the admin user as it is used internally for resources created by {brand}"
IN_USE += " (updates, module installation, ...)"
DELETED = "One of the records you are trying to modify has already been deleted (Document type: Contact)."
TWIN = "The code of the country must be unique"
TWIN_NAMED = "res_country_code_uniq"
NO_FIELD = "Invalid field 'nope' on model 'res.partner'"
MANDATORY = (
    "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n"
    "- Delete: another model requires the record being deleted. If possible, archive it instead.\n\n"
)
NO_RIGHT = {
    11: "Sorry, you are not allowed to create this kind of document. Only users with the following access level are"
    " currently allowed to do that:\n- Administration/Settings\n\n"
    "(Document model: res.currency) - (Operation: create, User: {uid})",
    13: "Sorry, you are not allowed to create documents of type 'Currency' (res.currency)."
    " This operation is allowed for"
    " the groups:\n\t- Administration/Settings - (Operation: create, User: {uid})",
    14: "You are not allowed to create 'Currency' (res.currency) records.\n\n"
    "This operation is allowed for the following groups:\n\t- Administration/Settings\n\n"
    "Contact your administrator to request access if necessary.",
}

# a call; by generation the class of its error, without the product's name, and the first argument; or None: no error
ERRORS: list[tuple[tuple[Any, ...], dict[int, tuple[str, str] | None]]] = [
    (("res.users", "unlink", [1]), {11: ("UserError", IN_USE)}),
    (
        ("res.partner", "_search", []),
        {
            11: ("AccessError", "Private methods (such as _search) cannot be called remotely."),
            17: ("AccessError", "Private methods (such as 'res.partner._search') cannot be called remotely."),
        },
    ),
    (
        ("res.country", "create", {"name": "Twin", "code": "BE"}),
        {
            11: ("ValidationError", f"{TWIN} !"),
            13: ("ValidationError", TWIN_NAMED),
            16: ("ValidationError", f"The operation cannot be completed: {TWIN} !"),
            17: ("ValidationError", f"The operation cannot be completed: {TWIN}!"),
        },
    ),
    (
        ("res.country", "create", {"code": "XX"}),
        {
            11: ("ValidationError", f"{MANDATORY}Model: Country (res.country), Field: Country Name (name)"),
            16: ("ValidationError", f"{MANDATORY}Model: Country (res.country)\nField: Country Name (name)\n"),
        },
    ),
    (
        ("res.partner", "write", [MISSING], {"name": "x"}),
        {
            11: ("MissingError", f"{DELETED}\n\n(Records: ({MISSING},), User: 1)"),
            12: ("MissingError", f"{DELETED}\n\n(Records: ({MISSING},), User: 2)"),
            13: ("MissingError", GONE),
        },
    ),
    (("res.partner", "unlink", [MISSING]), {11: None, 13: ("MissingError", GONE)}),
    (("res.partner", "read", [MISSING], ["name"]), {11: None}),
    (
        ("res.partner", "search", [("nope", "=", 1)]),
        {
            11: (
                "ValueError",
                "Invalid field 'nope' in leaf \"<osv.ExtendedLeaf: ('nope', '=', 1) on res_partner (ctx: )>\"",
            ),
            14: ("ValueError", "Invalid field res.partner.nope in leaf ('nope', '=', 1)"),
        },
    ),
    (
        ("res.partner", "search", [], 0, 1, "nope"),
        {11: ("ValueError", "Sorting field nope not found on model res.partner"), 13: ("ValueError", NO_FIELD)},
    ),
    (("res.partner", "create", {"name": "x", "nope": 1}), {11: None, 13: ("ValueError", NO_FIELD)}),
    (("res.partner", "write", [1], {"nope": 1}), {11: None, 13: ("ValueError", NO_FIELD)}),
    (("res.partner", "read", [1], ["nope"]), {11: None, 13: ("ValueError", NO_FIELD)}),
    (
        ("res.partner", "no_such_method", []),
        {first: ("AttributeError", text.format("no_such_method")) for first, text in NO_METHOD.items()},
    ),
]
# what Flectra 1.6 says otherwise than its generation; a call by its model and method
OF_FLECTRA_1 = {
    ("res.country", "create", "code"): "The operation cannot be completed, probably due to the following:\n"
    "- deletion: you may be trying to delete a record while other records still reference it\n"
    "- creation/update: a mandatory field is not correctly set\n\n[object with reference: Country - res.country]",
    ("res.partner", "write", "name"): DELETED,
}
BUILTINS = {"ValueError", "KeyError", "AttributeError", "TypeError"}


def expected(server: MockServer, error: str, text: str) -> tuple[str, str, str]:
    """Class, message and first argument as they stand in an error of this server.

    Until 13 an exception has a second argument, and the message shows it.
    """
    generation = server.profile.generation
    text = text.format(brand=server.profile.brand) if "{brand}" in text else text
    if error in BUILTINS:
        return f"builtins.{error}", text, text
    second = ("\n" if error == "UserError" else "\nNone") if generation < 14 else ""
    return f"{package(server)}.exceptions.{error}", text + second, text


def of_flectra_1(call: tuple[Any, ...]) -> str | None:
    """The text of Flectra 1.6 for a call, where it differs from that of its generation."""
    written = next(iter(call[-1])) if isinstance(call[-1], dict) and "Twin" not in call[-1].values() else ""
    return OF_FLECTRA_1.get((call[0], call[1], written))


def told(error: dict[str, Any]) -> tuple[str, str, str]:
    """What an error of the wire says, in the shape of `expected`."""
    data = error["data"]
    return data["name"], data["message"], data["arguments"][0] if data["arguments"] else ""


# -- odoorpc -----------------------------------------------------------------------------------------


@pytest.fixture(params=PROFILES)
def server(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> MockServer:
    return mockserver_factory(profile=request.param, demo=True)


def connect(server: MockServer, login: str = "admin") -> odoorpc.ODOO:
    client = odoorpc.ODOO(server.host, port=server.port)
    client.login(server.db, login, login)
    return client


@pytest.fixture
def odoo(server: MockServer) -> odoorpc.ODOO:
    return connect(server)


@pytest.fixture
def partners(odoo: odoorpc.ODOO) -> Any:
    return odoo.env["res.partner"]


def refused(call: Callable[[], Any]) -> tuple[str, str, str]:
    with pytest.raises(odoorpc.error.RPCError) as caught:
        call()
    return told(caught.value.info)


def test_odoorpc_learns_the_version_and_the_databases_and_logs_in(server: MockServer) -> None:
    client = odoorpc.ODOO(server.host, port=server.port)
    assert client.version == version(server)
    assert client.db.list() == [server.db]
    client.login(server.db, "admin", "admin")
    # the administrator is the superuser until 11
    uid, name = by_generation(server, {11: (1, "Administrator"), 12: (2, "Mitchell Admin")})
    assert client.env.context == {"lang": "en_US", "tz": "Europe/Brussels", "uid": uid}
    assert (client.env.uid, client.env.user.name) == (uid, name)
    with pytest.raises(odoorpc.error.RPCError, match="Wrong login ID or password"):
        client.login(server.db, "admin", "wrong")


def test_odoorpc_browses_creates_writes_and_deletes(odoo: odoorpc.ODOO, server: MockServer, partners: Any) -> None:
    belgium = odoo.env.ref("base.be")
    company = partners.create({"name": "Acme", "is_company": True, "country_id": belgium.id})
    person = partners.browse(partners.create({"name": "Ann", "parent_id": company}))
    assert (person.name, person.email, person.active, person.type) == ("Ann", False, True, "contact")
    assert isinstance(person.create_date, datetime.datetime)
    assert person.create_uid == odoo.env.user
    assert (person.parent_id.name, person.parent_id.country_id.code) == ("Acme", "BE")
    assert partners.browse(company).child_ids.ids == [person.id]
    person.city = "Gent"
    assert person.write({"ref": "A1"}) is True
    city = by_generation(server, {11: False, 12: "Gent"})  # every write copies the address of the company in 11
    assert partners.read([person.id], ["city", "ref"]) == [{"id": person.id, "city": city, "ref": "A1"}]
    assert partners.search([("parent_id.country_id.code", "=", "BE"), ("id", ">=", company)]) == [person.id]
    assert partners.search([("id", "child_of", company)]) == [company, person.id]
    assert partners.search([("child_ids.name", "=", "Ann")]) == [company]
    assert person.unlink() is True
    assert partners.search_count([("id", "in", [company, person.id])]) == 1


def test_odoorpc_sends_commands_to_relations(odoo: odoorpc.ODOO, partners: Any) -> None:
    tags = odoo.env["res.partner.category"]
    one, two = tags.create({"name": "One"}), tags.create({"name": "Two"})
    record = partners.browse(partners.create({"name": "Tagged", "category_id": [(6, 0, [one])]}))

    def after(*commands: tuple[Any, ...]) -> list[str]:
        record.write({"category_id": list(commands)})
        return sorted(tag.name for tag in partners.browse(record.id).category_id)

    assert after((4, two)) == ["One", "Two"]
    assert after((3, one)) == ["Two"]
    assert after((0, 0, {"name": "Three"})) == ["Three", "Two"]
    assert after((1, two, {"name": "Deux"})) == ["Deux", "Three"]
    assert after((2, two, 0)) == ["Three"]
    assert after((5,)) == []
    assert tags.search([("id", "=", two)]) == []


def test_odoorpc_passes_a_context(odoo: odoorpc.ODOO, partners: Any) -> None:
    sleeper = partners.create({"name": "Sleeper", "active": False})
    assert partners.search([("name", "=", "Sleeper")]) == []
    assert partners.with_context(active_test=False).search([("name", "=", "Sleeper")]) == [sleeper]
    assert partners.search([("name", "=", "Sleeper")], context={"active_test": False}) == [sleeper]
    assert partners.with_context(default_city="Gent").default_get(["city"])["city"] == "Gent"


def test_odoorpc_finds_external_ids_by_the_method_of_the_version(odoo: odoorpc.ODOO, server: MockServer) -> None:
    assert odoo.env.ref("base.main_company").name == "YourCompany"
    text = "External ID not found in the system: base.nope"
    assert refused(lambda: odoo.env.ref("base.nope")) == expected(server, "ValueError", text)
    # what a client could call until 14; odoorpc calls the first one there
    for method, args, found in (
        ("xmlid_to_res_model_res_id", ["base.main_company"], ["res.company", 1]),
        ("xmlid_to_res_model_res_id", ["base.nope"], [False, False]),
        ("xmlid_to_res_id", ["base.main_company"], 1),
        ("xmlid_to_res_id", ["base.nope"], False),
        ("get_object_reference", ["base", "main_company"], ["res.company", 1]),
    ):
        call = ("ir.model.data", method, *args)
        if server.profile.generation < 15:
            assert odoo.execute(*call) == found
        else:
            assert refused(partial(odoo.execute, *call))[0] == "builtins.AttributeError"


def test_odoorpc_gets_what_the_version_answers_to_methods_that_changed(
    odoo: odoorpc.ODOO, server: MockServer, partners: Any
) -> None:
    generation = server.profile.generation
    original = partners.create({"name": "Original", "city": "Gent"})

    def gone(method: str) -> tuple[str, str, str]:
        return expected(server, "AttributeError", by_generation(server, NO_METHOD).format(method))

    def answer(method: str, *args: Any) -> Any:
        return odoo.execute("res.partner", method, *args)

    if generation < 18:
        assert answer("name_get", [original]) == [[original, "Original"]]
    else:
        assert refused(lambda: answer("name_get", [original])) == gone("name_get")
    if generation < 17:
        assert answer("search", [("id", "=", original)], 0, None, None, True) == 1
        assert "name" in answer("fields_get_keys")
    else:
        text = "BaseModel.search() takes from 2 to 5 positional arguments but 6 were given"
        counted = refused(lambda: answer("search", [], 0, None, None, True))
        assert counted == expected(server, "TypeError", text)
        assert refused(lambda: answer("fields_get_keys")) == gone("fields_get_keys")
    if generation < 12:
        assert refused(lambda: answer("create", [{"name": "One"}, {"name": "Two"}]))[0] == "builtins.AttributeError"
    else:
        many = answer("create", [{"name": "One"}, {"name": "Two"}])
        assert [row["name"] for row in answer("read", many, ["name"])] == ["One", "Two"]
    if generation < 13:
        assert refused(lambda: answer("action_archive", [original])) == gone("action_archive")
    else:
        assert not answer("action_archive", [original])
        assert answer("read", [original], ["active"]) == [{"id": original, "active": False}]
    copied = answer("copy", [original])
    assert isinstance(copied, list) == (generation >= 18)
    assert answer("read", copied, ["name"])[0]["name"] == "Original (copy)"
    assert answer("check_access_rights", "write") is by_generation(server, {11: True, 18: None})


def test_odoorpc_gets_the_domain_language_of_the_version(server: MockServer, partners: Any) -> None:
    placed, unplaced = partners.create({"name": "Placed", "city": "Gent"}), partners.create({"name": "Unplaced"})
    only = ("id", "in", [placed, unplaced])
    # NULL is something else than a text from 13 on
    expected_ids = by_generation(server, {11: [], 13: [unplaced]})
    assert partners.search([only, ("city", "!=", "Gent")]) == expected_ids
    inside = [only, ("country_id", "any", [("code", "=", "BE")])]
    if server.profile.generation >= 17:
        assert partners.search(inside) == []
    else:
        error = "TypeError" if server.profile.name == "flectra-1.6" else "ValueError"
        assert refused(lambda: partners.search(inside))[0] == f"builtins.{error}"
    assert ("date" in partners.fields_get()) == (server.profile.generation < 18)
    assert ("__last_update" in partners.fields_get()) == (server.profile.generation < 17)


def test_odoorpc_is_told_the_class_and_the_text_of_the_version(odoo: odoorpc.ODOO, server: MockServer) -> None:
    for call, answers in ERRORS:
        error = by_generation(server, answers)
        if error is None:
            assert odoo.execute(*call) is not None
        else:
            if server.profile.name == "flectra-1.6":
                error = (error[0], of_flectra_1(call) or error[1])
            assert refused(partial(odoo.execute, *call)) == expected(server, *error)


def test_a_user_without_a_login_is_sent_to_the_panel_until_15(odoo: odoorpc.ODOO, server: MockServer) -> None:
    name, message, _ = refused(lambda: odoo.execute("res.users", "create", {"name": "Nobody"}))
    if server.profile.generation < 16:
        assert name == f"{package(server)}.exceptions.RedirectWarning"
        # the action and the button are in the message, and from 14 on the context that there is not
        first, second, action, *rest = message.split("\n")
        assert first == "You cannot create a new user from here."
        assert second == " To create new user please go to configuration panel."
        assert action.isdecimal()
        assert rest == ["Go to the configuration panel", *by_generation(server, {11: [], 14: ["None"]})]
    else:
        assert name == f"{package(server)}.exceptions.ValidationError"
        assert message.endswith("\nField: Login (login)\n")


def test_odoorpc_is_told_why_a_user_or_a_password_will_not_do(odoo: odoorpc.ODOO, server: MockServer) -> None:
    demo = connect(server, "demo")
    text = by_generation(server, NO_RIGHT).format(uid=demo.env.uid)
    if server.profile.name == "flectra-1.6":
        text = text.partition(" - (Operation")[0]
    assert refused(lambda: demo.execute("res.currency", "create", {"name": "X"})) == expected(
        server, "AccessError", text
    )
    call = {
        "service": "object",
        "method": "execute",
        "args": [server.db, server.uid, "wrong", "res.users", "search", []],
    }
    name, message, _ = refused(lambda: odoo.json("/jsonrpc", call))
    assert (name, message) == (
        f"{package(server)}.exceptions.AccessDenied",
        by_generation(server, {11: "Access denied", 14: "Access Denied"}),
    )


def test_an_error_has_the_product_s_name_and_the_keys_of_the_version(odoo: odoorpc.ODOO, server: MockServer) -> None:
    with pytest.raises(odoorpc.error.RPCError) as caught:
        odoo.execute("res.partner", "search", [("nope", "=", 1)])
    brand = "Flectra" if package(server) == "flectra" else "Odoo"
    assert (caught.value.info["code"], caught.value.info["message"]) == (200, f"{brand} Server Error")
    last = by_generation(server, {11: "exception_type", 14: "context"})
    assert list(caught.value.info["data"]) == ["name", "debug", "message", "arguments", last]


# -- odooly ------------------------------------------------------------------------------------------


@pytest.fixture(params=["", "/jsonrpc"], ids=["web", "jsonrpc"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=ODOOLY_PROFILES)
def odooly_server(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> MockServer:
    return mockserver_factory(profile=request.param, demo=True)


@pytest.fixture
def open_client() -> Iterator[Callable[[str, str], Any]]:
    """Connect to a database at a URL; closed after the test, and what odooly has learned of the server forgotten."""
    opened = []

    def open_client(url: str, db: str) -> Any:
        opened.append(odooly.Client(url, db, None))
        return opened[-1]

    odooly.Env._cache.clear()
    yield open_client
    odooly.Env._cache.clear()
    for client in opened:
        if odooly.requests:  # it throws a coin for its HTTP library
            client._http._session.close()


@pytest.fixture
def client(open_client: Callable[[str, str], Any], odooly_server: MockServer, path: str) -> Any:
    client = open_client(odooly_server.url + path, odooly_server.db)
    client.login("admin", "admin", odooly_server.db)
    return client


def odooly_refused(call: Callable[[], Any]) -> tuple[str, str, str]:
    with pytest.raises(odooly.ServerError) as caught:
        call()
    return told(caught.value.args[0])


def test_odooly_learns_the_version_and_the_databases_and_logs_in(
    client: Any, odooly_server: MockServer, path: str
) -> None:
    assert (client.server_version, client.version_info) == (version(odooly_server), float(version(odooly_server)))
    assert client.database.list() == [odooly_server.db]
    env = client.env
    assert env._execute_kw._protocol_name == ("JSON-RPC" if path else "Web API")
    uid, name = by_generation(odooly_server, {11: (1, "Administrator"), 12: (2, "Mitchell Admin")})
    assert (env.uid, env.user.name, env.lang) == (uid, name, "en_US")
    # context_get has no uid until 15; over the web client's routes the session information has one
    assert env.context.get("uid") == by_generation(odooly_server, {11: None if path else uid, 16: uid})
    assert env.ref("base.main_company").name == "YourCompany"
    assert env.ref("base.nope") is None


def test_odooly_refuses_a_wrong_password(
    open_client: Callable[[str, str], Any], odooly_server: MockServer, path: str
) -> None:
    client = open_client(odooly_server.url + path, odooly_server.db)
    with pytest.raises(odooly.Error, match="Invalid username or password"):
        client.login("admin", "wrong", odooly_server.db)


def test_odooly_browses_creates_writes_and_deletes(client: Any, odooly_server: MockServer) -> None:
    env, partners = client.env, client.env["res.partner"]
    company = partners.create({"name": "Acme", "is_company": True, "country_id": env.ref("base.be")})
    person = partners.create({"name": "Ann", "parent_id": company})
    assert (person.display_name, person.parent_id, company.country_id.code) == ("Acme, Ann", company, "BE")
    assert partners.search(["parent_id.country_id.code = BE", f"id >= {company.id}"]).ids == [person.id]
    person.city = "Gent"
    person.category_id = [(0, 0, {"name": "One"}), (0, 0, {"name": "Two"})]
    city = by_generation(odooly_server, {11: False, 12: "Gent"})  # every write copies the address of the company in 11
    assert (person.city, sorted(person.category_id.name)) == (city, ["One", "Two"])
    copied = person.copy({"ref": "c1"})  # an id until 17, a list of ids from 18 on
    assert (copied.name, copied.ref) == ("Ann (copy)", "c1")
    person.write({"active": False})
    assert partners.search([f"id = {person.id}"]).ids == []
    assert partners.with_context(active_test=False).search([f"id = {person.id}"]).ids == [person.id]
    assert person.unlink() is True
    if odooly_server.profile.generation < 12:
        name = odooly_refused(lambda: partners.create([{"name": "One"}, {"name": "Two"}]))[0]
        assert name == "builtins.AttributeError"
    else:
        assert partners.create([{"name": "One"}, {"name": "Two"}]).name == ["One", "Two"]


def test_odooly_is_told_the_class_and_the_text_of_the_version(
    client: Any, odooly_server: MockServer, path: str
) -> None:
    for call, answers in ERRORS:
        error = by_generation(odooly_server, answers)
        if error == ("ValidationError", TWIN_NAMED):
            error = ("ValidationError", f"{TWIN} !")  # the context has a language
        if error is not None:
            found = odooly_refused(partial(client.env.execute, *call))
            assert found == expected(odooly_server, *error)
    name, message, _ = odooly_refused(lambda: client.env.execute("no.such.model", "search", []))
    if path:
        text = "Object no.such.model doesn't exist"
        assert (name, message) == expected(odooly_server, "UserError", text)[:2]
    else:
        assert name == by_generation(odooly_server, {11: "builtins.KeyError", 18: "werkzeug.exceptions.NotFound"})


def test_odooly_takes_flectra_1_6_for_a_server_that_is_too_old(
    mockserver_factory: Callable[..., MockServer], open_client: Callable[[str, str], Any], path: str
) -> None:
    server = mockserver_factory(profile="flectra-1.6")
    with pytest.raises(AssertionError, match=r"Not supported: Odoo 1\.6"):
        open_client(server.url + path, server.db)


# -- API keys over XML-RPC -----------------------------------------------------------------------------


@pytest.mark.parametrize("profile", [*(f"odoo-{major}.0" for major in range(14, 20)), "flectra-2.0"])
def test_an_api_key_does_in_place_of_the_password_but_not_on_the_web(
    mockserver_factory: Callable[..., MockServer], profile: str
) -> None:
    server = mockserver_factory(profile=profile)
    key = server.api_key
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common") as common:
        assert common.authenticate(server.db, "admin", key, {}) == 2
        assert common.authenticate(server.db, "admin", key[:-1], {}) is False
        assert common.authenticate(server.db, "admin", "admin", {}) == 2
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as records:
        made = records.execute_kw(server.db, 2, key, "res.partner", "create", [{"name": "By key"}])
        rows = records.execute_kw(server.db, 2, key, "res.partner", "read", [[made]], {"fields": ["name"]})
        assert rows == [{"id": made, "name": "By key"}]
        with pytest.raises(xmlrpc.client.Fault) as caught:
            records.execute_kw(server.db, 2, key[:-1], "res.partner", "search", [[]])
        denied = by_generation(server, {13: "Access denied", 14: "Access Denied"})
        assert (caught.value.faultCode, caught.value.faultString) == (3, denied)
    params = {"db": server.db, "login": "admin", "password": key}
    answer = requests.post(f"{server.url}/web/session/authenticate", json={"params": params}, timeout=HANG).json()
    assert answer["error"]["data"]["name"] == f"{package(server)}.exceptions.AccessDenied"


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-12.0", "odoo-13.0", "flectra-1.6", "cloudoffix-11.0"])
def test_older_servers_have_no_api_keys(mockserver_factory: Callable[..., MockServer], profile: str) -> None:
    with pytest.raises(ValueError, match=f"{profile} has no API keys"):
        _ = mockserver_factory(profile=profile).api_key
