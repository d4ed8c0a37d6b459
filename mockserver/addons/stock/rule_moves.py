"""The values of the moves by which a rule serves needs; what its moves have in common is found once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mockserver.addons.stock.procurements import Procurement
from mockserver.addons.stock.product_descriptions import Descriptions
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

_NO_SOURCE = "No source location defined on stock rule: {name}!"


class RuleMoves:
    """Makes the values of the moves of one rule; `texts` keeps those of products."""

    def __init__(self, rule: Recordset, texts: Descriptions) -> None:
        env, row = rule.env, rule._rows()[0]
        if not row.get("location_src_id"):
            raise UserError(env._(_NO_SOURCE, name=rule.name))
        self.rule, self._row, self._texts = rule, row, texts
        self._fields = env["stock.move"]._model.fields
        self._kind, self._delay = rule.picking_type_id, row.get("delay") or 0
        source = env.db.store.rows("stock.location")[row["location_src_id"]]
        self._company = row.get("company_id") or source.get("company_id")
        self._same = {
            "location_id": source["id"], "rule_id": row["id"], "procure_method": row.get("procure_method"),
            "picking_type_id": row.get("picking_type_id") or False, "warehouse_id": _supplying_warehouse(rule),
            "propagate_cancel": bool(row.get("propagate_cancel")),
        }  # fmt: skip
        self._custom = rule._get_custom_move_fields()
        self._targets: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._partners: dict[tuple[int, ...], Any] = {}

    def values(self, need: Procurement) -> dict[str, Any]:
        """Return the values of the move that serves a need."""
        values, product, fields = need.values, need.product_id, self._fields
        deadline, following = values.get("date_deadline"), values.get("move_dest_ids")
        chained = following and not self.rule._target().should_bypass_reservation()
        description = "" if fields["description_picking"].compute else self._texts.of(product, self._kind)
        found: dict[str, Any] = {
            **self._same, **self._target(need), "name": (need.name or "")[:2000], "product_id": product._ids[0],
            "product_uom": need.product_uom.id, "company_id": self._company or need.company_id.id,
            "product_uom_qty": need.product_qty,
            "move_dest_ids": [(4, id_) for id_ in following.ids] if following and chained else [],
            "partner_id": self._partner(need), "origin": need.origin, "priority": values.get("priority", "0"),
            "route_ids": [(4, id_) for id_ in (values.get("route_ids") or self.rule.browse())._ids],
            "date": earlier(values["date_planned"], self._delay),
            "date_deadline": earlier(deadline, self._delay) if deadline else False,
            "orderpoint_id": _id(values.get("orderpoint_id")),
            "description_picking": description + (values.get("product_description_variants") or "") or None,
            "product_packaging_id": _id(values.get("product_packaging_id")),
        }  # fmt: skip
        if "group_id" in fields:
            found["group_id"] = self._group(values.get("group_id"))
            if self._row.get("group_propagation_option") == "fixed":
                found["date_deadline"] = False
        elif values.get("reference_ids"):
            found["reference_ids"] = [(6, 0, values["reference_ids"].ids)]
        if not fields["description_picking"].column:  # it follows from the product
            del found["description_picking"]
        found.update([(name, values[name]) for name in self._custom if name in values])
        return found if found.keys() <= fields.keys() else {name: found[name] for name in found if name in fields}

    def _group(self, group: Any) -> Any:
        option = self._row.get("group_propagation_option")
        if option == "propagate":
            return _id(group)
        return self._row.get("group_id") or False if option == "fixed" else False

    def _partner(self, need: Procurement) -> Any:
        """Return the id of the contact: that of the rule, else of the group, else of the need."""
        group, own = need.values.get("group_id"), self._row.get("partner_address_id")
        if not own and group:
            if group._ids not in self._partners:
                self._partners[group._ids] = group.partner_id.id
            own = self._partners[group._ids]
        return own or _id(need.values.get("partner_id"))

    def _target(self, need: Procurement) -> dict[str, Any]:
        """Return where a move goes: at once to the place of the need, or on the way there where rules push on."""
        final = need.values.get("location_final_id") or need.location_id
        key = need.location_id._ids, final._ids
        if key not in self._targets:
            self._targets[key] = self._target_before(final, need.location_id)
        return self._targets[key]

    def _target_before(self, final: Recordset, place: Recordset) -> dict[str, Any]:
        if "location_final_id" not in self._fields:
            return {"location_dest_id": place.id}
        if self.rule.location_dest_from_rule:
            target = self.rule._target()
        else:
            target = self._kind.default_location_dest_id or place
        if final._child_of(target):
            target = final
        return {"location_dest_id": target.id, "location_final_id": final.id}


def _supplying_warehouse(rule: Recordset) -> Any:
    """Return the id of the warehouse whose rules serve a move: the supplier's for goods of another warehouse."""
    store, row = rule.env.db.store, rule._rows()[0]
    routes = store.rows(rule._model.fields["route_id"].comodel)
    other = routes.get(row.get("route_id") or 0, {}).get("supplier_wh_id")
    between = store.rows("stock.location").get(row.get("location_src_id") or 0, {}).get("usage") == "transit"
    return other if other and between else row.get("warehouse_id") or False


def _id(record: Any) -> Any:
    if isinstance(record, Recordset):
        return record.id
    return record or False


def earlier(moment: Any, days: int) -> Any:
    """Return a moment some days before another, both as texts."""
    return later(moment, -days)


def later(moment: Any, days: int) -> Any:
    """Return a moment some days after another, both as texts."""
    if not days or not moment:
        return moment
    return str(datetime.fromisoformat(str(moment)[:19]) + timedelta(days=days))
