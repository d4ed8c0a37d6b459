"""Entries and invoices: what follows from their lines, and what may be done with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver import MockServer
from mockserver.errors import RedirectWarning, UserError
from mockserver.orm.records.environment import Environment


@pytest.fixture
def env() -> Iterator[Environment]:
    with MockServer(profile="odoo-17.0", fixtures=["account"]) as odoo:
        yield odoo.env


def test_an_invoice_gets_its_totals_its_tax_line_and_a_line_of_the_total(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "Buyer"})
    tax = env["account.tax"].search([("type_tax_use", "=", "sale")], limit=1)
    taxed = {"name": "Chair", "quantity": 2, "price_unit": 50.0, "tax_ids": [(6, 0, tax.ids)]}
    plain = {"name": "Advice", "price_unit": 33.333, "discount": 10, "tax_ids": [(6, 0, [])]}
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2024-03-05",
            "invoice_line_ids": [(0, 0, taxed), (0, 0, plain)],
        }
    )
    assert (invoice.amount_untaxed, invoice.amount_tax, invoice.amount_total) == (130.0, 15.0, 145.0)
    amounts = {(line.display_type, line.debit, line.credit) for line in invoice.line_ids}
    assert amounts == {("product", 0, 100.0), ("product", 0, 30.0), ("tax", 0, 15.0), ("payment_term", 145.0, 0)}
    invoice.action_post()
    assert (invoice.state, invoice.name, invoice.payment_reference) == ("posted", "INV/2024/00001", "INV/2024/00001")
    invoice.button_draft()
    invoice.write({"invoice_line_ids": [(2, invoice.invoice_line_ids[0].id, 0)]})
    assert (invoice.amount_tax, invoice.amount_total, len(invoice.line_ids)) == (0.0, 30.0, 2)


def test_posting_counts_the_invoices_of_a_partner_who_does_not_count_as_changed(env: Environment) -> None:
    clock = env.db.clock
    clock.freeze("2026-01-31 12:00:00")
    partner = env["res.partner"].create({"name": "Buyer"})
    line = {"name": "Chair", "price_unit": 50.0}
    values = {"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [(0, 0, line)]}
    invoice = env["account.move"].create(values)
    clock.freeze("2026-01-31 13:00:00")
    invoice.action_post()
    assert (partner.customer_rank, str(partner.write_date)) == (1, "2026-01-31 12:00:00")
    assert str(invoice.write_date) == "2026-01-31 13:00:00"


def test_an_entry_that_is_not_balanced_is_refused(env: Environment) -> None:
    accounts = env["account.account"].search([("account_type", "=", "expense")], limit=2)
    lines = [(0, 0, {"account_id": accounts[0].id, "debit": 10}), (0, 0, {"account_id": accounts[1].id, "credit": 9})]
    with pytest.raises(UserError, match="is not balanced"):
        env["account.move"].create({"line_ids": lines})
    assert not env["account.move"].search([])


def test_an_amount_in_the_currency_of_the_company_is_the_balance(env: Environment) -> None:
    accounts = env["account.account"].search([("account_type", "=", "expense")], limit=2)
    amounts = (12.5, -12.5)
    lines = [(0, 0, {"account_id": accounts[0].id, "amount_currency": amount}) for amount in amounts]
    entry = env["account.move"].create({"line_ids": lines})
    assert sorted((line.debit, line.credit) for line in entry.line_ids) == [(0.0, 12.5), (12.5, 0.0)]


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def test_the_invoice_report_has_the_lines_of_invoices_and_credit_notes(profile: str) -> None:
    with MockServer(profile=profile, fixtures=["account"], demo=False) as odoo:
        env = odoo.env
        chair = env["product.product"].create({"name": "Chair", "list_price": 50.0, "standard_price": 30.0})
        ann = env["res.partner"].create({"name": "Ann"})
        for kind, quantity in (("out_invoice", 3), ("out_refund", 1)):
            line = {"product_id": chair.id, "quantity": quantity, "price_unit": 50.0}
            values = {"move_type": kind, "partner_id": ann.id, "invoice_date": "2024-03-05"}
            env["account.move"].create({**values, "invoice_line_ids": [(0, 0, line)]})
        rows = env["account.invoice.report"].search([("product_id", "=", chair.id)], order="quantity desc")
        assert rows.mapped("quantity") == [3.0, -1.0]
        assert rows.mapped("price_subtotal") == [150.0, -50.0]
        assert rows.mapped("price_average") == [50.0, 50.0]
        if "price_margin" in rows._model.fields:
            assert rows.mapped("price_margin") == [60.0, -20.0]
            assert rows.mapped("inventory_value") == [-90.0, 30.0]


@pytest.mark.parametrize(("profile", "name"), [("odoo-17.0", "2024"), ("odoo-18.0", "today"), ("odoo-19.0", "2024")])
def test_a_receipt_is_dated_and_numbered_by_its_invoice_date_but_in_18(profile: str, name: str) -> None:
    with MockServer(profile=profile, fixtures=["account"], demo=False) as odoo:
        ann = odoo.env["res.partner"].create({"name": "Ann"})
        line = {"name": "Sold", "price_unit": 45.0, "tax_ids": [(6, 0, [])]}
        values = {"move_type": "out_receipt", "partner_id": ann.id, "invoice_date": "2024-09-09"}
        receipt = odoo.env["account.move"].create({**values, "invoice_line_ids": [(0, 0, line)]})
        receipt.action_post()
        today = odoo.clock.today().isoformat()
        assert receipt.date == (today if name == "today" else "2024-09-09")
        assert receipt.name == f"INV/{receipt.date[:4]}/00001"


@pytest.mark.parametrize(("profile", "before"), [("odoo-18.0", True), ("odoo-19.0", False)])
def test_since_19_only_those_who_may_read_the_books_see_codes_in_names_of_accounts(profile: str, before: bool) -> None:
    with MockServer(profile=profile, fixtures=["account"], demo=False) as odoo:
        travel = odoo.env["account.account"].create({"code": "612300", "name": "Travel", "account_type": "expense"})
        assert travel.display_name == ("612300 Travel" if before else "Travel")
        group = odoo.env.ref("account.group_account_user")
        field = "group_ids" if "group_ids" in odoo.env.user._model.fields else "groups_id"
        odoo.env.user.write({field: [(4, group.id)]})  # type: ignore[union-attr]
        assert travel.display_name == "612300 Travel"


def test_the_hard_lock_of_18_admits_no_drafts_and_only_ever_moves_on() -> None:
    with MockServer(profile="odoo-18.0", fixtures=["account"], demo=False) as odoo:
        company = odoo.env.company
        draft = odoo.env["account.move"].create({"date": "2024-02-02"})
        company.write({"fiscalyear_lock_date": "2024-02-29"})
        with pytest.raises(RedirectWarning, match="still draft entries in the period you want to hard lock"):
            company.write({"hard_lock_date": "2024-02-29"})
        company.write({"fiscalyear_lock_date": False})
        draft.unlink()
        company.write({"hard_lock_date": "2024-02-29"})
        company.write({"hard_lock_date": "2024-02-29"})
        with pytest.raises(UserError, match="cannot be removed"):
            company.write({"hard_lock_date": False})
        with pytest.raises(UserError, match="posterior"):
            company.write({"hard_lock_date": "2024-01-31"})


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-18.0", "odoo-19.0"])
def test_days_with_open_bank_transactions_cannot_be_locked(profile: str) -> None:
    with MockServer(profile=profile, fixtures=["account"], demo=False) as odoo:
        journal = odoo.env["account.journal"].search([("type", "=", "bank")], limit=1)
        line = {"payment_ref": "Wire", "amount": 5, "date": "2024-02-02", "journal_id": journal.id}
        odoo.env["account.bank.statement.line"].sudo().create(line)
        odoo.env.company.write({"fiscalyear_lock_date": "2024-02-01"})
        with pytest.raises(RedirectWarning, match="unreconciled bank statement lines"):
            odoo.env.company.write({"fiscalyear_lock_date": "2024-02-29"})
