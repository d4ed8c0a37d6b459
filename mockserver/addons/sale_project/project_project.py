"""project.project: the order line that a project is for, and what is sold and invoiced of its work.

Source: 17.0, from its public documentation; Inferred: other versions, and the keys of windows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.sale_project.windows import CLOSE, order_window
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

_NO_SERVICE = "You cannot link a billable project to a sales order item that is not a service."
_EXPENSE = "You cannot link a billable project to a sales order item that comes from an expense or a vendor bill."


class Project(models.Model):
    _inherit = "project.project"

    @api.versions(since=16)
    def _compute_sale_line_id(self) -> None:
        """A line of another customer goes."""
        for project in self:
            line, customer = project.sale_line_id, project.partner_id.commercial_partner_id
            other = not customer or line.order_partner_id.commercial_partner_id != customer
            project.sale_line_id = line.browse() if other else line

    @api.constrains("sale_line_id")
    def _check_sale_line_type(self) -> None:
        for line in self.sudo().sale_line_id:
            if not line.is_service:
                raise ValidationError(self.env._(_NO_SERVICE))
            if line.is_expense:
                raise ValidationError(self.env._(_EXPENSE))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change projects; whether they are sold decides about the order lines of their tasks."""
        done = super().write(vals)
        for task in self.with_context(active_test=False).tasks if "allow_billable" in vals else ():
            line = task._order_line()
            if line != task.sale_line_id:
                task.write({"sale_line_id": line.id})
        return done

    # -- orders

    def _order_lines(self) -> Recordset:
        """Return the order lines that the project, its tasks and its milestones are for."""
        own = self.sudo().with_context(active_test=False)
        lines: Recordset = own.sale_line_id | own.tasks.sale_line_id
        if "milestone_ids" in self:
            lines |= own.milestone_ids.sale_line_id
        return lines

    def _orders(self) -> Recordset:
        orders: Recordset = self._order_lines().order_id | self.sudo().tasks.sale_order_id
        return orders

    @api.versions(since=16)
    @api.computes("has_any_so_to_invoice", "has_any_so_with_nothing_to_invoice")
    def _compute_has_any_so(self) -> None:
        for project in self:
            found = set((project.sudo().sale_order_id | project.sudo().tasks.sale_order_id).mapped("invoice_status"))
            project.has_any_so_to_invoice = "to invoice" in found
            project.has_any_so_with_nothing_to_invoice = "no" in found

    @api.versions(since=16)
    def _compute_sale_order_count(self) -> None:
        for project in self:
            project.sale_order_count = len(project._orders()) if project.allow_billable else 0

    @api.versions(since=17)
    def _compute_sale_order_line_count(self) -> None:
        for project in self:
            project.sale_order_line_count = len(project._order_lines()) if project.allow_billable else 0

    @api.versions(since=16)
    def _compute_invoice_count(self) -> None:
        for project in self:
            project.invoice_count = len(project._invoices())

    def _invoices(self) -> Recordset:
        invoices: Recordset = self._order_lines().invoice_lines.move_id
        return invoices.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))

    @api.versions(since=17)
    def _compute_display_sales_stat_buttons(self) -> None:
        for project in self:
            project.display_sales_stat_buttons = bool(project.allow_billable and project.partner_id)

    # -- windows

    @api.versions(since=16)
    def action_view_sos(self) -> dict[str, Any]:
        """Return the window of the orders of the project."""
        self.ensure_one()
        defaults = {"default_partner_id": self.partner_id.id, "default_project_id": self.id}
        context = {"create": self.env.context.get("create_for_project_id", False), "show_sale": True, **defaults}
        return order_window(self.env, self._orders(), context)

    @api.versions(since=17)
    def action_view_sols(self) -> dict[str, Any]:
        """Return the window of the order lines of the project."""
        self.ensure_one()
        lines = self._order_lines()
        values: dict[str, Any] = {"context": {"show_sale": True, "create": False, "link_to_project": self.id}}
        values |= {"domain": [("id", "in", lines.ids)]}
        values |= {"res_id": lines.id, "view_mode": "form"} if len(lines) == 1 else {}
        return window(self.env, "sale.order.line", "Sales Order Items", "list,form", **values)

    @api.versions(since=16)
    def action_open_project_invoices(self) -> dict[str, Any]:
        """Return the window of the invoices of the project."""
        moves = self._invoices()
        values: dict[str, Any] = {"domain": [("id", "in", moves.ids)]}
        values["context"] = {"default_move_type": "out_invoice", "default_partner_id": self.partner_id.id}
        values |= {"res_id": moves.id, "views": [[False, "form"]]} if len(moves) == 1 else {}
        return window(self.env, "account.move", "Invoices", "list,form", **values)

    @api.versions(since=16)
    def action_create_invoice(self) -> dict[str, Any]:
        """Return the window that invoices the order of the project; if several are due, for them together."""
        due = self._orders().filtered(lambda order: order.invoice_status == "to invoice")
        if not due:
            return CLOSE
        context = {"active_id": due[:1].id, "active_ids": due.ids, "active_model": "sale.order"}
        return window(self.env, "sale.advance.payment.inv", "Create Invoices", "form", target="new", context=context)
