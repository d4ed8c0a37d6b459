"""purchase.order: the figures above the list of orders, and what vendors are asked by mail.

Source: 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from mockserver import api, models
from mockserver.addons.mail.rendering.formats import format_amount
from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.fields.numbers import round_half_up
from mockserver.orm.records.environment import Recordset

_CONFIRMED = ("purchase", "done")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.model(until=18)
    def retrieve_dashboard(self) -> dict[str, Any]:
        """Return how many requests are to be sent, wait and are late, all and the user's own, and what was bought."""
        now, mine = self.env.db.clock.now(), [("user_id", "=", self.env.uid)]
        kinds: dict[str, list[Any]] = {
            "to_send": [("state", "=", "draft")],
            "waiting": [("state", "=", "sent"), ("date_order", ">=", now)],
            "late": [("state", "in", ["draft", "sent", "to approve"]), ("date_order", "<", now)],
        }
        counts = {}
        for kind, leaves in kinds.items():
            counts[f"all_{kind}"] = self.search_count(leaves)
            counts[f"my_{kind}"] = self.search_count([*leaves, *mine])
        currency = self.env.company.currency_id
        return {**counts, **_bought(self), "company_currency_symbol": currency.symbol}

    # -- what vendors are asked

    def get_confirm_url(self, confirm_type: str | None = None) -> str:
        """Return the address at which the vendor confirms the order or its date."""
        asked = ""
        if confirm_type in ("reminder", "reception"):
            planned = str(self.date_planned)[:10] if self.date_planned else False
            asked = "&" + urlencode({"confirm": confirm_type, "confirmed_date": planned})
        address: str = self.get_portal_url(query_string=asked)
        return address

    def get_update_url(self) -> str:
        """Return the address at which the vendor changes the dates of the order."""
        address: str = self.get_portal_url(query_string="&update=True")
        return address

    @api.versions(until=18)
    def confirm_reminder_mail(self, confirmed_date: Any = False) -> None:
        """Note that vendors confirmed the date of confirmed orders, once."""
        for order in self.filtered(lambda one: one.state in _CONFIRMED and not one.mail_reminder_confirmed):
            order.write({"mail_reminder_confirmed": True})
            day = confirmed_date or str(order.date_planned)[:10]
            text = self.env._("%s confirmed the receipt will take place on %s.")
            order.message_post(body=text.replace("%s", str(order.partner_id.name), 1).replace("%s", str(day), 1))

    @api.versions(since=16)
    def get_localized_date_planned(self, date_planned: Any = False) -> Any:
        """Return the planned time in the time zone of the buyer; False without one."""
        planned = date_planned or self.date_planned
        if not planned:
            return False
        zone = ZoneInfo(self.user_id.tz or self.company_id.partner_id.tz or "UTC")
        moment = datetime.fromisoformat(str(planned)).replace(tzinfo=timezone.utc)
        return moment.astimezone(zone).strftime(DATETIME_FORMAT)


def _bought(orders: Recordset) -> dict[str, Any]:
    """Return the requests sent in the last week, and means and sums of confirmed orders of the company."""
    env = orders.env
    company, start = env.company, (env.db.clock.moment() - timedelta(days=7)).strftime(DATETIME_FORMAT)
    found = orders.sudo().search([("state", "in", _CONFIRMED), ("company_id", "=", company.id)])
    amounts = {order.id: order.amount_total / (order.currency_rate or 1.0) for order in found}
    approved = found.filtered("date_approve")
    days = [_days(order.create_date, order.date_approve) for order in approved]
    week = sum(amounts[order.id] for order in approved if str(order.date_approve) >= start)
    mean = sum(amounts.values()) / len(amounts) if amounts else 0.0
    return {
        "all_avg_order_value": format_amount(env, mean, company.currency_id),
        "all_avg_days_to_purchase": round_half_up(sum(days) / len(days), 2) if days else 0,
        "all_total_last_7_days": format_amount(env, week, company.currency_id),
        "all_sent_rfqs": _sent(orders, start),
    }


def _sent(orders: Recordset, start: str) -> int:
    """Return how many messages say that a request of the company was sent since a time."""
    env = orders.env.sudo()
    kind = env.ref("purchase.mt_rfq_sent", raise_if_not_found=False)
    if not kind:
        return 0
    leaves = [("model", "=", orders._name), ("subtype_id", "=", kind.id), ("create_date", ">=", start)]
    ids = env["mail.message"].search([*leaves, ("message_type", "=", "notification")]).mapped("res_id")
    own = env[orders._name].search([("id", "in", ids), ("company_id", "=", orders.env.company.id)])
    return sum(id_ in own._ids for id_ in ids)


def _days(start: Any, end: Any) -> float:
    first, last = datetime.fromisoformat(str(start)[:19]), datetime.fromisoformat(str(end)[:19])
    return (last - first).total_seconds() / 86400
