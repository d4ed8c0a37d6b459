"""The wizards that delete or archive stages of tasks and of projects.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window, window
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]


def _archived(wizard: Recordset, model: str) -> Recordset:
    """Return the archived records in the stages of a wizard."""
    every = wizard.env[model].with_context(active_test=False)
    found: Recordset = every.search([("active", "=", False), ("stage_id", "in", wizard.stage_ids.ids)])
    return found


class TaskStageDeletion(models.TransientModel):
    _inherit = "project.task.type.delete.wizard"

    def _compute_tasks_count(self) -> None:
        for wizard in self:
            tasks = self.env["project.task"].with_context(active_test=False)
            wizard.tasks_count = tasks.search_count([("stage_id", "in", wizard.stage_ids.ids)])

    def _compute_stages_active(self) -> None:
        for wizard in self:
            wizard.stages_active = all(wizard.stage_ids.mapped("active"))

    def action_archive(self) -> Any:
        """Archive the stages with their tasks; return the window that asks, if several projects have them."""
        if len(self.project_ids) <= 1:
            return self.action_confirm()
        context = dict(self.env.context)
        return window(self.env, self._name, "Confirmation", target="new", res_id=self.id, context=context)

    def action_confirm(self) -> Action:
        """Archive the stages with their tasks."""
        tasks = self.env["project.task"].with_context(active_test=False)
        tasks.search([("stage_id", "in", self.stage_ids.ids)]).write({"active": False})
        self.stage_ids.write({"active": False})
        return self._next()

    @api.versions(since=16)
    def action_unarchive_task(self) -> None:
        """Show archived tasks of the stages again."""
        _archived(self, "project.task").write({"active": True})

    def action_unlink(self) -> Action:
        """Delete the stages."""
        self.stage_ids.unlink()
        return self._next()

    def _next(self) -> Action:
        """Return the window that follows: the tasks of the project, the stages, or the user's tasks."""
        context: dict[str, Any] = {"active_test": True}
        project = self.env.context.get("default_project_id")
        if self.env.context.get("stage_view") and not project:
            return stored_window(
                self.env, "project.task.type", "Task Stages", "list,kanban,form", target="main", context=context
            )  # fmt: skip
        domain: list[Any] = [("user_ids" if "user_ids" in self.env["project.task"] else "user_id", "=", self.env.uid)]
        if project:
            context["default_project_id"] = project
            domain = [("project_id", "=", project)]
        modes = "kanban,list,form,calendar,pivot,graph,activity"
        return stored_window(
            self.env, "project.task", "Tasks", modes, target="main", domain=domain, context=context
        )  # fmt: skip


class ProjectStage(models.Model):
    _inherit = "project.project.stage"
    _since = 17

    def unlink_wizard(self, stage_view: bool = False) -> Action:
        """Return the window that asks whether to delete or to archive stages."""
        stages = self.with_context(active_test=False)
        wizard = stages.env["project.project.stage.delete.wizard"].create({"stage_ids": [(6, 0, stages.ids)]})
        context = {**self.env.context, "stage_view": stage_view}
        return window(self.env, wizard._name, "Delete Project Stage", res_id=wizard.id, target="new", context=context)


class ProjectStageDeletion(models.TransientModel):
    _inherit = "project.project.stage.delete.wizard"
    _since = 17

    def _compute_projects_count(self) -> None:
        for wizard in self:
            projects = self.env["project.project"].with_context(active_test=False)
            wizard.projects_count = projects.search_count([("stage_id", "in", wizard.stage_ids.ids)])

    def _compute_stages_active(self) -> None:
        for wizard in self:
            wizard.stages_active = all(wizard.stage_ids.mapped("active"))

    def action_archive(self) -> Any:
        """Archive the stages with their projects."""
        projects = self.env["project.project"].with_context(active_test=False)
        projects.search([("stage_id", "in", self.stage_ids.ids)]).write({"active": False})
        self.stage_ids.write({"active": False})
        return self._next()

    def action_unarchive_project(self) -> None:
        """Show archived projects of the stages again."""
        _archived(self, "project.project").write({"active": True})

    def action_unlink(self) -> Action:
        """Delete the stages."""
        self.stage_ids.unlink()
        return self._next()

    def _next(self) -> Action:
        of_stages = self.env.context.get("stage_view")
        model, name = ("project.project.stage", "Project Stages") if of_stages else ("project.project", "Projects")
        return stored_window(self.env, model, name, "kanban,list,form", target="main", context={"active_test": True})
