"""project.task and its relatives: windows, and notes and subtasks that become tasks.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window, window

Action = dict[str, Any]
_MODES = "list,form,kanban,calendar,pivot,graph,activity"
_PRIVATE = (
    "Private tasks cannot be converted into sub-tasks. Please set a project on the task to gain access to this feature."
)


class Task(models.Model):
    _inherit = "project.task"

    def _own_window(self, name: str, record: Any, **more: Any) -> Action:
        return window(self.env, "project.task", name, "form", res_id=record.id, **more)

    def action_open_parent_task(self) -> Action:
        """Return the window of the task above."""
        return self._own_window("Parent Task", self.ensure_one().parent_id, context=dict(self.env.context))

    @api.versions(since=16)
    def action_open_task(self) -> Action:
        """Return the window of the task."""
        action = self._own_window("", self.ensure_one(), context=dict(self.env.context))
        del action["name"]
        return action

    @api.versions(since=16)
    def action_dependent_tasks(self) -> Action:
        """Return the window of the tasks that wait for this one."""
        context = {
            **self.env.context, "default_depend_on_ids": [(4, self.ensure_one().id, 0)], "show_project_update": False,
        }  # fmt: skip
        domain = [("depend_on_ids", "=", self.id)]
        return window(self.env, "project.task", "Dependent Tasks", _MODES, domain=domain, context=context)

    def action_recurring_tasks(self) -> Action:
        """Return the window of the tasks of the same series."""
        domain = [("recurrence_id", "in", self.recurrence_id.ids)]
        context = {"create": False}
        return window(self.env, "project.task", "Tasks in Recurrence", _MODES, domain=domain, context=context)

    @api.versions(since=17)
    def action_convert_to_subtask(self) -> Action:
        """Return the window that puts a task below another; a private task cannot be put there."""
        if self.ensure_one().project_id:
            return self._own_window("Convert to Task/Sub-Task", self, views=[(False, "form")], target="new")
        params = {"type": "danger", "message": self.env._(_PRIVATE)}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    @api.versions(since=17)
    def action_convert_to_task(self) -> Action:
        """Make a note a task of its project's company; return its window."""
        self.ensure_one().write({"company_id": self.project_id.company_id.id})
        action = self._own_window("", self, views=[(False, "form")])
        del action["name"]
        return action


class Milestone(models.Model):
    _inherit = "project.milestone"
    _since = 16

    def action_view_tasks(self) -> Action:
        """Return the window of the tasks of the milestone: of one as a form."""
        self.ensure_one()
        context = {"default_project_id": self.project_id.id, "default_milestone_id": self.id}
        domain = [("milestone_id", "=", self.id)]
        action = stored_window(self.env, "project.task", "Tasks", "list,form", domain=domain, context=context)
        if len(self.task_ids) != 1:
            return action
        return {**action, "view_mode": "form", "views": [(False, "form")], "res_id": self.task_ids.id}


class Project(models.Model):
    _inherit = "project.project"
    _since = 16

    def project_update_all_action(self) -> Action:
        """Return the window of the updates of a project."""
        context = {"active_id": self.id, "default_project_id": self.id}
        domain = [("project_id", "=", self.id)]
        name = f"{self.name} Dashboard"
        return {
            **stored_window(self.env, "project.update", "Project Updates", "kanban,list,form", domain=domain),
            "display_name": name, "context": context,
        }  # fmt: skip


class Tags(models.Model):
    _inherit = "project.tags"
    _since = 16

    @api.model
    def arrange_tag_list_by_id(self, tag_list: list[tuple[int, str]], id_order: list[int]) -> list[Any]:
        """Return pairs of id and name in the order of the ids; others are left out."""
        names = dict(tag_list)
        return [(id_, names[id_]) for id_ in id_order if id_ in names]
