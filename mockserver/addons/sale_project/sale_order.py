"""What selling services adds to orders: their projects, tasks and milestones.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.sale_project import services
from mockserver.errors import UserError
from mockserver.orm.rights.access import in_group

if TYPE_CHECKING:
    from typing_extensions import Self

CLOSED = ("1_done", "1_canceled")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self) -> Any:
        """Confirm orders; their services make projects and tasks."""
        done = super()._action_confirm()  # type: ignore[misc]
        for order in self:
            order.order_line._timesheet_service_generation()
        return done

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create orders; one that is made for a project, as the context says, needs a service, which is its line."""
        orders = super().create(vals_list)
        project = self.env["project.project"].browse(self.env.context.get("create_for_project_id") or ())
        if project:
            line = orders.order_line.filtered("is_service")[:1]
            if not line:
                text = 'This Sales Order must contain at least one product of type "Service".'
                raise UserError(self.env._(text))
            if not project.sale_line_id:
                project.write({"sale_line_id": line.id})
        return orders

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change orders; a cancelled one is no longer that of its projects."""
        if vals.get("state") == "cancel":
            projects = self.env["project.project"].sudo().with_context(active_test=False)
            projects.search([("sale_line_id.order_id", "in", self.ids)]).write({"sale_line_id": False})
        return super().write(vals)

    # -- projects and tasks

    @api.computes("tasks_ids", "tasks_count")
    def _compute_tasks_ids(self) -> None:
        for order in self:
            leaves: list[Any] = [("project_id", "!=", False), "|", ("sale_line_id", "in", order.order_line.ids)]
            tasks = self.env["project.task"].search([*leaves, ("sale_order_id", "=", order.id)])
            order.tasks_ids, order.tasks_count = tasks, len(tasks)

    def _compute_project_ids(self) -> None:
        for order in self:
            order.project_ids = order._projects()

    @api.versions(since=16)
    def _compute_project_count(self) -> None:
        for order in self:
            order.project_count = len(order._projects().filtered("active"))

    def _projects(self) -> Any:
        """Return the projects of the order, of its lines and of their products."""
        lines = self.order_line
        own = self.env["project.project"].search([("sale_line_id", "in", lines.ids)])
        found = self.project_id | lines.project_id | own
        for line in lines:
            found |= line.product_id.with_company(self.company_id).project_id
        return found

    def _compute_visible_project(self) -> None:
        """Whether a project may be chosen, in which tasks are made."""
        for order in self:
            kinds = order.order_line.product_id.mapped("service_tracking")
            order.visible_project = services.PROJECT_AND_TASK in kinds

    @api.versions(since=16)
    def _compute_is_product_milestone(self) -> None:
        for order in self:
            order.is_product_milestone = "milestones" in order.order_line.product_id.mapped("service_type")

    @api.versions(since=16)
    def _compute_milestone_count(self) -> None:
        for order in self:
            leaves = [("sale_line_id", "in", order.order_line.ids)]
            order.milestone_count = self.env["project.milestone"].search_count(leaves)

    @api.versions(since=17)
    def _compute_show_project_button(self) -> None:
        for order in self:
            order.show_project_button = order._sells_services() and bool(order.project_count)

    @api.versions(since=17, until=18)
    def _compute_show_task_button(self) -> None:
        for order in self:
            order.show_task_button = bool(order.show_project_button or order.tasks_count)

    @api.versions(since=17)
    def _compute_show_create_project_button(self) -> None:
        manager = in_group(self.env, "project.group_project_manager")
        for order in self:
            kinds = order.order_line.product_id.mapped("service_type")
            measured = any(kind in ("timesheet", "milestones") for kind in kinds)
            sold = order._sells_services() and not order.project_count
            order.show_create_project_button = manager and sold and measured

    def _sells_services(self) -> bool:
        """Return whether the order is confirmed and has a service."""
        return self.state not in ("draft", "sent") and any(self.order_line.mapped("is_service"))

    @api.versions(since=18)
    @api.computes("closed_task_count", "completed_task_percentage")
    def _compute_completed_task_percentage(self) -> None:
        for order in self:
            closed = len(order.tasks_ids.filtered(lambda task: task.state in CLOSED))
            order.closed_task_count = closed
            order.completed_task_percentage = closed / order.tasks_count if order.tasks_count else 0.0
