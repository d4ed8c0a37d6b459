"""Contacts found, their addresses, their bank accounts, and their merging.

Recorded in misc-partners (17.0); here are the cases that the recording leaves out.
"""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset


def _contact(env: Environment, **values: object) -> Recordset:
    return env["res.partner"].create({"name": "Ann", **values})


def test_the_address_of_a_contact_is_looked_for_in_its_company(env: Environment) -> None:
    company = _contact(env, is_company=True)
    contact = _contact(env, parent_id=company.id)
    _contact(env, parent_id=company.id, type="invoice")
    invoice = _contact(env, parent_id=company.id, type="invoice")  # of the same name, the newest comes first
    other = _contact(env, parent_id=company.id, is_company=True)
    _contact(env, parent_id=other.id, type="delivery")
    found = contact.address_get(["invoice", "delivery"])
    assert found == {"contact": contact.id, "invoice": invoice.id, "delivery": contact.id}


def test_a_contact_is_found_by_its_address_or_created(env: Environment) -> None:
    partners = env["res.partner"]
    made = partners.find_or_create('"Bea B." <Bea@X.test>')
    assert (partners.browse(made).name, partners.browse(made).email) == ("Bea B.", "bea@x.test")
    assert partners.find_or_create("BEA@x.test") == made
    with pytest.raises(ValueError, match=r"^no address is not recognized as a valid email\."):
        partners.find_or_create("no address", assert_valid_email=True)


def test_an_account_is_found_however_its_number_is_written(env: Environment) -> None:
    accounts = env["res.partner.bank"]
    account = accounts.create({"acc_number": "be68 5390", "partner_id": _contact(env).id})
    for domain in (
        [("acc_number", "=", "BE-685390")],
        [("acc_number", "in", ["be685390"])],
        [("acc_number", "like", "8 5")],
    ):
        assert accounts.search(domain).ids == account.ids
    assert account.partner_id.search([("bank_ids.acc_number", "=", "BE685390")]).ids == account.partner_id.ids


def _merge(env: Environment, contacts: Recordset, target: Recordset | None = None) -> dict[str, Any]:
    values = {"partner_ids": [(6, 0, contacts.ids)], "dst_partner_id": target.id if target else False}
    found: dict[str, Any] = env["base.partner.merge.automatic.wizard"].create(values).action_merge()
    return found


def test_what_refers_to_a_merged_contact_refers_to_the_one_that_is_kept(env: Environment) -> None:
    kept, gone = _contact(env, ref="kept", comment="<p>k</p>"), _contact(env, ref="gone", city="Ghent")
    child = _contact(env, parent_id=gone.id)
    link = env["ir.attachment"].create({"name": "a", "res_model": "res.partner", "res_id": gone.id})
    account = env["res.partner.bank"].create({"acc_number": "1", "partner_id": gone.id})
    _merge(env, kept | gone, kept)
    assert not gone.exists()
    assert (kept.ref, kept.city) == ("kept", "Ghent")
    assert (child.parent_id.id, link.res_id, account.partner_id.id) == (kept.id, kept.id, kept.id)


def test_what_is_not_merged(env: Environment) -> None:
    company = _contact(env, is_company=True)
    child = _contact(env, parent_id=company.id)
    with pytest.raises(UserError, match=r"^You cannot merge a contact with one of his parent\.$"):
        _merge(env, company | child)
    four = company | _contact(env) | _contact(env) | _contact(env)
    with pytest.raises(UserError, match=r"^For safety reasons, you cannot merge more than 3 contacts together\."):
        _merge(env, four)
    _merge(env, company)
    assert company.exists()


def test_the_wizard_finds_contacts_that_are_alike(env: Environment) -> None:
    one, two = _contact(env, email="Same@x.test"), _contact(env, name="Other", email="same@x.test")
    wizard = env["base.partner.merge.automatic.wizard"].create({})
    with pytest.raises(UserError, match=r"^You have to specify a filter for your selection\.$"):
        wizard.action_start_manual_process()
    wizard.write({"group_by_email": True})
    wizard.action_start_manual_process()
    assert (wizard.state, wizard.partner_ids.ids, wizard.number_group) == ("selection", [one.id, two.id], 1)
    wizard.action_skip()
    assert (wizard.state, len(wizard.partner_ids)) == ("finished", 0)
    assert (one | two).exists() == one | two


def test_a_message_is_written_on_a_contact_and_goes_with_it(env: Environment) -> None:
    contact, other = _contact(env), _contact(env, name="Other")
    message = contact.message_post(body="a < b", message_type="comment")
    assert (message.body, message.record_name) == ("<p>a &lt; b</p>", "Ann")
    assert message.subtype_id == env.ref("mail.mt_note")
    html = contact.message_post(body="<p>x</p>", body_is_html=True, subtype_xmlid="mail.mt_comment")
    assert contact.message_ids == html | message
    assert contact.message_partner_ids.ids == env.user.partner_id.ids
    contact.message_subscribe([other.id])
    assert env["res.partner"].search([("message_partner_ids", "in", [other.id])]) == contact
    assert contact.message_unsubscribe([other.id]) is None
    assert other not in contact.message_partner_ids
    contact.unlink()
    assert not message.exists()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"partner_ids": [[6, 0, [1]]]}, r"^Posting a message should receive partners as a list of IDs"),
        ({"nonsense": 1}, r"^Those values are not supported when posting or notifying: nonsense$"),
        ({"message_type": "gossip"}, r"^Wrong value for mail.message.message_type: 'gossip'$"),
    ],
)
def test_a_message_that_is_refused(env: Environment, values: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        _contact(env).message_post(body="x", **values)
