"""The services `common` and `object`, without a wire."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.errors import AccessDenied, AccessError, DatabaseError, MissingError
from mockserver.server.app import App, create_app
from mockserver.services import Call, Services

LOGIN = ("mock", "admin", "admin")


@pytest.fixture(scope="module")
def served() -> tuple[App, Any]:
    app = create_app()
    return app, app.snapshot()


@pytest.fixture
def services(served: tuple[App, Any]) -> Services:
    app, start = served
    app.restore(start)
    return Services(app.databases, app.sessions)


def rpc(services: Services, service: str, method: str, *args: Any) -> Any:
    return services.rpc(Call("test", service, method, args))


def change(services: Services, **values: Any) -> None:
    store = services.databases["mock"].store
    store.put("res.users", {**store.rows("res.users")[2], **values})


def test_common_answers_version_and_about(services: Services) -> None:
    assert rpc(services, "common", "version") == {
        "server_version": "17.0", "server_version_info": [17, 0, 0, "final", 0, ""], "server_serie": "17.0",
        "protocol_version": 1,
    }  # fmt: skip
    assert rpc(services, "common", "about") == "See http://openerp.com"
    assert rpc(services, "common", "about", True) == ["See http://openerp.com", "17.0"]
    assert rpc(services, "common", "set_loglevel", "debug") is True


@pytest.mark.parametrize("env", [{}, [], None, False, {"interactive": True}])
def test_a_good_login_gives_the_uid(services: Services, env: Any) -> None:
    assert rpc(services, "common", "authenticate", *LOGIN, env) == 2
    assert rpc(services, "common", "login", *LOGIN) == 2


@pytest.mark.parametrize(
    ("login", "password"),
    [("admin", "wrong"), ("admin", ""), ("admin", None), ("Admin", "admin"), ("nobody", "x"), ("admin", 5),
     (None, None), ("admin", "admin "), ("__system__", ""), (["admin"], "admin"), ("admin", "\ud800")],
)  # fmt: skip
def test_a_bad_login_is_false_and_no_error(services: Services, login: Any, password: Any) -> None:
    assert rpc(services, "common", "login", "mock", login, password) is False


def test_an_archived_user_cannot_log_in(services: Services) -> None:
    change(services, active=False)
    assert rpc(services, "common", "login", *LOGIN) is False
    with pytest.raises(AccessDenied):
        rpc(services, "object", "execute", "mock", 2, "admin", "res.partner", "search", [])


@pytest.mark.parametrize("db", ["nodb_x", "", None, 5, ["mock"], "../etc"])
def test_an_unknown_database_is_the_drivers_error(services: Services, db: Any) -> None:
    with pytest.raises(DatabaseError) as caught:
        rpc(services, "common", "login", db, "admin", "admin")
    where = 'connection to server at "127.0.0.1", port 5432 failed'
    assert str(caught.value) == f'{where}: FATAL:  database "{db}" does not exist\n'


def test_the_base_location_of_an_administrator_is_kept(services: Services) -> None:
    rpc(services, "common", "authenticate", *LOGIN, {"base_location": "https://erp.example.com"})
    rows = services.databases["mock"].store.rows("ir.config_parameter").values()
    assert [row["value"] for row in rows if row["key"] == "web.base.url"] == ["https://erp.example.com"]


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("mock",), "exp_login() missing 2 required positional arguments: 'login' and 'password'"),
        ((1, 2, 3, 4), "exp_login() takes 3 positional arguments but 4 were given"),
    ],
)
def test_wrong_arguments_are_named_as_the_real_functions_name_them(
    services: Services, args: tuple[Any, ...], text: str
) -> None:
    with pytest.raises(TypeError) as caught:
        rpc(services, "common", "login", *args)
    assert str(caught.value) == text


@pytest.mark.parametrize(("service", "error", "text"), [
    ("common", Exception, "Method not found: nope"),
    ("object", NameError, "Method not available nope"),
])  # fmt: skip
def test_an_unknown_method(services: Services, service: str, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        rpc(services, service, "nope", "mock", 2, "admin", "res.partner", "search", [[]])
    assert (type(caught.value), str(caught.value)) == (error, text)


def test_the_password_counts_before_the_method(services: Services) -> None:
    with pytest.raises(AccessDenied):
        rpc(services, "object", "nope", "mock", 2, "wrong")


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ((), "execute_kw() missing 3 required positional arguments: 'obj', 'method', and 'args'"),
        (("m", "search"), "execute_kw() missing 1 required positional argument: 'args'"),
        (("m", "search", [], {}, 1), "execute_kw() takes from 5 to 6 positional arguments but 7 were given"),
    ],
)
def test_execute_kw_names_its_missing_arguments(services: Services, args: tuple[Any, ...], text: str) -> None:
    with pytest.raises(TypeError) as caught:
        rpc(services, "object", "execute_kw", "mock", 2, "admin", *args)
    assert str(caught.value) == text


@pytest.mark.parametrize("args", [["mock"], ("mock",)])
def test_fewer_than_three_arguments_are_an_index_error(services: Services, args: Any) -> None:
    with pytest.raises(IndexError, match=f"{type(args).__name__} index out of range"):
        services.rpc(Call("test", "object", "execute_kw", args))


def test_the_uid_may_be_text(services: Services) -> None:
    assert (
        rpc(services, "object", "execute_kw", "mock", "2", "admin", "res.partner", "search", [[["id", "<", 0]]]) == []
    )
    with pytest.raises(ValueError, match="invalid literal for int"):
        rpc(services, "object", "execute", "mock", "abc", "admin", "res.partner", "search", [])


@pytest.mark.parametrize("uid", [999999, 2**70, -1])
def test_an_unknown_uid_is_a_missing_record(services: Services, uid: int) -> None:
    with pytest.raises(MissingError) as caught:
        rpc(services, "object", "execute", "mock", uid, "admin", "res.partner", "search", [])
    assert str(caught.value) == (
        f"Record does not exist or has been deleted.\n(Record: res.users({uid},), User: {uid})"
    )


def test_the_id_that_a_failed_login_gives_is_denied(services: Services) -> None:
    with pytest.raises(AccessDenied):
        rpc(services, "object", "execute", "mock", False, "admin", "res.partner", "search", [])


@pytest.mark.parametrize("password", ["wrong", "", None, False, 5, ["admin"]])
def test_a_wrong_password_is_denied(services: Services, password: Any) -> None:
    with pytest.raises(AccessDenied):
        rpc(services, "object", "execute", "mock", 2, password, "res.partner", "search", [])


def test_execute_takes_positional_arguments_and_execute_kw_a_list_and_a_mapping(services: Services) -> None:
    user = ("mock", 2, "admin", "res.users")
    domain = [["login", "=", "admin"]]
    assert rpc(services, "object", "execute", *user, "search", domain) == [2]
    assert rpc(services, "object", "execute_kw", *user, "search", [domain]) == [2]
    assert rpc(services, "object", "execute_kw", *user, "search", [domain], {"limit": 1}) == [2]
    empty: list[Any] = [{}, [], None, False]
    for nothing in empty:
        assert rpc(services, "object", "execute_kw", *user, "search", [domain], nothing) == [2]


@pytest.mark.parametrize("context", [{}, [], None, False, {"lang": "en_US"}])
def test_the_context_may_be_an_empty_list(services: Services, context: Any) -> None:
    user = ("mock", 2, "admin", "res.users")
    kwargs = {"context": context}
    assert rpc(services, "object", "execute_kw", *user, "search", [[["login", "=", "admin"]]], kwargs) == [2]


def test_a_call_that_fails_leaves_nothing_behind(services: Services) -> None:
    before = len(services.databases["mock"].store.rows("res.partner"))
    with pytest.raises(ValueError, match="nope"):
        rpc(services, "object", "execute", "mock", 2, "admin", "res.partner", "create",
            [{"name": "One"}, {"name": "Two", "nope": 1}])  # fmt: skip
    assert len(services.databases["mock"].store.rows("res.partner")) == before


def test_a_call_knows_afterwards_what_it_was(services: Services) -> None:
    call = Call("test", "object", "execute_kw", ["mock", 2, "admin", "res.users", "search", [[]], {"limit": 1}])
    assert call.label == "object.execute_kw"
    services.rpc(call)
    assert (call.label, call.db, call.uid, call.args, call.kwargs) == (
        "res.users.search", "mock", 2, ([],), {"limit": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "error", "text"),
    [
        ("_search", AccessError, "Private methods (such as 'res.partner._search') cannot be called remotely."),
        ("__class__", AccessError, "Private methods (such as 'res.partner.__class__') cannot be called remotely."),
        ("filtered_domain", AccessError,
         "Private methods (such as 'res.partner.filtered_domain') cannot be called remotely."),
        ("_no_such_method", AttributeError, "The method 'res.partner._no_such_method' does not exist"),
        ("no_such_method", AttributeError, "The method 'res.partner.no_such_method' does not exist"),
    ],
)  # fmt: skip
def test_a_private_method_is_refused_and_an_unknown_one_does_not_exist(
    services: Services, method: str, error: type[Exception], text: str
) -> None:
    with pytest.raises(error) as caught:
        rpc(services, "object", "execute_kw", "mock", 2, "admin", "res.partner", method, [[]])
    assert str(caught.value) == text


def test_until_12_a_surplus_argument_is_the_context() -> None:
    app = create_app(profile="odoo-12.0")
    services = Services(app.databases, app.sessions)
    env = app.databases["mock"].env(2)
    gone = env["res.partner"].create({"name": "Gone", "active": False}).id

    def execute(*args: Any) -> Any:
        return rpc(services, "object", "execute", "mock", 2, "admin", "res.partner", *args)

    domain = [["id", "=", gone]]
    assert execute("search", domain, 0, None, None, False, {"active_test": False}) == [gone]
    assert execute("read", [gone], ["name"], "_classic_read", {}) == [{"id": gone, "name": "Gone"}]


def test_from_13_on_a_surplus_argument_is_one_too_many(services: Services) -> None:
    with pytest.raises(TypeError):
        rpc(services, "object", "execute", "mock", 2, "admin", "res.partner", "search", [], 0, None, None, {})


@pytest.mark.parametrize("profile", ["odoo-13.0", "odoo-17.0"])
def test_child_of_goes_through_archived_contacts(profile: str) -> None:
    env = create_app(profile=profile).databases["mock"].env(2)
    partners = env["res.partner"]
    top = partners.create({"name": "Top", "is_company": True})
    node = partners.create({"name": "Node", "parent_id": top.id, "active": False, "is_company": True})
    partners.create({"name": "Leaf", "parent_id": node.id, "is_company": True})
    assert sorted(partners.search([("id", "child_of", top.id)]).mapped("name")) == ["Leaf", "Top"]
