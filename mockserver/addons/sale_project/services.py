"""The projects and tasks that lines of confirmed orders make, as the product says.

Source: 17.0.  `service_tracking` of the product: a task in a project that it names, a project for the order, or a
project for the order with a task in it.
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.sale.line_prices import unit_of
from mockserver.orm.writing.commands import CREATE

GLOBAL_TASK, NEW_PROJECT, PROJECT_AND_TASK = "task_global_project", "project_only", "task_in_project"
# the stages of a project that has no template: name, folded, sequence
STAGES = (("To Do", False, 5), ("In Progress", False, 10), ("Done", False, 15), ("Cancelled", True, 20))


def generate(lines: Any) -> None:
    """Make the projects and tasks of lines that have none yet; lines of one order share a project."""
    services = lines.sudo().product_id.filtered(lambda product: product.type == "service")._ids
    for line in lines.sudo().filtered(lambda line: line._rows()[0].get("product_id") in services):
        product = line.product_id
        wanted = product.service_tracking
        if wanted == GLOBAL_TASK:
            project = product.with_company(line.company_id).project_id
            if project and not line.task_id and line.product_uom_qty > 0:
                _make_task(line, project)
        elif wanted in (NEW_PROJECT, PROJECT_AND_TASK):
            project = line.project_id or _project_of_order(line) or _make_project(line)
            if not line.project_id:
                line.write({"project_id": project.id})
            if wanted == PROJECT_AND_TASK and not line.task_id:
                _make_task(line, project)


def _project_of_order(line: Any) -> Any:
    """Return the project that the order names or that another of its lines made from the same template."""
    order, template = line.order_id, _template(line)
    if order.project_id:
        return order.project_id
    others = order.order_line.filtered(lambda other: other.project_id and _template(other) == template)
    return others[:1].project_id


def _template(line: Any) -> Any:
    return line.product_id.with_company(line.company_id).project_template_id


def _make_project(line: Any) -> Any:
    """Return a new project of the order, like the product's template or with four stages."""
    order = line.order_id
    name = f"{order.client_order_ref} - {order.name}" if order.client_order_ref else order.name
    values: dict[str, Any] = {
        "name": name, "partner_id": order.partner_id.id, "sale_line_id": line.id, "active": True,
        "company_id": line.company_id.id, "allow_billable": True, "user_id": False,
    }  # fmt: skip
    template = _template(line)
    if template:
        return template.copy({**values, "name": f"{name} - {template.name}"})
    stages = [(CREATE, 0, {"name": stage, "fold": fold, "sequence": order_}) for stage, fold, order_ in STAGES]
    project = line.env["project.project"].create(values)
    project.write({"type_ids": stages})
    return project


def _make_task(line: Any, project: Any) -> Any:
    """Return a new task about a line in a project, and say in the order's chatter that there is one."""
    order, product = line.order_id, line.product_id
    texts = str(line.name or "").split("\n")
    if texts and texts[0] == product.display_name:
        texts.pop(0)
    title = texts[0] if len(texts) == 1 and texts[0] else str(product.display_name)
    description = "" if title in texts else "<br/>".join(texts)
    tasks = line.env["project.task"]
    hours = "allocated_hours" if "allocated_hours" in tasks else "planned_hours"
    values = {
        "name": title if project.sale_line_id else f"{order.name} - {title}",
        "partner_id": order.partner_id.id, "description": description, "project_id": project.id,
        "sale_line_id": line.id, "sale_order_id": order.id, "user_ids": False, hours: _hours(line),
        "company_id": project.company_id.id,
    }  # fmt: skip
    task = tasks.create({name: value for name, value in values.items() if name in tasks})
    line.write({"task_id": task.id})
    link = f'<a href="#" data-oe-model="project.task" data-oe-id="{task.id}">{task.name}</a>'
    order.message_post(body=f"Task Created ({product.name}): {link}", body_is_html=True)
    return task


def _hours(line: Any) -> float:
    """Return the hours that were sold, for services that are measured by time."""
    hour = line.env.ref("uom.product_uom_hour", raise_if_not_found=False)
    if line.product_id.service_type in ("manual", "milestones") or not hour:
        return 0.0
    unit = unit_of(line)
    same = "category_id" not in unit or unit.category_id == hour.category_id
    return float(unit._compute_quantity(line.product_uom_qty, hour) if same else line.product_uom_qty)
