"""account.move: the working time that an invoice has.

Source: 17.0, from its public documentation; Inferred: other versions, and the keys of the window.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.sale_timesheet.sale_order_line import span
from mockserver.addons.sale_timesheet.time_units import shown_total
from mockserver.orm.records.environment import Recordset


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    def _compute_timesheet_count(self) -> None:
        for move in self:
            move.timesheet_count = len(move.sudo().timesheet_ids)

    @api.versions(since=16)
    def _compute_timesheet_total_duration(self) -> None:
        allowed = self.env.su or self.env.user.has_group("hr_timesheet.group_hr_timesheet_user")
        for move in self:
            found = move.sudo().timesheet_ids
            move.timesheet_total_duration = shown_total(found, move.company_id) if allowed else 0

    def action_view_timesheet(self) -> dict[str, Any]:
        """Return the window of working time."""
        self.ensure_one()
        context = {"default_project_id": self.id, "search_default_project_id": [self.id]}
        values = {"domain": [("project_id", "!=", False)], "view_id": False, "limit": 80, "context": context}
        return window(self.env, "account.analytic.line", "Timesheets", "list,form", **values)

    def _link_timesheets_to_invoice(self, start_date: Any = None, end_date: Any = None) -> None:
        """Let draft invoices have the working time on their order lines that no other invoice has."""
        drafts = self.filtered(lambda move: move.move_type == "out_invoice" and move.state == "draft")
        entries = self.env["account.analytic.line"].sudo()
        for move in drafts.sudo():
            lines = _timed(move.invoice_line_ids.sale_line_ids)
            if lines:
                entries.search([*_free(lines), *span(start_date, end_date)]).write({"timesheet_invoice_id": move.id})


class Line(models.Model):
    _inherit = "account.move.line"
    _since = 13

    def unlink(self) -> bool:
        """Delete items; the working time of drafts that they had can be invoiced again."""
        drafts = self.sudo().filtered(
            lambda line: line.move_id.state == "draft" and line.move_id.move_type == "out_invoice"
        )
        for move, lines in drafts.grouped("move_id").items():
            sold = _timed(lines.sale_line_ids)
            freed = move.timesheet_ids.filtered(lambda entry, own=sold: entry.so_line in own)
            freed.write({"timesheet_invoice_id": False})
        return super().unlink()


def _timed(lines: Recordset) -> Recordset:
    """Return the order lines that are invoiced by working time."""
    return lines.filtered(lambda line: line.product_id and line.product_id._is_delivered_timesheet())


def _free(lines: Recordset) -> list[Any]:
    """Return a domain of the working time on order lines that no valid invoice has."""
    return [
        ("so_line", "in", lines.ids), ("project_id", "!=", False), "|", "|", ("timesheet_invoice_id", "=", False),
        ("timesheet_invoice_id.state", "=", "cancel"), ("timesheet_invoice_id.payment_state", "=", "reversed"),
    ]  # fmt: skip
