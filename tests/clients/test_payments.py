"""Invoices that are paid, as integrations do it: by odoorpc up to 18, and by JSON-2 on 19."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import odoorpc
import pytest
import requests

from mockserver import MockServer
from tests.waiting import HANG

LINE = {"name": "Chair", "quantity": 2, "price_unit": 50, "tax_ids": [[6, 0, []]]}


@pytest.fixture
def shop(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> odoorpc.ODOO:
    """A client of 17, or of the profile that the test is given."""
    server = mockserver_factory(profile=getattr(request, "param", "odoo-17.0"), fixtures=["account"])
    client = odoorpc.ODOO(server.host, port=server.port)
    client.login(server.db, server.login, server.password)
    return client


@pytest.fixture
def post(mockserver_factory: Callable[..., MockServer]) -> Callable[..., Any]:
    """`post("res.partner/search", domain=[...])` with the key of the administrator."""
    server = mockserver_factory(profile="odoo-19.0", fixtures=["account"])
    headers = {"Authorization": f"bearer {server.api_key}", "X-Odoo-Database": server.db}

    def post(method: str, **arguments: Any) -> Any:
        answer = requests.post(f"{server.url}/json/2/{method}", json=arguments, headers=headers, timeout=HANG)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return post


def test_an_invoice_is_posted_paid_in_part_and_then_in_full_by_odoorpc(shop: odoorpc.ODOO) -> None:
    partner = shop.env["res.partner"].create({"name": "Buyer"})
    moves, register = shop.env["account.move"], shop.env["account.payment.register"]
    invoice = moves.create(
        {"move_type": "out_invoice", "partner_id": partner, "invoice_date": "2024-03-05",
         "invoice_line_ids": [[0, 0, LINE]]}
    )  # fmt: skip
    moves.action_post([invoice])
    read = ["name", "payment_state", "amount_residual"]
    states = []
    for values in ({"amount": 30}, {}):
        context = {"active_model": "account.move", "active_ids": [invoice]}
        wizard = register.with_context(**context).create({"payment_date": "2024-03-20", **values})
        action = register.action_create_payments([wizard])
        assert (action["res_model"], action["view_mode"]) == ("account.payment", "form")
        [row] = moves.read([invoice], read)
        states.append((row["name"], row["payment_state"], row["amount_residual"]))
    assert states == [("INV/2024/00001", "partial", 70.0), ("INV/2024/00001", "paid", 0.0)]
    payments = shop.env["account.payment"].search_read([("partner_id", "=", partner)], ["name", "amount", "ref"])
    assert sorted((row["name"], row["amount"], row["ref"]) for row in payments) == [
        ("PBNK1/2024/00001", 30.0, "INV/2024/00001"),
        ("PBNK1/2024/00002", 70.0, "INV/2024/00001"),
    ]


# the numbers of the first invoice and of two payments, and the account.payment field with the invoice's number
NUMBERS = {
    "odoo-14.0": ("INV/2024/00001", "BNK1/2024/03/000", "ref"),
    "odoo-15.0": ("INV/2024/00001", "BNK1/2024/03/000", "ref"),
    "odoo-16.0": ("INV/2024/00001", "PBNK1/2024/0000", "ref"),
    "odoo-18.0": ("INV/2024/00001", "PBNK1/2024/0000", "memo"),
}


@pytest.mark.parametrize(("shop", "numbers"), NUMBERS.items(), indirect=["shop"], ids=list(NUMBERS))
def test_an_invoice_is_paid_in_two_parts_in_other_versions(shop: odoorpc.ODOO, numbers: tuple[str, str, str]) -> None:
    number, prefix, reference = numbers
    moves, register, payments = (
        shop.env[name] for name in ("account.move", "account.payment.register", "account.payment")
    )
    partner = shop.env["res.partner"].create({"name": "Buyer"})
    values = {"move_type": "out_invoice", "partner_id": partner, "invoice_date": "2024-03-05"}
    invoice = moves.create({**values, "invoice_line_ids": [[0, 0, LINE]]})
    moves.action_post([invoice])
    context = {"active_model": "account.move", "active_ids": [invoice]}
    first = register.with_context(**context).create({"payment_date": "2024-03-20", "amount": 30})
    [shown] = register.read([first], ["amount", "payment_difference", "payment_type", "partner_type", "communication"])
    assert (shown["payment_difference"], shown["payment_type"], shown["partner_type"], shown["communication"]) == (
        70.0, "inbound", "customer", number,
    )  # fmt: skip
    register.action_create_payments([first])
    assert moves.read([invoice], ["payment_state", "amount_residual"])[0]["amount_residual"] == 70.0
    expense = shop.env["account.account"].search([("name", "=", "Rent")], limit=1)
    last = register.with_context(**context).create(
        {"payment_date": "2024-03-21", "amount": 65, "payment_difference_handling": "reconcile",
         "writeoff_account_id": expense[0], "writeoff_label": "Rest"}
    )  # fmt: skip
    register.action_create_payments([last])
    [row] = moves.read([invoice], ["name", "payment_state", "amount_residual"])
    assert (row["name"], row["payment_state"], row["amount_residual"]) == (number, "paid", 0.0)
    found = payments.search_read([("partner_id", "=", partner)], ["name", "amount", reference])
    assert sorted((row["name"], row["amount"], row[reference]) for row in found) == [
        (f"{prefix}1", 30.0, number), (f"{prefix}2", 65.0, number),
    ]  # fmt: skip
    [rest] = shop.env["account.move.line"].search_read([("name", "=", "Rest")], ["debit"])
    assert rest["debit"] == 5.0


@pytest.mark.parametrize("shop", ["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0"], indirect=True)
def test_a_credit_note_is_made_by_the_wizard_by_odoorpc(shop: odoorpc.ODOO) -> None:
    partner = shop.env["res.partner"].create({"name": "Buyer"})
    moves, wizards = shop.env["account.move"], shop.env["account.move.reversal"]
    values = {"move_type": "out_invoice", "partner_id": partner, "invoice_date": "2024-03-05"}
    invoice = moves.create({**values, "invoice_line_ids": [[0, 0, LINE]]})
    moves.action_post([invoice])
    [journal] = moves.read([invoice], ["journal_id"])
    wizards = wizards.with_context(active_model="account.move", active_ids=[invoice])
    wizard = wizards.create({"reason": "Broken", "date": "2024-03-09", "journal_id": journal["journal_id"][0]})
    wizards.reverse_moves([wizard])
    [credit] = moves.search_read([("reversed_entry_id", "=", invoice)], ["move_type", "state", "ref", "amount_total"])
    assert (credit["move_type"], credit["state"], credit["ref"], credit["amount_total"]) == (
        "out_refund", "draft", "Reversal of: INV/2024/00001, Broken", 100.0,
    )  # fmt: skip


@pytest.mark.parametrize("shop", ["odoo-14.0", "odoo-16.0", "odoo-17.0"], indirect=True)
def test_a_bill_in_a_foreign_currency_is_paid_with_a_loss_by_odoorpc(shop: odoorpc.ODOO) -> None:
    currencies = shop.env["res.currency"]
    pound = currencies.search([("name", "=", "GBP"), ("active", "in", [True, False])])
    currencies.write(pound, {"active": True})
    shop.env["res.currency.rate"].unlink(shop.env["res.currency.rate"].search([]))
    for day, rate in (("2024-01-01", 0.8), ("2024-07-01", 0.5)):
        shop.env["res.currency.rate"].create({"currency_id": pound[0], "name": day, "rate": rate})
    vendor = shop.env["res.partner"].create({"name": "Mill"})
    moves, register = shop.env["account.move"], shop.env["account.payment.register"]
    values = {"move_type": "in_invoice", "partner_id": vendor, "invoice_date": "2024-03-05", "date": "2024-03-05"}
    bill = moves.create({**values, "currency_id": pound[0], "invoice_line_ids": [[0, 0, LINE]]})
    moves.action_post([bill])
    context = {"active_model": "account.move", "active_ids": [bill]}
    wizard = register.with_context(**context).create({"payment_date": "2024-08-15"})
    register.action_create_payments([wizard])
    [row] = moves.read([bill], ["payment_state", "amount_residual_signed", "amount_total_signed"])
    assert (row["payment_state"], row["amount_residual_signed"], row["amount_total_signed"]) == ("paid", 0.0, -125.0)
    domain = [["move_id.journal_id.code", "=", "EXCH"], ["account_id.reconcile", "=", False]]
    [loss] = shop.env["account.move.line"].search_read(domain, ["debit", "credit"])
    assert (loss["debit"], loss["credit"]) == (75.0, 0.0)


def test_a_credit_note_settles_an_invoice_by_odoorpc(shop: odoorpc.ODOO) -> None:
    partner = shop.env["res.partner"].create({"name": "Buyer"})
    moves, lines = shop.env["account.move"], shop.env["account.move.line"]
    common = {"partner_id": partner, "invoice_date": "2024-03-05", "invoice_line_ids": [[0, 0, LINE]]}
    invoice, credit = (moves.create({**common, "move_type": kind}) for kind in ("out_invoice", "out_refund"))
    moves.action_post([invoice, credit])
    [widget] = moves.read([invoice], ["invoice_outstanding_credits_debits_widget"])
    [offered] = widget["invoice_outstanding_credits_debits_widget"]["content"]
    assert offered["amount"] == 100.0
    moves.js_assign_outstanding_line([invoice], offered["id"])
    states = {row["id"]: row["payment_state"] for row in moves.read([invoice, credit], ["payment_state"])}
    assert states == {invoice: "reversed", credit: "paid"}
    found = lines.search_read([("move_id", "=", invoice), ("display_type", "=", "payment_term")], ["reconciled"])
    assert [row["reconciled"] for row in found] == [True]


def test_a_bill_in_a_foreign_currency_is_paid_with_a_loss_by_json_2(post: Callable[..., Any]) -> None:
    [euro] = post("res.currency/search", domain=[["name", "=", "EUR"], ["active", "in", [True, False]]])
    post("res.currency/write", ids=[euro], vals={"active": True})
    rates = [
        {"currency_id": euro, "name": "2024-01-01", "rate": 0.8},
        {"currency_id": euro, "name": "2024-07-01", "rate": 0.5},
    ]
    post("res.currency.rate/create", vals_list=rates)
    [vendor] = post("res.partner/create", vals_list=[{"name": "Mill"}])
    values = {"move_type": "in_invoice", "partner_id": vendor, "invoice_date": "2024-03-05", "date": "2024-03-05"}
    [bill] = post(
        "account.move/create", vals_list=[{**values, "currency_id": euro, "invoice_line_ids": [[0, 0, LINE]]}]
    )
    post("account.move/action_post", ids=[bill])
    context = {"active_model": "account.move", "active_ids": [bill]}
    [wizard] = post("account.payment.register/create", vals_list=[{"payment_date": "2024-08-15"}], context=context)
    [shown] = post("account.payment.register/read", ids=[wizard], fields=["amount", "currency_id", "payment_type"])
    assert (shown["amount"], shown["currency_id"][1], shown["payment_type"]) == (100.0, "EUR", "outbound")
    payment = post("account.payment.register/action_create_payments", ids=[wizard])["res_id"]
    [row] = post("account.move/read", ids=[bill], fields=["payment_state", "amount_residual_signed"])
    assert (row["payment_state"], row["amount_residual_signed"]) == ("paid", 0.0)
    [row] = post("account.payment/read", ids=[payment], fields=["state", "amount_company_currency_signed"])
    assert (row["state"], row["amount_company_currency_signed"]) == ("paid", -200.0)
    domain = [["move_id.journal_id.code", "=", "EXCH"], ["account_id.reconcile", "=", False]]
    [loss] = post("account.move.line/search_read", domain=domain, fields=["debit", "credit"])
    assert (loss["debit"], loss["credit"]) == (75.0, 0.0)


def test_an_invoice_is_paid_in_two_parts_and_a_credit_note_made_by_json_2(post: Callable[..., Any]) -> None:
    [partner] = post("res.partner/create", vals_list=[{"name": "Buyer"}])
    common = {"partner_id": partner, "invoice_date": "2024-03-05", "invoice_line_ids": [[0, 0, LINE]]}
    paid, returned = post("account.move/create", vals_list=[{**common, "move_type": "out_invoice"}] * 2)
    assert post("account.move/action_post", ids=[paid, returned]) is False
    states = []
    for values in ({"amount": 30}, {}):
        context = {"active_model": "account.move", "active_ids": [paid]}
        wizards = post(
            "account.payment.register/create", vals_list=[{"payment_date": "2024-03-20", **values}], context=context
        )
        post("account.payment.register/action_create_payments", ids=wizards)
        [row] = post("account.move/read", ids=[paid], fields=["name", "payment_state", "amount_residual"])
        states.append((row["name"], row["payment_state"], row["amount_residual"]))
    assert states == [("INV/2024/00001", "partial", 70.0), ("INV/2024/00001", "paid", 0.0)]
    [row] = post("account.move/read", ids=[returned], fields=["journal_id"])
    context = {"active_model": "account.move", "active_ids": [returned]}
    reversal = {"reason": "Broken", "date": "2024-03-09", "journal_id": row["journal_id"][0]}
    wizards = post("account.move.reversal/create", vals_list=[reversal], context=context)
    post("account.move.reversal/refund_moves", ids=wizards)
    [credit] = post("account.move/search", domain=[["reversed_entry_id", "=", returned]])
    post("account.move/action_post", ids=[credit])
    rows = post("account.move/read", ids=[returned, credit], fields=["name", "payment_state"])
    assert [(row["name"], row["payment_state"]) for row in rows] == [
        ("INV/2024/00002", "reversed"), ("RINV/2024/00001", "paid"),
    ]  # fmt: skip
