"""res.partner and its categories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import RedirectWarning, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.models import one


@pytest.fixture
def partners(env: Environment) -> Recordset:
    return env["res.partner"]


@pytest.fixture
def acme(partners: Recordset) -> Recordset:
    created: Recordset = partners.create(
        {"name": "Acme", "is_company": True, "street": "Main 1", "city": "Gent", "vat": "BE1"}
    )
    return created


# -- values


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("www.acme.example", "http://www.acme.example"),
        ("acme.example/shop?a=b", "http://acme.example/shop?a=b"),
        ("//acme.example", "http://acme.example"),
        ("https://acme.example", "https://acme.example"),
        (False, False),
        ("", ""),
    ],
)
def test_a_website_without_a_scheme_gets_that_of_the_web(partners: Recordset, given: Any, kept: Any) -> None:
    made = partners.create([{"name": "One", "website": given}, {"name": "Two"}])
    assert made.mapped("website") == [kept, False]
    made[1].write({"website": given})
    assert made[1].website == kept


# -- names


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "Ann"}, "Acme, Ann"), ({"name": "Sub", "is_company": True}, "Sub"),
        ({"name": False, "type": "invoice"}, "Acme, Invoice Address"),
        ({"name": False, "type": "delivery"}, "Acme, Delivery Address"),
        ({"name": False, "type": "other"}, "Acme, Other Address"), ({"name": "Desk", "type": "invoice"}, "Acme, Desk"),
        ({"name": "", "type": "contact"}, "Acme,"),
    ],
)  # fmt: skip
def test_the_name_of_a_contact_has_that_of_its_company(acme: Recordset, values: dict[str, Any], expected: str) -> None:
    contact = acme.create({"parent_id": acme.id, **values})
    assert one(contact, "complete_name", "display_name") == (expected, expected)


def test_a_company_name_stands_before_that_of_a_person(partners: Recordset) -> None:
    person = partners.create({"name": "Ann", "company_name": "Shop"})
    assert one(person, "complete_name", "commercial_company_name") == ("Shop, Ann", "Shop")
    person.write({"is_company": True})
    assert person.complete_name == "Ann"


def test_a_renamed_company_renames_its_contacts_at_every_depth(acme: Recordset) -> None:
    ann = acme.create({"name": "Ann", "parent_id": acme.id})
    bob = acme.create({"name": "Bob", "parent_id": ann.id})
    assert bob.complete_name == "Acme, Bob"
    acme.write({"name": "Zenith"})
    assert (ann.complete_name, bob.complete_name) == ("Zenith, Ann", "Zenith, Bob")
    assert acme.search([("complete_name", "=", "Zenith, Bob")]) == bob
    ann.write({"parent_id": False})
    assert (ann.complete_name, bob.complete_name) == ("Ann", "Ann, Bob")


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({}, "Acme"), ({"show_email": True}, "Acme <a@x.test>"), ({"show_vat": True}, "Acme ‒ BE1"),
        # Belgium writes the zip, which is empty here, before the city
        ({"show_address": True}, "Acme\nMain 1\n Gent\nBelgium"),
        ({"show_address": True, "address_inline": True}, "Acme, Main 1,  Gent, Belgium"),
        ({"show_address": True, "show_email": True}, "Acme\nMain 1\n Gent\nBelgium <a@x.test>"),
    ],
)  # fmt: skip
def test_the_context_adds_to_the_name(acme: Recordset, context: dict[str, Any], expected: str) -> None:
    acme.write({"email": "a@x.test", "country_id": acme.env.ref("base.be").id})  # type: ignore[union-attr]
    assert one(acme, "display_name", **context) == expected
    assert acme.with_context(**context).name_get() == [[acme.id, expected]]
    contact = acme.create({"name": "Ann", "parent_id": acme.id})
    assert one(contact, "parent_id", **context) == [acme.id, expected]


@pytest.mark.parametrize(
    ("text", "name", "email"),
    [("Ann", "Ann", False), ("Ann <Ann@X.test>", "Ann", "ann@x.test"), ("ann@x.test", "ann@x.test", "ann@x.test"),
     ('"Ann B" <a@x.test>', "Ann B", "a@x.test"), ("", "", False)],
)  # fmt: skip
def test_a_partner_made_by_name_may_bring_an_address(partners: Recordset, text: str, name: str, email: Any) -> None:
    id_, shown = partners.name_create(text)
    assert one(partners.browse(id_), "name", "email") == (name, email)
    assert shown == name


@pytest.mark.parametrize(
    ("email", "normalized", "formatted"),
    [("Ann@X.test", "ann@x.test", '"P" <ann@x.test>'), (False, False, False),
     ("a@x.test, b@x.test", False, '"P" <a@x.test,b@x.test>'),
     ("none", False, '"P" <none>'), ("Ann <a@x.test>", "a@x.test", '"P" <a@x.test>')],
)  # fmt: skip
def test_addresses_are_normalized_and_formatted(
    partners: Recordset, email: Any, normalized: Any, formatted: Any
) -> None:
    partner = partners.create({"name": "P", "email": email})
    assert one(partner, "email_normalized", "email_formatted") == (normalized, formatted)


def test_a_copy_is_named_so(acme: Recordset) -> None:
    assert acme.copy().name == "Acme (copy)"
    assert acme.copy({"name": "Other"}).name == "Other"
    contact = acme.create({"name": "Ann", "parent_id": acme.id})
    assert one(acme.copy(), "child_ids") == []
    assert contact.copy().parent_id == acme


# -- the commercial entity


def test_the_commercial_entity_is_the_company_above(acme: Recordset) -> None:
    ann = acme.create({"name": "Ann", "parent_id": acme.id})
    bob = acme.create({"name": "Bob", "parent_id": ann.id})
    sub = acme.create({"name": "Sub", "parent_id": acme.id, "is_company": True})
    assert [p.commercial_partner_id for p in (acme, ann, bob, sub)] == [acme, acme, acme, sub]
    ann.write({"is_company": True})
    assert [p.commercial_partner_id for p in (ann, bob)] == [ann, ann]
    ann.write({"parent_id": False, "is_company": False})
    assert bob.commercial_partner_id == ann
    assert acme.search([("commercial_partner_id", "=", ann.id)]).ids == [ann.id, bob.id]


def test_commercial_fields_come_from_the_company(acme: Recordset) -> None:
    ann = acme.create({"name": "Ann", "parent_id": acme.id})
    sub = acme.create({"name": "Sub", "parent_id": acme.id, "is_company": True})
    assert (ann.vat, sub.vat) == ("BE1", False)
    acme.write({"vat": "BE2"})
    assert (ann.vat, sub.vat) == ("BE2", False)
    bob = acme.create({"name": "Bob", "vat": "X"})
    bob.write({"parent_id": acme.id})
    assert bob.vat == "BE2"


def test_company_type_is_another_word_for_is_company(partners: Recordset) -> None:
    company = partners.create({"name": "C", "company_type": "company"})
    assert company.is_company is True
    company.write({"company_type": "person"})
    assert one(company, "is_company", "company_type") == (False, "person")
    company.is_company = True
    assert company.company_type == "company"
    assert partners.search([("is_company", "=", True), ("id", "=", company.id)]) == company


# -- addresses


def test_a_contact_takes_the_address_of_its_company(acme: Recordset) -> None:
    ann = acme.create({"name": "Ann", "parent_id": acme.id, "city": "Own"})
    invoice = acme.create({"name": "Bills", "parent_id": acme.id, "type": "invoice", "city": "Own"})
    assert one(ann, "street", "city") == ("Main 1", "Gent")
    assert one(invoice, "street", "city") == (False, "Own")
    acme.write({"city": "Ieper", "street": False})
    assert one(ann, "street", "city") == (False, "Ieper")
    assert invoice.city == "Own"


def test_the_first_contact_brings_an_address_to_a_company_without(partners: Recordset) -> None:
    company = partners.create({"name": "Bare", "is_company": True})
    partners.create({"name": "Ann", "parent_id": company.id, "city": "Gent"})
    assert company.city == "Gent"


def test_the_address_in_lines(acme: Recordset) -> None:
    env = acme.env
    usa, state = env.ref("base.us"), env.ref("base.state_us_5")
    acme.write({"street2": "Floor 2", "zip": "9000", "country_id": usa.id, "state_id": state.id})  # type: ignore[union-attr]
    lines = acme.contact_address.split("\n")
    assert lines[0] == "Acme"
    assert lines[-1] == "United States"
    assert "Main 1" in lines
    assert acme.contact_address_inline.startswith("Acme, Main 1, Floor 2, ")
    bare = env["res.partner"].create({"name": "Bare", "city": "Gent"})
    assert bare.contact_address_inline == " Gent  "


# -- what is refused


@pytest.mark.parametrize("values", [{}, {"name": False}, {"name": None, "type": "contact"}])
def test_a_contact_needs_a_name(partners: Recordset, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"^The operation cannot be completed: Contacts require a name$"):
        partners.create(values)


def test_an_address_needs_no_name(acme: Recordset) -> None:
    address = acme.create({"type": "delivery", "parent_id": acme.id})
    assert address.name is False
    with pytest.raises(ValidationError):
        address.write({"type": "contact"})


def test_a_partner_behind_an_active_user_is_neither_archived_nor_deleted(env: Environment) -> None:
    ann = env["res.users"].sudo().create({"name": "Ann", "login": "ann"})
    form = [(env.ref("base.view_users_form") or env["ir.ui.view"]).id, "form"]
    action = {
        "type": "ir.actions.act_window", "res_model": "res.users", "context": {"create": False}, "view_mode": "form",
        "views": [form], "res_id": ann.id,
    }  # fmt: skip
    partner = env["res.partner"].browse(ann.partner_id.id)
    cases: list[tuple[Callable[[], object], str, str]] = [
        (lambda: partner.write({"active": False}), "archive", "You first need to archive their associated user."),
        (partner.unlink, "delete", "You should rather archive them after archiving their associated user."),
    ]
    for refused, verb, remedy in cases:
        with pytest.raises(RedirectWarning) as caught:
            refused()
        text = f"You cannot {verb} contacts linked to an active user.\n{remedy}\n\nLinked active users : Ann"
        assert caught.value.args == (text, action, "Go to users", None)
    assert partner.active is True
    ann.write({"active": False})
    partner.write({"active": False})
    with pytest.raises(ValidationError, match="Constraint: res_users_partner_id_fkey"):
        partner.unlink()


def test_whoever_may_not_change_users_is_told_to_ask(env: Environment) -> None:
    groups = [env.ref(f"base.{name}").id for name in ("group_user", "group_partner_manager")]  # type: ignore[union-attr]
    ann, bob = env["res.users"].sudo().create([{"name": "Ann", "login": "a", "groups_id": [(6, 0, groups)]},
                                               {"name": "Bob", "login": "b"}])  # fmt: skip
    partners = env["res.partner"].with_user(ann).browse([ann.partner_id.id, bob.partner_id.id])
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: partners.write({"active": False}), "archive"), (partners.unlink, "delete"),
    ]  # fmt: skip
    for refused, verb in cases:
        with pytest.raises(ValidationError) as caught:
            refused()
        assert str(caught.value) == (
            f"You cannot {verb} contacts linked to an active user.\n"
            "Ask an administrator to archive their associated user first.\n\nLinked active users :\nAnn, Bob"
        )


def test_a_company_that_goes_leaves_its_contacts(acme: Recordset) -> None:
    ann = acme.create({"name": "Ann", "parent_id": acme.id})
    acme.unlink()
    assert one(ann, "parent_id", "complete_name") == (False, "Ann")
    assert ann.commercial_partner_id == ann


# -- categories


def test_a_category_is_named_by_its_path(env: Environment) -> None:
    categories = env["res.partner.category"]
    top = categories.create({"name": "Top"})
    leaf = categories.create({"name": "Leaf", "parent_id": top.id})
    assert one(leaf, "display_name") == "Top / Leaf"
    assert one(leaf, "display_name", partner_category_display="short") == "Leaf"
    assert one(leaf, "parent_path") == f"{top.id}/{leaf.id}/"
    top.write({"name": "Zop"})
    assert leaf.display_name == "Zop / Leaf"
    assert categories.name_search("Leaf") == [[leaf.id, "Zop / Leaf"]]


def test_paths_follow_a_category_that_moves(env: Environment) -> None:
    a, b, c = env["res.partner.category"].create([{"name": "a"}, {"name": "b"}, {"name": "c"}])
    b.parent_id, c.parent_id = a, b
    assert c.parent_path == f"{a.id}/{b.id}/{c.id}/"
    b.parent_id = False
    assert c.parent_path == f"{b.id}/{c.id}/"
    assert a.search([("id", "child_of", b.id)]) == b | c


def test_a_category_knows_its_partners(env: Environment) -> None:
    category = env["res.partner.category"].create({"name": "C"})
    partner = env["res.partner"].create({"name": "P", "category_id": [(4, category.id)]})
    assert category.partner_ids == partner
    assert env["res.partner"].search([("category_id", "child_of", category.id)]) == partner
    category.unlink()
    assert not partner.category_id


def partners_of(profile: str) -> Recordset:
    db = seed.build("test", profile=profiles.get(profile), clock=Clock())
    return db.env(db.profile.admin_id)["res.partner"]


@pytest.mark.parametrize(("profile", "city"), [("odoo-11.0", "Gent"), ("odoo-12.0", "Lier")])
def test_in_11_every_write_copies_the_address_of_the_company(profile: str, city: str) -> None:
    partners = partners_of(profile)
    company = partners.create({"name": "Company", "is_company": True, "city": "Gent"})
    contact = partners.create({"name": "Contact", "parent_id": company.id})
    contact.write({"city": "Lier"})
    assert contact.city == city


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-17.0"])
def test_an_address_goes_to_the_contacts_below_and_no_further(profile: str) -> None:
    partners = partners_of(profile)
    top = partners.create({"name": "Top"})
    middle = partners.create({"name": "Middle", "parent_id": top.id})
    low = partners.create({"name": "Low", "parent_id": middle.id})
    low.write({"city": "Before"})
    top.write({"city": "After"})
    assert [partner.city for partner in (middle, low)] == ["After", "Before"]


@pytest.mark.parametrize(("profile", "found"), [("odoo-13.0", ["Zoe", "Adam"]), ("odoo-16.0", ["Adam", "Zoe"])])
def test_until_15_those_found_by_their_display_name_come_first(profile: str, found: list[str]) -> None:
    partners = partners_of(profile)
    partners.create({"name": "Adam", "email": "zoe@x.test"})
    partners.create({"name": "Zoe"})
    assert [name for _, name in partners.name_search("zoe")] == found
