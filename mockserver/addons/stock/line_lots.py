"""The lots of lines that are moved: found or made by their names."""

from __future__ import annotations

from typing import Any

from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset


def assign(lines: Recordset) -> None:
    """Give lines of traced products their lots; raises UserError for lines that name none."""
    env = lines.env
    without: dict[int, Recordset] = {}
    named: list[Recordset] = []
    for line in lines:
        if line.product_id.tracking == "none" or line.lot_id:
            continue
        kind = line.move_id.picking_type_id
        if not kind:
            if not line.is_inventory:
                without[line.product_id.id] = line.product_id
        elif kind.use_create_lots and line.lot_name:
            named.append(line)
        elif kind.use_create_lots or kind.use_existing_lots:
            without[line.product_id.id] = line.product_id
    if without:
        rules = env.db.profile.rules
        names = [product.display_name for product in without.values()]
        raise UserError(env._(rules.lot_needed_text) + rules.lot_needed_bullet.join(["", *names]))
    for line in named:
        line.write({"lot_id": _lot(line).id})


def _lot(line: Recordset) -> Recordset:
    """Return the lot of a line's product with the name that the line gives, a new one if there is none."""
    lots = line.env[line._model.fields["lot_id"].comodel]
    product, name = line.product_id, line.lot_name
    found = lots.search([("product_id", "=", product.id), ("name", "=", name)], limit=1)
    if found:
        return found
    values: dict[str, Any] = {"product_id": product.id, "name": name}
    if line.env.db.profile.rules.lots_have_company:
        values["company_id"] = line.company_id.id
    made: Recordset = lots.create(values)
    return made
