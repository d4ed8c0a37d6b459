"""product.category: names along the tree, and how many products are below.

Source: recorded in flow-product-3 (17.0).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from mockserver import api, models
from mockserver.addons.base.trees import set_complete_names, set_display_names
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset


class ProductCategory(models.Model):
    _inherit = "product.category"

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self) -> None:
        set_complete_names(self)

    @api.depends("parent_id.parent_path")
    def _compute_parent_path(self) -> None:
        for category in self:
            category.parent_path = f"{category.parent_id.parent_path or ''}{category.id}/"

    def _compute_display_name(self) -> None:
        """The name along the tree; the name alone with `hierarchical_naming` false in the context."""
        set_display_names(self)

    @api.model
    def name_create(self, name: str) -> Any:
        """Return `[id, display name]` of a new category."""
        category = self.create({"name": name})
        return [category.id, category.display_name]

    def _compute_product_count(self) -> None:
        """The number of active products in the category and those below it."""
        templates = self.env["product.template"].search([("categ_id", "child_of", self.ids)])
        counts = Counter(template.categ_id.id for template in templates)
        for category in self:
            below = self.search([("id", "child_of", category.ids)])
            category.product_count = sum(counts[id_] for id_ in below._ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_the_system(self) -> None:
        if _of_system(self, "product.product_category_all"):
            raise UserError(self.env._("You cannot delete this product category, it is the default generic category."))
        expenses = _of_system(self, "product.cat_expense")
        if expenses:
            text = self.env._("You cannot delete the %s product category.")
            raise UserError(text.replace("%s", str(expenses.name)))


def _of_system(categories: Recordset, xmlid: str) -> Recordset:
    """Return the category of an external id if it is one of these, else none."""
    found = categories.env.ref(xmlid, raise_if_not_found=False)
    return categories & found if found is not None else categories.browse()
