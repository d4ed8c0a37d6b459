"""Services that are sold by working time, by milestones and prepaid: what is delivered, and invoices of it."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment
from mockserver.seed import build as seed


@pytest.fixture(scope="module", params=["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def database(request: pytest.FixtureRequest) -> Database:
    return seed.build("t", profile=profiles.get(request.param), clock=Clock(), fixtures=["business"])


def generation(env: Environment) -> int:
    return env.db.profile.generation


def ref(env: Environment, name: str) -> Any:
    return env.ref(name)


def service(env: Environment, policy: str = "delivered_timesheet", **values: Any) -> Any:
    kind = {"detailed_type": "service"} if generation(env) in (16, 17) else {"type": "service"}
    hour = ref(env, "uom.product_uom_hour").id
    given = {"name": "Painting", "uom_id": hour, "list_price": 50.0, "taxes_id": [(6, 0, [])], **kind, **values}
    if "uom_po_id" in env["product.product"]:
        given.setdefault("uom_po_id", given["uom_id"])
    return env["product.product"].create({**given, "service_policy": policy})


def prepaid(env: Environment) -> str:
    return "ordered_timesheet" if generation(env) < 16 else "ordered_prepaid"


def sold(env: Environment, product: Any, quantity: float = 10.0) -> Any:
    """Return the line of a new confirmed order."""
    customer = env["res.partner"].create({"name": "Blue Door Hotel"})
    lines = [(0, 0, {"product_id": product.id, "product_uom_qty": quantity})]
    order = env["sale.order"].create({"partner_id": customer.id, "order_line": lines})
    order.action_confirm()
    return order.order_line


def employee(env: Environment, name: str = "Ann", cost: float = 30.0) -> Any:
    return env["hr.employee"].create({"name": name, cost_field(env): cost})


def cost_field(env: Environment) -> str:
    return "hourly_cost" if generation(env) >= 16 else "timesheet_cost"


def work(task: Any, hours: float, who: Any = None, **values: Any) -> Any:
    env = task.env
    person = who or env["hr.employee"].search([("name", "=", "Ann")])[:1] or employee(env)
    given = {"name": "work", "project_id": task.project_id.id, "task_id": task.id, "employee_id": person.id}
    return env["account.analytic.line"].create({**given, "unit_amount": hours, **values})


def planned(task: Any) -> float:
    return float(task["allocated_hours" if "allocated_hours" in task else "planned_hours"])


# -- products


def test_a_policy_stands_for_two_fields(env: Environment) -> None:
    known = {
        "delivered_timesheet": ("delivery", "timesheet"),
        "delivered_manual": ("delivery", "manual"),
        prepaid(env): ("order", "timesheet"),
    }
    for policy, fields in known.items():
        product = service(env, policy)
        assert (product.invoice_policy, product.service_type) == fields
        product.write({"name": "other"})
        assert product.service_policy == policy
    product.write({"service_type": "manual"})
    assert product.service_policy == prepaid(env)


def test_a_product_has_the_project_that_its_tracking_needs(env: Environment) -> None:
    project = env["project.project"].create({"name": "Support", "allow_billable": True})
    with pytest.raises(ValidationError, match="The product Painting should not have a project nor a project template"):
        service(env, service_tracking="no", project_id=project.id)
    with pytest.raises(ValidationError, match=r"should not have a global project since it will generate a project."):
        service(env, service_tracking="project_only", project_id=project.id)
    with pytest.raises(ValidationError, match=r"since it will generate a task in a global project."):
        service(env, service_tracking="task_global_project", project_template_id=project.id)


def test_the_product_of_working_time_stays(env: Environment) -> None:
    product = ref(env, "sale_timesheet.time_product")
    with pytest.raises(ValidationError, match="is required by the Timesheets app and cannot be archived nor deleted"):
        product.unlink()
    with pytest.raises(ValidationError, match="cannot be archived"):
        product.product_tmpl_id.write({"active": False})


# -- what is made


def test_the_project_and_the_task_of_a_service_have_what_was_sold(env: Environment) -> None:
    line = sold(env, service(env, service_tracking="task_in_project"), 8.0)
    task, project = line.task_id, line.project_id
    assert (project.sale_line_id, project.sale_order_id, project.allow_billable) == (line, line.order_id, True)
    assert project.name == f"{line.order_id.name} - Painting"
    assert (task.project_id, task.sale_line_id, task.sale_order_id, planned(task)) == (
        project,
        line,
        line.order_id,
        8.0,
    )
    line.write({"product_uom_qty": 12.0})
    assert planned(task) == 12.0
    if generation(env) >= 17:
        assert project.allocated_hours == 8.0
    if generation(env) >= 18:
        assert line.order_id.project_id == project


def test_days_are_planned_as_hours(env: Environment) -> None:
    product = service(env, service_tracking="task_in_project", uom_id=ref(env, "uom.product_uom_day").id)
    line = sold(env, product, 2.0)
    assert planned(line.task_id) == 16.0
    work(line.task_id, 4.0)
    assert (line.qty_delivered_method, line.qty_delivered) == ("timesheet", 0.5)


def test_a_project_like_a_template_has_its_tasks(env: Environment) -> None:
    template = env["project.project"].create({"name": "Renovation", "allow_billable": True})
    env["project.task"].create({"name": "Measure", "project_id": template.id})
    line = sold(env, service(env, service_tracking="project_only", project_template_id=template.id))
    project = line.project_id
    assert project.name == f"{line.order_id.name} - Renovation"
    assert (project.task_ids.mapped("name"), project.task_ids.sale_line_id) == (["Measure"], line)
    assert project.partner_id == line.order_id.partner_id


def test_a_cancelled_order_is_not_that_of_its_project(env: Environment) -> None:
    line = sold(env, service(env, service_tracking="project_only"))
    line.order_id.with_context(disable_cancel_warning=True).action_cancel()
    assert not line.project_id.sale_line_id


# -- what is delivered


def test_working_time_is_what_was_delivered(env: Environment) -> None:
    line = sold(env, service(env, service_tracking="task_in_project"))
    first, second = work(line.task_id, 3.0), work(line.task_id, 1.5)
    assert (first.so_line, line.qty_delivered_method, line.qty_delivered) == (line, "timesheet", 4.5)
    assert (line.qty_to_invoice, line.invoice_status) == (4.5, "to invoice")
    assert first.timesheet_invoice_type == "billable_time"
    second.write({"unit_amount": 2.0})
    assert line.qty_delivered == 5.0
    second.unlink()
    assert (line.qty_delivered, line.order_id.timesheet_count) == (3.0, 1)
    if generation(env) >= 16:
        assert (line.timesheet_ids, line.analytic_line_ids.ids) == (first, [])


def test_a_service_in_units_counts_hours_as_units(env: Environment) -> None:
    product = service(env, service_tracking="task_in_project", uom_id=ref(env, "uom.product_uom_unit").id)
    line = sold(env, product, 3.0)
    work(line.task_id, 2.0)
    assert (planned(line.task_id), line.qty_delivered) == (3.0, 2.0)


def test_time_on_projects_that_are_not_sold_is_for_no_line(env: Environment) -> None:
    project = env["project.project"].create({"name": "Office", "allow_timesheets": True, "allow_billable": False})
    task = env["project.task"].create({"name": "Tidy", "project_id": project.id})
    entry = work(task, 1.0)
    assert (entry.so_line.ids, entry.timesheet_invoice_type) == ([], "non_billable")


def test_a_line_that_was_chosen_by_hand_stays(env: Environment) -> None:
    line = sold(env, service(env, service_tracking="task_in_project"))
    other = sold(env, service(env, service_tracking="task_in_project"))
    entry = work(line.task_id, 3.0)
    entry.write({"so_line": other.id, "is_so_line_edited": True})
    assert (line.qty_delivered, other.qty_delivered) == (0.0, 3.0)
    line.task_id.write({"sale_line_id": False})
    assert entry.so_line == other


def test_prepaid_time_is_compared_with_what_was_ordered(env: Environment) -> None:
    line = sold(env, service(env, prepaid(env), service_tracking="task_in_project"), 10.0)
    entry = work(line.task_id, 4.0)
    assert (line.qty_delivered, line.remaining_hours_available, line.remaining_hours) == (4.0, True, 6.0)
    assert (line.task_id.remaining_hours_so, entry.timesheet_invoice_type) == (6.0, "billable_fixed")
    assert line.qty_to_invoice == 10.0
    shown = line.with_context(with_remaining_hours=True).display_name
    assert shown.endswith(" (06:00 remaining)")


def test_more_than_was_prepaid_is_told_once(env: Environment) -> None:
    if generation(env) not in (16, 17, 18):
        pytest.skip("the activity is of these versions")
    line = sold(env, service(env, prepaid(env), service_tracking="task_in_project", service_upsell_threshold=0.5), 10.0)
    line.order_id.write({"user_id": env.uid})
    work(line.task_id, 6.0)
    work(line.task_id, 1.0)
    assert line.has_displayed_warning_upsell
    assert line.order_id.activity_ids.mapped("summary") or len(line.order_id.activity_ids) == 1


def test_milestones_deliver_their_part(env: Environment) -> None:
    if generation(env) < 16:
        pytest.skip("there are none")
    group = ref(env, "project.group_project_milestone")
    env.user.write({"group_ids" if "group_ids" in env.user else "groups_id": [(4, group.id)]})
    product = service(env, "delivered_milestones", service_tracking="task_in_project")
    line = sold(env, product, 4.0)
    (milestone,) = env["project.milestone"].search([("sale_line_id", "=", line.id)])
    assert (milestone.quantity_percentage, line.task_id.milestone_id) == (1.0, milestone)
    assert (line.qty_delivered_method, line.qty_delivered, line.order_id.milestone_count) == ("milestones", 0.0, 1)
    milestone.write({"quantity_percentage": 0.25})
    milestone.toggle_is_reached(True)
    assert (line.qty_delivered, line.invoice_status) == (1.0, "to invoice")
    if generation(env) >= 17:
        assert milestone.product_uom_qty == 1.0
        milestone.write({"product_uom_qty": 2.0})
        assert (milestone.quantity_percentage, line.qty_delivered) == (0.5, 2.0)
    action = line.order_id.action_view_milestone()
    assert (action["res_model"], action["context"]["default_sale_line_id"]) == ("project.milestone", line.id)


# -- rates


def test_a_project_is_priced_by_task_by_project_or_by_employee(env: Environment) -> None:
    if generation(env) < 16:
        pytest.skip("the pricing is chosen by hand")
    line = sold(env, service(env))
    project = env["project.project"].create({"name": "Fair", "allow_billable": True})
    assert project.pricing_type == "task_rate"
    project.write({"partner_id": line.order_id.partner_id.id, "sale_line_id": line.id})
    assert project.pricing_type == "fixed_rate"
    ann, expert = employee(env, "Eve", 20.0), sold_to(line.order_id.partner_id, service(env, name="Expert"))
    task = env["project.task"].create({"name": "Build", "project_id": project.id})
    entry = work(task, 2.0, ann)
    assert (task.sale_line_id, entry.so_line, entry.amount) == (line, line, -40.0)
    values = {"project_id": project.id, "employee_id": ann.id, "sale_line_id": expert.id}
    rate = env["project.sale.line.employee.map"].create(values)
    assert (project.pricing_type, rate.price_unit, rate.cost) == ("employee_rate", 50.0, 20.0)
    assert (entry.so_line, line.qty_delivered, expert.qty_delivered) == (expert, 0.0, 2.0)
    rate.write({"cost": 25.0})
    assert (rate.is_cost_changed, work(task, 1.0, ann).amount) == (True, -25.0)
    assert work(task, 1.0, employee(env, "Bob")).so_line == line
    assert project.warning_employee_rate
    with pytest.raises(Exception, match=r"cannot be selected more than once|uniqueness_employee"):
        env["project.sale.line.employee.map"].create(values)


def sold_to(customer: Any, product: Any) -> Any:
    lines = [(0, 0, {"product_id": product.id, "product_uom_qty": 10.0})]
    order = customer.env["sale.order"].create({"partner_id": customer.id, "order_line": lines})
    order.action_confirm()
    return order.order_line


# -- invoices


def invoice(line: Any, **values: Any) -> Any:
    env, order = line.env, line.order_id
    wizards = env["sale.advance.payment.inv"].with_context(
        active_ids=order.ids, active_id=order.id, active_model="sale.order"
    )
    wizard = wizards.create({"advance_payment_method": "delivered", **values})
    assert wizard.invoicing_timesheet_enabled
    known = order.invoice_ids
    wizard.create_invoices()
    (made,) = order.invoice_ids - known
    return made


def test_invoiced_time_is_of_the_span_and_stays(env: Environment) -> None:
    line = sold(env, service(env, service_tracking="task_in_project"))
    june = work(line.task_id, 3.0, date="2024-06-10")
    july = work(line.task_id, 2.0, date="2024-07-10")
    first = invoice(line, date_start_invoice_timesheet="2024-06-01", date_end_invoice_timesheet="2024-06-30")
    assert (first.invoice_line_ids.mapped("quantity"), first.timesheet_ids) == ([3.0], june)
    assert (line.qty_invoiced, line.qty_to_invoice, first.timesheet_count) == (3.0, 2.0, 1)
    for values in ({"unit_amount": 4.0}, {"date": "2024-06-11"}, {"task_id": False}):
        with pytest.raises(UserError, match=r"^You cannot modify timesheets that are already invoiced.$"):
            june.write(values)
    june.write({"name": "first coat"})
    first.action_post()
    with pytest.raises(UserError, match=r"^You cannot remove a timesheet that has already been invoiced.$"):
        june.unlink()
    assert invoice(line).timesheet_ids == july
    assert line.qty_to_invoice == 0.0


def test_time_of_a_deleted_draft_can_be_invoiced_again(env: Environment) -> None:
    line = sold(env, service(env, service_tracking="task_in_project"))
    entry = work(line.task_id, 3.0)
    invoice(line).unlink()
    assert (entry.timesheet_invoice_id.ids, line.qty_to_invoice) == ([], 3.0)
    entry.write({"unit_amount": 5.0})
    cancelled = invoice(line)
    cancelled.button_cancel()
    entry.write({"unit_amount": 6.0})
    assert invoice(line).invoice_line_ids.mapped("quantity") == [6.0]


# -- windows


def test_the_windows_of_an_order_show_its_work(env: Environment) -> None:
    line = sold(env, service(env, service_tracking="task_in_project"))
    order, entry = line.order_id, work(line.task_id, 1.0)
    action = order.action_view_timesheet()
    assert env["account.analytic.line"].search(action["domain"]) == entry
    assert action["context"]["default_so_line"] == line.id
    if generation(env) < 19:
        assert order.action_view_task()["res_id"] == line.task_id.id
    action = order.action_view_project_ids()
    assert (action["res_id"], action["context"]["default_sale_line_id"]) == (line.project_id.id, line.id)


# -- orders of projects


def test_an_order_of_a_project_has_its_time(env: Environment) -> None:
    if generation(env) not in (16, 17):
        pytest.skip("no wizard")
    product = service(env)
    customer = env["res.partner"].create({"name": "Blue Door Hotel"})
    project = env["project.project"].create(
        {"name": "Fair", "allow_billable": True, "allow_timesheets": True, "partner_id": customer.id}
    )
    task = env["project.task"].create({"name": "Build", "project_id": project.id})
    ann, bob = employee(env, "Ann"), employee(env, "Bob")
    entries = work(task, 3.0, ann) | work(task, 2.0, bob)
    wizards = env["project.create.sale.order"].with_context(active_model="project.project", active_id=project.id)
    lines = [(0, 0, {"employee_id": ann.id, "product_id": product.id, "price_unit": 70.0})]
    wizard = wizards.create({"line_ids": lines})
    assert (wizard.project_id, wizard.partner_id) == (project, customer)
    with pytest.raises(UserError, match=r"Missing employee\(s\): Bob"):
        wizard.action_create_sale_order()
    wizard.write({"line_ids": [(0, 0, {"employee_id": bob.id, "product_id": product.id, "price_unit": 50.0})]})
    order = env["sale.order"].browse(wizard.action_create_sale_order()["res_id"])
    assert (order.state, order.project_ids, project.pricing_type) == ("sale", project, "employee_rate")
    found = [(line.price_unit, line.product_uom_qty, line.qty_delivered) for line in order.order_line]
    assert found == [(70.0, 3.0, 3.0), (50.0, 2.0, 2.0)]
    assert entries.so_line == order.order_line
    with pytest.raises(UserError, match="The project is already linked to a sales order item"):
        wizard.action_create_sale_order()
    with pytest.raises(UserError, match="You can only apply this action from a project"):
        env["project.create.invoice"].create({})
    invoicing = env["project.create.invoice"].with_context(active_model="project.project", active_id=project.id)
    wizard = invoicing.create({"sale_order_id": order.id})
    assert wizard.amount_to_invoice == 310.0
    assert wizard.action_create_invoice()["context"] == {"active_ids": [order.id]}
