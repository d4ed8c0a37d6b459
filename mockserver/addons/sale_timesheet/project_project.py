"""project.project: at which rate its working time is sold, and the rates of employees.

Source: 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window, window
from mockserver.orm.records.environment import Recordset

EMPLOYEE_RATE = "employee_rate"


class Project(models.Model):
    _inherit = "project.project"

    # -- rates

    @api.versions(since=16)
    def _compute_pricing_type(self) -> None:
        """By employee if any has a line of its own, by project if it has a line, else by task."""
        for project in self:
            if not project.allow_billable:
                project.pricing_type = False
            elif project.sale_line_employee_ids:
                project.pricing_type = EMPLOYEE_RATE
            else:
                project.pricing_type = "fixed_rate" if project.sale_line_id else "task_rate"

    @api.versions(since=16)
    def _search_pricing_type(self, operator: str, value: Any) -> list[Any]:
        if operator not in ("=", "!=", "in", "not in"):
            raise NotImplementedError("Operation not supported")
        values = list(value) if isinstance(value, (list, tuple)) else [value]
        found = self.search([]).filtered(lambda project: project.pricing_type in values)
        return [("id", "in" if operator in ("=", "in") else "not in", found.ids)]

    def _compute_timesheet_product_id(self) -> None:
        """The product of working time, unless another was chosen; none where no time is sold."""
        usual = self.env.ref("sale_timesheet.time_product", raise_if_not_found=False)
        for project in self:
            sold = project.allow_timesheets and project.allow_billable
            project.timesheet_product_id = (project.timesheet_product_id or usual) if sold else False

    @api.versions(since=17)
    def _compute_billing_type(self) -> None:
        for project in self:
            sold = project.allow_timesheets and project.allow_billable
            chosen = project.billing_type or "not_billable"
            project.billing_type = chosen if sold else "not_billable"

    def _compute_warning_employee_rate(self) -> None:
        """Whether somebody recorded time who has no rate, where employees have rates."""
        for project in self:
            priced = project.allow_billable and project.allow_timesheets and project.pricing_type == EMPLOYEE_RATE
            known = project.sale_line_employee_ids.employee_id
            entries = project.sudo().timesheet_ids.filtered("task_id") if priced else ()
            project.warning_employee_rate = any(entry.employee_id not in known for entry in entries)

    @api.versions(since=16)
    def _compute_partner_id(self) -> None:
        """The customer of the order, if no other was chosen."""
        super()._compute_partner_id()  # type: ignore[misc]
        for project in self:
            if not project.partner_id and project.allow_billable and project.allow_timesheets:
                line = project.sale_line_id or project.sale_line_employee_ids.sale_line_id[:1]
                project.partner_id = line.order_partner_id

    @api.versions(since=16)
    def _compute_sale_line_id(self) -> None:
        """Where employees have rates, the customer's last line with time left, else the first of the employees."""
        super()._compute_sale_line_id()  # type: ignore[misc]
        for project in self:
            if not project.sale_line_id and project.partner_id and project.pricing_type == EMPLOYEE_RATE:
                leaves = [("order_partner_id", "child_of", project.partner_id.commercial_partner_id.id)]
                found = lines_with_time_left(self.env, leaves)[:1]
                project.sale_line_id = found or project.sale_line_employee_ids.sale_line_id[:1]

    @api.versions(since=16, until=17)
    def _compute_billable_percentage(self) -> None:
        """How much of the recorded time is sold."""
        for project in self:
            entries = project.sudo().timesheet_ids
            total = sum(entry.unit_amount or 0.0 for entry in entries)
            sold = sum(entry.unit_amount or 0.0 for entry in entries.filtered("so_line"))
            project.billable_percentage = round(100 * sold / total) if total > 0 else 0

    @api.versions(until=16)
    def _compute_display_create_order(self) -> None:
        for project in self:
            project.display_create_order = bool(project.partner_id) and not project.sale_line_id

    def _order_lines(self) -> Recordset:
        """Return the order lines that the project, its tasks and its employees are for."""
        lines: Recordset = super()._order_lines()  # type: ignore[misc]
        lines |= self.sudo().sale_line_employee_ids.sale_line_id
        return lines

    # -- what follows from changes

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change projects; the time of one that is sold no longer is for no order line."""
        done = super().write(vals)
        if vals.get("allow_billable", True) is False:
            entries = self.sudo().with_context(active_test=False).tasks.timesheet_ids
            entries.filtered(lambda line: line._is_not_billed()).write({"so_line": False})
        return done

    def _update_timesheets_sale_line_id(self) -> None:
        """Give the time of employees that was not invoiced to their order lines."""
        for project in self.sudo().filtered(lambda one: one.allow_billable and one.allow_timesheets):
            free = project.timesheet_ids.filtered(lambda line: not line.is_so_line_edited and line._is_not_billed())
            for entry in project.sale_line_employee_ids:
                own = free.filtered(lambda line, entry=entry: line.employee_id == entry.employee_id)
                own.write({"so_line": entry.sale_line_id.id})

    # -- windows; Inferred: their keys

    def action_view_timesheet(self) -> dict[str, Any]:
        """Return the window of the project's working time."""
        self.ensure_one()
        context = {"default_project_id": self.id, "search_default_project_id": [self.id]}
        values = {"domain": [("project_id", "!=", False)], "view_id": False, "limit": 80, "context": context}
        return window(self.env, "account.analytic.line", f"Timesheets of {self.name}", "list,form", **values)

    @api.versions(since=16)
    def action_billable_time_button(self) -> dict[str, Any]:
        """Return the window of the project's working time by how it is invoiced."""
        self.ensure_one()
        context = {"grouped_by": ["timesheet_invoice_type"], "default_project_id": self.id}
        domain = [("project_id", "=", self.id)]
        modes = "list,kanban,pivot,graph,form"
        return stored_window(self.env, "account.analytic.line", "Timesheets", modes, domain=domain, context=context)

    @api.versions(until=17)
    def action_make_billable(self) -> dict[str, Any]:
        """Return the window that makes an order of a project."""
        context = {"active_id": self.id, "active_model": "project.project", "default_product_id": _product(self).id}
        return window(
            self.env, "project.create.sale.order", "Create a Sales Order", target="new", context=context
        )  # fmt: skip


def _product(project: Recordset) -> Recordset:
    product: Recordset = project.timesheet_product_id
    return product


def lines_with_time_left(env: Any, leaves: list[Any]) -> Recordset:
    """Return the confirmed lines with prepaid time that is left, of those that a domain finds, newest first."""
    lines = env["sale.order.line"].sudo()
    services = [("is_service", "=", True), ("is_expense", "=", False), ("state", "in", ["sale", "done"]), *leaves]
    if env.db.registry["sale.order.line"].fields["remaining_hours"].column:
        services.append(("remaining_hours", ">", 0))
    found: Recordset = lines.search(services).filtered(lambda line: line.remaining_hours > 0)
    return found
