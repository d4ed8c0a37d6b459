"""Defaults that depend on the company are records, which clients can search and change."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import MockServer


@pytest.fixture(params=["odoo-17.0", "odoo-18.0"])
def odoo(request: pytest.FixtureRequest) -> Any:
    with MockServer(profile=request.param, fixtures=["business"], demo=False) as server:
        yield server


def _default(odoo: MockServer, field: str) -> Any:
    if "ir.property" in odoo.env:
        return odoo.env["ir.property"].search([("name", "=", field), ("res_id", "=", False)])
    return odoo.env["ir.default"].search([("field_id.name", "=", field), ("user_id", "=", False)])


def test_the_account_of_a_contact_is_that_of_the_company(odoo: MockServer) -> None:
    receivable, other = odoo.ref("account.1_receivable"), odoo.ref("account.1_payable")
    contact = odoo.env["res.partner"].create({"name": "Anna"})
    assert contact.property_account_receivable_id == receivable
    assert (contact.trust, _default(odoo, "trust").company_id.id) == ("normal", False)
    default = _default(odoo, "property_account_receivable_id")
    assert default.company_id == odoo.env.company
    changed = {"value": other} if "ir.property" in odoo.env else {"json_value": str(other.id)}
    default.write(changed)
    # a contact without an account of its own follows the default
    assert contact.property_account_receivable_id == other
    contact.property_account_receivable_id = receivable
    default.sudo().unlink()
    assert contact.property_account_receivable_id == receivable
    assert not odoo.env["res.partner"].create({"name": "Bob"}).property_account_receivable_id


def test_a_form_shows_the_defaults(odoo: MockServer) -> None:
    found = odoo.env["res.partner"].default_get(["property_account_payable_id", "trust"])
    assert found == {"property_account_payable_id": odoo.ref("account.1_payable").id, "trust": "normal"}


def test_another_company_has_no_account_of_the_first(odoo: MockServer) -> None:
    second = odoo.env["res.company"].create({"name": "Second"})
    contact = odoo.env["res.partner"].create({"name": "Anna"}).with_company(second)
    assert not contact.property_account_receivable_id
    assert contact.trust == "normal"


def test_the_base_system_alone_has_no_such_records() -> None:
    with MockServer(profile="odoo-17.0", demo=False) as odoo:
        assert odoo.env["ir.property"].search_count([]) == 0
        assert odoo.env["res.partner"].create({"name": "Anna"}).trust == "normal"
