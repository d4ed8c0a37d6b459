"""stock.quant: groups of quants with what is available and what would be counted, which are sums of stored quantities.

Source: 17.0, stock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver import api, models

_AVAILABLE, _AT_ONCE = "available_quantity", "inventory_quantity_auto_apply"
_SUMS = {_AVAILABLE: ("quantity", "reserved_quantity"), _AT_ONCE: ("quantity",)}


class QuantGroups(models.Model):
    _inherit = "stock.quant"

    @api.model(until=19)
    def read_group(
        self,
        domain: Any,
        fields: Sequence[str],
        groupby: str | Sequence[str],
        offset: Any = 0,
        limit: Any = None,
        orderby: Any = False,
        lazy: bool = True,
    ) -> list[dict[str, Any]]:
        """Return the groups; a report of the stock counts nothing."""
        asked = [name for name in _SUMS if name in fields]
        stored = [name for name in fields if name not in asked]
        stored += [name for derived in asked for name in _SUMS[derived] if name not in stored]
        found: list[dict[str, Any]] = super().read_group(
            domain, list(dict.fromkeys(stored)), groupby, offset, limit, orderby, lazy
        )
        for group in found:
            if self.env.context.get("inventory_report_mode"):
                group["inventory_quantity"] = False
            for name in asked:
                amounts = [group.get(part) or 0.0 for part in _SUMS[name]]
                group[name] = amounts[0] - sum(amounts[1:])
        return found
