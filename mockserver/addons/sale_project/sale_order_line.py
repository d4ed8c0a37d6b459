"""What selling services adds to order lines: projects and tasks that they make, and what milestones deliver.

Source: 17.0; recorded in flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.sale_project import services
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_QUANTITY = "product_uom_qty"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lines; a service of a confirmed order makes its project and task."""
        lines = super().create(vals_list)
        confirmed = lines.filtered(lambda line: line.state == "sale" and not line.is_expense)
        if confirmed:
            confirmed._timesheet_service_generation()
        project = self.env["project.project"].browse(self.env.context.get("link_to_project") or ())
        if project and not project.sale_line_id:
            project.write({"sale_line_id": lines.filtered("is_service")[:1].id})
        return lines

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; the task of a service is planned for the new quantity."""
        done = super().write(vals)
        if _QUANTITY in vals and not self.env.context.get("no_update_allocated_hours"):
            field = services.hours_field(self)
            for line in self.filtered(lambda one: one.task_id and one.product_id.type == "service"):
                hours = line._convert_qty_company_hours(line.task_id.company_id or self.env.company)
                line.task_id.write({field: hours})
        return done

    def _compute_product_updatable(self) -> None:
        super()._compute_product_updatable()  # type: ignore[misc]
        for line in self:
            if line.product_id.type == "service" and line.state == "sale":
                line.product_updatable = False

    # -- deliveries

    def _compute_qty_delivered_method(self) -> None:
        super()._compute_qty_delivered_method()  # type: ignore[misc]
        for line in services.of_products(self, lambda product: product.service_type == "milestones"):
            if not line.is_expense:
                line.qty_delivered_method = "milestones"

    @api.depends("product_uom_qty", "reached_milestones_ids.quantity_percentage")
    def _compute_qty_delivered(self) -> None:
        """A milestone that is reached delivers its part of the quantity."""
        reached = self._delivered_by("milestones")
        super(SaleOrderLine, self - reached)._compute_qty_delivered()  # type: ignore[misc]
        for line in reached:
            shares = line.sudo().reached_milestones_ids.mapped("quantity_percentage")
            line.qty_delivered = sum(shares) * line.product_uom_qty

    # -- projects and tasks

    def _timesheet_service_generation(self) -> None:
        """Make the projects, tasks and milestones of services."""
        services.generate(self)

    def _timesheet_create_project(self) -> Recordset:
        """Return a new project of a line and of the others that share it."""
        project: Recordset = services.make_project(self)
        return project

    def _convert_qty_company_hours(self, dest_company: Recordset) -> float:
        """Return the quantity as hours of work."""
        return float(self.product_uom_qty)
