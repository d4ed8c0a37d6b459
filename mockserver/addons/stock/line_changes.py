"""What creating, changing and deleting lines of moves does to quants and moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.addons.stock import line_lots, units
from mockserver.addons.stock.facts import Facts, place_of
from mockserver.addons.stock.quant_changes import changing
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

LINE = "stock.move.line"
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
    """Reserve what lines take; return their moves."""
    moves: dict[int, None] = {}
    with changing(lines.env) as quants:
        for row in _reserving(lines):
            quants.reserve(place_of(row), row["quantity_product_uom"])
            if row.get("move_id"):
                moves[row["move_id"]] = None
    return lines.env["stock.move"].browse(moves)


def release(lines: Recordset) -> None:
    """Take back what lines have reserved."""
    with changing(lines.env) as quants:
        for row in _reserving(lines):
            quants.reserve(place_of(row), -row["quantity_product_uom"])


def _reserving(lines: Recordset) -> list[Row]:
    """Return the rows of the lines that reserve something."""
    facts, rows = Facts(lines.env), lines.env.db.store.rows(LINE)
    return [
        row for row in (rows[id_] for id_ in lines._ids)
        if row.get("quantity_product_uom") and row.get("state") not in ("done", "cancel")
        and row.get("product_id") and row.get("location_id")
        and not facts.unreserved(row["product_id"], row["location_id"])
    ]  # fmt: skip


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
    if lines.env.context.get("reserved_already"):
        return write(vals)
    open_ = lines.filtered(lambda line: line.state not in ("done", "cancel"))
    release(open_)
    _carry(done, back=True)
    result = write(vals)
    reserve(open_)
    if not lines.env.context.get("assigning_moves"):
        open_.move_id._recompute_state()
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


def _carry(lines: Recordset, *, back: bool = False, release: bool = False) -> None:
    """Change the quants at both ends of lines, or take that back; `release`: what the lines reserve, too."""
    if not lines:
        return
    facts, rows = Facts(lines.env), lines.env.db.store.rows(LINE)
    short: list[tuple[int, float]] = []
    with changing(lines.env) as quants:
        for id_ in lines._ids:
            row = rows[id_]
            quantity, product = row.get("quantity_product_uom") or 0.0, row["product_id"]
            if not quantity or not facts.stored(product):
                continue
            source, target = place_of(row), place_of(row, "location_dest_id", "result_package_id")
            if back:
                _, since = quants.add(target, -quantity)
                quants.add(source, quantity, since)
                continue
            if release and not facts.bypasses(source.location):
                quants.reserve(source, -quantity)
            left, since = quants.add(source, -quantity)
            quants.add(target, quantity, since)
            if left < 0 and not facts.bypasses(source.location):
                short.append((id_, -left))
    for id_, missing in short:
        free_reservations(lines.browse(id_), missing)


def free_reservations(line: Recordset, quantity: float) -> None:
    """Unreserve other lines where a line has taken more than was free."""
    env, product, missing = line.env, line.product_id, quantity
    lot, package, owner = (record.id for record in line._places())
    others = env["stock.move.line"].search([
        ("product_id", "=", product.id), ("location_id", "=", line.location_id.id),
        ("state", "not in", ["done", "cancel"]), ("quantity_product_uom", ">", 0.0), ("id", "!=", line.id),
        ("lot_id", "=", lot), ("package_id", "=", package), ("owner_id", "=", owner), ("picked", "=", False),
    ])  # fmt: skip
    others = others.sorted(lambda other: (other.picking_id == line.picking_id, -other.id))
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
    env, facts = lines.env, Facts(lines.env)
    rows = env.db.store.rows(LINE)
    empty: set[int] = set()
    for id_ in lines._ids:
        row = rows[id_]
        unit, quantity = row["product_uom_id"], row.get("quantity") or 0.0
        if compare(round_to(quantity, facts.rounding(unit)), round_to(quantity, facts.step), facts.step):
            text = env._(_ROUNDING).replace("%s", lines.browse(id_).product_id.display_name, 1)
            raise UserError(text.replace("%s", facts.unit(unit).name, 1))
        sign = facts.sign(quantity, unit)
        if sign < 0:
            raise UserError(env._(_NO_NEGATIVE))
        if not sign and not lines.browse(id_).is_inventory:
            empty.add(id_)
    kept = lines.browse(id_ for id_ in lines._ids if id_ not in empty)
    line_lots.assign(kept.filtered(lambda line: facts.tracking(line.product_id.id) != "none"))
    lines.browse(empty).unlink()
    _carry(kept, release=True)
    kept.write({"date": env.db.clock.now()})
