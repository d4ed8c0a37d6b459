"""stock.quant.package until 18, stock.package since 19: goods that are moved together.

Source: 17.0, stock; fields of Odoo 19.0.
Leaves out: packages that are planned into others (19.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.stock import packages
from mockserver.addons.stock.quant_rows import QUANT

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset


class QuantPackage(models.Model):
    _inherit = "stock.quant.package"

    def _default_name(self) -> Any:
        return self.env["ir.sequence"].sudo().next_by_code("stock.quant.package") or self.env._("Unknown Pack")

    @api.computes("location_id", "company_id")
    def _compute_package_info(self) -> None:
        packages.compute_place(self)

    def _compute_owner_id(self) -> None:
        packages.compute_owner(self)

    def _search_owner_id(self, operator: str, value: Any) -> list[Any]:
        return packages.of_owner(self, operator, value)

    @api.versions(since=16)
    def _compute_valid_sscc(self) -> None:
        packages.compute_valid_sscc(self)

    def unpack(self) -> None:
        """Take the goods out of the packages."""
        packages.unpack(self)

    def action_view_picking(self) -> dict[str, Any]:
        """Return the action that shows the transfers of the packages."""
        return packages.transfers(self)


class Package(models.Model):
    _inherit = "stock.package"

    def _default_name(self) -> Any:
        kind = self.env["stock.package.type"].browse(self.env.context.get("default_package_type_id") or ())
        if kind.sequence_id:
            return kind.sequence_id.sudo().next_by_id()
        return self.env["ir.sequence"].sudo().next_by_code("stock.package") or self.env._("Unknown Pack")

    @api.computes("location_id", "company_id")
    def _compute_package_info(self) -> None:
        """Those of the goods, else of a package inside."""
        packages.compute_place(self)
        for package in self:
            inner = package.child_package_ids[:1]
            if inner and not package.quant_ids:
                package.location_id = inner.location_id
                package.company_id = inner.company_id

    def _compute_owner_id(self) -> None:
        packages.compute_owner(self)

    def _search_owner_id(self, operator: str, value: Any) -> list[Any]:
        return packages.of_owner(self, operator, value)

    def _compute_valid_sscc(self) -> None:
        packages.compute_valid_sscc(self)

    def _compute_complete_name(self) -> None:
        for package in self:
            outer = package.parent_package_id
            package.complete_name = f"{outer.complete_name} > {package.name}" if outer else package.name

    def _compute_dest_complete_name(self) -> None:
        for package in self:
            outer = package.package_dest_id
            package.dest_complete_name = f"{outer.dest_complete_name} > {package.name}" if outer else package.name

    def _compute_outermost_package_id(self) -> None:
        for package in self:
            package.outermost_package_id = package.package_dest_id.outermost_package_id or package

    def _compute_all_children_package_ids(self) -> None:
        for package in self:
            package.all_children_package_ids = self.search([("id", "child_of", package.id), ("id", "!=", package.id)])

    def _compute_contained_quant_ids(self) -> None:
        for package in self:
            package.contained_quant_ids = package._contents()

    def _contents(self) -> Recordset:
        inside = [("package_id", "child_of", self.ids)]
        found: Recordset = self.env[QUANT].search(inside)
        return found

    def _compute_content_description(self) -> None:
        """How much of each product is inside."""
        for package in self:
            parts = []
            for product, goods in package._contents().grouped("product_id").items():
                amount = sum(goods.mapped("quantity"))
                parts.append(f"{amount:g} {product.uom_id.name} {product.display_name}")
            package.content_description = ", ".join(parts)

    @api.computes("move_line_ids", "picking_ids", "location_dest_id")
    def _compute_move_line_ids(self) -> None:
        """The open lines that move the package, or put goods into it."""
        for package in self:
            lines = self.env["stock.move.line"].search(
                [
                    "|",
                    ("package_id", "=", package.id),
                    ("result_package_id", "=", package.id),
                    ("state", "not in", ("done", "cancel")),
                ]
            )
            package.move_line_ids = lines
            package.picking_ids = lines.picking_id
            package.location_dest_id = lines.location_dest_id[:1]

    def unpack(self) -> None:
        """Take the goods out of the packages."""
        packages.unpack(self)

    def action_view_picking(self) -> dict[str, Any]:
        """Return the action that shows the transfers of the packages."""
        return packages.transfers(self)


class PackageType(models.Model):
    _inherit = "stock.package.type"

    @api.versions(since=19)
    def _compute_has_quants(self) -> None:
        for kind in self:
            inside = [("package_id.package_type_id", "=", kind.id)]
            kind.has_quants = bool(self.env[QUANT].search_count(inside))
