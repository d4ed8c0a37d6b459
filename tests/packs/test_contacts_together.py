"""Contacts that are read together, with all fields, have the values that each has by itself, and each field by itself.

What is counted and added up of contacts is looked up once for all of them, and once for all fields.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, given, settings, strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, OdooError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
LOGIN = "seller"
Change = tuple[int, str, Any]


@cache
def database(profile: str, *fixtures: str) -> Database:
    """A company with contacts, orders, invoices and meetings, and with a user who may not see all of it."""
    found = seed.build("test", profile=profiles.get(profile), fixtures=fixtures, clock=Clock())
    env = found.env()
    group = env.ref("sales_team.group_sale_salesman", raise_if_not_found=False)
    groups = {"group_ids" if "group_ids" in env["res.users"] else "groups_id": [(4, group.id)]} if group else {}
    countries = env["res.country.group"].search([], limit=1)
    env["product.pricelist"].create([{"name": "Europe", "country_group_ids": countries.ids}, {"name": "Friends"}])
    env["res.users"].create({"name": "Seller", "login": LOGIN, "email": "seller@example.com", **groups})
    return found


VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "parent_id": st.integers(0, 60), "active": st.booleans(), "country_id": st.integers(0, 240),
    "state_id": st.integers(0, 60), "street": st.sampled_from(["Rue Haute 1", "", False]),
    "email": st.sampled_from(["a@example.com", "A <a@example.com>, b@example.com", False]), "name": st.just('A "B"'),
    "tz": st.just("Asia/Kolkata"),
    "is_company": st.booleans(), "company_id": st.integers(0, 1), "property_product_pricelist": st.integers(0, 3),
    "image_1920": st.sampled_from([PICTURE, False]), "lang": st.sampled_from(["en_US", False]),
    "company_name": st.sampled_from(["Firm", False]),
    "bank": st.sampled_from(["BE68539007547034", "BE68 5390 0754 7034"]),
    "message": st.just("<p>Hello</p>"), "failure": st.just("<p>Hello</p>"), "blacklist": st.just("a@example.com"),
    "order": st.sampled_from(["draft", "sale"]), "lead": st.booleans(), "attachment": st.just("a.txt"),
    "invoice": st.sampled_from(["out_invoice", "in_invoice", "out_refund"]),
}  # fmt: skip


def changes() -> st.SearchStrategy[list[Change]]:
    """Some of what may be done to contacts: each a place of the contact, a name and a value."""
    one = st.sampled_from(sorted(VALUES)).flatmap(
        lambda name: st.tuples(st.integers(0, 60), st.just(name), VALUES[name])
    )
    return st.lists(one, max_size=25)


def change(partners: Recordset, place: int, name: str, value: Any) -> None:
    """Do it; what the server refuses, or does not have, is left."""
    env, partner = partners.env, partners[place % len(partners)]
    if name == "parent_id":
        value = value % 4 and partners[value % len(partners)].id
    elif name == "property_product_pricelist":
        pricelists = [False, *env["product.pricelist"].search([]).ids]
        value = pricelists[value % len(pricelists)]
    with contextlib.suppress(OdooError), env.db.transaction():
        if name in MADE and MADE[name] in env:
            make(partner, MADE[name], value)
        elif name in OTHERS:
            OTHERS[name](partner, value)
        elif name in partner._model.fields:
            partner.write({name: value})


def make(partner: Recordset, model: str, value: Any) -> None:
    """Make a record of a model that belongs to a contact."""
    env = partner.env
    values: dict[str, dict[str, Any]] = {
        "res.partner.bank": {"partner_id": partner.id},
        "mail.blacklist": {"email": value},
        "ir.attachment": {"name": value, "res_model": "res.partner", "res_id": partner.id},
        "crm.lead": {"name": "Lead", "partner_id": partner.id, "active": value},
    }
    if model == "res.partner.bank":
        number = next(name for name in ("acc_number", "account_number") if name in env[model])
        values[model][number] = value
    env[model].create(values[model])


def post(partner: Recordset, body: str) -> None:
    """Write a message on a contact that the administrator has not read."""
    env = partner.env
    env.user.write({"notification_type": "inbox"})
    author = env["res.users"].search([("login", "=", LOGIN)]).partner_id.id
    partner.message_post(body=body, author_id=author, partner_ids=env.user.partner_id.ids, message_type="comment")


def post_failed(partner: Recordset, body: str) -> None:
    """Write a message of the administrator that does not arrive."""
    env = partner.env
    readers = env["res.users"].search([("login", "=", LOGIN)]).partner_id.ids
    message = partner.message_post(body=body, partner_ids=readers, message_type="comment")
    if "mail.notification" in env:
        notes = env["mail.notification"].sudo().search([("mail_message_id", "=", getattr(message, "id", message))])
        notes.write({"notification_status": "bounce"})


def order_of(partner: Recordset, state: str) -> None:
    """Let a contact order something, at once or not."""
    product = partner.env["product.product"].search([], limit=1)
    line = {"product_id": product.id, "product_uom_qty": 2, "price_unit": 3.3}
    order = partner.env["sale.order"].create({"partner_id": partner.id, "order_line": [(0, 0, line)]})
    if state == "sale":
        order.action_confirm()


def invoice_of(partner: Recordset, kind: str) -> None:
    """Post an invoice, a bill or a credit note."""
    env = partner.env
    model = "account.invoice" if "account.invoice" in env else "account.move"
    line: dict[str, Any] = {"name": "Chair", "quantity": 3, "price_unit": 3.3}
    if model == "account.invoice":
        line["account_id"] = env["account.account"].search([("user_type_id.name", "=", "Income")], limit=1).id
    type_ = "type" if "type" in env[model] else "move_type"
    values = {type_: kind, "partner_id": partner.id, "invoice_line_ids": [(0, 0, line)]}
    date = "date_invoice" if model == "account.invoice" else "invoice_date"
    made = env[model].create({**values, date: "2024-02-03"})
    made.action_invoice_open() if model == "account.invoice" else made.action_post()


MADE = {"bank": "res.partner.bank", "blacklist": "mail.blacklist", "attachment": "ir.attachment", "lead": "crm.lead"}
OTHERS: dict[str, Callable[[Any, Any], None]] = {
    "message": post,
    "failure": post_failed,
    "order": order_of,
    "invoice": invoice_of,
}


def everyone(env: Environment) -> Recordset:
    found: Recordset = env["res.partner"].with_context(active_test=False).search([])
    return found.with_context(active_test=True)


def values_of(partners: Recordset, name: str) -> list[Any]:
    """The values of one field; none if the user may not read it."""
    try:
        return [row[name] for row in partners.read([name])]
    except AccessError:
        return []


@pytest.mark.parametrize("profile", ["odoo-12.0", "odoo-14.0", "odoo-17.0", "odoo-19.0", "odoo-20.0"])
@given(done=changes(), language=st.sampled_from(["en_US", "fr_FR"]), bin_size=st.booleans())
@settings(examples(5), phases=[Phase.explicit, Phase.generate])  # what fails takes minutes to shrink
def test_values_are_those_of_each_contact_and_of_each_field(
    profile: str, done: list[Change], language: str, bin_size: bool
) -> None:
    demo = ("demo",) if "odoo-12.0" < profile < "odoo-20.0" else ()
    db = database(profile, "business", *demo)
    before = db.snapshot()
    try:
        admin = db.env(db.profile.admin_id)
        for one in done:
            change(everyone(admin), *one)
        for uid in (admin.uid, db.env()["res.users"].search([("login", "=", LOGIN)]).id):
            partners = everyone(db.env(uid, {"lang": language, "bin_size": bin_size}))
            alone = {name: values for name in partners._model.fields if (values := values_of(partners, name))}
            together = partners.read(list(alone))
            assert together == [partner.read(list(alone))[0] for partner in partners]
            for name, values in alone.items():
                assert [row[name] for row in together] == values, name
    finally:
        db.restore(before)
