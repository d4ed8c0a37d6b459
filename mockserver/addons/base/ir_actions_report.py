"""ir.actions.report: the action that prints a report.

Source: 17.0; odoo-jsonrpc issue 24.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.orm.rights.access import check_access


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.versions(since=13)
    def _compute_model_id(self) -> None:
        models_by_name = self.env.sudo()["ir.model"].search([("model", "in", self.mapped("model"))]).grouped("model")
        for report in self:
            report.model_id = models_by_name.get(report.model, False)

    @api.versions(since=13)
    def _search_model_id(self, operator: str, value: Any) -> list[Any]:
        """Search by the name of the model.  Inferred: a text is compared with the title."""
        found = self.env.sudo()["ir.model"].search([("name" if isinstance(value, str) else "id", operator, value)])
        return [("model", "in", found.mapped("model"))]

    def report_action(self, docids: Any, data: Any = None, config: bool = True) -> dict[str, Any]:
        """Return the action that prints the report of records.

        Differs: a company without a document layout gets it too, not the form that chooses a layout.
        """
        self.ensure_one()
        ids = [docids] if isinstance(docids, int) else list(docids or ())
        return {
            "context": {**self.env.context, "active_ids": ids} if ids else self.env.context,
            "data": data,
            "type": "ir.actions.report",
            "report_name": self.report_name,
            "report_type": self.report_type,
            "report_file": self.report_file,
            "name": self.name,
        }

    def create_action(self) -> bool:
        """Offer the reports in the menu of their model's views."""
        for report in self:
            model = self.env.sudo()["ir.model"].search([("model", "=", report.model)], limit=1)
            report.write({"binding_model_id": model.id, "binding_type": "report"})
        return True

    def unlink_action(self) -> bool:
        """Offer the reports in no menu."""
        check_access(self, "write")
        self.write({"binding_model_id": False})
        return True
