"""Payments: what stays true whatever is invoiced, paid and taken back; the wizard, differences, methods, states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from mockserver import MockServer
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Environment
from mockserver.orm.records.recordset import Recordset

PROFILES = ("odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0")
amounts = st.integers(min_value=1, max_value=50_000).map(lambda cents: cents / 100)
fewer = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=PROFILES)
def each(request: pytest.FixtureRequest) -> Iterator[Environment]:
    with MockServer(profile=request.param, fixtures=["account"]) as odoo:
        yield odoo.env


@pytest.fixture
def env() -> Iterator[Environment]:
    with MockServer(profile="odoo-17.0", fixtures=["account"]) as odoo:
        yield odoo.env


@pytest.fixture
def latest() -> Iterator[Environment]:
    with MockServer(profile="odoo-19.0", fixtures=["account"]) as odoo:
        yield odoo.env


def partner(env: Environment) -> Recordset:
    return env["res.partner"].create({"name": "Payer"})


def invoice(env: Environment, owner: Recordset, price: float, **more: Any) -> Recordset:
    line = {"name": "Chair", "price_unit": price, "quantity": 1, "tax_ids": [(6, 0, [])]}
    income = env["account.journal"].search([("type", "=", "sale")], limit=1).default_account_id
    values = {"move_type": "out_invoice", "partner_id": owner.id, "invoice_date": "2024-03-05", **more}
    values["invoice_line_ids"] = [(0, 0, {**line, "account_id": income.id})]
    made = env["account.move"].create(values)
    made.action_post()
    return made


def wizard(moves: Recordset, **values: Any) -> Recordset:
    context: dict[str, Any] = {"active_model": "account.move", "active_ids": moves.ids}
    wizards = moves.env["account.payment.register"].with_context(**context)
    made: Recordset = wizards.create({"payment_date": "2024-03-20", **values})
    return made


def pay(moves: Recordset, **values: Any) -> Recordset:
    action = wizard(moves, **values).action_create_payments()
    found: Recordset = moves.env["account.payment"].browse(action["res_id"])
    return found


def receivable(move: Recordset) -> Recordset:
    account = move.partner_id.property_account_receivable_id
    found: Recordset = move.line_ids.filtered(lambda line: line.account_id == account)
    return found


def entry(payment: Recordset) -> Recordset:
    found: Recordset = payment.move_id
    return found


def check(invoices: list[Recordset], payments: list[Recordset]) -> None:
    """The state of each invoice follows from what is open, and nothing is lost."""
    for move in invoices:
        left = round(move.amount_residual, 2)
        assert 0 <= left <= move.amount_total
        state = "paid" if left == 0 else "not_paid" if left == move.amount_total else "partial"
        assert move.payment_state == state
        assert left == round(sum(receivable(move).mapped("amount_residual")), 2)
        for line in receivable(move):
            assert line.reconciled == (round(line.amount_residual, 2) == 0)
            partials = line.matched_credit_ids
            assert round(line.balance - sum(partials.mapped("amount")), 2) == round(line.amount_residual, 2)
            assert (
                bool(line.full_reconcile_id)
                == all(round(other.amount_residual, 2) == 0 for other in line._all_reconciled_lines())
                or not partials
            )
    lines = [line for move in [*invoices, *map(entry, payments)] for line in receivable(move)]
    whole = sum(move.amount_total for move in invoices) - sum(payment.amount for payment in payments)
    assert round(sum(line.amount_residual for line in lines), 2) == round(whole, 2)
    assert round(invoices[0].partner_id.credit, 2) == round(whole, 2)


@pytest.mark.parametrize("each", ["odoo-17.0", "odoo-19.0"], indirect=True)
@fewer
@given(data=st.data())
def test_states_follow_from_what_is_open_and_unreconciling_restores_it(each: Environment, data: st.DataObject) -> None:
    owner = partner(each)
    invoices = [invoice(each, owner, price) for price in data.draw(st.lists(amounts, min_size=1, max_size=2))]
    payments: list[Recordset] = []
    for _ in range(data.draw(st.integers(1, 3))):
        move = data.draw(st.sampled_from(invoices))
        step = data.draw(st.sampled_from(["pay", "in advance", "assign", "take back"]))
        amount = data.draw(amounts)
        if step == "pay" and move.amount_residual:
            payments.append(pay(move, amount=amount))
        elif step == "in advance":
            bank = each["account.journal"].search([("type", "=", "bank")], limit=1)
            made = each["account.payment"].create(
                {"partner_id": owner.id, "amount": amount, "journal_id": bank.id, "date": "2024-03-01"}
            )
            made.action_post()
            payments.append(made)
        elif step == "assign" and payments and move.amount_residual:
            line = receivable(entry(data.draw(st.sampled_from(payments))))
            if not line.reconciled:
                move.js_assign_outstanding_line(line.id)
        elif step == "take back":
            receivable(move).remove_move_reconcile()
            assert move.amount_residual == move.amount_total
        check(invoices, payments)
    receivable_lines = invoices[0].line_ids.browse()
    for move in invoices:
        receivable_lines |= receivable(move)
    receivable_lines.remove_move_reconcile()
    assert [move.payment_state for move in invoices] == ["not_paid"] * len(invoices)
    assert not receivable_lines.full_reconcile_id
    assert not any(line.matching_number for line in receivable_lines)


def test_a_refused_reconciliation_leaves_no_trace(each: Environment) -> None:
    owner = partner(each)
    move = invoice(each, owner, 100.0)
    payment = pay(move, amount=30.0)
    before = each["account.partial.reconcile"].search([]).ids
    outstanding = entry(payment).line_ids - receivable(entry(payment))
    with pytest.raises(UserError, match="not from the same account"):
        (receivable(move) | outstanding).reconcile()
    assert each["account.partial.reconcile"].search([]).ids == before
    assert (move.amount_residual, move.payment_state) == (70.0, "partial")


def test_the_wizard_proposes_what_is_open_and_writes_a_difference_off(each: Environment) -> None:
    move = invoice(each, partner(each), 75.0)
    income = move.invoice_line_ids.account_id
    made = wizard(
        move, amount=70.0, payment_difference_handling="reconcile", writeoff_account_id=income.id, writeoff_label="Less"
    )
    assert (made.payment_difference, made.source_amount, made.payment_type) == (5.0, 75.0, "inbound")
    payment = each["account.payment"].browse(made.action_create_payments()["res_id"])
    lines = {(line.name == "Less", line.debit, line.credit) for line in entry(payment).line_ids}
    assert lines == {(False, 70.0, 0.0), (False, 0.0, 75.0), (True, 5.0, 0.0)}
    assert (move.payment_state, move.amount_residual) == ("paid", 0.0)
    with pytest.raises(UserError, match="nothing left to pay"):
        wizard(move)


def test_several_invoices_are_paid_at_once_or_one_by_one(each: Environment) -> None:
    owner = partner(each)
    grouped = invoice(each, owner, 10.0) | invoice(each, owner, 20.0)
    assert pay(grouped, group_payment=True).amount == 30.0
    single = invoice(each, owner, 10.0) | invoice(each, owner, 20.0)
    action = wizard(single).action_create_payments()
    payments = each["account.payment"].search(action["domain"], order="amount")
    assert payments.mapped("amount") == [10.0, 20.0]
    assert {move.payment_state for move in grouped | single} == {"paid"}


def test_a_credit_note_is_paid_back_or_settles_an_invoice(each: Environment) -> None:
    owner = partner(each)
    back = invoice(each, owner, 40.0, move_type="out_refund")
    payment = pay(back)
    assert (payment.payment_type, payment.partner_type, payment.amount) == ("outbound", "customer", 40.0)
    assert back.payment_state == "paid"
    move, credit = invoice(each, owner, 100.0), invoice(each, owner, 100.0, move_type="out_refund")
    move.js_assign_outstanding_line(receivable(credit).id)
    assert (move.payment_state, credit.payment_state) == ("reversed", "paid")
    partial = each["account.partial.reconcile"].search([("debit_move_id", "=", receivable(move).id)])
    assert move.js_remove_outstanding_partial(partial.id) is True
    assert (move.payment_state, credit.payment_state) == ("not_paid", "not_paid")


def test_the_number_of_a_payment_counts_by_itself(each: Environment) -> None:
    move = invoice(each, partner(each), 10.0)
    names = [pay(move, amount=amount).name for amount in (1.0, 2.0)]
    first, second = (int(str(name).rpartition("/")[2]) for name in names)
    assert second == first + 1
    assert str(names[0]).startswith(("PBNK1/2024/", "BNK1/2024/"))


def test_a_payment_in_another_currency_books_the_difference_of_the_rates(env: Environment) -> None:
    euro = env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
    euro.write({"active": True})
    for day, rate in (("2024-01-01", 0.8), ("2024-07-01", 0.5)):
        env["res.currency.rate"].create({"currency_id": euro.id, "name": day, "rate": rate})
    move = invoice(env, partner(env), 100.0, currency_id=euro.id)
    payment = pay(move, payment_date="2024-08-15", amount=40.0)
    assert (payment.currency_id, payment.amount_company_currency_signed) == (euro, 80.0)
    (line,) = receivable(move)
    assert (move.amount_residual, line.amount_residual, move.payment_state) == (60.0, 75.0, "partial")
    pay(move, payment_date="2024-08-15")
    assert (move.payment_state, move.amount_residual_signed) == ("paid", 0.0)
    exchange = env["account.move"].search([("journal_id.code", "=", "EXCH")])
    gains = exchange.line_ids.filtered(lambda item: not item.account_id.reconcile)
    assert round(sum(gains.mapped("credit")), 2) == 75.0
    assert all(item.reconciled for item in exchange.line_ids - gains)
    line.remove_move_reconcile()
    assert (move.amount_residual, line.amount_residual) == (100.0, 125.0)


def test_a_payment_needs_a_method_and_is_not_negative(env: Environment) -> None:
    sales = env["account.journal"].search([("type", "=", "sale")], limit=1)
    with pytest.raises(ValidationError, match="Please define a payment method line"):
        env["account.payment"].create({"amount": 5, "journal_id": sales.id})
    with pytest.raises(ValidationError, match="cannot be negative"):
        env["account.payment"].create({"amount": -5})
    assert not env["account.payment"].search([])


def test_a_payment_is_an_entry_until_17(env: Environment) -> None:
    move = invoice(env, partner(env), 50.0)
    payment = pay(move)
    with pytest.raises(UserError, match="reconciled journal entry"):
        payment.write({"amount": 60.0})
    payment.action_draft()
    assert (payment.state, move.payment_state) == ("draft", "not_paid")
    payment.write({"amount": 60.0})
    assert sorted(entry(payment).line_ids.mapped("balance")) == [-60.0, 60.0]
    payment.action_cancel()
    assert (payment.state, entry(payment).state) == ("cancel", "cancel")
    payment.action_draft()
    moves = entry(payment)
    payment.unlink()
    assert not moves.exists()


def test_a_payment_has_a_state_of_its_own_since_18(latest: Environment) -> None:
    draft = latest["account.payment"].create({"amount": 20.0, "partner_id": partner(latest).id, "date": "2024-03-05"})
    assert (draft.state, draft.name, bool(draft.move_id)) == ("draft", False, False)
    draft.action_post()
    assert (draft.state, draft.name, draft.move_id.state) == ("in_process", "PBNK1/2024/00001", "posted")
    draft.action_validate()
    assert draft.state == "paid"
    draft.action_draft()
    draft.action_cancel()
    assert (draft.state, bool(draft.move_id)) == ("canceled", False)


def test_a_bank_line_confirms_a_payment(env: Environment) -> None:
    env = env.sudo()  # users need the full accounting features
    payment = pay(invoice(env, partner(env), 50.0))
    line = env["account.bank.statement.line"].create({"payment_ref": "Wire", "amount": 50.0, "date": "2024-03-21"})
    assert (line.state, line.is_reconciled, line.amount_residual, line.running_balance) == (
        "posted",
        False,
        -50.0,
        50.0,
    )
    outstanding = entry(payment).line_ids - receivable(entry(payment))
    suspense = line.line_ids.filtered(lambda item: item.account_id == line.journal_id.suspense_account_id)
    suspense.write({"account_id": outstanding.account_id.id})
    (suspense | outstanding).reconcile()
    assert (line.is_reconciled, payment.is_matched) == (True, True)
    line.action_undo_reconciliation()
    assert (line.is_reconciled, payment.is_matched, line.amount_residual) == (False, False, -50.0)


def test_an_early_payment_takes_the_discount(env: Environment) -> None:
    term = env["account.payment.term"].create(
        {
            "name": "2 % in 10 days", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 30})],
        }
    )  # fmt: skip
    move = invoice(env, partner(env), 500.0, invoice_payment_term_id=term.id)
    late = wizard(move, payment_date="2024-03-16")
    assert (late.amount, late.early_payment_discount_mode, late.payment_difference) == (500.0, False, 0.0)
    made = wizard(move, payment_date="2024-03-15")
    assert (made.amount, made.early_payment_discount_mode, made.payment_difference) == (490.0, True, 10.0)
    assert made.payment_difference_handling == "reconcile"
    payment = env["account.payment"].browse(made.action_create_payments()["res_id"])
    assert ("Early Payment Discount", 10.0) in [(line.name, line.debit) for line in entry(payment).line_ids]
    assert (move.payment_state, payment.amount) == ("paid", 490.0)
