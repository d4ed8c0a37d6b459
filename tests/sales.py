"""A small database of sales, customers and tags, built by hand, and some calls on it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from mockserver import api, models, profiles
from mockserver.addons import summaries
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import Model
from mockserver.seed import classes


class StillClock(Clock):
    """A clock that stands still, with tokens of zeros."""

    def moment(self) -> datetime:
        return datetime(2024, 5, 1, 12, tzinfo=timezone.utc)

    def token(self, length: int = 40) -> str:
        return "0" * length


CUSTOMER = Model.define(
    "shop.customer",
    {
        "name": {"type": "char", "required": True},
        "rank": {"type": "integer"},
        "code": {"type": "char", "string": "Code"},
        "sale_ids": {"type": "one2many", "string": "Sales", "relation": "shop.sale", "relation_field": "customer_id"},
    },
    description="Customer",
    order="rank desc, id",
    constraints=[{"name": "code_uniq", "unique": ["code"], "message": "The code is taken!"}],
)
TAG = Model.define("shop.tag", {"name": {"type": "char"}, "active": {"type": "boolean"}}, defaults={"active": True})
SALE = Model.define(
    "shop.sale",
    {
        "name": {"type": "char"},
        "amount": {"type": "float"},
        "price": {"type": "float", "digits": [16, 2]},
        "quantity": {"type": "integer", "string": "Quantity"},
        "day": {"type": "date", "string": "Day"},
        "at": {"type": "datetime", "string": "At"},
        "state": {"type": "selection", "string": "State", "selection": [["n", "New"], ["d", "Done"]]},
        "customer_id": {"type": "many2one", "string": "Customer", "relation": "shop.customer"},
        "tag_ids": {"type": "many2many", "string": "Tags", "relation": "shop.tag"},
        "paid": {"type": "boolean", "string": "Paid"},
        "about": {"type": "reference", "selection": [["shop.customer", "Customer"]]},
        "doubled": {"type": "integer", "readonly": True, "depends": ["quantity"]},
        "tripled": {"type": "integer", "store": False, "readonly": True},
        "notes": {"type": "properties"},
        "picture": {"type": "binary"},
    },
    description="Sale",
    defaults={"state": "n", "quantity": 1},
)
DETAIL = Model.define(
    "shop.sale.detail",
    {"sale_id": {"type": "many2one", "relation": "shop.sale", "required": True}, "size": {"type": "integer"}},
    inherits={"shop.sale": "sale_id"},
)
DATA = Model.define(
    "ir.model.data",
    {
        "name": {"type": "char", "required": True},
        "module": {"type": "char"},
        "model": {"type": "char"},
        "res_id": {"type": "many2one_reference", "relation_field": "model"},
        "noupdate": {"type": "boolean"},
    },
)
LANG = Model.define(
    "res.lang",
    {"code": {"type": "char"}, "active": {"type": "boolean"}, "week_start": {"type": "char"}},
)


class Sale(models.Model):
    _inherit = "shop.sale"

    @api.depends("quantity")
    def _compute_doubled(self) -> None:
        for sale in self:
            sale.doubled = 2 * sale.quantity

    def _compute_tripled(self) -> None:
        for sale in self:
            sale.tripled = 3 * sale.quantity


def sales(profile: str = "odoo-17.0") -> Environment:
    """The environment of the superuser in a database with six sales, S0 to S5."""
    database = Database("sales", profiles.get(profile), StillClock())
    database.add_model(CUSTOMER, TAG, SALE, DETAIL, DATA, LANG)
    classes.attach(database, [summaries.of_class(Sale)])
    env = database.env()
    for code, week_start in (("en_US", "7"), ("de_DE", "1")):
        database.store.insert("res.lang", {"code": code, "active": True, "week_start": week_start})
    one = env["shop.customer"].create({"name": "One", "rank": 1})
    two = env["shop.customer"].create({"name": "Two", "rank": 2})
    red, blue = env["shop.tag"].create({"name": "Red"}), env["shop.tag"].create({"name": "Blue"})
    rows: list[tuple[Any, ...]] = [
        (10.5, 1, "2024-01-05", "2024-01-05 10:00:00", "n", one.id, [red.id], True),
        (20.0, 2, "2024-01-20", "2024-01-20 23:30:00", "d", one.id, [red.id, blue.id], False),
        (5.25, 3, "2024-02-01", "2024-02-01 00:00:00", "d", two.id, [], True),
        (0, 0, False, False, False, False, [], False),
        (7.75, 4, "2025-02-03", "2025-02-03 12:00:00", "n", two.id, [blue.id], True),
        (100, 5, "2024-02-29", "2024-02-29 08:00:00", "n", False, [], False),
    ]
    names = ("amount", "quantity", "day", "at", "state", "customer_id", "tag_ids", "paid")
    for number, row in enumerate(rows):
        env["shop.sale"].create({"name": f"S{number}", **dict(zip(names, row, strict=True))})
    return env
