"""What is true of packages of every version: where they are, whose they are, and how they are taken apart.

Source: 17.0, stock.
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.stock.check_digits import is_checked
from mockserver.orm.records.environment import Recordset


def compute_place(packages: Recordset) -> None:
    """Set the location of packages with goods in them, and the company that all the goods are of."""
    for package in packages:
        goods = package.quant_ids.filtered(lambda quant: quant.quantity > 0)
        companies = {quant.company_id.id for quant in package.quant_ids}
        package.location_id = goods[0].location_id if goods else False
        package.company_id = goods[0].company_id if goods and len(companies) == 1 else False


def compute_owner(packages: Recordset) -> None:
    """Set the owner of packages whose goods are all of one."""
    for package in packages:
        owners = {quant.owner_id.id for quant in package.quant_ids}
        package.owner_id = owners.pop() if len(owners) == 1 else False


def of_owner(packages: Recordset, operator: str, value: Any) -> list[Any]:
    """Return the domain of the packages with goods of an owner."""
    quants = packages.env["stock.quant"].search([("owner_id", operator, value), ("package_id", "!=", False)])
    return [("id", "in", quants.package_id.ids)]


def compute_valid_sscc(packages: Recordset) -> None:
    """Tell which names are serial shipping container codes, of eighteen digits."""
    for package in packages:
        name = str(package.name or "")
        package.valid_sscc = len(name) == 18 and is_checked(name)


def unpack(packages: Recordset) -> None:
    """Take the goods out of packages."""
    env = packages.env
    if env.db.profile.rules.unpacked_by_moves:
        packages.quant_ids.move_quants(message=env._("Quantities unpacked"), unpack=True)
    else:
        reserved = [("package_id", "in", packages.ids), ("state", "in", ("assigned", "partially_available"))]
        env["stock.move.line"].search(reserved).write({"package_id": False})
        packages.quant_ids._unguarded().write({"package_id": False})
    env["stock.quant"]._quant_tasks()


def transfers(packages: Recordset) -> dict[str, Any]:
    """Return the action that shows the transfers of packages."""
    ids = packages.ids
    moved = ["|", ("result_package_id", "in", ids), ("package_id", "in", ids)]
    lines = packages.env["stock.move.line"].search(moved)
    return {
        "type": "ir.actions.act_window",
        "name": packages.env._("Transfers"),
        "res_model": "stock.picking",
        "view_mode": f"{packages.env.db.profile.rules.list_view},form",
        "domain": [("id", "in", lines.picking_id.ids)],
    }
