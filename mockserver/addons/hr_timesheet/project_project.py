"""project.project: working time of projects, and the analytic accounts that it needs.

Source: recorded in flow-timesheet-1 (17.0, 18.0, 19.0), flow-rights-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.analytic.analytic_plan import project_plan
from mockserver.addons.base.windows import stored_window
from mockserver.addons.project.project_project import account_field
from mockserver.errors import RedirectWarning, ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_ONE_USED = (
    "This project has some timesheet entries referencing it. Before removing this project, you have to remove these"
    " timesheet entries."
)
_SEVERAL_USED = (
    "These projects have some timesheet entries referencing them. Before removing these projects, you have to remove"
    " these timesheet entries."
)


class Project(models.Model):
    _inherit = "project.project"

    # -- computed fields

    def _compute_display_name(self) -> None:
        """With the company's name for its internal project, where several companies are chosen."""
        super()._compute_display_name()
        several = len(self.env.context.get("allowed_company_ids") or ()) > 1
        for project in self if several and "is_internal_project" in self._model.fields else ():
            if project.is_internal_project:
                project.display_name = f"{project.display_name} - {project.company_id.name}"

    def _compute_allow_timesheets(self) -> None:
        for project in self:
            project.allow_timesheets = project.allow_timesheets and bool(project[account_field(project)])

    def _compute_encode_uom_in_days(self) -> None:
        for project in self:
            project.encode_uom_in_days = project._encoding_unit() == self.env.ref("uom.product_uom_day")

    @api.versions(since=17)
    def _compute_timesheet_encode_uom_id(self) -> None:
        for project in self:
            project.timesheet_encode_uom_id = project._encoding_unit()

    def _encoding_unit(self) -> Recordset:
        unit: Recordset = (self.company_id or self.env.company).sudo().timesheet_encode_uom_id
        return unit

    @api.versions(since=16)
    def _compute_is_internal_project(self) -> None:
        for project in self:
            project.is_internal_project = project == project.company_id.sudo().internal_project_id

    @api.versions(since=16)
    def _search_is_internal_project(self, operator: str, value: Any) -> list[Any]:
        internal = self.env["res.company"].sudo().search([]).internal_project_id
        return [("id", "in" if (operator == "=") is bool(value) else "not in", internal.ids)]

    @api.versions(since=16)
    @api.computes("remaining_hours", "is_project_overtime")
    def _compute_remaining_hours(self) -> None:
        for project in self:
            project.remaining_hours = (project.allocated_hours or 0.0) - project._spent()
            project.is_project_overtime = project.remaining_hours < 0

    @api.versions(since=18)
    def _compute_effective_hours(self) -> None:
        for project in self:
            project.effective_hours = project._spent()

    def _spent(self) -> float:
        """Return the hours recorded on a project where time is recorded."""
        if not self.allow_timesheets:
            return 0.0
        return sum(line.unit_amount or 0.0 for line in self.sudo().timesheet_ids)

    @api.versions(since=16)
    def _search_is_project_overtime(self, operator: str, value: Any) -> list[Any]:
        late = self.search([("allow_timesheets", "=", True)]).filtered("is_project_overtime")
        return [("id", "in" if (operator == "=") is bool(value) else "not in", late.ids)]

    def _compute_total_timesheet_time(self) -> None:
        """The time in the unit in which it is shown; without fraction where the field has none."""
        whole = self._model.fields["total_timesheet_time"].type == "integer"
        for project in self:
            unit = project._encoding_unit()
            total = 0.0
            for line in project.sudo().timesheet_ids:
                own, spent = line.product_uom_id or unit, line.unit_amount or 0.0
                total += own._compute_quantity(spent, unit, round=False) if own and own != unit else spent
            project.total_timesheet_time = round(total) if whole else total

    @api.versions(since=16, until=16)
    def _compute_timesheet_count(self) -> None:
        for project in self:
            project.timesheet_count = len(project.timesheet_ids)

    # -- create, write, unlink

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create projects; one where time is recorded gets an analytic account of its own first."""
        single = isinstance(vals_list, Mapping)
        given = [dict(vals) for vals in ([vals_list] if single else vals_list)]
        name = account_field(self)
        usual = self.default_get(["allow_timesheets", name])
        for vals in given:
            timed = vals.get("allow_timesheets", usual.get("allow_timesheets"))
            if timed and not vals.get(name, usual.get(name)):
                vals[name] = self.env["account.analytic.account"].create(self._account_values(vals)).id
        return super().create(given[0] if single else given)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change projects; one where time is to be recorded gets an analytic account."""
        name = account_field(self)
        if vals.get("allow_timesheets") and not vals.get(name):
            for project in self:
                if not project[name]:
                    own = {n: project[n].id for n in ("company_id", "partner_id")}
                    values = self._account_values({"name": project.name, **own})
                    super(Project, project).write({name: self.env["account.analytic.account"].create(values).id})
        return super().write(vals)

    def _account_values(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the analytic account of a project, in the plan of projects."""
        values = {
            "name": vals.get("name", self.env._("Unknown Analytic Account")),
            "company_id": vals.get("company_id", False),
            "partner_id": vals.get("partner_id", False),
        }
        fields = self.env["account.analytic.account"]._model.fields
        if "plan_id" in fields:
            values["plan_id"] = project_plan(self.env)
        if fields["company_id"].required and not values["company_id"]:
            values["company_id"] = self.env.company.id
        return values

    @api.constrains("allow_timesheets", "analytic_account_id", "account_id")
    def _check_allow_timesheet(self) -> None:
        name = account_field(self)
        for project in self:
            if project.allow_timesheets and not project[name]:
                raise ValidationError(self.env.db.profile.rules.timesheets_need_account_text)

    @api.versions(until=17)
    def unlink(self) -> bool:
        """Delete projects without working time; since 18 that of their tasks is looked at first."""
        self._unlink_except_contains_entries()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contains_entries(self) -> None:
        """Refuse to delete projects with working time."""
        used = self.filtered(lambda project: project.sudo().timesheet_ids)
        if used:
            text = _SEVERAL_USED if len(used) > 1 else _ONE_USED
            action = self.env.ref("hr_timesheet.timesheet_action_project", raise_if_not_found=False)
            raise RedirectWarning(text, action.id if action else 0, "See timesheet entries", {"active_ids": used.ids})

    def action_project_timesheets(self) -> dict[str, Any]:
        """Return the window of a project's working time."""
        modes = "list,kanban,pivot,graph,form"
        domain = "[('project_id', '=', active_id)]"
        return stored_window(self.env, "account.analytic.line", "Timesheets", modes, domain=domain)
