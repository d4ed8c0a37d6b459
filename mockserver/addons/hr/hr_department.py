"""hr.department and hr.job.  Source: recorded in flow-hr-1 (17.0, 18.0, 19.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.trees import set_complete_names, set_display_names
from mockserver.errors import ValidationError
from mockserver.orm.query import hierarchy


class Department(models.Model):
    _inherit = "hr.department"

    def _compute_complete_name(self) -> None:
        set_complete_names(self)

    @api.versions(since=19)
    def _search_complete_name(self, operator: str, value: Any) -> list[Any]:
        """Departments whose whole name, which 19.0 does not store, is or contains a text."""
        found = self.env["hr.department"].search([])
        texts = {str(one).lower() for one in (value if isinstance(value, (list, tuple)) else [value])}
        if operator.endswith("like"):
            parts = {text.strip("%") for text in texts}
            matching = found.filtered(lambda one: any(part in one.complete_name.lower() for part in parts))
        else:
            matching = found.filtered(lambda one: one.complete_name.lower() in texts)
        return [("id", "not in" if operator.startswith(("not", "!")) else "in", matching.ids)]

    def _compute_display_name(self) -> None:
        """The name with those above it, unless the context asks for the name alone."""
        set_display_names(self)

    @api.versions(since=16)
    @api.depends("parent_id.master_department_id")
    def _compute_master_department_id(self) -> None:
        """The topmost department."""
        for department in self:
            department.master_department_id = department.parent_id.master_department_id or department

    def _compute_total_employee(self) -> None:
        for department in self:
            count = self.env["hr.employee"].sudo().search_count([("department_id", "=", department.id)])
            department.total_employee = count

    @api.versions(since=16)
    def _compute_plans_count(self) -> None:
        for department in self:
            department.plans_count = len(department.plan_ids)

    @api.model
    def name_create(self, name: str) -> Any:
        """Return `[id, display name]` of a new department with that name."""
        department = self.create({"name": name})
        return [department.id, department.display_name]

    @api.constrains("parent_id")
    def _check_parent_id(self) -> None:
        if any(hierarchy.has_loop(self.env, self._model, id_, "parent_id") for id_ in self._ids):
            raise ValidationError(self.env._("You cannot create recursive departments."))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change departments; a new manager is that of the employees who had the one before."""
        before = {department: department.manager_id for department in self} if "manager_id" in vals else {}
        done = super().write(vals)
        for department, manager in before.items():
            members = department.member_ids.filtered(
                lambda one, manager=manager: one.id != vals["manager_id"] and one.parent_id == manager
            )
            members.write({"parent_id": vals["manager_id"]})
        return done


class Job(models.Model):
    _inherit = "hr.job"

    @api.computes("no_of_employee", "expected_employees")
    def _compute_employees(self) -> None:
        for job in self:
            job.no_of_employee = self.env["hr.employee"].sudo().search_count([("job_id", "=", job.id)])
            job.expected_employees = job.no_of_employee + (job.no_of_recruitment or 0)

    @api.model
    def create(self, vals_list: Any) -> Any:
        """Create jobs; nobody follows those."""
        return super(Job, self.with_context(mail_create_nosubscribe=True)).create(vals_list)
