"""stock.replenishment.info and its options: the warehouses from which a rule may order.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.windows import window

if TYPE_CHECKING:
    from typing_extensions import Self

_CLOSE = {"type": "ir.actions.act_window_close"}
_TOO_LITTLE = (
    "{warehouse} can only provide {free} {unit}, while the quantity to order is {wanted} {unit}."
)  # fmt: skip


class ReplenishmentInfo(models.TransientModel):
    _inherit = "stock.replenishment.info"
    _since = 16

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create wizards, with an option for each route that supplies the warehouse."""
        made = super().create(vals_list)
        for info in made:
            for route in info.warehouseinfo_ids:
                self.env["stock.replenishment.option"].create(
                    {"product_id": info.product_id.id, "route_id": route.id, "replenishment_info_id": info.id}
                )
        return made

    def _compute_wh_replenishment_option_ids(self) -> None:
        """Those of which most is free come first."""
        for info in self:
            found = self.env["stock.replenishment.option"].search([("replenishment_info_id", "=", info.id)])
            info.wh_replenishment_option_ids = found.sorted(lambda option: -option.free_qty)


class ReplenishmentOption(models.TransientModel):
    _inherit = "stock.replenishment.option"
    _since = 16

    def _compute_free_qty(self) -> None:
        for option in self:
            product = option.product_id.with_context(location=option.location_id.id)
            option.free_qty = product.free_qty if option.location_id else 0.0

    def _compute_lead_time(self) -> None:
        for option in self:
            rules = option.route_id.rule_ids.filtered(lambda rule: rule.action != "push")
            option.lead_time = self.env._("%s days").replace("%s", str(int(sum(rules.mapped("delay")))))

    def _compute_warning_message(self) -> None:
        for option in self:
            text = _TOO_LITTLE.format(
                warehouse=option.warehouse_id.name, free=option.free_qty, unit=option.uom, wanted=option.qty_to_order
            )
            option.warning_message = text if option.free_qty < option.qty_to_order else ""

    def select_route(self) -> dict[str, Any]:
        """Let the rule order by the route; return the window that warns if less is free than that."""
        self.ensure_one()
        if self.free_qty < self.qty_to_order:
            views = [[False, "form"]]
            name = "Quantity available too low"
            return window(self.env, self._name, name, views=views, target="new", res_id=self.id)
        return self.order_all()

    def order_avbl(self) -> dict[str, Any]:
        """Let the rule order by the route what is free."""
        self._point().write({"route_id": self.route_id.id, "qty_to_order": self.free_qty})
        return _CLOSE

    def order_all(self) -> dict[str, Any]:
        """Let the rule order by the route what is missing."""
        self._point().write({"route_id": self.route_id.id})
        return _CLOSE

    def _point(self) -> Any:
        return self.ensure_one().replenishment_info_id.orderpoint_id
