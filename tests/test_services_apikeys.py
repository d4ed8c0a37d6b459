"""API keys: where they are taken for a password and where not, how they are made, and that nobody reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.errors import AccessDenied, AccessError, UserError, ValidationError
from mockserver.orm.records.environment import Environment
from mockserver.profiles import PROFILES
from mockserver.seed import build as seed
from mockserver.server.app import App, create_app
from mockserver.services import Call, Services
from mockserver.services.apikeys import NoApiKeys

KEY = "0123456789abcdef0123456789abcdef01234567"
WITH_KEYS = [name for name, profile in PROFILES.items() if profile.generation >= 14 or name == "flectra-2.0"]
WITHOUT = [name for name in PROFILES if name not in WITH_KEYS]


def rpc(app: App, service: str, method: str, *args: Any) -> Any:
    return Services(app.databases, app.sessions).rpc(Call("test", service, method, args))


def wizard(env: Environment, **values: Any) -> dict[str, Any]:
    """What `make_key` answers once the password was checked."""
    asked = env["res.users.apikeys.description"].call("create", {"name": "for a test", **values}).call("make_key")
    assert asked["res_model"] == "res.users.identitycheck"
    check = env["res.users.identitycheck"].browse(asked["res_id"])
    answer: dict[str, Any] = check.with_context(password="admin").call("run_check")
    return answer


@pytest.mark.parametrize("profile", WITH_KEYS)
def test_a_key_does_in_place_of_the_password_over_rpc(profile: str) -> None:
    app = create_app(profile=profile, api_key=KEY)
    uid = app.profile.admin_id
    assert rpc(app, "common", "login", "mock", "admin", KEY) == uid
    assert rpc(app, "common", "authenticate", "mock", "admin", KEY, {}) == uid
    domain = [["login", "=", "admin"]]
    assert rpc(app, "object", "execute_kw", "mock", uid, KEY, "res.users", "search", [domain]) == [uid]
    assert rpc(app, "common", "login", "mock", "admin", KEY[:-1]) is False
    assert rpc(app, "common", "login", "mock", "demo", KEY) is False


@pytest.mark.parametrize("profile", WITH_KEYS)
def test_a_key_is_refused_where_a_person_logs_in(profile: str) -> None:
    app = create_app(profile=profile, api_key=KEY)
    with pytest.raises(AccessDenied):
        app.sessions.open("mock", "admin", KEY)


@pytest.mark.parametrize("profile", WITHOUT)
def test_a_server_without_keys_says_so(profile: str) -> None:
    with pytest.raises(NoApiKeys, match=f"^{profile} has no API keys"):
        create_app(profile=profile, api_key=KEY)
    with pytest.raises(NoApiKeys):
        MockServer(profile=profile).api_key  # noqa: B018


def test_another_users_key_opens_nothing() -> None:
    app = create_app(profile="odoo-17.0", api_key=KEY)
    user = app.databases["mock"].env(2)["res.users"].create({"name": "Other", "login": "other", "password": "x"})
    with pytest.raises(AccessDenied):
        rpc(app, "object", "execute_kw", "mock", user.id, KEY, "res.users", "search", [[]])


def test_the_key_of_an_archived_user_is_dead() -> None:
    app = create_app(profile="odoo-17.0", api_key=KEY)
    store = app.databases["mock"].store
    store.put("res.users", {**store.rows("res.users")[2], "active": False})
    assert rpc(app, "common", "login", "mock", "admin", KEY) is False


# -- the server's own key


def test_a_server_keeps_its_key() -> None:
    server = MockServer(profile="odoo-19.0")
    key = server.api_key
    assert len(key) == 40
    assert int(key, 16)
    assert server.api_key == key
    assert rpc(server.app, "common", "login", "mock", "admin", key) == 2
    assert len(server.env["res.users.apikeys"].search([])) == 1


def test_the_key_outlives_a_reset() -> None:
    with MockServer(profile="odoo-19.0") as server:
        key = server.api_key
        server.reset()
        assert server.api_key == key
        assert rpc(server.app, "common", "login", "mock", "admin", key) == 2


def test_a_key_that_was_given_is_there_from_the_start_and_in_every_database() -> None:
    with MockServer(profile="odoo-17.0", api_key="short", db=["one", "two"]) as server:
        server.reset()
        assert server.api_key == "short"
        assert server.environ()["ODOO_API_KEY"] == "short"
        for name in ("one", "two"):
            assert rpc(server.app, "common", "login", name, "admin", "short") == 2


def test_an_empty_key_is_none() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        MockServer(profile="odoo-17.0", api_key="")


# -- keys as records


@pytest.fixture
def env() -> Environment:
    return create_app(profile="odoo-19.0", api_key=KEY).databases["mock"].env(2)


@pytest.mark.parametrize("fields", [None, ["name"], []])
def test_nobody_reads_a_key(env: Environment, fields: Any) -> None:
    rows = env["res.users.apikeys"].search([]).call("read", fields)
    assert rows[0]["name"] == "mockserver"
    assert KEY not in json.dumps(rows)
    assert "key" not in env["res.users.apikeys"].call("fields_get")
    with pytest.raises(AccessError):
        env["res.users.apikeys"].search([]).call("read", ["key"])
    with pytest.raises(AccessError):
        env["res.users.apikeys"].search([("key", "=like", "0%")])


def test_a_key_has_an_owner_and_a_date(env: Environment) -> None:
    (row,) = env["res.users.apikeys"].search([]).call("read", ["user_id", "scope", "create_date", "expiration_date"])
    assert row["user_id"][0] == 2
    assert (row["scope"], row["expiration_date"]) == (False, False)
    assert row["create_date"] <= env.db.clock.now()


def test_over_the_wire_nobody_writes_one(env: Environment) -> None:
    with pytest.raises(AccessError):
        env["res.users.apikeys"].call("create", {"name": "mine", "key": "x"})
    with pytest.raises(AccessError):
        env["res.users.apikeys"].search([]).call("write", {"name": "x"})


def test_fixtures_have_keys(tmp_path: Path) -> None:
    records = [
        {"model": "res.users", "xmlid": "my.bot", "values": {"name": "Bot", "login": "bot"}},
        {"model": "res.users.apikeys", "values": {"name": "ci", "user_id": {"ref": "my.bot"}, "key": "bots-own"}},
    ]
    (tmp_path / "bot.json").write_text(json.dumps({"records": records}))
    app = create_app([str(tmp_path / "bot.json")], profile="odoo-18.0")
    uid = rpc(app, "common", "login", "mock", "bot", "bots-own")
    assert app.databases["mock"].env(uid).user.name == "Bot"


def test_an_export_keeps_them() -> None:
    app = create_app(profile="odoo-18.0", api_key=KEY)
    fixture = seed.export(app.databases["mock"])
    (record,) = [record for record in fixture["records"] if record["model"] == "res.users.apikeys"]
    database = seed.build("again", profile=profiles.get("odoo-18.0"), clock=Clock())
    seed.load(database, {"records": [record]}, source="export")
    assert database.store.having("res.users.apikeys", "key", (KEY,))


# -- making one


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def test_the_wizard_makes_a_key_after_the_password(profile: str) -> None:
    app = create_app(profile=profile)
    action = wizard(app.databases["mock"].env(2))
    key = action["context"]["default_key"]
    assert action["res_model"] == "res.users.apikeys.show"
    assert len(key) == 40
    assert int(key, 16)
    assert rpc(app, "common", "login", "mock", "admin", key) == 2
    assert not app.databases["mock"].env(2)["res.users.apikeys.description"].search([])


def test_until_18_the_password_is_written_into_the_wizard() -> None:
    env = create_app(profile="odoo-17.0").databases["mock"].env(2)
    asked = env["res.users.apikeys.description"].call("create", {"name": "x"}).call("make_key")
    check = env["res.users.identitycheck"].browse(asked["res_id"])
    check.call("write", {"password": "admin"})
    assert check.call("run_check")["context"]["default_key"]
    assert not check.read(["password"])[0]["password"]


@pytest.mark.parametrize("password", ["wrong", "", None, KEY])
def test_a_wrong_password_makes_no_key(env: Environment, password: Any) -> None:
    asked = env["res.users.apikeys.description"].call("create", {"name": "x"}).call("make_key")
    check = env["res.users.identitycheck"].browse(asked["res_id"]).with_context(password=password)
    with pytest.raises(UserError, match=r"^Incorrect Password, try again"):
        check.call("run_check")
    assert len(env["res.users.apikeys"].search([])) == 1


def test_the_wizard_goes_on_with_nothing_else(env: Environment) -> None:
    check = env.sudo()["res.users.identitycheck"].call("create", {"request": '["res.partner", [1], "unlink"]'})
    with pytest.raises(UserError, match="nothing to go on with"):
        env["res.users.identitycheck"].browse(check.id).with_context(password="admin").call("run_check")


@pytest.mark.parametrize(
    ("values", "days"), [({}, 1), ({"duration": "90"}, 90), ({"duration": "0"}, None),
                         ({"duration": "-1", "expiration_date": "2099-01-02 03:04:05"}, None)],
)  # fmt: skip
def test_since_18_a_key_ends(env: Environment, values: dict[str, str], days: int | None) -> None:
    from datetime import timedelta

    wizard(env, **values)
    row = env["res.users.apikeys"].search([], order="id desc", limit=1).read(["expiration_date"])[0]
    if days is not None:
        assert row["expiration_date"] == f"{env.db.clock.today() + timedelta(days=days)} 00:00:00"
    else:
        assert row["expiration_date"] == values.get("expiration_date", False)


def test_one_who_is_no_administrator_has_keys_that_end_soon(env: Environment) -> None:
    user = env["res.users"].create({"name": "U", "login": "u", "password": "admin"})
    own = env.with_user(user.id)
    assert wizard(own, duration="1")["context"]["default_key"]
    with pytest.raises(UserError, match="The API key must have an expiration date"):
        wizard(own, duration="0")
    with pytest.raises(UserError, match="You cannot exceed"):
        wizard(own, duration="365")
    assert own["res.users.apikeys"].search([]).mapped("user_id").ids == [user.id]


def test_a_key_is_removed_after_the_password(env: Environment) -> None:
    asked = env["res.users.apikeys"].search([]).call("remove")
    env["res.users.identitycheck"].browse(asked["res_id"]).with_context(password="admin").call("run_check")
    assert not env["res.users.apikeys"].search([])


def test_in_19_a_key_makes_another_and_takes_one_back(env: Environment) -> None:
    keys = env["res.users.apikeys"]
    new = keys.call("generate", KEY, None, "second", "2099-01-01")
    assert len(new) == 40
    assert keys.call("revoke", KEY) is True
    assert keys.search([]).mapped("name") == ["second"]
    with pytest.raises(AccessDenied, match=r"The provided API key is invalid\."):
        keys.call("revoke", KEY)
    with pytest.raises(AccessDenied, match="does not belong to the current user"):
        keys.call("generate", KEY, None, "third", None)


def test_there_is_a_limit_to_that(env: Environment) -> None:
    for number in range(9):
        env["res.users.apikeys"].call("generate", KEY, None, f"key {number}", "2099-01-01 00:00:00")
    with pytest.raises(UserError, match="Limit of 10 API keys is reached"):
        env["res.users.apikeys"].call("generate", KEY, None, "one more", None)


def test_others_need_the_parameter(env: Environment) -> None:
    user = env["res.users"].create({"name": "U", "login": "u", "password": "admin"})
    key = wizard(env.with_user(user.id), duration="1")["context"]["default_key"]
    keys = env.with_user(user.id)["res.users.apikeys"]
    with pytest.raises(UserError, match="Programmatic API keys are not enabled"):
        keys.call("generate", key, None, "x", None)
    env["ir.config_parameter"].create({"key": "base.enable_programmatic_api_keys", "value": "True"})
    soon = env.db.clock.today().isoformat()
    assert len(keys.call("generate", key, None, "x", soon)) == 40


@pytest.mark.parametrize("profile", WITHOUT)
def test_before_there_were_keys_there_is_no_model_of_them(profile: str) -> None:
    assert "res.users.apikeys" not in create_app(profile=profile).databases["mock"].registry


def test_a_password_check_counts_for_ten_minutes() -> None:
    clock = Clock()
    clock.freeze("2024-05-01 12:00:00")
    env = create_app(profile="odoo-19.0", clock=clock).databases["mock"].env(2)
    asked = env["res.users.apikeys.description"].call("create", {"name": "x"}).call("make_key")
    assert asked["name"] == "Access Control"
    env["res.users.identitycheck"].browse(asked["res_id"]).with_context(password="admin").call("run_check")

    def next_key() -> Any:
        return env["res.users.apikeys.description"].call("create", {"name": "y"}).call("make_key")["res_model"]

    assert next_key() == "res.users.apikeys.show"
    clock.freeze("2024-05-01 12:10:00")
    assert next_key() == "res.users.identitycheck"


def test_the_wizard_refuses_what_the_user_may_not_have_and_numbers_that_are_none(env: Environment) -> None:
    wizards = env["res.users.apikeys.description"]
    with pytest.raises(ValueError, match="invalid literal for int"):
        wizards.call("create", {"name": "x", "duration": "nope"})
    user = env["res.users"].call("create", {"name": "Ann", "login": "ann"})
    with pytest.raises(ValidationError, match="The API key must have an expiration date"):
        wizards.with_user(user.id).call("create", {"name": "x", "duration": "0"})
