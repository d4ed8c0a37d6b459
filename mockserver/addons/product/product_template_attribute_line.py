"""product.template.attribute.line: the values of one attribute that a template has, and its variants in step.

Source: recorded in flow-product-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

# in the context while lines are revived: their values follow in one step
_LATER = "update_product_template_attribute_values"


class ProductTemplateAttributeLine(models.Model):
    _inherit = "product.template.attribute.line"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lines, or revive archived ones of the same template and attribute; make values and variants."""
        revived, created = self.browse(), self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            archived = self.search(
                [
                    ("active", "=", False),
                    ("product_tmpl_id", "=", vals.get("product_tmpl_id") or 0),
                    ("attribute_id", "=", vals.get("attribute_id") or 0),
                ],
                limit=1,
            )
            if archived:
                others = {n: v for n, v in vals.items() if n not in ("product_tmpl_id", "attribute_id")}
                archived.with_context({**self.env.context, _LATER: False}).write({"active": True, **others})
                revived |= archived
            else:
                created |= super().create(vals)
        lines = revived | created
        if self.env.context.get("create_product_product", True):
            lines._update_product_template_attribute_values()
        return lines

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines and what depends on them; an archived line has no values."""
        _refuse_moving(self, vals)
        if not vals.get("active", True):
            vals = {**vals, "value_ids": [(5,)]}
        super().write(vals)
        if self.env.context.get(_LATER, True):
            self._update_product_template_attribute_values()
        return True

    def unlink(self) -> bool:
        """Delete lines with their values; archive those that are needed."""
        self.mapped("product_template_value_ids").filtered(lambda value: value.ptav_active).unlink()
        templates, kept = self.mapped("product_tmpl_id"), self.browse()
        for line in self:
            try:
                with self.env.db.transaction():
                    super(ProductTemplateAttributeLine, line).unlink()
            except (UserError, ValidationError):
                kept |= line
        still = kept.mapped("product_tmpl_id")
        if kept:
            kept.write({"active": False})
        (templates - still)._create_variant_ids()
        return True

    def _update_product_template_attribute_values(self) -> None:
        """Make the template's values those of each line: create, revive, archive or delete them, then the variants."""
        values: Recordset = self.env["product.template.attribute.value"]
        unused, missing = values, []
        for line in self:
            new = line.value_ids
            dropped, again = values, values
            for value in line.product_template_value_ids:
                if value.product_attribute_value_id in new:
                    new -= value.product_attribute_value_id
                    again |= value.filtered(lambda known: not known.ptav_active)
                elif value.ptav_active:
                    dropped |= value
            for attribute_value in new:
                archived = _archived_value(line, attribute_value)
                if archived:
                    archived.write({"ptav_active": True, "attribute_line_id": line.id})
                    unused -= archived
                else:
                    missing.append(_new_value(line, attribute_value))
            again.write({"ptav_active": True})
            dropped.write({"ptav_active": False})
            unused |= dropped
        if unused:
            unused.unlink()
        for vals in missing:
            values.create(vals)
        self.mapped("product_tmpl_id")._create_variant_ids()

    @api.constrains("active", "value_ids", "attribute_id")
    def _check_valid_values(self) -> None:
        for line in self:
            if line.active and not line.value_ids:
                text = "The attribute %s must have at least one value for the product %s."
                raise ValidationError(_filled(line, text, line.attribute_id, line.product_tmpl_id))
            for value in line.value_ids:
                if value.attribute_id != line.attribute_id:
                    text = (
                        "On the product %s you cannot associate the value %s with the attribute %s because they do not"
                        " match."
                    )
                    raise ValidationError(_filled(line, text, line.product_tmpl_id, value, line.attribute_id))

    @api.onchange("attribute_id")
    def _onchange_attribute_id(self) -> None:
        self["value_ids"] = self["value_ids"].filtered(lambda value: value.attribute_id == self.attribute_id)

    def _compute_value_count(self) -> None:
        for line in self:
            line.value_count = len(line.value_ids)


def _refuse_moving(lines: Recordset, vals: Mapping[str, Any]) -> None:
    """Raise UserError for another template or attribute of a line."""
    for line in lines:
        if "product_tmpl_id" in vals and line.product_tmpl_id.id != vals["product_tmpl_id"]:
            text = "You cannot move the attribute %s from the product %s to the product %s."
            target = str(vals["product_tmpl_id"])
            raise UserError(_filled(line, text, line.attribute_id, line.product_tmpl_id, target))
        if "attribute_id" in vals and line.attribute_id.id != vals["attribute_id"]:
            text = "On the product %s you cannot transform the attribute %s into the attribute %s."
            target = str(vals["attribute_id"])
            raise UserError(_filled(line, text, line.product_tmpl_id, line.attribute_id, target))


def _filled(line: Recordset, text: str, *parts: Any) -> str:
    """Return a text with its places filled by names of records, or by other texts."""
    text = line.env._(text)
    for part in parts:
        text = text.replace("%s", part if isinstance(part, str) else part.display_name, 1)
    return text


def _archived_value(line: Recordset, attribute_value: Recordset) -> Recordset:
    """Return an archived value of the template that is made of an attribute's value, perhaps of a former line."""
    domain = [
        ("ptav_active", "=", False),
        ("product_tmpl_id", "=", line.product_tmpl_id.id),
        ("attribute_id", "=", line.attribute_id.id),
        ("product_attribute_value_id", "=", attribute_value.id),
    ]
    found: Recordset = line.env["product.template.attribute.value"].search(domain, limit=1)
    return found


def _new_value(line: Recordset, attribute_value: Recordset) -> dict[str, Any]:
    vals = {"product_attribute_value_id": attribute_value.id, "attribute_line_id": line.id}
    if "default_extra_price" in attribute_value._model.fields:
        vals["price_extra"] = attribute_value.default_extra_price
    return vals
