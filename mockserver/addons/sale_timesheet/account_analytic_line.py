"""account.analytic.line: the order line that working time is delivered for, and what invoiced time allows.

Source: 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.sale_timesheet.project_project import EMPLOYEE_RATE
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

# what may not change in time that was invoiced
_INVOICED = frozenset({"unit_amount", "employee_id", "project_id", "task_id", "so_line", "date"})


class Line(models.Model):
    _inherit = "account.analytic.line"

    # -- computed fields

    def _compute_so_line(self) -> None:
        """The line that project, task and employee say, as long as none was chosen and nothing was invoiced."""
        for line in self:
            if not line.project_id or line._keeps("is_so_line_edited") or not line._is_not_billed():
                line.so_line = line.so_line
            else:
                line.so_line = line._timesheet_determine_sale_line() if line.project_id.allow_billable else False

    def _keeps(self, field: str) -> bool:
        return field in self and bool(self[field])

    def _timesheet_determine_sale_line(self) -> Recordset:
        """Return the line of the employee in the project, else that of the task; without task that of the project."""
        self.ensure_one()
        project, task = self.project_id.sudo(), self.task_id.sudo()
        if not task:
            line: Recordset = self._employee_entry().sale_line_id or project.sale_line_id
            return line
        if not (task.allow_billable and task.sale_line_id):
            none: Recordset = self.env["sale.order.line"]
            return none
        mapped: Recordset = self._employee_entry().sale_line_id
        same = mapped.order_partner_id.commercial_partner_id == task.partner_id.commercial_partner_id
        found: Recordset = mapped if mapped and same else task.sale_line_id
        return found

    def _employee_entry(self) -> Recordset:
        """Return what the project says of the employee, if employees have rates of their own there."""
        project = self.project_id.sudo()
        entries: Recordset = project.sale_line_employee_ids
        priced = project.pricing_type == EMPLOYEE_RATE
        employee = self.employee_id or self.env.user.employee_id
        found: Recordset = entries.filtered(lambda entry: priced and entry.employee_id == employee)[:1]
        return found

    def _hourly_cost(self) -> float:
        """Return the cost of an hour; where employees have rates of their own, the one of the project."""
        entry = self._employee_entry()
        if entry and "cost" in entry:
            return float(entry.cost or 0.0)
        return float(super()._hourly_cost())  # type: ignore[misc]

    @api.versions(since=16)
    def _compute_timesheet_invoice_type(self) -> None:
        for line in self:
            line.timesheet_invoice_type = _billable_type(line) if line.project_id else _cost_type(line)

    @api.versions(until=15, name="_compute_timesheet_invoice_type")
    def _compute_timesheet_invoice_type_15(self) -> None:
        for line in self:
            line.timesheet_invoice_type = _old_billable_type(line) if line.project_id else False

    def _compute_commercial_partner_id(self) -> None:
        for line in self:
            task, project = line.task_id.partner_id, line.project_id.partner_id
            line.commercial_partner_id = task.commercial_partner_id or project.commercial_partner_id

    def _compute_partner_id(self) -> None:
        """Invoiced time keeps its customer."""
        free = self.filtered(lambda line: line._is_not_billed())
        super(Line, free)._compute_partner_id()  # type: ignore[misc]
        for line in self - free:
            line.partner_id = line.partner_id

    def _compute_project_id(self) -> None:
        """Invoiced time keeps its project."""
        free = self.filtered(lambda line: line._is_not_billed())
        super(Line, free)._compute_project_id()  # type: ignore[misc]
        for line in self - free:
            line.project_id = line.project_id

    @api.versions(since=17)
    def _compute_readonly_timesheet(self) -> None:
        super()._compute_readonly_timesheet()  # type: ignore[misc]
        for line in self:
            if not line._is_not_billed():
                line.readonly_timesheet = True

    def _is_not_billed(self) -> bool:
        """Return whether no invoice has the time but a cancelled one."""
        invoice = self.sudo().timesheet_invoice_id
        return not invoice or (invoice.state == "cancel" and invoice.payment_state != "invoicing_legacy")

    # -- what invoiced time allows

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; of invoiced time only what the invoice does not tell."""
        if _INVOICED & vals.keys():
            lines = self.sudo()
            if any(line.so_line.product_id.invoice_policy == "delivery" for line in lines) and any(
                not line._is_not_billed() for line in lines
            ):
                raise UserError(self.env._("You cannot modify timesheets that are already invoiced."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_invoiced(self) -> None:
        if any(line.timesheet_invoice_id.state == "posted" for line in self.sudo()):
            raise UserError(self.env._("You cannot remove a timesheet that has already been invoiced."))

    # -- windows; Inferred: their keys

    @api.versions(since=17)
    def action_sale_order_from_timesheet(self) -> dict[str, Any]:
        """Return the window of the order that the time is for."""
        context = {"create": False, "show_sale": True}
        return _form(self, "sale.order", "Sales Order", self.order_id, context)

    @api.versions(since=17)
    def action_invoice_from_timesheet(self) -> dict[str, Any]:
        """Return the window of the invoice that has the time."""
        return _form(self, "account.move", "Invoice", self.timesheet_invoice_id, {"create": False})


def _form(lines: Recordset, model: str, name: str, record: Recordset, context: dict[str, Any]) -> dict[str, Any]:
    action = window(lines.env, model, name, views=[[False, "form"]], context=context, res_id=record.id)
    del action["view_mode"]
    return action


def _billable_type(line: Recordset) -> str | bool:
    """Return how working time is invoiced."""
    product = line.sudo().so_line.product_id
    if not line.sudo().so_line:
        project = line.project_id
        by_hand = "billing_type" in project and project.billing_type == "manually"
        return "billable_manual" if by_hand else "non_billable"
    if product.type != "service":
        return False
    if product.invoice_policy == "order":
        return "billable_fixed"
    if product.service_type == "timesheet":
        revenue = (line.amount or 0.0) > 0 and (line.unit_amount or 0.0) > 0
        return "timesheet_revenues" if revenue else "billable_time"
    kind = product.service_type
    return f"billable_{kind}" if kind in ("milestones", "manual") else "billable_fixed"


def _cost_type(line: Recordset) -> str:
    """Return what an analytic line is that is no working time."""
    if (line.amount or 0.0) < 0 or (line.unit_amount or 0.0) < 0:
        return "other_costs"
    return "service_revenues" if line.sudo().so_line.product_id.type == "service" else "other_revenues"


def _old_billable_type(line: Recordset) -> str:
    """Return how working time was invoiced until 15."""
    product = line.sudo().so_line.product_id
    if line.non_allow_billable:
        return "non_billable_timesheet"
    if not line.task_id:
        return "non_billable_project"
    if product.type != "service":
        return "non_billable"
    timed = product.invoice_policy == "delivery" and product.service_type == "timesheet"
    return "billable_time" if timed else "billable_fixed"
