"""account.analytic.line with a project: working time of an employee, at the employee's cost of the moment.

Source: recorded in flow-timesheet-1 (17.0, 18.0, 19.0), flow-rights-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.project.project_project import account_field
from mockserver.errors import AccessError, UserError, ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

# values that decide about the amount
_COSTLY = ("unit_amount", "employee_id", "account_id")
_PRIVATE = "Timesheets cannot be created on a private task."


class Line(models.Model):
    _inherit = "account.analytic.line"

    # -- computed fields

    def _compute_display_name(self) -> None:
        """`Project - Task` for working time."""
        super()._compute_display_name()
        for line in self:
            if line.project_id:
                parts = (line.sudo().project_id, line.sudo().task_id)
                line.display_name = " - ".join(part.display_name for part in parts if part)

    def _compute_project_id(self) -> None:
        """The project of the task."""
        for line in self:
            line.project_id = line.task_id.project_id or line.project_id

    def _compute_task_id(self) -> None:
        for line in self:
            line.task_id = line.task_id if line.project_id else False

    def _compute_user_id(self) -> None:
        """The user of the employee."""
        for line in self:
            line.user_id = line.employee_id.sudo().user_id if line.employee_id else line.env.user

    def _compute_department_id(self) -> None:
        for line in self:
            line.department_id = line.employee_id.sudo().department_id

    def _compute_partner_id(self) -> None:
        """The customer of the task, else of the project."""
        timesheets = self.filtered("project_id")
        super(Line, self - timesheets)._compute_partner_id()  # type: ignore[misc]
        for line in timesheets:
            line.partner_id = line.task_id.partner_id or line.project_id.partner_id

    def _compute_encoding_uom_id(self) -> None:
        for line in self:
            line.encoding_uom_id = line.company_id.timesheet_encode_uom_id

    @api.versions(since=17)
    def _compute_readonly_timesheet(self) -> None:
        for line in self:
            line.readonly_timesheet = False

    @api.versions(since=18)
    def _compute_message_partner_ids(self) -> None:
        for line in self:
            line.message_partner_ids = line.task_id.message_partner_ids | line.project_id.message_partner_ids

    @api.versions(since=18)
    def _search_message_partner_ids(self, operator: str, value: Any) -> list[Any]:
        names = ("project_id.message_partner_ids", "task_id.message_partner_ids")
        return ["|", *((name, operator, value) for name in names)]

    @api.versions(since=19)
    def _compute_calendar_display_name(self) -> None:
        for line in self:
            hours, minutes = divmod(round((line.unit_amount or 0.0) * 60), 60)
            spent = f"{hours}h{minutes:02d}" if minutes else f"{hours}h"
            line.calendar_display_name = f"{line.sudo().project_id.display_name} ({spent})"

    # -- create, write

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lines; working time needs an employee, and takes account and customer from project and task."""
        single = isinstance(vals_list, Mapping)
        given = [self._with_project(vals) for vals in ([vals_list] if single else vals_list)]
        given = [self._with_employee(vals) if vals.get("project_id") else vals for vals in given]
        lines = super().create(given[0] if single else given)
        for line, vals in zip(lines, given, strict=False):
            if line.project_id:
                line._set_amount(vals)
        return lines

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; those of others only by who approves working time."""
        approver = self.env.su or self.env.user.has_group("hr_timesheet.group_hr_timesheet_approver")
        if not approver and any(line.user_id.id != self.env.uid for line in self.sudo()):
            raise AccessError("You cannot access timesheets that are not yours.")
        values = dict(vals)
        if values.get("employee_id") and not self.env["hr.employee"].sudo().browse(values["employee_id"]).active:
            raise UserError(self.env.db.profile.rules.archived_employee_text)
        task = self.env["project.task"].browse(values.get("task_id") or ())
        if task and not task.project_id:
            raise ValidationError(_PRIVATE)
        if "name" in values and not values["name"]:
            values["name"] = "/"
        done = super().write(values)
        for line in self:
            if line.project_id:
                line._set_amount(values)
        return done

    def _with_project(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a line with what follows from its project and task, if it has one."""
        values, context = dict(vals), self.env.context
        names = {name: values.get(name) or context.get(f"default_{name}") for name in ("task_id", "project_id")}
        task = self.env["project.task"].sudo().browse(names["task_id"] or ())
        project = self.env["project.project"].sudo().browse(names["project_id"] or ())
        if not (task or project):
            return values
        if task and not task.project_id:
            raise ValidationError(_PRIVATE)
        project = project or task.project_id
        values |= {"project_id": project.id, "name": values.get("name") or "/"}
        company = task.company_id or project.company_id
        if company:
            values.setdefault("company_id", company.id)
        if not values.get("account_id"):
            values["account_id"] = _account(project, task).id
        values.setdefault("partner_id", (task.partner_id or project.partner_id).id)
        return values

    def _with_employee(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return values with an employee of the chosen companies, and with their company and unit."""
        values, employees = dict(vals), self.env["hr.employee"].sudo()
        wanted = values.get("employee_id") or self.env.context.get("default_employee_id")
        chosen = [("company_id", "in", self.env.companies.ids)]
        if wanted:
            employee = employees.search([("id", "=", wanted), *chosen])
        else:
            user = values.get("user_id") or self.env.context.get("user_id") or self.env.uid
            employee = employees.search([("user_id", "=", user), *chosen])
            company = values.get("company_id") or self.env.company.id
            if len(employee) > 1:
                employee = employee.filtered(lambda one: one.company_id.id == company)
        if not employee:
            raise ValidationError("Timesheets must be created with an active employee in the selected companies.")
        values |= {"employee_id": employee.id, "user_id": employee.user_id.id or values.get("user_id", False)}
        if wanted:
            values["user_id"] = employee.user_id.id
        values.setdefault("company_id", employee.company_id.id)
        unit = self.env["res.company"].sudo().browse(values["company_id"]).project_time_mode_id
        values.setdefault("product_uom_id", unit.id)
        return values

    def _set_amount(self, vals: Mapping[str, Any]) -> None:
        """Set the amount of working time after a change of what it depends on."""
        if not any(name in vals for name in _COSTLY):
            return
        line = self.sudo()
        employee = line.employee_id
        amount = -(line.unit_amount or 0.0) * line._hourly_cost()
        own, target = employee.currency_id, line.account_id.currency_id or line.currency_id
        if own and target and own != target:
            amount = own._convert(amount, target, self.env.company, line.date)
        super(Line, line).write({"amount": amount})

    def _hourly_cost(self) -> float:
        """Return the cost of an hour of the employee."""
        employee = self.employee_id
        name = "hourly_cost" if "hourly_cost" in employee._model.fields else "timesheet_cost"
        return employee[name] or 0.0


def _account(project: Recordset, task: Recordset) -> Recordset:
    """Return the analytic account of working time; raise ValidationError without an active one."""
    name = account_field(project)
    account: Recordset = task[name] if name in task._model.fields and task[name] else project[name]
    if not account:
        raise ValidationError(project.env.db.profile.rules.no_account_text)
    if not account.active:
        raise ValidationError(project.env.db.profile.rules.closed_account_text)
    return account
