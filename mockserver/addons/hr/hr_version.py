"""hr.version and the employees of 19.0: most values of an employee are those of its current version.

Source: recorded in flow-hr-1 (19.0).
Differs: `current_version_id` is the link that employees delegate by, while the real server delegates by `version_id`,
which follows it and is not stored.  Leaves out: several versions of an employee, and when which is the current one.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.hr.hr_employee import update_contacts
from mockserver.orm.records.environment import Recordset


class Version(models.Model):
    _inherit = "hr.version"

    def _default_address_id(self) -> Recordset:
        return self.env.company.partner_id  # type: ignore[no-any-return]

    def _default_resource_calendar_id(self) -> Recordset:
        return self.env.company.resource_calendar_id  # type: ignore[no-any-return]

    def _compute_job_title(self) -> None:
        for version in self:
            version.job_title = version.job_id.name or version.job_title


class Employee(models.Model):
    _inherit = "hr.employee"

    @api.model(since=19)
    def create(self, vals_list: Any) -> Any:
        """Create employees, each with its version."""
        employees = super().create(vals_list)
        for employee in employees.sudo():
            employee.current_version_id.write({"employee_id": employee.id})
        return employees

    @api.versions(since=19)
    def _compute_coach_id(self) -> None:
        """The first manager."""
        for employee in self:
            employee.coach_id = employee.coach_id or employee.parent_id

    @api.versions(since=19)
    @api.computes("work_email", "work_phone")
    def _compute_work_details(self) -> None:
        """The employee's contact has them."""
        for employee in self:
            contact = employee.work_contact_id.sudo()
            employee.work_email = contact.email if contact else employee.work_email
            employee.work_phone = contact.phone if contact else employee.work_phone

    @api.versions(since=19)
    def _inverse_work_email(self) -> None:
        update_contacts(self)

    @api.versions(since=19)
    def _inverse_work_phone(self) -> None:
        update_contacts(self)

    @api.versions(since=19)
    def _compute_version_id(self) -> None:
        for employee in self:
            employee.version_id = employee.current_version_id

    @api.versions(since=19)
    def _compute_child_all_count(self) -> None:
        for employee in self:
            employee.child_all_count = len(employee.subordinate_ids)
