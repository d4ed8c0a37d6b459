"""project.task.type: stages of projects, and personal stages of users; project.task.stage.personal: who has which.

Source: recorded in flow-project-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

PERSONAL = "project.task.stage.personal"
_OF_PROJECT = "default_project_id"


class TaskType(models.Model):
    _inherit = "project.task.type"

    def _default_project_ids(self) -> list[int]:
        project = self.env.context.get(_OF_PROJECT)
        return [project] if project else []

    @api.versions(since=17)
    def _default_user_id(self) -> int | bool:
        return False if self.env.context.get(_OF_PROJECT) else self.env.uid

    @api.versions(since=17)
    def _compute_user_id(self) -> None:
        """A stage of projects is nobody's own."""
        for stage in self:
            stage.user_id = False if stage.project_ids else stage.user_id

    @api.versions(since=16)
    @api.constrains("user_id", "project_ids")
    def _check_personal_stage_not_linked_to_projects(self) -> None:
        if any(stage.user_id and stage.project_ids for stage in self.sudo()):
            raise UserError(
                "A personal stage cannot be linked to a project because it is only visible to its corresponding user."
            )

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change stages; the tasks of a stage that is archived are archived too."""
        if "active" in vals and not vals["active"]:
            self.env["project.task"].search([("stage_id", "in", self.ids)]).write({"active": False})
        return super().write(vals)

    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return duplicates, whose names say that they are."""
        values = dict(default or {})
        values.setdefault("name", f"{self[:1].name} (copy)")
        return super().copy(values)

    @api.versions(since=16)
    @api.ondelete(at_uninstall=False)
    def _unlink_if_remaining_personal_stages(self) -> None:
        """Refuse to delete the last personal stage of a user; the tasks of the others get the one before.

        Inferred: from what 17.0 does.
        """
        for user in self.sudo().user_id:
            own = self.sudo().browse(stage.id for stage in self.sudo() if stage.user_id == user)
            left = self.sudo().search([("user_id", "=", user.id), ("id", "not in", own.ids)])
            if not left:
                raise UserError(
                    "Each user should have at least one personal stage. Create a new stage to which the tasks can be"
                    " transferred after the selected ones are deleted."
                )
            for stage in own:
                before = left.browse(one.id for one in left if one.sequence <= stage.sequence)
                held = self.env[PERSONAL].sudo().search([("stage_id", "=", stage.id)])
                held.write({"stage_id": (before[-1:] or left[:1]).id})

    def unlink_wizard(self, stage_view: bool = False) -> dict[str, Any]:
        """Return the window that asks whether to delete or to archive stages."""
        stages = self.with_context(active_test=False)
        wizard = stages.env["project.task.type.delete.wizard"].create(
            {"project_ids": [(6, 0, stages.project_ids.ids)], "stage_ids": [(6, 0, stages.ids)]}
        )
        title = self.env._("Delete Stage")
        return window(
            self.env, wizard._name, title, "form", res_id=wizard.id, target="new", context={"stage_view": stage_view}
        )


class PersonalStage(models.Model):
    _inherit = "project.task.stage.personal"

    def _default_user_id(self) -> Recordset:
        return self.env.user

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create who has a task in which stage."""
        made = super().create(vals_list)
        _share(made.task_id)
        return made

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Move tasks between personal stages."""
        done = super().write(vals)
        _share(self.task_id)
        return done

    def unlink(self) -> bool:
        """Forget who has a task in which stage."""
        tasks = self.task_id
        done = super().unlink()
        _share(tasks.exists())
        return done


def assign(tasks: Recordset) -> None:
    """Give each user of the tasks a personal stage for them, and take it from those who are no longer users."""
    env = tasks.env.sudo()
    rows = env[PERSONAL].search([("task_id", "in", tasks.ids)])
    wanted = {(task.id, user.id) for task in tasks.sudo() for user in task.user_ids}
    known = {(row.task_id.id, row.user_id.id): row for row in rows}
    rows.filtered(lambda row: (row.task_id.id, row.user_id.id) not in wanted).unlink()
    new = sorted(wanted - known.keys())
    first = {user: _first(env, user) for user in dict.fromkeys(user for _, user in new)}
    env[PERSONAL].create([{"task_id": task, "user_id": user, "stage_id": first[user]} for task, user in new])


def _first(env: Environment, user_id: int) -> int:
    """Return the first personal stage of a user, who gets the usual ones if they have none."""
    stages = env["project.task.type"]
    found = stages.search([("user_id", "=", user_id)], 0, 1)
    if not found:
        usual = ("Inbox", "Today", "This Week", "This Month", "Later", "Done", env.db.profile.rules.cancelled_name)
        found = stages.with_context({**env.context, _OF_PROJECT: False}).create(
            [
                {"name": env._(name), "sequence": place, "user_id": user_id, "fold": place > len(usual) - 2}
                for place, name in enumerate(usual, 1)
            ]
        )[:1]
    return found.id


def _share(tasks: Recordset) -> None:
    """Note the personal stages of tasks in the tasks, which are searched by them."""
    for task in tasks.sudo():
        stages = task.env[PERSONAL].search([("task_id", "=", task.id)]).stage_id
        if stages != task.personal_stage_type_ids:
            task.with_context(tracking_disable=True).write({"personal_stage_type_ids": [(6, 0, stages.ids)]})
