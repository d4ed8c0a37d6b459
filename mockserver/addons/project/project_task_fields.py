"""project.task: computed fields.

Source: recorded in flow-project-1 (17.0, 18.0, 19.0), flow-random-work-1 (17.0); Inferred: what no recording reads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mockserver import api, models
from mockserver.addons.project.project_task import CLOSED, IN_PROGRESS, WAITING
from mockserver.addons.project.project_task_type import PERSONAL
from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.records.environment import Recordset


class Task(models.Model):
    _inherit = "project.task"

    # -- project and what it brings

    @api.versions(since=18)
    def _compute_project_id(self) -> None:
        """A subtask that is not shown in its project follows its task."""
        for task in self:
            hidden = not task.display_in_project and task.parent_id
            task.project_id = task.parent_id.project_id if hidden else task.project_id

    @api.versions(since=16, until=16, name="_compute_project_id")
    def _compute_project_id_16(self) -> None:
        """A subtask follows its task, unless it is shown in another project."""
        for task in self:
            task.project_id = task.display_project_id or task.parent_id.project_id or task.project_id

    @api.versions(until=15, name="_compute_project_id")
    @api.depends("parent_id.project_id.subtask_project_id")
    def _compute_project_id_15(self) -> None:
        """A subtask without a project is of the one that its task's project names for subtasks."""
        for task in self:
            task.project_id = task.project_id or task.parent_id.project_id.subtask_project_id

    @api.versions(since=18)
    def _compute_display_in_project(self) -> None:
        for task in self:
            task.display_in_project = not task.project_id or task.project_id != task.parent_id.project_id

    @api.versions(since=18, until=18)
    def _compute_show_display_in_project(self) -> None:
        for task in self:
            task.show_display_in_project = bool(task.parent_id) and task.project_id == task.parent_id.project_id

    def _compute_company_id(self) -> None:
        for task in self:
            above = task.project_id or task.parent_id
            task.company_id = above.company_id or task.parent_id.company_id if above else task.company_id

    def _compute_partner_id(self) -> None:
        """The customer of the task above, else that of the project."""
        for task in self:
            found = task.partner_id or task.parent_id.partner_id or task.project_id.partner_id
            task.partner_id = found if task.project_id or task.parent_id else False

    def _compute_partner_phone(self) -> None:
        for task in self:
            task.partner_phone = task.partner_id.phone or task.partner_phone

    @api.versions(until=17)
    def _compute_analytic_account_id(self) -> None:
        for task in self:
            task.analytic_account_id = task.project_id.analytic_account_id

    def _compute_stage_id(self) -> None:
        """A stage of the project: one that the task has, or the first that is not folded; none without project."""
        for task in self:
            project = task.project_id or task.parent_id.project_id
            if not project:
                task.stage_id = False
            else:
                known = project in task.stage_id.project_ids
                task.stage_id = task.stage_id if known else task.stage_find(project.id, [("fold", "=", False)])

    @api.versions(since=16)
    def _compute_milestone_id(self) -> None:
        for task in self:
            above, own = task.parent_id, task.milestone_id.project_id == task.project_id
            of_parent = above.milestone_id if above.project_id == task.project_id else False
            task.milestone_id = task.milestone_id if own else of_parent

    @api.versions(since=16)
    def _compute_has_late_and_unreached_milestone(self) -> None:
        for task in self:
            milestone = task.milestone_id
            late = bool(milestone.deadline) and milestone.deadline < task.env.db.clock.today().isoformat()
            task.has_late_and_unreached_milestone = late and not milestone.is_reached

    @api.versions(since=16)
    def _search_has_late_and_unreached_milestone(self, operator: str, value: Any) -> list[Any]:
        today = self.env.db.clock.today().isoformat()
        late = [("milestone_id.is_reached", "=", False), ("milestone_id.deadline", "<", today)]
        found = self.env["project.task"].search(["&", *late]).ids
        return [("id", "in" if (operator == "=") is bool(value) else "not in", found)]

    # -- state

    @api.versions(since=17)
    def _compute_state(self) -> None:
        """A task that others block waits; else it goes on, unless it is closed."""
        for task in self:
            blocked = task.allow_task_dependencies and task.is_blocked_by_dependences()
            going_on = WAITING if blocked else IN_PROGRESS
            task.state = task.state if task.state in CLOSED else going_on

    @api.versions(since=17)
    def _compute_is_closed(self) -> None:
        for task in self:
            task.is_closed = task.state in CLOSED

    @api.versions(since=17)
    def _search_is_closed(self, operator: str, value: Any) -> list[Any]:
        return [("state", "in" if (operator == "=") is bool(value) else "not in", list(CLOSED))]

    @api.versions(until=16)
    def _compute_kanban_state(self) -> None:
        for task in self:
            task.kanban_state = "normal"

    @api.versions(until=16)
    def _compute_kanban_state_label(self) -> None:
        """What the stage says of the state."""
        for task in self:
            kind = {"normal": "normal", "blocked": "blocked"}.get(task.kanban_state, "done")
            task.kanban_state_label = task[f"legend_{kind}"]

    @api.versions(since=16, until=16)
    def _compute_is_blocked(self) -> None:
        for task in self:
            task.is_blocked = any(not other.is_closed or other.is_blocked for other in task.depend_on_ids)

    @api.versions(since=16, until=16)
    def _compute_is_private(self) -> None:
        for task in self:
            task.is_private = not task.project_id and not task.parent_id

    @api.versions(since=16, until=16)
    def _compute_ancestor_id(self) -> None:
        for task in self:
            task.ancestor_id = task.parent_id.ancestor_id or task.parent_id

    # -- subtasks and dependencies

    def _compute_subtask_count(self) -> None:
        for task in self:
            task.subtask_count = len(task.child_ids)

    @api.versions(since=17)
    def _compute_closed_subtask_count(self) -> None:
        for task in self:
            task.closed_subtask_count = len(task.child_ids.filtered(lambda child: child.state in CLOSED))

    @api.versions(since=17)
    def _compute_subtask_allocated_hours(self) -> None:
        for task in self:
            task.subtask_allocated_hours = sum(child.allocated_hours or 0.0 for child in task.child_ids)

    @api.versions(until=16)
    def _compute_subtask_planned_hours(self) -> None:
        for task in self:
            below = [(c.planned_hours or 0.0) + (c.subtask_planned_hours or 0.0) for c in task.child_ids]
            task.subtask_planned_hours = sum(below)

    @api.versions(since=18)
    def _compute_subtask_completion_percentage(self) -> None:
        for task in self:
            count = task.subtask_count
            task.subtask_completion_percentage = task.closed_subtask_count / count if count else 0.0

    @api.versions(since=16)
    def _compute_dependent_tasks_count(self) -> None:
        for task in self:
            task.dependent_tasks_count = len(task.dependent_ids.filtered(lambda other: not other.is_closed))

    @api.versions(since=18)
    @api.computes("depend_on_count", "closed_depend_on_count")
    def _compute_depend_on_count(self) -> None:
        for task in self:
            task.depend_on_count = len(task.depend_on_ids)
            task.closed_depend_on_count = len(task.depend_on_ids.filtered("is_closed"))

    @api.versions(since=16)
    def _compute_display_parent_task_button(self) -> None:
        seen = self.search([("id", "in", self.sudo().parent_id.ids)])
        for task in self:
            task.display_parent_task_button = task.sudo().parent_id in seen.sudo()

    # -- users

    @api.versions(since=16)
    def _compute_portal_user_names(self) -> None:
        for task in self:
            task.portal_user_names = ", ".join(task.sudo().user_ids.mapped("name"))

    @api.versions(since=16)
    def _search_portal_user_names(self, operator: str, value: Any) -> list[Any]:
        return [("user_ids.name", operator, value)]

    @api.versions(since=16)
    def _compute_personal_stage_id(self) -> None:
        """The stage in which the user has the task."""
        held = self.env[PERSONAL].search([("user_id", "=", self.env.uid), ("task_id", "in", self.ids)])
        by_task = {row.task_id.id: row for row in held.sudo()}
        for task in self:
            task.personal_stage_id = by_task.get(task.id, held.browse())

    @api.versions(since=16)
    def _compute_personal_stage_type_id(self) -> None:
        for task in self:
            task.personal_stage_type_id = task.personal_stage_id.stage_id

    @api.versions(since=16)
    def _inverse_personal_stage_type_id(self) -> None:
        for task in self:
            task.personal_stage_id.write({"stage_id": task.personal_stage_type_id.id})

    @api.versions(since=16)
    def _search_personal_stage_type_id(self, operator: str, value: Any) -> list[Any]:
        return [("personal_stage_type_ids", operator, value)]

    # -- links, names, groups

    def _compute_access_url(self) -> None:
        for task in self:
            task.access_url = f"/my/tasks/{task.id}"

    @api.versions(since=18)
    def _compute_link_preview_name(self) -> None:
        for task in self:
            project = task.sudo().project_id.name
            task.link_preview_name = f"{task.display_name} | {project}" if project else task.display_name

    def _expand_stage_id(self, stages: Recordset, domain: Any) -> Recordset:
        """Return the stages of the tasks, and those of the project that the context names."""
        project = self.env.context.get("default_project_id")
        shown: list[Any] = [("id", "in", stages.ids)]
        shown = ["|", *shown, ("project_ids", "=", project)] if project else shown
        return stages.search(shown)  # type: ignore[no-any-return]

    def _expand_personal_stage_type_ids(self, stages: Recordset, domain: Any) -> Recordset:
        """Return the stages of the tasks and those of the user."""
        return stages.search(["|", ("id", "in", stages.ids), ("user_id", "=", self.env.uid)])  # type: ignore[no-any-return]

    # -- tasks that rest, templates

    @api.versions(since=19)
    def _compute_has_template_ancestor(self) -> None:
        for task in self:
            task.has_template_ancestor = task.is_template or task.parent_id.has_template_ancestor

    @api.versions(since=19)
    @api.computes("rotting_days", "is_rotting")
    def _compute_rotting(self) -> None:
        """The days that an open task has been in its stage, if that is longer than the stage allows."""
        today = self.env.db.clock.today()
        for task in self:
            limit, since = task.stage_id.rotting_threshold_days, task.date_last_stage_update
            days = (today - datetime.strptime(since, DATETIME_FORMAT).date()).days if limit and since else 0
            task.is_rotting = not task.is_closed and bool(limit) and days > limit
            task.rotting_days = days if task.is_rotting else 0
