"""hr.departure.wizard and hr.employee: employees who leave, and the users of those who come.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
Leaves out: the wizard of 19.0, which ends contracts.
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.base.windows import window
from mockserver.errors import ValidationError

_TOLD = ("departure_reason_id", "departure_reason", "departure_description", "departure_date")


class DepartureWizard(models.TransientModel):
    _inherit = "hr.departure.wizard"
    _until = 18

    def _default_employee_id(self) -> int | bool:
        return self.env.context.get("active_id") or False

    def action_register_departure(self) -> None:
        """Keep why and when the employee leaves; archive the employee if the context says so."""
        employee = self.ensure_one().employee_id
        if self.env.context.get("toggle_active") and employee.active:
            employee.with_context(no_wizard=True).write({"active": False})
        told = {name: self[name] for name in _TOLD if name in self and name in employee}
        if "departure_reason_id" in told:
            told["departure_reason_id"] = self.departure_reason_id.id
        employee.write(told)


class Employee(models.Model):
    _inherit = "hr.employee"
    _since = 16

    def action_create_user(self) -> dict[str, Any]:
        """Return the window of a new user for the employee."""
        self.ensure_one()
        if self.user_id:
            raise ValidationError(self.env._("This employee already has an user."))
        context = {
            **self.env.context,
            "default_create_employee_id": self.id,
            "default_name": self.name,
            "default_phone": self.work_phone,
            "default_mobile": self.mobile_phone,
            "default_login": self.work_email,
            "default_partner_id": self.work_contact_id.id if "work_contact_id" in self else False,
        }
        return window(self.env, "res.users", "Create User", "form", target="new", view_id=False, context=context)
