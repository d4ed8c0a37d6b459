"""res.company, res.bank and res.partner.bank."""

from __future__ import annotations

import pytest

from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Environment


def test_a_company_is_created_with_its_partner(env: Environment) -> None:
    company = env["res.company"].create(
        {"name": "Acme", "email": "a@x.test", "phone": "1", "street": "Main St 1", "city": "Gent", "vat": "BE1",
         "country_id": env.ref("base.be").id, "website": "http://x.test"}  # type: ignore[union-attr]
    )  # fmt: skip
    partner = company.partner_id
    assert partner.is_company is True
    assert (partner.name, partner.email, partner.phone, partner.vat) == ("Acme", "a@x.test", "1", "BE1")
    assert (partner.street, partner.city, partner.country_id.code) == ("Main St 1", "Gent", "BE")
    assert (company.street, company.city, company.country_id.code, company.vat) == ("Main St 1", "Gent", "BE", "BE1")
    assert company.country_code == "BE"


def test_a_company_follows_its_partner_both_ways(env: Environment) -> None:
    company = env["res.company"].browse(1)
    company.write({"name": "New", "street": "Road 2", "website": "http://new.test", "email": "n@x.test"})
    partner = company.partner_id
    assert (partner.name, partner.street, partner.website, partner.email) == (
        "New", "Road 2", "http://new.test", "n@x.test",
    )  # fmt: skip
    partner.write({"name": "Newer", "street": "Road 3", "email": False})
    assert (company.name, company.street, company.email) == ("Newer", "Road 3", False)
    assert env["res.company"].search([("name", "=", "Newer")]).ids == [1]


def test_whoever_makes_a_company_may_work_in_it(env: Environment) -> None:
    company = env["res.company"].create({"name": "Acme"})
    assert company in env.user.company_ids
    assert company.currency_id.name == "USD"


def test_the_currency_of_a_company_is_made_active(env: Environment) -> None:
    aed = env["res.currency"].with_context(active_test=False).search([("name", "=", "AED")])
    assert aed.active is False
    env["res.company"].create({"name": "Acme", "currency_id": aed.id})
    assert aed.active is True


def test_branches_form_a_tree(env: Environment) -> None:
    branch = env["res.company"].create({"name": "Branch", "parent_id": 1})
    leaf = env["res.company"].create({"name": "Leaf", "parent_id": branch.id})
    assert leaf.parent_path == f"1/{branch.id}/{leaf.id}/"
    assert set(leaf.parent_ids.ids) == {1, branch.id, leaf.id}
    assert leaf.root_id.id == 1
    assert env["res.company"].search([("id", "child_of", 1)]).ids == env["res.company"].search([]).ids
    with pytest.raises(UserError, match="The company hierarchy cannot be changed"):
        leaf.write({"parent_id": 1})


def test_a_company_in_use_is_not_archived_nor_copied(env: Environment) -> None:
    company = env["res.company"].browse(1)
    with pytest.raises(ValidationError, match="The company YourCompany cannot be archived because it is still used"):
        company.write({"active": False})
    with pytest.raises(UserError, match="Duplicating a company is not allowed"):
        company.copy()
    unused = env["res.company"].create({"name": "Unused"})
    unused.write({"active": False})
    assert unused.active is False


def test_company_names_are_unique(env: Environment) -> None:
    with pytest.raises(ValidationError, match="The company name must be unique!"):
        env["res.company"].create({"name": "YourCompany"})


def test_a_bank_is_named_with_its_bic(env: Environment) -> None:
    bank = env["res.bank"].create({"name": "Big Bank", "bic": "BIGGBEBB"})
    assert bank.display_name == "Big Bank - BIGGBEBB"
    assert env["res.bank"].name_search("BIGG") == [[bank.id, "Big Bank - BIGGBEBB"]]
    bank.write({"bic": False})
    assert bank.display_name == "Big Bank"


def test_an_account_is_named_with_its_bank_and_has_a_plain_number(env: Environment) -> None:
    bank = env["res.bank"].create({"name": "Big Bank"})
    account = env["res.partner.bank"].create({"acc_number": "be 12-34", "partner_id": 3, "bank_id": bank.id})
    assert account.display_name == "be 12-34 - Big Bank"
    assert account.sanitized_acc_number == "BE1234"
    assert account.acc_type == "bank"
    assert account.acc_holder_name == account.partner_id.name
    account.write({"acc_number": "99"})
    assert (account.sanitized_acc_number, account.bank_name) == ("99", "Big Bank")
    with pytest.raises(ValidationError, match="The combination Account Number/Partner must be unique"):
        env["res.partner.bank"].create({"acc_number": "9 9", "partner_id": 3})
