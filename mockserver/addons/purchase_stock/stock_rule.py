"""stock.rule: rules that buy.

Source: 17.0; recorded in flow-cross-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Sequence

from mockserver import api, models
from mockserver.addons.purchase_stock import buying
from mockserver.addons.stock.procurements import Procurement
from mockserver.orm.records.environment import Recordset


class Rule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_buy(self, served: Sequence[tuple[Procurement, Recordset]]) -> None:
        """Ask vendors for what is needed: in their open requests for quotation, or in new ones."""
        by_domain: dict[str, list[buying.Need]] = {}
        for need in buying.with_entries(self.env, served):
            by_domain.setdefault(repr(buying.order_domain(need)), []).append(need)
        orders = self.env["purchase.order"].sudo()
        for needs in by_domain.values():
            order = orders.search(buying.order_domain(needs[0]), limit=1)
            if order:
                order.write({"origin": buying.origins(needs, order.origin or "")})
            else:
                wanted = [need for need in needs if need.asked.product_qty > 0]
                if not wanted:
                    continue
                quiet = orders.with_company(needs[0].company).with_context(mail_create_nosubscribe=True)
                order = orders.browse(quiet.create(buying.order_values(wanted)).id)
            for need in needs:
                _serve(order, need)


def _serve(order: Recordset, need: buying.Need) -> None:
    """Buy what is needed in a line of an order."""
    line = buying.line_for(order, need)
    if line:
        line.sudo().write(buying.more_of(line, need))
    elif need.asked.product_qty > 0:
        order.env["purchase.order.line"].sudo().create(buying.line_values(order, need))
        if need.start.date() < buying.moment(order.date_order).date():
            order.write({"date_order": str(need.start)})
