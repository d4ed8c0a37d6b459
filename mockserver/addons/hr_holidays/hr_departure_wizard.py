"""hr.departure.wizard: the time off of employees who leave.  Source: 17.0, from its public documentation."""

from __future__ import annotations

from mockserver import models


class DepartureWizard(models.TransientModel):
    _inherit = "hr.departure.wizard"
    _until = 17

    def action_register_departure(self) -> None:
        """Refuse what the employee asked for after the departure, and archive what was allotted."""
        super().action_register_departure()  # type: ignore[misc]
        of_employee = [("employee_id", "=", self.employee_id.id)]
        if self.cancel_leaves:
            later = [("date_to", ">", f"{self.departure_date} 00:00:00"), ("state", "not in", ["draft", "refuse"])]
            found = self.env["hr.leave"].search([*of_employee, *later])
            if found:
                found.action_refuse()
        if "archive_allocation" in self and self.archive_allocation:
            self.env["hr.leave.allocation"].search(of_employee).write({"active": False})
