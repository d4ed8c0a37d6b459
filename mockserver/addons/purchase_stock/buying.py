"""Requests for quotation that rules make: which vendor, which order, and which lines serve a need.

Source: 17.0; recorded in flow-cross-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mockserver.addons.product.vendors import entries_of, vendor_field
from mockserver.addons.purchase import offers
from mockserver.addons.purchase.names import taxes_field, unit_field, unit_of
from mockserver.addons.stock.procurements import Procurement
from mockserver.addons.uom.conversion import quantity_in
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset

_NO_VENDOR = (
    "There is no matching vendor price to generate the purchase order for product %s (no vendor defined, minimum"
    " quantity not reached, dates not valid, ...). Go on the product form and complete the list of vendors."
)


class Need(NamedTuple):
    """What is to be bought: by which rule, and by which entry of a vendor."""

    asked: Procurement
    rule: Recordset
    entry: Recordset

    @property
    def company(self) -> Recordset:
        company: Recordset = self.rule.company_id or self.asked.company_id
        return company

    @property
    def vendor(self) -> Recordset:
        vendor: Recordset = self.entry[vendor_field(self.entry.env)]
        return vendor

    @property
    def start(self) -> datetime:
        """Return when it must be ordered to be there in time."""
        return moment(self.asked.values["date_planned"]) - timedelta(days=int(self.entry.delay))


def moment(value: Any) -> datetime:
    """Return a date or time as a time."""
    return datetime.fromisoformat(str(value)[:19])


def with_entries(env: Environment, served: Sequence[tuple[Procurement, Recordset]]) -> list[Need]:
    """Return needs with the entries of vendors that serve them; raises UserError for those without one."""
    found, missing = [], []
    for asked, rule in served:
        entry = _entry(env, asked, rule)
        if entry:
            found.append(Need(asked, rule, entry))
        else:
            missing.append(env._(_NO_VENDOR).replace("%s", str(asked.product_id.display_name)))
    if missing:
        raise UserError("\n".join(missing))
    return found


def _entry(env: Environment, asked: Procurement, rule: Recordset) -> Recordset:
    """Return the entry that a need names, else the one that fits, else any of the product."""
    values, product = asked.values, asked.product_id
    point = values.get("orderpoint_id")
    named = values.get("supplierinfo_id") or (point and point.supplier_id)
    if named:
        return env["product.supplierinfo"].browse(named.id)
    company = rule.company_id or asked.company_id
    day = max(str(values["date_planned"])[:10], str(env.db.clock.today()))
    own = product.with_company(company)
    fitting: Recordset = own._select_seller(quantity=asked.product_qty, date=day, uom_id=asked.product_uom)
    return fitting or entries_of(own)[:1]


def order_domain(need: Need) -> list[Any]:
    """Return the domain of the requests for quotation that a need may join."""
    rule, vendor, env = need.rule, need.vendor, need.rule.env
    domain: list[Any] = [
        ("partner_id", "=", vendor.id), ("state", "=", "draft"), ("picking_type_id", "=", rule.picking_type_id.id),
        ("company_id", "=", need.company.id), ("user_id", "=", _buyer(vendor).id or False),
    ]  # fmt: skip
    merged = env["ir.config_parameter"].sudo().get_param("purchase_stock.delta_days_merge")
    if need.asked.values.get("orderpoint_id") and merged is not False:
        day, days = need.start.date(), timedelta(days=int(merged))
        domain += [("date_order", "<=", f"{day + days} 23:59:59"), ("date_order", ">=", f"{day - days} 00:00:00")]
    group = _group(need)
    if group:
        domain.append(("group_id", "=", group))
    if "group_rfq" in vendor._model.fields:
        domain += _joined_by(need)
    return domain


def _joined_by(need: Need) -> list[Any]:
    """Return which orders a need may join as its vendor wants it: those for the same document, day or week, or all.

    Source: what 19.0 answers to flow-cross-2.  Inferred: days and weeks; those of `group_on` are not moved to that day.
    """
    asked, by = need.asked.values, need.vendor.group_rfq
    if by == "default":
        references = asked.get("reference_ids")
        return [("reference_ids", "in", references.ids)] if references else []
    if by == "all":
        return []
    first = last = moment(asked["date_planned"]).date()
    if by == "week":
        first -= timedelta(days=first.weekday())
        last = first + timedelta(days=6)
    return [("date_planned", ">=", f"{first} 00:00:00"), ("date_planned", "<=", f"{last} 23:59:59")]


def _buyer(vendor: Recordset) -> Recordset:
    buyer: Recordset = vendor.buyer_id if "buyer_id" in vendor._model.fields else vendor.env["res.users"]
    return buyer


def _group(need: Need) -> int:
    """Return the procurement group that the rule gives to orders."""
    rule = need.rule
    if "group_propagation_option" not in rule._model.fields:
        return 0
    asked = need.asked.values.get("group_id")
    option = rule.group_propagation_option
    group = rule.group_id if option == "fixed" else asked if option == "propagate" else None
    return int(group.id) if group else 0


def order_values(needs: Sequence[Need]) -> dict[str, Any]:
    """Return the values of a new request for quotation for needs that share one."""
    first = needs[0]
    company, env = first.company, first.rule.env
    vendor = first.vendor.with_company(company)
    position = env["account.fiscal.position"].with_company(company)._get_fiscal_position(vendor)
    values = {
        "partner_id": vendor.id,
        "user_id": _buyer(vendor).id,
        "picking_type_id": first.rule.picking_type_id.id,
        "company_id": company.id,
        "currency_id": (vendor.property_purchase_currency_id or company.currency_id).id,
        "dest_address_id": first.asked.values.get("partner_id") or False,
        "origin": origins(needs),
        "payment_term_id": vendor.property_supplier_payment_term_id.id,
        "date_order": str(min(need.start for need in needs)),
        "fiscal_position_id": position.id,
    }
    if "group_id" in env["purchase.order"]._model.fields:
        values["group_id"] = _group(first)
    elif first.asked.values.get("reference_ids"):
        values["reference_ids"] = [(6, 0, first.asked.values["reference_ids"].ids)]
    return values


def origins(needs: Sequence[Need], known: str = "") -> str:
    """Return the documents that needs come from, after those that are known."""
    names = [*(name for name in known.split(", ") if name), *(need.asked.origin for need in needs if need.asked.origin)]
    return ", ".join(dict.fromkeys(names))


def line_values(order: Recordset, need: Need) -> dict[str, Any]:
    """Return the values of a new line for a need."""
    asked, product = need.asked, need.asked.product_id
    lines, unit = order.env["purchase.order.line"], offers.buying_unit(product)
    quantity = quantity_in(asked.product_uom, asked.product_qty, unit, method="HALF-UP")
    day = max(offers.day_of(order), str(order.env.db.clock.today()))
    own = product.with_company(need.company)
    seller = own._select_seller(partner_id=need.vendor, quantity=quantity, date=day, uom_id=unit)
    taxes = offers.mapped_taxes(order, product, order.fiscal_position_id)
    name = offers.description(order, product, seller or None)
    described = asked.values.get("product_description_variants")
    values = {
        "name": f"{name}\n{described}" if described and described != product.name else name,
        "product_qty": quantity,
        "product_id": product.id,
        unit_field(lines): unit.id,
        "price_unit": offers.seller_price(order, product, seller, unit, taxes) if seller else 0.0,
        "date_planned": str(moment(asked.values["date_planned"])),
        taxes_field(lines): [(6, 0, taxes.ids)],
        "order_id": order.id,
        "move_dest_ids": _demands(need),
        "orderpoint_id": _point(need).id,
        "propagate_cancel": need.rule.propagate_cancel,
        "product_description_variants": described,
    }
    if "discount" in lines._model.fields:
        values["discount"] = seller.discount if seller else 0.0
    return values


def more_of(line: Recordset, need: Need) -> dict[str, Any]:
    """Return the changes of a line that serves a need, too."""
    asked, order, unit = need.asked, line.order_id, unit_of(line)
    quantity = line.product_qty + quantity_in(asked.product_uom, asked.product_qty, unit, method="HALF-UP")
    own = line.product_id.with_company(need.company)
    seller = own._select_seller(partner_id=need.vendor, quantity=quantity, date=offers.day_of(order), uom_id=unit)
    taxes = line[taxes_field(line)]
    price = offers.seller_price(order, line.product_id, seller, unit, taxes) if seller else 0.0
    values = {"product_qty": quantity, "price_unit": price, "move_dest_ids": _demands(need)}
    return {**values, **({"orderpoint_id": _point(need).id} if _point(need) else {})}


def line_for(order: Recordset, need: Need) -> Recordset:
    """Return the line of an order that may serve a need, too."""
    asked, point = need.asked, _point(need)
    own = point if point and not asked.values.get("move_dest_ids") else None
    found: Recordset = order.order_line.filtered(
        lambda line: not line.display_type and line.product_id == asked.product_id
        and unit_of(line) == offers.buying_unit(asked.product_id)
        and bool(line.propagate_cancel) == bool(need.rule.propagate_cancel)
        and (own is None or line.orderpoint_id == own)
    )[:1]  # fmt: skip
    return found


def _point(need: Need) -> Recordset:
    point: Any = need.asked.values.get("orderpoint_id")
    return point or need.rule.env["stock.warehouse.orderpoint"]


def _demands(need: Need) -> list[Any]:
    moves = need.asked.values.get("move_dest_ids")
    return [(4, id_) for id_ in moves.ids] if moves else []
