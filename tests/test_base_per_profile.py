"""The base pack of every profile: what a new database has, and that each generation has its own fields."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.seed import build as seed
from tests.partner_fields import APPLICATIONS, FIELDS

# a partner as CloudOffix's document prints it, with all its fields
CLOUDOFFIX = frozenset(
    """
    __last_update active activity_date_deadline activity_state activity_summary activity_type_id
    activity_user_id bank_account_count bank_ids barcode calendar_last_notif_ack category_id channel_ids
    child_ids city color comment commercial_company_name commercial_partner_country_id commercial_partner_id
    company_id company_name company_type contact_address contract_ids contracts_count country_id create_date
    create_uid credit credit_limit currency_id customer date date_localization debit debit_limit display_name
    email email_formatted email_validation_result employee firstname function has_unreconciled_entries im_status
    image image_small industry_id invoice_ids invoice_warn invoice_warn_msg is_company is_email_address_valid
    journal_item_count lang last_time_entries_checked lastname message_bounce message_channel_ids
    message_follower_ids message_ids message_is_follower message_last_post message_needaction
    message_needaction_counter message_partner_ids message_unread message_unread_counter mobile name opt_out
    parent_id parent_name partner_latitude partner_longitude partner_share payment_token_count payment_token_ids
    phone property_account_payable_id property_account_position_id property_account_receivable_id
    property_payment_term_id property_product_pricelist property_supplier_payment_term_id ref ref_company_ids
    sale_order_count sale_order_ids sale_warn sale_warn_msg self signup_expiration signup_token signup_type
    signup_url signup_valid state_id street street2 supplier tax_office_id team_id title total_invoiced trust
    type tz tz_offset user_id user_ids vat website website_description website_message_ids
    website_meta_description website_meta_keywords website_meta_title website_published
    website_short_description website_url write_date write_uid zip
    """.split()  # noqa: SIM905
)
NAMES = list(profiles.PROFILES)
OLD = [name for name, profile in profiles.PROFILES.items() if profile.generation == 11]
_built: dict[str, Database] = {}


def database(name: str) -> Database:
    """A database of the profile, shared by the tests that only look."""
    if name not in _built:
        _built[name] = seed.build("test", profile=profiles.get(name).with_demo(True), clock=Clock())
    return _built[name]


def fields(name: str, model: str = "res.partner") -> set[str]:
    return set(database(name).registry[model].fields)


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_has_the_countries_currencies_and_languages_of_its_generation(name: str) -> None:
    rows, generation = database(name).store.rows, database(name).profile.generation
    assert [len(rows(model)) for model in ("res.country", "res.currency", "res.company")] == [250, 170, 1]
    assert len(rows("res.country.state")) == (1733 if generation < 16 else 1749)
    assert len(rows("res.lang")) == {16: 88, 17: 91, 18: 92, 19: 92, 20: 92}.get(generation, 85)


@pytest.mark.parametrize("name", NAMES)
def test_the_administrator_has_the_login_asked_for_and_an_active_user(name: str) -> None:
    profile = profiles.get(name)
    env = seed.build("test", profile=profile.with_demo(True), login="boss", password="secret", clock=Clock()).env(
        profile.admin_id
    )
    assert (env.user.login, env.user.active, env.user.share, env.company.name) == ("boss", True, False, "YourCompany")
    assert env.user.call("has_group", "base.group_system")


@pytest.mark.parametrize("name", NAMES)
def test_the_users_have_the_ids_of_the_generation(name: str) -> None:
    users = database(name).env()["res.users"].with_context(active_test=False).search([], order="id")
    old = ["admin", "default", "public", "portaltemplate", "demo", "portal"]
    expected = old if name in OLD else ["__system__", *old]
    numbered = dict(enumerate(expected, 1))
    if profiles.get(name).generation >= 19:
        del numbered[3]  # new users have the rights of a group, not those of a template
    assert dict(zip(users.ids, users.mapped("login"), strict=True)) == numbered


@pytest.mark.parametrize("name", OLD)
def test_until_11_the_administrator_is_the_superuser(name: str) -> None:
    env = database(name).env()
    root, partner = env.ref("base.user_root"), env.ref("base.partner_root")
    assert root is not None
    assert partner is not None
    assert (root.id, root.name, root.partner_id) == (1, "Administrator", partner)
    assert partner.id == 3
    assert env.ref("base.user_admin") == root, "fixtures that name the administrator of later versions find it"


@pytest.mark.parametrize("name", FIELDS)
def test_a_contact_has_the_fields_of_the_real_server(name: str) -> None:
    assert FIELDS[name] - fields(name) == set()


@pytest.mark.parametrize("name", FIELDS)
def test_a_contact_has_no_other_fields_than_those_of_applications(name: str) -> None:
    assert fields(name) - FIELDS[name] <= APPLICATIONS


def test_a_partner_of_cloudoffix_has_every_field_that_its_document_prints() -> None:
    assert CLOUDOFFIX - fields("cloudoffix-11.0") == set()


@pytest.mark.parametrize(
    ("model", "field", "first", "last"),
    [
        ("res.partner", "customer", 11, 12),
        ("res.partner", "customer_rank", 13, 20),
        ("res.partner", "image", 11, 12),
        ("res.partner", "image_1920", 13, 20),
        ("res.partner", "message_channel_ids", 11, 14),
        ("res.partner", "complete_name", 17, 20),
        ("res.partner", "date", 11, 17),
        ("res.partner", "title", 11, 18),
        ("res.partner", "mobile", 11, 18),
        ("res.partner", "__last_update", 11, 16),
        ("res.partner.category", "parent_left", 11, 11),
        ("res.partner.category", "parent_path", 12, 20),
        ("res.users", "groups_id", 11, 18),
        ("res.users", "group_ids", 19, 20),
        ("res.groups", "users", 11, 18),
        ("res.groups", "user_ids", 19, 20),
        ("res.groups", "category_id", 11, 18),
        ("res.groups", "privilege_id", 19, 20),
        ("ir.attachment", "datas_fname", 11, 12),
        ("ir.cron", "numbercall", 11, 17),
        ("ir.ui.menu", "groups_id", 11, 18),
        ("ir.filters", "user_ids", 19, 20),
    ],
)
def test_a_field_exists_in_its_generations_alone(model: str, field: str, first: int, last: int) -> None:
    having = [number for number in range(11, profiles.LAST + 1) if field in fields(f"odoo-{number}.0", model)]
    assert having == list(range(first, last + 1))


@pytest.mark.parametrize(
    ("model", "first", "last"),
    [("res.partner.title", 11, 18), ("res.groups.privilege", 19, 20), ("res.users.apikeys", 14, 20),
     ("ir.model.fields.selection", 13, 20), ("ir.rule", 11, 19), ("ir.access", 20, 20)],
)  # fmt: skip
def test_a_model_exists_in_its_generations_alone(model: str, first: int, last: int) -> None:
    having = [number for number in range(11, profiles.LAST + 1) if model in database(f"odoo-{number}.0").registry]
    assert having == list(range(first, last + 1))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("odoo-11.0", "display_name"),
        ("odoo-14.0", "display_name"),
        ("odoo-15.0", "display_name ASC, id DESC"),
        ("odoo-16.0", "display_name ASC, id DESC"),
        ("odoo-17.0", "complete_name ASC, id DESC"),
        ("odoo-19.0", "complete_name ASC, id DESC"),
    ],
)
def test_contacts_are_in_the_order_of_their_generation(name: str, order: str) -> None:
    assert database(name).registry["res.partner"].order == order
    names = database(name).env()["res.partner"].search([]).mapped("display_name")
    assert names == sorted(names)


def test_until_16_a_display_name_is_kept_and_follows_its_company() -> None:
    env = seed.build("test", profile=profiles.get("odoo-15.0").with_demo(True), clock=Clock()).env()
    company = env["res.partner"].create({"name": "Old", "is_company": True})
    contact = env["res.partner"].create({"name": "Kim", "parent_id": company.id})
    contact.with_context(show_address=True).write({"street": "Way 1"})
    company.write({"name": "New"})
    assert env["res.partner"].search([("display_name", "=", "New, Kim")]) == contact
    assert env["res.partner"].call("name_search", "New, K") == [[contact.id, "New, Kim"]]


@pytest.mark.parametrize(
    ("name", "field", "attributes"),
    [
        ("odoo-11.0", "comment", {"type": "text"}),
        ("odoo-15.0", "comment", {"type": "html"}),
        ("odoo-12.0", "invoice_ids", {"relation": "account.invoice"}),
        ("odoo-13.0", "invoice_ids", {"relation": "account.move"}),
        ("odoo-11.0", "child_ids", {"string": "Contacts", "sortable": True}),
        ("odoo-15.0", "child_ids", {"string": "Contact", "sortable": False}),
        ("odoo-11.0", "create_date", {"readonly": False}),
        ("odoo-12.0", "create_date", {"readonly": True}),
        ("odoo-17.0", "display_name", {"store": False, "searchable": False}),
        ("odoo-18.0", "display_name", {"store": False, "searchable": True}),
        ("odoo-16.0", "display_name", {"store": True, "searchable": True}),
    ],
)
def test_a_field_is_described_as_in_its_generation(name: str, field: str, attributes: dict[str, Any]) -> None:
    env = database(name).env()
    described = env["res.partner"].call("fields_get", [field])[field]
    assert {key: described[key] for key in attributes} == attributes


def test_fields_have_helps_where_the_product_prints_them_and_nowhere_else() -> None:
    told = database("flectra-2.0").env()["res.partner"].call("fields_get", ["ean13", "signup_valid"], ["help", "type"])
    assert told == {"ean13": {"type": "char", "help": "BarCode"}, "signup_valid": {"type": "boolean", "help": ""}}
    for name in ("flectra-1.6", "odoo-13.0", "odoo-17.0"):
        described = database(name).env()["res.partner"].call("fields_get")
        assert [field for field, attributes in described.items() if "help" in attributes] == []


def test_fields_of_flectra_are_not_in_odoo() -> None:
    assert "branch_id" in fields("flectra-1.6")
    assert "branch_id" not in fields("odoo-11.0") | fields("cloudoffix-11.0")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("flectra-1.6", "You can not have two users with the same login !"),
        ("odoo-16.0", "You can not have two users with the same login !"),
        ("odoo-17.0", "You can not have two users with the same login!"),
    ],
)
def test_constraints_speak_as_in_their_generation(name: str, text: str) -> None:
    [constraint] = database(name).registry["res.users"].constraints
    assert (constraint.name, constraint.message) == ("login_key", text)


@pytest.mark.parametrize(("name", "id_"), [("flectra-1.6", 65), ("odoo-12.0", 72), ("odoo-15.0", 72)])
def test_the_action_of_users_has_the_id_that_redirections_name(name: str, id_: int) -> None:
    action = database(name).env().ref("base.action_res_users")
    menu = database(name).env().ref("base.menu_action_res_users")
    assert action is not None
    assert menu is not None
    assert (action.id, menu._rows()[0]["action"]) == (id_, f"ir.actions.act_window,{id_}")


@pytest.mark.parametrize(("name", "id_"), [("flectra-1.6", 62), ("odoo-18.0", 42), ("odoo-19.0", 42)])
def test_the_first_new_contact_has_the_id_that_recordings_imply(name: str, id_: int) -> None:
    env = seed.build("test", profile=profiles.get(name).with_demo(True), clock=Clock()).env()
    assert env["res.partner"].create({"name": "New"}).id == id_


def test_the_first_model_is_named_as_in_its_generation() -> None:
    assert database("flectra-1.6").env()["ir.model"].browse(1).name == "base"
    assert database("odoo-12.0").env()["ir.model"].browse(1).name == "Base"


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_the_base_pack_can_be_read_with_all_its_fields(name: str) -> None:
    env = database(name).env()
    for model in database(name).registry.values():
        if not model.abstract:
            records = env[model.name].with_context(active_test=False).search([], limit=3)
            assert len(records.call("read")) == len(records)


@pytest.mark.parametrize("name", NAMES)
def test_no_row_has_a_value_for_a_field_that_the_profile_lacks(name: str) -> None:
    for model in database(name).registry.values():
        if not model.name.startswith("ir.model"):
            known = {*model.fields, "password"}
            for row in database(name).store.rows(model.name).values():
                assert row.keys() <= known
