"""project.task: totals of working time, and what working time does not allow.

Source: recorded in flow-timesheet-1 (17.0, 18.0, 19.0), flow-random-work-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockserver import api, models
from mockserver.errors import RedirectWarning, UserError
from mockserver.orm.query.operators import COMPARISONS
from mockserver.orm.records.environment import Recordset


class Task(models.Model):
    _inherit = "project.task"

    # -- totals

    @api.versions(since=16)
    def _compute_allow_timesheets(self) -> None:
        for task in self:
            task.allow_timesheets = task.project_id.allow_timesheets

    @api.versions(since=16)
    def _search_allow_timesheets(self, operator: str, value: Any) -> list[Any]:
        return [("project_id.allow_timesheets", operator, value)]

    def _compute_encode_uom_in_days(self) -> None:
        for task in self:
            day = self.env.ref("uom.product_uom_day")
            task.encode_uom_in_days = self.env.company.sudo().timesheet_encode_uom_id == day

    @api.versions(since=16, until=17)
    def _compute_analytic_account_active(self) -> None:
        for task in self:
            account = task.analytic_account_id or task.project_id.analytic_account_id
            task.analytic_account_active = bool(account.active)

    def _compute_effective_hours(self) -> None:
        for task in self:
            hours = [line.unit_amount or 0.0 for line in task.sudo().timesheet_ids]
            task.effective_hours = round(sum(hours), 2)

    @api.depends("child_ids.effective_hours", "child_ids.subtask_effective_hours")
    def _compute_subtask_effective_hours(self) -> None:
        for task in self:
            below = task.with_context(active_test=False).child_ids
            hours = [(child.effective_hours or 0.0) + (child.subtask_effective_hours or 0.0) for child in below]
            task.subtask_effective_hours = sum(hours)

    def _compute_total_hours_spent(self) -> None:
        for task in self:
            task.total_hours_spent = task._spent()

    def _compute_remaining_hours(self) -> None:
        for task in self:
            planned = task._planned()
            task.remaining_hours = planned - task._spent() if planned else 0.0

    @api.computes("progress", "overtime")
    def _compute_progress_hours(self) -> None:
        """How much of the planned time is spent, and how much more than that."""
        whole = 1.0 if self.env.db.profile.rules.progress_is_share else 100.0
        for task in self:
            planned, spent = task._planned(), task._spent()
            task.progress = round(whole * spent / planned, 2) if planned > 0 else 0.0
            task.overtime = max(spent - planned, 0.0) if planned > 0 else 0.0

    @api.versions(since=16)
    def _compute_remaining_hours_percentage(self) -> None:
        for task in self:
            planned = task._planned()
            task.remaining_hours_percentage = (task.remaining_hours or 0.0) / planned if planned > 0 else 0.0

    @api.versions(since=16)
    def _search_remaining_hours_percentage(self, operator: str, value: Any) -> list[Any]:
        """Compare as numbers; Inferred: only the operators of numbers are meant."""
        compare = comparison(operator)
        planned = self.search([(_planned_field(self), ">", 0)])
        found = planned.filtered(lambda task: compare(task.remaining_hours_percentage, float(value)))
        return [("id", "in", found.ids)]

    def _planned(self) -> float:
        return self[_planned_field(self)] or 0.0

    def _spent(self) -> float:
        """Return the hours recorded on a task and its subtasks."""
        return (self.effective_hours or 0.0) + (self.subtask_effective_hours or 0.0)

    # -- what working time does not allow

    def _allows_hours(self, values: Mapping[str, Any]) -> bool:
        project = self.env["project.project"].browse(
            values.get("project_id") or self.env.context.get("default_project_id") or self[:1].project_id.ids
        )
        return bool(project.allow_timesheets)

    @api.constrains("project_id")
    def _check_project_root(self) -> None:
        if any(not task.project_id and task.timesheet_ids for task in self.sudo()):
            raise UserError("This task cannot be private because there are some timesheets linked to it.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contains_entries(self) -> None:
        """Refuse to delete tasks with working time."""
        used = self.filtered(lambda task: task.sudo().timesheet_ids)
        if used:
            rules = self.env.db.profile.rules
            text = rules.tasks_have_timesheets_text if len(used) > 1 else rules.task_has_timesheets_text
            action = self.env.ref("hr_timesheet.timesheet_action_task", raise_if_not_found=False)
            raise RedirectWarning(text, action.id if action else 0, "See timesheet entries", {"active_ids": used.ids})


def comparison(operator: str) -> Callable[[Any, Any], bool]:
    """Return how an operator of a search compares computed hours; raises NotImplementedError for another one."""
    compare = COMPARISONS.get(operator)
    if compare is None:
        raise NotImplementedError(f"This operator {operator} is not supported in this search method.")
    return compare


def _planned_field(tasks: Recordset) -> str:
    return "allocated_hours" if "allocated_hours" in tasks._model.fields else "planned_hours"
