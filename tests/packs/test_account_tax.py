"""Taxes as records: what creating one fills in, what is refused, and how they are found and computed."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import MockServer
from mockserver.errors import UserError, ValidationError


@pytest.fixture(params=["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def taxes(request: pytest.FixtureRequest) -> Any:
    return MockServer(profile=request.param, fixtures=["business"]).env["account.tax"]


def lines(tax: Any) -> list[tuple[str, float]]:
    return [(line.repartition_type, line.factor_percent) for line in tax.invoice_repartition_line_ids]


def test_a_new_tax_is_shared_out_to_one_line(taxes: Any) -> None:
    tax = taxes.create({"name": "New", "amount": 7})
    assert lines(tax) == [("base", 100), ("tax", 100)]
    assert len(tax.refund_repartition_line_ids) == 2
    assert (tax.company_id, tax.tax_group_id.name) == (taxes.env.company, tax.tax_group_id.search([], limit=1).name)
    copied = tax.copy()
    assert lines(copied) == lines(tax)
    assert copied.name.lower() == "new (copy)"


def test_repartition_lines_of_invoices_and_refunds_are_alike(taxes: Any) -> None:
    parts = (("base", 100), ("tax", 100), ("tax", 50))
    base, whole, half = ((0, 0, {"repartition_type": kind, "factor_percent": factor}) for kind, factor in parts)
    for invoice, text in (
        ([whole], "exactly one line for the base"),
        ([base], "the same number of lines"),
        ([base, half], "should match"),
    ):
        with pytest.raises(ValidationError, match=text):
            taxes.create({"name": "Bad", "invoice_repartition_line_ids": invoice})
    documents = ("invoice_repartition_line_ids", "refund_repartition_line_ids")
    tax = taxes.create({"name": "Halves", "amount": 10, **{name: [base, half, half] for name in documents}})
    assert lines(tax) == [("base", 100), ("tax", 50), ("tax", 50)]


def test_groups_and_names_are_checked(taxes: Any) -> None:
    one = taxes.create({"name": "One", "amount": 1})
    # until 16.0 a constraint of the table tells, and there what is empty is never the same
    scope = {} if "repartition_line_ids" in taxes else {"tax_scope": "consu"}
    taxes.create({"name": "Twice", "amount": 1, **scope})
    with pytest.raises((UserError, ValidationError), match=r"Tax names must be unique|name_company_uniq"):
        taxes.create({"name": "Twice", "amount": 2, **scope})
    bought = taxes.create({"name": "One", "type_tax_use": "purchase"})
    with pytest.raises(ValidationError, match="application scope of taxes in a group"):
        taxes.create({"name": "Group", "amount_type": "group", "children_tax_ids": [(6, 0, bought.ids)]})
    group = taxes.create({"name": "Group", "amount_type": "group", "children_tax_ids": [(6, 0, one.ids)]})
    with pytest.raises(ValidationError, match="Recursion found for tax"):
        group.write({"children_tax_ids": [(4, group.id)]})
    assert [tax["name"] for tax in group.compute_all(200)["taxes"]] == ["One"]


def test_a_price_with_its_taxes(taxes: Any) -> None:
    included = (
        {"price_include": True} if "price_include_override" not in taxes else {"price_include_override": "tax_included"}
    )
    tax = taxes.create({"name": "In", "amount": 21, **included})
    found = tax.compute_all(121, quantity=2)
    assert (found["total_excluded"], found["total_included"], found["total_void"]) == (200, 242, 242)
    assert [(t["amount"], t["base"], t["tax_repartition_line_id"]) for t in found["taxes"]] == [
        (42, 200, tax.invoice_repartition_line_ids[1].id)
    ]
    assert tax.compute_all(-121)["total_excluded"] == -100
    assert tax.compute_all(100, handle_price_include=False)["total_included"] == 121


def test_changes_of_a_tax_are_logged_once_it_is_used(taxes: Any) -> None:
    if "message_ids" not in taxes:
        return
    tax = taxes.create({"name": "Quiet", "amount": 1})
    tax.write({"amount": 2})
    assert not tax.message_ids
    line = (0, 0, {"name": "x", "price_unit": 100, "tax_ids": [(6, 0, tax.ids)]})
    partner = taxes.env["res.partner"].create({"name": "Customer"})
    taxes.env["account.move"].create({"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line]})
    tax.write({"amount": 3})
    assert [(one.old_value_float, one.new_value_float) for one in tax.message_ids.tracking_value_ids] == [(2, 3)]


def test_a_tax_that_is_due_on_payment_waits_on_its_own_account(taxes: Any) -> None:
    env = taxes.env
    if "account_type" not in env["account.account"]:
        return
    waiting = env["account.account"].create(
        {"name": "Waiting", "code": "251777", "account_type": "liability_current", "reconcile": True}
    )
    vals = {"name": "Late", "amount": 10, "tax_exigibility": "on_payment"}
    with pytest.raises(ValidationError, match="needs to allow reconciliation"):
        taxes.create(vals)
    tax = taxes.create({**vals, "cash_basis_transition_account_id": waiting.id})
    line = (0, 0, {"name": "x", "price_unit": 100, "tax_ids": [(6, 0, tax.ids)]})
    partner = env["res.partner"].create({"name": "Customer"})
    move = env["account.move"].create(
        {"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line]}
    )
    assert move.line_ids.filtered("tax_line_id").account_id == waiting
    move.action_post()
    wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids).create({})
    with pytest.raises(UserError, match="due on payment"):
        wizard.action_create_payments()
