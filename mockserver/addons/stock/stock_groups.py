"""procurement.group (until 18): the needs of one document; stock.route: the routes of products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver import api, models
from mockserver.addons.stock.procurements import Procurement, run


class ProcurementGroup(models.Model):
    _inherit = "procurement.group"

    @api.model
    def _default_name(self) -> Any:
        return self.env["ir.sequence"].sudo().next_by_code("procurement.group") or ""

    @api.model
    def run(self, needs: Sequence[Procurement], raise_user_error: bool = True) -> bool:
        """Serve needs by the rules of their routes."""
        run(self.env, needs, raise_user_error=raise_user_error)
        return True

    @api.model
    def run_scheduler(self, use_new_cursor: bool = False, company_id: Any = False) -> dict[str, Any]:
        """Reserve what is there for all moves that wait for it."""
        reserve_waiting(self.env["stock.move"], company_id)
        return {}


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model(since=19)
    def run_scheduler(self, use_new_cursor: bool = False, company_id: Any = False) -> dict[str, Any]:
        """Reserve what is there for all moves that wait for it."""
        reserve_waiting(self.env["stock.move"], company_id)
        return {}


class Orderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def _serves(self, move: Any) -> bool:
        """Return whether a move takes goods out of the place of one rule."""
        if move.product_id != self.product_id or move.company_id != self.company_id:
            return False
        place = self.location_id
        return bool(move.location_id._child_of(place) and not move.location_dest_id._child_of(place))


class StockRoute(models.Model):
    _inherit = "stock.route"

    @api.versions(since=16)
    def _compute_warehouse_domain_ids(self) -> None:
        for route in self:
            domain = [("company_id", "=", route.company_id.id)] if route.company_id else []
            route.warehouse_domain_ids = self.env["stock.warehouse"].search(domain)


def reserve_waiting(moves: Any, company_id: Any) -> None:
    """Reserve for all moves that wait, the most urgent first."""
    domain: list[Any] = [("state", "in", ["confirmed", "partially_available"]), ("product_uom_qty", "!=", 0.0)]
    if company_id:
        domain.append(("company_id", "=", company_id))
    today = str(moves.env.db.clock.today())
    found = moves.search(domain, order="priority desc, date asc, id asc")
    if "reservation_date" in moves._model.fields:
        found = found.filtered(lambda move: move.reservation_date and move.reservation_date <= today)
    found._action_assign()
