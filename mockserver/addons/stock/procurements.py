"""What documents ask of the rules of stock: a quantity of a product at a place; and how rules serve it.

`run` finds for each need the rule that brings the product to its place, and lets the rules serve theirs together:
`_run_pull` of stock.rule makes moves; other modules override the method of a further action, such as `_run_buy`.

Source: recorded in flow-cross-1, flow-cross-2, flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mockserver.addons.stock.facts import Facts
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset

_COMPLETE = ("company_id", "priority", "date_planned")
_NO_RULE = (
    'No rule has been found to replenish "{product}" in "{location}".\nVerify the routes configuration on the product.'
)


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


def run(env: Environment, needs: Iterable[Procurement], *, raise_user_error: bool = True) -> None:
    """Serve needs by the rules of their routes; raises UserError for those that no rule serves."""
    rules = env["stock.rule"].sudo()
    by_action: dict[str, list[tuple[Procurement, Recordset]]] = {}
    unserved: list[str] = []
    # the rules of needs that are alike, such as those of one order, with what they do
    found: dict[tuple[Any, ...], tuple[Recordset, str]] = {}
    products: dict[int, _Product] = {}
    facts = Facts(env)
    for need in needs:
        id_ = need.product_id.id
        product = products.get(id_) or products.setdefault(id_, _known(need.product_id))
        if not product.is_goods or not facts.sign(need.product_qty, need.product_uom.id):
            continue
        if not all(map(need.values.get, _COMPLETE)):
            need = need._replace(values=_complete(env, need))
        alike = _what_decides(need, product)
        if alike not in found:
            rule = rules._get_rule(need.product_id, need.location_id, need.values)
            found[alike] = rule, "pull" if rule.action == "pull_push" else rule.action
        rule, action = found[alike]
        if not rule:
            names = {"product": need.product_id.display_name, "location": need.location_id.display_name}
            unserved.append(env._(_NO_RULE, **names))
            continue
        by_action.setdefault(action, []).append((need, rule))
    if unserved and raise_user_error:
        raise UserError("\n".join(unserved))
    for action, served in by_action.items():
        rules._run_action(action, served)


class _Product(NamedTuple):
    """What of a product decides by which rule it comes."""

    is_goods: bool
    routes: tuple[int, ...]
    category: tuple[int, ...]


def _known(product: Recordset) -> _Product:
    return _Product(product.type in ("consu", "product"), product.route_ids._ids, product.categ_id._ids)


def _what_decides(need: Procurement, product: _Product) -> tuple[Any, ...]:
    """Return what the rule of a need depends on."""
    given = map(need.values.get, ("route_ids", "product_packaging_id", "warehouse_id", "company_id"))
    return (need.location_id._ids, product.routes, product.category, *[getattr(one, "_ids", None) for one in given])


def _complete(env: Environment, need: Procurement) -> dict[str, Any]:
    values = dict(need.values)
    values.setdefault("company_id", need.company_id or need.location_id.company_id)
    values.setdefault("priority", "0")
    if not values.get("date_planned"):
        values["date_planned"] = env.db.clock.now()
    return values
