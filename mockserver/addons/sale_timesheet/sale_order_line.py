"""sale.order.line: what working time delivers, and what is left of prepaid time.

Source: 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from mockserver import models
from mockserver.addons.sale.line_prices import unit_of
from mockserver.addons.sale_project import services
from mockserver.addons.sale_timesheet.time_units import is_time
from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.records.environment import Recordset


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # -- deliveries

    def _compute_qty_delivered_method(self) -> None:
        super()._compute_qty_delivered_method()  # type: ignore[misc]
        for line in services.of_products(self, lambda product: product.service_type == "timesheet"):
            if not line.is_expense:
                line.qty_delivered_method = "timesheet"

    def _compute_qty_delivered(self) -> None:
        """The working time on a line, in its unit."""
        timed = self._delivered_by("timesheet")
        super(SaleOrderLine, self - timed)._compute_qty_delivered()  # type: ignore[misc]
        until = self.env.context.get("accrual_entry_date")
        leaves = [("date", "<=", until)] if until else []
        for line in timed:
            line.qty_delivered = spent(line, leaves)

    def _recompute_qty_to_invoice(self, start_date: Any, end_date: Any) -> None:
        """Let lines that are invoiced by working time have that of a span to invoice, as far as no invoice has it."""
        credited = self.order_id.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_refund"
        ).reversed_entry_id
        leaves: list[Any] = ["|", ("timesheet_invoice_id", "=", False), ("timesheet_invoice_id.state", "=", "cancel")]
        if credited:
            leaves = ["|", ("timesheet_invoice_id", "in", credited.ids), *leaves]
        leaves += span(start_date, end_date)
        for line in self.filtered(lambda one: one.product_id and one.product_id._is_delivered_timesheet()):
            line.write({"qty_to_invoice": spent(line, leaves)})

    # -- prepaid time

    def _compute_remaining_hours_available(self) -> None:
        sold = _prepaid(self)._ids
        for line in self:
            line.remaining_hours_available = line.id in sold and is_time(unit_of(line))

    def _compute_remaining_hours(self) -> None:
        hour: Any = self.env.ref("uom.product_uom_hour")
        sold = _prepaid(self)._ids
        for line in self:
            left = 0.0
            if line.id in sold and line.remaining_hours_available:
                left = (line.product_uom_qty or 0.0) - (line.qty_delivered or 0.0)
                left = quantity_in(unit_of(line), left, hour)
            line.remaining_hours = left

    def _compute_display_name(self) -> None:
        """With what is left of prepaid time, if the context asks for it."""
        super()._compute_display_name()
        if self.env.context.get("with_remaining_hours"):
            for line in self:
                if line.remaining_hours_available:
                    line.display_name = f"{line.display_name}{_remaining_text(line)}"

    # -- projects and tasks

    def _convert_qty_company_hours(self, dest_company: Recordset) -> float:
        """Return the quantity in the company's unit of time; a unit counts as an hour."""
        unit: Any = unit_of(self)
        target = dest_company.sudo().project_time_mode_id
        if unit == self.env.ref("uom.product_uom_unit", raise_if_not_found=False):
            unit = self.env.ref("uom.product_uom_hour")
        return float(quantity_in(unit, self.product_uom_qty, target)) if is_time(unit) else 0.0

    def _timesheet_create_project(self) -> Recordset:
        """Return a new project, with the time that is sold by the lines that share it."""
        project: Recordset = super()._timesheet_create_project()  # type: ignore[misc]
        if "allocated_hours" not in project:
            project.write({"allow_timesheets": True})
            return project
        template = self.product_id.project_template_id
        hours = template.allocated_hours
        if not hours:
            sharing = self.order_id.order_line.filtered(
                lambda line: (
                    services.tracking(line) in services.WITH_PROJECT and line.product_id.project_template_id == template
                )
            )
            hours = sum(line._convert_qty_company_hours(self.company_id) for line in sharing)
        project.write({"allocated_hours": hours, "allow_timesheets": True})
        return project


def _prepaid(lines: Recordset) -> Recordset:
    """Return the lines of services that are invoiced as ordered."""
    policy = lines.env.db.profile.rules.prepaid_policy
    found: Recordset = services.of_products(lines, lambda product: product.service_policy == policy)
    return found


def spent(line: Recordset, leaves: Iterable[Any] = ()) -> float:
    """Return the working time on an order line in its unit, of those that a domain finds."""
    domain = [("so_line", "=", line.id), ("project_id", "!=", False), *leaves]
    entries = line.env["account.analytic.line"].sudo().search(domain)
    unit = unit_of(line)
    timed, total = is_time(unit), 0.0
    for own, found in entries.filtered("product_uom_id").grouped("product_uom_id").items():
        hours = sum(entry.unit_amount or 0.0 for entry in found)
        total += quantity_in(own, hours, unit, method="HALF-UP") if timed and is_time(own) else hours
    return total


def span(start: Any, end: Any) -> list[Any]:
    """Return the leaves of a domain for dates from start to end, as far as they are given."""
    return [*([("date", ">=", start)] if start else []), *([("date", "<=", end)] if end else [])]


def _remaining_text(line: Recordset) -> str:
    """Return what is left, in the unit in which the company records time: half hours are rounded up."""
    company, left = line.env.company.sudo(), float(line.remaining_hours or 0.0)
    shown = company.timesheet_encode_uom_id
    if shown == line.env.ref("uom.product_uom_day"):
        days = quantity_in(company.project_time_mode_id, left, shown, method=None)
        return f" ({days:.02f} {line.env._('days remaining')})"
    if shown != line.env.ref("uom.product_uom_hour"):
        return ""
    hours, minutes = divmod(abs(left) * 60, 60)
    halves = math.ceil(minutes / 30) if left >= 0 else math.floor(minutes / 30)
    if halves > 1:
        hours, halves = hours + 1, 0
    return f" ({'-' if left < 0 else ''}{hours:02.0f}:{halves * 30:02.0f} {line.env._('remaining')})"
