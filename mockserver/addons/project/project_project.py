"""project.project: what creating, changing, duplicating and deleting projects does.

Source: recorded in flow-project-1 (17.0, 18.0, 19.0), flow-rights-1 (17.0).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.project.project_task import WAITING, task_subtypes
from mockserver.addons.project.project_task_copy import link_dependencies
from mockserver.errors import UserError
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

if TYPE_CHECKING:
    from typing_extensions import Self


class Project(models.Model):
    _inherit = "project.project"

    # -- defaults

    def _default_favorite_user_ids(self) -> list[int]:
        return [self.env.uid] if self.env.db.profile.rules.favourite_of_creator else []

    @api.versions(since=16)
    def _default_stage_id(self) -> Recordset:
        return self.env["project.project.stage"].sudo().search([], 0, 1)

    @api.versions(since=16)
    def _default_allow_milestones(self) -> bool:
        return in_group(self.env, "project.group_project_milestone")

    @api.versions(since=16)
    def _default_allow_task_dependencies(self) -> bool:
        return in_group(self.env, "project.group_project_task_dependencies")

    def _default_allow_recurring_tasks(self) -> bool:
        return in_group(self.env, "project.group_project_recurring_tasks")

    # -- create, write, copy, unlink

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create projects, which their creators do not follow as such."""
        single = isinstance(vals_list, Mapping)
        given = [dict(vals) for vals in ([vals_list] if single else vals_list)]
        for vals in given:
            if vals.pop("is_favorite", False):
                vals.setdefault("favorite_user_ids", [(4, self.env.uid, 0)])
        quiet = self.with_context(mail_create_nosubscribe=True)
        made = super(Project, quiet).create(given[0] if single else given)
        return self.browse(made._ids)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change projects, and what follows from that in their tasks and their analytic accounts."""
        vals = dict(vals)
        if "is_favorite" in vals:
            self._set_favorite(bool(vals.pop("is_favorite")))
        if vals.get("last_update_status", "to_define") != "to_define":
            self._write_status(vals.pop("last_update_status"))
        done = super().write(vals) if vals else True
        tasks = self.with_context(active_test=False).tasks if "active" in vals else None
        if vals.get("allow_task_dependencies", True) is False:
            of_these = [("project_id", "in", self.ids), ("state", "=", WAITING)]
            if "state" in tasks_of(self)._model.fields:
                tasks_of(self).search(of_these).write({"state": "01_in_progress"})
        if tasks:
            tasks.write({"active": vals["active"]})
        if "name" in vals:
            self._rename_account(vals["name"])
        return done

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate with the followers, milestones and tasks, that is named as one."""
        self.ensure_one()
        values = dict(default or {})
        values.setdefault("name", f"{self.name} (copy)")
        quiet = self.with_context(mail_auto_subscribe_no_notify=True, mail_create_nosubscribe=True)
        made: Self = super(Project, quiet).copy(values)
        for follower in self.message_follower_ids:
            made.message_subscribe(follower.partner_id.ids, follower.subtype_ids.ids)
        milestones = self._copy_milestones(made) if "milestone_ids" in self._model.fields else {}
        if "tasks" not in values:
            self.with_context(milestone_mapping=milestones).map_tasks(made.id)
        return self.browse(made._ids)

    def _copy_milestones(self, made: Recordset) -> dict[int, int]:
        """Return the milestones of a duplicate, which may not have them yet, by those that they were copied from."""
        own, copies = sorted(self.milestone_ids.ids), sorted(made.milestone_ids.ids)
        if self.allow_milestones and not copies:
            copies = [self.milestone_ids.browse(id_).copy({"project_id": made.id}).id for id_ in own]
        return dict(zip(own, copies, strict=False))

    def map_tasks(self, new_project_id: int) -> bool:
        """Duplicate the tasks of a project into another one."""
        copies: dict[int, int] = {}
        tasks = tasks_of(self).with_context(active_test=False)
        own = tasks.search([("project_id", "=", self.id), ("parent_id", "=", False)], 0, None, "id")
        into = {"project_id": new_project_id, "company_id": self.browse(new_project_id).company_id.id}
        for task in own.with_context(copy_project=True, task_mapping=copies):
            task.copy({**into, "stage_id": task.stage_id.id})
        link_dependencies(tasks_of(self), copies)
        return True

    def unlink(self) -> bool:
        """Delete projects with their tasks, and their analytic accounts that have no lines."""
        name = account_field(self)
        accounts = self[name].filtered(lambda account: not account.line_ids)
        self.with_context(active_test=False).tasks.unlink()
        done = super().unlink()
        accounts.unlink()
        return done

    # -- what follows from a change

    def toggle_favorite(self) -> None:
        """Make projects favourites of the user, or no longer."""
        liked = self.filtered(lambda project: self.env.user in project.sudo().favorite_user_ids)
        (self - liked)._set_favorite(True)
        liked._set_favorite(False)

    def _set_favorite(self, liked: bool) -> None:
        """Let projects be favourites of the user or not; that needs no right to change them."""
        code = 4 if liked else 3
        for project in self.sudo():
            super(Project, project).write({"favorite_user_ids": [(code, self.env.uid, 0)]})

    @api.versions(since=16)
    def _write_status(self, status: str) -> None:
        """Say the status of projects by an update of each."""
        for project in self:
            project.env["project.update"].create(
                {
                    "name": f"Status Update - {self.env.db.clock.today():%m/%d/%Y}",
                    "status": status,
                    "project_id": project.id,
                }
            )

    @api.versions(until=15, name="_write_status")
    def _write_status_14(self, status: str) -> None:
        """Projects have no status yet."""

    def _rename_account(self, name: str) -> None:
        """Give the new name to an analytic account that no other project has."""
        field = account_field(self)
        for account in self[field]:
            if self.sudo().search_count([(field, "=", account.id)]) == 1:
                account.write({"name": name})

    @api.versions(since=17)
    def _inverse_company_id(self) -> None:
        """Give the company to the account; raise UserError if customer or account do not allow it."""
        for project in self:
            account, customer = project[account_field(project)], project.partner_id
            if customer.company_id and project.company_id and project.company_id != customer.company_id:
                raise UserError("The project and the associated partner must be linked to the same company.")
            if not account.company_id:
                continue
            if project.company_id != account.company_id and (account.project_count > 1 or account.line_ids):
                raise UserError(
                    "The project's company cannot be changed if its analytic account has analytic lines or if more"
                    " than one project is linked to it."
                )
            account.write({"company_id": (project.company_id or customer.company_id).id})

    # -- messages, mail

    def message_subscribe(self, partner_ids: Any = None, subtype_ids: Any = None) -> bool:
        """Let contacts follow projects; the kinds of messages that are chosen count for the tasks they follow."""
        done: bool = super().message_subscribe(partner_ids, subtype_ids)  # type: ignore[misc]
        kinds = task_subtypes(self.env["mail.message.subtype"].browse(subtype_ids or ())) if subtype_ids else None
        for task in self.task_ids if kinds else ():
            following = sorted({*task.message_partner_ids.ids} & {*(partner_ids or ())})
            if following:
                task.message_subscribe(following, kinds.ids)  # type: ignore[union-attr]
        return done

    def _track_subtype(self, init_values: Mapping[str, Any]) -> Any:
        if "stage_id" in init_values:
            return self.env.ref("project.mt_project_stage_change", raise_if_not_found=False)
        return super()._track_subtype(init_values)  # type: ignore[misc]

    def _alias_get_creation_values(self) -> dict[str, Any]:
        """A mail to the alias makes a task of the project."""
        values: dict[str, Any] = super()._alias_get_creation_values()  # type: ignore[misc]
        values["alias_model_id"] = self.env["ir.model"].sudo().search([("model", "=", "project.task")]).id
        if self:
            known = ast.literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = str({**known, "project_id": self.id})
        return values


def tasks_of(projects: Recordset) -> Recordset:
    """Return no tasks, in the environment of the projects."""
    return projects.env["project.task"]


def account_field(projects: Recordset) -> str:
    """Return the name of the field for the analytic account."""
    return "account_id" if "account_id" in projects._model.fields else "analytic_account_id"
