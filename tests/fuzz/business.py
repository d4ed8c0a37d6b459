"""What is always true of business documents that were made by walks, whose values are those that users enter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mockserver.orm.fields.numbers import round_half_up
from tests.packs import invariants


def broken(env: Any) -> Iterator[tuple[str, str]]:
    """Yield the names of invariants that do not hold, with what is known of it."""
    for check, models in CHECKS.items():
        if all(model in env for model in models):
            try:
                check(env)
            except AssertionError as error:
                yield check.__name__, str(error)


def orders_are_the_sum_of_their_lines(env: Any) -> None:
    for model in ("sale.order", "purchase.order"):
        for order in env[model].search([]):
            subtotals = sum(order.order_line.mapped("price_subtotal"))
            # a company that rounds globally sums what is not rounded; lines that were made in another currency stay
            # as they are, while the order is rounded as its own currency is
            globally = order.company_id.tax_calculation_rounding_method == "round_globally"
            rounding = order.currency_id.rounding
            most = rounding * len(order.order_line) if globally or rounding > 0.01 else 0
            assert abs(round_half_up(subtotals - order.amount_untaxed, 2)) <= most, (order, subtotals)
            # each of the three is rounded by itself
            parts = round_half_up(order.amount_untaxed + order.amount_tax - order.amount_total, 2)
            assert abs(parts) <= (rounding if rounding > 0.01 else 0), order


def entries_are_balanced(env: Any) -> None:
    for move in env["account.move"].search([]):
        lines = move.line_ids
        difference = round_half_up(sum(lines.mapped("debit")) - sum(lines.mapped("credit")), 2)
        assert difference == 0, (move, move.state, difference)


CHECKS: dict[Callable[[Any], None], tuple[str, ...]] = {
    orders_are_the_sum_of_their_lines: ("sale.order", "purchase.order"),
    entries_are_balanced: ("account.move",),
    invariants.transfers_are_in_the_states_of_their_moves: ("stock.picking",),
    invariants.quants_are_the_sum_of_what_was_moved: ("stock.quant",),
}
