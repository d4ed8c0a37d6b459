"""project.task.recurrence: tasks that come again when the last of them is closed.

Leaves out: the tasks that a scheduled action makes until 16.  Source: recorded in flow-project-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mockserver import api, models
from mockserver.clock import DATETIME_FORMAT
from mockserver.errors import ValidationError
from mockserver.orm.query.dates.relative import months_later
from mockserver.orm.records.environment import Recordset

_FIELDS = ("repeat_interval", "repeat_unit", "repeat_type", "repeat_until")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


class Recurrence(models.Model):
    _inherit = "project.task.recurrence"

    @api.constrains("repeat_interval")
    def _check_repeat_interval(self) -> None:
        if any((recurrence.repeat_interval or 0) <= 0 for recurrence in self):
            raise ValidationError("The interval should be greater than 0")

    @api.constrains("repeat_type", "repeat_until")
    def _check_repeat_until_date(self) -> None:
        today = self.env.db.clock.today().isoformat()
        if any(one.repeat_type == "until" and (one.repeat_until or "") < today for one in self):
            raise ValidationError("The end date should be in the future")

    def _last_task(self) -> Recordset:
        """Return the newest task."""
        tasks: Recordset = self.env["project.task"].sudo().with_context(active_test=False)
        newest: Recordset = tasks.search([("recurrence_id", "in", self.ids)], 0, 1, "id desc")
        return newest

    def _create_next_occurrence(self, task: Recordset) -> None:
        """Make the next task after one that was closed, unless it would be too late."""
        due = self._later(task.date_deadline) if task.date_deadline else ""
        if self.repeat_type == "until" and due and self.repeat_until and due[:10] > self.repeat_until:
            return
        stages = task.project_id.type_ids
        values = {"date_deadline": due or False, "priority": "0", "stage_id": (stages[:1] or task.stage_id).id}
        task.sudo().with_context(copy_project=True).copy({**values, "recurrence_id": self.id})

    def _later(self, moment: str) -> str:
        """Return a moment one interval later."""
        start, count = datetime.strptime(moment, DATETIME_FORMAT), self.repeat_interval or 1
        if self.repeat_unit in _DAYS:
            return (start + timedelta(days=count * _DAYS[self.repeat_unit])).strftime(DATETIME_FORMAT)
        at = months_later(start, count * _MONTHS.get(self.repeat_unit, 1))
        return datetime.combine(at, start.time()).strftime(DATETIME_FORMAT)


class Task(models.Model):
    _inherit = "project.task"

    @api.versions(since=17)
    def _default_repeat_until(self) -> str:
        return (self.env.db.clock.today() + timedelta(days=7)).isoformat()

    @api.versions(since=17)
    @api.computes(*_FIELDS)
    def _compute_repeat(self) -> None:
        """What the recurrence says; for a task that will have one, the defaults."""
        usual = self.default_get(list(_FIELDS))
        for task in self:
            recurrence = task.sudo().recurrence_id
            for name in _FIELDS:
                task[name] = recurrence[name] if recurrence else task.recurring_task and usual.get(name)

    def _compute_recurring_count(self) -> None:
        for task in self:
            recurrence = task.sudo().recurrence_id
            task.recurring_count = self.env["project.task"].sudo().search_count(
                [("recurrence_id", "=", recurrence.id)]
            ) if recurrence else 0  # fmt: skip

    def _with_recurrence(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a new task; what they say of the recurrence is written there."""
        own, of_recurrence = _divided(self, vals)
        if own.get("recurring_task") and of_recurrence:
            own["recurrence_id"] = self.env["project.task.recurrence"].create(of_recurrence).id
        return own

    def _change_recurrence(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of changed tasks; what they say of the recurrence is written there, or ends it."""
        own, of_recurrence = _divided(self, vals)
        for task in self if of_recurrence else ():
            if task.recurrence_id:
                task.recurrence_id.write(of_recurrence)
            elif own.get("recurring_task"):
                recurrence = self.env["project.task.recurrence"].create(of_recurrence)
                task.write({"recurrence_id": recurrence.id})
        if not own.get("recurring_task", True) and self.recurrence_id:
            self.action_unlink_recurrence()
        return own

    def action_unlink_recurrence(self) -> None:
        """End the recurrence of tasks: none of its tasks comes again."""
        tasks = self.recurrence_id.task_ids
        self.recurrence_id.unlink()
        tasks.write({"recurring_task": False})


def _divided(tasks: Recordset, vals: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the task's own values, and those of its recurrence."""
    known = tasks.env["project.task.recurrence"]._model.fields
    names = {name for name in vals if name.startswith("repeat_") and name in known}
    return {n: v for n, v in vals.items() if n not in names}, {n: vals[n] for n in names}
