"""Access rights: who may do what with the records of a model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import allowed, groups_field, user_groups
from mockserver.seed import build as seed
from tests.models import extend
from tests.typed import calls

NOBODY = (
    "You are not allowed to {} 'Secrets' (x_secret) records.\n\nNo group currently allows this operation.\n\n"
    "Contact your administrator to request access if necessary."
)


@pytest.fixture
def secrets(env: Environment) -> Recordset:
    """A custom model that nobody has been given rights on, as an internal user sees it."""
    env["ir.model"].create({"name": "Secrets", "model": "x_secret"})
    env["x_secret"].sudo().create({"x_name": "s"})
    user = (
        env["res.users"]
        .sudo()
        .create(
            {"name": "U", "login": "u", "groups_id": [(6, 0, [env.ref("base.group_user").id])]}  # type: ignore[union-attr]
        )
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
        (lambda: one.copy(), "access"),
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


def test_an_operation_that_is_none_is_refused() -> None:
    env = MockServer(profile="odoo-18.0").env
    partner = env["res.partner"].create({"name": "a"})
    for check in (partner.has_access, partner.check_access, partner.browse().has_access):
        with pytest.raises(AssertionError, match=r"^Invalid access mode$"):
            check("fly")
    with pytest.raises(ValueError, match=r"^Invalid mode: 'fly'$"):
        partner.sudo().has_access("fly")
    assert partner.browse().sudo().has_access("fly")


def test_a_name_shows_even_where_the_record_may_not_be_read(secrets: Recordset, env: Environment) -> None:
    partners = env["ir.model"].search([("model", "=", "res.partner")])
    env["ir.model.fields"].create({"name": "x_secret_id", "model_id": partners.id, "ttype": "many2one",
                                   "relation": "x_secret", "field_description": "Secret"})  # fmt: skip
    partner = env["res.partner"].create({"name": "P", "x_secret_id": 1})
    assert partner.read(["x_secret_id"]) == [{"id": partner.id, "x_secret_id": [1, "s"]}]


# -- fields of other groups


@pytest.fixture
def guarded(env: Environment) -> Recordset:
    """Partner 14 with one field for administrators, one for all but the public, one for nobody, as Marc sees it."""
    extend(env, "res.partner", {
        "x_secret": {"type": "char", "string": "Secret", "groups": "base.group_system"},
        "x_open": {"type": "char", "string": "Open", "groups": "base.group_user,!base.group_public"},
        "x_none": {"type": "char", "string": "None", "groups": "."},
    })  # fmt: skip
    partner = env["res.partner"].sudo().create({"name": "P", "x_secret": "s", "x_open": "o", "x_none": "n"})
    marc = env.ref("base.user_demo")
    assert marc is not None
    return partner.with_user(marc)


SHORT = (
    'You do not have enough rights to access the fields "{}" on Contact (res.partner). Please contact your system'
    " administrator.\n\n(Operation: {})"
)
LONG = (
    "The requested operation can not be completed due to security restrictions.\n\nDocument type: Contact"
    " (res.partner)\nOperation: {}\nUser: {}\nFields:\n- {}"
)


def test_a_field_of_other_groups_is_left_out_unless_asked_for(guarded: Recordset) -> None:
    (everything,) = guarded.read()
    assert everything["x_open"] == "o"
    assert everything.keys().isdisjoint({"x_secret", "x_none"})
    assert guarded.fields_get(["x_open", "x_secret", "x_none"], ["type"]) == {"x_open": {"type": "char"}}
    assert "x_secret" in guarded.with_user(2).fields_get()
    assert guarded.with_user(2).read(["x_secret"]) == [{"id": guarded.id, "x_secret": "s"}]
    assert guarded.sudo().read(["x_none"]) == [{"id": guarded.id, "x_none": "n"}]
    assert "x_secret" not in guarded.check_field_access_rights("read", None)


def test_asking_for_a_field_of_other_groups_is_refused(guarded: Recordset) -> None:
    allowed = "x_secret (allowed for groups 'Administration / Settings')"
    cases: list[tuple[Callable[[], object], str, str]] = [
        (lambda: guarded.read(["name", "x_secret"]), "read", allowed),
        (lambda: guarded.search_read([], ["x_secret"]), "read", allowed),
        (lambda: guarded.search_fetch([], ["x_secret"]), "read", allowed),
        (lambda: guarded.write({"x_secret": "t"}), "write", allowed),
        (lambda: guarded.with_user(2).read(["x_none"]), "read", "x_none (always forbidden)"),
        (lambda: guarded.write({"x_secret": 1, "x_none": 2}), "write", f"x_none (always forbidden)\n- {allowed}"),
        (lambda: guarded.search([("x_secret", "=", "s")]), "read", allowed),
        (lambda: guarded.search([("parent_id.x_secret", "=", "s")]), "read", allowed),
        (lambda: guarded.search([("child_ids", "any", [("x_secret", "=", "s")])]), "read", allowed),
        (lambda: guarded.search([], order="name, x_secret desc"), "read", allowed),
        (lambda: guarded.read_group([], [], ["x_secret"]), "read", allowed),
        (lambda: guarded.export_data(["x_secret"]), "read", allowed),
        (lambda: guarded.check_field_access_rights("write", ["x_secret"]), "write", allowed),
    ]
    for call, mode, lines in cases:
        with pytest.raises(AccessError) as caught:
            call()
        uid = 2 if "x_none" in lines and mode == "read" else guarded.env.uid
        assert str(caught.value) == LONG.format(mode, uid, lines)


def test_a_user_without_technical_features_is_told_less(guarded: Recordset, env: Environment) -> None:
    portal = guarded.with_user(env.ref("base.demo_user0"))  # type: ignore[arg-type]
    with pytest.raises(AccessError) as caught:
        portal.read(["x_open", "name", "x_secret"])
    assert str(caught.value) == SHORT.format("x_open,x_secret", "read")


def test_a_copy_leaves_out_the_fields_of_other_groups(guarded: Recordset) -> None:
    copied = guarded.copy().sudo()
    assert (copied.x_open, copied.x_secret) == ("o", False)


# -- the texts of each generation


GROUPS = "\t- Administration/Access Rights\n\t- Administration/Settings"
TEXTS = {
    "odoo-12.0": (
        "Sorry, you are not allowed to access this document. Only users with the following access level are currently"
        " allowed to do that:\n- Administration/Access Rights\n\t- Administration/Settings\n\n"
        "(Document model: x_secret) - (Operation: read, User: {uid})",
        "Sorry, you are not allowed to create this kind of document. Please contact your system administrator if you"
        " think this is an error.\n\n(Document model: x_secret) - (Operation: create, User: {uid})",
        "The requested operation cannot be completed due to security restrictions. Please contact your system"
        " administrator.\n\n(Document type: Contact, Operation: write) - (Records: [{id}], User: {uid})",
        "The requested operation cannot be completed due to security restrictions. Please contact your system"
        " administrator.\n\n(Document type: Contact, Operation: read) - (User: {uid}, Fields: x_a, x_b)",
    ),
    "odoo-13.0": (
        "Sorry, you are not allowed to access documents of type 'Secrets' (x_secret). This operation is allowed for the"
        f" groups:\n{GROUPS} - (Operation: read, User: {{uid}})",
        "Sorry, you are not allowed to create documents of type 'Secrets' (x_secret). No group currently allows this"
        " operation. - (Operation: create, User: {uid})",
        'The requested operation ("write" on "Contact" (res.partner)) was rejected because of the following rules:\n'
        "- never\n\n(Records: P (id={id}), User: U (id={uid}))",
        "The requested operation can not be completed due to security restrictions.\n\nDocument type: Contact"
        " (res.partner)\nOperation: read\nUser: {uid}\nFields:\n- x_a (always forbidden)\n- x_b (always forbidden)",
    ),
    "odoo-15.0": (
        "You are not allowed to access 'Secrets' (x_secret) records.\n\nThis operation is allowed for the following"
        f" groups:\n{GROUPS}\n\nContact your administrator to request access if necessary.",
        NOBODY.format("create"),
        "Due to security restrictions, you are not allowed to modify 'Contact' (res.partner) records.\n\nRecords: P"
        " (id={id})\nUser: U (id={uid})\n\nThis restriction is due to the following rules:\n- never\n\nContact your"
        " administrator to request access if necessary.",
        None,
    ),
    "odoo-16.0": (
        None, None,
        "Due to security restrictions, you are not allowed to modify 'Contact' (res.partner) records.\n\nContact your"
        " administrator to request access if necessary.",
        None,
    ),
    "odoo-18.0": (
        None, None,
        "Uh-oh! Looks like you have stumbled upon some top-secret records.\n\nSorry, U (id={uid}) doesn't have 'write'"
        " access to:\n- Contact (res.partner)\n\nIf you really, really need access, perhaps you can win over your"
        " friendly administrator with a batch of freshly baked cookies.",
        None,
    ),
    "odoo-19.0": (
        None, None, None,
        'You do not have enough rights to access the field "x_a" on Contact (res.partner). Please contact your system'
        " administrator.\n\nOperation: read\nUser: {uid}\nGroups: always forbidden",
    ),
}  # fmt: skip


@pytest.mark.parametrize("profile", TEXTS)
def test_each_generation_has_its_own_texts(profile: str) -> None:
    database = seed.build("t", profile=profiles.get(profile).with_demo(True), clock=Clock())
    env = database.env()
    model = env["ir.model"].create({"name": "Secrets", "model": "x_secret"})
    user = env["res.users"].create({
        "name": "U", "login": "u", groups_field(env): [(6, 0, [env.ref("base.group_user").id])],  # type: ignore[union-attr]
    })  # fmt: skip
    secrets = env["x_secret"].with_user(user)
    nothing = {f"perm_{mode}": False for mode in ("write", "create", "unlink")}
    for name in ("group_system", "group_erp_manager"):
        group = env.ref(f"base.{name}")
        assert group is not None
        env["ir.model.access"].create(
            {"name": name, "model_id": model.id, "group_id": group.id, "perm_read": True, **nothing}
        )
    modes = dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), True)
    contacts = env["ir.model"].search([("model", "=", "res.partner")])
    env["ir.model.access"].create({"name": "p", "model_id": contacts.id, **modes})
    extend(env, "res.partner", {name: {"type": "char", "groups": "."} for name in ("x_a", "x_b")})
    partner = env["res.partner"].create({"name": "P"}).with_user(user)
    env["ir.rule"].create({"name": "never", "model_id": contacts.id, "domain_force": "[(0, '=', 1)]"})
    made = calls(
        lambda: secrets.search([]), lambda: secrets.create({}), lambda: partner.write({}),
        lambda: partner.read(["x_a", "name", "x_b"]),
    )  # fmt: skip
    for number, (call, text) in enumerate(zip(made, TEXTS[profile], strict=True)):
        with pytest.raises(AccessError) as caught:
            call()
        if text is not None:
            if number == 2 and database.profile.rules.partner_write_reads:  # a contact is read before it is written
                text = text.replace("modify", "access").replace("'write'", "'read'")
            assert str(caught.value) == text.format(uid=user.id, id=partner.id), number
