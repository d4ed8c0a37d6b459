"""What documents ask of the rules of stock: a quantity of a product at a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockserver.orm.records.environment import Recordset


class Procurement(NamedTuple):
    """A quantity of a product that is wanted at a location; a negative one takes back what was asked for before.

    `values` says of which document it is, when it is needed (`date_planned`, `date_deadline`) and by which way it may
    come (`warehouse_id`, `route_ids`, `group_id`).
    """

    product_id: Recordset
    product_qty: float
    product_uom: Recordset
    location_id: Recordset
    name: str
    origin: str
    company_id: Recordset
    values: Mapping[str, Any]
