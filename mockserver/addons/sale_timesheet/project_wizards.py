"""project.create.sale.order and project.create.invoice: an order of a project's recorded time, and its invoice.

Source: 16.0 and 17.0, from their public documentation; Inferred: other versions, and the keys of windows.
Leaves out: linking a project to an order that exists (until 15.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.base.windows import stored_window, window
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]
_MISSING = (
    "The Sales Order cannot be created because you did not enter some employees that entered timesheets on this"
    " project. Please list all the relevant employees before creating the Sales Order.\nMissing employee(s): %s"
)
_SOLD = (
    "The sales order cannot be created because some timesheets of this project are already linked to another sales"
    " order."
)


def _project(records: Recordset) -> Recordset:
    """Return the project that the context names; raises UserError for another model."""
    context = records.env.context
    if context.get("active_model") != "project.project":
        raise UserError(records.env._("You can only apply this action from a project."))
    project: Recordset = records.env["project.project"].browse(context.get("active_id") or ())
    return project


class CreateInvoice(models.TransientModel):
    _inherit = "project.create.invoice"
    _until = 18

    def _default_project_id(self) -> Recordset:
        return _project(self)

    def _compute__candidate_orders(self) -> None:
        for wizard in self:
            orders = wizard.project_id.tasks.sale_line_id.order_id
            wizard._candidate_orders = orders.filtered(lambda order: order.invoice_status == "to invoice")

    def _compute_amount_to_invoice(self) -> None:
        for wizard in self:
            due = wizard.sale_order_id.order_line.filtered(lambda line: line.invoice_status == "to invoice")
            wizard.amount_to_invoice = sum(line.untaxed_amount_to_invoice + line.price_tax for line in due)

    def action_create_invoice(self) -> Action:
        """Return the window that makes invoices of the order."""
        if self.sale_order_id.invoice_status != "to invoice":
            raise UserError(self.env._("The selected Sales Order should contain something to invoice."))
        context = {"active_ids": self.sale_order_id.ids}
        return stored_window(
            self.env, "sale.advance.payment.inv", "Create invoices", "form", target="new", context=context
        )  # fmt: skip


class CreateSaleOrder(models.TransientModel):
    _inherit = "project.create.sale.order"
    _until = 17

    def _default_project_id(self) -> Recordset:
        project = _project(self)
        if project.sale_order_id:
            raise UserError(self.env._("The project has already a sale order."))
        return project

    def _default_partner_id(self) -> Recordset:
        customer: Recordset = _project(self).partner_id
        return customer

    def _default_line_ids(self) -> list[Any]:
        """A line for each employee with a rate, else one for the service of the project."""
        return _usual_lines(_project(self))

    def action_create_sale_order(self) -> Action:
        """Make and confirm an order that has the recorded time of the project; return its window."""
        self.ensure_one()
        self._check()
        order = self._create_sale_order()
        return window(
            self.env, "sale.order", str(order.name), "form", views=[(False, "form")], res_id=order.id, target="current"
        )  # fmt: skip

    def _check(self) -> None:
        """Raise UserError where the project is sold already, or where the lines do not cover its time."""
        if self.project_id.sale_line_id:
            raise UserError(self.env._("The project is already linked to a sales order item."))
        if not self.line_ids:
            raise UserError(self.env._("At least one line should be filled."))
        entries = self.env["account.analytic.line"].search([("task_id", "in", self.project_id.tasks.ids)])
        if self.line_ids.employee_id:
            missing = entries.employee_id - self.line_ids.employee_id
            if missing:
                raise UserError(self.env._(_MISSING).replace("%s", ", ".join(missing.mapped("name"))))
        if entries.filtered("so_line"):
            raise UserError(self.env._(_SOLD))

    def _create_sale_order(self) -> Recordset:
        project = self.project_id
        values = {
            "project_id": project.id, "partner_id": self.partner_id.id, "client_order_ref": project.name,
            "analytic_account_id": project.analytic_account_id.id,
            "company_id": project.company_id.id or self.env.company.id,
        }  # fmt: skip
        order: Recordset = self.env["sale.order"].create(values)
        order.write({"user_id": project.user_id.id})
        lines = {line: self._order_line(order, line) for line in self.line_ids.filtered("product_id")}
        first = order.order_line[:1]
        project.write({"partner_id": self.partner_id.id, "allow_billable": True, "sale_line_id": first.id})
        project.tasks.filtered(lambda task: not task.sale_line_id).write(
            {"partner_id": self.partner_id.id, "sale_line_id": first.id}
        )
        for line, sold in lines.items():
            _give_time(project, line.employee_id, sold)
        for sold in order.order_line:
            price = sold.price_unit
            sold.with_context(no_update_allocated_hours=True).write({"product_uom_qty": sold.qty_delivered})
            sold.write({"price_unit": price})
        order.action_confirm()
        return order

    def _order_line(self, order: Recordset, line: Recordset) -> Recordset:
        """Return the order line of a line of the wizard; employees with the same service and price share it."""
        same = order.order_line.filtered(
            lambda one: one.product_id == line.product_id and one.price_unit == line.price_unit
        )
        values = {"order_id": order.id, "product_id": line.product_id.id, "price_unit": line.price_unit}
        project = self.project_id
        # what is named here is not made by the confirmation
        named = {"project_id": project.id, "task_id": project.tasks[:1].id, "product_uom_qty": 0.0}
        found: Recordset = same[:1] or order.env["sale.order.line"].create({**values, **named})
        return found


def _give_time(project: Recordset, employee: Recordset, sold: Recordset) -> None:
    """Let the time of an employee, or of all where none is named, be delivered for an order line."""
    env = project.env
    if employee:
        entries = env["project.sale.line.employee.map"].sudo()
        known = entries.search([("project_id", "=", project.id), ("employee_id", "=", employee.id)])
        values = {"project_id": project.id, "employee_id": employee.id, "sale_line_id": sold.id}
        known.write({"sale_line_id": sold.id}) if known else entries.create(values)
    leaves = [("project_id", "=", project.id), *([("employee_id", "=", employee.id)] if employee else [])]
    env["account.analytic.line"].search(leaves).write({"so_line": sold.id})


def _usual_lines(project: Recordset) -> list[Any]:
    """Return a line for each employee with a rate, else one for the service of the project."""
    entries, product = project.sale_line_employee_ids, project.timesheet_product_id
    if entries:
        return [
            (0, 0, {"employee_id": entry.employee_id.id, "product_id": product.id, "price_unit": entry.price_unit})
            for entry in entries
        ]
    return [(0, 0, {"product_id": product.id, "price_unit": product.lst_price})] if product else []
