"""Invoices and entries until 12: states, guards, what follows from what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import MockServer, addons
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment


@pytest.fixture(params=["odoo-11.0", "odoo-12.0", "flectra-1.6"], scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    with MockServer(profile=request.param, fixtures=["account"]) as odoo:
        odoo.clock.freeze("2018-05-17 12:00:00")
        yield odoo


@pytest.fixture
def env(server: MockServer) -> Iterator[Environment]:
    snapshot = server.snapshot()
    yield server.env
    snapshot.restore()


def account(env: Environment, name: str) -> Any:
    return env["account.account"].search([("user_type_id.name", "=", name)], limit=1)


def invoice(env: Environment, **values: Any) -> Any:
    tax = env["account.tax"].search([("type_tax_use", "=", "sale")], limit=1)
    line = {
        "name": "Chair", "quantity": 2, "price_unit": 50.0, "account_id": account(env, "Income").id,
        "invoice_line_tax_ids": [(6, 0, tax.ids)],
    }  # fmt: skip
    partner = env["res.partner"].create({"name": "Buyer"})
    return env["account.invoice"].create({"partner_id": partner.id, "invoice_line_ids": [(0, 0, line)], **values})


def entry(env: Environment, *amounts: float) -> Any:
    [journal] = env["account.journal"].search([("type", "=", "general")], limit=1)
    place = account(env, "Expenses").id
    lines = [{"account_id": place, "debit": max(amount, 0), "credit": max(-amount, 0)} for amount in amounts]
    return env["account.move"].create({"journal_id": journal.id, "line_ids": [(0, 0, line) for line in lines]})


def test_taxes_follow_the_lines_when_they_are_computed(env: Environment) -> None:
    made = invoice(env)
    made.invoice_line_ids.write({"price_unit": 100.0})
    assert (made.amount_untaxed, made.amount_tax, made.amount_total) == (200.0, 15.0, 215.0)
    assert made.compute_taxes()
    assert (made.amount_tax, made.amount_total, len(made.tax_line_ids)) == (30.0, 230.0, 1)


def test_a_draft_is_opened_cancelled_and_opened_again_under_its_number(env: Environment) -> None:
    made = invoice(env)
    made.action_invoice_open()
    with pytest.raises(UserError, match="First you should set the journal to allow cancelling entries"):
        made.action_invoice_cancel()
    assert made.state == "open"
    made.journal_id.write({"update_posted": True})
    made.action_invoice_cancel()
    assert (made.state, bool(made.move_id), made.move_name) == ("cancel", False, "INV/2018/0001")
    assert not env["account.move"].search([])
    with pytest.raises(UserError, match="after it has been validated"):
        made.unlink()
    assert made.action_invoice_draft()
    made.action_invoice_open()
    assert (made.number, made.display_name) == ("INV/2018/0001", "INV/2018/0001 ")


def test_what_may_not_be_done_with_an_open_invoice_leaves_no_trace(env: Environment) -> None:
    made = invoice(env)
    with pytest.raises(UserError, match="Invoice must be cancelled"):
        made.action_invoice_draft()
    made.action_invoice_open()
    for refused, text in (
        (made.unlink, "not draft or cancelled"),
        (made.action_invoice_paid, "partially paid"),
        (made.move_id.unlink, "posted journal entry"),
    ):
        with pytest.raises(UserError, match=text):
            refused()
    assert (made.state, made.residual, made.move_id.state) == ("open", 115.0, "posted")


def test_an_invoice_without_a_line_is_not_opened(env: Environment) -> None:
    with pytest.raises(UserError, match=r"invoice line"):
        invoice(env, invoice_line_ids=[]).action_invoice_open()


def test_terms_make_a_part_of_the_total_due_later(env: Environment) -> None:
    later = {"value": "balance", "days": 30, "option": "day_after_invoice_date"}
    lines = [(0, 0, {"value": "percent", "value_amount": 40.0, "days": 0, "option": "day_after_invoice_date"}),
             (0, 0, later)]  # fmt: skip
    term = env["account.payment.term"].create({"name": "Two parts", "line_ids": lines})
    made = invoice(env, payment_term_id=term.id, date_invoice="2018-03-05")
    made.action_invoice_open()
    due = made.move_id.line_ids.filtered(lambda line: line.account_id == made.account_id)
    assert sorted((line.date_maturity, line.debit) for line in due) == [("2018-03-05", 46.0), ("2018-04-04", 69.0)]
    assert made.date_due == "2018-04-04"


def test_all_of_a_total_is_due_today_where_the_terms_have_no_lines(env: Environment) -> None:
    term = env["account.payment.term"].create({"name": "Nothing", "line_ids": [(5,)]})
    made = invoice(env, payment_term_id=term.id, date_invoice="2018-03-05")
    term.line_ids.unlink()
    made.action_invoice_open()
    assert (made.state, made.date_due) == ("open", "2018-05-17")


def test_the_wizard_makes_a_credit_note_and_a_new_draft(env: Environment) -> None:
    made = invoice(env)
    made.action_invoice_open()
    wizards = env["account.invoice.refund"].with_context(active_ids=made.ids, active_id=made.id)
    wizards.create({"filter_refund": "modify", "description": "Wrong price"}).invoice_refund()
    drafts = env["account.invoice"].search([("state", "=", "draft")])
    assert (drafts.type, drafts.amount_total, made.state) == ("out_invoice", 115.0, "paid")
    with pytest.raises(UserError, match="already reconciled"):
        wizards.create({"filter_refund": "cancel", "description": "Again"}).invoice_refund()


def test_a_payment_that_is_cancelled_opens_its_invoice_again(env: Environment) -> None:
    made = invoice(env)
    made.action_invoice_open()
    [bank] = env["account.journal"].search([("type", "=", "bank")], limit=1)
    bank.write({"update_posted": True})
    made.pay_and_reconcile(bank.id)
    assert (made.state, made.payment_ids.state) == ("paid", "posted")
    made.payment_ids.cancel()
    assert (made.state, made.residual) == ("open", 115.0)
    assert not made.payment_ids.move_line_ids


def test_a_difference_is_written_off(env: Environment) -> None:
    made = invoice(env)
    made.action_invoice_open()
    [bank] = env["account.journal"].search([("type", "=", "bank")], limit=1)
    made.pay_and_reconcile(bank.id, 110.0, None, account(env, "Expenses").id)
    amounts = sorted((line.debit, line.credit) for line in made.payment_ids.move_line_ids)
    assert (made.state, amounts) == ("paid", [(0.0, 115.0), (5.0, 0.0), (110.0, 0.0)])


def test_an_entry_is_balanced_posted_and_reversed(env: Environment) -> None:
    with pytest.raises(UserError, match="Cannot create unbalanced journal entry"):
        entry(env, 10, -9)
    assert not env["account.move"].search([])
    made = entry(env, 10, -10)
    assert (made.state, made.name, made.display_name, made.amount) == ("draft", "/", f"* {made.id}", 10.0)
    assert made.post()
    assert (made.state, made.name) == ("posted", "MISC/2018/0001")
    [reversal] = env["account.move"].browse(made.reverse_moves("2018-06-01"))
    assert (reversal.name, reversal.ref, reversal.date) == (
        "MISC/2018/0002", "reversal of: MISC/2018/0001", "2018-06-01",
    )  # fmt: skip
    assert [line.debit for line in made.line_ids] == [line.credit for line in reversal.line_ids]


def test_entries_have_no_field_of_invoices(env: Environment) -> None:
    fields = env["account.move"].fields_get()
    assert {"move_type", "payment_state", "invoice_line_ids"}.isdisjoint(fields)
    assert {"ref", "journal_id", "line_ids", "amount", "partner_id"} <= fields.keys()


def test_a_new_journal_counts_its_own_entries(env: Environment) -> None:
    journal = env["account.journal"].create({"name": "Shop", "code": "SHOP", "type": "sale"})
    made = invoice(env, journal_id=journal.id)
    made.action_invoice_open()
    assert made.number == "SHOP/2018/0001"


def test_a_partner_owes_what_is_open(env: Environment) -> None:
    made = invoice(env)
    made.action_invoice_open()
    assert (made.partner_id.credit, made.partner_id.total_invoiced) == (115.0, 100.0)


def test_what_extends_entries_says_of_which_generations() -> None:
    """Entries and payments of 12 and before have other fields than those of 13 and later."""
    models = ("account.move", "account.move.line", "account.payment")
    told = {cls: (cls._since > 12, cls._until == 12) for name in models for cls in addons.by_model()[name]}  # type: ignore[attr-defined]
    assert [cls for cls, (late, early) in told.items() if late is early] == []
