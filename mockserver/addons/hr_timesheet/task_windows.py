"""project.task: the window of working time on subtasks.  Inferred: its keys."""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.base.windows import stored_window


class Task(models.Model):
    _inherit = "project.task"

    def action_view_subtask_timesheet(self) -> dict[str, Any]:
        """Return the window of the working time on the tasks below."""
        self.ensure_one()
        every = self.with_context(active_test=False)
        below = every.search([("id", "child_of", self.id), ("id", "!=", self.id)])
        context = {"default_project_id": self.project_id.id, "grid_range": "week"}
        domain = [("project_id", "!=", False), ("task_id", "in", below.ids)]
        modes = "list,form,pivot,graph,kanban"
        return stored_window(self.env, "account.analytic.line", "Timesheets", modes, domain=domain, context=context)
