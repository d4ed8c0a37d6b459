"""res.partner: contacts of employees.  Source: recorded in flow-hr-1 (19.0)."""

from __future__ import annotations

from mockserver import api, models


class Partner(models.Model):
    _inherit = "res.partner"

    @api.versions(since=19)
    def _compute_employee(self) -> None:
        """The contact is that of an employee."""
        employees = set(self.sudo()._having_lines("employee_ids")._ids)
        self._assign_each("employee", {id_: id_ in employees for id_ in self._ids})
