"""project.task: customers.  Source: recorded in flow-project-1 (17.0, 18.0, 19.0)."""

from __future__ import annotations

from mockserver import api, models


class Task(models.Model):
    _inherit = "project.task"

    @api.versions(since=17)
    def _compute_partner_id(self) -> None:
        """Only a task that can be invoiced has a customer by itself."""
        invoiced = self.filtered(lambda task: task.allow_billable or task.parent_id.allow_billable)
        for task in self - invoiced:
            task.partner_id = False
        super(Task, invoiced)._compute_partner_id()  # type: ignore[misc]
