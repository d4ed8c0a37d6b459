"""What a warehouse consists of: locations, kinds of transfers, routes and rules.

Source: recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0), and their base data.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mockserver.orm.records.environment import Recordset

# field: (name, end of the barcode)
LOCATIONS = {
    "lot_stock_id": ("Stock", "STOCK"),
    "wh_input_stock_loc_id": ("Input", "INPUT"),
    "wh_qc_stock_loc_id": ("Quality Control", "QUALITY"),
    "wh_output_stock_loc_id": ("Output", "OUTPUT"),
    "wh_pack_stock_loc_id": ("Packing Zone", "PACKING"),
}
ROUTE_NAMES = {
    "one_step": "Receive in 1 step (stock)",
    "two_steps": "Receive in 2 steps (input + stock)",
    "three_steps": "Receive in 3 steps (input + quality + stock)",
    "ship_only": "Deliver in 1 step (ship)",
    "pick_ship": "Deliver in 2 steps (pick + ship)",
    "pick_pack_ship": "Deliver in 3 steps (pick + pack + ship)",
    "crossdock": "Cross-Dock",
}


class Kind(NamedTuple):
    """A kind of transfer of a warehouse."""

    name: str
    code: str
    sequence_code: str
    sequence_name: str
    barcode: str  # the end of it, until 17


KINDS = {
    "in_type_id": Kind("Receipts", "incoming", "IN", "in", "RECEIPTS"),
    "out_type_id": Kind("Delivery Orders", "outgoing", "OUT", "out", "DELIVERY"),
    "pick_type_id": Kind("Pick", "internal", "PICK", "picking", "PICK"),
    "pack_type_id": Kind("Pack", "internal", "PACK", "packing", "PACK"),
    "qc_type_id": Kind("Quality Control", "internal", "QC", "quality control", "QC"),
    "store_type_id": Kind("Storage", "internal", "STOR", "storage", "STOR"),
    "int_type_id": Kind("Internal Transfers", "internal", "INT", "internal", "INTERNAL"),
    "xdock_type_id": Kind("Cross Dock", "internal", "XD", "cross dock", "XD"),
    "return_type_id": Kind("Returns", "incoming", "IN", "return", "RETURNS"),
}
# how far behind the last kind of the other warehouses each stands; where push rules send goods on there are more kinds
_ORDER = {
    "in_type_id": 1,
    "int_type_id": 2,
    "pick_type_id": 3,
    "pack_type_id": 4,
    "out_type_id": 5,
    "return_type_id": 6,
}
_PUSH_ORDER = {
    "in_type_id": 1, "qc_type_id": 2, "store_type_id": 3, "int_type_id": 4, "pick_type_id": 5, "pack_type_id": 6,
    "out_type_id": 7, "xdock_type_id": 8,
}  # fmt: skip


class Leg(NamedTuple):
    """A rule of a route: from where to where, by which kind of transfer, how."""

    source: Recordset
    target: Recordset
    kind: Recordset
    action: str


def kind_fields(warehouse: Recordset) -> list[str]:
    """Return the fields of the kinds of transfers that warehouses of this version have."""
    return [name for name in KINDS if name in warehouse._model.fields]


def place_in_order(warehouse: Recordset, field: str) -> int:
    """Return the place of a kind among those of its warehouse."""
    return (_PUSH_ORDER if "store_type_id" in warehouse._model.fields else _ORDER)[field]


def active_locations(reception: str, delivery: str) -> dict[str, bool]:
    """Return which locations a warehouse with these steps uses."""
    return {
        "lot_stock_id": True,
        "wh_input_stock_loc_id": reception != "one_step",
        "wh_qc_stock_loc_id": reception == "three_steps",
        "wh_output_stock_loc_id": delivery != "ship_only",
        "wh_pack_stock_loc_id": delivery == "pick_pack_ship",
    }


def kind_places(warehouse: Recordset) -> dict[str, dict[str, Any]]:
    """Return from where to where each kind of transfer goes, and whether it is used, by the steps of a warehouse."""
    reception, delivery = warehouse.reception_steps, warehouse.delivery_steps
    stock, pack, quality = warehouse.lot_stock_id, warehouse.wh_pack_stock_loc_id, warehouse.wh_qc_stock_loc_id
    coming = stock if reception == "one_step" else warehouse.wh_input_stock_loc_id
    going = stock if delivery == "ship_only" else warehouse.wh_output_stock_loc_id
    several = reception != "one_step" or delivery != "ship_only"
    customers, vendors = warehouse._partner_locations()
    rules = warehouse.env.db.profile.rules
    ends = rules.kinds_have_outer_places
    many = warehouse.env.user.has_group("stock.group_stock_multi_locations")
    packed = going if delivery != "ship_only" or ends else pack
    found: dict[str, dict[str, Any]] = {
        "in_type_id": {"source": vendors if ends else None, "target": coming},
        "out_type_id": {"source": going, "target": customers if ends else None},
        "pick_type_id": {
            "source": stock, "target": warehouse.wh_output_stock_loc_id if delivery == "pick_ship" else pack,
            "active": delivery != "ship_only",
        },
        "pack_type_id": {"source": pack, "target": packed, "active": delivery == "pick_pack_ship"},
        "qc_type_id": {
            "source": warehouse.wh_input_stock_loc_id, "target": quality, "active": reception == "three_steps",
        },
        "store_type_id": {
            "source": warehouse.wh_input_stock_loc_id if reception == "two_steps" else quality, "target": stock,
            "active": reception != "one_step",
        },
        "int_type_id": {"source": stock, "target": stock, "active": many or (several and not ends)},
        "xdock_type_id": {
            "source": warehouse.wh_input_stock_loc_id, "target": warehouse.wh_output_stock_loc_id,
            "active": reception != "one_step" and delivery != "ship_only",
        },
        "return_type_id": {"source": None, "target": coming},
    }  # fmt: skip
    return {name: found[name] for name in kind_fields(warehouse)}


def legs(warehouse: Recordset) -> dict[str, list[Leg]]:
    """Return the rules of each route of a warehouse; until 17 goods are pulled step by step, later pushed on."""
    stock, pack, output = warehouse.lot_stock_id, warehouse.wh_pack_stock_loc_id, warehouse.wh_output_stock_loc_id
    customers, _ = warehouse._partner_locations()
    pick, ship = warehouse.pick_type_id, warehouse.out_type_id
    found = _reception_legs(warehouse)
    if warehouse.env.db.profile.rules.pushed_when_done:
        found |= {
            "ship_only": [Leg(stock, customers, ship, "pull")],
            "pick_ship": [Leg(stock, customers, pick, "pull"), Leg(output, customers, ship, "push")],
            "pick_pack_ship": [
                Leg(stock, customers, pick, "pull"), Leg(pack, output, warehouse.pack_type_id, "push"),
                Leg(output, customers, ship, "push"),
            ],
            "crossdock": [Leg(warehouse.wh_input_stock_loc_id, output, warehouse.xdock_type_id, "push")],
        }  # fmt: skip
        return found
    found |= {
        "ship_only": [Leg(stock, customers, ship, "pull")],
        "pick_ship": [Leg(stock, output, pick, "pull"), Leg(output, customers, ship, "pull")],
        "pick_pack_ship": [
            Leg(stock, pack, pick, "pull"), Leg(pack, output, warehouse.pack_type_id, "pull"),
            Leg(output, customers, ship, "pull"),
        ],
        "crossdock": [
            Leg(warehouse.wh_input_stock_loc_id, output, warehouse.int_type_id, "pull"),
            Leg(output, customers, ship, "pull"),
        ],
    }  # fmt: skip
    return found


def _reception_legs(warehouse: Recordset) -> dict[str, list[Leg]]:
    stock, input_, quality = warehouse.lot_stock_id, warehouse.wh_input_stock_loc_id, warehouse.wh_qc_stock_loc_id
    _, vendors = warehouse._partner_locations()
    kind = warehouse.in_type_id
    if warehouse.env.db.profile.rules.pushed_when_done:
        first = [Leg(vendors, stock, kind, "pull")]
        store = warehouse.store_type_id
        found = {
            "one_step": first,
            "two_steps": [*first, Leg(input_, stock, store, "push")],
            "three_steps": [
                *first, Leg(input_, quality, warehouse.qc_type_id, "push"), Leg(quality, stock, store, "push"),
            ],
        }  # fmt: skip
    else:
        internal = warehouse.int_type_id
        found = {
            "one_step": [Leg(vendors, stock, kind, "pull")],
            "two_steps": [Leg(vendors, input_, kind, "pull"), Leg(input_, stock, internal, "pull_push")],
            "three_steps": [
                Leg(vendors, input_, kind, "pull"), Leg(input_, quality, internal, "pull_push"),
                Leg(quality, stock, internal, "pull_push"),
            ],
        }  # fmt: skip
    if warehouse._receives_by_orders():
        found = {step: [leg for leg in of_step if leg.source != vendors] for step, of_step in found.items()}
    return found
