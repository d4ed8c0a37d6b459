"""analytic.mixin: what all lines have that are shared out to analytic accounts.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver import api, models
from mockserver.orm.fields.numbers import round_half_up

_PLACES = 2


class AnalyticMixin(models.AbstractModel):
    """Lines with an analytic distribution, whose percentages are kept as rounded floats."""

    _inherit = "analytic.mixin"

    @api.model_create_multi
    def create(self, vals_list: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Any:
        """Create the lines."""
        if isinstance(vals_list, Mapping):
            return super().create(_rounded(vals_list))
        return super().create([_rounded(vals) for vals in vals_list])

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Write the values."""
        return bool(super().write(_rounded(vals)))


def _rounded(vals: Mapping[str, Any]) -> Mapping[str, Any]:
    distribution = vals.get("analytic_distribution")
    if not isinstance(distribution, Mapping):
        return vals
    parts = {
        key: round_half_up(float(part), _PLACES) if isinstance(part, int | float) else part
        for key, part in distribution.items()
    }
    return {**vals, "analytic_distribution": parts}
