"""Odooly: the web client's own endpoints (its default) and `/jsonrpc`, each over both of its HTTP libraries."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from mockserver import MockServer

pytestmark = pytest.mark.mockserver(demo=True)

# instead of the fixture `path`: the JSON-RPC endpoint has no session
web_only = pytest.mark.parametrize("path", [""], ids=["web"])


def _load(time_ns: int) -> ModuleType:
    """A copy of the module: it throws a coin (the clock's last bit) for urllib or requests when it is imported."""
    spec = importlib.util.find_spec("odooly")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", lambda: time_ns)
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=[0, 1], ids=["requests", "urllib"])
def odooly(request: pytest.FixtureRequest) -> ModuleType:
    return _load(request.param)


@pytest.fixture(params=["", "/jsonrpc"], ids=["web", "jsonrpc"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def connect(odooly: ModuleType, mockserver: MockServer, path: str) -> Iterator[Callable[..., Any]]:
    opened = []

    def open_client(db: str | None = mockserver.db, user: str | None = "admin", password: str = "admin") -> Any:
        client = odooly.Client(mockserver.url + path, db, None)
        opened.append(client)
        if user:
            client.login(user, password, db)
        return client

    # what it has learned of a server outlives the client; the next test's server is another one
    odooly.Env._cache.clear()
    yield open_client
    odooly.Env._cache.clear()
    for client in opened:
        if odooly.requests:
            client._http._session.close()


@pytest.fixture
def env(connect: Callable[..., Any]) -> Any:
    return connect().env


@pytest.fixture
def partners(env: Any) -> Any:
    return env["res.partner"]


@pytest.fixture
def refused(odooly: ModuleType) -> Callable[..., tuple[str, str]]:
    def refused(call: Callable[..., Any], *args: Any) -> tuple[str, str]:
        with pytest.raises(odooly.ServerError) as caught:
            call(*args)
        data = caught.value.args[0]["data"]
        return data["name"], data["message"]

    return refused


# -- login -----------------------------------------------------------------------------------------


def test_the_path_chooses_the_protocol(env: Any, path: str) -> None:
    assert env._execute_kw._protocol_name == ("JSON-RPC" if path else "Web API")


def test_the_version_and_the_databases_are_told_before_the_login(
    connect: Callable[..., Any], mockserver: MockServer
) -> None:
    client = connect(user=None)
    assert (client.server_version, client.version_info) == ("17.0", 17.0)
    assert client.database.list() == [mockserver.db]


def test_a_login_gives_the_user_and_the_context(env: Any) -> None:
    assert (env.uid, env.lang, env.context["uid"], env.db_name) == (2, "en_US", 2, "mock")
    assert (env.user.login, env.user.name) == ("admin", "Mitchell Admin")
    assert env.user.company_id == env.ref("base.main_company")
    assert repr(env) == "<Env 'admin@mock'>"


def test_the_web_session_tells_who_has_logged_in(env: Any, path: str) -> None:
    if path:
        assert env.session_info == {"uid": 2, "user_context": env.context}
    else:
        assert {key: env.session_info[key] for key in ("uid", "db", "username", "is_admin", "server_version")} == {
            "uid": 2,
            "db": "mock",
            "username": "admin",
            "is_admin": True,
            "server_version": "17.0",
        }


@web_only
def test_the_only_database_is_found_when_none_is_named(connect: Callable[..., Any]) -> None:
    assert connect(db=None).env.db_name == "mock"


def test_a_wrong_password_and_an_unknown_database_are_refused(odooly: ModuleType, connect: Callable[..., Any]) -> None:
    with pytest.raises(odooly.Error, match="Invalid username or password"):
        connect(password="wrong")
    with pytest.raises(odooly.Error, match=r"Database 'absent' does not exist: \['mock'\]"):
        connect(db="absent")


def test_another_user_works_beside_the_first(env: Any, mockserver: MockServer) -> None:
    demo = env(user="demo", password="demo")
    assert (demo.user.name, env.user.name) == ("Marc Demo", "Mitchell Admin")
    theirs = demo["res.partner.category"].with_context(lang="en_US")
    assert theirs.env.uid == demo.uid
    mine = env["res.partner"].create({"name": "Made by admin"})
    assert mine.create_uid.login == "admin"
    assert demo["res.partner"].browse(mine.id).name == "Made by admin"
    assert env["res.partner"].browse(mine.id).write_uid == env.user


@web_only
def test_a_session_that_was_destroyed_has_expired(connect: Callable[..., Any], refused: Any) -> None:
    client = connect()
    assert client.web_session.get_session_info()["uid"] == 2
    assert client.env.session_destroy() is None
    assert refused(client.web_session.get_session_info) == (
        "odoo.http.SessionExpiredException",
        "Session expired",
    )


# -- records ---------------------------------------------------------------------------------------


def test_a_record_shows_its_fields_and_its_relations(env: Any, partners: Any) -> None:
    company = partners.create({"name": "Acme", "is_company": True, "country_id": env.ref("base.be")})
    person = partners.create({"name": "Ann", "parent_id": company})
    assert (person.email, person.active, person.color, person.type) == (False, True, 0, "contact")
    assert (person.parent_id, person.parent_id.name) == (company, "Acme")
    assert str(company.country_id) == "Belgium"
    assert company.country_id.code == "BE"
    assert (company.child_ids.ids, company.child_ids.name) == ([person.id], ["Ann"])
    assert person.display_name == "Acme, Ann"
    assert person.category_id.ids == []


def test_an_attribute_that_is_set_is_written_at_once(env: Any, partners: Any, mockserver: MockServer) -> None:
    record = partners.create({"name": "Before"})
    record.name = "After"
    record.country_id = env.ref("base.fr")
    tags = env["res.partner.category"].create([{"name": "One"}, {"name": "Two"}])
    record.category_id = tags
    there = mockserver.env["res.partner"].browse(record.id)
    assert (there.name, there.country_id.code, there.category_id.mapped("name")) == ("After", "FR", ["One", "Two"])
    assert (record.name, sorted(record.category_id.name)) == ("After", ["One", "Two"])
    record.category_id = []
    assert there.category_id.ids == []


def test_domains_may_be_written_as_text(partners: Any) -> None:
    records = partners.create([{"name": f"Row {number}", "color": number} for number in range(4)])
    domain = ["name =like Row _", "color > 0"]
    assert partners.search(domain, order="name desc").name == ["Row 3", "Row 2", "Row 1"]
    assert partners.search(domain, order="name", offset=1, limit=1).ids == [records[2].id]
    assert partners.search(domain, order="id")[1:3].name == ["Row 2", "Row 3"]
    assert partners.search_count(domain) == 3
    assert partners.get(["name = Row 2"]) == records[2]
    assert partners.get(["name = No such"]) is None
    with pytest.raises(ValueError, match=r"domain matches too many records \(4\)"):
        partners.get(["name =like Row _"])


def test_reading_takes_ids_a_domain_and_several_shapes_of_fields(partners: Any) -> None:
    one, two = partners.create([{"name": "Read 1", "city": "Gent"}, {"name": "Read 2"}])
    assert partners.read([two.id, one.id], "name") == ["Read 1", "Read 2"]
    assert partners.read([two.id, 99999999, one.id], "name", order=True) == ["Read 2", False, "Read 1"]
    assert partners.read(one.id, "{name} in {city}") == "Read 1 in Gent"
    assert partners.read(["name = Read 2"], "name city") == [{"id": two.id, "name": "Read 2", "city": False}]
    assert partners.read(99999999, "name") is None
    assert partners.search_read(["name = Read 1"], ["city"]) == [{"id": one.id, "city": "Gent"}]


def test_records_are_copied_archived_and_deleted(env: Any, partners: Any) -> None:
    record = partners.create({"name": "Original", "city": "Gent"})
    copied = record.copy({"ref": "c1"})
    assert (copied.name, copied.city, copied.ref) == ("Original (copy)", "Gent", "c1")
    assert record.action_archive() is None
    assert record.active is False
    assert partners.search(["name = Original"]).ids == []
    assert partners.with_context(active_test=False).search(["name = Original"]).ids == [record.id]
    assert record.unlink() is True
    assert partners.browse([record.id, copied.id]).exists().ids == [copied.id]
    assert not record.exists()


def test_a_path_is_mapped_through_relations(env: Any, partners: Any) -> None:
    belgium, france = env.ref("base.be"), env.ref("base.fr")
    made = partners.create(
        [{"name": name, "country_id": country.id} for name, country in (("A", belgium), ("B", france), ("C", belgium))]
    )
    assert made.mapped("country_id.code") == ["BE", "FR"]
    assert made.filtered("country_id") == made
    assert [record.name for record in made.filtered(["country_id = " + str(belgium.id)])] == ["A", "C"]


# -- external ids, metadata, access ------------------------------------------------------------------


def test_external_ids_are_found_and_made(odooly: ModuleType, env: Any, partners: Any) -> None:
    assert env.ref("base.main_partner")._external_id == "base.main_partner"
    assert partners.get("base.main_partner").name == "YourCompany"
    assert env.ref("base.no_such_id") is None
    record = partners.create({"name": "Mine"})
    assert record._external_id is False
    record._external_id = "__test__.mine"
    assert env.ref("__test__.mine") == record
    with pytest.raises(ValueError, match=r"ID '__test__.mine' collides with another entry"):
        record._external_id = "__test__.mine"


def test_the_metadata_of_a_record_name_its_author_and_its_external_id(env: Any, partners: Any) -> None:
    record = partners.create({"name": "Mine"})
    [data] = record.get_metadata()
    assert (data["id"], data["xmlid"], data["noupdate"]) == (record.id, False, False)
    assert data["create_uid"] == [2, "Mitchell Admin"]
    assert data["create_date"] == data["write_date"] == record.create_date
    [data] = env.ref("base.main_company").get_metadata()
    assert (data["xmlid"], data["noupdate"]) == ("base.main_company", True)


def test_access_is_a_yes_or_a_no(env: Any, partners: Any) -> None:
    assert [partners.access(mode) for mode in ("read", "write", "create", "unlink")] == [True] * 4
    assert env.access("no.such.model") is False
    demo = env(user="demo", password="demo")
    assert demo["res.partner"].access("read") is True
    assert demo["res.users"].access("create") is False


def test_models_fields_and_modules_are_listed(odooly: ModuleType, env: Any, partners: Any) -> None:
    assert {"res.partner", "res.partner.category", "res.partner.bank"} <= set(env.models("res.partner"))
    assert "res.partner" in env
    assert "no.such.model" not in env
    with pytest.raises(odooly.Error, match=r"Model not found: no\.such\.model"):
        _ = env["no.such.model"]
    assert "base" in env.modules("base")["installed"]
    country = partners.field("country_id")
    assert (country["type"], country["relation"], country["string"]) == ("many2one", "res.country", "Country")
    assert {"name", "child_ids", "display_name", "create_uid"} <= set(partners.keys())


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "args", "name", "message"),
    [
        (
            "no_such_method",
            ([],),
            "builtins.AttributeError",
            "The method 'res.partner.no_such_method' does not exist",
        ),
        (
            "_search",
            ([],),
            "odoo.exceptions.AccessError",
            "Private methods (such as 'res.partner._search') cannot be called remotely.",
        ),
        (
            "create",
            ({},),
            "odoo.exceptions.ValidationError",
            "The operation cannot be completed: Contacts require a name",
        ),
        (
            "search",
            ([("nope", "=", 1)],),
            "builtins.ValueError",
            "Invalid field res.partner.nope in leaf ('nope', '=', 1)",
        ),
    ],
)
def test_an_error_names_its_class_and_its_message(
    env: Any, refused: Any, method: str, args: tuple[Any, ...], name: str, message: str
) -> None:
    assert refused(env.execute, "res.partner", method, *args) == (name, message)


def test_an_unknown_model_is_a_key_error_on_the_web_and_a_user_error_elsewhere(
    env: Any, refused: Any, path: str
) -> None:
    expected = (
        ("odoo.exceptions.UserError", "Object no.such.model doesn't exist")
        if path
        else ("builtins.KeyError", "no.such.model")
    )
    assert refused(env.execute, "no.such.model", "search", []) == expected
