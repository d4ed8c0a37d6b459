"""Access rights: who may do what with the records of a model."""

from __future__ import annotations

import pytest

from mockserver.errors import AccessError
from mockserver.orm.access import allowed, user_groups
from mockserver.orm.environment import Environment, Recordset

NOBODY = (
    "You are not allowed to {} 'Secrets' (x_secret) records.\n\nNo group currently allows this operation.\n\n"
    "Contact your administrator to request access if necessary."
)


@pytest.fixture
def secrets(env: Environment) -> Recordset:
    """A custom model that nobody has been given rights on, as an internal user sees it."""
    env["ir.model"].create({"name": "Secrets", "model": "x_secret"})
    env["x_secret"].sudo().create({"x_name": "s"})
    user = env["res.users"].sudo().create(
        {"name": "U", "login": "u", "groups_id": [(6, 0, [env.ref("base.group_user").id])]}  # type: ignore[union-attr]
    )
    return env["x_secret"].with_user(user)


def grant(records: Recordset, group: str | None, *modes: str) -> None:
    env = records.env.sudo()
    target = env.ref(group) if group else None
    model = env["ir.model"].search([("model", "=", records._name)])
    env["ir.model.access"].create({
        "name": "g", "model_id": model.id, "group_id": target.id if target else False,
        **{f"perm_{mode}": mode in modes for mode in ("read", "write", "create", "unlink")},
    })  # fmt: skip


def test_without_rights_everything_is_refused(secrets: Recordset) -> None:
    one = secrets.browse(1)
    for call, verb in (
        (lambda: secrets.search([]), "access"), (lambda: secrets.search_count([]), "access"),
        (lambda: one.read([]), "access"),
        (lambda: secrets.search_read([]), "access"), (lambda: secrets.name_search(""), "access"),
        (one.name_get, "access"),
        (one.get_metadata, "access"), (lambda: one.write({"x_name": "t"}), "modify"), (one.unlink, "delete"),
        (lambda: secrets.create({"x_name": "t"}), "create"), (lambda: secrets.name_create("t"), "create"),
        (lambda: one.copy(), "create"),
    ):  # fmt: skip
        with pytest.raises(AccessError) as caught:
            call()
        assert str(caught.value) == NOBODY.format(verb)


def test_even_the_administrator_needs_rights_and_the_superuser_does_not(secrets: Recordset) -> None:
    with pytest.raises(AccessError):
        secrets.with_user(2).search([])
    assert secrets.with_user(1).search([]).ids == [1]
    assert secrets.sudo().search([]).ids == [1]
    assert secrets.sudo().with_context(a=1).search([]).ids == [1]


def test_a_right_for_everybody(secrets: Recordset) -> None:
    grant(secrets, None, "read")
    assert secrets.search([]).ids == [1]
    with pytest.raises(AccessError):
        secrets.create({})


def test_a_right_for_a_group_names_it_in_the_refusal(secrets: Recordset) -> None:
    grant(secrets, "base.group_system", "read", "write")
    grant(secrets, "base.group_erp_manager", "read")
    assert secrets.with_user(2).search([]).ids == [1]
    with pytest.raises(AccessError) as caught:
        secrets.search([])
    assert str(caught.value) == (
        "You are not allowed to access 'Secrets' (x_secret) records.\n\nThis operation is allowed for the following"
        " groups:\n\t- Administration/Access Rights\n\t- Administration/Settings\n\nContact your administrator to"
        " request access if necessary."
    )


def test_rights_add_up(secrets: Recordset) -> None:
    grant(secrets, "base.group_user", "read")
    grant(secrets, "base.group_user", "create")
    assert secrets.create({"x_name": "t"}).read(["x_name"]) == [{"id": 2, "x_name": "t"}]
    with pytest.raises(AccessError):
        secrets.browse(2).unlink()


def test_an_archived_right_gives_none(secrets: Recordset) -> None:
    grant(secrets, None, "read")
    secrets.env.sudo()["ir.model.access"].search([("name", "=", "g")]).write({"active": False})
    with pytest.raises(AccessError):
        secrets.search([])


def test_a_change_of_rights_counts_at_once(secrets: Recordset) -> None:
    env = secrets.env.sudo()
    grant(secrets, "base.group_system", "read")
    user, system = secrets.env.user.sudo(), env.ref("base.group_system")
    assert system is not None
    assert not allowed(secrets.env, "x_secret", "read")
    user.write({"groups_id": [(4, system.id)]})
    assert allowed(secrets.env, "x_secret", "read")
    user.write({"groups_id": [(3, system.id)]})
    assert not allowed(secrets.env, "x_secret", "read")


def test_a_rollback_takes_rights_back(secrets: Recordset) -> None:
    with pytest.raises(RuntimeError), secrets.env.db.transaction():
        grant(secrets, None, "read")
        assert secrets.search([])
        raise RuntimeError
    with pytest.raises(AccessError):
        secrets.search([])


def test_groups_imply_groups(env: Environment) -> None:
    system, manager, user = (env.ref(f"base.group_{name}") for name in ("system", "erp_manager", "user"))
    assert {group.id for group in (system, manager, user) if group} <= user_groups(env)
    public = env.ref("base.public_user")
    assert public is not None
    assert user is not None
    assert user.id not in user_groups(env.db.env(int(public.id)))


def test_asking_for_a_right(secrets: Recordset) -> None:
    assert secrets.check_access_rights("read", raise_exception=False) is False
    assert secrets.check_access_rights("read", False) is False
    assert secrets.sudo().check_access_rights("unlink") is True
    with pytest.raises(AccessError) as caught:
        secrets.check_access_rights("write")
    assert str(caught.value) == NOBODY.format("modify")
    with pytest.raises(AssertionError, match=r"^Invalid access mode$"):
        secrets.check_access_rights("fly")
    assert secrets.browse(1).check_access_rule("read") is None


def test_a_name_shows_even_where_the_record_may_not_be_read(secrets: Recordset, env: Environment) -> None:
    partners = env["ir.model"].search([("model", "=", "res.partner")])
    env["ir.model.fields"].create({"name": "x_secret_id", "model_id": partners.id, "ttype": "many2one",
                                   "relation": "x_secret", "field_description": "Secret"})  # fmt: skip
    partner = env["res.partner"].create({"name": "P", "x_secret_id": 1})
    assert partner.read(["x_secret_id"]) == [{"id": partner.id, "x_secret_id": [1, "s"]}]
