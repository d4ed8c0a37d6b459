"""stock.quant: counting.  What was counted is written in quants and applied as moves to or from the inventory location.

In the *inventory mode* of the context, for those who work with the stock, creating a quant counts what is at a place.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

if TYPE_CHECKING:
    from typing_extensions import Self

_PLACE = ("product_id", "location_id", "lot_id", "package_id", "owner_id")
_COUNTED = "inventory_quantity"
_AT_ONCE = "inventory_quantity_auto_apply"


class QuantCounting(models.Model):
    _inherit = "stock.quant"

    def _is_inventory_mode(self) -> bool:
        """Return whether the call counts, by its context and the user's groups."""
        group = self.env.db.profile.rules.counting_group
        return bool(self.env.context.get("inventory_mode")) and in_group(self.env, group)

    def _get_inventory_fields_create(self) -> list[str]:
        """Return the fields that a count may give."""
        return ["product_id", "owner_id", *self._get_inventory_fields_write()]

    def _get_inventory_fields_write(self) -> list[str]:
        """Return the fields that a count may change."""
        return [
            _COUNTED,
            _AT_ONCE,
            "inventory_diff_quantity",
            "inventory_date",
            "user_id",
            "inventory_quantity_set",
            "is_outdated",
            "lot_id",
            "location_id",
            "package_id",
        ]

    # -- creating and changing

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create quants; a count changes the quant that is at the place already."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        counting = self._is_inventory_mode()
        if not counting or not any(name in vals for vals in several for name in (_COUNTED, _AT_ONCE)):
            return super().create([self._with_set(vals) for vals in several])
        quants = self.browse()
        for vals in several:
            counted = _COUNTED in vals or _AT_ONCE in vals
            quants |= self._counted(dict(vals)) if counted else super().create([vals])
        return quants

    def _with_set(self, vals: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values of a new quant; since 19 a quantity that was counted is marked as such."""
        marked = self.env.db.profile.rules.counted_at_creation and _COUNTED in vals
        return {"inventory_quantity_set": True, **vals} if marked else vals

    def _counted(self, vals: dict[str, Any]) -> Self:
        """Return the quant of a place, with the quantity that was counted there."""
        if any(name not in self._get_inventory_fields_create() for name in vals):
            raise UserError(self.env._("Quant's creation is restricted, you can't do this operation."))
        at_once = _AT_ONCE in vals
        counted = vals.pop(_AT_ONCE, False) or vals.pop(_COUNTED, False) or 0
        vals.pop(_COUNTED, None)
        records = {name: self.env[self._model.fields[name].comodel].browse(vals.get(name) or ()) for name in _PLACE}
        there = self._gather(*records.values(), strict=True) if vals.get("product_id") else self.browse()
        if records["lot_id"]:
            there = there.filtered("lot_id")
        quant: Self = there[0].sudo() if there else self.sudo().create([vals])
        if at_once:
            quant.write({_AT_ONCE: counted})
        elif self.env.db.profile.rules.counts_applied_later:
            day = self.env.db.clock.today().isoformat()
            quant.write({_COUNTED: counted, "user_id": vals.get("user_id", self.env.uid), "inventory_date": day})
        else:
            quant.write({_COUNTED: counted})
        return self.browse(quant._ids)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change quants; a count may not change what they hold nor where."""
        if self._is_inventory_mode() and any(name in vals for name in _PLACE):
            if any(location.usage == "inventory" for location in self.location_id):
                return None  # type: ignore[return-value]  # what the real server answers
            raise UserError(self.env._("Quant's editing is restricted, you can't do this operation."))
        return super().write(vals)

    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Raise UserError: a quant is the only one of its place."""
        raise UserError(self.env._("You cannot duplicate stock quants."))

    # -- computed fields of counts

    @api.versions(since=16)
    def _compute_inventory_date(self) -> None:
        for quant in self:
            kept = quant.inventory_date
            stored = quant.location_id.usage in ("internal", "transit")
            quant.inventory_date = kept or (quant.location_id._get_next_inventory_date() if stored else False)

    @api.versions(since=16)
    def _compute_inventory_diff_quantity(self) -> None:
        """The difference to what is there when the count is written; since 19 only of what was counted."""
        always = not self.env.db.profile.rules.counted_at_creation
        for quant in self:
            differs = always or quant.inventory_quantity_set
            quant.inventory_diff_quantity = quant.inventory_quantity - quant.quantity if differs else 0.0

    @api.versions(since=16)
    def _compute_inventory_quantity_set(self) -> None:
        for quant in self:
            quant.inventory_quantity_set = True

    @api.versions(since=16)
    def _compute_inventory_quantity_auto_apply(self) -> None:
        for quant in self:
            quant.inventory_quantity_auto_apply = quant.quantity

    @api.versions(since=16)
    def _inverse_inventory_quantity_auto_apply(self) -> None:
        """Apply what was counted at once."""
        if not self._is_inventory_mode():
            return
        changed = self.browse()
        for quant in self:
            counted = quant.inventory_quantity_auto_apply
            if counted != quant.quantity:
                quant.write({_COUNTED: counted})
                changed |= quant
        if changed:
            changed.action_apply_inventory()

    @api.versions(until=15)
    def _compute_inventory_quantity(self) -> None:
        for quant in self:
            quant.inventory_quantity = quant.quantity if self._is_inventory_mode() else 0.0

    @api.versions(until=15)
    def _inverse_inventory_quantity(self) -> None:
        """Move the difference to what was counted, at once."""
        if not self._is_inventory_mode():
            return
        for quant in self:
            difference = quant.inventory_quantity - quant.quantity
            if compare(difference, 0.0, quant.product_uom_id.rounding):
                move = quant.env["stock.move"].with_context(inventory_mode=False)
                move.create(quant._difference_move(difference))._action_done()

    # -- actions

    @api.versions(since=16)
    def action_set_inventory_quantity(self) -> dict[str, Any] | None:
        """Set what was counted to what is there; a wizard asks where something was counted already."""
        if any(quant.inventory_quantity_set for quant in self):
            return self._asks("stock.inventory.warning", "Quantities Already Set", default_quant_ids=self.ids)
        for quant in self:
            quant.write({_COUNTED: quant.quantity})
        self.write({"user_id": self.env.uid, "inventory_quantity_set": True})
        return None

    @api.versions(since=17)
    def action_set_inventory_quantity_zero(self) -> None:
        """Count nothing."""
        self.filtered(lambda quant: not quant.inventory_quantity).write({_COUNTED: 0})

    @api.versions(since=17)
    def action_clear_inventory_quantity(self) -> None:
        """Forget what was counted."""
        self.write({_COUNTED: 0})
        self.write({"inventory_diff_quantity": 0, "inventory_quantity_set": False, "user_id": False})

    @api.versions(since=16, until=16)
    def action_set_inventory_quantity_to_zero(self) -> None:
        """Forget what was counted."""
        self.write({_COUNTED: 0})
        self.write({"inventory_diff_quantity": 0, "inventory_quantity_set": False})

    @api.versions(since=16)
    def action_reset(self) -> dict[str, Any]:
        """Return the wizard that asks whether to forget what was counted."""
        return self._asks("stock.inventory.warning", "Quantities To Reset", default_quant_ids=self.ids)

    @api.versions(since=16)
    def action_apply_inventory(self) -> dict[str, Any] | None:
        """Make what is there what was counted; a wizard asks where goods were moved since, or a lot is missing."""
        outdated = self.filtered("is_outdated")
        if outdated:
            fixed = {"default_quant_ids": self.ids, "default_quant_to_fix_ids": outdated.ids}
            return self._asks("stock.inventory.conflict", "Conflict in Inventory Adjustment", **fixed)
        untraced = self.filtered(_lacks_lot)
        if untraced and "stock.track.confirmation" in self.env:
            asked = {"default_quant_ids": self.ids, "default_product_ids": untraced.product_id.ids}
            return self._asks("stock.track.confirmation", "Tracked Products in Inventory Adjustment", **asked)
        self._apply_inventory()
        return None

    @api.versions(since=18)
    def action_apply_all(self) -> dict[str, Any] | None:
        """Apply everything that was counted."""
        found: dict[str, Any] | None = self.search([("inventory_quantity_set", "=", True)]).action_apply_inventory()
        return found

    def _asks(self, wizard: str, title: str, **context: Any) -> dict[str, Any]:
        return {
            "name": self.env._(title),
            "type": "ir.actions.act_window",
            "view_mode": "form",
            "views": [(False, "form")],
            "res_model": wizard,
            "target": "new",
            "context": {**self.env.context, **context},
        }

    # -- applying

    def _apply_inventory(self) -> None:
        """Move the difference from or to the inventory location of the product; the count is done."""
        if not in_group(self.env, "stock.group_stock_manager"):
            raise UserError(self.env._("Only a stock manager can validate an inventory adjustment."))
        if self.env.db.profile.rules.counted_at_creation:
            self.write({"inventory_quantity_set": True})
        moves = self.env["stock.move"].with_context(inventory_mode=False)
        moves.create([quant._difference_move(quant.inventory_diff_quantity) for quant in self])._action_done()
        self.location_id.sudo().write({"last_inventory_date": self.env.db.clock.today().isoformat()})
        for quant in self:
            quant.write({"inventory_date": quant.location_id._get_next_inventory_date()})
        self.write({_COUNTED: 0, "user_id": False})
        self.write({"inventory_diff_quantity": 0, "inventory_quantity_set": False})

    def _difference_move(self, difference: float) -> dict[str, Any]:
        """Return the values of the move of a difference, from or to the inventory location."""
        loss = self.product_id.with_company(self.company_id or self.env.company).property_stock_inventory
        if compare(difference, 0.0, self.product_uom_id.rounding) > 0:
            return self._get_inventory_move_values(difference, loss, self.location_id, package_dest=self.package_id)
        return self._get_inventory_move_values(-difference, self.location_id, loss, package=self.package_id)

    def _get_inventory_move_values(
        self,
        quantity: float,
        location: Recordset,
        location_dest: Recordset,
        package: Recordset | None = None,
        package_dest: Recordset | None = None,
    ) -> dict[str, Any]:
        """Return the values of a move of this quant's goods with its one line."""
        places = {"location_id": location.id, "location_dest_id": location_dest.id}
        company = self.company_id.id or self.env.company.id
        done = "quantity" if "quantity" in self.env["stock.move.line"] else "qty_done"
        line = {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            done: quantity,
            **places,
            "company_id": company,
            "lot_id": self.lot_id.id,
            "package_id": package.id if package else False,
            "result_package_id": package_dest.id if package_dest else False,
            "owner_id": self.owner_id.id,
        }
        name = self._move_name(quantity)
        values = {
            "name": name,
            "inventory_name": name,
            "product_id": self.product_id.id,
            "product_uom": self.product_uom_id.id,
            "product_uom_qty": quantity,
            "company_id": company,
            "state": "confirmed",
            **places,
            "restrict_partner_id": self.owner_id.id,
            "is_inventory": True,
            "picked": True,
            "move_line_ids": [(0, 0, line)],
        }
        known = self.env["stock.move"]._model.fields
        return {field: value for field, value in values.items() if field in known}

    def _move_name(self, quantity: float) -> str:
        """Return what the moves of a count are called: as the context says, or with the user who counted."""
        rules, step = self.env.db.profile.rules, self.product_uom_id.rounding
        confirmed = rules.counts_applied_later and not compare(quantity, 0.0, step)
        name = self.env._("Product Quantity Confirmed" if confirmed else "Product Quantity Updated")
        name = self.env.context.get("inventory_name") or name
        named = rules.counter_named
        user = self.user_id if named == "counting" else self.env.user if named == "current" else None
        return f"{name} ({user.display_name})" if user else name


def _lacks_lot(quant: Recordset) -> bool:
    """Return whether goods that are traced were counted without a lot where there were none."""
    counted = quant.inventory_quantity != quant.quantity
    return bool(quant.tracking in ("lot", "serial") and not quant.lot_id and counted and not quant.quantity)
