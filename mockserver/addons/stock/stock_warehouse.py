"""stock.warehouse: a warehouse is created with its locations, kinds of transfers, routes and rules.

Source: recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0), and their base data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.stock import warehouse_parts as parts, warehouse_routes as routes
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_OPEN = "You still have ongoing operations for operation types {types} in warehouse {warehouse}"
_STEPS = ("reception_steps", "delivery_steps")


class Warehouse(models.Model):
    _inherit = "stock.warehouse"

    @api.model
    def _default_name(self) -> str:
        count = self.env["stock.warehouse"].with_context(active_test=False).search_count(
            [("company_id", "=", self.env.company.id)]
        )  # fmt: skip
        name = self.env.company.name
        return f"{name} - warehouse # {count + 1}" if count else str(name)

    @api.model
    def _default_partner_id(self) -> Any:
        return self.env.company.partner_id

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values of a duplicate, with a name and a code of its own."""
        given = {"name": f"{self.name} (copy)", "code": "COPY", **(default or {})}
        return super()._copied_values(given)

    def create(self, vals_list: Any) -> Self:
        """Create warehouses with all their parts."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made = self.browse()
        for vals in several:
            made |= self._create_one(dict(vals))
        made._check_multiwarehouse_group()
        return made

    def _create_one(self, vals: dict[str, Any]) -> Self:
        defaults = self.default_get(["company_id", "name", "code", "reception_steps", "delivery_steps", "partner_id"])
        known = {**defaults, **vals}
        company = known.get("company_id")
        places = self.env["stock.location"].with_context(active_test=False)
        top = self.env.ref("stock.stock_location_locations", raise_if_not_found=False)
        view = places.create({
            "name": known.get("code"), "usage": "view", "company_id": company,
            "location_id": top.id if top else False,
        })  # fmt: skip
        vals["view_location_id"] = view.id
        used = parts.active_locations(known["reception_steps"], known["delivery_steps"])
        for field, (name, ending) in parts.LOCATIONS.items():
            location: dict[str, Any] = {
                "name": name, "active": used[field], "usage": "internal", "location_id": view.id,
                "company_id": company, "barcode": self._free_barcode(known.get("code"), ending, company),
            }  # fmt: skip
            if field == "lot_stock_id" and "replenish_location" in places._model.fields:
                location["replenish_location"] = True
            vals[field] = places.create(location).id
        made: Self = super().create(vals)
        made._create_kinds()
        routes.update(made)
        partner = known.get("partner_id")
        if partner:
            made._update_partner_data(partner, company)
        return made

    def _free_barcode(self, code: Any, ending: str, company: Any) -> Any:
        """Return the barcode of a part of a warehouse; False if another place has it."""
        barcode = (code or "").replace(" ", "").upper() + self.env.db.profile.rules.barcode_joint + ending
        taken = self.env["stock.location"].with_context(active_test=False).search_count(
            [("barcode", "=", barcode), ("company_id", "=", company)]
        )  # fmt: skip
        return False if taken else barcode

    def _create_kinds(self) -> None:
        """Create the kinds of transfers with their sequences."""
        kinds, sequences = self.env["stock.picking.type"], self.env["ir.sequence"].sudo()
        others = kinds.with_context(active_test=False).search(
            [("sequence", "!=", False)], order="sequence desc", limit=1
        )
        last = others.sequence or 0
        made: dict[str, Any] = {}
        places = parts.kind_places(self)
        for field in parts.kind_fields(self):
            kind, at = parts.KINDS[field], places[field]
            sequence = sequences.create({
                "name": f"{self.name} Sequence {kind.sequence_name}", "padding": 5, "company_id": self.company_id.id,
                "prefix": f"{self.code}/{'RET' if field == 'return_type_id' else kind.sequence_code}/",
            })  # fmt: skip
            values = {
                "name": kind.name, "code": kind.code, "sequence_code": kind.sequence_code, "warehouse_id": self.id,
                "company_id": self.company_id.id, "sequence": last + parts.place_in_order(self, field),
                "sequence_id": sequence.id, "use_create_lots": kind.code == "incoming",
                "use_existing_lots": field not in ("in_type_id",), "barcode": self._kind_barcode(kind),
                "active": at.get("active", True), **_ends(at),
            }  # fmt: skip
            if "show_reserved" in kinds._model.fields and field == "in_type_id":
                values["show_reserved"] = False
            if "print_label" in kinds._model.fields:
                values["print_label"] = field == "out_type_id"
            made[field] = kinds.create(values).id
        super().write(made)
        self.in_type_id.write({"return_picking_type_id": self.out_type_id.id})
        self.out_type_id.write({"return_picking_type_id": self.in_type_id.id})

    def _kind_barcode(self, kind: parts.Kind) -> str:
        joint = self.env.db.profile.rules.barcode_joint
        return (self.code or "").replace(" ", "").upper() + joint + (kind.barcode if joint else kind.sequence_code)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change warehouses: other steps change locations, kinds of transfers and routes; names and codes follow."""
        if vals.get("code") or vals.get("name"):
            for warehouse in self:
                routes.rename(warehouse, vals.get("name"), vals.get("code"))
        if "active" in vals:
            self._check_archiving(bool(vals["active"]))
        done = super().write(vals)
        if any(vals.get(step) for step in _STEPS):
            for warehouse in self:
                warehouse._change_steps()
        if "resupply_wh_ids" in vals:
            for warehouse in self:
                routes.resupply(warehouse)
        return done

    def _change_steps(self) -> None:
        used = parts.active_locations(self.reception_steps, self.delivery_steps)
        for field, active in used.items():
            location = self.with_context(active_test=False)[field]
            if location.active != active and field != "lot_stock_id":
                location.with_context(do_not_check_quant=True).write({"active": active})
        for field, at in parts.kind_places(self).items():
            if self[field]:
                self[field].write({"active": at.get("active", True), **_ends(at)})
        routes.update(self)

    def _check_archiving(self, active: bool) -> None:
        """Archive the parts too; raises UserError while moves are open."""
        for warehouse in self.with_context(active_test=False):
            kinds = self.env["stock.picking.type"].with_context(active_test=False).search(
                [("warehouse_id", "=", warehouse.id)]
            )  # fmt: skip
            open_ = self.env["stock.move"].search(
                [("picking_type_id", "in", kinds.ids), ("state", "not in", ["done", "cancel"])]
            )
            if open_ and not active:
                names = ", ".join(open_.picking_type_id.mapped("name"))
                raise UserError(self.env._(_OPEN, types=names, warehouse=warehouse.name))
            kinds.write({"active": active})
            rules = self.env["stock.rule"].with_context(active_test=False).search([("warehouse_id", "=", warehouse.id)])
            rules.write({"active": active})
            warehouse.route_ids.write({"active": active})

    def _check_multiwarehouse_group(self) -> None:
        """Let all users see several warehouses and places once a company has more than one."""
        groups = ("stock.group_stock_multi_warehouses", "stock.group_stock_multi_locations")
        several = any(
            self.sudo().search_count([("company_id", "=", warehouse.company_id.id)]) > 1 for warehouse in self
        )
        users = self.env.ref("base.group_user")
        if not several or users is None:
            return
        missing = [group.id for name in groups if (group := self.env.ref(name)) and group not in users.implied_ids]
        if missing:
            users.sudo().write({"implied_ids": [(4, id_) for id_ in missing]})
            kinds = self.sudo().with_context(active_test=False).search([]).int_type_id
            kinds.filtered(lambda kind: not kind.active).write({"active": True})

    def _update_partner_data(self, partner_id: int, company_id: Any) -> None:
        """Goods for the contact of a warehouse go between the warehouses of the company."""
        company = self.env["res.company"].browse(company_id or ())
        transit = company.internal_transit_location_id
        if transit:
            self.env["res.partner"].browse(partner_id).sudo().with_company(company).write({
                "property_stock_customer": transit.id, "property_stock_supplier": transit.id,
            })  # fmt: skip

    def _partner_locations(self) -> tuple[Recordset, Recordset]:
        """Return where customers and vendors are."""
        places = self.env["stock.location"]
        found = []
        for name, usage in (("customers", "customer"), ("suppliers", "supplier")):
            known = self.env.ref(f"stock.stock_location_{name}", raise_if_not_found=False)
            found.append(known or places.sudo().search([("usage", "=", usage)], limit=1))
        return found[0], found[1]

    def _receives_by_orders(self) -> bool:
        """Return whether goods come by purchase orders, so that no rule pulls them from vendors."""
        return "buy_pull_id" in self._model.fields

    def _update_global_rules(self) -> None:
        """Keep the rules of shared routes that serve the warehouse; modules with such routes extend it."""

    def get_current_warehouses(self) -> list[dict[str, Any]]:
        """Return id, name and code of the warehouses of the current companies."""
        return list(
            self.env["stock.warehouse"].search_read(
                [("company_id", "in", self.env.companies.ids)], ["id", "name", "code"]
            )
        )


def _ends(at: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "default_location_src_id": at["source"].id if at["source"] else False,
        "default_location_dest_id": at["target"].id if at["target"] else False,
    }
