"""project.sale.line.employee.map: the order line, the price and the cost of an employee in a project.

Source: 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


class EmployeeMap(models.Model):
    _inherit = "project.sale.line.employee.map"

    @api.versions(since=17)
    def _compute_existing_employee_ids(self) -> None:
        """Those who have an entry in the project already."""
        for entry in self:
            entry.existing_employee_ids = entry.project_id.sale_line_employee_ids.employee_id

    @api.versions(since=16)
    def _compute_sale_line_id(self) -> None:
        """A line of another customer goes."""
        for entry in self:
            line, customer = entry.sale_line_id, entry.partner_id.commercial_partner_id
            other = customer and line.order_partner_id.commercial_partner_id != customer
            entry.sale_line_id = line.browse() if other else line

    def _compute_price_unit(self) -> None:
        for entry in self:
            entry.price_unit = entry.sale_line_id.price_unit or entry._product_price()

    def _product_price(self) -> float:
        """Return the price of the service where no line is known, which entries have until 15."""
        return float(self.timesheet_product_id.lst_price or 0.0) if "timesheet_product_id" in self else 0.0

    def _compute_currency_id(self) -> None:
        for entry in self:
            entry.currency_id = entry.sale_line_id.currency_id

    # -- cost

    @api.versions(since=16)
    def _compute_cost(self) -> None:
        """That of the employee, unless another was written."""
        for entry in self:
            entry.cost = entry.cost if entry.is_cost_changed else entry.employee_id.sudo().hourly_cost or 0.0

    @api.versions(since=16)
    def _compute_is_cost_changed(self) -> None:
        for entry in self:
            usual = entry.employee_id.sudo().hourly_cost or 0.0
            entry.is_cost_changed = bool(entry.employee_id) and entry.cost != usual

    @api.versions(since=16)
    def _compute_display_cost(self) -> None:
        for entry in self:
            entry.display_cost = (entry.cost or 0.0) * _hours_of_unit(entry)

    @api.versions(since=16)
    def _inverse_display_cost(self) -> None:
        for entry in self:
            entry.write({"cost": entry.display_cost / _hours_of_unit(entry)})

    # -- what follows from changes

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create entries; the time of their employees is for their lines."""
        entries = super().create(vals_list)
        entries.filtered("sale_line_id").project_id._update_timesheets_sale_line_id()
        return entries

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change entries; the time of their employees is for their lines."""
        done = super().write(vals)
        self.filtered("sale_line_id").project_id._update_timesheets_sale_line_id()
        return done


def _hours_of_unit(entry: Recordset) -> float:
    """Return how many hours the unit has in which the company records time."""
    day = entry.env.ref("uom.product_uom_day")
    if entry.env.company.sudo().timesheet_encode_uom_id != day:
        return 1.0
    return float(entry.employee_id.sudo().resource_calendar_id.hours_per_day or 1.0)
