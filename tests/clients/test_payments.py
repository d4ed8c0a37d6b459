"""Invoices that are paid, as integrations do it: by odoorpc on 17, and by JSON-2 on 19."""

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
def shop(mockserver_factory: Callable[..., MockServer]) -> odoorpc.ODOO:
    server = mockserver_factory(profile="odoo-17.0", fixtures=["account"])
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
