"""Services that make projects and tasks when their order is confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["sale_project"])


def service(env: Environment, tracking: str, **values: Any) -> Recordset:
    given = {"name": tracking, "detailed_type": "service", "service_tracking": tracking, **values}
    return env["product.product"].create(given)


def confirmed(env: Environment, *products: Recordset) -> Recordset:
    customer = env["res.partner"].create({"name": "Blue Door Hotel"})
    lines = [(0, 0, {"product_id": product.id}) for product in products]
    order = env["sale.order"].create({"partner_id": customer.id, "order_line": lines, "client_order_ref": "PO-7"})
    order.action_confirm()
    return order


def test_a_task_is_made_in_the_project_that_the_product_names(env: Environment) -> None:
    project = env["project.project"].create({"name": "Support", "allow_billable": True})
    order = confirmed(env, service(env, "task_global_project", project_id=project.id))
    (task,) = order.tasks_ids
    assert (task.name, task.project_id, task.sale_line_id) == (
        "S00001 - task_global_project", project, order.order_line,
    )  # fmt: skip
    assert (task.partner_id, order.project_ids, order.order_line.task_id) == (order.partner_id, project, task)


def test_the_lines_of_an_order_share_its_new_project(env: Environment) -> None:
    order = confirmed(env, service(env, "project_only"), service(env, "task_in_project"))
    (project,) = order.project_ids
    assert project.name == "PO-7 - S00001"
    assert project.type_ids.mapped("name") == ["To Do", "In Progress", "Done", "Cancelled"]
    assert order.order_line.mapped("project_id") == project
    assert order.tasks_ids.mapped("name") == ["task_in_project"]
    order.order_line.create({"order_id": order.id, "product_id": service(env, "task_in_project").id})
    assert (order.tasks_count, order.project_count) == (2, 1)


def test_other_services_make_nothing(env: Environment) -> None:
    order = confirmed(env, service(env, "no"))
    assert (order.tasks_count, order.project_count, order.visible_project) == (0, 0, False)


def test_the_window_of_a_task_shows_its_order(env: Environment) -> None:
    order = confirmed(env, service(env, "task_in_project"))
    action = order.tasks_ids.action_view_so()
    assert (action["res_model"], action["res_id"]) == ("sale.order", order.id)
    assert order.project_ids.action_view_sos()["res_id"] == order.id
    assert order.project_ids.sale_order_count == 1
    assert not order.tasks_ids.task_to_invoice or order.invoice_status == "to invoice"


def test_a_line_that_is_no_service_is_for_no_task_and_no_project(env: Environment) -> None:
    goods = env["product.product"].create({"name": "Chair", "detailed_type": "consu"})
    line = confirmed(env, goods).order_line
    project = env["project.project"].create(
        {"name": "Fair", "allow_billable": True, "partner_id": line.order_partner_id.id}
    )
    with pytest.raises(ValidationError, match="to a sales order item that is not a service"):
        project.write({"sale_line_id": line.id})
    with pytest.raises(ValidationError, match=r"You cannot link the order item S\d+ - Chair to this task"):
        env["project.task"].create({"name": "Build", "project_id": project.id, "sale_line_id": line.id})


def test_an_order_for_a_project_needs_a_service(env: Environment) -> None:
    project: Any = env["project.project"].create({"name": "Fair", "allow_billable": True})
    orders: Any = env["sale.order"].with_context(create_for_project_id=project.id)
    customer = env["res.partner"].create({"name": "Blue Door Hotel"})
    with pytest.raises(UserError, match='must contain at least one product of type "Service"'):
        orders.create({"partner_id": customer.id})
    project.write({"partner_id": customer.id})
    order = orders.create({"partner_id": customer.id, "order_line": [(0, 0, {"product_id": service(env, "no").id})]})
    assert project.sale_line_id == order.order_line


def test_a_subtask_and_a_task_have_the_line_of_their_project_for_the_same_customer(env: Environment) -> None:
    order = confirmed(env, service(env, "project_only"))
    project, line = order.project_ids, order.order_line
    task: Any = env["project.task"].create({"name": "Build", "project_id": project.id})
    assert (task.sale_line_id, task.sale_order_id, task.partner_id) == (line, order, order.partner_id)
    below = env["project.task"].create({"name": "Paint", "project_id": project.id, "parent_id": task.id})
    assert below.sale_line_id == line
    task.write({"partner_id": env["res.partner"].create({"name": "Other"}).id})
    assert not task.sale_line_id
    project.write({"allow_billable": False})
    assert not below.sale_line_id
