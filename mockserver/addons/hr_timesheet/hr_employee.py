"""hr.employee and res.company: who has recorded time, and the internal projects of companies.

Inferred: from what 17.0 does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models

if TYPE_CHECKING:
    from typing_extensions import Self


class Employee(models.Model):
    _inherit = "hr.employee"

    @api.versions(since=17)
    def _compute_has_timesheet(self) -> None:
        lines = self.env["account.analytic.line"].sudo()
        used = lines.search([("employee_id", "in", self.ids), ("project_id", "!=", False)]).employee_id
        for employee in self:
            employee.has_timesheet = employee.id in used.ids


class Company(models.Model):
    _inherit = "res.company"

    @api.versions(since=16)
    def create(self, vals_list: Any) -> Self:
        """Create companies, each with an internal project where time can be recorded."""
        companies = super().create(vals_list)
        stage = self.env.ref("hr_timesheet.internal_project_default_stage", raise_if_not_found=False)
        projects = self.env["project.project"].sudo()
        for company in companies.sudo():
            tasks = [{"name": self.env._(name), "company_id": company.id} for name in ("Training", "Meeting")]
            company.internal_project_id = projects.with_company(company).create(
                {
                    "name": self.env._("Internal"),
                    "allow_timesheets": True,
                    "company_id": company.id,
                    "type_ids": [(4, stage.id, 0)] if stage else [],
                    "task_ids": [(0, 0, task) for task in tasks],
                }
            )
        return companies
