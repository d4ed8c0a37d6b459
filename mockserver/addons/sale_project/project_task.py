"""project.task: customers, the order lines that tasks are for, and their orders.

Source: recorded in flow-project-1 (17.0, 18.0, 19.0); 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.sale_project.windows import order_window
from mockserver.errors import AccessError, ValidationError
from mockserver.orm.records.environment import Recordset

_EXPENSE = (
    "You cannot link the order item %(order_id)s - %(product_id)s to this task because it is a re-invoiced expense."
)


class Task(models.Model):
    _inherit = "project.task"

    # -- customers

    @api.versions(since=17)
    def _compute_partner_id(self) -> None:
        """Only a task that can be invoiced has a customer by itself; that of its order if no other is known."""
        billable = self.filtered(lambda task: task.allow_billable or task.parent_id.allow_billable)
        for task in self - billable:
            task.partner_id = False
        super(Task, billable)._compute_partner_id()  # type: ignore[misc]
        for task in billable:
            if not task.partner_id and task.sale_line_id:
                task.partner_id = task.sale_line_id.order_partner_id

    @api.versions(since=18)
    def _inverse_partner_id(self) -> None:
        """A task for another customer is no longer for the order line."""
        for task in self:
            order = task.sale_order_id
            if order and task.partner_id.commercial_partner_id not in _customers(order):
                task.write({"sale_order_id": False, "sale_line_id": False})

    # -- order lines

    def _compute_sale_line_id(self) -> None:
        for task in self:
            task.sale_line_id = task._order_line()

    def _order_line(self) -> Recordset:
        """Return the line that a task has, else that of the task above, of the milestone or of the project.

        It is of the same customer; none where nothing is sold.
        """
        none: Recordset = self.sale_line_id.browse()
        if not (self.allow_billable or self.parent_id.allow_billable):
            return none
        line: Recordset = self.sale_line_id or _found_line(self)
        return line if self._keeps_line(line) else none

    def _keeps_line(self, line: Recordset) -> bool:
        """Return whether a task may have the line, by its customer."""
        same = line.order_partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
        return same or self.env.db.profile.rules.task_keeps_its_line

    def _compute_sale_order_id(self) -> None:
        """The order of its line, else that of its project, if it is of the same customer; none if nothing is sold."""
        for task in self:
            order = task.sale_line_id.order_id or task.project_id.sale_order_id or task.sale_order_id
            sold = task.allow_billable or task.parent_id.allow_billable or task.sale_line_id
            fits = not task.partner_id or task.partner_id.commercial_partner_id in _customers(order)
            task.sale_order_id = order if sold and fits else order.browse()

    @api.constrains("sale_line_id")
    def _check_sale_line_type(self) -> None:
        for line in self.sudo().sale_line_id:
            if not line.is_service or line.is_expense:
                text = self.env._(_EXPENSE).replace("%(order_id)s", str(line.order_id.name))
                raise ValidationError(text.replace("%(product_id)s", str(line.product_id.display_name)))

    @api.versions(until=15)
    @api.ondelete(at_uninstall=False)
    def _unlink_except_linked_so(self) -> None:
        if any(task.sale_line_id for task in self):
            raise ValidationError("You have to unlink the task from the sale order item in order to delete it.")

    # -- what is to invoice

    def _compute_task_to_invoice(self) -> None:
        for task in self:
            status = task.sale_order_id.invoice_status
            task.task_to_invoice = bool(status) and status not in ("no", "invoiced")

    def _search_task_to_invoice(self, operator: str, value: Any) -> list[Any]:
        due = self.search([("sale_order_id.invoice_status", "not in", (False, "no", "invoiced"))])
        return [("id", "in" if (operator == "=") is bool(value) else "not in", due.ids)]

    @api.versions(since=16)
    def _compute_display_sale_order_button(self) -> None:
        """Whether the user may see the order."""
        try:
            seen = self.env["sale.order"].search([("id", "in", self.sudo().sale_order_id.ids)])
        except AccessError:
            seen = self.env["sale.order"]
        for task in self:
            order = task.sudo().sale_order_id
            task.display_sale_order_button = bool(order) and order.id in seen.ids

    def action_view_so(self) -> dict[str, Any]:
        """Return the window that shows the order of the task.  Inferred: its keys."""
        orders = self.sale_order_id
        if "timesheet_ids" in self:
            orders |= self.timesheet_ids.so_line.order_id
        return order_window(self.env, orders, {"create": False, "show_sale": True})

    @api.versions(since=16)
    def action_project_sharing_view_so(self) -> dict[str, Any]:
        """Return where a portal user sees the order.  Inferred: its keys."""
        self.ensure_one()
        if not self.display_sale_order_button:
            return {}
        url = self.sale_order_id.access_url
        return {"name": "Portal Sale Order", "type": "ir.actions.act_url", "url": url}


class Milestone(models.Model):
    _inherit = "project.milestone"

    def _default_sale_line_id(self) -> Any:
        project = self.env["project.project"].browse(self.env.context.get("default_project_id") or ())
        return project.sale_line_id

    @api.computes("quantity_percentage")
    @api.versions(since=17)
    def _compute_quantity_percentage(self) -> None:
        """The part of the quantity of the order line that the milestone delivers."""
        for milestone in self:
            ordered = milestone.sale_line_id.product_uom_qty
            if milestone.product_uom_qty and ordered:
                milestone.quantity_percentage = milestone.product_uom_qty / ordered
            else:
                milestone.quantity_percentage = milestone.quantity_percentage

    @api.versions(since=17)
    def _compute_product_uom_qty(self) -> None:
        for milestone in self:
            ordered = milestone.sale_line_id.product_uom_qty or 0.0
            milestone.product_uom_qty = (milestone.quantity_percentage or 0.0) * ordered

    @api.versions(since=17)
    def _inverse_product_uom_qty(self) -> None:
        for milestone in self:
            ordered = milestone.sale_line_id.product_uom_qty
            milestone.write({"quantity_percentage": milestone.product_uom_qty / ordered if ordered else 0.0})

    @api.versions(since=17)
    def action_view_sale_order(self) -> dict[str, Any]:
        """Return the window that shows the order of the milestone.  Inferred: its keys."""
        self.ensure_one()
        name, order = self.sale_line_id.order_id.name or "", self.sale_line_id.order_id
        return window(self.env, "sale.order", name, "form", res_id=order.id, context={"create": False})


def _found_line(task: Recordset) -> Recordset:
    """Return the line that a task without one finds."""
    parent, project, milestone = task.parent_id, task.project_id, task.milestone_id if "milestone_id" in task else None
    customer = task.partner_id.commercial_partner_id
    if parent.sale_line_id and parent.partner_id.commercial_partner_id == customer:
        line: Recordset = parent.sale_line_id
    elif milestone and milestone.sale_line_id:
        line = milestone.sale_line_id
    elif project.sale_line_id and project.partner_id.commercial_partner_id == customer:
        line = project.sale_line_id
    else:
        line = task.sale_line_id.browse()
    return line


def _customers(order: Recordset) -> Recordset:
    """Return those for whom the order is, whom it invoices and whom it delivers to."""
    found: Recordset = (order.partner_id | order.partner_invoice_id | order.partner_shipping_id).commercial_partner_id
    return found
