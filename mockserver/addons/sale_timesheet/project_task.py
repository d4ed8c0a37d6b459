"""project.task: the order lines of tasks whose working time is sold.

Source: 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.hr_timesheet.project_task import comparison
from mockserver.addons.sale_timesheet.project_project import lines_with_time_left
from mockserver.orm.records.environment import Recordset


class Task(models.Model):
    _inherit = "project.task"

    def _order_line(self) -> Recordset:
        """If no other line is known, return the customer's last one with prepaid time that is left."""
        line: Recordset = super()._order_line()  # type: ignore[misc]
        return line or _last_line(self)

    @api.versions(since=19)
    def _compute_last_sol_of_customer(self) -> None:
        for task in self:
            task.last_sol_of_customer = _last_line(task)

    def _compute_remaining_hours_so(self) -> None:
        for task in self:
            task.remaining_hours_so = task.sudo().sale_line_id.remaining_hours or 0.0

    @api.versions(since=16)
    def _search_remaining_hours_so(self, operator: str, value: Any) -> list[Any]:
        comparison(operator)  # raises
        return [("sale_line_id.remaining_hours", operator, value)]

    def _compute_is_project_map_empty(self) -> None:
        for task in self:
            task.is_project_map_empty = not task.project_id.sudo().sale_line_employee_ids

    def _compute_has_multi_sol(self) -> None:
        """Whether time on the task is for another line than the task."""
        for task in self:
            entries = task.sudo().timesheet_ids
            task.has_multi_sol = bool(entries) and entries.so_line != task.sudo().sale_line_id


def _last_line(task: Recordset) -> Recordset:
    """Return the last confirmed line of the customer with prepaid time that is left."""
    customer, project = task.partner_id.commercial_partner_id, task.project_id
    none: Recordset = task.sale_line_id.browse()
    if not customer or not task.allow_billable:
        return none
    leaves: list[Any] = [("order_partner_id", "child_of", customer.id)]
    if task.company_id:
        leaves.append(("company_id", "=", task.company_id.id))
    own = project.partner_id.commercial_partner_id == customer
    if own and project.pricing_type != "task_rate" and project.sale_order_id:
        leaves.append(("order_id", "=", project.sale_order_id.id))
    found: Recordset = lines_with_time_left(task.env, leaves)[:1]
    return found
