"""project.task: the working time until a task was assigned and closed, and ratings of which there are none.

Inferred: not recorded.  Leaves out: ratings that customers give.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.resource import working_time
from mockserver.orm.records.environment import Recordset

_NO_RATING = -1


class Task(models.Model):
    _inherit = "project.task"

    @api.computes("working_hours_open", "working_days_open", "working_hours_close", "working_days_close")
    def _compute_elapsed(self) -> None:
        """Working time of the project's calendar between the creation of a task and its assignment or end."""
        for task in self:
            calendar = task.project_id.sudo().resource_calendar_id
            task.working_hours_open, task.working_days_open = _elapsed(calendar, task.create_date, task.date_assign)
            task.working_hours_close, task.working_days_close = _elapsed(calendar, task.create_date, task.date_end)

    def _compute_rating_avg_text(self) -> None:
        for task in self:
            task.rating_avg_text = "none"

    def _compute_rating_percentage_satisfaction(self) -> None:
        for task in self:
            task.rating_percentage_satisfaction = _NO_RATING


class Project(models.Model):
    _inherit = "project.project"

    def _compute_rating_percentage_satisfaction(self) -> None:
        for project in self:
            project.rating_percentage_satisfaction = _NO_RATING


def _elapsed(calendar: Recordset, start: Any, stop: Any) -> tuple[float, float]:
    """Return the working hours and days of a calendar between two moments; public holidays are none."""
    if not calendar or not start or not stop or str(stop) <= str(start):
        return 0.0, 0.0
    nobody = calendar.env["resource.resource"]
    spans = working_time.worked(calendar, nobody, working_time.moment(start), working_time.moment(stop))
    hours = working_time.hours(spans)
    return hours, round(hours / (calendar.hours_per_day or 8.0), 2)
