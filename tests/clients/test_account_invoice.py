"""Invoices until 12, as integrations of that time made them: by odoorpc, with `account.invoice`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import odoorpc
import pytest

from mockserver import MockServer

PROFILES = ["odoo-11.0", "odoo-12.0", "flectra-1.6"]


class Shop:
    """A client of a server with accounting, and what its tests need."""

    def __init__(self, server: MockServer) -> None:
        self.client = odoorpc.ODOO(server.host, port=server.port)
        self.client.login(server.db, server.login, server.password)
        self.env = self.client.env
        self.invoices = self.env["account.invoice"]
        [self.income] = self.env["account.account"].search([("user_type_id.name", "=", "Income")], limit=1)
        [self.expense] = self.env["account.account"].search([("user_type_id.name", "=", "Expenses")], limit=1)
        [self.bank] = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        self.partner = self.env["res.partner"].create({"name": "Buyer"})

    def tax(self, use: str = "sale") -> list[Any]:
        return [(6, 0, self.env["account.tax"].search([("type_tax_use", "=", use)], limit=1))]

    def invoice(self, **values: Any) -> int:
        line = {"name": "Chair", "quantity": 2, "price_unit": 50, "account_id": self.income,
                "invoice_line_tax_ids": self.tax()}  # fmt: skip
        created: int = self.invoices.create(
            {"partner_id": self.partner, "date_invoice": "2018-03-05", "invoice_line_ids": [(0, 0, line)], **values}
        )
        return created

    def read(self, invoice: int, *names: str) -> tuple[Any, ...]:
        [row] = self.invoices.read([invoice], list(names))
        return tuple(row[name] for name in names)


@pytest.fixture(params=PROFILES)
def shop(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> Shop:
    return Shop(mockserver_factory(profile=request.param, fixtures=["account"]))


def test_an_invoice_is_opened_paid_in_part_and_then_in_full(shop: Shop) -> None:
    invoice = shop.invoice()
    assert shop.read(invoice, "state", "number", "amount_untaxed", "amount_tax", "amount_total", "residual") == (
        "draft", False, 100.0, 15.0, 115.0, 0.0,
    )  # fmt: skip
    assert shop.invoices.action_invoice_open([invoice]) is True
    assert shop.read(invoice, "state", "number", "date_due", "residual", "reconciled") == (
        "open", "INV/2018/0001", "2018-03-05", 115.0, False,
    )  # fmt: skip
    payments = shop.env["account.payment"]
    [method] = shop.env["account.payment.method"].search([("payment_type", "=", "inbound")], limit=1)
    common = {"journal_id": shop.bank, "payment_method_id": method, "payment_date": "2018-03-20"}
    first = payments.with_context(default_invoice_ids=[(4, invoice, None)]).create({**common, "amount": 40})
    [row] = payments.read([first], ["payment_type", "partner_type", "communication", "payment_difference"])
    assert (row["payment_type"], row["partner_type"], row["communication"], row["payment_difference"]) == (
        "inbound", "customer", "INV/2018/0001", 75.0,
    )  # fmt: skip
    assert payments.post([first]) is True
    assert shop.read(invoice, "state", "residual") == ("open", 75.0)
    wizards = shop.env["account.register.payments"].with_context(active_model="account.invoice", active_ids=[invoice])
    wizard = wizards.create(common)
    action = wizards.create_payments([wizard])
    assert action["res_model"] == "account.payment"
    assert shop.read(invoice, "state", "residual") == ("paid", 0.0)
    names = [row["name"] for row in payments.search_read([("invoice_ids", "in", [invoice])], ["name"], order="name")]
    assert names == ["CUST.IN/2018/0001", "CUST.IN/2018/0002"]


def test_an_invoice_is_paid_by_a_method_of_its_own(shop: Shop) -> None:
    invoice = shop.invoice()
    shop.invoices.action_invoice_open([invoice])
    assert shop.invoices.pay_and_reconcile([invoice], shop.bank, 115.0) is True
    assert shop.read(invoice, "state", "residual") == ("paid", 0.0)
    lines = shop.env["account.move.line"].search_read([("invoice_id", "=", invoice)], ["debit", "credit", "reconciled"])
    assert sorted((line["debit"], line["credit"], line["reconciled"]) for line in lines) == [
        (0.0, 15.0, False), (0.0, 100.0, False), (115.0, 0.0, True),
    ]  # fmt: skip


def test_a_credit_note_settles_an_invoice(shop: Shop) -> None:
    invoice = shop.invoice()
    shop.invoices.action_invoice_open([invoice])
    wizards = shop.env["account.invoice.refund"].with_context(
        active_model="account.invoice", active_id=invoice, active_ids=[invoice]
    )
    wizard = wizards.create({"filter_refund": "cancel", "description": "Broken", "date_invoice": "2018-03-09"})
    wizards.invoice_refund([wizard])
    [credit] = shop.invoices.search([("refund_invoice_id", "=", invoice)])
    assert shop.read(credit, "type", "number", "state", "origin", "name", "amount_total", "amount_total_signed") == (
        "out_refund", "RINV/2018/0001", "paid", "INV/2018/0001", "Broken", 115.0, -115.0,
    )  # fmt: skip
    assert shop.read(invoice, "state", "residual") == ("paid", 0.0)


def test_a_bill_in_a_foreign_currency_is_paid_at_another_rate(shop: Shop) -> None:
    [pound] = shop.env["res.currency"].search([("name", "=", "GBP"), ("active", "in", [True, False])])
    shop.env["res.currency"].write([pound], {"active": True})
    shop.env["res.currency.rate"].unlink(shop.env["res.currency.rate"].search([]))
    for day, rate in (("2018-01-01", 0.8), ("2018-07-01", 0.5)):
        shop.env["res.currency.rate"].create({"currency_id": pound, "name": day, "rate": rate})
    [journal] = shop.env["account.journal"].search([("type", "=", "purchase")], limit=1)
    line = {"name": "Wood", "quantity": 1, "price_unit": 100, "account_id": shop.expense}
    bill = shop.invoice(
        type="in_invoice", currency_id=pound, journal_id=journal, reference="F-7", invoice_line_ids=[(0, 0, line)]
    )
    shop.invoices.action_invoice_open([bill])
    assert shop.read(bill, "number", "amount_total", "amount_total_company_signed", "residual_company_signed") == (
        "BILL/2018/0001", 100.0, 125.0, 125.0,
    )  # fmt: skip
    shop.invoices.pay_and_reconcile([bill], shop.bank, 100.0, "2018-08-15")
    assert shop.read(bill, "state", "residual", "residual_company_signed") == ("paid", 0.0, 0.0)
    domain = [("journal_id.code", "=", "EXCH"), ("account_id.reconcile", "=", False)]
    [loss] = shop.env["account.move.line"].search_read(domain, ["debit", "credit"])
    assert (loss["debit"], loss["credit"]) == (75.0, 0.0)
