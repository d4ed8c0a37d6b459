"""project.project: computed fields and the windows of the web client.

Source: recorded in flow-project-1 (17.0, 18.0, 19.0); Inferred: what no recording reads.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.project.project_project import account_field, tasks_of
from mockserver.addons.project.project_task import CLOSED
from mockserver.orm.query import values
from mockserver.orm.records.environment import Recordset


class Project(models.Model):
    _inherit = "project.project"

    # -- company and customer

    @api.versions(since=17)
    def _compute_company_id(self) -> None:
        """The company of the account; without any, that of the customer."""
        for project in self:
            of_account = project[account_field(project)].company_id
            project.company_id = of_account or project.company_id or project.partner_id.company_id

    @api.versions(since=17)
    def _compute_currency_id(self) -> None:
        for project in self:
            project.currency_id = (project.company_id or project.env.company).sudo().currency_id

    @api.versions(since=17)
    def _compute_resource_calendar_id(self) -> None:
        for project in self:
            project.resource_calendar_id = (project.company_id or project.env.company).resource_calendar_id

    @api.versions(since=16)
    def _compute_partner_id(self) -> None:
        """A customer of another company than the project's goes."""
        for project in self:
            companies = {project.company_id.id, project.partner_id.company_id.id} - {False}
            project.partner_id = False if len(companies) > 1 else project.partner_id

    # -- tasks

    @api.versions(until=16)
    def _compute_task_count(self) -> None:
        for project in self:
            project.task_count = project._count_tasks()

    @api.versions(since=17)
    @api.computes("task_count", "open_task_count", "closed_task_count")
    def _compute_task_counts(self) -> None:
        for project in self:
            project.task_count = project._count_tasks()
            project.closed_task_count = project._count_tasks([("state", "in", list(CLOSED))])
            project.open_task_count = project.task_count - project.closed_task_count

    def _count_tasks(self, more: Any = ()) -> int:
        """Return how many tasks a project has: those that are active, if it is."""
        tasks = tasks_of(self).with_context(active_test=bool(self.active))
        return tasks.search_count([("project_id", "=", self.id), *more])  # type: ignore[no-any-return]

    @api.versions(since=18)
    def _compute_task_completion_percentage(self) -> None:
        for project in self:
            count = project.task_count
            project.task_completion_percentage = 1 - project.open_task_count / count if count else 0.0

    # -- favourites, status, sharing

    def _compute_is_favorite(self) -> None:
        for project in self:
            project.is_favorite = project.env.user in project.sudo().favorite_user_ids

    @api.versions(since=17)
    def _search_is_favorite(self, operator: str, value: Any) -> list[Any]:
        return [("favorite_user_ids", "in" if (operator == "=") is bool(value) else "not in", [self.env.uid])]

    @api.versions(since=16)
    def _compute_last_update_status(self) -> None:
        for project in self:
            project.last_update_status = project.last_update_id.status or "to_define"

    @api.versions(since=16)
    def _compute_last_update_color(self) -> None:
        colors = {"on_track": 20, "at_risk": 22, "off_track": 23, "on_hold": 21, "done": 24}
        for project in self:
            project.last_update_color = colors.get(project.last_update_status, 0)

    @api.versions(since=18)
    def _compute_update_count(self) -> None:
        for project in self:
            project.update_count = len(project.update_ids)

    @api.versions(since=16)
    def _compute_collaborator_count(self) -> None:
        for project in self:
            shared = project.privacy_visibility == "portal"
            project.collaborator_count = len(project.sudo().collaborator_ids) if shared else 0

    def _compute_access_url(self) -> None:
        for project in self:
            project.access_url = f"/my/projects/{project.id}"

    # -- milestones

    @api.versions(since=16)
    @api.computes("milestone_count", "milestone_count_reached")
    def _compute_milestone_count(self) -> None:
        for project in self:
            project.milestone_count = len(project.milestone_ids)
            project.milestone_count_reached = len(project.milestone_ids.filtered("is_reached"))

    @api.versions(since=18)
    def _compute_milestone_progress(self) -> None:
        for project in self:
            count = project.milestone_count
            project.milestone_progress = 100 * project.milestone_count_reached // count if count else 0

    @api.versions(since=16)
    def _compute_is_milestone_exceeded(self) -> None:
        late = set(self._with_late_milestones().ids)
        for project in self:
            project.is_milestone_exceeded = project.id in late

    @api.versions(since=16)
    def _search_is_milestone_exceeded(self, operator: str, value: Any) -> list[Any]:
        late = self._with_late_milestones().ids
        return [("id", "in" if (operator == "=") is bool(value) else "not in", late)]

    def _with_late_milestones(self) -> Recordset:
        """Return the projects with a milestone that should have been reached."""
        today = self.env.db.clock.today().isoformat()
        late = self.env["project.milestone"].sudo().search([("is_reached", "=", False), ("deadline", "<=", today)])
        return self.browse(late.project_id.filtered("allow_milestones").ids)

    @api.versions(since=18)
    @api.computes("next_milestone_id", "can_mark_milestone_as_done", "is_milestone_deadline_exceeded")
    def _compute_next_milestone_id(self) -> None:
        for project in self:
            coming = project.milestone_ids.filtered(lambda milestone: not milestone.is_reached)
            following = coming.sorted(lambda milestone: milestone.deadline or "9")[:1]
            project.next_milestone_id = following
            project.can_mark_milestone_as_done = any(coming.mapped("can_be_marked_as_done"))
            project.is_milestone_deadline_exceeded = following.is_deadline_exceeded

    # -- the web client

    def _expand_stage_id(self, stages: Recordset, domain: Any) -> Recordset:
        """Return every stage."""
        return stages.search([])  # type: ignore[no-any-return]

    def action_view_tasks(self) -> dict[str, Any]:
        """Return the window of a project's tasks."""
        self.ensure_one()
        modes = "kanban,list,form,calendar,pivot,graph,activity"
        own = {"default_project_id": self.id, "show_project_update": True, "active_id_chatter": self.id}
        context = {**own, "search_default_open_tasks": 1} if "open_task_count" in self._model.fields else own
        domain = [("project_id", "=", self.id)]
        return stored_window(self.env, "project.task", self.name, modes, domain=domain, context=context)

    @api.versions(since=16)
    def get_last_update_or_default(self) -> dict[str, Any]:
        """Return the name and the color of a project's status."""
        self.ensure_one()
        labels = dict(values.translated_selection(self.env, self._model.fields["last_update_status"]) or ())
        return {"status": labels.get(self.last_update_status, ""), "color": self.last_update_color}

    @api.versions(since=16)
    def get_milestones(self) -> dict[str, Any]:
        """Return the milestones of a project for its side panel."""
        self.ensure_one()
        if not in_milestone_group(self):
            return {}
        return {"data": self.milestone_ids._get_data_list()}


def in_milestone_group(projects: Recordset) -> bool:
    """Return whether the user sees milestones."""
    return bool(projects.env.user.has_group("project.group_project_milestone"))
