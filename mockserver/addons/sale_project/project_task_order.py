"""project.task: the order that a task belongs to.  Source: 17.0."""

from __future__ import annotations

from mockserver import models


class Task(models.Model):
    _inherit = "project.task"

    def _compute_sale_order_id(self) -> None:
        """The order of its line, else that of its project; none where nothing is sold."""
        for task in self:
            order = task.sale_line_id.order_id or task.project_id.sale_order_id or task.sale_order_id
            task.sale_order_id = order if task.allow_billable or task.sale_line_id else order.browse()
