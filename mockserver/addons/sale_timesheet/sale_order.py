"""sale.order: the working time on an order.

Source: 17.0, from its public documentation; Inferred: other versions, and the keys of the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.sale_project.windows import CLOSE
from mockserver.addons.sale_timesheet.time_units import shown_total
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row


class SaleOrder(models.Model):
    _inherit = "sale.order"
    _commits_of = ("sale.order.line",)

    # -- working time

    def _timesheets(self) -> Recordset:
        """Return the working time on the lines of the orders."""
        own = [("so_line", "in", self.order_line.ids), ("project_id", "!=", False)]
        found: Recordset = self.env["account.analytic.line"].search(own)
        return found

    @api.versions(until=16)
    @api.computes("timesheet_ids", "timesheet_count")
    def _compute_timesheet_ids(self) -> None:
        for order in self:
            order.timesheet_ids = order._timesheets()
            order.timesheet_count = len(order.timesheet_ids)

    @api.versions(since=17)
    def _compute_timesheet_count(self) -> None:
        for order in self:
            order.timesheet_count = len(order._timesheets())

    def _compute_timesheet_total_duration(self) -> None:
        for order in self:
            order.timesheet_total_duration = shown_total(order._timesheets(), order.company_id)

    @api.versions(since=17)
    def _compute_show_hours_recorded_button(self) -> None:
        """Where time was recorded, or where there is a project and a service that time can be recorded for."""
        for order in self:
            products = order.order_line.filtered("is_service").product_id
            timed = products.filtered(
                lambda one: one.service_type not in ("milestones", "manual") or one.invoice_policy != "delivery"
            )
            order.show_hours_recorded_button = bool(order.timesheet_count or (order.project_count and timed))

    def action_view_timesheet(self) -> dict[str, Any]:
        """Return the window of the working time on the order."""
        self.ensure_one()
        if not self.order_line:
            return CLOSE
        policies = (self.env.db.profile.rules.prepaid_policy, "delivered_timesheet")
        lines = self.order_line.filtered("is_service")
        line = lines.filtered(lambda one: one.product_id.service_policy in policies)[:1]
        context: dict[str, Any] = {
            "search_default_billable_timesheet": True, "default_is_so_line_edited": True, "default_so_line": line.id,
        }  # fmt: skip
        projects = self.order_line.project_id or self.project_ids
        if self.order_line.task_id:
            context["default_task_id"] = self.order_line.task_id[:1].id
        elif projects:
            context["default_project_id"] = projects[:1].id
        domain = [("so_line", "in", self.order_line.ids), ("project_id", "!=", False)]
        modes = "list,form,graph,pivot,kanban"
        return stored_window(self.env, "account.analytic.line", "Timesheets", modes, domain=domain, context=context)

    # -- invoices

    def _create_invoices(self, grouped: bool = False, final: bool = False, date: Any = None) -> Recordset:
        """Make invoices, which have the working time that they are for."""
        moves: Recordset = super()._create_invoices(grouped=grouped, final=final, date=date)  # type: ignore[misc]
        context = self.env.context
        moves._link_timesheets_to_invoice(context.get("timesheet_start_date"), context.get("timesheet_end_date"))
        if self.env.db.profile.rules.prepaid_time_is_watched:
            warned = self.order_line.filtered(lambda line: line.has_displayed_warning_upsell)
            warned.filtered(lambda line: line.product_id.service_policy == "ordered_prepaid").write(
                {"has_displayed_warning_upsell": False}
            )
        return moves

    # -- prepaid time that is used up

    @api.model
    def _at_commit(self, touched: Mapping[tuple[str, int], Row | None]) -> None:
        """Plan the activity for orders whose prepaid services are used up beyond their threshold."""
        super()._at_commit(touched)  # type: ignore[misc]
        if self.env.db.profile.rules.prepaid_time_is_watched:
            lines = [id_ for model, id_ in touched if model == "sale.order.line"]
            found = self.env["sale.order.line"].sudo().browse(lines).exists() if lines else None
            for order, own in found.filtered(_is_used_up).grouped("order_id").items() if found else ():
                order._create_upsell_activity()
                own.write({"has_displayed_warning_upsell": True})


def _is_used_up(line: Recordset) -> bool:
    """Return whether more of a prepaid service was delivered than its threshold, and nobody was notified yet."""
    delivered = line.qty_delivered or 0.0
    if not delivered or line.state != "sale" or line.has_displayed_warning_upsell or not line.is_service:
        return False
    order, product = line.order_id, line.product_id
    told = order.invoice_status != "upselling" and (order.user_id or order.partner_id.user_id)
    if not told or product.service_policy != "ordered_prepaid":
        return False
    step = 10.0 ** -line.env["decimal.precision"].precision_get("Product Unit of Measure")
    return compare(delivered, line.product_uom_qty * (product.service_upsell_threshold or 1.0), step) > 0
