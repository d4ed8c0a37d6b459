"""The demonstration company: what it has, with which packs, and that its data are true."""

from __future__ import annotations

import xmlrpc.client
from collections import deque
from typing import Any

import pytest

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.writing import recompute
from mockserver.seed import build as seed
from mockserver.seed.files import folder, read
from tests.cost import calls
from tests.packs import invariants

PROFILES = ["odoo-14.0", "odoo-15.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"]
ALL = ("business", "helpdesk", "demo")
COUNTS = {
    "res.partner": 20, "product.template": 30, "product.product": 30, "sale.order": 15, "purchase.order": 5,
    "account.move": 9, "account.payment": 4, "stock.lot": 5, "stock.production.lot": 5, "stock.quant": 20,
    "crm.lead": 10, "mail.activity": 4, "project.project": 3, "project.task": 14, "project.milestone": 3,
    "project.tags": 3, "account.analytic.line": 12, "hr.employee": 8, "hr.department": 4, "hr.job": 7,
    "hr.attendance": 9, "hr.leave": 4, "calendar.event": 5, "helpdesk.team": 2, "helpdesk.ticket": 8,
}  # fmt: skip
# what tells of the moment of a change, or was chosen with it, and is not computed anew
KEPT = {
    ("account.move", "date"), ("account.payment", "outstanding_account_id"), ("crm.lead", "date_last_stage_update"),
    ("crm.lead", "date_open"), ("crm.lead", "day_open"), ("project.milestone", "reached_date"),
    ("stock.quant", "inventory_diff_quantity"),
}  # fmt: skip


def database(profile: str, *fixtures: str) -> Database:
    return seed.build("test", profile=profiles.get(profile), fixtures=fixtures, clock=Clock())


@pytest.fixture(scope="module", params=PROFILES)
def company(request: pytest.FixtureRequest) -> Any:
    found = database(request.param, *ALL)
    return found.env(found.profile.admin_id).sudo()


def test_it_has_something_of_everything(company: Any) -> None:
    everything = company["res.partner"].with_context(active_test=False)
    found = {model: everything.env[model].search_count([]) for model in COUNTS if model in company}
    assert {model: count for model, count in found.items() if count < COUNTS[model]} == {}


def test_orders_are_in_all_states(company: Any) -> None:
    orders = company["sale.order"].search([], order="id")
    assert orders.mapped("state") == ["draft", "draft", "sent", "sent", *["sale"] * 10, "cancel"]
    assert {"to invoice", "invoiced", "no"} <= set(orders.mapped("invoice_status"))
    assert orders[6].picking_ids.sorted("id").mapped("state") == ["done", "confirmed"]
    assert orders[6].order_line.mapped("qty_delivered") == [4.0, 10.0]
    received = company.ref("demo.purchase_rugs")
    assert (received.order_line.product_qty, received.order_line.qty_received) == (10.0, 4.0)


def test_invoices_are_open_paid_and_credited(company: Any) -> None:
    states = {name: company.ref(f"demo.{name}").payment_state for name in (
        "invoice_cabinets", "invoice_lamps", "invoice_planks", "bill_timber", "bill_legs",
    )}  # fmt: skip
    assert states == {
        "invoice_cabinets": "not_paid", "invoice_lamps": "partial", "invoice_planks": "paid", "bill_timber": "paid",
        "bill_legs": "not_paid",
    }  # fmt: skip
    credit = company.ref("demo.credit_note_coffee")
    assert (credit.move_type, credit.state) == ("out_refund", "posted")
    assert credit.amount_total == company.ref("demo.invoice_coffee").amount_total
    assert company.ref("demo.invoice_training").state == "draft"


def test_the_books_are_true(company: Any) -> None:
    invariants.every_entry_is_balanced_and_the_sum_of_its_lines(company)
    invariants.what_is_left_of_lines_is_what_is_not_reconciled(company)
    invariants.invoices_hold_what_is_invoiced(company)


def test_the_stock_is_true(company: Any) -> None:
    invariants.quants_are_the_sum_of_what_was_moved(company)
    invariants.quants_reserve_what_open_lines_take(company)
    invariants.transfers_are_in_the_states_of_their_moves(company)
    invariants.what_is_ordered_is_delivered_or_open(company)


def test_what_is_computed_stays_as_it_is_when_it_is_computed_again(company: Any) -> None:
    db = company.db
    snapshot = db.snapshot()
    wrong = set()
    with db.transaction():
        for model in _tables(db):
            before = dict(db.store.rows(model.name))
            for field in model.columns:
                if field.compute and field.readonly and before and (model.name, field.name) not in KEPT:
                    recompute.run(company, deque([(model.name, field.name, set(before))]))
            for id_, row in db.store.rows(model.name).items():
                wrong |= {(model.name, name) for name, value in row.items() if before[id_].get(name) != value}
    db.restore(snapshot)
    assert wrong == set()


def test_no_record_refers_to_a_missing_one(company: Any) -> None:
    store = company.db.store
    for model in _tables(company.db):
        for field in model.columns:
            if field.type == "many2one" and field.relation in company.db.registry:
                known = store.rows(field.comodel)
                held = {row.get(field.name) for row in store.rows(model.name).values()} - {None}
                assert held <= known.keys(), (model.name, field.name)


def _tables(db: Database) -> list[Any]:
    return [model for model in db.registry.values() if model.auto and not model.abstract and not model.transient]


def test_names_are_unique_and_the_next_one_follows(company: Any) -> None:
    snapshot = company.db.snapshot()
    for model in ("sale.order", "purchase.order", "stock.picking"):
        names = company[model].search([]).mapped("name")
        assert len(names) == len(set(names))
    posted = company["account.move"].search([("state", "=", "posted")])
    assert len(posted.mapped("name")) == len(posted)
    assert company.ref("demo.order_hotel").copy().name == "S00016"
    company.db.clock.freeze("2024-02-29 12:00:00")
    draft = company.ref("demo.invoice_training")
    last = max(company["account.move"].search([("journal_id", "=", draft.journal_id.id), ("state", "=", "posted")])
               .filtered(lambda move: move.move_type == "out_invoice").mapped("name"))  # fmt: skip
    draft.action_post()
    assert int(draft.name.rpartition("/")[2]) == int(last.rpartition("/")[2]) + 1
    company.db.clock.thaw()
    company.db.restore(snapshot)


@pytest.mark.parametrize(
    "packs",
    [["sale"], ["stock"], ["purchase"], ["purchase", "stock"], ["hr_timesheet"]],
    ids="-".join,
)
@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-19.0"])
def test_it_has_what_the_packs_have_a_place_for(profile: str, packs: list[str]) -> None:
    env: Any = database(profile, *packs, "demo").env(2)
    assert env.ref("demo.order_hotel").state == "draft"
    assert bool(env.ref("demo.purchase_timber", raise_if_not_found=False)) == ("purchase" in packs)
    assert bool(env.ref("demo.delivery_planks", raise_if_not_found=False)) == ("stock" in packs)
    assert bool(env.ref("demo.receipt_timber", raise_if_not_found=False)) == ({"purchase", "stock"} <= {*packs})
    assert ("hr.employee" in env) == bool(env.ref("demo.employee_mara", raise_if_not_found=False))
    invariants.every_entry_is_balanced_and_the_sum_of_its_lines(env)
    invariants.invoices_hold_what_is_invoiced(env)
    assert not [order.name for order in env["sale.order"].search([]) if len(order.invoice_ids) > 2]


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-12.0", "odoo-13.0", "odoo-20.0", "flectra-1.6", "flectra-2.0"])
def test_it_loads_in_other_profiles(profile: str) -> None:
    found = database(profile, *ALL)
    env: Any = found.env(found.profile.admin_id)
    assert env["sale.order"].search_count([]) == 15
    assert env["hr.employee"].search_count([]) >= 8


def test_its_parts_are_all_loaded() -> None:
    parts = {path.stem for path in folder().glob("demo-*.json")}
    assert parts == {name for name in read(folder() / "demo.json")["requires"] if "-" in name}


def test_it_is_the_same_whatever_the_time_is() -> None:
    clock = Clock()
    clock.freeze("2031-07-01 12:00:00")
    frozen = seed.build("test", profile=profiles.get("odoo-17.0"), fixtures=["demo"], clock=clock).env(2)
    env = database("odoo-17.0", "demo").env(2)
    for model, names in (("sale.order", ["date_order", "state"]), ("account.move", ["name", "invoice_date", "state"])):
        assert env[model].search([]).read(names) == frozen[model].search([]).read(names)
    assert clock.now() == "2031-07-01 12:00:00"


def test_its_users_log_in_and_read_it_in_strict_mode() -> None:
    with MockServer(fixtures=ALL, strict=True) as odoo:
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            uid = common.authenticate(odoo.db, "sofia", "sofia", {})
            assert uid == odoo.ref("demo.user_sofia").id
            assert common.authenticate(odoo.db, "ruth", "ruth", {})
        asked = [[["user_id", "=", uid]]], {"fields": ["name", "state", "order_line", "invoice_status", "amount_total"]}
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object", allow_none=True) as objects:
            mine: Any = objects.execute_kw(odoo.db, uid, "sofia", "sale.order", "search_read", *asked)
        assert [order["state"] for order in mine] == ["sale", "sale", "sale", "sale", "sent", "sent"]


def test_it_is_loaded_with_few_calls() -> None:
    """A second is about three million calls on a machine that is not busy."""
    database("odoo-17.0", "business")
    database("odoo-16.0", *ALL)  # imports what is needed
    assert calls(lambda: database("odoo-17.0", "business", "demo")) < 4_000_000
