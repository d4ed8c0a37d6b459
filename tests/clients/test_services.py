"""A time clock on odoorpc: a service is sold, hours are recorded on its task, and a month of them is invoiced."""

from __future__ import annotations

from typing import Any

import odoorpc
import pytest

from mockserver import MockServer

pytestmark = pytest.mark.mockserver(fixtures=["business"])


@pytest.fixture
def odoo(mockserver: MockServer) -> odoorpc.ODOO:
    client = odoorpc.ODOO(mockserver.host, port=mockserver.port)
    client.login(mockserver.db, mockserver.login, mockserver.password)
    return client


@pytest.fixture
def line(odoo: odoorpc.ODOO) -> Any:
    """The line of a confirmed order for ten hours, which has a project and a task."""
    hour = odoo.env.ref("uom.product_uom_hour").id
    service = odoo.env["product.product"].create(
        {
            "name": "Consulting", "detailed_type": "service", "list_price": 80.0, "uom_id": hour, "uom_po_id": hour,
            "taxes_id": [(6, 0, [])], "service_policy": "delivered_timesheet", "service_tracking": "task_in_project",
        }
    )  # fmt: skip
    customer = odoo.env["res.partner"].create({"name": "Blue Door Hotel"})
    lines = [(0, 0, {"product_id": service, "product_uom_qty": 10.0})]
    order = odoo.env["sale.order"].create({"partner_id": customer, "order_line": lines})
    odoo.execute("sale.order", "action_confirm", [order])
    return odoo.env["sale.order"].browse(order).order_line


def record(odoo: odoorpc.ODOO, line: Any, day: str, hours: float) -> int:
    employees = odoo.env["hr.employee"]
    known = employees.search([("name", "=", "Ann")]) or [employees.create({"name": "Ann", "hourly_cost": 30.0})]
    values = {"name": "advice", "task_id": line.task_id.id, "employee_id": known[0], "date": day, "unit_amount": hours}
    created: int = odoo.env["account.analytic.line"].create(values)
    return created


def test_hours_of_a_month_are_invoiced_and_stay(odoo: odoorpc.ODOO, line: Any) -> None:
    order = line.order_id
    first, second = record(odoo, line, "2024-05-02", 3.0), record(odoo, line, "2024-06-03", 2.5)
    (state,) = odoo.execute("sale.order.line", "read", [line.id], ["qty_delivered", "qty_to_invoice", "invoice_status"])
    assert (state["qty_delivered"], state["qty_to_invoice"], state["invoice_status"]) == (5.5, 5.5, "to invoice")

    context = {"active_model": "sale.order", "active_id": order.id, "active_ids": [order.id]}
    wizard = odoo.execute_kw(
        "sale.advance.payment.inv",
        "create",
        [
            {
                "advance_payment_method": "delivered",
                "date_start_invoice_timesheet": "2024-05-01",
                "date_end_invoice_timesheet": "2024-05-31",
            }
        ],
        {"context": context},
    )
    action = odoo.execute_kw("sale.advance.payment.inv", "create_invoices", [[wizard]], {"context": context})
    (invoice,) = odoo.execute("account.move", "read", [action["res_id"]], ["amount_total", "timesheet_ids", "state"])
    assert (invoice["amount_total"], invoice["timesheet_ids"], invoice["state"]) == (240.0, [first], "draft")

    odoo.execute("account.move", "action_post", [action["res_id"]])
    with pytest.raises(odoorpc.error.RPCError, match="You cannot modify timesheets that are already invoiced"):
        odoo.execute("account.analytic.line", "write", [first], {"unit_amount": 4.0})
    assert odoo.execute("account.analytic.line", "write", [second], {"unit_amount": 4.0})
    assert odoo.execute("sale.order.line", "read", [line.id], ["qty_to_invoice"])[0]["qty_to_invoice"] == 4.0


def test_the_order_leads_to_its_task_and_hours(odoo: odoorpc.ODOO, line: Any) -> None:
    entry = record(odoo, line, "2024-05-02", 1.0)
    order = line.order_id.id
    task = odoo.execute("sale.order", "action_view_task", [order])
    (found,) = odoo.execute("project.task", "read", [task["res_id"]], ["name", "allocated_hours", "sale_line_id"])
    assert (found["name"], found["allocated_hours"], found["sale_line_id"][0]) == ("Consulting", 10.0, line.id)
    hours = odoo.execute("sale.order", "action_view_timesheet", [order])
    assert odoo.execute("account.analytic.line", "search", hours["domain"]) == [entry]
