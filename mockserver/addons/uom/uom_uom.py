"""uom.uom: units, their factors, and the guards on reference units.

Source: recorded in flow-product-3 (17.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.uom.conversion import price_in, quantity_in
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

# the category of units that are made by their name alone
_IMPORTED = "Unsorted/Imported Units"
# units of the system that may be deleted all the same
_UNPROTECTED = frozenset({"product_uom_hour", "product_uom_dozen", "product_uom_pack_6"})


class UoM(models.Model):
    _inherit = "uom.uom"

    # -- factors until 18

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create units; `factor_inv` is another way to give the factor."""
        units = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            units |= super().create(_with_factor(vals))
        return units

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change units; `factor_inv` is another way to give the factor."""
        return super().write(_with_factor(vals))

    def _compute_factor_inv(self) -> None:
        for unit in self:
            unit.factor_inv = 1 / unit.factor if unit.factor else 0.0

    def _compute_ratio(self) -> None:
        for unit in self:
            unit.ratio = 1.0 if unit.uom_type == "reference" else _inverted(unit, unit.factor)

    def _inverse_ratio(self) -> None:
        for unit in self:
            if unit.ratio == 0:
                raise ValidationError(self.env._("The value of ratio could not be Zero"))
            unit.factor = 1.0 if unit.uom_type == "reference" else _inverted(unit, unit.ratio)

    def _compute_color(self) -> None:
        for unit in self:
            unit.color = 7 if unit.uom_type == "reference" else 0

    @api.onchange("uom_type")
    def _onchange_uom_type(self) -> None:
        if self.uom_type == "reference":
            self.factor = 1.0

    @api.versions(until=18)
    @api.constrains("category_id", "uom_type", "active")
    def _check_category_reference_uniqueness(self) -> None:
        for category in self.mapped("category_id"):
            units = self.search([("category_id", "=", category.id)])
            references = units.filtered(lambda unit: unit.uom_type == "reference")
            if len(references) > 1:
                text = self.env._("UoM category %s should only have one reference unit of measure.")
                raise ValidationError(text.replace("%s", category.name))
            if units and not references:
                text = self.env._("UoM category %s should have a reference unit of measure.")
                raise ValidationError(text.replace("%s", category.name))

    @api.model(until=18)
    def name_create(self, name: str) -> Any:
        """Return `[id, display name]` of a new unit, in a category of its own kind unless the context has one."""
        values: dict[str, Any] = {"name": name}
        if not self.env.context.get("default_category_id"):
            categories = self.env["uom.category"]
            found = categories.search([("name", "=", _IMPORTED)], limit=1) or categories.create({"name": _IMPORTED})
            values["category_id"] = found.id
        unit = self.create(values)
        return [unit.id, unit.display_name]

    # -- factors from 19 on

    @api.versions(since=19)
    def _compute_factor(self) -> None:
        for unit in self:
            above = unit.relative_uom_id
            unit.factor = unit.relative_factor * above.factor if above else unit.relative_factor

    @api.versions(since=19)
    def _compute_sequence(self) -> None:
        for unit in self:
            unit.sequence = unit.sequence or min(int(unit.relative_factor * 100), 1000)

    @api.versions(since=19)
    def _compute_rounding(self) -> None:
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for unit in self:
            unit.rounding = 10**-digits

    @api.versions(since=19)
    @api.depends("relative_uom_id.parent_path")
    def _compute_parent_path(self) -> None:
        for unit in self:
            unit.parent_path = f"{unit.relative_uom_id.parent_path or ''}{unit.id}/"

    @api.versions(since=19)
    @api.constrains("relative_factor", "relative_uom_id")
    def _check_factor(self) -> None:
        if any(not unit.relative_uom_id and unit.relative_factor != 1.0 for unit in self):
            raise UserError(self.env._("Reference unit of measure is missing."))

    @api.versions(since=19)
    def _compute_display_name(self) -> None:
        """The name; with `formatted_display_name` in the context also what the unit contains."""
        super()._compute_display_name()
        for unit in self if self.env.context.get("formatted_display_name") else ():
            if unit.relative_uom_id:
                unit.display_name = f"{unit.name}\t--{unit.relative_factor} {unit.relative_uom_id.name}--"

    @api.versions(since=19)
    def round(self, value: float, rounding_method: str = "HALF-UP") -> float:
        """Return a quantity rounded to the precision of units."""
        return round_to(value, self.ensure_one().rounding, rounding_method)

    @api.versions(since=19)
    def compare(self, value1: float, value2: float) -> int:
        """Compare two rounded quantities; return -1, 0 or 1."""
        return compare(value1, value2, self.ensure_one().rounding)

    @api.versions(since=19)
    def is_zero(self, value: float) -> bool:
        """Return whether a quantity is 0 when rounded."""
        return round_to(value, self.ensure_one().rounding) == 0.0

    # -- of all versions

    @api.ondelete(at_uninstall=False)
    def _unlink_except_master_data(self) -> None:
        locked = self.filtered(_is_protected)
        if locked:
            text = self.env._(self.env.db.profile.rules.protected_units_text)
            raise UserError(text.replace("%s", ", ".join(locked.mapped("name"))))

    def _compute_quantity(
        self, qty: float, to_unit: Recordset, round: bool = True, rounding_method: str = "UP",
        raise_if_failure: bool = True,
    ) -> float:  # fmt: skip
        return quantity_in(self, qty, to_unit, method=rounding_method if round else None, strict=raise_if_failure)

    def _compute_price(self, price: float, to_unit: Recordset) -> float:
        return price_in(self, price, to_unit)


def _with_factor(vals: Mapping[str, Any]) -> Mapping[str, Any]:
    if "factor_inv" not in vals:
        return vals
    inverse = vals["factor_inv"]
    others = {name: value for name, value in vals.items() if name != "factor_inv"}
    return {**others, "factor": 1 / inverse if inverse else 0.0}


def _inverted(unit: Recordset, number: float) -> float:
    """Return a factor as a ratio or a ratio as a factor: of a bigger unit they are the inverse of each other."""
    return 1 / number if unit.uom_type == "bigger" and number else number


def _is_protected(unit: Recordset) -> bool:
    """Return whether the system itself needs a unit."""
    rows = unit.env.db.store.rows("ir.model.data")
    return any(
        rows[id_]["model"] == "uom.uom" and rows[id_]["module"] == "uom" and rows[id_]["name"] not in _UNPROTECTED
        for id_ in unit.env.db.store.having("ir.model.data", "res_id", (unit.id,))
    )
