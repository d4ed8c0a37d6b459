"""What orders come to: the amounts of a line, and those of all lines, by the tax engine.

Source: recorded in flow-sale-1 and flow-purchase-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.addons.account import taxes as engine
from mockserver.addons.account.tax_groups import by_group
from mockserver.addons.account.tax_values import Method


def line_amounts(base: engine.BaseLine, method: Method, *, rounded: bool) -> tuple[float, float]:
    """Return what a line comes to without its taxes, and the taxes; `rounded`: also where totals are rounded once."""
    found = engine.compute_line(base, method)
    if not method.batches or (method.globally and rounded):
        whole = by_group([base], [found], method, {}).whole
        return whole.base, whole.amount
    return found.excluded, found.included - found.excluded


def order_amounts(bases: Sequence[engine.BaseLine], method: Method) -> tuple[float, float]:
    """Return what lines come to together without taxes, and the taxes."""
    whole = by_group(bases, [engine.compute_line(base, method) for base in bases], method, {}).whole
    return whole.base, whole.amount


def adds_up(method: Method) -> bool:
    """Return whether the totals of an order are the sums of its lines."""
    return not (method.globally or method.batches)
