"""project.milestone, project.update and project.tags.

Source: recorded in flow-project-1 (17.0, 18.0, 19.0); Inferred: updates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_DATA = (
    "name", "deadline", "is_reached", "reached_date", "is_deadline_exceeded", "is_deadline_future",
    "can_be_marked_as_done",
)  # fmt: skip
_COLORS = {"on_track": 20, "at_risk": 22, "off_track": 23, "on_hold": 21, "done": 24}


class Milestone(models.Model):
    _inherit = "project.milestone"

    def _default_project_id(self) -> int | bool:
        context = self.env.context
        return context.get("default_project_id") or context.get("active_id") or False

    def _compute_reached_date(self) -> None:
        for milestone in self:
            milestone.reached_date = milestone.is_reached and milestone.env.db.clock.today().isoformat()

    @api.computes("is_deadline_exceeded", "is_deadline_future")
    def _compute_is_deadline_exceeded(self) -> None:
        today = self.env.db.clock.today().isoformat()
        for milestone in self:
            deadline = milestone.deadline
            milestone.is_deadline_exceeded = not milestone.is_reached and bool(deadline) and deadline < today
            milestone.is_deadline_future = bool(deadline) and deadline > today

    @api.computes("task_count", "done_task_count")
    def _compute_task_count(self) -> None:
        for milestone in self:
            tasks = milestone.task_ids
            milestone.task_count = len(tasks)
            if "done_task_count" in milestone._model.fields:
                milestone.done_task_count = len(tasks.filtered("is_closed"))

    @api.depends("is_reached", "task_ids.is_closed")
    def _compute_can_be_marked_as_done(self) -> None:
        """A milestone that is not reached can be, when it has tasks and all are closed."""
        for milestone in self:
            tasks = milestone.task_ids
            done = bool(tasks) and all(task.is_closed for task in tasks)
            milestone.can_be_marked_as_done = not milestone.is_reached and done

    @api.versions(since=19)
    def _compute_project_allow_milestones(self) -> None:
        for milestone in self:
            milestone.project_allow_milestones = milestone.project_id.allow_milestones

    def toggle_is_reached(self, is_reached: bool) -> dict[str, Any]:
        """Set whether a milestone is reached; return what is known of it."""
        self.ensure_one()
        self.write({"is_reached": is_reached})
        return self._get_data()

    def _get_data(self) -> dict[str, Any]:
        self.ensure_one()
        return {"id": self.id, **{name: self[name] for name in _DATA}}

    def _get_data_list(self) -> list[dict[str, Any]]:
        return [milestone._get_data() for milestone in self]


class Update(models.Model):
    _inherit = "project.update"

    def _default_user_id(self) -> Recordset:
        return self.env.user

    def _default_date(self) -> str:
        return self.env.db.clock.today().isoformat()

    def _default_project_id(self) -> int | bool:
        context = self.env.context
        return context.get("default_project_id") or context.get("active_id") or False

    def _default_progress(self) -> int:
        return self._last().progress or 0

    def _default_status(self) -> str | bool:
        return self._last().status or "on_track"

    def _last(self) -> Any:
        """Return the newest update of the project that the context names."""
        return self.env["project.project"].browse(self._default_project_id() or ()).last_update_id

    def _compute_color(self) -> None:
        for update in self:
            update.color = _COLORS.get(update.status, 0)

    def _compute_progress_percentage(self) -> None:
        for update in self:
            update.progress_percentage = (update.progress or 0) / 100

    def _compute_name_cropped(self) -> None:
        for update in self:
            name = update.name or ""
            update.name_cropped = f"{name[:57]}..." if len(name) > 60 else name

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create updates: each is the last of its project."""
        updates = super().create(vals_list)
        for update in updates:
            update.project_id.sudo().write({"last_update_id": update.id})
        return updates

    def unlink(self) -> bool:
        """Delete updates; the newest that is left is the last of the project."""
        projects = self.project_id
        done = super().unlink()
        for project in projects:
            project.sudo().write(
                {"last_update_id": self.search([("project_id", "=", project.id)], 0, 1, "date desc").id}
            )
        return done

    def _creation_subtype(self) -> Any:
        return self.env.ref("project.mt_update_create", raise_if_not_found=False)


class Tags(models.Model):
    _inherit = "project.tags"

    @api.model
    def name_create(self, name: str) -> Any:
        """Return `[id, name]` of the tag with that name, in any case, which is made if it is missing."""
        for tag in self.search([]):
            if tag.name.lower() == name.strip().lower():
                return [tag.id, tag.display_name]
        return super().name_create(name)

    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return duplicates, whose names say that they are."""
        values = dict(default or {})
        values.setdefault("name", f"{self[:1].name} (copy)")
        return super().copy(values)
