"""The wizards that delete or archive stages of tasks and of projects.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window, window
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]


def _in_stages(wizard: Recordset, model: str) -> Recordset:
    """Return the records in the stages of a wizard, archived ones too."""
    every = wizard.env[model].with_context(active_test=False)
    found: Recordset = every.search([("stage_id", "in", wizard.stage_ids.ids)])
    return found


def _archive(wizard: Recordset, model: str) -> None:
    """Archive the stages of a wizard with the records in them."""
    _in_stages(wizard, model).write({"active": False})
    wizard.stage_ids.write({"active": False})


def _unarchive(wizard: Recordset, model: str) -> None:
    """Show the archived records in the stages of a wizard again."""
    _in_stages(wizard, model).filtered(lambda record: not record.active).write({"active": True})


def _all_active(wizard: Recordset) -> bool:
    return all(wizard.stage_ids.mapped("active"))


class TaskStageDeletion(models.TransientModel):
    _inherit = "project.task.type.delete.wizard"

    def _compute_tasks_count(self) -> None:
        for wizard in self:
            wizard.tasks_count = len(_in_stages(wizard, "project.task"))

    def _compute_stages_active(self) -> None:
        for wizard in self:
            wizard.stages_active = _all_active(wizard)

    def action_archive(self) -> Any:
        """Archive the stages with their tasks; return the window that asks, if several projects have them."""
        if len(self.project_ids) <= 1:
            return self.action_confirm()
        context = dict(self.env.context)
        return window(self.env, self._name, "Confirmation", target="new", res_id=self.id, context=context)

    def action_confirm(self) -> Action:
        """Archive the stages with their tasks."""
        _archive(self, "project.task")
        return self._next()

    @api.versions(since=16)
    def action_unarchive_task(self) -> None:
        """Show archived tasks of the stages again."""
        _unarchive(self, "project.task")

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
            wizard.projects_count = len(_in_stages(wizard, "project.project"))

    def _compute_stages_active(self) -> None:
        for wizard in self:
            wizard.stages_active = _all_active(wizard)

    def action_archive(self) -> Any:
        """Archive the stages with their projects."""
        _archive(self, "project.project")
        return self._next()

    def action_unarchive_project(self) -> None:
        """Show archived projects of the stages again."""
        _unarchive(self, "project.project")

    def action_unlink(self) -> Action:
        """Delete the stages."""
        self.stage_ids.unlink()
        return self._next()

    def _next(self) -> Action:
        of_stages = self.env.context.get("stage_view")
        model, name = ("project.project.stage", "Project Stages") if of_stages else ("project.project", "Projects")
        return stored_window(self.env, model, name, "kanban,list,form", target="main", context={"active_test": True})
