"""project.task: duplicates of tasks, alone or with their project.

Source: recorded in flow-project-1 (17.0, 18.0, 19.0); Inferred: which dependencies a duplicate has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import models
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_QUIET = {"mail_auto_subscribe_no_notify": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}
# the context's copies by the ids of what they were copied from
_TASKS, _MILESTONES = "task_mapping", "milestone_mapping"


class Task(models.Model):
    _inherit = "project.task"

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate with duplicates of the subtasks; it is named as one, unless its project is duplicated."""
        self.ensure_one()
        if _TASKS in self.env.context:
            return self._duplicate(default)
        copies: dict[int, int] = {}
        made = self.with_context({**self.env.context, _TASKS: copies})._duplicate(default)
        link_dependencies(self.env["project.task"], copies)
        return self.browse(made._ids)

    def _duplicate(self, default: Mapping[str, Any] | None) -> Self:
        context, values = self.env.context, dict(default or {})
        values.setdefault("name", self.name if context.get("copy_project") else f"{self.name} (copy)")
        if self.recurrence_id:
            values.setdefault("recurrence_id", self.recurrence_id.copy().id)
        if context.get(_MILESTONES) and self.milestone_id:
            values.setdefault("milestone_id", context[_MILESTONES].get(self.milestone_id.id, self.milestone_id.id))
        made: Self = super(Task, self.with_context({**context, **_QUIET})).copy(values)
        context[_TASKS][self.id] = made.id
        for child in self.child_ids:
            moved = {"project_id": made.project_id.id} if child.project_id == self.project_id else {}
            child.copy({**moved, "parent_id": made.id})
        return made


def link_dependencies(tasks: Recordset, copies: Mapping[int, int]) -> None:
    """Let duplicates depend on the duplicates of what their tasks depend on, or on that itself."""
    if "depend_on_ids" not in tasks._model.fields:
        return
    for task in tasks.browse(copies).filtered("allow_task_dependencies"):
        copy = tasks.browse(copies[task.id])
        if task.depend_on_ids:
            copy.write({"depend_on_ids": [(6, 0, [copies.get(id_, id_) for id_ in task.depend_on_ids.ids])]})
        for dependent in task.dependent_ids.filtered(lambda other: other.id not in copies):
            dependent.write({"depend_on_ids": [(4, copy.id, 0)]})
