"""res.users and res.groups."""

from __future__ import annotations

import pytest

from mockserver.errors import AccessDenied, AccessError, UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.services import auth


def _group(env: Environment, name: str) -> int:
    return env.ref(f"base.{name}")._ids[0]  # type: ignore[union-attr]


def _user(env: Environment, **vals: object) -> Recordset:
    return env["res.users"].create({"name": "Ann", "login": "ann", **vals})


def test_a_user_is_created_with_its_partner(env: Environment) -> None:
    user = _user(env, email="ann@x.test")
    assert user.partner_id.name == "Ann"
    assert user.partner_id.email == "ann@x.test"
    assert user.display_name == "Ann"
    assert user.company_ids.ids == [1]
    assert user.active_partner is True


def test_an_archived_user_has_an_archived_partner(env: Environment) -> None:
    user = _user(env, active=False)
    assert user.partner_id.active is False
    user.toggle_active()
    assert (user.active, user.partner_id.active) == (True, True)


def test_a_password_can_be_used_but_not_read_searched_or_copied(env: Environment) -> None:
    user = _user(env, password="secret")
    everybody = env["res.users"].search([])
    assert user.read(["password", "new_password"]) == [{"id": user.id, "password": "", "new_password": ""}]
    assert auth.login(env.db, "ann", "secret") == user.id
    assert env["res.users"].search([("password", "=", "no such")]) == everybody
    copied = user.copy()
    assert (copied.login, copied.name) == ("ann (copy)", "Ann (copy)")
    assert auth.login(env.db, "ann (copy)", "secret") is None


def test_writing_a_password_or_a_new_password_changes_it(env: Environment) -> None:
    user = _user(env, password="secret")
    user.write({"password": "other"})
    assert auth.login(env.db, "ann", "other") == user.id
    user.write({"new_password": "third"})
    assert auth.login(env.db, "ann", "third") == user.id
    user.write({"password": ""})
    assert auth.login(env.db, "ann", "third") is auth.login(env.db, "ann", "") is None
    with pytest.raises(TypeError, match="secret must be unicode or bytes, not bool"):
        user.write({"password": False})
    with pytest.raises(UserError, match="change password wizard"):
        env.user.write({"new_password": "x"})


def test_change_password_needs_the_old_one(env: Environment) -> None:
    users = env["res.users"]
    with pytest.raises(AccessDenied, match="Access Denied"):
        users.change_password("wrong", "new")
    with pytest.raises(UserError, match="Setting empty passwords is not allowed"):
        users.change_password("admin", "  ")
    assert users.change_password("admin", " new ") is True
    assert auth.login(env.db, "admin", "new") == 2


def test_logins_are_unique(env: Environment) -> None:
    with pytest.raises(ValidationError, match="You can not have two users with the same login!"):
        _user(env, login="admin")
    with pytest.raises(ValidationError, match=r"Model: User \(res\.users\)\nField: Login \(login\)"):
        env["res.users"].create({"name": "x"})


def test_context_get_tells_language_zone_and_uid(env: Environment) -> None:
    assert env["res.users"].context_get() == {"lang": "en_US", "tz": env.user.tz, "uid": 2}
    env.user.write({"tz": "Asia/Kolkata"})
    assert env["res.users"].context_get()["tz"] == "Asia/Kolkata"
    assert env.user.tz_offset == "+0530"


def test_a_language_that_is_not_installed_falls_back_to_english(env: Environment) -> None:
    partner = env.user.partner_id
    env.db.store.put("res.partner", {**partner._rows()[0], "lang": "xx_XX"})
    assert env["res.users"].context_get()["lang"] == "en_US"


def test_has_group_asks_for_the_current_user(env: Environment) -> None:
    users = env["res.users"]
    assert users.has_group("base.group_system") is True
    assert users.has_group("base.group_portal") is False
    assert users.has_group("base.no_such_group") is False
    assert users.with_user(6).has_group("base.group_system") is False
    with pytest.raises(AssertionError, match="External ID 'group_system' must be fully qualified"):
        users.has_group("group_system")


def test_user_has_groups_reads_a_list_with_negations(env: Environment) -> None:
    partners = env["res.partner"]
    assert partners.user_has_groups("base.group_portal,base.group_system") is True
    assert partners.user_has_groups("base.group_user,!base.group_system") is False
    assert partners.user_has_groups("!base.group_portal") is True
    assert partners.user_has_groups("base.group_no_one") is False


def test_a_group_brings_what_it_implies(env: Environment) -> None:
    user = _user(env, groups_id=[(6, 0, [_group(env, "group_user")])])
    editors = env.ref("mail.group_mail_template_editor") or env["res.groups"]
    assert set(user.groups_id.ids) == {_group(env, "group_user"), _group(env, "group_no_one"), editors._ids[0]}
    user.write({"groups_id": [(4, _group(env, "group_system"))]})
    assert _group(env, "group_erp_manager") in user.groups_id.ids
    assert user.groups_count == len(user.groups_id)
    assert user.is_system is True


def test_share_tells_who_is_not_internal(env: Environment) -> None:
    user = _user(env)
    assert user.share is False
    user.write({"groups_id": [(6, 0, [_group(env, "group_portal")])]})
    assert user.share is True
    assert env["res.users"].search([("share", "=", True), ("login", "=", "ann")]).ids == user.ids


def test_a_user_who_stops_being_internal_keeps_the_groups_of_that_write(env: Environment) -> None:
    user = _user(env)
    user.write({"groups_id": [(3, _group(env, "group_user")), (4, _group(env, "group_portal"))]})
    assert user.groups_id.ids == [_group(env, "group_portal")]


def test_nobody_has_two_user_types(env: Environment) -> None:
    with pytest.raises(ValidationError, match="The user cannot have more than one user types"):
        _user(env, groups_id=[(6, 0, [_group(env, "group_user"), _group(env, "group_portal")])])


def test_the_users_of_a_group_get_what_the_group_comes_to_imply(env: Environment) -> None:
    user = _user(env)
    extra = env["res.groups"].create({"name": "Extra"})
    group = env["res.groups"].create({"name": "Mine", "users": [(4, user.id)]})
    assert user in group.users
    group.write({"implied_ids": [(4, extra.id)]})
    assert extra in user.groups_id
    assert group.trans_implied_ids.ids == [extra.id]


def test_making_somebody_internal_from_the_group_updates_share(env: Environment) -> None:
    user = _user(env, groups_id=[(5,)])
    assert user.share is True
    env.ref("base.group_user").write({"users": [(4, user.id)]})  # type: ignore[union-attr]
    assert user.share is False


def test_the_company_is_one_of_the_companies(env: Environment) -> None:
    other = env["res.company"].create({"name": "Other"})
    with pytest.raises(ValidationError) as caught:
        _user(env, company_id=other.id, company_ids=[(6, 0, [1])])
    text = "Company Other is not in the allowed companies for user Ann (YourCompany)."
    assert str(caught.value) == text


def test_nobody_archives_themselves_and_nobody_revives_the_superuser(env: Environment) -> None:
    with pytest.raises(UserError, match="You cannot deactivate the user you're currently logged in as"):
        env.user.write({"active": False})
    with pytest.raises(UserError, match="You cannot activate the superuser"):
        env["res.users"].browse(1).write({"active": True})


@pytest.mark.parametrize(
    ("xmlid", "text"),
    [
        ("base.user_root", "You can not remove the admin user"),
        ("base.user_admin", "You cannot delete the admin user"),
        ("base.default_user", "Deleting the template users is not allowed"),
        ("base.public_user", "Deleting the public user is not allowed"),
    ],
)
def test_users_that_the_server_needs_stay(env: Environment, xmlid: str, text: str) -> None:
    with pytest.raises(UserError, match=text):
        env.ref(xmlid).unlink()  # type: ignore[union-attr]


def test_an_ordinary_user_changes_preferences_and_nothing_else(env: Environment) -> None:
    demo = env["res.users"].browse(6).with_user(6)
    demo.write({"signature": "<p>Bye</p>", "tz": "UTC"})
    assert demo.signature == "<p>Bye</p>"
    with pytest.raises(AccessError):
        demo.write({"login": "boss"})
    with pytest.raises(AccessError):
        demo.write({"password": "x"})
    other = env["res.company"].create({"name": "Other"})
    demo.write({"company_id": other.id})
    assert demo.company_id.id == 1


def test_a_login_is_found_before_names(env: Environment) -> None:
    users = env["res.users"]
    assert users.name_search("admin") == [[2, "Mitchell Admin"]]
    assert users.name_search("Mitchell") == [[2, "Mitchell Admin"]]
    assert users.name_search("dem") == [[6, "Marc Demo"]]
    assert 2 not in [id_ for id_, _ in users.name_search("Mitchell", operator="not ilike")]


def test_the_signature_is_made_of_the_name(env: Environment) -> None:
    assert _user(env, name="A & B").signature == ('<p data-o-mail-quote="1">--<br data-o-mail-quote="1">A &amp; B</p>')


def test_state_tells_who_can_log_in(env: Environment) -> None:
    user = _user(env)
    assert user.state == "new"
    user.write({"password": "x"})
    assert user.state == "active"


def test_counts_and_preferences_are_there(env: Environment) -> None:
    assert env.user.companies_count == 1
    assert env.user.accesses_count > 10
    assert env.user.read(["api_key_ids", "log_ids", "login_date"]) == [
        {"id": 2, "api_key_ids": [], "log_ids": [], "login_date": False}
    ]
    assert env.user.preference_save() == {"type": "ir.actions.client", "tag": "reload_context"}
    assert env.user.preference_cancel()["tag"] == "reload_context"


# -- groups


def test_a_group_is_named_with_its_category(env: Environment) -> None:
    settings = env.ref("base.group_system")
    assert settings is not None
    assert settings.full_name == "Administration / Settings"
    assert settings.display_name == "Administration / Settings"
    assert env["res.groups"].create({"name": "Plain"}).display_name == "Plain"


def test_groups_are_found_by_category_and_name(env: Environment) -> None:
    groups = env["res.groups"]
    assert groups.name_search("Administration / Sett") == [[_group(env, "group_system"), "Administration / Settings"]]
    assert [name for _, name in groups.name_search("Settings")] == ["Administration / Settings"]
    both = {_group(env, "group_system"), _group(env, "group_erp_manager")}
    assert {id_ for id_, _ in groups.name_search("administration")} == both
    others = groups.search([("full_name", "not ilike", "administration")]).ids
    assert both.isdisjoint(others)
    assert len(others) == 11


def test_a_group_name_does_not_start_with_a_dash(env: Environment) -> None:
    with pytest.raises(UserError, match='The name of the group can not start with "-"'):
        env["res.groups"].create({"name": "x"}).write({"name": "-x"})


def test_a_group_is_copied_under_another_name_without_users(env: Environment) -> None:
    group = env["res.groups"].create({"name": "Mine", "users": [(4, 2)]})
    copied = group.copy()
    assert (copied.name, copied.users.ids) == ("Mine (copy)", [])
