"""Users of a test's own: made in one line, seen over the wire; companies; groups."""

from __future__ import annotations

import json
import urllib.request
import xmlrpc.client
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from mockserver.testing.kit import User

GENERATIONS = [
    "odoo-11.0",
    "odoo-13.0",
    "odoo-15.0",
    "odoo-17.0",
    "odoo-18.0",
    "odoo-19.0",
    "flectra-1.6",
    "flectra-2.0",
]


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    with MockServer(demo=True, fixtures=["sale"]) as server:
        yield server


@pytest.fixture
def odoo(shared: MockServer) -> MockServer:
    shared.reset()
    return shared


def over_xmlrpc(odoo: MockServer, user: User, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models:
        return models.execute_kw(odoo.db, user.uid, user.password, model, method, list(args), kwargs)


def over_jsonrpc(odoo: MockServer, user: User, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
    """The result, or the `data` of the error."""
    params = {"service": "object", "method": "execute_kw",
              "args": [odoo.db, user.uid, user.password, model, method, list(args), kwargs]}  # fmt: skip
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}).encode()
    request = urllib.request.Request(f"{odoo.url}/jsonrpc", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    return answer["error"]["data"] if "error" in answer else answer["result"]


def test_a_salesperson_sees_and_changes_what_is_theirs(odoo: MockServer) -> None:
    sales = odoo.user("sales@x", password="secret")
    partners = odoo.env["res.partner"]
    rule = {"name": "own contacts", "model_id": odoo.ref("base.model_res_partner").id,
            "domain_force": "[('user_id', 'in', [user.id, False])]"}  # fmt: skip
    odoo.env["ir.rule"].create(rule)
    own = partners.sudo().create({"name": "Own", "user_id": sales.uid})
    other = partners.sudo().create({"name": "Other", "user_id": odoo.uid})
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
        assert common.authenticate(odoo.db, "sales@x", "secret", {}) == sales.uid
        assert common.authenticate(odoo.db, "sales@x", "sales@x", {}) is False
    both = [["id", "in", [own.id, other.id]]]
    for call in (over_xmlrpc, over_jsonrpc):
        assert call(odoo, sales, "res.partner", "search", both) == own.ids
        assert call(odoo, sales, "res.partner", "read", own.ids, ["name"]) == [{"id": own.id, "name": "Own"}]
        assert call(odoo, sales, "res.users", "has_group", "base.group_user") is True
        assert call(odoo, sales, "res.users", "has_group", "base.group_system") is False
        assert call(odoo, sales, "res.partner", "check_access_rights", "unlink", raise_exception=False) is False
    with pytest.raises(xmlrpc.client.Fault) as fault:
        over_xmlrpc(odoo, sales, "res.partner", "read", other.ids, ["name"])
    assert fault.value.faultCode == 4
    assert fault.value.faultString == (
        "Uh-oh! Looks like you have stumbled upon some top-secret records.\n\nSorry, sales@x"
        f" (id={sales.uid}) doesn't have 'read' access to:\n- Contact (res.partner)\n\nIf you really, really need"
        " access, perhaps you can win over your friendly administrator with a batch of freshly baked cookies."
    )
    error = over_jsonrpc(odoo, sales, "res.partner", "write", own.ids, {"name": "?"})
    assert error["name"] == "odoo.exceptions.AccessError"
    assert error["message"] == (
        "You are not allowed to modify 'Contact' (res.partner) records.\n\nThis operation is allowed for the following"
        " groups:\n\t- Extra Rights/Contact Creation\n\t- Sales/Administrator\n\nContact your administrator to request"
        " access if necessary."
    )
    assert partners.sudo().browse(own.id).name == "Own"


def test_a_user_is_made_in_one_line(odoo: MockServer) -> None:
    user = odoo.user("ann", groups=["base.group_user", "base.group_partner_manager"], name="Ann")
    assert (user.login, user.password, user.env.uid) == ("ann", "ann", user.uid)
    assert user.env["res.partner"].create({"name": "P"}).create_uid.name == "Ann"
    assert user.env.user.name == "Ann"
    assert user.env.company == odoo.ref("base.main_company")
    with pytest.raises(AccessError):
        user.env["ir.rule"].search([])
    assert odoo.env["ir.rule"].with_user(user.uid).env.with_user(odoo.uid)["ir.rule"].search_count([]) > 0


def test_mistakes_are_named(odoo: MockServer) -> None:
    with pytest.raises(ValueError, match=r"^there is no record with the external id 'base\.group_nope'"):
        odoo.user("x", groups=["base.group_nope"])
    odoo.user("x")
    with pytest.raises(ValidationError, match="two users with the same login"):
        odoo.user("x")


def test_one_group_or_company_needs_no_list(odoo: MockServer) -> None:
    user = odoo.user("ann", groups="base.group_user", companies="base.main_company")
    assert user.env.user.company_ids == odoo.ref("base.main_company")
    assert not user.env.user.share


def test_a_reset_takes_users_away(odoo: MockServer) -> None:
    uid = odoo.user("x").uid
    odoo.reset()
    assert not odoo.env["res.users"].browse(uid).exists()


@pytest.mark.parametrize("profile", GENERATIONS)
def test_users_are_made_in_every_generation(profile: str) -> None:
    server = MockServer(profile=profile)
    user = server.user("ann", groups=["base.group_user"])
    users = user.env["res.users"]
    has = users.browse(user.uid).has_group if profile[-4:] in ("18.0", "19.0") else users.has_group
    assert has("base.group_user") is True
    assert has("base.group_system") is False
    # what the groups imply counts too
    server.ref("base.group_user").write({"implied_ids": [(4, server.ref("base.group_erp_manager").id)]})
    assert has("base.group_erp_manager") is True
    assert user.env["res.partner"].search([]).ids


def test_portal_users_see_their_own_contact_alone(odoo: MockServer) -> None:
    portal = odoo.user("p", groups=["base.group_portal"])
    own = portal.env.user.partner_id
    child = odoo.env["res.partner"].create({"name": "Child", "parent_id": own.id, "type": "invoice"})
    assert portal.env["res.partner"].search([]).ids == [own.id, child.id]
    with pytest.raises(AccessError):
        portal.env["res.partner"].browse(odoo.ref("base.partner_admin").id).read(["name"])
    assert odoo.env["res.users"].with_user(portal.uid).browse(portal.uid).read(["login"]) == [
        {"id": portal.uid, "login": "p"}
    ]


# -- companies


@pytest.fixture
def second(odoo: MockServer) -> Recordset:
    return odoo.env["res.company"].sudo().create({"name": "Second"})


def test_company_rules_follow_the_companies_at_work(odoo: MockServer, second: Recordset) -> None:
    main = odoo.ref("base.main_company")
    user = odoo.user("u", company=second, companies=["base.main_company"])
    alone = odoo.user("a", company=second)
    partners = odoo.env["res.partner"].sudo()
    ours = partners.create({"name": "Ours", "company_id": main.id})
    theirs = partners.create({"name": "Theirs", "company_id": second.id})
    both = ("id", "in", [ours.id, theirs.id])
    assert (user.env.company, user.env.companies.ids) == (second, [second.id, main.id])
    assert user.env["res.partner"].search([both]).ids == [ours.id, theirs.id]
    assert alone.env["res.partner"].search([both]).ids == theirs.ids
    for company, found in ((main, ours), (second, theirs)):
        switched = user.env.with_context(allowed_company_ids=company.ids)
        assert switched.company == company
        assert switched["res.partner"].search([both]) == found
    for call in (over_xmlrpc, over_jsonrpc):
        context = {"allowed_company_ids": main.ids}
        assert call(odoo, user, "res.partner", "search", [both], context=context) == ours.ids
    assert alone.env["res.company"].search([]).ids == second.ids
    assert odoo.env["res.company"].search_count([]) == 2


def test_a_company_that_is_not_the_users_is_refused(odoo: MockServer, second: Recordset) -> None:
    alone = odoo.user("a", company=second)
    with pytest.raises(xmlrpc.client.Fault) as fault:
        over_xmlrpc(odoo, alone, "res.partner", "search", [], context={"allowed_company_ids": [1]})
    assert (fault.value.faultCode, fault.value.faultString) == (4, "Access to unauthorized or invalid companies.")
    env = alone.env.with_context(allowed_company_ids=[second.id, 99])
    for name in ("company", "companies"):
        with pytest.raises(AccessError, match=r"^Access to unauthorized or invalid companies\.$"):
            getattr(env, name)
    assert env.sudo().companies.ids == [second.id, 99]
    # nothing asks for the companies here
    assert env["res.country"].search_count([("code", "=", "BE")]) == 1


def test_until_12_the_context_does_not_choose_companies() -> None:
    server = MockServer(profile="odoo-12.0")
    second = server.env["res.company"].sudo().create({"name": "Second"})
    env = server.user("u").env.with_context(allowed_company_ids=[second.id])
    assert (env.company.id, env.companies.ids) == (1, [1])


def test_from_18_on_a_refusal_suggests_the_company() -> None:
    server = MockServer(profile="odoo-18.0")
    make = server.env["res.company"].sudo().create
    second, third = make({"name": "Second"}), make({"name": "Third"})
    user = server.user("u", companies=[second])
    partners = server.env["res.partner"].sudo()
    made = [partners.create({"name": c.name, "company_id": c.id, "partner_share": True}) for c in (second, third)]
    narrow = user.env.with_context(allowed_company_ids=[1])["res.partner"]
    with pytest.raises(AccessError, match=r"by switching to the company: Second\.$") as caught:
        narrow.browse(made[0].id).read(["name"])
    assert caught.value.context == {"suggested_company": {"id": second.id, "display_name": "Second"}}
    with pytest.raises(AccessError, match=r"you do not have access to the proper company") as caught:
        narrow.browse(made[1].id).read(["name"])
    assert caught.value.context == {}
    with pytest.raises(AccessError, match=r"Switching company may help - in Odoo, not in real life!$"):
        narrow.browse([made[0].id, made[1].id]).read(["name"])


def test_the_user_of_an_environment_may_be_looked_at_in_full() -> None:
    database = seed.build("t", profile=profiles.get("odoo-17.0").with_demo(True), clock=Clock())
    env: Environment = database.env(database.env().ref("base.demo_user0").id)  # type: ignore[union-attr]
    assert env.user.partner_id.name == "Joel Willis"
    assert env.with_user(env.user).uid == env.uid


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-12.0", "odoo-13.0"])
def test_until_13_a_user_without_groups_gets_those_of_an_employee_who_manages_contacts(profile: str) -> None:
    db = seed.build("test", profile=profiles.get(profile), clock=Clock())
    user = db.env(db.profile.admin_id)["res.users"].create({"name": "Plain", "login": "plain"})
    names = ["base.group_user", "base.group_no_one", "base.group_partner_manager"]
    assert set(user.groups_id.ids) == {db.env().ref(name).id for name in names}  # type: ignore[union-attr]


@pytest.mark.parametrize(("profile", "end"), [("odoo-11.0", "User:, {uid})"), ("odoo-12.0", "User: {uid})")])
def test_11_has_a_comma_of_its_own_where_a_record_may_not_be_changed(profile: str, end: str) -> None:
    db = seed.build("test", profile=profiles.get(profile), clock=Clock())
    env = db.env(db.profile.admin_id)
    tag = env["res.partner.category"].create({"name": "hidden"})
    model = env["ir.model"].search([("model", "=", "res.partner.category")])
    env["ir.rule"].create({"name": "no hidden", "model_id": model.id, "domain_force": "[('name', '!=', 'hidden')]"})
    user = env["res.users"].create({"name": "Plain", "login": "plain"})
    with pytest.raises(AccessError) as refused:
        tag.with_user(user).write({"name": "x"})
    assert str(refused.value).endswith(end.format(uid=user.id))
