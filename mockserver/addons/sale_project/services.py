"""The projects, tasks and milestones that lines of confirmed orders make, as the product says.

Source: 17.0.  `service_tracking` of the product: a task in a project that it names, a project for the order, or a
project for the order with a task in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.addons.analytic.analytic_plan import project_plan
from mockserver.addons.sale.invoiced import rows
from mockserver.addons.sale.origin_links import link
from mockserver.orm.writing.commands import CREATE

GLOBAL_TASK, NEW_PROJECT, PROJECT_AND_TASK = "task_global_project", "project_only", "task_in_project"
WITH_PROJECT = (NEW_PROJECT, PROJECT_AND_TASK)
# the stages of a project that has no template: name, folded, sequence
STAGES = (("To Do", False, 5), ("In Progress", False, 10), ("Done", False, 15), ("Cancelled", True, 20))
# what is sold of these is no time
_UNTIMED = ("manual", "milestones")


def of_products(lines: Any, test: Callable[[Any], Any]) -> Any:
    """Return the lines whose products are services that pass a test; each product is looked at once."""
    found = [(row["id"], row.get("product_id")) for row in rows(lines)]
    products = lines.env["product.product"].sudo().browse({product for _, product in found if product})
    wanted = products.filtered(lambda product: product.type == "service" and test(product))._ids
    return lines.browse(id_ for id_, product in found if product in wanted)


def generate(lines: Any) -> None:
    """Make the projects and tasks of lines that have none yet; lines of one order share a project."""
    own = of_products(lines.sudo(), lambda product: product.service_tracking != "no")
    for line in own.sorted(lambda one: (one.sequence, one.id)):
        wanted = line.product_id.service_tracking
        if wanted == GLOBAL_TASK:
            project = line.product_id.with_company(line.company_id).project_id
            if project and not line.task_id and line.product_uom_qty > 0:
                _make_task(line, project)
                _name_project(line.order_id, project)
        elif wanted in WITH_PROJECT:
            project = _chosen_project(line, wanted) or _shared_project(line)
            if not project:
                project = line._timesheet_create_project()
                _name_project(line.order_id, project)
            elif not line.project_id and not (wanted == PROJECT_AND_TASK and line.order_id.project_id):
                line.write({"project_id": project.id})
            if wanted == PROJECT_AND_TASK and not line.task_id:
                _make_task(line, project)
            _make_milestone(line, project)


def tracking(line: Any) -> str:
    """Return what the confirmation of a line makes; nothing for what is no service."""
    product = line.product_id
    return str(product.service_tracking) if product.type == "service" else "no"


def _chosen_project(line: Any, wanted: str) -> Any:
    """Return the project that the order names, where tasks are made in it, else that of the line."""
    return (wanted == PROJECT_AND_TASK and line.order_id.project_id) or line.project_id


def _shared_project(line: Any) -> Any:
    """Return the project that another line of the order made from the same template."""
    template = _template(line)
    others = line.order_id.order_line.filtered(
        lambda other: other.project_id and tracking(other) in WITH_PROJECT and _template(other) == template
    )
    return others[:1].project_id


def _template(line: Any) -> Any:
    return line.product_id.with_company(line.company_id).project_template_id


def _name_project(order: Any, project: Any) -> None:
    """Let an order name its first project."""
    if order.env.db.profile.rules.orders_name_their_project and not order.project_id:
        order.write({"project_id": project.id})


# -- projects


def make_project(line: Any) -> Any:
    """Return a new project of the order, like the product's template or with four stages."""
    order, template = line.order_id, _template(line)
    values = _project_values(line)
    name = str(values["name"])
    if template:
        project = template.copy({**values, "name": f"{name} - {template.name}"})
        tasks = project.with_context(active_test=False).tasks
        tasks.write({"sale_line_id": line.id, "partner_id": order.partner_id.id})
        tasks.filtered("parent_id").write({"sale_line_id": line.id, "sale_order_id": order.id})
    else:
        if sum(tracking(other) in WITH_PROJECT for other in order.order_line) == 1:
            code, product = line.product_id.default_code, line.product_id.name
            values["name"] = f"{name} - [{code}] {product}" if code else f"{name} - {product}"
        project = line.env["project.project"].create(values)
    if "account_id" in project and not project.account_id:
        project.write({"account_id": _new_account(order)})
    if not project.type_ids:
        stages = [(CREATE, 0, {"name": stage, "fold": fold, "sequence": order_}) for stage, fold, order_ in STAGES]
        project.write({"type_ids": stages})
    line.write({"project_id": project.id})
    return project


def _project_values(line: Any) -> dict[str, Any]:
    order = line.order_id
    values: dict[str, Any] = {
        "name": f"{order.client_order_ref} - {order.name}" if order.client_order_ref else order.name,
        "partner_id": order.partner_id.id, "sale_line_id": line.id, "active": True, "company_id": line.company_id.id,
        "allow_billable": True, "user_id": False,
    }  # fmt: skip
    if "sale_order_id" in line.env["project.project"] and not _is_related(line):
        values["sale_order_id"] = order.id
    account = _account(order)
    return {**values, account[0]: account[1].id} if account else values


def _is_related(line: Any) -> bool:
    """Return whether the order of a project is that of its line; until 15 it is a field of its own."""
    return bool(line.env["project.project"]._model.fields["sale_order_id"].related)


def _account(order: Any) -> tuple[str, Any] | None:
    """Return the field and the analytic account of an order's projects; since 16 an order without gets one."""
    if "analytic_account_id" not in order:
        account = order.project_id.account_id
        return ("account_id", account) if account else None
    if not order.analytic_account_id:
        services = order.order_line.product_id.filtered(lambda one: one.type == "service" and one.default_code)
        order.write({"analytic_account_id": _new_account(order, services.default_code if len(services) == 1 else "")})
    return "analytic_account_id", order.analytic_account_id


def _new_account(order: Any, prefix: str = "") -> int:
    """Return a new analytic account that is named as the order, in the plan of projects."""
    accounts = order.env["account.analytic.account"]
    values = {
        "name": f"{prefix}: {order.name}" if prefix else order.name,
        "code": order.client_order_ref,
        "company_id": order.company_id.id,
        "partner_id": order.partner_id.id,
    }
    if "plan_id" in accounts:
        values["plan_id"] = project_plan(order.env)
    return int(accounts.create(values).id)


# -- tasks and milestones


def _make_task(line: Any, project: Any) -> Any:
    """Return a new task about a line in a project, and say in the order's chatter that there is one."""
    order, product = line.order_id, line.product_id
    texts = str(line.name or "").split("\n")
    if texts and texts[0] == product.display_name:
        texts.pop(0)
    title = texts[0] if len(texts) == 1 and texts[0] else str(product.display_name)
    description = "" if title in texts else "<br/>".join(texts)
    tasks = line.env["project.task"]
    timed = product.service_type not in _UNTIMED
    values = {
        "name": title if project.sale_line_id else f"{order.name} - {title}",
        "partner_id": order.partner_id.id, "description": description, "project_id": project.id,
        "sale_line_id": line.id, "sale_order_id": order.id, "user_ids": False, "user_id": False,
        hours_field(line): line._convert_qty_company_hours(line.company_id) if timed else 0.0,
        "company_id": project.company_id.id,
    }  # fmt: skip
    task = tasks.create({name: value for name, value in values.items() if name in tasks})
    line.write({"task_id": task.id})
    made = f"This task has been created from: {link(order)} ({product.name})"
    task.message_post(body=made, body_is_html=True)
    order.message_post(body=f"Task Created ({product.name}): {link(task)}", body_is_html=True)
    return task


def hours_field(line: Any) -> str:
    """Return the name of the field of tasks that says how long they may take."""
    return "allocated_hours" if "allocated_hours" in line.env["project.task"] else "planned_hours"


def _make_milestone(line: Any, project: Any) -> None:
    """Make the milestone of a line that is invoiced by milestones.

    Since 18 those of the project's template share the line where they have none.
    """
    if line.product_id.service_policy != "delivered_milestones":
        return
    milestones = line.env["project.milestone"]
    if milestones.search_count([("sale_line_id", "=", line.id)]):
        return
    free = project.milestone_ids.filtered(lambda one: not one.sale_line_id)
    if free and line.env.db.profile.rules.lines_take_milestones:
        for milestone in free:
            milestone.write({"sale_line_id": line.id, "quantity_percentage": 1 / len(free)})
        return
    values = {"name": line.name, "project_id": project.id, "sale_line_id": line.id, "quantity_percentage": 1.0}
    milestone = milestones.create(values)
    if tracking(line) == PROJECT_AND_TASK:
        line.task_id.write({"milestone_id": milestone.id})
