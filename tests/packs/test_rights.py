"""Who may do what with the business packs: access rights by group, record rules, restricted fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, OdooError
from mockserver.orm.database import Database
from mockserver.orm.query import domain as domains
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import MODES
from mockserver.seed import build as seed


def build(profile: str) -> Database:
    return seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=["business"])


@pytest.fixture(scope="module")
def business() -> Database:
    return build("odoo-17.0")


@pytest.fixture
def env(business: Database) -> Iterator[Environment]:
    snapshot = business.snapshot()
    yield business.env(business.profile.admin_id)
    business.restore(snapshot)


def user(env: Environment, *groups: str) -> Environment:
    """Return the environment of a new internal user with these groups."""
    ids = [env.ref(name).id for name in ("base.group_user", *groups)]  # type: ignore[union-attr]
    values = {"name": "U", "login": " ".join(groups) or "plain", "email": "u@u.test", "groups_id": [(6, 0, ids)]}
    return env.with_user(env["res.users"].create(values))


def rights(env: Environment, model: str) -> str:
    """Return the letters of what the user may do with a model: read, write, create, unlink."""
    letters = zip("rwcu", MODES, strict=True)
    return "".join(letter for letter, mode in letters if env[model].check_access_rights(mode, False))


SALESMAN, SALES_MANAGER = "sales_team.group_sale_salesman", "sales_team.group_sale_manager"
BUYER, BUYERS_MANAGER = "purchase.group_purchase_user", "purchase.group_purchase_manager"
STOREMAN, STORE_MANAGER = "stock.group_stock_user", "stock.group_stock_manager"
BILLING, ADVISER = "account.group_account_invoice", "account.group_account_manager"
MODELS = (
    "sale.order", "sale.order.line", "sale.order.template", "purchase.order", "stock.picking", "stock.location",
    "stock.quant", "product.template", "product.pricelist", "uom.uom", "account.move", "account.account", "crm.lead",
    "crm.stage", "project.project", "project.task", "hr.employee",
)  # fmt: skip
# per group the rights on MODELS, in their order
TABLE = {
    (): "- - - - - r r r r r - r - r r rwcu -",
    (SALESMAN,): "rwc rwcu r - rwc r r r r r r r rwc r r rwcu -",
    (SALES_MANAGER,): "rwcu rwcu rwcu - rwcu r r rwcu rwcu rwcu r r rwcu rwcu r rwcu -",
    (BUYER,): "- - - rwcu rwcu r r r r r rwcu r - r r rwcu -",
    (BUYERS_MANAGER,): "- - - rwcu rwcu r r rwcu rwcu rwcu rwcu r - r r rwcu -",
    (STOREMAN,): "rw rw - rwc rwcu r rwc r r r - r - r r rwcu -",
    (STORE_MANAGER,): "rw rw - rwc rwcu rwcu rwc rwcu rwcu rwcu - r - r r rwcu -",
    (BILLING,): "rw rw - rw - r r r r r rwcu r - r r rwcu -",
    (ADVISER,): "rw rw - rw - r r rwcu r r rwcu rwcu - r r rwcu -",
    ("project.group_project_manager",): "r r - - - r r r r r - r - r rwcu rwcu -",
    ("hr.group_hr_user",): "- - - - - r r r r r - r - r r rwcu rwcu",
}


@pytest.mark.parametrize("groups", TABLE, ids=" ".join)
def test_what_the_groups_give(env: Environment, groups: tuple[str, ...]) -> None:
    theirs = user(env, *groups)
    assert {model: rights(theirs, model) or "-" for model in MODELS} == dict(
        zip(MODELS, TABLE[groups].split(), strict=True)
    )


def test_nobody_may_delete_a_quant(env: Environment) -> None:
    assert "No group currently allows this operation" in refusal(env["stock.quant"], "unlink")


def refusal(records: Recordset, mode: str) -> str:
    with pytest.raises(AccessError) as caught:
        records.check_access_rights(mode)
    return str(caught.value)


def test_a_refusal_names_the_groups_of_all_packs(env: Environment) -> None:
    assert refusal(user(env)["res.partner"], "create") == (
        "You are not allowed to create 'Contact' (res.partner) records.\n\n"
        "This operation is allowed for the following groups:\n\t- Extra Rights/Contact Creation\n"
        "\t- Inventory/Administrator\n\t- Purchase/Administrator\n\t- Sales/Administrator\n"
        "\t- Sales/User: Own Documents Only\n\nContact your administrator to request access if necessary."
    )


def test_a_new_user_has_the_groups_of_the_template_user(env: Environment) -> None:
    created = env["res.users"].create({"name": "N", "login": "n"})
    assert created.groups_id == env.ref("base.default_user").groups_id  # type: ignore[union-attr]
    theirs = env.with_user(created)
    assert theirs["res.users"].has_group(SALES_MANAGER)
    assert theirs["res.users"].has_group("hr.group_hr_manager")
    assert not theirs["res.users"].has_group("base.group_system")
    template = env.ref("base.default_user")
    template.write({"groups_id": [(6, 0, [env.ref("base.group_user").id])]})  # type: ignore[union-attr]
    later = env["res.users"].create({"name": "L", "login": "l"})
    assert not env.with_user(later)["res.users"].has_group(SALES_MANAGER)


def test_fields_that_packs_restrict_are_left_out_for_others(env: Environment) -> None:
    plain, billing = user(env), user(env, BILLING)
    assert "credit" not in plain["res.partner"].fields_get()
    assert "credit" in billing["res.partner"].fields_get()
    partner = env["res.partner"].create({"name": "P"})
    with pytest.raises(AccessError, match=r"- credit \(allowed for groups"):
        plain["res.partner"].browse(partner.ids).read(["credit"])


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-14.0", "odoo-16.0", "odoo-18.0", "odoo-19.0", "flectra-2.0"])
def test_the_rules_of_packs_can_be_evaluated_in_every_version(profile: str) -> None:
    check_rules(build(profile))


def test_the_rules_of_packs_can_be_evaluated(business: Database) -> None:
    check_rules(business)


def check_rules(database: Database) -> None:
    env = database.env(database.profile.admin_id)
    rules = env["ir.rule"].sudo().with_context(active_test=False).search([])
    assert len(rules) > 150
    for rule in rules:
        tokens = record_rules.rule_domain(env, rule.domain_force or "", set())
        domains.compile_tokens(env, database.registry[rule.model_id.model], tokens)


@pytest.mark.parametrize(
    ("version", "of_contact", "of_missing"),
    [
        ("17.0", "sender's email address", "sender's email address"),
        ("18.0", "sender's email address", "sender's email address"),
        ("19.0", r"Operation: create\)\n\nRecords: \d+, User", "Record does not exist or has been deleted"),
    ],
)
def test_what_is_told_first_of_a_message_that_cannot_be_posted(version: str, of_contact: str, of_missing: str) -> None:
    env = seed.build("t", profile=profiles.get(f"odoo-{version}"), clock=Clock(), fixtures=["mail"]).env(2)
    contact, gone = env["res.partner"].create([{"name": "Kept"}, {"name": "Gone"}])
    looker = env["res.users"].create({"name": "Looker", "login": "looker"})
    name = "group_ids" if "group_ids" in looker._model.fields else "groups_id"
    looker.write({name: [(6, 0, [env.ref("base.group_user").id])]})  # type: ignore[union-attr]
    gone.unlink()
    for record, text in ((contact, of_contact), (gone, of_missing)):
        with pytest.raises(OdooError, match=text):
            record.with_user(looker).message_post(body="hello")


def test_since_18_a_message_is_refused_as_such() -> None:
    for version, text in (
        ("17.0", "not allowed to modify 'Contact'"),
        ("18.0", r"Operation: create\)\n\nRecords: \[\d+"),
    ):
        env = seed.build("t", profile=profiles.get(f"odoo-{version}"), clock=Clock(), fixtures=["mail"]).env(2)
        contact = env["res.partner"].create({"name": "Kept"})
        looker = env["res.users"].create({"name": "Looker", "login": "looker", "email": "looker@x.test"})
        looker.write({"groups_id": [(6, 0, [env.ref("base.group_user").id])]})  # type: ignore[union-attr]
        with pytest.raises(AccessError, match=text):
            contact.with_user(looker).message_post(body="hello")


@pytest.mark.parametrize(
    ("version", "group"),
    [("17.0", "Technical/Show Full Accounting Features"), ("18.0", "Technical/Basic"), ("19.0", "Basic")],
)
def test_since_18_statements_are_for_those_with_the_basic_features_of_accounting(version: str, group: str) -> None:
    env = seed.build("t", profile=profiles.get(f"odoo-{version}"), clock=Clock(), fixtures=["account"]).env(2)
    with pytest.raises(AccessError, match=f"following groups:\n\t- {group}\n\n"):
        env["account.bank.statement.line"].create({"payment_ref": "Wire", "amount": 1})
