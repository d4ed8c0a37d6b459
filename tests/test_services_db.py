from __future__ import annotations

import base64
import functools
import io
import threading
import zipfile
from typing import Any

import pytest

from mockserver.errors import AccessDenied, DatabaseError, DatabaseExists
from mockserver.orm.database import Database
from mockserver.server.app import App, create_app
from mockserver.services import Call, Databases, Services, dumps
from tests.waiting import HANG


@pytest.fixture(scope="module")
def served() -> tuple[App, Any]:
    app = create_app(master_password="master")
    return app, app.snapshot()


@pytest.fixture
def app(served: tuple[App, Any]) -> App:
    app, start = served
    app.restore(start)
    return app


def db(app: App, method: str, *args: Any) -> Any:
    return Services(app.databases, app.sessions).rpc(Call("test", "db", method, args))


def test_open_methods_need_no_password(app: App) -> None:
    assert db(app, "list") == ["mock"]
    assert db(app, "db_exist", "mock") is True
    assert db(app, "db_exist", "nodb_x") is False
    assert db(app, "server_version") == "17.0"
    assert ["en_US", "English (US)"] in db(app, "list_lang")


def test_countries_are_listed_by_name_with_lower_case_codes(app: App) -> None:
    countries = db(app, "list_countries", "master")
    assert ["be", "Belgium"] in countries
    assert [name for _, name in countries] == sorted(name for _, name in countries)


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("create_database", ["x", False, "en_US"]), ("duplicate_database", ["mock", "x"]), ("drop", ["mock"]),
        ("dump", ["mock", "zip"]), ("restore", ["x", ""]), ("rename", ["mock", "x"]), ("list_countries", []),
        ("change_admin_password", ["x"]), ("migrate_databases", [["mock"]]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("password", ["wrong", "", None, 5, "MASTER"])
def test_a_wrong_master_password_is_denied(app: App, method: str, args: list[Any], password: Any) -> None:
    with pytest.raises(AccessDenied):
        db(app, method, password, *args)
    assert list(app.databases) == ["mock"]


def test_an_unknown_method_is_a_key_error_before_the_password(app: App) -> None:
    with pytest.raises(KeyError, match="Method not found: nope"):
        db(app, "nope")


def test_a_protected_method_without_arguments_misses_the_password(app: App) -> None:
    with pytest.raises(IndexError, match="tuple index out of range"):
        db(app, "drop")


def test_a_created_database_has_its_own_login(app: App) -> None:
    assert db(app, "create_database", "master", "fresh", False, "en_US", "pw", "chief", "be") is True
    services = Services(app.databases, app.sessions)
    assert services.rpc(Call("test", "common", "login", ("fresh", "chief", "pw"))) == 2
    assert services.rpc(Call("test", "common", "login", ("fresh", "admin", "admin"))) is False
    assert db(app, "list") == ["fresh", "mock"]
    assert app.databases["fresh"].env().company is not None


@pytest.mark.parametrize("method", ["create_database", "duplicate_database", "rename"])
def test_a_taken_name_is_refused(app: App, method: str) -> None:
    args = ["mock", False, "en_US"] if method == "create_database" else ["mock", "mock"]
    with pytest.raises(DatabaseExists, match="database 'mock' already exists!"):
        db(app, method, "master", *args)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "x\n", "-x", "ä", "x" * 64, 5, None, "a b"])
def test_a_bad_name_is_refused(app: App, name: Any) -> None:
    with pytest.raises(ValueError, match="Invalid database name"):
        db(app, "create_database", "master", name, False, "en_US")


def test_unknown_databases_are_the_drivers_error(app: App) -> None:
    for method, args in (("duplicate_database", ["nodb", "x"]), ("rename", ["nodb", "x"]), ("dump", ["nodb", "zip"])):
        with pytest.raises(DatabaseError, match='database "nodb" does not exist'):
            db(app, method, "master", *args)
    assert db(app, "drop", "master", "nodb") is False


def test_a_duplicate_is_independent(app: App) -> None:
    db(app, "duplicate_database", "master", "mock", "copy", True)
    app.databases["copy"].store.insert("res.partner", {"name": "Only in the copy"})
    names = [row.get("name") for row in app.databases["mock"].store.rows("res.partner").values()]
    assert "Only in the copy" not in names


def test_a_duplicate_is_neutralised_where_the_generation_can() -> None:
    for profile in ("odoo-15.0", "odoo-16.0"):
        app = create_app(profile=profile, master_password="master")
        call = functools.partial(db, app, "duplicate_database", "master", "mock")
        assert call("copy") is True
        if profile == "odoo-16.0":
            assert call("neutral", True) is True
        else:
            with pytest.raises(TypeError, match=r"exp_duplicate_database\(\) takes 2 positional arguments but 3 were"):
                call("neutral", True)


@pytest.mark.parametrize("format", ["zip", "dump"])
def test_dump_and_restore_round_trip(app: App, format: str) -> None:
    store = app.databases["mock"].store
    id_ = store.insert("res.partner", {"name": "Grüße", "category_id": (1, 2)})
    data = db(app, "dump", "master", "mock", format)
    if format == "zip":
        assert "dump.json" in zipfile.ZipFile(io.BytesIO(base64.b64decode(data))).namelist()
    assert db(app, "restore", "master", "back", data) is True
    back = app.databases["back"]
    assert back.store.rows("res.partner")[id_] == store.rows("res.partner")[id_]
    assert sorted(back.registry) == sorted(app.databases["mock"].registry)


def test_a_restored_database_computes_as_the_one_that_was_dumped() -> None:
    app = create_app(["business"])
    app.databases.undump("back", dumps.pack(app.databases["mock"], "zip"))
    models, restored = (app.databases[name].registry for name in ("mock", "back"))
    assert restored["hr.employee.public"].fields["address_id"].compute  # the method is one of a mixin
    for name, model in models.items():
        own = {field.name: (field.type, field.given) for field in model.own_fields.values()}
        assert {field.name: (field.type, field.given) for field in restored[name].own_fields.values()} == own
        assert (restored[name].definitions, restored[name].defaults) == (model.definitions, model.defaults)


def _zip(**files: str) -> str:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return base64.b64encode(data.getvalue()).decode()


@pytest.mark.parametrize("data", ["", "%%%", "AAAA", base64.b64encode(b"[1]").decode(), _zip(other="x"), 5, None])
def test_what_is_no_dump_is_refused(app: App, data: Any) -> None:
    with pytest.raises(ValueError, match="dump"):
        db(app, "restore", "master", "back", data)
    assert list(app.databases) == ["mock"]


@pytest.mark.parametrize("text", ["[" + "0," * 6_000_000 + "0]", "[" * 100_000], ids=["large", "deep"])
def test_a_small_zip_that_unpacks_to_much_is_refused(app: App, text: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dump.json", text)
    with pytest.raises(
        ValueError, match=r"this is not a dump of a database: (the dump unpacks to more than 8388608|max)"
    ):
        db(app, "restore", "master", "back", base64.b64encode(data.getvalue()).decode())


def test_restore_onto_a_taken_name_is_refused(app: App) -> None:
    with pytest.raises(Exception, match=r"^Database already exists$"):
        db(app, "restore", "master", "mock", "")


def test_migrate_looks_for_every_database(app: App) -> None:
    assert db(app, "migrate_databases", "master", ["mock"]) is True
    with pytest.raises(DatabaseError):
        db(app, "migrate_databases", "master", ["nodb"])


def test_missing_arguments_are_named_as_the_real_functions_name_them(app: App) -> None:
    with pytest.raises(TypeError) as caught:
        db(app, "create_database", "master", "x")
    assert str(caught.value) == "exp_create_database() missing 2 required positional arguments: 'demo' and 'lang'"


def test_threads_make_and_drop_databases(app: App) -> None:
    def churn(number: int) -> None:
        for turn in range(5):
            db(app, "duplicate_database", "master", "mock", f"t{number}_{turn}")
            db(app, "drop", "master", f"t{number}_{turn}")

    threads = [threading.Thread(target=churn, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(app.databases) == ["mock"]


# -- databases that are made for a while ----------------------------------------------------------------------


@pytest.fixture
def databases() -> Databases:
    return create_app().databases


def test_an_idle_database_is_dropped_when_the_next_one_is_made(databases: Databases) -> None:
    now = [100.0]
    databases.leases.now = lambda: now[0]
    for name in ("used", "idle"):
        databases.duplicate("mock", name, seconds=60)
    now[0] = 150.0
    databases.connect("used")
    now[0] = 161.0
    assert set(databases) == {"mock", "used", "idle"}
    databases.duplicate("mock", "next", seconds=60)
    assert set(databases) == {"mock", "used", "next"}
    now[0] = 1000.0
    databases.drop_idle()
    assert (list(databases), dict(databases.leases)) == (["mock"], {})


def test_a_copy_takes_the_place_of_another_one(databases: Databases) -> None:
    first = databases.duplicate("mock", "copy", seconds=60)
    first.env()["res.partner"].create({"name": "Gone"})
    with pytest.raises(DatabaseExists):
        databases.duplicate("mock", "copy")
    second = databases.duplicate("mock", "copy", replace=True)
    assert databases["copy"] is second
    assert not second.env()["res.partner"].search([("name", "=", "Gone")])
    assert "copy" not in databases.leases  # the second one stays


def test_a_reset_keeps_the_databases_of_others(databases: Databases) -> None:
    start = databases.snapshot()
    databases.duplicate("mock", "of-a-suite", seconds=60)
    databases.duplicate("mock", "copy")
    databases.restore(start)
    assert list(databases) == ["mock", "of-a-suite"]


def test_a_renamed_database_is_kept(databases: Databases) -> None:
    databases.duplicate("mock", "copy", seconds=-1)
    databases.rename("copy", "kept")
    databases.drop_idle()
    assert list(databases) == ["mock", "kept"]


@pytest.mark.parametrize("method", ["clone", "snapshot", "restore"])
def test_a_call_may_make_a_database_while_its_own_is_waited_for(
    databases: Databases, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, start, real = threading.Event(), databases.snapshot(), getattr(Database, method)

    def noted(*args: Any) -> Any:
        waits.set()
        return real(*args)

    monkeypatch.setattr(Database, method, noted)
    waiter = {
        "clone": lambda: databases.duplicate("mock", "copy"),
        "snapshot": databases.snapshot,
        "restore": lambda: databases.restore(start),
    }[method]
    thread = threading.Thread(target=waiter)
    with databases["mock"].transaction():
        thread.start()
        assert waits.wait(HANG)
        assert databases._lock.acquire(timeout=HANG)  # as whatever makes, drops or renames a database does
        databases._lock.release()
    thread.join(HANG)
    assert not thread.is_alive()
