"""sale.order: windows of the projects, tasks and milestones of an order.

Source: 17.0, from its public documentation; Inferred: keys and contexts.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window, window
from mockserver.addons.sale_project.windows import CLOSE
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _service_line(self, policy: str = "") -> Recordset:
        """Return the first line with a service, by the order of lines; of one with that policy, if it is given."""
        lines = self.order_line.sorted("sequence").filtered("is_service")
        found: Recordset = lines.filtered(lambda line: not policy or line.product_id.service_policy == policy)[:1]
        return found

    @api.versions(since=19)
    def get_first_service_line(self) -> Any:
        """Return the first line with a service."""
        return self._service_line()

    @api.versions(until=18)
    def action_view_task(self) -> Action:
        """Return the window of the tasks: of one as a form."""
        self.ensure_one()
        if not self.order_line:
            return CLOSE
        line, tasks = self._service_line(), self.tasks_ids
        project = line.project_id or self.project_ids[:1] or tasks.project_id[:1]
        context = {
            "search_default_sale_order_id": self.id,
            "default_sale_order_id": self.id,
            "default_sale_line_id": line.id,
            "default_partner_id": self.partner_id.id,
            "default_project_id": project.id,
            "default_user_ids": [self.env.uid],
        }
        action = stored_window(
            self.env, "project.task", "Tasks", "kanban,list,form,calendar,pivot,graph,activity",
            context=context, domain=[("id", "in", tasks.ids)],
        )  # fmt: skip
        if len(tasks) > 1:
            return action
        return {**action, "views": [(False, "form")], "res_id": tasks.id}

    def action_view_project_ids(self) -> Action:
        """Return the window of the projects: of one as a form."""
        self.ensure_one()
        if not self.order_line:
            return CLOSE
        projects = self.with_context(active_test=False).project_ids
        context = {
            **self.env.context,
            "default_partner_id": self.partner_id.id,
            "default_sale_line_id": self._service_line().id,
            "default_allow_billable": 1,
        }
        domain = ["|", ("sale_order_id", "=", self.id), ("id", "in", projects.ids), ("active", "in", [True, False])]
        modes = "kanban,list,form"
        action = window(self.env, "project.project", "Projects", modes, domain=domain, context=context)
        views: list[Any] = [(False, mode) for mode in str(action["view_mode"]).split(",")]
        if len(projects) == 1:
            return {**action, "views": [(False, "form")], "res_id": projects.id}
        return {**action, "views": views}

    @api.versions(since=16)
    def action_view_milestone(self) -> Action:
        """Return the window of the milestones of the order's lines."""
        self.ensure_one()
        context = {
            **self.env.context,
            "default_project_id": self.project_ids[:1].id,
            "default_sale_line_id": self._service_line("delivered_milestones").id,
        }
        values = {"domain": [("sale_line_id", "in", self.order_line.ids)], "context": context}
        action = window(self.env, "project.milestone", "Milestones", "list", **values)
        return {**action, "views": [(False, action["view_mode"])]}

    @api.versions(since=17)
    def action_create_project(self) -> Action:
        """Return the window in which a project for the order is made; nothing where none is to be made."""
        self.ensure_one()
        if not self.show_create_project_button:
            return {}
        line = self._service_line()
        context = {
            "default_sale_order_id": self.id,
            "default_sale_line_id": line.id,
            "default_partner_id": self.partner_id.id,
            "default_user_ids": [self.env.uid],
            "default_allow_billable": 1,
            "hide_allow_billable": True,
            "default_company_id": self.company_id.id,
            "generate_milestone": line.product_id.service_policy == "delivered_milestones",
        }
        return stored_window(
            self.env, "project.project", "Create a Project", "form", target="new", context=context,
        )  # fmt: skip
