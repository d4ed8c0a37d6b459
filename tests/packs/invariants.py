"""What is always true of the business data of a database, whatever was done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mockserver.addons.account.line_rows import line_kind
from mockserver.orm.fields.numbers import round_half_up


def every_entry_is_balanced_and_the_sum_of_its_lines(env: Any) -> None:
    for move in env["account.move"].search([]):
        lines = move.line_ids
        assert round_half_up(sum(lines.mapped("debit")) - sum(lines.mapped("credit")), 2) == 0
        if move.move_type == "entry":
            continue  # has a total only
        due = lines.filtered(lambda line: line_kind(line) == "payment_term")
        assert round_half_up(abs(sum(due.mapped("balance"))) - abs(move.amount_total), 2) == 0
        assert round_half_up(move.amount_untaxed + move.amount_tax - move.amount_total, 2) == 0
        if move.state == "draft":
            prices = move.invoice_line_ids.mapped("price_subtotal")
            assert round_half_up(sum(prices) - move.amount_untaxed, 2) == 0
        assert set(lines.mapped("parent_state")) <= {move.state}


def what_is_left_of_lines_is_what_is_not_reconciled(env: Any) -> None:
    reconciled: Counter[int] = Counter()
    for part in env["account.partial.reconcile"].search([]):
        reconciled[part.debit_move_id.id] += part.amount
        reconciled[part.credit_move_id.id] -= part.amount
    for line in env["account.move.line"].search([("account_id.reconcile", "=", True), ("parent_state", "=", "posted")]):
        assert round_half_up(line.amount_residual - (line.balance - reconciled[line.id]), 2) == 0


def quants_are_the_sum_of_what_was_moved(env: Any) -> None:
    done = "quantity_product_uom" if "quantity_product_uom" in env["stock.move.line"] else "qty_done"
    moved: Counter[tuple[int, int]] = Counter()
    for line in env["stock.move.line"].search([("state", "=", "done"), ("product_id", "in", _stored(env))]):
        moved[line.product_id.id, line.location_id.id] -= line[done]
        moved[line.product_id.id, line.location_dest_id.id] += line[done]
    held: Counter[tuple[int, int]] = Counter()
    for quant in env["stock.quant"].search([]):
        held[quant.product_id.id, quant.location_id.id] += quant.quantity
    assert _amounts(moved) == _amounts(held)


def _amounts(sums: Mapping[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    """Return the sums that are not 0, without the errors of adding fractions."""
    return {key: amount for key, value in sums.items() if (amount := round_half_up(value, 6))}


def _stored(env: Any) -> list[int]:
    """Return the ids of the products that are kept in stock."""
    kept = ("is_storable", "=", True) if "is_storable" in env["product.product"] else ("type", "=", "product")
    ids: list[int] = env["product.product"].with_context(active_test=False).search([kept]).ids
    return ids


def quants_reserve_what_open_lines_take(env: Any, *, forced: bool = False) -> None:
    """`forced`: somebody took more than there is."""
    lines = env["stock.move.line"]
    kept = ("quantity_product_uom", "product_qty")
    reserves = next(name for name in (kept[0], "reserved_qty", kept[1]) if name in lines)
    taken: Counter[tuple[int, int]] = Counter()
    for line in lines.search([("state", "not in", ["done", "cancel"]), ("product_id", "in", _stored(env))]):
        if line.location_id.usage == "internal":
            taken[line.product_id.id, line.location_id.id] += line[reserves]
    reserved: Counter[tuple[int, int]] = Counter()
    for quant in env["stock.quant"].search([]):
        reserved[quant.product_id.id, quant.location_id.id] += quant.reserved_quantity
        if not forced and quant.location_id.usage == "internal":
            assert 0 <= quant.reserved_quantity <= quant.quantity
    assert +taken == +reserved


def transfers_are_in_the_states_of_their_moves(env: Any) -> None:
    for transfer in env["stock.picking"].search([]):
        states = set(
            transfer.move_ids.mapped("state") if "move_ids" in transfer else transfer.move_lines.mapped("state")
        )
        if transfer.state == "done":
            assert states <= {"done", "cancel"}
            assert transfer.date_done
        elif transfer.state == "cancel":
            assert states <= {"cancel"}
        else:
            assert not states or states & {"draft", "waiting", "confirmed", "partially_available", "assigned"}


def invoiced_quantities(invoices: Any) -> dict[int, float]:
    """Return what invoices hold of order lines, less what credit notes give back."""
    found: dict[int, float] = {}
    for item in invoices.invoice_line_ids:
        sign = -1 if item.move_id.move_type == "out_refund" else 1
        for line in item.sale_line_ids:
            found[line.id] = found.get(line.id, 0) + sign * item.quantity
    return found


def invoices_hold_what_is_invoiced(env: Any) -> None:
    for order in env["sale.order"].search([]):
        found = invoiced_quantities(order.invoice_ids.filtered(lambda move: move.state != "cancel"))
        for line in order.order_line:
            assert line.qty_invoiced == found.get(line.id, 0)


def what_is_ordered_is_delivered_or_open(env: Any) -> None:
    for line in env["sale.order.line"].search([("state", "=", "sale"), ("qty_delivered_method", "=", "stock_move")]):
        waiting = line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        assert line.product_uom_qty == line.qty_delivered + sum(waiting.mapped("product_uom_qty"))
