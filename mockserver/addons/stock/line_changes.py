"""What creating, changing and deleting lines of moves does to quants and moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.addons.stock import line_lots, storable, units
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset

_PLACES = ("location_id", "location_dest_id", "lot_id", "package_id", "result_package_id", "owner_id")
_NEGATIVE = "Reserving a negative quantity is not allowed."
_NO_NEGATIVE = "No negative quantities allowed"
_ROUNDING = (
    'The quantity done for the product "%s" doesn\'t respect the rounding precision defined on the unit of measure '
    '"%s". Please change the quantity done or the rounding precision of your unit of measure.'
)


def completed(lines: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values for a new line, with what it has from its move or its transfer."""
    env, found = lines.env, dict(vals)
    fields = lines._model.fields
    if vals.get("quant_id"):
        quant = env["stock.quant"].browse(vals["quant_id"])
        for name in ("product_id", "lot_id", "package_id", "location_id", "owner_id"):
            found[name] = quant[name].id
        if not found.get("quantity"):
            found["quantity"] = max(0.0, quant.quantity - quant.reserved_quantity)
    if vals.get("move_id"):
        move = env["stock.move"].browse(vals["move_id"])
        found["company_id"] = move.company_id.id
        found.setdefault("picking_id", move.picking_id.id)
        found.setdefault("product_id", move.product_id.id)
        if "picked" in fields:
            found.setdefault("picked", move.picked)
    elif vals.get("picking_id"):
        found["company_id"] = env["stock.picking"].browse(vals["picking_id"]).company_id.id
    return found


def find_moves(lines: Recordset) -> None:
    """Give lines that were made in a transfer the move of their product, or a new one."""
    for line in lines:
        if line.move_id or not line.picking_id:
            continue
        transfer = line.picking_id
        known = transfer._moves().filtered(lambda move, line=line: move.product_id == line.product_id)
        if known and transfer.state != "done":
            line.write({"move_id": known[0].id})
            continue
        move = line.env["stock.move"].create(_new_move(line))
        line.write({"move_id": move.id})


def _new_move(line: Recordset) -> dict[str, Any]:
    """Return the values of the move that a line without one makes."""
    transfer = line.picking_id
    values: dict[str, Any] = {
        "product_id": line.product_id.id, "product_uom": line.product_uom_id.id,
        "product_uom_qty": 0.0 if transfer and transfer.state != "done" else line.quantity,
        "description_picking": line.description_picking, "location_id": transfer.location_id.id,
        "location_dest_id": transfer.location_dest_id.id, "picking_id": transfer.id, "state": transfer.state,
        "picking_type_id": transfer.picking_type_id.id, "restrict_partner_id": transfer.owner_id.id,
        "company_id": transfer.company_id.id, "partner_id": transfer.partner_id.id,
        "name": line.env._("New Move:") + line.product_id.display_name, "picked": line.picked,
    }  # fmt: skip
    if transfer.state == "assigned":
        values["state"] = "assigned"
    fields = line.env["stock.move"]._model.fields
    return {name: value for name, value in values.items() if name in fields}


def reserve(lines: Recordset) -> Recordset:
    """Reserve what new lines take; return their moves."""
    moves: dict[int, None] = {}
    quants = lines.env["stock.quant"]
    for line in lines:
        quantity = line.quantity_product_uom
        move = line.move_id
        if not quantity or line.state == "done" or bypasses(line):
            continue
        quants._update_reserved_quantity(line.product_id, line.location_id, quantity, *line._places())
        if move:
            moves[move.id] = None
    return lines.env["stock.move"].browse(moves)


def bypasses(line: Recordset, location: Recordset | None = None) -> bool:
    """Return whether what a line takes need not be reserved."""
    place = line.location_id if location is None else location
    return not storable.is_stored(line.product_id) or bool(place.should_bypass_reservation())


def release(lines: Recordset) -> None:
    """Take back what lines have reserved."""
    quants = lines.env["stock.quant"]
    for line in lines:
        quantity = line.quantity_product_uom
        if quantity and line.state not in ("done", "cancel") and not bypasses(line):
            quants._update_reserved_quantity(line.product_id, line.location_id, -quantity, *line._places())


def applied(lines: Recordset, vals: Mapping[str, Any], write: Callable[[Mapping[str, Any]], bool]) -> bool:
    """Write values with `write`; keep quants and moves true to them."""
    changing = {name for name in (*_PLACES, "product_uom_id", "quantity", "quant_id") if name in vals}
    if not changing:
        return write(vals)
    if vals.get("quantity") is not None and vals["quantity"] < 0 and any(line.state != "done" for line in lines):
        raise UserError(lines.env._(_NEGATIVE))
    done = lines.filtered(lambda line: line.state == "done")
    if done and changing == {"quantity"}:
        asked = vals["quantity"]
        done = done.filtered(lambda line: bool(compare(line.quantity, asked, line.product_uom_id.rounding)))
    open_ = lines.filtered(lambda line: line.state not in ("done", "cancel"))
    release(open_)
    _carry(done, back=True)
    result = write(vals)
    if not lines.env.context.get("assigning_moves"):
        reserve(open_)
        open_.move_id._recompute_state()
    else:
        reserve(open_)
    _carry(done)
    reassign_next(done.move_id)
    return result


def move_at_once(lines: Recordset) -> None:
    """Move what new lines of done moves say."""
    if lines:
        _carry(lines)
        reassign_next(lines.move_id)


def reassign_next(moves: Recordset) -> None:
    """Reserve again for the moves that take what these have brought."""
    following = moves.move_dest_ids.filtered(lambda move: move.state not in ("done", "cancel"))
    if following:
        following._do_unreserve()
        following._action_assign()


def _carry(lines: Recordset, *, back: bool = False) -> None:
    """Change the quants at both ends of lines, or take that back."""
    quants = lines.env["stock.quant"]
    for line in lines:
        quantity = line.quantity_product_uom
        if not quantity or not storable.is_stored(line.product_id):
            continue
        product, (lot, package, owner) = line.product_id, line._places()
        into = line.result_package_id
        if back:
            _, since = quants._update_available_quantity(product, line.location_dest_id, -quantity, lot, into, owner)
            quants._update_available_quantity(product, line.location_id, quantity, lot, package, owner, since)
            continue
        left, since = quants._update_available_quantity(product, line.location_id, -quantity, lot, package, owner)
        quants._update_available_quantity(product, line.location_dest_id, quantity, lot, into, owner, since)
        if left < 0:
            free_reservations(line, -left)


def free_reservations(line: Recordset, quantity: float) -> None:
    """Unreserve other lines where a line has taken more than was free."""
    if bypasses(line):
        return
    env, product, missing = line.env, line.product_id, quantity
    lot, package, owner = (record.id for record in line._places())
    others = env["stock.move.line"].search([
        ("product_id", "=", product.id), ("location_id", "=", line.location_id.id),
        ("state", "not in", ["done", "cancel"]), ("quantity_product_uom", ">", 0.0), ("id", "!=", line.id),
        ("lot_id", "=", lot), ("package_id", "=", package), ("owner_id", "=", owner), ("picked", "=", False),
    ])  # fmt: skip
    others = others.sorted(lambda other: (other.picking_id == line.picking_id, other.move_id.date, -other.id))
    again: dict[int, None] = {}
    for other in others:
        if compare(missing, 0.0, product.uom_id.rounding) <= 0:
            break
        again[other.move_id.id] = None
        taken = other.quantity_product_uom
        if compare(taken, missing, product.uom_id.rounding) <= 0:
            missing -= taken
            other.unlink()
        else:
            kept = round_to(taken - missing, product.uom_id.rounding)
            other.write({"quantity": units.converted(product.uom_id, kept, other.product_uom_id)})
            missing = 0.0
    if again:
        env["stock.move"].browse(again)._action_assign()


def carry_out(lines: Recordset) -> None:
    """Check lines, give them their lots, forget the empty ones, and move what the others say."""
    env, smallest = lines.env, units.step(lines.env)
    empty: list[int] = []
    for line in lines:
        unit, quantity = line.product_uom_id, line.quantity
        if compare(round_to(quantity, unit.rounding), round_to(quantity, smallest), smallest):
            text = env._(_ROUNDING).replace("%s", line.product_id.display_name, 1)
            raise UserError(text.replace("%s", unit.name, 1))
        sign = compare(quantity, 0.0, unit.rounding)
        if sign < 0:
            raise UserError(env._(_NO_NEGATIVE))
        if not sign and not line.is_inventory:
            empty.append(line.id)
    kept = lines.browse(i for i in lines._ids if i not in set(empty))
    line_lots.assign(kept)
    lines.browse(empty).unlink()
    _unreserve_and_carry(kept)
    kept.write({"date": env.db.clock.now()})


def _unreserve_and_carry(lines: Iterable[Recordset]) -> None:
    for line in lines:
        release(line)
        _carry(line)
