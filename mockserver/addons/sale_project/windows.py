"""Windows that show orders.  Inferred: their keys."""

from __future__ import annotations

from typing import Any

from mockserver.addons.base.windows import window
from mockserver.orm.records.environment import Environment, Recordset

CLOSE = {"type": "ir.actions.act_window_close"}


def order_window(env: Environment, orders: Recordset, context: dict[str, Any]) -> dict[str, Any]:
    """Return the window of one order as a form, of several as a list."""
    if len(orders) == 1:
        views = [(False, "form")]
        return window(env, "sale.order", "Sales Order", "form", views=views, context=context, res_id=orders.id)
    action = window(env, "sale.order", "Sales Orders", "list,form", domain=[("id", "in", orders.ids)], context=context)
    return {**action, "views": [(False, mode) for mode in str(action["view_mode"]).split(",")]}
