"""Services that make projects and tasks when their order is confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
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
