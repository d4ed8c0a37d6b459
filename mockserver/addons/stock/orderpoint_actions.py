"""stock.warehouse.orderpoint: ordering what is missing, at once or by the scheduler.

Source: recorded in flow-cross-2 (17.0); 17.0, stock.
Differs: needs that no rule serves are not noted on the product by the scheduler.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.stock.procurements import Procurement
from mockserver.errors import RedirectWarning, UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

_SNOOZES = {"day": 1, "week": 7, "month": 30}


class OrderpointActions(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def action_replenish(self, force_to_max: bool = False) -> Any:
        """Order what is missing; return a notification of what was made, or False."""
        if force_to_max:
            for point in self:
                point.write({"qty_to_order": point._in_multiples(point.product_max_qty - point.qty_forecast)})
        before = self._latest_orders()
        try:
            self._procure_orderpoint_confirm(company=self.env.company)
        except UserError as error:
            if len(self) != 1:
                raise
            action = {
                "name": self.product_id.display_name,
                "type": "ir.actions.act_window",
                "res_model": "product.product",
                "res_id": self.product_id.id,
                "views": [(False, "form")],
                "context": {"form_view_initial_mode": "edit"},
            }
            raise RedirectWarning(str(error), action, self.env._("Edit Product")) from None
        notification = self._get_replenishment_order_notification(before) if len(self) == 1 else False
        if "qty_to_order_manual" in self:
            self.write({"qty_to_order_manual": 0.0})
        return notification

    def action_replenish_auto(self) -> Any:
        """Order what is missing, now and by the scheduler from now on."""
        self.write({"trigger": "auto"})
        return self.action_replenish()

    @api.versions(since=18)
    def action_remove_manual_qty_to_order(self) -> None:
        """Order what is wanted, not what somebody wrote."""
        self.write({"qty_to_order_manual": 0.0})

    def _latest_orders(self) -> Any:
        """Return what tells documents that are made from now on; modules that make some extend it."""
        return max(self.env.db.store.rows("stock.move"), default=0)

    def _get_replenishment_order_notification(self, before: Any) -> Any:
        """Return a notification of transfers between warehouses that were made; False for none."""
        moves = self.env["stock.move"].search([("orderpoint_id", "in", self.ids), ("id", ">", before)], limit=1)
        origin = moves.location_id
        between = origin.usage == "transit" or (origin.warehouse_id and origin.warehouse_id != self.warehouse_id)
        if not (moves.picking_id and between):
            return False
        return self._notification("The inter-warehouse transfers have been generated")

    def _notification(self, title: str, **more: Any) -> dict[str, Any]:
        params = {"title": self.env._(title), **more, "sticky": False}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _procure_orderpoint_confirm(self, company: Any = None, raise_user_error: bool = True) -> bool:
        """Ask the rules of stock for what is missing of each product."""
        needs = []
        points = self.with_company(company) if company else self
        for point in points:
            if compare(point.qty_to_order, 0.0, point.product_uom.rounding) > 0:
                needs.append(point._need())
        if needs:
            rules = self.env["stock.rule"].with_context({**self.env.context, "from_orderpoint": True})
            rules._run_procurements(needs, raise_user_error=raise_user_error)
        points._refresh()
        return True

    def _need(self) -> Procurement:
        """Return what is to be ordered, at the place of the rule."""
        origins = self.env.context.get("origins", {}).get(self.id)
        origin = f"{self.display_name} - {','.join(origins)}" if origins else self.name
        product, quantity, unit, company = self.product_id, self.qty_to_order, self.product_uom, self.company_id
        values = self._prepare_procurement_values(f"{self._lead_day()} 00:00:00")
        return Procurement(product, quantity, unit, self.location_id, self.name, origin, company, values)

    def _prepare_procurement_values(self, day: str) -> dict[str, Any]:
        """Return what is known of a need: when, by which way, and for which rule."""
        values = {
            "route_ids": self._route(),
            "date_planned": day,
            "date_deadline": day,
            "warehouse_id": self.warehouse_id,
            "orderpoint_id": self,
            "company_id": self.company_id,
        }
        if "group_id" in self:
            values["group_id"] = self.group_id
        return values

    def _refresh(self) -> None:
        """Compute anew what is to be ordered, where it is stored."""
        field = self._model.fields.get("qty_to_order_computed") or self._model.fields["qty_to_order"]
        if field.column:
            for point in self.exists():
                point.write({field.name: point._wanted()})

    def action_product_forecast_report(self) -> Any:
        """Return the action of the product's forecast."""
        return self.ensure_one().product_id.action_product_forecast_report()

    @api.model
    def action_open_orderpoints(self) -> dict[str, Any]:
        """Return the action that shows the rules."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replenishment"),
            "res_model": "stock.warehouse.orderpoint",
            "view_mode": f"{self.env.db.profile.rules.list_view},kanban,form",
            "context": {**self.env.context, "search_default_trigger": "manual"},
            "domain": [],
        }

    @api.versions(since=16)
    def action_stock_replenishment_info(self) -> dict[str, Any]:
        """Return the wizard that tells how a product is ordered."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replenishment Information for %s in %s")
            .replace("%s", self.product_id.display_name, 1)
            .replace("%s", self.warehouse_id.display_name, 1),
            "res_model": "stock.replenishment.info",
            "view_mode": "form",
            "target": "new",
            "context": {"default_orderpoint_id": self.id},
        }


class OrderpointRoutes(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    @api.versions(since=19)
    def _compute_effective_route_id(self) -> None:
        """The route of the rule, else the one by which goods come to its place."""
        for point in self:
            point.effective_route_id = point.route_id or point._rules()[:1].route_id

    @api.versions(since=19)
    def _compute_route_id_placeholder(self) -> None:
        for point in self:
            point.route_id_placeholder = point._rules()[:1].route_id.display_name or ""

    @api.versions(since=19)
    def _compute_allowed_replenishment_uom_ids(self) -> None:
        for point in self:
            product = point.product_id
            point.allowed_replenishment_uom_ids = product.uom_id | product.uom_ids

    @api.versions(since=19)
    def _compute_replenishment_uom_id_placeholder(self) -> None:
        for point in self:
            point.replenishment_uom_id_placeholder = ""

    @api.versions(since=19)
    def _compute_show_supply_warning(self) -> None:
        """Nothing brings the product."""
        for point in self:
            point.show_supply_warning = not point._rules()

    @api.versions(since=19)
    def _compute_deadline_date(self) -> None:
        """Today, where something is missing when goods that are ordered now come."""
        for point in self:
            missing = compare(point.qty_forecast, point.product_min_qty, point.product_uom.rounding) < 0
            point.deadline_date = self.env.db.clock.today().isoformat() if missing else False


class Snooze(models.TransientModel):
    _inherit = "stock.orderpoint.snooze"

    def action_snooze(self) -> None:
        """Let rules sleep until a day."""
        until = self.snoozed_until
        if not until and self.predefined_date in _SNOOZES:
            until = (self.env.db.clock.today() + timedelta(days=_SNOOZES[self.predefined_date])).isoformat()
        self.orderpoint_ids.write({"snoozed_until": until})


class RuleLeadDays(models.Model):
    _inherit = "stock.rule"

    def _get_lead_days(self, product: Recordset, **values: Any) -> int:
        """Return how many days goods need that come by these rules; modules with other rules extend it."""
        pulling = self.filtered(lambda rule: rule.action in ("pull", "pull_push"))
        return int(sum(pulling.mapped("delay")))

    @api.versions(since=19)
    @api.model
    def run_scheduler(self, use_new_cursor: bool = False, company_id: Any = False) -> dict[str, Any]:
        """Order what is missing, reserve for moves that wait, and tidy the quants."""
        run_scheduler(self, company_id)
        return {}


class ProcurementGroup(models.Model):
    _inherit = "procurement.group"

    @api.model
    def run_scheduler(self, use_new_cursor: bool = False, company_id: Any = False) -> dict[str, Any]:
        """Order what is missing, reserve for moves that wait, and tidy the quants."""
        run_scheduler(self, company_id)
        return {}


class SchedulerCompute(models.TransientModel):
    _inherit = "stock.scheduler.compute"
    _until = 17

    def procure_calculation(self) -> dict[str, Any]:
        """Run the scheduler for the companies of the user, at once rather than in the background."""
        for company in self.env.user.company_ids:
            run_scheduler(self, company.id)
        return {"type": "ir.actions.client", "tag": "reload"}


def run_scheduler(records: Recordset, company: Any) -> None:
    """Order what is missing by the rules that work by themselves, reserve for moves that wait, tidy the quants."""
    env = records.env.sudo()
    limit = [("company_id", "=", company)] if company else []
    points = env["stock.warehouse.orderpoint"].search(
        [("trigger", "=", "auto"), ("product_id.active", "=", True), *limit]
    )
    for one, of_company in points.grouped("company_id").items():
        of_company._procure_orderpoint_confirm(company=one, raise_user_error=False)
    waiting: list[Any] = [("state", "in", ["confirmed", "partially_available"]), ("product_uom_qty", "!=", 0.0)]
    moves = env["stock.move"]
    if "reservation_date" in moves:
        waiting.append(("reservation_date", "<=", env.db.clock.today().isoformat()))
    found = moves.search([*waiting, *limit], order="priority desc, date asc, id asc")
    if found:
        found._action_assign()
    env["stock.quant"]._quant_tasks()
