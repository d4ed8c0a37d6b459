"""Real clients on every product and version: the same calls, and what each generation makes of them.

odoorpc and odooly drive the profiles that speak JSON-RPC; `requests` and odoo-client-lib the JSON-2 of 19.  Each
table here is `{first generation: what it answers}`, written from the versions' documentation.
"""

from __future__ import annotations

import datetime
import xmlrpc.client
from collections.abc import Callable, Iterator
from typing import Any

import odoolib
import odooly
import odoorpc
import pytest
import requests

from mockserver import MockServer

LATEST = "odoo-19.0"
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
    17: "The method 'res.partner.{}' does not exist",
}
GONE = f"Record does not exist or has been deleted.\n(Record: res.partner({MISSING},), User: 2)"
IN_USE = "You can not remove the admin user as it is used internally for resources created by {brand}"
IN_USE += " (updates, module installation, ...)"
NO_RIGHT = {
    11: "Sorry, you are not allowed to create this kind of document. Only users with the following access level are"
    " currently allowed to do that:\n- Administration/Settings\n\n"
    "(Document model: res.country) - (Operation: create, User: {uid})",
    13: "Sorry, you are not allowed to create documents of type 'Country' (res.country). This operation is allowed for"
    " the groups:\n\t- Administration/Settings - (Operation: create, User: {uid})",
    14: "You are not allowed to create 'Country' (res.country) records.\n\n"
    "This operation is allowed for the following groups:\n\t- Administration/Settings\n\n"
    "Contact your administrator to request access if necessary.",
}

# a call; the class of its error, without the product's name; by generation the first argument of the error.
# None: no error
Errors = list[tuple[tuple[Any, ...], str, dict[int, str | None]]]
ERRORS: Errors = [
    (("res.users", "unlink", [1]), "UserError", {11: IN_USE}),
    (
        ("res.partner", "_search", []),
        "AccessError",
        {
            11: "Private methods (such as _search) cannot be called remotely.",
            17: "Private methods (such as 'res.partner._search') cannot be called remotely.",
        },
    ),
    (
        ("res.country", "create", {"name": "Twin", "code": "BE"}),
        "ValidationError",
        {
            11: "The code of the country must be unique !",
            15: "res_country_code_uniq",
            16: "The operation cannot be completed: The code of the country must be unique !",
            17: "The operation cannot be completed: The code of the country must be unique!",
        },
    ),
    (
        ("res.partner", "write", [MISSING], {"name": "x"}),
        "MissingError",
        {
            11: "One of the records you are trying to modify has already been deleted (Document type: Contact).",
            13: GONE,
        },
    ),
    (("res.partner", "unlink", [MISSING]), "MissingError", {11: None, 14: GONE}),
    (
        ("res.users", "create", {"name": "Nobody"}),
        "RedirectWarning",
        {
            11: "You cannot create a new user from here.\n To create new user please go to configuration panel.",
            16: None,
        },
    ),
    (
        ("res.partner", "search", [("nope", "=", 1)]),
        "ValueError",
        {
            11: "Invalid field 'nope' in leaf \"<osv.ExtendedLeaf: ('nope', '=', 1) on res_partner (ctx: )>\"",
            14: "Invalid field res.partner.nope in leaf ('nope', '=', 1)",
        },
    ),
    (
        ("res.partner", "search", [], 0, 1, "nope"),
        "ValueError",
        {11: "Sorting field nope not found on model res.partner", 14: "Invalid field 'nope' on model 'res.partner'"},
    ),
    (
        ("res.partner", "create", {"name": "x", "nope": 1}),
        "ValueError",
        {11: None, 14: "Invalid field 'nope' on model 'res.partner'"},
    ),
    (("res.partner", "read", [1], ["nope"]), "KeyError", {11: None, 13: "nope", 14: None}),
    (
        ("res.partner", "no_such_method", []),
        "AttributeError",
        {first: text.format("no_such_method") for first, text in NO_METHOD.items()},
    ),
]
BUILTINS = {"ValueError", "KeyError", "AttributeError", "TypeError"}
# elsewhere it is another class, which another row or none speaks of
NOT_THIS_CLASS = {("RedirectWarning", 16), ("KeyError", 14)}


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


def told(error: dict[str, Any]) -> tuple[str, str, str]:
    """What an error of the wire says, in the shape of `expected`."""
    data = error["data"]
    return data["name"], data["message"], data["arguments"][0] if data["arguments"] else ""


# -- odoorpc -----------------------------------------------------------------------------------------


@pytest.fixture(params=PROFILES)
def server(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> MockServer:
    return mockserver_factory(profile=request.param)


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


def test_odoorpc_browses_creates_writes_and_deletes(odoo: odoorpc.ODOO, partners: Any) -> None:
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
    assert partners.read([person.id], ["city", "ref"]) == [{"id": person.id, "city": "Gent", "ref": "A1"}]
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
    # until 14, where odoorpc calls the first one
    for method, found in (("xmlid_to_res_model_res_id", ["res.company", 1]), ("xmlid_to_res_id", 1)):
        call = ("ir.model.data", method, "base.main_company")
        if server.profile.generation < 15:
            assert odoo.execute(*call) == found
            absent = [False, False] if method == "xmlid_to_res_model_res_id" else False
            assert odoo.execute("ir.model.data", method, "base.nope") == absent
        else:
            assert refused(lambda call=call: odoo.execute(*call))[0] == "builtins.AttributeError"


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
        error = by_generation(server, {11: "builtins.TypeError", 14: "builtins.ValueError"})
        assert refused(lambda: partners.search(inside))[0] == error
    assert ("date" in partners.fields_get()) == (server.profile.generation < 18)
    assert ("__last_update" in partners.fields_get()) == (server.profile.generation < 17)


def test_odoorpc_is_told_the_class_and_the_text_of_the_version(odoo: odoorpc.ODOO, server: MockServer) -> None:
    for call, error, texts in ERRORS:
        text = by_generation(server, texts)
        if text is None and any(error == name and server.profile.generation >= first for name, first in NOT_THIS_CLASS):
            assert refused(lambda call=call: odoo.execute(*call))[0] != f"builtins.{error}"
        elif text is None:
            assert odoo.execute(*call) is not None
        elif error == "RedirectWarning":  # its message shows the action, too
            name, message, argument = refused(lambda call=call: odoo.execute(*call))
            assert (name, argument) == (f"{package(server)}.exceptions.RedirectWarning", text)
            last = "\nGo to the configuration panel" + by_generation(server, {11: "", 14: "\nNone"})
            assert message.startswith(text + "\n")
            assert message.endswith(last)
        else:
            assert refused(lambda call=call: odoo.execute(*call)) == expected(server, error, text)


def test_odoorpc_is_told_why_a_user_or_a_password_will_not_do(odoo: odoorpc.ODOO, server: MockServer) -> None:
    demo = connect(server, "demo")
    text = by_generation(server, NO_RIGHT).format(uid=demo.env.uid)
    assert refused(lambda: demo.execute("res.country", "create", {"name": "X"})) == expected(
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
    return request.param


@pytest.fixture(params=ODOOLY_PROFILES)
def odooly_server(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> MockServer:
    return mockserver_factory(profile=request.param)


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
    assert (env.uid, env.user.name, env.lang, env.context["uid"]) == (uid, name, "en_US", uid)
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
    assert (person.city, sorted(person.category_id.name)) == ("Gent", ["One", "Two"])
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
    for call, error, texts in ERRORS:
        text = by_generation(odooly_server, texts)
        if text is not None and error != "RedirectWarning":
            found = odooly_refused(lambda call=call: client.env.execute(*call))
            assert found == expected(odooly_server, error, text)
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
        [row] = records.execute_kw(server.db, 2, key, "res.partner", "read", [[made]], {"fields": ["name"]})
        assert row == {"id": made, "name": "By key"}
        with pytest.raises(xmlrpc.client.Fault) as caught:
            records.execute_kw(server.db, 2, key[:-1], "res.partner", "search", [[]])
        denied = by_generation(server, {13: "Access denied", 14: "Access Denied"})
        assert (caught.value.faultCode, caught.value.faultString) == (3, denied)
    params = {"db": server.db, "login": "admin", "password": key}
    answer = requests.post(f"{server.url}/web/session/authenticate", json={"params": params}, timeout=10).json()
    assert answer["error"]["data"]["name"] == f"{package(server)}.exceptions.AccessDenied"


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-12.0", "odoo-13.0", "flectra-1.6", "cloudoffix-11.0"])
def test_older_servers_have_no_api_keys(mockserver_factory: Callable[..., MockServer], profile: str) -> None:
    with pytest.raises(ValueError, match=f"{profile} has no API keys"):
        _ = mockserver_factory(profile=profile).api_key


# -- JSON-2 --------------------------------------------------------------------------------------------


@pytest.fixture
def latest(mockserver_factory: Callable[..., MockServer]) -> MockServer:
    return mockserver_factory(profile=LATEST)


@pytest.fixture
def post(latest: MockServer) -> Iterator[Callable[..., requests.Response]]:
    """`post("res.partner/search", domain=[...])` with the key of the administrator."""
    with requests.Session() as session:
        session.headers.update({"Authorization": f"bearer {latest.api_key}", "X-Odoo-Database": latest.db})

        def post(method: str, **arguments: Any) -> requests.Response:
            return session.post(f"{latest.url}/json/2/{method}", json=arguments, timeout=10)

        yield post


def test_requests_creates_reads_writes_and_deletes_by_json_2(
    post: Callable[..., requests.Response], latest: MockServer
) -> None:
    belgium = latest.ref("base.be").id
    company, person = post(
        "res.partner/create", vals_list=[{"name": "Acme", "country_id": belgium}, {"name": "Ann"}]
    ).json()
    assert post("res.partner/write", ids=[person], vals={"parent_id": company, "ref": "A1"}).json() is True
    tags = [[0, 0, {"name": "One"}], [0, 0, {"name": "Two"}]]
    assert post("res.partner/write", ids=[person], vals={"category_id": tags}).json() is True
    [row] = post("res.partner/read", ids=[person], fields=["name", "parent_id", "category_id"]).json()
    assert (row["name"], row["parent_id"], len(row["category_id"])) == ("Ann", [company, "Acme"], 2)
    domain = [["parent_id.country_id.code", "=", "BE"], ["id", "=", person]]
    assert post("res.partner/search_read", domain=domain, fields=["ref"]).json() == [{"id": person, "ref": "A1"}]
    assert post("res.partner/search", domain=[["child_ids", "any", [["id", "=", person]]]]).json() == [company]
    [copied] = post("res.partner/copy", ids=[person]).json()
    assert post("res.partner/read", ids=[copied], fields=["name"]).json() == [{"id": copied, "name": "Ann (copy)"}]
    post("res.partner/action_archive", ids=[copied])
    assert post("res.partner/search_count", domain=[["id", "=", copied]]).json() == 0
    asked = {"domain": [["id", "=", copied]], "context": {"active_test": False}}
    assert post("res.partner/search_count", **asked).json() == 1
    assert post("res.partner/unlink", ids=[person, copied]).json() is True
    assert post("res.users/context_get").json()["lang"] == "en_US"


JSON2_ERRORS: list[tuple[str, dict[str, Any], int, str, str]] = [
    (
        "no.such.model/search",
        {"domain": []},
        404,
        "werkzeug.exceptions.NotFound",
        "the model 'no.such.model' does not exist",
    ),
    ("res.partner/nope", {}, 404, "werkzeug.exceptions.NotFound", "The method 'res.partner.nope' does not exist"),
    ("res.partner/search", {}, 422, "werkzeug.exceptions.UnprocessableEntity", "missing a required argument: 'domain'"),
    ("res.partner/write", {"ids": [MISSING], "vals": {"name": "x"}}, 404, "odoo.exceptions.MissingError", GONE),
    (
        "res.country/create",
        {"vals_list": [{"name": "Twin", "code": "BE"}]},
        422,
        "odoo.exceptions.ValidationError",
        "The operation cannot be completed: The code of the country must be unique!",
    ),
    (
        "res.partner/_search",
        {"domain": []},
        403,
        "odoo.exceptions.AccessError",
        "Private methods (such as 'res.partner._search') cannot be called remotely.",
    ),
    (
        "res.partner/search",
        {"domain": [["nope", "=", 1]]},
        500,
        "builtins.ValueError",
        "Invalid field res.partner.nope in condition ('nope', '=', 1)",
    ),
]


@pytest.mark.parametrize(("method", "arguments", "status", "name", "message"), JSON2_ERRORS)
def test_requests_is_told_an_error_by_its_status_and_its_body(
    post: Callable[..., requests.Response], method: str, arguments: dict[str, Any], status: int, name: str, message: str
) -> None:
    answer = post(method, **arguments)
    assert (answer.status_code, answer.json()["name"], answer.json()["message"]) == (status, name, message)
    assert list(answer.json()) == ["name", "message", "arguments", "context", "debug"]


def test_requests_without_a_key_or_with_a_wrong_one_is_unauthorized(latest: MockServer) -> None:
    url = f"{latest.url}/json/2/res.partner/search"
    wrong = requests.post(url, json={"domain": []}, headers={"Authorization": "bearer wrong"}, timeout=10)
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Invalid apikey")
    without = requests.post(url, json={"domain": []}, timeout=10)
    assert (without.status_code, without.headers["WWW-Authenticate"]) == (401, "bearer")


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-18.0"])
def test_json_2_is_not_found_before_19(mockserver_factory: Callable[..., MockServer], profile: str) -> None:
    server = mockserver_factory(profile=profile)
    headers = {"Authorization": f"bearer {server.api_key}"}
    answer = requests.post(f"{server.url}/json/2/res.partner/search", json={"domain": []}, headers=headers, timeout=10)
    assert answer.status_code == 404


def test_odoo_client_lib_learns_the_parameters_and_calls_by_json_2(latest: MockServer) -> None:
    connection = odoolib.get_connection(
        hostname=latest.host, port=latest.port, protocol="json2", database=latest.db, password=latest.api_key
    )
    assert connection.check_login() is True
    assert connection.get_user_context()["lang"] == "en_US"
    partners = connection.get_model("res.partner")
    # by position: it asks /doc-bearer/res.partner.json for the names
    one, two = partners.create([{"name": "Lib 1"}, {"name": "Lib 2"}])
    assert partners.read([one, two], ["name"]) == [{"id": one, "name": "Lib 1"}, {"id": two, "name": "Lib 2"}]
    assert partners.write([one], {"city": "Gent"}) is True
    assert partners.search([["city", "=", "Gent"], ["id", "in", [one, two]]]) == [one]
    assert partners.search_read(domain=[["id", "=", one]], fields=["city"]) == [{"id": one, "city": "Gent"}]
    assert partners.unlink(ids=[two]) is True
    with pytest.raises(ValueError, match=r"Unexpected status code 404: .*the model 'no\.such\.model' does not exist"):
        connection.get_model("no.such.model").search(domain=[])
    wrong = odoolib.get_connection(
        hostname=latest.host, port=latest.port, protocol="json2", database=latest.db, password="wrong"
    )
    assert wrong.check_login() is False
