"""The variants of a template: made, revived, archived and deleted so that they are the combinations of its values.

Source: recorded in flow-product-2 (17.0).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver import models
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

# a set of product.template.attribute.value ids
Combination = frozenset[int]

MOST_VARIANTS = 1000
MOST_COMBINATIONS = 20_000  # that are looked at, as exclusions may leave few of them
_TOO_MANY = (
    "The number of variants to generate is above allowed limit. You should either not generate variants for each"
    " combination or generate them on demand from the sales order. To do so, open the form view of attributes and"
    " change the mode of *Create Variants*."
)
_NO_VARIANT = (
    "This configuration of product attributes, values, and exclusions would lead to no possible variant. Please archive"
    " or delete your product directly if intended."
)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _create_variant_ids(self) -> None:
        """Make the variants of each template those of the combinations that its values allow.

        Of a template with an attribute whose variants are made on demand, only wrong variants are taken away.
        """
        products = self.env["product.product"]
        unused, missing = products, []
        for template in self:
            lines = variant_lines(template)
            variants = template.with_context(active_test=False).product_variant_ids
            _add_single_values(lines, variants)
            existing = _by_combination(variants)
            wanted = iter(existing) if template.has_dynamic_attributes() else _combinations(lines)
            possible, new = _possible(template, lines, wanted, existing)
            missing += [_variant_values(template, combination) for combination in new]
            kept = products.browse(existing[combination] for combination in possible if combination in existing)
            unused |= variants - kept
            archived = kept.filtered(lambda variant: not variant.active)
            if archived:
                archived.write({"active": True})
        if missing:
            products.create(missing)
        if unused:
            unused._unlink_or_archive()
            if len(self.exists()) < len(self):
                raise UserError(self.env._(_NO_VARIANT))

    def has_dynamic_attributes(self) -> bool:
        """Return whether variants are made on demand for an attribute of the template."""
        lines = self.valid_product_template_attribute_line_ids
        return "dynamic" in lines.mapped("attribute_id").mapped("create_variant")

    def _compute_valid_product_template_attribute_line_ids(self) -> None:
        for template in self:
            lines = template.attribute_line_ids
            template.valid_product_template_attribute_line_ids = lines.filtered(lambda line: line.value_ids)


def variant_lines(template: Recordset) -> Recordset:
    """Return the attribute lines of a template whose values make variants."""
    lines: Recordset = template.valid_product_template_attribute_line_ids
    return lines.filtered(lambda line: line.attribute_id.create_variant != "no_variant")


def active_values(lines: Recordset) -> Recordset:
    """Return the values of attribute lines that are in use."""
    values: Recordset = lines.mapped("product_template_value_ids")
    return values.filtered(lambda value: value.ptav_active)


def _combinations(lines: Recordset) -> Iterator[Combination]:
    """Yield the combinations of the values of lines, in their order; the empty one for no line."""
    return (frozenset(ids) for ids in itertools.product(*(active_values(line)._ids for line in lines)))


def _possible(
    template: Recordset, lines: Recordset, wanted: Iterator[Combination], existing: Mapping[Combination, int]
) -> tuple[list[Combination], list[Combination]]:
    """Return the combinations that are possible, and those of them that have no variant; raises UserError.

    A few attributes have millions of combinations, of which no more are looked at than are needed to refuse them.
    """
    possible: list[Combination] = []
    new: list[Combination] = []
    most = _most_variants(template)
    for number, combination in enumerate(wanted):
        if is_possible(template, lines, combination):
            possible.append(combination)
            if combination not in existing:
                new.append(combination)
        if len(new) > most or number - len(existing) > MOST_COMBINATIONS:
            raise UserError(template.env._(_TOO_MANY))
    return possible, new


def is_possible(template: Recordset, lines: Recordset, combination: Combination) -> bool:
    """Return whether a combination has one value in use of each line, none of which excludes another."""
    values = template.env["product.template.attribute.value"].browse(sorted(combination))
    if len(values) != len(lines) or values.mapped("attribute_line_id") != lines:
        return False
    return combination <= set(active_values(lines)._ids) and not any(
        combination & excluded_by(template, value) for value in values
    )


def excluded_by(template: Recordset, value: Recordset) -> frozenset[int]:
    """Return the ids of the values of a template that do not go with one of its values."""
    exclusions = value.exclude_for.filtered(lambda exclusion: exclusion.product_tmpl_id == template)
    return frozenset(exclusions.mapped("value_ids")._ids)


def _add_single_values(lines: Recordset, variants: Recordset) -> None:
    """Add to variants the values of lines that have only one, so that a new such line makes no new variants."""
    single = [values for values in (active_values(line) for line in lines) if len(values) == 1]
    for variant in variants if single else ():
        values = variant.product_template_attribute_value_ids
        completed = values
        for value in single:
            completed |= value
        if completed != values and len(completed) == len(lines) and completed.mapped("attribute_line_id") == lines:
            variant.product_template_attribute_value_ids = completed


def _by_combination(variants: Recordset) -> dict[Combination, int]:
    """Return the variants by their values; of several the first active one, else the first."""
    in_order = sorted(variants, key=lambda variant: (variant.active, -variant.id))
    return {frozenset(variant.product_template_attribute_value_ids._ids): variant.id for variant in in_order}


def _variant_values(template: Recordset, combination: Combination) -> dict[str, Any]:
    values = [(6, 0, sorted(combination))]
    return {"product_tmpl_id": template.id, "product_template_attribute_value_ids": values, "active": template.active}


def _most_variants(template: Recordset) -> int:
    """Return how many variants may be made at once."""
    return int(template.env["ir.config_parameter"].sudo().get_param("product.dynamic_variant_limit", MOST_VARIANTS))
