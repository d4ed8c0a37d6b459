"""stock.location: when its goods are to be counted, and what may not change while it has goods.

Source: recorded in flow-stock-2 (17.0); 17.0, stock.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

_COUNTED = ("internal", "transit")


class LocationCounting(models.Model):
    _inherit = "stock.location"

    @api.versions(since=16)
    def _compute_next_inventory_date(self) -> None:
        """Some days after the last count, where the goods are counted regularly."""
        today = self.env.db.clock.today()
        for location in self:
            days = location.cyclic_inventory_frequency
            following: Any = False
            if location.company_id and location.usage in _COUNTED and days > 0:
                last = location.last_inventory_date
                try:
                    following = (date.fromisoformat(last) if last else today) + timedelta(days=days)
                except OverflowError:
                    text = "The selected Inventory Frequency (Days) creates a date too far into the future."
                    raise UserError(self.env._(text)) from None
                if last and following <= today:
                    following = today + timedelta(days=1)
            location.next_inventory_date = following.isoformat() if following else False

    def _get_next_inventory_date(self) -> Any:
        """Return the day of the next count: the location's own, else that of the company's annual inventory."""
        if self.usage not in _COUNTED:
            return False
        company = self.company_id
        if self.next_inventory_date or not company.annual_inventory_month:
            return self.next_inventory_date
        today, month = self.env.db.clock.today(), int(company.annual_inventory_month)
        following = _day_of(today.year, month, company)
        if following <= today:
            following = _day_of(today.year + 1, month, company)
        return following.isoformat()


def _day_of(year: int, month: int, company: Recordset) -> date:
    """Return the day of the annual inventory in a year; the last of the month where it has not that many days."""
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(max(company.annual_inventory_day, 1), last))
